//! A snapshot to a plan, in memory.

use super::basis::Basis;
use super::candidates::{self, Choice};
use super::document::Plan;
use super::problem::{self, EXPECTED, Stated};
use super::request::Request;
use super::score::{Planned, score};
use super::snapshot::Snapshot;
use super::write::{self, Parts};
use super::{accept, values};
use crate::store::reservations::Reservation;
use solver::{Outcome, PreviousPlan};

/// The decisions alone: what a backtest carries out. Work still to come steers them, and is no part of them.
pub fn place(snapshot: &Snapshot, request: &Request) -> anyhow::Result<(Stated, Outcome)> {
    let decided = decide(snapshot, request)?;
    Ok((decided.stated, decided.outcome))
}

/// The decisions, and what they were made from.
struct Decided {
    stated: Stated,
    outcome: Outcome,
    earlier: Option<PreviousPlan>,
    choice: Option<Choice>,
}

fn decide(snapshot: &Snapshot, request: &Request) -> anyhow::Result<Decided> {
    let stated = problem::formulate(snapshot);
    let earlier = candidates::earlier(snapshot, &stated);
    let (outcome, choice) = request.strategy.run(&stated, &request.limits(), earlier.as_ref(), request.told)?;
    Ok(Decided { stated, outcome, earlier, choice })
}

/// Takes out of an outcome what is no user's work.
pub fn without_expected(stated: &Stated, outcome: &mut Outcome) {
    outcome.placements.retain(|p| p.work < stated.work.len());
    outcome.miss_mwh.truncate(stated.work.len());
    outcome.later_mwh.truncate(stated.work.len());
    outcome.reasons.retain(|r| !r.subject.starts_with(EXPECTED));
}

/// `[site][step]`: IT megawatts that an outcome leaves for work still to come.
fn expected_mw(stated: &Stated, outcome: &Outcome) -> Vec<Vec<f64>> {
    let mut left = vec![vec![0.0; stated.problem.steps]; stated.problem.sites.len()];
    for p in outcome.placements.iter().filter(|p| p.work >= stated.work.len()) {
        left[p.site][p.step] += p.mw;
    }
    left
}

/// A plan, and all it was made of and with.
#[derive(Debug)]
pub struct Made {
    pub snapshot: Snapshot,
    pub request: Request,
    pub stated: Stated,
    /// Work still to come among it.
    pub outcome: Outcome,
    /// What the plan before has for the problem's pieces.
    pub earlier: Option<PreviousPlan>,
    /// What there was to choose from, where the search was cut short.
    pub choice: Option<Choice>,
    pub plan: Plan,
}

impl Made {
    pub fn new(snapshot: Snapshot, request: Request) -> anyhow::Result<Self> {
        let decided = decide(&snapshot, &request)?;
        Self::with_decided(snapshot, request, decided)
    }

    /// The same plan with reservations in it that were made meanwhile: what has no room any more goes elsewhere, or is
    /// missed.
    pub fn with(self, late: &[Reservation]) -> anyhow::Result<Self> {
        let mut snapshot = self.snapshot;
        late.iter().for_each(|r| snapshot.reserve(r));
        snapshot.reservation_seq = late.iter().map(|r| r.seq).fold(snapshot.reservation_seq, i64::max);
        let stated = problem::formulate(&snapshot);
        let outcome = solver::repair(&stated.problem, &self.outcome)?;
        // What a MW more is worth takes solves of its own.
        let request = Request { values: Some(false), ..self.request };
        Self::with_decided(snapshot, request, Decided { stated, outcome, earlier: self.earlier, choice: self.choice })
    }

    fn with_decided(snapshot: Snapshot, request: Request, decided: Decided) -> anyhow::Result<Self> {
        let plan = plan(&snapshot, &request, &decided)?;
        let Decided { stated, outcome, earlier, choice } = decided;
        Ok(Self { snapshot, request, stated, outcome, earlier, choice, plan })
    }

    pub fn basis(&self) -> Basis {
        Basis::new(&self.snapshot, &self.request, &self.stated, self.earlier.as_ref())
    }
}

fn plan(snapshot: &Snapshot, request: &Request, decided: &Decided) -> anyhow::Result<Plan> {
    let (stated, mut outcome) = (&decided.stated, decided.outcome.clone());
    let expected_mw = expected_mw(stated, &outcome);
    without_expected(stated, &mut outcome);
    let own = stated.without_expected();
    let scored = score(snapshot, &Planned::new(snapshot, &own, stated, &outcome))?;
    accept::check(snapshot, &outcome, &scored)?;
    let baseline = solver::baseline(&own)?;
    // Work still to come is in the objective and the bound, and so in what they are held against.
    let baseline_objective = match own.work.len() == stated.problem.work.len() {
        true => baseline.objective,
        false => solver::baseline(&stated.problem)?.objective,
    };
    let priced = solver::price(&own, &outcome)?;
    let baseline_totals = score(snapshot, &Planned::new(snapshot, &own, stated, &baseline))?.totals;
    let values = values::compute(snapshot, request, stated, &outcome)?;
    let bounds = (&own, solver::free(&own, Some(&outcome))?);
    let parts = Parts {
        stated,
        outcome: &outcome,
        scored: &scored,
        priced: &priced,
        baseline: &baseline,
        baseline_totals,
        baseline_objective,
        expected_mw,
        values,
        bounds,
        choice: decided.choice.as_ref(),
    };
    Ok(write::document(snapshot, request, parts)?)
}
