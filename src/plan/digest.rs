//! One hash over all that decides a plan: equal inputs have equal digests, and equal digests equal plans, unless the clock
//! ended a solve.

use super::document::{Flexible, Missed};
use super::problem::Stated;
use super::request::Request;
use super::snapshot::{Elsewhere, Held, Snapshot};
use crate::expected::{BoundaryExpectation, Expected, Hedge};
use crate::portfolio::Policy;
use crate::work::history::Planned;
use crate::work::item::Item;
use reports::digest::{canonical_json, sha256_hex};
use reports::ruleset::Ruleset;
use reports::time::Instant;
use serde::Serialize;

/// What the digest covers: the problem with all its limits, events, accounts, curves, ratings and prices, whose each item of
/// it is, and what the document takes from elsewhere. Not what people are shown in place of ids, nor notes on where a
/// figure comes from.
#[derive(Serialize)]
struct Covered<'a> {
    engine: &'a str,
    made: Instant,
    start: Instant,
    step_s: i64,
    strategy: &'a str,
    iteration_limit: Option<u64>,
    time_limit_s: Option<f64>,
    gap: f64,
    definitions_sha256: String,
    rules: &'a Ruleset,
    policy: &'a Policy,
    problem: &'a solver::Problem,
    /// Open work, and which of it the items of the problem are.
    work: &'a [Item],
    pieces: &'a [usize],
    jobs: &'a [Vec<(usize, u32)>],
    runs: &'a [usize],
    missed: &'a [Missed],
    boundaries: &'a [BoundaryExpectation],
    firm_it_mw: &'a [Expected],
    delivered_mw: &'a [Expected],
    hedges: &'a [Hedge],
    stored: &'a [Held],
    elsewhere: &'a [Elsewhere],
    flexible: &'a [Flexible],
    reserved: Vec<&'a str>,
    /// The plan before, where it is continued.
    previous: Option<&'a [Vec<Planned>]>,
}

/// The digest in hex. The plan before is an input only where the search starts from it or may keep it (`from_previous`).
///
/// # Errors
/// Inputs that JSON cannot hold.
pub(super) fn compute(
    snapshot: &Snapshot,
    request: &Request,
    stated: &Stated,
    from_previous: bool,
) -> serde_json::Result<String> {
    let previous = snapshot.previous.as_ref().filter(|_| from_previous);
    let covered = Covered {
        engine: crate::ENGINE,
        made: snapshot.now,
        start: snapshot.grid.start,
        step_s: snapshot.grid.step_s,
        strategy: request.strategy.name(),
        iteration_limit: request.iteration_limit,
        time_limit_s: request.time_limit_s,
        gap: request.gap,
        definitions_sha256: snapshot.portfolio.definitions.sha256()?,
        rules: &snapshot.rules,
        policy: &snapshot.portfolio.policy,
        problem: &stated.problem,
        work: &snapshot.work,
        pieces: &stated.work,
        jobs: &stated.jobs,
        runs: &stated.runs,
        missed: &stated.missed,
        boundaries: &snapshot.boundaries,
        firm_it_mw: &snapshot.firm_it_mw,
        delivered_mw: &snapshot.delivered_mw,
        hedges: &snapshot.hedges,
        stored: &snapshot.stored,
        elsewhere: &snapshot.elsewhere,
        flexible: &snapshot.flexible,
        reserved: snapshot.reserved.iter().map(|reservation| reservation.id.as_str()).collect(),
        previous: previous.map(|previous| previous.placed.as_slice()),
    };
    Ok(sha256_hex(&canonical_json(&covered)?))
}
