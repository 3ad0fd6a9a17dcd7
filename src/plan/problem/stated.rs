//! The problem as it is stated, what each item of it is of the snapshot, and what was said on the way.

use crate::plan::common::{Index, Item, ItemIndex, StorageIndex, WorkIndex};
use crate::plan::document::{Missed, Reason};
use solver::{Outcome, Problem, RunOutcome};

/// What ids of work still to come begin with; no work of a user's can.
pub const EXPECTED: &str = "expected/";

/// Energy below this is a solver's last bits, and so is a thousandth of a small piece: the work is done.
const DONE_MWH: f64 = 1e-3;
const DONE_PART: f64 = 1e-3;

#[derive(Debug, Default)]
pub struct Stated {
    pub problem: Problem,
    /// Which item of the snapshot's work each piece of the problem's is; work still to come stands behind.
    pub work: Vec<ItemIndex>,
    /// Jobs alike are one of the problem: its members, and how many each is.
    pub jobs: Vec<Vec<(ItemIndex, u32)>>,
    pub runs: Vec<ItemIndex>,
    /// Parallel to `runs`: what was made of the work's terms.
    pub shapes: Vec<Shape>,
    /// Storage of the portfolio that is planned, in order of the problem's.
    pub storage: Vec<StorageIndex>,
    pub missed: Vec<Missed>,
    pub reasons: Vec<Reason>,
}

impl Stated {
    /// The problem without work still to come.
    pub fn without_expected(&self) -> Problem {
        let mut problem = self.problem.clone();
        problem.work.truncate(self.work.len());
        problem
    }

    /// Takes out of an outcome what is no user's work. The IT megawatts that it leaves for that, `[site][step]`.
    pub fn take_expected(&self, outcome: &mut Outcome) -> Vec<Vec<f64>> {
        let own = self.work.len();
        let mut left = vec![vec![0.0; self.problem.steps]; self.problem.sites.len()];
        for p in outcome.placements.extract_if(.., |p| p.work >= WorkIndex::new(own)) {
            left[p.site][p.step] += p.mw;
        }
        outcome.miss_mwh.truncate(own);
        outcome.later_mwh.truncate(own);
        outcome.reasons.retain(|r| !r.subject.starts_with(EXPECTED));
        left
    }

    pub(super) fn miss(&mut self, item: &Item, left_mwh: f64, code: &str, message: String) {
        self.missed.push(missed(item, left_mwh, code, message));
    }

    /// GPU-hours of tokens that runs make, as they are decided.
    pub fn gpu_hours(&self, runs: &[RunOutcome]) -> f64 {
        let h = self.problem.step_hours;
        let runs = self.problem.runs.iter().zip(runs);
        runs.map(|(run, made)| run.weight * h * made.steps.iter().map(|s| s.progress).sum::<f64>()).sum()
    }

    pub(super) fn say_piece(&mut self, code: &str, item: &Item, message: String) {
        self.say(code, &item.work.id, 1.0, "pieces", message);
    }

    pub(super) fn say(&mut self, code: &str, subject: &str, quantity: f64, unit: &str, message: String) {
        self.reasons.push(Reason::new(code, subject, quantity, unit, message));
    }
}

pub fn missed(item: &Item, missed_mwh: f64, code: &str, message: String) -> Missed {
    let (work, energy_mwh) = (item.work.id.clone(), item.terms.all_energy_mwh());
    Missed { work, energy_mwh, missed_mwh, code: code.into(), message }
}

/// What was made of a run's terms, for whoever explains a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub curve: String,
    pub source: String,
    pub lowered: f64,
    pub gpus: f64,
    /// What the first step of throttling costs, in tokens per IT MWh saved.
    pub break_even_per_mwh: f64,
}

/// What may be left, or missed, of a piece of so much energy without anybody caring.
pub fn negligible_mwh(all_mwh: f64) -> f64 {
    DONE_MWH.min(DONE_PART * all_mwh)
}
