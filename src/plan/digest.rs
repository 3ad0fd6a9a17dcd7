//! One hash over all that decides a plan: equal inputs have equal digests, and equal digests equal plans, unless the clock
//! ended a solve.

use super::problem::Stated;
use super::request::Request;
use super::snapshot::Snapshot;
use reports::digest::sha256_hex;
use serde::Serializer;
use serde::ser::SerializeMap;

/// The digest in hex. It covers the problem with all its limits, events, accounts, curves, ratings and prices, whose each item
/// of it is, and what the document takes from elsewhere. Not what people are shown in place of ids, nor notes on where a
/// figure comes from. The plan before is an input only where the search starts from it or may keep it (`from_previous`).
///
/// # Errors
/// Inputs that JSON cannot hold.
pub(super) fn compute(
    snapshot: &Snapshot,
    request: &Request,
    stated: &Stated,
    from_previous: bool,
) -> serde_json::Result<String> {
    let view = &snapshot.view;
    let reserved: Vec<&str> = snapshot.reserved.iter().map(|reservation| reservation.id.as_str()).collect();
    let previous = snapshot.previous.as_ref().filter(|_| from_previous).map(|previous| &previous.placed);
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut json);
    // Equal inputs have equal digests as long as nothing here changes its name or its place.
    let mut covered = serializer.serialize_map(None)?;
    covered.serialize_entry("engine", crate::ENGINE)?;
    covered.serialize_entry("made", &snapshot.now)?;
    covered.serialize_entry("start", &snapshot.grid.start)?;
    covered.serialize_entry("step_s", &snapshot.grid.step_s)?;
    covered.serialize_entry("strategy", request.strategy.name())?;
    covered.serialize_entry("iteration_limit", &request.iteration_limit)?;
    covered.serialize_entry("time_limit_s", &request.time_limit_s)?;
    covered.serialize_entry("gap", &request.gap)?;
    covered.serialize_entry("definitions_sha256", &snapshot.portfolio.definitions.sha256()?)?;
    covered.serialize_entry("rules", &*snapshot.rules)?;
    covered.serialize_entry("policy", &snapshot.portfolio.policy)?;
    covered.serialize_entry("problem", &stated.problem)?;
    // Open work, and which of it the items of the problem are.
    covered.serialize_entry("work", &snapshot.work)?;
    covered.serialize_entry("pieces", &stated.work)?;
    covered.serialize_entry("jobs", &stated.jobs)?;
    covered.serialize_entry("runs", &stated.runs)?;
    covered.serialize_entry("missed", &stated.missed)?;
    covered.serialize_entry("boundaries", &view.boundaries)?;
    covered.serialize_entry("firm_it_mw", &view.firm_it_mw)?;
    covered.serialize_entry("delivered_mw", &view.delivered_mw)?;
    covered.serialize_entry("hedges", &view.hedges)?;
    covered.serialize_entry("stored", &snapshot.stored)?;
    covered.serialize_entry("elsewhere", &snapshot.elsewhere)?;
    covered.serialize_entry("flexible", &snapshot.flexible)?;
    covered.serialize_entry("reserved", &reserved)?;
    covered.serialize_entry("previous", &previous)?;
    covered.end()?;
    Ok(sha256_hex(&json))
}
