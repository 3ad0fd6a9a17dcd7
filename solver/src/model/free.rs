//! What a plan leaves of every bound. `sum weight * draw <= rise` and, where a draw can lower a row, `>= -fall`: whoever
//! asks for room afterwards adds up what they would draw, row by row, and needs to know no rule.
//!
//! Rows and weights are those of the model's own limit rows, so a new rule that bounds power or GPUs is one of them.

use crate::model::bounds;
use crate::model::linear::{LimitRows, Row, RowKind};
use crate::model::rules;
use crate::model::terms::Terms;
use crate::outcome::{Loads, Outcome};
use crate::problem::{Problem, ProblemError};
use ids::{AccountIndex, Index, PoolIndex, SiteIndex};

/// What a draw is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// IT MW at a site, at their highest in the step.
    It(SiteIndex),
    /// Facility MW at a site.
    Facility(SiteIndex),
    /// Facility MW of work at a site: storage is none.
    Work(SiteIndex),
    /// GPUs of a pool, or in the name of an account.
    Pool(PoolIndex),
    Account(AccountIndex),
}

/// A draw that a row counts, so many steps after the row's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    pub of: Of,
    pub ahead: isize,
    pub weight: f64,
}

/// Rows of one rule that follow one another, a step apart, and count alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Free {
    pub rule: String,
    /// Which event, limit, demand charge, pool or account, as the rule counts them; of one that counts none, 0.
    pub of: usize,
    /// Step of the first row.
    pub from: usize,
    pub coefficients: Vec<Coefficient>,
    /// By row, what further draws may add; below zero where the plan is past the bound itself.
    pub rise: Vec<f64>,
    /// By row, what they may take away. Empty: more draw never lowers the row.
    pub fall: Vec<f64>,
    /// Demand charge and price per MW of going past the largest of its rows; none: never.
    pub price: Option<(usize, f64)>,
}

/// What a plan leaves; without one, what there is beside firm load.
///
/// # Errors
/// A problem that is refused.
pub fn free(problem: &Problem, plan: Option<&Outcome>) -> Result<Vec<Free>, ProblemError> {
    problem.check()?;
    let bare = problem.bare();
    let model = rules::bounds(&bare, &Terms::new(&bare));
    let counted = by_row(&model.limit_rows, &bare, model.rows.len());
    let nothing = Outcome::default();
    let plan = plan.unwrap_or(&nothing);
    let loads = Loads::new(problem, plan);
    let mut found: Vec<Free> = Vec::new();
    for (index, (row, counted)) in model.rows.iter().zip(counted).enumerate() {
        let Some((rule, of, step)) = name(row) else { continue };
        let (rises, falls) = (counted.iter().any(|t| t.2 > 0.0), counted.iter().any(|t| t.2 < 0.0));
        if !(rises && row.upper.is_finite() || falls && row.lower.is_finite()) {
            continue;
        }
        let used: f64 = counted.iter().map(|&(of, step, weight)| weight * drawn(&loads, of, step)).sum();
        let price = model.limit_rows.priced.get(&index).copied();
        // The peak that is paid for already.
        let paid = |charge: usize| plan.peaks_mw.get(charge).copied().unwrap_or(f64::NEG_INFINITY);
        let level = price.map_or(0.0, |(charge, _)| paid(charge).max(problem.demand[charge].before_mw));
        let ahead =
            |&(of, at, weight): &(Of, usize, f64)| Coefficient { of, ahead: at as isize - step as isize, weight };
        let coefficients = counted.iter().map(ahead).collect();
        let (rise, fall) = (vec![row.upper + level - used], if falls { vec![used - row.lower] } else { Vec::new() });
        let next = Free { rule: rule.to_string(), of, from: step, coefficients, rise, fall, price };
        match found.last_mut() {
            Some(last) if last.goes_on(&next) => {
                last.rise.extend(next.rise);
                last.fall.extend(next.fall);
            }
            _ => found.push(next),
        }
    }
    Ok(found)
}

impl Free {
    fn goes_on(&self, next: &Free) -> bool {
        (&self.rule, self.of, self.from + self.rise.len()) == (&next.rule, next.of, next.from)
            && (&self.coefficients, self.price) == (&next.coefficients, next.price)
            && self.fall.is_empty() == next.fall.is_empty()
    }
}

fn name(row: &Row) -> Option<(&'static str, usize, usize)> {
    match row.kind {
        RowKind::Capacity { step, .. } => Some((bounds::CAPACITY, 0, step)),
        RowKind::Rule { rule, of, step, .. } => Some((rule, of, step)),
        _ => None,
    }
}

/// What each row counts: of what, in which step, by which weight.
fn by_row(limit_rows: &LimitRows, problem: &Problem, rows: usize) -> Vec<Vec<(Of, usize, f64)>> {
    let mut found = vec![Vec::new(); rows];
    let mut add = |of: Of, step: usize, rows: &[(usize, f64)]| {
        rows.iter().for_each(|&(row, weight)| found[row].push((of, step, weight)));
    };
    for step in 0..problem.steps {
        for site in SiteIndex::all(&problem.sites) {
            let at = limit_rows.at(site, step);
            add(Of::It(site), step, &limit_rows.it[at]);
            add(Of::Facility(site), step, &limit_rows.facility[at]);
            add(Of::Work(site), step, &limit_rows.work[at]);
        }
        PoolIndex::each(&limit_rows.pools).for_each(|(p, rows)| add(Of::Pool(p), step, &rows[step]));
        AccountIndex::each(&limit_rows.accounts).for_each(|(a, rows)| add(Of::Account(a), step, &rows[step]));
    }
    found
}

