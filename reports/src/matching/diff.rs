//! A correction matched again only where it reaches: the intervals and boundaries whose books changed, and every later
//! interval of storage there. Legacy and annual certificates reach their whole year because their spread, which is part
//! of the books, changes with it. The result is that of a full run, byte for byte.
//!
//! The ledger before comes in interval by interval and is never held whole; of its books only [`Reach`] stays.

use super::fill::{check_sums, finish};
use super::interval::Engine;
use super::ledgers::{Ledger, LedgerRun, Matched, MatchingError};
use super::order;
use super::restore::Posted;
use crate::books::{Books, Instrument, SiteBook};
use crate::ruleset::Step;
use crate::storage::StorageBook;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex, StorageIndex};

/// Where books differ from those before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// For each boundary the smallest one it is connected with.
    components: Vec<BoundaryIndex>,
    /// `[boundary][interval]` for the smallest of each connected set; empty for the others.
    affected: Vec<Vec<bool>>,
}

impl Reach {
    /// None where the two are not of the same portfolio, rules and period: everything is to be matched again.
    pub fn between(old: &Books, new: &Books) -> Option<Self> {
        if !same_shape(old, new) {
            return None;
        }
        let components = order::components(new);
        let affected = BoundaryIndex::all(&new.boundaries)
            .map(|c| if components[c] == c { reached(old, new, &components, c) } else { Vec::new() })
            .collect();
        Some(Self { components, affected })
    }

    /// Whether any boundary is matched again in an interval.
    pub fn again(&self, interval: usize) -> bool {
        self.affected.iter().any(|row| row.get(interval).copied().unwrap_or(false))
    }

    fn in_boundary(&self, boundary: BoundaryIndex) -> &[bool] {
        &self.affected[self.components[boundary]]
    }
}

/// What stood in a ledger before.
pub type Standing = (Ledger, Posted, i64);

/// Both ledgers, made interval by interval: matched again where the correction reaches, else as they stood.
pub struct Rerun<'a> {
    books: &'a Books,
    reach: &'a Reach,
    /// By storage: its records are kept up to date, since a later interval is matched again.
    carried: Vec<bool>,
    parts: [Part<'a>; 2],
}

struct Part<'a> {
    ledger: Ledger,
    /// Instruments in their order, one list for each connected set of boundaries, with a boundary of it.
    orders: Vec<(BoundaryIndex, Vec<InstrumentIndex>)>,
    engine: Engine<'a>,
    run: LedgerRun,
}

impl<'a> Rerun<'a> {
    pub fn new(books: &'a Books, reach: &'a Reach) -> Result<Self, MatchingError> {
        check_sums(books)?;
        let part = |ledger: Ledger, steps: &[Step]| -> Result<Part<'a>, MatchingError> {
            let lists = order::by_component(books, steps)?.into_iter();
            let orders = lists.filter_map(|list| list.first().map(|i| order::home(books, *i)).map(|home| (home, list)));
            Ok(Part {
                ledger,
                orders: orders.collect(),
                engine: Engine::new(books, ledger),
                run: LedgerRun::empty(books),
            })
        };
        let parts = [part(Ledger::Matching, &books.matching_order)?, part(Ledger::Inventory, &books.allocation_order)?];
        let carried =
            books.storage.iter().map(|s| reach.in_boundary(place_of(books, s.site)).contains(&true)).collect();
        Ok(Self { books, reach, carried, parts })
    }

    /// Makes an interval; they come in their order, each once, with all that stood there. False where that does not fit
    /// these books, and nothing can be made of it.
    pub fn interval(&mut self, t: usize, standing: &[Standing]) -> bool {
        let (books, reach) = (self.books, self.reach);
        for part in &mut self.parts {
            let ledger = part.ledger;
            for (_, posted, wh) in standing.iter().filter(|(of, ..)| *of == ledger) {
                let Some(boundary) = boundary_of(books, *posted) else { return false };
                if !reach.in_boundary(boundary)[t] && part.run.take(t, *posted, *wh).is_none() {
                    return false;
                }
            }
            part.advance_storage(books, reach, &self.carried, t);
            for (home, order) in &part.orders {
                if reach.in_boundary(*home)[t] {
                    part.engine.run(&mut part.run, order, t);
                }
            }
            part.run.allocations.close();
        }
        true
    }

    /// The ledgers, checked as those of a full run are.
    pub fn finish(self) -> Result<Matched, MatchingError> {
        let [matching, inventory] = self.parts;
        finish(self.books, matching.run, inventory.run)
    }
}

