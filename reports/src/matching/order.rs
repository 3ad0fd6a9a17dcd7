//! Which instrument goes first. Steps as the ruleset lists them; within a step fewest sites first, then by id.

use super::MatchingError;
use crate::books::{Books, Instrument};
use crate::ruleset::Step;

/// Instruments in their order, for boundaries that links do not connect one list each.
pub fn by_component(books: &Books, steps: &[Step]) -> Result<Vec<Vec<usize>>, MatchingError> {
    check_lists(books)?;
    let components = components(books);
    let position = |i: &usize| steps.iter().position(|step| *step == books.instruments[*i].step);
    let mut order: Vec<usize> = (0..books.instruments.len())
        .filter(|i| position(i).is_some())
        // Only what is carbon-free counts towards matching; the caller's steps say which ledger this is.
        .collect();
    order.sort_by(|a, b| {
        let key = |i: usize| (position(&i), books.instruments[i].sites.len(), books.instruments[i].id.as_str());
        key(*a).cmp(&key(*b))
    });
    let mut lists: Vec<Vec<usize>> = vec![Vec::new(); books.boundaries.len()];
    for i in order {
        lists[components[home(books, i)]].push(i);
    }
    Ok(lists.into_iter().filter(|list| !list.is_empty()).collect())
}

/// A boundary an instrument belongs to, whatever the interval.
pub(super) fn home(books: &Books, instrument: usize) -> usize {
    let instrument = &books.instruments[instrument];
    match instrument.step {
        Step::SelfGeneration | Step::Storage => {
            instrument.sites.first().map_or(instrument.boundary, |s| books.sites[*s].boundary.at(0))
        }
        _ => instrument.boundary,
    }
}

/// For each boundary the smallest one it is connected with: by links, or by sites that move between them.
pub fn components(books: &Books) -> Vec<usize> {
    let mut root: Vec<usize> = (0..books.boundaries.len()).collect();
    fn find(root: &[usize], mut b: usize) -> usize {
        while root[b] != b {
            b = root[b];
        }
        b
    }
    let mut join = |a: usize, b: usize| {
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
    (0..books.boundaries.len()).map(|b| find(&root, b)).collect()
}

/// Contracts serve sites of their boundary or beyond a link, and their lists nest or are disjoint.
fn check_lists(books: &Books) -> Result<(), MatchingError> {
    let shared = |step: Step| matches!(step, Step::Contracts | Step::Unbundled);
    let contracts: Vec<&Instrument> = books.instruments.iter().filter(|i| shared(i.step)).collect();
    for contract in &contracts {
        let reaches =
            |b: usize| b == contract.boundary || books.links.iter().any(|l| (l.from, l.to) == (contract.boundary, b));
        if let Some(site) = contract.sites.iter().find(|s| !books.sites[**s].boundary.values().any(reaches)) {
            let site = books.sites[*site].id.clone();
            return Err(MatchingError::CrossesBoundary { contract: contract.id.clone(), site });
        }
    }
    for (place, a) in contracts.iter().enumerate() {
        if let Some(b) = contracts[place + 1..].iter().find(|b| a.step == b.step && crosses(a, b)) {
            return Err(MatchingError::SitesCross { a: a.id.clone(), b: b.id.clone() });
        }
    }
    Ok(())
}

fn crosses(a: &Instrument, b: &Instrument) -> bool {
    let shared = a.sites.iter().filter(|site| b.sites.contains(site)).count();
    shared > 0 && shared < a.sites.len() && shared < b.sites.len()
}
