//! What contracts must hold together: no plant sold twice, no order of sharing that strands energy.

use super::file::File;
use reports::definitions::{ContractDef, Fraction};
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

/// Site lists nest or are disjoint, or the order of allocation could strand energy.
pub(super) fn check_nesting(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    for (index, (a, _)) in contracts.iter().enumerate() {
        for (b, at) in contracts[index + 1..].iter().filter(|(b, _)| b.kind == a.kind) {
            let shared = a.sites.iter().filter(|site| b.sites.contains(site)).count();
            if shared > 0 && shared < a.sites.len() && shared < b.sites.len() {
                file.refuse(
                    *at,
                    format!("contracts {} and {}: their site lists overlap without one holding the other", a.id, b.id),
                    "nest the lists or keep them apart",
                );
            }
        }
    }
}