impl Part<'_> {
    /// Moves charge records past an interval that stays as it stood.
    fn advance_storage(&mut self, books: &Books, reach: &Reach, carried: &[bool], t: usize) {
        for (s, storage) in StorageIndex::each(&books.storage) {
            if !carried[s] || reach.in_boundary(place_of(books, storage.site))[t] {
                continue;
            }
            let records = &mut self.engine.stores[s];
            if let Some(efficiency) = storage.efficiency(t) {
                records.discharge(storage.discharge_wh[t], efficiency);
            }
            records.charge(storage.charge_wh[t].max(0), self.run.clean_charge_wh[s][t]);
        }
    }
}

/// A boundary of the connected set a site lies in.
fn place_of(books: &Books, site: SiteIndex) -> BoundaryIndex {
    books.sites[site].boundary.at(0)
}

/// A boundary of the connected set a figure belongs to; none where it lies outside the books.
fn boundary_of(books: &Books, posted: Posted) -> Option<BoundaryIndex> {
    match posted {
        Posted::Allocated { site, .. } => (site.get() < books.sites.len()).then(|| place_of(books, site)),
        Posted::Stored { instrument } => {
            (instrument.get() < books.instruments.len()).then(|| order::home(books, instrument))
        }
        Posted::CleanCharge { storage } | Posted::Reissued { storage } => {
            books.storage.get(storage.get()).map(|s| place_of(books, s.site))
        }
    }
}

/// Whether both are of the same portfolio, rules and period: only figures differ.
fn same_shape(a: &Books, b: &Books) -> bool {
    let instrument = |x: &Instrument, y: &Instrument| {
        (&x.id, x.step, x.boundary, x.carbon_free, x.rule) == (&y.id, y.step, y.boundary, y.carbon_free, y.rule)
            && (&x.sites, &x.split) == (&y.sites, &y.split)
    };
    a.grid == b.grid
        && (&a.matching_order, &a.allocation_order, a.rules) == (&b.matching_order, &b.allocation_order, b.rules)
        && a.boundaries.iter().map(|x| &x.id).eq(b.boundaries.iter().map(|x| &x.id))
        && a.sites.iter().map(|x| (&x.id, &x.boundary)).eq(b.sites.iter().map(|x| (&x.id, &x.boundary)))
        && a.instruments.len() == b.instruments.len()
        && a.instruments.iter().zip(&b.instruments).all(|(x, y)| instrument(x, y))
        && a.storage.iter().map(|x| (&x.id, x.site)).eq(b.storage.iter().map(|x| (&x.id, x.site)))
        && a.links.iter().map(|x| (x.from, x.to)).eq(b.links.iter().map(|x| (x.from, x.to)))
}

/// Intervals of one connected set of boundaries in which anything that decides an allocation changed.
fn reached(old: &Books, new: &Books, components: &[BoundaryIndex], component: BoundaryIndex) -> Vec<bool> {
    let mut changed = vec![false; new.grid.len];
    let mut mark = |differs: &dyn Fn(usize) -> bool| {
        for (t, changed) in changed.iter_mut().enumerate() {
            *changed = *changed || differs(t);
        }
    };
    for (a, b) in old.sites.iter().zip(&new.sites).filter(|(_, b)| components[b.boundary.at(0)] == component) {
        let decides = |book: &SiteBook, t: usize| {
            let open = (book.open(t), book.inventory_open(t));
            (book.load_wh[t], book.inventory_load(t), book.scope_1(t), open)
        };
        mark(&|t| decides(a, t) != decides(b, t));
    }
    for ((i, b), a) in InstrumentIndex::each(&new.instruments).zip(&old.instruments) {
        if components[order::home(new, i)] == component {
            mark(&|t| a.delivered_wh[t] != b.delivered_wh[t]);
        }
    }
    for (a, b) in old.links.iter().zip(&new.links).filter(|(_, b)| components[b.from] == component) {
        mark(&|t| a.tests[t].passed != b.tests[t].passed);
    }
    let mut stores = false;
    let here = |site: SiteIndex| components[new.sites[site].boundary.at(0)] == component;
    for (a, b) in old.storage.iter().zip(&new.storage).filter(|(_, b)| here(b.site)) {
        // One that never moves energy carries nothing from an interval to the next.
        let unused =
            |k: &StorageBook| k.opening_wh == 0 && k.charge_wh.iter().chain(&k.discharge_wh).all(|wh| *wh == 0);
        stores = stores || !(unused(a) && unused(b));
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
