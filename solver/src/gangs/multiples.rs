//! Gangs take power and GPUs in multiples: where all of a site, a pool or an account are multiples of one unit, what is over
//! the last whole unit of a limit is of no use to them, and the relaxation does without it.
//!
//! `g*n - over <= u` for integers `n` gives `g*n - over/(1 - f) <= g*floor(u/g)`, `f` what `u/g` has beyond an integer
//! (mixed-integer rounding).

use super::beside::{Beside, THOUSAND};
use crate::model::{ColumnKind, Part, RowKind, bounds};
use crate::problem::{Job, Problem};
use ids::{AccountIndex, Index, PoolIndex, SiteIndex};
use std::collections::BTreeMap;

/// Watts in a megawatt: power that is no integer of them has no unit.
const WATTS: f64 = 1e6;

/// What lies this near an integer, as a part of a unit, is one.
const NEAR: f64 = 1e-6;

/// A limit of nearly a unit more is left as it is: what goes over it would count too often.
const MOST_OVER: f64 = 0.99;

/// Rounds the limits that nothing but jobs draws on.
pub(super) fn round(problem: &Problem, beside: &mut Beside) {
    let free = || problem.jobs.iter().filter(|job| job.running.is_none() && job.count > 0);
    let at = |s: SiteIndex| unit(free().filter(|job| job.sites.contains(&s)).map(|job| job.mw * WATTS), WATTS);
    let held = |by: &dyn Fn(&Job) -> bool| {
        unit(free().filter(|job| by(job)).filter_map(|job| job.gpus).map(|gpus| gpus.count), THOUSAND)
    };
    let sites: Vec<Option<f64>> = SiteIndex::all(&problem.sites).map(at).collect();
    let pools: Vec<Option<f64>> =
        PoolIndex::all(&problem.pools).map(|p| held(&|job| job.gpus.is_some_and(|gpus| gpus.pool == p))).collect();
    let accounts: Vec<Option<f64>> = AccountIndex::all(&problem.accounts)
        .map(|a| held(&|job| job.gpus.is_some_and(|gpus| gpus.account == Some(a))))
        .collect();
    let others = others(beside);
    for (r, row) in beside.model.rows.iter_mut().enumerate() {
        let unit = match row.kind {
            RowKind::Capacity { site, .. } => sites[site],
            RowKind::Rule { rule: bounds::POOL, of, .. } => pools[of],
            RowKind::Rule { rule: bounds::ACCOUNT, of, .. } => accounts[of],
            _ => None,
        };
        let (Some(unit), Some(over)) = (unit, others.get(&r).map_or(Some(&[][..]), |over| over.as_deref())) else {
            continue;
        };
        let whole = (row.upper / unit + NEAR).floor();
        let beyond = (row.upper / unit - whole).max(0.0);
        if whole >= 0.0 && (NEAR..MOST_OVER).contains(&beyond) {
            row.upper = unit * whole;
            over.iter().for_each(|&e| beside.model.entries[e].value /= 1.0 - beyond);
        }
    }
}

/// By row, the entries of what goes over a limit; None where anything else draws on it.
fn others(beside: &Beside) -> BTreeMap<usize, Option<Vec<usize>>> {
    let mut others: BTreeMap<usize, Option<Vec<usize>>> = BTreeMap::new();
    for (e, entry) in beside.model.entries.iter().enumerate().filter(|(_, entry)| entry.value != 0.0) {
        let over = others.entry(entry.row as usize).or_insert_with(|| Some(Vec::new()));
        match beside.model.columns[entry.column as usize].kind {
            ColumnKind::Part { part: Part::OverCapacity | Part::OverPool | Part::OverAccount, .. } => {
                over.iter_mut().for_each(|over| over.push(e));
            }
            _ => *over = None,
        }
    }
    others
}

/// The largest unit that all are multiples of, divided by `by`; none where there is none.
fn unit(values: impl Iterator<Item = f64>, by: f64) -> Option<f64> {
    let mut unit = 0_u64;
    for value in values {
        let rounded = value.round();
        if (value - rounded).abs() > NEAR || !(1.0..1e15).contains(&rounded) {
            return None;
        }
        let (mut a, mut b) = (rounded as u64, unit);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        unit = a;
    }
    (unit > 0).then(|| unit as f64 / by)
}
