//! What one MW more would be worth: of each contract, of a connection, of a storage, and an hour more of slack.
//!
//! Each by solving again with it: kinks lie closer together than a MW, so a dual alone would say too much or too little.
//! Contracts and storage are valued without what they cost.

use super::common::{ContractIndex, Index, SiteIndex, Snapshot, StorageIndex};
use super::document::{Value, ValueKind, tidy};
use super::problem::{self, Stated};
use super::request::{Request, Strategy};
use super::time_limit;
use crate::expected::Hedge;
use solver::{Outcome, Stage};

/// Larger problems, and those with integers, are valued only where it is asked for.
const UNASKED_COLUMNS: usize = 30_000;

pub(super) fn compute(
    snapshot: &Snapshot,
    request: &Request,
    stated: &Stated,
    outcome: &Outcome,
) -> anyhow::Result<Vec<Value>> {
    let integers = !stated.problem.runs.is_empty() || !stated.problem.jobs.is_empty();
    let small = outcome.columns <= UNASKED_COLUMNS && !integers;
    let asked = request.values.unwrap_or(small);
    // Differences of plans that are no optima say nothing.
    if !asked || outcome.cut_short() || request.strategy != Strategy::Lp || stated.problem.sites.is_empty() {
        return Ok(Vec::new());
    }
    request.told.into_iter().for_each(|told| told.at(Stage::Values));
    let mut values = Vec::new();
    let mut value = |of: &str, kind: ValueKind, (added, unit): (f64, &str), changed: &Snapshot| -> anyhow::Result<()> {
        let again = time_limit::solve(&problem::formulate(changed).problem, &request.limits(), None)?;
        if again.cut_short() {
            return Ok(());
        }
        let worth = tidy(outcome.objective - again.objective);
        values.push(Value { of: of.into(), kind, added, unit: unit.into(), worth });
        Ok(())
    };
    let definitions = &snapshot.portfolio.definitions;
    for (index, contract) in ContractIndex::each(&definitions.contracts).filter(|(_, c)| snapshot.counts(c)) {
        if let Some(changed) = more_contract(snapshot, index) {
            value(&contract.id, ValueKind::Contract, (1.0, "MW mean"), &changed)?;
        }
    }
    for (index, site) in SiteIndex::each(&definitions.sites) {
        let mut changed = snapshot.clone();
        let plan = &mut std::sync::Arc::make_mut(&mut changed.portfolio).sites[index];
        let Some(limit) = plan.grid_limit_mw.as_mut() else { continue };
        *limit += 1.0;
        value(&site.id, ValueKind::Connection, (1.0, "MW"), &changed)?;
    }
    for &index in &stated.storage {
        let changed = more_storage(snapshot, index);
        value(&definitions.storage[index].id, ValueKind::Storage, (1.0, "MW"), &changed)?;
    }
    if !snapshot.work.is_empty() {
        let mut changed = snapshot.clone();
        for item in &mut changed.work {
            item.span.end += 3_600;
            item.work.deadline = item.span.end.to_string();
        }
        value("work", ValueKind::Slack, (1.0, "h"), &changed)?;
    }
    Ok(values)
}

/// A contract with one MW more on average over the horizon, in the same shape; none where it delivers nothing.
fn more_contract(snapshot: &Snapshot, index: ContractIndex) -> Option<Snapshot> {
    let mut changed = snapshot.clone();
    let values = &mut changed.view.delivered_mw[index].values;
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    if mean <= 1e-9 {
        return None;
    }
    let more: Vec<f64> = values.iter().map(|mw| mw / mean).collect();
    values.iter_mut().zip(&more).for_each(|(mw, more)| *mw += more);
    for hedge in changed.view.hedges.iter_mut().filter(|h| h.contracts.contains(&index)) {
        let total = &mut hedge.total_mw;
        for (step, levels) in total.quantiles.iter_mut().enumerate() {
            let before = total.values[step];
            let grown = if before > 1e-9 { 1.0 + more[step] / before } else { 1.0 };
            *levels = levels.map(|levels| levels.map(|mw| mw * grown));
        }
        total.values = Hedge::total(&hedge.contracts, &changed.view.delivered_mw).values;
    }
    Some(changed)
}

/// A storage with one MW more, and energy for as many hours as it has.
fn more_storage(snapshot: &Snapshot, index: StorageIndex) -> Snapshot {
    let mut changed = snapshot.clone();
    let portfolio = std::sync::Arc::make_mut(&mut changed.portfolio);
    let plan = &mut portfolio.storage[index];
    let before = plan.discharge_mw.unwrap_or(0.0);
    plan.charge_mw = plan.charge_mw.map(|mw| mw + 1.0);
    plan.discharge_mw = Some(before + 1.0);
    let energy = &mut portfolio.definitions.storage[index].energy_wh;
    if before > 0.0 {
        *energy = (*energy as f64 * (before + 1.0) / before).round() as i64;
    }
    changed
}
