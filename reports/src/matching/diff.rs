//! A correction matched again only where it reaches: the intervals and boundaries whose books changed, and every later
//! interval of storage there. Legacy and annual certificates reach their whole year because their spread, which is part
//! of the books, changes with it. The result is that of a full run, byte for byte.

use super::interval::Engine;
use super::{Allocation, Ledger, LedgerRun, Matched, MatchingError, finish, order, run};
use crate::books::{Books, Instrument};
use crate::ruleset::Step;

/// What was matched again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerun {
    pub matched: Matched,
    /// `[interval]`: whether any boundary was matched again there.
    pub again: Vec<bool>,
}

/// Matches `books` again, taking from `old` what `old_books` say cannot have changed.
pub fn rerun(old_books: &Books, old: &Matched, books: &Books) -> Result<Rerun, MatchingError> {
    super::check_sums(books)?;
    if !same_shape(old_books, books) {
        return Ok(Rerun { matched: run(books)?, again: vec![true; books.grid.len] });
    }
    let components = order::components(books);
    let affected: Vec<Vec<bool>> = (0..books.boundaries.len())
        .map(|c| if components[c] == c { reached(old_books, books, &components, c) } else { Vec::new() })
        .collect();
    let again = (0..books.grid.len).map(|t| affected.iter().any(|row| row.get(t).copied().unwrap_or(false))).collect();
    let part = |ledger: Ledger, steps: &[Step]| -> Result<LedgerRun, MatchingError> {
        let orders = order::by_component(books, steps)?;
        let old_run = old.ledger(ledger);
        Ok(again_where(books, ledger, &orders, old_run, &components, &affected))
    };
    let matching = part(Ledger::Matching, &books.matching_order)?;
    let inventory = part(Ledger::Inventory, &books.allocation_order)?;
    Ok(Rerun { matched: finish(books, matching, inventory)?, again })
}

/// Whether both are of the same portfolio, rules and period: only figures differ.
fn same_shape(a: &Books, b: &Books) -> bool {
    let instrument = |x: &Instrument, y: &Instrument| {
        (&x.id, x.step, x.boundary, x.carbon_free, x.rule) == (&y.id, y.step, y.boundary, y.carbon_free, y.rule)
            && (&x.sites, &x.split) == (&y.sites, &y.split)
    };
    a.grid == b.grid
        && (&a.matching_order, &a.allocation_order) == (&b.matching_order, &b.allocation_order)
        && a.boundaries.iter().map(|x| &x.id).eq(b.boundaries.iter().map(|x| &x.id))
        && a.sites.iter().map(|x| (&x.id, &x.boundary)).eq(b.sites.iter().map(|x| (&x.id, &x.boundary)))
        && a.instruments.len() == b.instruments.len()
        && a.instruments.iter().zip(&b.instruments).all(|(x, y)| instrument(x, y))
        && a.storage.iter().map(|x| (&x.id, x.site)).eq(b.storage.iter().map(|x| (&x.id, x.site)))
        && a.links.iter().map(|x| (x.from, x.to)).eq(b.links.iter().map(|x| (x.from, x.to)))
}

