//! What one MW more would be worth: of each contract, of a connection, of a storage, and an hour more of slack.
//!
//! Each by solving again with it: kinks lie closer together than a MW, so a dual alone would say too much or too little.
//! Contracts and storage are valued without what they cost.

use super::common::{ContractIndex, Index, SiteIndex, Snapshot, StorageIndex};
use super::difference;
use super::document::{Value, ValueKind, tidy};
use super::problem::{self, Stated};
use super::request::{Request, Strategy};
use super::time_limit::{self, Shared};
use crate::expected::Hedge;
use solver::{Limits, Outcome, SolveError, Stage};
use std::borrow::Cow;
use std::panic::resume_unwind;

/// Larger problems, and those with integers, are valued only where it is asked for.
const UNASKED_COLUMNS: usize = 30_000;

/// What was found, and how many of them time was too short for.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub found: Vec<Value>,
    pub left_out: usize,
}

/// Within a time limit that the plan itself has taken a part of.
pub(super) fn compute(
    snapshot: &Snapshot,
    request: &Request,
    (stated, outcome): (&Stated, &Outcome),
    shared: Shared,
) -> anyhow::Result<Values> {
    let small = outcome.columns <= UNASKED_COLUMNS && !difference::has_integers(&stated.problem);
    let asked = request.values.unwrap_or(small);
    if !asked || request.strategy != Strategy::Lp || stated.problem.sites.is_empty() {
        return Ok(Values::default());
    }
    let more = all(snapshot, stated);
    if outcome.cut_short() {
        let left_out = if request.values.is_some() { more.len() } else { 0 };
        return Ok(Values { left_out, ..Values::default() });
    }
    request.told.into_iter().for_each(|told| told.at(Stage::Values));
    let limits = difference::limits(&stated.problem, &Limits { only_cost: true, ..request.limits() });
    let base = match shared.next_of(more.len() + 1, &limits) {
        Some(limits) => difference::base(&stated.problem, outcome, &limits, None)?,
        None => Cow::Borrowed(outcome),
    };
    let worth = |more: &More, to_come: usize| -> anyhow::Result<Worth> {
        let Some(changed) = more.added_to(snapshot) else { return Ok(Worth::NoDifference) };
        let Some(limits) = shared.next_of(to_come, &limits) else { return Ok(Worth::LeftOut) };
        let again = match time_limit::solve(&problem::formulate(&changed).problem, &limits, None) {
            Err(SolveError::OutOfTime) => return Ok(Worth::LeftOut),
            again => again?,
        };
        if again.cut_short() {
            return Ok(Worth::LeftOut);
        }
        let (worth, within) = (tidy(base.objective - again.objective), tidy(difference::within(&base, &again)));
        Ok(Worth::Found(Value { within, ..more.value(snapshot, worth) }))
    };
    let mut values = Values::default();
    for worth in side_by_side(&more, &worth) {
        match worth? {
            Worth::Found(value) => values.found.push(value),
            Worth::LeftOut => values.left_out += 1,
            Worth::NoDifference => {}
        }
    }
    Ok(values)
}

enum Worth {
    Found(Value),
    LeftOut,
    NoDifference,
}

/// Each by itself, on every core, in their order; `work` is told how many come one after another from it on.
fn side_by_side<R: Send>(all: &[More], work: &(dyn Fn(&More, usize) -> R + Sync)) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(all.len()).max(1);
    let to_come = |at: usize| (all.len() - at).div_ceil(threads);
    let share = |first: usize| -> Vec<R> {
        all.iter().enumerate().skip(first).step_by(threads).map(|(at, more)| work(more, to_come(at))).collect()
    };
    let mut shares: Vec<std::vec::IntoIter<R>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|first| scope.spawn(move || share(first))).collect();
        let ended = started.into_iter().map(|thread| thread.join().unwrap_or_else(|why| resume_unwind(why)));
        ended.map(Vec::into_iter).collect()
    });
    (0..all.len()).filter_map(|at| shares[at % threads].next()).collect()
}

/// What there is one MW more of, or an hour.
enum More {
    Contract(ContractIndex),
    Connection(SiteIndex),
    Storage(StorageIndex),
    Slack,
}

fn all(snapshot: &Snapshot, stated: &Stated) -> Vec<More> {
    let definitions = &snapshot.portfolio.definitions;
    let contracts = ContractIndex::each(&definitions.contracts).filter(|(_, c)| snapshot.counts(c));
    let connected = |s: &SiteIndex| snapshot.portfolio.sites[*s].grid_limit_mw.is_some();
    let slack = (!snapshot.work.is_empty()).then_some(More::Slack);
    contracts
        .map(|(index, _)| More::Contract(index))
        .chain(SiteIndex::all(&definitions.sites).filter(connected).map(More::Connection))
        .chain(stated.storage.iter().map(|&index| More::Storage(index)))
        .chain(slack)
        .collect()
}

impl More {
    /// None where more makes no difference.
    fn added_to(&self, snapshot: &Snapshot) -> Option<Snapshot> {
        match *self {
            More::Contract(index) => more_contract(snapshot, index),
            More::Connection(index) => {
                let mut changed = snapshot.clone();
                let site = &mut std::sync::Arc::make_mut(&mut changed.portfolio).sites[index];
                site.grid_limit_mw.iter_mut().for_each(|limit| *limit += 1.0);
                Some(changed)
            }
            More::Storage(index) => Some(more_storage(snapshot, index)),
            More::Slack => {
                let mut changed = snapshot.clone();
                for item in &mut changed.work {
                    item.span.end += 3_600;
                    item.work.deadline = item.span.end.to_string();
                }
                Some(changed)
            }
        }
    }

    fn value(&self, snapshot: &Snapshot, worth: f64) -> Value {
        let definitions = &snapshot.portfolio.definitions;
        let value = |of: &str, kind: ValueKind, unit: &str| Value {
            of: of.into(),
            kind,
            added: 1.0,
            unit: unit.into(),
            worth,
            within: 0.0,
        };
        match *self {
            More::Contract(index) => value(&definitions.contracts[index].id, ValueKind::Contract, "MW mean"),
            More::Connection(index) => value(&definitions.sites[index].id, ValueKind::Connection, "MW"),
            More::Storage(index) => value(&definitions.storage[index].id, ValueKind::Storage, "MW"),
            More::Slack => value("work", ValueKind::Slack, "h"),
        }
    }
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
