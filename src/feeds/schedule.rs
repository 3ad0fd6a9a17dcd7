//! When a source is asked again, and when it is left alone: decided from its state and the clock, and nothing else.

use super::failure::Failure;
use crate::store::feeds::State;
use reports::time::{Instant, RecordTime};
use strum::IntoStaticStr;

/// Pauses after passes in vain: twice as long each time, and never so long that a cadence has fewer than three tries.
const FIRST_PAUSE_S: i64 = 60;
const SHORTEST_PAUSE_S: i64 = 5;
const TRIES_IN_A_CADENCE: i64 = 3;
/// After so many in vain, a source is asked once in a while only.
const OPENS: i64 = 5;
const OPEN_PAUSE_S: i64 = 900;
/// What a pass has left of its cadence, for two or three further tries before what is held is older than that.
const SPARE_S: i64 = 900;
const SPARE_PERCENT: i64 = 15;
/// After a refusal only somebody's change helps.
const REFUSED_PAUSE_S: i64 = 3_600;
const LONGEST_PAUSE_S: i64 = 86_400;

/// Whether a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Breaker {
    /// At its times.
    Closed,
    /// Not until its next time, for it failed again and again.
    Open,
    /// Once, to see whether it answers again.
    HalfOpen,
}

impl Breaker {
    pub fn at(state: &State, now: Instant) -> Self {
        match (state.failures >= OPENS, state.next > now) {
            (false, _) => Self::Closed,
            (true, true) => Self::Open,
            (true, false) => Self::HalfOpen,
        }
    }
}

/// A source that answered. `part` is a number from 0 to 1: sources of one cadence are not asked all at once.
pub fn done(state: &State, now: Instant, every_s: i64, part: f64) -> State {
    let spare_s = (every_s * SPARE_PERCENT / 100).min(SPARE_S);
    let early_s = spare_s + (every_s as f64 * 0.1 * part.clamp(0.0, 1.0)) as i64;
    State {
        tried: Some(now),
        done: Some(now),
        next: now + every_s - early_s,
        failures: 0,
        error: None,
        ..state.clone()
    }
}

/// A source that was asked in vain.
pub fn failed(state: &State, now: Instant, every_s: i64, failure: &Failure, part: f64) -> State {
    let failures = state.failures.saturating_add(1);
    let back_off_s = back_off_s(failures, every_s);
    // What the provider asks for is waited for in full; our own pauses may be a little shorter.
    let jitter = 0.25 * part.clamp(0.0, 1.0);
    let more_s = |pause_s: i64| pause_s + (pause_s as f64 * jitter) as i64;
    let pause_s = match failure {
        Failure::Passing(_) => back_off_s - (back_off_s as f64 * jitter) as i64,
        Failure::Later { wait_s, .. } => more_s(back_off_s.max((*wait_s).min(LONGEST_PAUSE_S))),
        Failure::Denied(_) | Failure::Refused(_) => more_s(every_s.clamp(REFUSED_PAUSE_S, LONGEST_PAUSE_S)),
    };
    State { tried: Some(now), next: now + pause_s, failures, error: Some(failure.to_string()), ..state.clone() }
}

/// The pause after so many passes in vain, the last one among them.
fn back_off_s(failures: i64, every_s: i64) -> i64 {
    let first_s = (every_s / 30).clamp(SHORTEST_PAUSE_S, FIRST_PAUSE_S);
    let doubled_s = first_s << (failures - 1).clamp(0, 12);
    let pause_s = if failures >= OPENS { doubled_s.max(OPEN_PAUSE_S) } else { doubled_s };
    pause_s.min(every_s / TRIES_IN_A_CADENCE).max(first_s)
}

/// Whether a source may be asked now, by whoever it may be asked by.
pub fn is_due(state: &State, now: Instant, wall: RecordTime) -> bool {
    state.next <= now && (state.holder.is_none() || state.until <= wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State { name: "gb".into(), ..State::default() }
    }

    #[test]
    fn a_source_that_fails_is_asked_less_and_less_and_at_once_as_before_when_it_answers() {
        let passing = Failure::Passing("answered 500".into());
        let (mut now, mut held, mut pauses) = (Instant::from_seconds(1_000), state(), Vec::new());
        for _ in 0..7 {
            held = failed(&held, now, 1_800, &passing, 0.0);
            pauses.push(held.next - now);
            assert!(!is_due(&held, held.next - 1, RecordTime::default()));
            assert!(is_due(&held, held.next, RecordTime::default()));
            now = held.next;
        }
        assert_eq!(pauses, [60, 120, 240, 480, 600, 600, 600]);
        assert_eq!(Breaker::at(&held, now - 1), Breaker::Open);
        assert_eq!(Breaker::at(&held, now), Breaker::HalfOpen);
        assert_eq!(held.error.as_deref(), Some("answered 500"));
        let well = done(&held, now, 1_800, 0.0);
        assert_eq!((well.failures, well.error.as_deref(), well.next), (0, None, now + 1_530));
        assert_eq!(Breaker::at(&well, now), Breaker::Closed);
    }

    #[test]
    fn jitter_keeps_within_the_cadence() {
        for part in [0.0, 0.5, 1.0] {
            let pause_s = done(&state(), Instant::FIRST, 1_800, part).next - Instant::FIRST;
            assert!((1_350..=1_530).contains(&pause_s), "{pause_s}");
        }
        let later = Failure::Later { what: "answered 429".into(), wait_s: 600 };
        let next = failed(&state(), Instant::FIRST, 300, &later, 0.9).next;
        assert!(next >= Instant::FIRST + 600, "never before it is asked to");
    }

    /// Whatever the cadence and the jitter: of passes that fail twice in a row, the third is still in time.
    #[test]
    fn two_failures_in_a_row_fit_into_a_cadence() {
        let passing = Failure::Passing("answered 500".into());
        for every_s in [300, 900, 1_800, 3_600, 86_400, 31 * 86_400] {
            for part in [0.0, 0.5, 1.0] {
                let mut held = done(&state(), Instant::FIRST, every_s, part);
                for _ in 0..2 {
                    held = failed(&held, held.next, every_s, &passing, part);
                }
                assert!(held.next <= Instant::FIRST + every_s, "{} with {every_s}", held.next);
            }
        }
    }

    /// Once an outage is over, however long it was, a source is asked at least three times within its cadence.
    #[test]
    fn after_an_outage_a_source_is_asked_within_its_cadence() {
        let passing = Failure::Passing("answered 500".into());
        for every_s in [60, 300, 900, 1_800, 3_600, 86_400] {
            let mut held = state();
            for _ in 0..50 {
                let before = held.next;
                held = failed(&held, before, every_s, &passing, 0.0);
                let pause_s = held.next - before;
                assert!((SHORTEST_PAUSE_S..=every_s / 3).contains(&pause_s), "{pause_s} s of {every_s}");
            }
        }
    }

    #[test]
    fn who_is_at_it_is_left_at_it() {
        let [before, until] = [9, 10].map(RecordTime::from_micros);
        let held = State { holder: Some("other".into()), until, ..state() };
        assert!(!is_due(&held, Instant::FIRST, before) && is_due(&held, Instant::FIRST, until));
    }
}
