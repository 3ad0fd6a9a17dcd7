//! Never more often than a provider allows: all sources of one provider take turns.

use crate::clock::Stopwatch;
use crate::secret::Secret;
use reports::received::providers::about::{About, Rate};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Sources of one provider that are asked at the same time: where it is slow, others are not.
const AT_ONCE: usize = 4;

/// All limits of a provider together, and until when it wants to be left alone.
#[derive(Debug)]
struct Turns {
    /// The last requests under each, by the second: in no span of its length are there more.
    limits: Vec<(Rate, VecDeque<f64>)>,
    blocked_until: f64,
}

impl Turns {
    fn new(rates: &[Rate]) -> Self {
        Self { limits: rates.iter().map(|rate| (*rate, VecDeque::new())).collect(), blocked_until: 0.0 }
    }

    /// Takes a turn, or says for how long to wait for one.
    fn take(&mut self, now: f64) -> Option<f64> {
        let full = self.limits.iter().filter(|(rate, sent)| sent.len() >= rate.requests as usize);
        let free_at = full.filter_map(|(rate, sent)| Some(sent.front()? + f64::from(rate.seconds)));
        let wait_s = free_at.fold(self.blocked_until, f64::max) - now;
        if wait_s > 0.0 {
            return Some(wait_s);
        }
        for (rate, sent) in &mut self.limits {
            if sent.len() >= rate.requests as usize {
                sent.pop_front();
            }
            sent.push_back(now);
        }
        None
    }
}

#[derive(Debug)]
pub struct Pace {
    turns: Mutex<Turns>,
    watch: Stopwatch,
    /// For sources that are asked beside each other.
    pub places: Semaphore,
}

impl Pace {
    pub fn new(rates: &[Rate]) -> Self {
        let (turns, places) = (Mutex::new(Turns::new(rates)), Semaphore::new(AT_ONCE));
        Self { turns, watch: Stopwatch::start(), places }
    }

    /// Waits until another request may be sent.
    ///
    /// # Errors
    /// The seconds that the provider wants to be left alone for, where they are more than `most`.
    pub async fn turn(&self, most: Duration) -> Result<(), f64> {
        loop {
            let (taken, blocked_s) = {
                let (mut turns, now) =
                    (self.turns.lock().unwrap_or_else(PoisonError::into_inner), self.watch.seconds());
                (turns.take(now), turns.blocked_until - now)
            };
            let Some(wait_s) = taken else { return Ok(()) };
            if blocked_s > most.as_secs_f64() {
                return Err(blocked_s);
            }
            // A little more, for the clocks of two machines are not the same.
            tokio::time::sleep(Duration::from_secs_f64(wait_s + 0.001)).await;
        }
    }

    /// Nobody asks for so long.
    pub fn block(&self, seconds: f64) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.blocked_until = turns.blocked_until.max(self.watch.seconds() + seconds);
    }
}

/// One pace for each provider and address, whatever sources ask there.
#[derive(Debug, Clone, Default)]
pub struct Paces(Arc<Mutex<BTreeMap<String, Arc<Pace>>>>);

impl Paces {
    pub fn pace(&self, about: &About, url: &Secret) -> Arc<Pace> {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = paces.entry(format!("{} {url}", about.name));
        pace.or_insert_with(|| Arc::new(Pace::new(about.limits.rates))).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::received::providers::ALL;

    /// However eager the asker, no span of the limit's length holds more requests than any provider allows.
    #[test]
    fn no_span_holds_more_than_the_limit() {
        let own = [Rate { requests: 10, seconds: 1 }, Rate { requests: 40, seconds: 60 }];
        for rates in ALL.iter().map(|feed| feed.about().limits.rates).chain([&own[..]]) {
            let mut turns = Turns::new(rates);
            let (mut now, mut sent) = (0.0, Vec::new());
            while sent.len() < 2_000 {
                match turns.take(now) {
                    None => sent.push(now),
                    Some(wait_s) => now += wait_s,
                }
            }
            for rate in rates {
                for (at, first) in sent.iter().enumerate() {
                    let within = sent[at..].iter().take_while(|time| **time < first + f64::from(rate.seconds)).count();
                    assert!(within <= rate.requests as usize, "{within} from {first}: {rate:?}");
                }
            }
            // And no fewer than the limits leave.
            let slowest =
                rates.iter().map(|rate| f64::from(rate.seconds) / f64::from(rate.requests)).fold(0.0, f64::max);
            assert!(sent[1_999] <= 2_000.0 * slowest, "{}: {rates:?}", sent[1_999]);
        }
    }

    #[test]
    fn a_ban_holds_for_all() {
        let mut turns = Turns::new(&[]);
        assert_eq!(turns.take(1.0), None);
        turns.blocked_until = 10.0;
        assert_eq!(turns.take(4.0), Some(6.0));
        assert_eq!(turns.take(10.0), None);
    }
}