/// Intervals of one connected set of boundaries in which anything that decides an allocation changed.
fn reached(old: &Books, new: &Books, components: &[usize], component: usize) -> Vec<bool> {
    let mut changed = vec![false; new.grid.len];
    let mut mark = |differs: &dyn Fn(usize) -> bool| {
        for (t, changed) in changed.iter_mut().enumerate() {
            *changed = *changed || differs(t);
        }
    };
    for (a, b) in old.sites.iter().zip(&new.sites).filter(|(_, b)| components[b.boundary.at(0)] == component) {
        mark(&|t| (a.load_wh[t], a.metered(t), a.is_estimated(t)) != (b.load_wh[t], b.metered(t), b.is_estimated(t)));
    }
    let mine = |i: &Instrument| match i.step {
        Step::SelfGeneration | Step::Storage => i.sites.first().map_or(i.boundary, |s| new.sites[*s].boundary.at(0)),
        _ => i.boundary,
    };
    for (a, b) in old.instruments.iter().zip(&new.instruments).filter(|(_, b)| components[mine(b)] == component) {
        mark(&|t| a.delivered_wh[t] != b.delivered_wh[t]);
    }
    for (a, b) in old.links.iter().zip(&new.links).filter(|(_, b)| components[b.from] == component) {
        mark(&|t| a.tests[t].passed != b.tests[t].passed);
    }
    let mut stores = false;
    let here = |site: usize| components[new.sites[site].boundary.at(0)] == component;
    for (a, b) in old.storage.iter().zip(&new.storage).filter(|(_, b)| here(b.site)) {
        stores = true;
        mark(&|t| {
            (a.charge_wh[t], a.discharge_wh[t]) != (b.charge_wh[t], b.discharge_wh[t])
                || a.efficiency(t) != b.efficiency(t)
                || a.opening_wh != b.opening_wh
        });
    }
    if stores && let Some(first) = changed.iter().position(|changed| *changed) {
        changed[first..].fill(true);
    }
    changed
}

fn again_where(
    books: &Books,
    ledger: Ledger,
    orders: &[Vec<usize>],
    old: &LedgerRun,
    components: &[usize],
    affected: &[Vec<bool>],
) -> LedgerRun {
    let mut run = old.clone();
    run.allocations = Vec::with_capacity(old.allocations.len());
    let component_of_site = |s: usize| components[books.sites[s].boundary.at(0)];
    let mut engine = Engine::new(books, ledger);
    restore(&mut engine, books, old, &component_of_site, affected);
    let mut from = 0;
    for t in 0..books.grid.len {
        let to = from + old.allocations[from..].partition_point(|a| a.interval as usize <= t);
        let reached = |s: usize| affected[component_of_site(s)][t];
        let first = run.allocations.len();
        let keep = |a: &&Allocation| !reached(a.site as usize);
        run.allocations.extend(old.allocations[from..to].iter().filter(keep));
        from = to;
        if !affected.iter().any(|row| row.get(t).copied().unwrap_or(false)) {
            continue;
        }
        for order in orders {
            // An instrument's sites may be none; those with none allocate nothing.
            let Some(site) = order.iter().find_map(|i| books.instruments[*i].sites.first()) else { continue };
            if !reached(*site) {
                continue;
            }
            clear(&mut run, books, order, t);
            engine.run(&mut run, order, t);
        }
        run.allocations[first..].sort_unstable();
    }
    run
}

/// Takes an interval's figures out before they are made again.
fn clear(run: &mut LedgerRun, books: &Books, order: &[usize], t: usize) {
    for &i in order {
        run.allocated_wh[i][t] = 0;
        if let Some(row) = run.stored_wh.get_mut(i) {
            row[t] = 0;
        }
        for &s in &books.instruments[i].sites {
            run.site_wh[s][t] = 0;
        }
        if let Some(s) = books.storage.iter().position(|s| s.instrument == i) {
            run.reissued_wh[s][t] = 0;
            run.clean_charge_wh[s][t] = 0;
        }
    }
}

/// Brings the charge records to where they stood before the first interval to be matched again.
fn restore(
    engine: &mut Engine<'_>,
    books: &Books,
    old: &LedgerRun,
    component_of_site: &dyn Fn(usize) -> usize,
    affected: &[Vec<bool>],
) {
    for (s, storage) in books.storage.iter().enumerate() {
        let row = &affected[component_of_site(storage.site)];
        let first = row.iter().position(|affected| *affected).unwrap_or(0);
        for t in 0..first {
            if let Some(efficiency) = storage.efficiency(t) {
                engine.stores[s].discharge(storage.discharge_wh[t], efficiency);
            }
            engine.stores[s].charge(storage.charge_wh[t].max(0), old.clean_charge_wh[s][t]);
        }
    }
}
