//! The sources that this process is asking or about to ask: none twice at once, and none beside another that gives one of
//! its series.

use super::rank::shares;
use crate::portfolio::FeedSource;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// By name. Other processes see holders in the store.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<BTreeMap<String, FeedSource>>>);

/// One of them; dropped, however its task ended, it is let go of.
#[derive(Debug)]
pub(super) struct Held {
    of: UnderWay,
    name: String,
}

impl UnderWay {
    /// Those that nobody is at, by name, all taken at once. One that shares a series with a source under way waits: whether
    /// it stands in for that is known once that was asked, and what came later would take the place of the better one's.
    pub(super) fn take(&self, sources: &[&FeedSource]) -> BTreeMap<String, Held> {
        let mut all = self.all();
        let is_free =
            |source: &&&FeedSource| !all.contains_key(&source.name) && !all.values().any(|other| shares(source, other));
        let free: Vec<&FeedSource> = sources.iter().filter(is_free).copied().collect();
        all.extend(free.iter().map(|source| (source.name.clone(), (*source).clone())));
        let held = |source: &FeedSource| Held { of: self.clone(), name: source.name.clone() };
        free.into_iter().map(|source| (source.name.clone(), held(source))).collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, FeedSource>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.of.all().remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, area: &str) -> FeedSource {
        FeedSource { name: name.into(), ..FeedSource::gb().expect("a source").of_area(&area.into()) }
    }

    fn names(held: &BTreeMap<String, Held>) -> Vec<&str> {
        held.values().map(|held| held.name.as_str()).collect()
    }

    #[test]
    fn a_source_is_held_once_until_it_is_let_go_of() {
        let (gb, eia) = (source("gb", "A"), source("eia", "B"));
        let all = UnderWay::default();
        let first = all.take(&[&gb]);
        assert_eq!(names(&first), ["gb"]);
        assert!(all.take(&[&gb]).is_empty() && all.clone().take(&[&gb]).is_empty());
        assert_eq!(names(&all.take(&[&gb, &eia])), ["eia"]);
        drop(first);
        assert_eq!(names(&all.take(&[&gb, &eia])), ["eia", "gb"]);
    }

    #[test]
    fn none_is_asked_beside_another_of_its_series() {
        let (better, other, apart) = (source("better", "A"), source("other", "A"), source("apart", "B"));
        let all = UnderWay::default();
        // Those taken together are asked one after another, in the order of their ranks.
        let mut together = all.take(&[&better, &other]);
        assert_eq!(names(&together), ["better", "other"]);
        together.remove("better");
        assert_eq!(names(&all.take(&[&better, &apart])), ["apart"], "the other may stand in for it just now");
        together.remove("other");
        let better_again = all.take(&[&better]);
        assert_eq!((names(&better_again), all.take(&[&other]).len()), (vec!["better"], 0));
        drop(better_again);
        assert_eq!(names(&all.take(&[&other])), ["other"]);
    }
}