fn drawn(loads: &Loads, of: Of, step: usize) -> f64 {
    match of {
        Of::It(site) => loads.most_it[site][step],
        Of::Facility(site) => loads.moved[site][step],
        Of::Work(site) => loads.work[site][step],
        Of::Pool(pool) => loads.pools[pool][step],
        Of::Account(account) => loads.accounts[account][step],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Account, Boundary, DemandCharge, Draw, Event, Gpus, Limit, Pool, Ramp, Site};

    /// A site of 10 MW with 4 MW of firm load, over four steps.
    fn problem() -> Problem {
        let flat = |mw: f64| vec![mw; 4];
        let site = Site {
            id: "s".into(),
            pue: flat(1.5),
            overhead_mw: flat(1.0),
            firm_it_mw: flat(4.0),
            it_capacity_mw: flat(10.0),
            grid_limit_mw: flat(13.0),
            ..Site::default()
        };
        let boundary = Boundary {
            id: "b".into(),
            buy_per_mwh: flat(50.0),
            carbon_g_per_kwh: flat(0.0),
            grid_cfe_share: flat(0.0),
        };
        Problem { step_hours: 1.0, steps: 4, boundaries: vec![boundary], sites: vec![site], ..Problem::default() }
    }

    fn rows_of<'a>(rows: &'a [Free], rule: &str) -> Vec<&'a Free> {
        rows.iter().filter(|r| r.rule == rule).collect()
    }

    #[test]
    fn every_bound_is_a_row_with_what_it_counts() {
        let (mut p, site) = (problem(), SiteIndex::new(0));
        p.events.push(Event { id: "e".into(), site, from: 1, to: 3, max_mw: 9.0 });
        p.limits.push(Limit { id: "l".into(), sites: vec![site], max_mw: vec![12.0; 4] });
        p.sites[0].ramp = Some(Ramp { mw_per_step: 2.0, before_mw: 0.5 });
        p.demand.push(DemandCharge { site, from: 0, to: 4, rate_per_mw: 7.0, before_mw: 8.0 });
        p.pools.push(Pool { id: "p".into(), available: vec![100.0, 100.0, 60.0, 60.0], ..Pool::default() });
        let spans = vec![(0, 2, 150.0), (2, 4, 150.0)];
        p.accounts.push(Account { id: "a".into(), max_gpus: Some(80.0), gpu_hours: spans, ..Account::default() });
        let rows = free(&p, None).expect("rows");
        // min(10, (13 - 1) / 1.5) - 4.
        assert_eq!(rows_of(&rows, bounds::CAPACITY)[0].rise, [4.0; 4]);
        // 9 - 1 - 1.5 * 4.
        let event = rows_of(&rows, bounds::EVENT)[0];
        assert_eq!((event.from, event.rise.as_slice()), (1, [2.0; 2].as_slice()));
        assert_eq!(rows_of(&rows, bounds::LIMIT)[0].rise, [5.0; 4]);
        assert_eq!(rows_of(&rows, bounds::POOL)[0].rise, [100.0, 100.0, 60.0, 60.0]);
        assert_eq!(rows_of(&rows, bounds::ACCOUNT)[0].rise, [80.0; 4]);
        let hours = rows_of(&rows, bounds::ACCOUNT_HOURS);
        assert_eq!((hours.len(), hours[1].from, hours[1].rise[0], hours[1].coefficients.len()), (2, 2, 150.0, 2));
        let ramp = rows_of(&rows, bounds::RAMP);
        assert_eq!((ramp[0].rise[0], ramp[0].fall.len()), (2.5, 0), "a draw in the first step lowers nothing");
        let (coefficient, before) = (ramp[1].coefficients[1], ramp[1].coefficients[0]);
        assert_eq!((before.ahead, before.weight, coefficient.ahead, coefficient.weight), (-1, -1.0, 0, 1.0));
        assert_eq!((ramp[1].rise.as_slice(), ramp[1].fall.as_slice()), ([2.0; 3].as_slice(), [2.0; 3].as_slice()));
        // A peak of 8 is paid for, firm load draws 7.
        let peak = rows_of(&rows, bounds::PEAK)[0];
        assert_eq!((peak.rise.as_slice(), peak.price), ([1.0; 4].as_slice(), Some((0, 7.0))));
    }

    #[test]
    fn what_is_fixed_leaves_less_of_every_row() {
        let (mut p, site) = (problem(), SiteIndex::new(0));
        p.pools.push(Pool { id: "p".into(), available: vec![100.0; 4], ..Pool::default() });
        p.accounts.push(Account { id: "a".into(), max_gpus: Some(80.0), ..Account::default() });
        p.sites[0].ramp = Some(Ramp { mw_per_step: 2.0, before_mw: 0.0 });
        let gpus = Some(Gpus { pool: PoolIndex::new(0), count: 30.0, account: Some(AccountIndex::new(0)) });
        // Half of its first step, all of the next, and beyond the end.
        p.fix(&Draw { site, from: 2, mw: vec![(0.5, 1.0), (1.0, 1.0), (1.0, 1.0)], gpus, firm: true });
        let rows = free(&p, None).expect("rows");
        assert_eq!(rows_of(&rows, bounds::CAPACITY)[0].rise, [4.0, 4.0, 3.0, 3.0]);
        assert_eq!(rows_of(&rows, bounds::POOL)[0].rise, [100.0, 100.0, 70.0, 70.0]);
        assert_eq!(rows_of(&rows, bounds::ACCOUNT)[0].rise, [80.0, 80.0, 50.0, 50.0]);
        // It rises by 0.75 facility MW in each of two steps.
        assert_eq!(rows_of(&rows, bounds::RAMP)[1].rise, [2.0, 1.25, 1.25]);
        assert_eq!(p.sites[0].firm_it_mw, [4.0, 4.0, 4.5, 5.0]);
    }
}
