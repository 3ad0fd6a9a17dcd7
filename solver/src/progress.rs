//! How far a solve is, for whoever looks on: what it is at, the best plan found so far and the bound proved so far. A solve
//! writes it and never reads it, so that no answer depends on being watched.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a solve is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The model is being stated.
    Stating,
    /// The previous plan is carried on.
    Previous,
    /// A linear model is solved: the problem itself, or its relaxation for a bound.
    Linear,
    /// A plan to start the search from.
    Start,
    /// Branch and bound.
    Integers,
    /// Jobs by the thousand: priced, then placed.
    Pricing,
    Placing,
    /// Everything else is solved around the integers found.
    Around,
    /// What a MW more would be worth: other problems, after the plan is made.
    Values,
}

/// What the figures of a search under way say about the problem it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// It is another problem.
    Nothing,
    /// A relaxation: what it proves holds, what it finds is no plan.
    Bounds,
    /// A part of the plans: what it finds is a plan, what it proves holds for that part alone.
    Plans,
    All,
}

#[derive(Debug, Clone, Copy)]
struct State {
    says: Says,
    seen: Seen,
}

impl State {
    const BEGUN: State = State { says: Says::Nothing, seen: Seen { stage: Stage::Stating, best: None, bound: None } };
}

/// Shared by a solve and those who look on. Figures are costs of plans, as the objective is.
#[derive(Debug)]
pub struct Progress(Mutex<State>);

/// A look at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub stage: Stage,
    /// The least that a plan found so far costs. Unknown again once a solve starts over because storage charged and discharged
    /// at once: what it had found was no plan.
    pub best: Option<f64>,
    /// No plan costs less. Never more than the best.
    pub bound: Option<f64>,
}

impl Seen {
    /// How far the best can be from the best there is, as a part of it: what an outcome's `gap` is.
    pub fn gap(&self) -> Option<f64> {
        let (best, bound) = (self.best?, self.bound?);
        Some(((best - bound) / best.abs().max(1.0)).max(0.0)).filter(|gap| gap.is_finite())
    }

    fn found(&mut self, objective: Option<f64>) {
        let better = objective.filter(|new| new.is_finite() && self.best.is_none_or(|best| *new < best));
        self.best = better.or(self.best);
    }

    fn proved(&mut self, bound: Option<f64>) {
        let better = bound.filter(|new| new.is_finite() && self.bound.is_none_or(|bound| *new > bound));
        self.bound = better.or(self.bound);
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress {
    pub const fn new() -> Self {
        Self(Mutex::new(State::BEGUN))
    }

    pub fn seen(&self) -> Seen {
        let seen = self.lock().seen;
        // Within a solver's tolerances a plan may cost less than what is proved.
        let bound = seen.bound.map(|bound| seen.best.map_or(bound, |best| bound.min(best)));
        Seen { bound, ..seen }
    }

    pub fn at(&self, stage: Stage) {
        self.lock().seen.stage = stage;
    }

    /// Whether figures of the search under way say anything about the problem.
    pub fn listens(&self) -> bool {
        self.lock().says != Says::Nothing
    }

    /// What the search under way has found and proved by now, as its solver says: counted as far as it says anything about the
    /// problem. What is not finite is not known.
    pub fn searched(&self, best: Option<f64>, bound: Option<f64>) {
        let mut state = self.lock();
        if matches!(state.says, Says::Plans | Says::All) {
            state.seen.found(best);
        }
        if matches!(state.says, Says::Bounds | Says::All) {
            state.seen.proved(bound);
        }
    }

    /// Another problem, of which nothing is known.
    pub fn begin(&self) {
        *self.lock() = State::BEGUN;
    }

    /// What was found is no plan after all; what was proved holds.
    pub(crate) fn again(&self) {
        let mut state = self.lock();
        (state.seen.stage, state.seen.best) = (Stage::Stating, None);
    }

    /// A search begins, or with `Nothing` ends.
    pub(crate) fn says(&self, says: Says) {
        self.lock().says = says;
    }

    /// A plan of the problem.
    pub(crate) fn found(&self, objective: f64) {
        self.lock().seen.found(Some(objective));
    }

    /// The answer: whatever was said before, this is what it came to.
    pub fn end(&self, objective: f64, bound: f64) {
        let known = |value: f64| Some(value).filter(|value| value.is_finite());
        let mut state = self.lock();
        (state.says, state.seen.best, state.seen.bound) = (Says::Nothing, known(objective), known(bound));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_never_negative_nor_no_number() {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e308, -5.0, 0.0, 1e-9, 5.0, 1e308];
        for best in odd {
            for bound in odd {
                let progress = Progress::new();
                progress.says(Says::All);
                progress.searched(Some(best), Some(bound));
                let seen = progress.seen();
                assert_eq!(seen.best.is_some(), best.is_finite(), "{best}");
                assert_eq!(seen.bound.is_some(), bound.is_finite(), "{bound}");
                assert!(seen.gap().is_none_or(|gap| gap.is_finite() && gap >= 0.0), "{best} {bound}: {seen:?}");
                let ordered = seen.best.zip(seen.bound).is_none_or(|(best, bound)| bound <= best);
                assert!(ordered, "{best} {bound}: {seen:?}");
                progress.end(best, bound);
                assert!(progress.seen().gap().is_none_or(|gap| gap.is_finite() && gap >= 0.0), "{best} {bound}");
            }
        }
    }

    #[test]
    fn a_search_counts_as_far_as_it_is_about_the_problem() {
        let after = |says: Says| {
            let progress = Progress::new();
            progress.says(says);
            assert_eq!(progress.listens(), says != Says::Nothing);
            progress.searched(Some(10.0), Some(7.0));
            // Nothing is unlearnt.
            progress.searched(Some(11.0), Some(6.0));
            progress.searched(None, None);
            (progress.seen().best, progress.seen().bound)
        };
        assert_eq!(after(Says::Nothing), (None, None));
        assert_eq!(after(Says::Bounds), (None, Some(7.0)));
        assert_eq!(after(Says::Plans), (Some(10.0), None));
        assert_eq!(after(Says::All), (Some(10.0), Some(7.0)));
    }

    #[test]
    fn another_round_keeps_what_is_proved_and_another_problem_nothing() {
        let progress = Progress::new();
        progress.found(100.0);
        progress.says(Says::Bounds);
        progress.searched(None, Some(90.0));
        assert_eq!(progress.seen().gap(), Some(0.1));
        progress.again();
        assert_eq!((progress.seen().best, progress.seen().bound), (None, Some(90.0)));
        progress.begin();
        assert_eq!(progress.seen(), Seen { stage: Stage::Stating, best: None, bound: None });
        // What a solve ends with counts, even where more was hoped for on the way.
        progress.found(95.0);
        progress.end(100.0, 90.0);
        assert_eq!((progress.seen().best, progress.seen().bound), (Some(100.0), Some(90.0)));
    }
}
