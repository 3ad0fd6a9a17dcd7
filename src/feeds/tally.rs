//! Requests and answers of each source since the process began.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub requests: u64,
    /// By status; none: nobody answered, or what came was no whole answer.
    pub answers: BTreeMap<Option<u16>, u64>,
}

/// Of all sources, by name.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<String, Counts>>);

impl Tally {
    pub fn asked(&self, source: &str) {
        self.with(source, |counts| counts.requests = counts.requests.saturating_add(1));
    }

    pub fn answered(&self, source: &str, status: Option<u16>) {
        self.with(source, |counts| {
            let count = counts.answers.entry(status).or_default();
            *count = count.saturating_add(1);
        });
    }

    /// What was counted of a source so far.
    pub fn counts(&self, source: &str) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(source).cloned().unwrap_or_default()
    }

    fn with(&self, source: &str, count: impl FnOnce(&mut Counts)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        count(all.entry(source.to_string()).or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_statuses_are_counted_apart() {
        let tally = Tally::default();
        for status in [Some(200), None, Some(200), Some(429)] {
            tally.asked("gb");
            tally.answered("gb", status);
        }
        let counts = tally.counts("gb");
        assert_eq!(counts.requests, 4);
        assert_eq!(counts.answers, BTreeMap::from([(None, 1), (Some(200), 2), (Some(429), 1)]));
        assert_eq!(tally.counts("other"), Counts::default());
    }
}
