//! A snapshot to a plan, in memory.

use super::basis::Basis;
use super::document::Plan;
use super::problem::{self, EXPECTED, Stated};
use super::score::{Planned, score};
use super::snapshot::Snapshot;
use super::write::{self, Parts};
use super::{Request, accept, values};
use solver::{Limits, Outcome};

/// The decisions alone: what a backtest carries out. Work still to come steers them, and is no part of them.
pub fn place(snapshot: &Snapshot, request: &Request) -> anyhow::Result<(Stated, Outcome)> {
    let stated = problem::state(snapshot);
    let outcome = request.strategy.run(&stated, &limits(request))?;
    Ok((stated, outcome))
}

pub(super) fn limits(request: &Request) -> Limits {
    Limits { iterations: request.iteration_limit, seconds: request.time_limit_s, gap: request.gap, ..Limits::default() }
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

pub fn run(snapshot: &Snapshot, request: &Request) -> anyhow::Result<Plan> {
    Ok(with_basis(snapshot, request)?.0)
}

/// A plan, and what it was made of.
pub fn with_basis(snapshot: &Snapshot, request: &Request) -> anyhow::Result<(Plan, Basis)> {
    let (stated, mut outcome) = place(snapshot, request)?;
    let expected_mw = expected_mw(&stated, &outcome);
    without_expected(&stated, &mut outcome);
    let own = stated.without_expected();
    let scored = score(snapshot, &Planned::of(snapshot, &own, &stated, &outcome))?;
    accept::check(snapshot, &outcome, &scored)?;
    let nothing = solver::do_nothing(&own)?;
    let priced = solver::price(&own, &outcome)?;
    let idle = score(snapshot, &Planned::of(snapshot, &own, &stated, &nothing))?.totals;
    let values = values::of(snapshot, request, &stated, &outcome)?;
    let parts = Parts {
        stated: &stated,
        outcome: &outcome,
        scored: &scored,
        priced: &priced,
        nothing: &nothing,
        idle,
        expected_mw,
        values,
    };
    let plan = write::document(snapshot, request, parts);
    Ok((plan, Basis::of(snapshot, request, &stated)))
}
