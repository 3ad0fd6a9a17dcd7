//! Which instrument goes first, and how far energy goes. Steps as the ruleset lists them; within a step fewest sites
//! first, then by id.

use super::ledgers::MatchingError;
use super::score::boundary_of;
use crate::books::{Books, Instrument};
use crate::ruleset::Step;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex};
use std::collections::BTreeSet;

/// Instruments in their order, for boundaries that links do not connect one list each.
pub fn by_component(books: &Books, steps: &[Step]) -> Result<Vec<Vec<InstrumentIndex>>, MatchingError> {
    check_lists(books)?;
    let components = components(books);
    let position = |i: InstrumentIndex| steps.iter().position(|step| *step == books.instruments[i].step);
    let mut order: Vec<_> = InstrumentIndex::all(&books.instruments).filter(|i| position(*i).is_some()).collect();
    order.sort_by(|a, b| {
        let key = |i: InstrumentIndex| (position(i), books.instruments[i].sites.len(), &books.instruments[i].id);
        key(*a).cmp(&key(*b))
    });
    let mut lists = vec![Vec::new(); books.boundaries.len()];
    for i in order {
        lists[components[home(books, i)]].push(i);
    }
    Ok(lists.into_iter().filter(|list| !list.is_empty()).collect())
}

/// Whether an instrument reaches a site: in its boundary, or over a link whose price test passed. Standard supply and
/// legacy volume never leave their boundary.
pub(super) fn reaches(books: &Books, instrument: &Instrument, site: SiteIndex, t: usize) -> bool {
    let (from, there) = (instrument.boundary, books.sites[site].boundary.at(t));
    match instrument.step {
        Step::SelfGeneration | Step::Storage => true,
        Step::Sss | Step::Legacy => there == from,
        Step::Contracts | Step::Unbundled => {
            there == from || books.links.iter().any(|l| (l.from, l.to) == (from, there) && l.tests[t].passed)
        }
    }
}

/// A boundary an instrument belongs to, whatever the interval.
pub(super) fn home(books: &Books, instrument: InstrumentIndex) -> BoundaryIndex {
    boundary_of(books, &books.instruments[instrument], 0)
}

/// For each boundary the smallest one it is connected with: by links, or by sites that move between them.
pub fn components(books: &Books) -> Vec<BoundaryIndex> {
    let mut root: Vec<_> = BoundaryIndex::all(&books.boundaries).collect();
    fn find(root: &[BoundaryIndex], mut b: BoundaryIndex) -> BoundaryIndex {
        while root[b] != b {
            b = root[b];
        }
        b
    }
    let mut join = |a: BoundaryIndex, b: BoundaryIndex| {
        let (a, b) = (find(&root, a), find(&root, b));
        root[a.max(b)] = a.min(b);
    };
    for link in &books.links {
        join(link.from, link.to);
    }
    for site in &books.sites {
        let first = site.boundary.at(0);
        site.boundary.values().for_each(|b| join(first, b));
    }
    root.iter().map(|b| find(&root, *b)).collect()
}

/// Site lists nest or are disjoint: those of one boundary as they are written, those of two by where sites lie in each
/// interval, because a site that moved was served from one and is served from the other.
fn check_lists(books: &Books) -> Result<(), MatchingError> {
    let shared = |step: Step| matches!(step, Step::Contracts | Step::Unbundled);
    let contracts: Vec<&Instrument> = books.instruments.iter().filter(|i| shared(i.step)).collect();
    let written: Vec<BTreeSet<SiteIndex>> = contracts.iter().map(|c| c.sites.iter().copied().collect()).collect();
    let same = |a: &Instrument, b: &Instrument| a.boundary == b.boundary;
    refuse_crossing(&contracts, &written, &same)?;
    for t in moves(books) {
        let reached: Vec<BTreeSet<SiteIndex>> = contracts.iter().map(|c| within_reach(books, c, t)).collect();
        refuse_crossing(&contracts, &reached, &|a: &Instrument, b: &Instrument| !same(a, b))?;
    }
    Ok(())
}

/// The first interval, and every other from which a site lies elsewhere.
fn moves(books: &Books) -> BTreeSet<usize> {
    let changes = books.sites.iter().flat_map(|s| s.boundary.changed_at()).filter(|t| *t < books.grid.len);
    std::iter::once(0).chain(changes).collect()
}

/// Sites of a contract that lie in its boundary or beyond a link from it, whatever prices are.
fn within_reach(books: &Books, contract: &Instrument, t: usize) -> BTreeSet<SiteIndex> {
    let linked = |b: BoundaryIndex| books.links.iter().any(|l| (l.from, l.to) == (contract.boundary, b));
    let reached = |b: BoundaryIndex| b == contract.boundary || linked(b);
    contract.sites.iter().copied().filter(|s| reached(books.sites[*s].boundary.at(t))).collect()
}

fn refuse_crossing(
    contracts: &[&Instrument],
    sites: &[BTreeSet<SiteIndex>],
    compared: &dyn Fn(&Instrument, &Instrument) -> bool,
) -> Result<(), MatchingError> {
    for (place, a) in contracts.iter().enumerate() {
        for (other, b) in contracts.iter().enumerate().skip(place + 1) {
            if a.step == b.step && compared(a, b) && crosses(&sites[place], &sites[other]) {
                return Err(MatchingError::SitesCross { a: a.id.clone(), b: b.id.clone() });
            }
        }
    }
    Ok(())
}

fn crosses(a: &BTreeSet<SiteIndex>, b: &BTreeSet<SiteIndex>) -> bool {
    let shared = a.intersection(b).count();
    shared > 0 && shared < a.len() && shared < b.len()
}
