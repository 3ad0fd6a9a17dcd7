//! When a source is asked again, and when it is left alone: decided from its state and the clock, and nothing else.

use super::failure::Failure;
use crate::store::feeds::State;
use strum::IntoStaticStr;

/// Pauses after passes in vain: twice as long each time.
const FIRST_PAUSE_S: i64 = 60;
/// After so many in vain, a source is asked once in a while only.
const OPENS: i64 = 5;
const OPEN_PAUSE_S: i64 = 900;
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
    pub fn of(state: &State, now_s: i64) -> Self {
        match (state.failures >= OPENS, state.next_s > now_s) {
            (false, _) => Self::Closed,
            (true, true) => Self::Open,
            (true, false) => Self::HalfOpen,
        }
    }

    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A source that answered. `part` is a number from 0 to 1: sources of one cadence are not asked all at once.
pub fn done(state: &State, now_s: i64, every_s: i64, part: f64) -> State {
    let early_s = (every_s as f64 * 0.1 * part.clamp(0.0, 1.0)) as i64;
    State {
        tried_s: Some(now_s),
        done_s: Some(now_s),
        next_s: now_s + every_s - early_s,
        failures: 0,
        error: None,
        ..state.clone()
    }
}

/// A source that was asked in vain.
pub fn failed(state: &State, now_s: i64, every_s: i64, failure: &Failure, part: f64) -> State {
    let doublings = u32::try_from(state.failures.clamp(0, 12)).unwrap_or(0);
    let failures = state.failures.saturating_add(1);
    let back_off_s = (FIRST_PAUSE_S << doublings).min(every_s.max(FIRST_PAUSE_S));
    let pause_s = match failure {
        Failure::Passing(_) if failures >= OPENS => back_off_s.max(OPEN_PAUSE_S),
        Failure::Passing(_) => back_off_s,
        Failure::Later { wait_s, .. } => back_off_s.max((*wait_s).min(LONGEST_PAUSE_S)),
        Failure::Denied(_) | Failure::Refused(_) => every_s.clamp(REFUSED_PAUSE_S, LONGEST_PAUSE_S),
    };
    let jitter_s = (pause_s as f64 * 0.25 * part.clamp(0.0, 1.0)) as i64;
    State {
        tried_s: Some(now_s),
        next_s: now_s + pause_s + jitter_s,
        failures,
        error: Some(failure.to_string()),
        ..state.clone()
    }
}

/// Whether a source may be asked now, by whoever it may be asked by.
pub fn is_due(state: &State, now_s: i64, wall_us: i64) -> bool {
    state.next_s <= now_s && (state.holder.is_none() || state.until_us <= wall_us)
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
        let (mut now_s, mut held, mut pauses) = (1_000, state(), Vec::new());
        for _ in 0..7 {
            held = failed(&held, now_s, 1_800, &passing, 0.0);
            pauses.push(held.next_s - now_s);
            assert!(!is_due(&held, held.next_s - 1, 0) && is_due(&held, held.next_s, 0));
            now_s = held.next_s;
        }
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1_800, 1_800]);
        assert_eq!(Breaker::of(&held, now_s - 1), Breaker::Open);
        assert_eq!(Breaker::of(&held, now_s), Breaker::HalfOpen);
        assert_eq!(held.error.as_deref(), Some("answered 500"));
        let well = done(&held, now_s, 1_800, 0.0);
        assert_eq!((well.failures, well.error.as_deref(), well.next_s), (0, None, now_s + 1_800));
        assert_eq!(Breaker::of(&well, now_s), Breaker::Closed);
    }

    #[test]
    fn jitter_keeps_within_the_cadence() {
        for part in [0.0, 0.5, 1.0] {
            let next_s = done(&state(), 0, 1_800, part).next_s;
            assert!((1_620..=1_800).contains(&next_s), "{next_s}");
        }
        let later = Failure::Later { what: "answered 429".into(), wait_s: 600 };
        assert!(failed(&state(), 0, 300, &later, 0.9).next_s >= 600, "never before it is asked to");
    }

    #[test]
    fn who_is_at_it_is_left_at_it() {
        let held = State { holder: Some("other".into()), until_us: 10, ..state() };
        assert!(!is_due(&held, 0, 9) && is_due(&held, 0, 10));
    }
}
