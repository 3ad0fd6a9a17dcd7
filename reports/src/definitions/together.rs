//! What contracts must hold together: no plant sold twice, no order of sharing that strands energy.

use super::boundary::LinkDef;
use super::contract::{ContractDef, ContractKind};
use super::fraction::Fraction;
use super::site::SiteDef;
use crate::time::Instant;
use ids::{BoundaryId, ContractIndex, Index, SiteId};
use std::collections::{BTreeMap, BTreeSet};

/// Before any change.
const BEGINNING: Instant = Instant::from_seconds(i64::MIN);

/// Shares of one plant that add up to more than the plant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oversold<'a> {
    pub plant: &'a str,
    /// From when on; none where it is so from the start.
    pub since: Option<Instant>,
    /// `1/2 + 2/3`.
    pub shares: String,
    /// The last contract that holds one.
    pub last: ContractIndex,
}

/// Plants whose shares add up to more than 1 at any instant at which one changes, each with the first such instant.
pub fn oversold<'a>(contracts: &[&'a ContractDef]) -> Vec<Oversold<'a>> {
    let mut plants: BTreeMap<&'a str, Vec<ContractIndex>> = BTreeMap::new();
    for (place, contract) in ContractIndex::each(contracts) {
        if let Some(plant) = &contract.plant {
            plants.entry(plant).or_default().push(place);
        }
    }
    let mut list = Vec::new();
    for (plant, places) in plants {
        let mut instants: Vec<Instant> = places.iter().flat_map(|place| contracts[*place].changes()).collect();
        instants.push(BEGINNING);
        instants.sort_unstable();
        instants.dedup();
        let sold = |instant: Instant| too_much(contracts, &places, instant).map(|found| (instant, found));
        if let Some((instant, (shares, last))) = instants.into_iter().find_map(sold) {
            list.push(Oversold { plant, since: (instant != BEGINNING).then_some(instant), shares, last });
        }
    }
    list
}

/// The shares held at an instant and the last contract that holds one, where they are more than the plant.
fn too_much(contracts: &[&ContractDef], places: &[ContractIndex], instant: Instant) -> Option<(String, ContractIndex)> {
    let held = places.iter().map(|place| (contracts[*place].share_at(instant), *place));
    let held: Vec<(Fraction, ContractIndex)> = held.filter(|(share, _)| share.numerator > 0).collect();
    let shares: Vec<Fraction> = held.iter().map(|(share, _)| *share).collect();
    if !Fraction::sum_exceeds_one(&shares) {
        return None;
    }
    let listed: Vec<String> = shares.iter().map(ToString::to_string).collect();
    Some((listed.join(" + "), held.last()?.1))
}

/// Contracts whose site lists overlap without one holding the other: the order of allocation could strand
/// energy. Lists of one boundary count as they are written, those of two by where sites lie, because a site that moved
/// was served from one and is served from the other.
pub fn crossing(
    contracts: &[&ContractDef],
    sites: &[&SiteDef],
    links: &[LinkDef],
) -> Vec<(ContractIndex, ContractIndex)> {
    let named: BTreeSet<&SiteId> = contracts.iter().flat_map(|c| &c.sites).collect();
    let bits: BTreeMap<&SiteId, usize> = named.into_iter().zip(0..).collect();
    let listed: Vec<Set> = contracts.iter().map(|c| Set::new(&bits, &c.sites)).collect();
    let mut pairs: BTreeSet<(ContractIndex, ContractIndex)> = BTreeSet::new();
    // Few of two boundaries share any site at all.
    let mut apart: Vec<(ContractIndex, ContractIndex)> = Vec::new();
    for (first, a) in ContractIndex::each(contracts) {
        for (second, b) in ContractIndex::each(contracts).skip(first.get() + 1).filter(|(_, b)| b.kind == a.kind) {
            if a.boundary != b.boundary && listed[first].meets(&listed[second]) {
                apart.push((first, second));
            }
            if a.boundary == b.boundary && listed[first].crosses(&listed[second]) {
                pairs.insert((first, second));
            }
        }
    }
    let by_id: BTreeMap<&SiteId, &SiteDef> = sites.iter().map(|site| (&site.id, *site)).collect();
    for instant in moves(sites) {
        if apart.is_empty() {
            break;
        }
        let within = |c: &&ContractDef| Set::new(&bits, within_reach(c, &by_id, links, instant));
        let reached: Vec<Set> = contracts.iter().map(within).collect();
        apart.retain(|(first, second)| {
            let crosses = reached[*first].crosses(&reached[*second]);
            if crosses {
                pairs.insert((*first, *second));
            }
            !crosses
        });
    }
    pairs.into_iter().collect()
}

/// Sites, a bit each.
struct Set {
    words: Vec<u64>,
    len: u32,
}

impl Set {
    fn new<'a>(bits: &BTreeMap<&SiteId, usize>, sites: impl IntoIterator<Item = &'a SiteId>) -> Self {
        let mut words = vec![0_u64; bits.len().div_ceil(64)];
        for bit in sites.into_iter().filter_map(|site| bits.get(site).copied()) {
            words[bit / 64] |= 1 << (bit % 64);
        }
        let len = words.iter().map(|word| word.count_ones()).sum();
        Self { words, len }
    }

    fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Whether two share some sites, and each has others.
    fn crosses(&self, other: &Self) -> bool {
        let shared: u32 = self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones()).sum();
        shared > 0 && shared < self.len && shared < other.len
    }
}

/// The first instant of all, and every one at which a site comes to lie elsewhere.
fn moves(sites: &[&SiteDef]) -> BTreeSet<Instant> {
    let moved = sites.iter().flat_map(|site| site.boundary_changes.iter().map(|c| c.from));
    std::iter::once(BEGINNING).chain(moved).collect()
}

/// Sites of a contract that lie in its boundary at an instant, or beyond a link from it.
fn within_reach<'a>(
    contract: &'a ContractDef,
    sites: &BTreeMap<&SiteId, &SiteDef>,
    links: &[LinkDef],
    instant: Instant,
) -> Vec<&'a SiteId> {
    let links = if contract.kind == ContractKind::Legacy { &[][..] } else { links };
    let reached = |boundary: &BoundaryId| {
        *boundary == contract.boundary || links.iter().any(|l| l.from == contract.boundary && l.to == *boundary)
    };
    let lies = |id: &&SiteId| sites.get(*id).is_some_and(|site| reached(site.boundary_at(instant)));
    contract.sites.iter().filter(lies).collect()
}
