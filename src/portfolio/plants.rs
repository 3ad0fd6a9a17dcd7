//! What contracts must hold together: no plant sold twice, no order of sharing that strands energy.

use super::file::File;
use reports::definitions::{ContractDef, ContractKind, Fraction, LinkDef, SiteDef};
use reports::time::format_instant;
use std::collections::BTreeMap;

/// Shares of one plant add up to at most the plant, at every instant at which one changes.
pub(super) fn check_shares(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    let mut plants: BTreeMap<&str, Vec<(&ContractDef, usize)>> = BTreeMap::new();
    for (contract, at) in contracts {
        if let Some(plant) = &contract.plant {
            plants.entry(plant).or_default().push((contract, *at));
        }
    }
    for (plant, parts) in plants {
        let mut instants: Vec<i64> = parts.iter().flat_map(|(c, _)| c.changes()).collect();
        instants.push(i64::MIN);
        instants.sort_unstable();
        let first = instants.into_iter().find_map(|instant| oversold(&parts, instant).map(|found| (instant, found)));
        if let Some((instant, (shares, at))) = first {
            let since = match instant {
                i64::MIN => String::new(),
                _ => format!(" from {} on", format_instant(instant)),
            };
            file.refuse(
                at,
                format!("the shares of plant `{plant}` add up to more than 1: {shares}{since}"),
                "lower a share: the same energy cannot be claimed twice",
            );
        }
    }
}

/// The shares held at an instant and the last contract that holds one, where they are more than the plant.
fn oversold(parts: &[(&ContractDef, usize)], instant: i64) -> Option<(String, usize)> {
    let held: Vec<(Fraction, usize)> =
        parts.iter().map(|(c, at)| (c.share_at(instant), *at)).filter(|(share, _)| share.numerator > 0).collect();
    let shares: Vec<Fraction> = held.iter().map(|(share, _)| *share).collect();
    if !Fraction::sum_exceeds_one(&shares) {
        return None;
    }
    let listed: Vec<String> = shares.iter().map(ToString::to_string).collect();
    Some((listed.join(" + "), held.last()?.1))
}

/// Site lists nest or are disjoint, or the order of allocation could strand energy: those of one boundary as they are
/// written, those of two by where sites lie, because a site that moved was served from one and is served from the other.
pub(super) fn check_nesting(
    file: &mut File<'_>,
    contracts: &[(ContractDef, usize)],
    sites: &[&SiteDef],
    links: &[LinkDef],
) {
    for (index, (a, _)) in contracts.iter().enumerate() {
        for (b, at) in contracts[index + 1..].iter().filter(|(b, _)| b.kind == a.kind) {
            let crosses = match a.boundary == b.boundary {
                true => cross(&a.sites, &b.sites),
                // Few of two boundaries share any site at all.
                false if a.sites.iter().all(|site| !b.sites.contains(site)) => false,
                false => moves(sites).any(|instant| {
                    let [a, b] = [a, b].map(|contract| within_reach(contract, sites, links, instant));
                    cross(&a, &b)
                }),
            };
            if crosses {
                file.refuse(
                    *at,
                    format!("contracts {} and {}: their site lists overlap without one holding the other", a.id, b.id),
                    "nest the lists or keep them apart",
                );
            }
        }
    }
}

/// Whether two lists share some sites, and each has others.
fn cross<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    let shared = a.iter().filter(|site| b.contains(site)).count();
    shared > 0 && shared < a.len() && shared < b.len()
}

/// The first instant of all, and every one at which a site comes to lie elsewhere.
fn moves(sites: &[&SiteDef]) -> impl Iterator<Item = i64> {
    std::iter::once(i64::MIN).chain(sites.iter().flat_map(|site| site.boundary_changes.iter().map(|c| c.from)))
}

/// Sites of a contract that lie in its boundary at an instant, or beyond a link from it.
fn within_reach<'a>(contract: &'a ContractDef, sites: &[&SiteDef], links: &[LinkDef], instant: i64) -> Vec<&'a str> {
    let links = if contract.kind == ContractKind::Legacy { &[][..] } else { links };
    let reached = |boundary: &str| {
        boundary == contract.boundary || links.iter().any(|l| l.from == contract.boundary && l.to == boundary)
    };
    let lies = |id: &&str| sites.iter().any(|site| site.id == **id && reached(site.boundary_at(instant)));
    contract.sites.iter().map(String::as_str).filter(lies).collect()
}
