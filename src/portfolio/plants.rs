//! What contracts must hold together: no plant sold twice, no order of sharing that strands energy.

use super::file::File;
use reports::definitions::together::{self, Oversold};
use reports::definitions::{ContractDef, LinkDef, SiteDef};

/// Shares of one plant add up to at most the plant, at every instant at which one changes.
pub(super) fn check_shares(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    for Oversold { plant, since, shares, last } in together::oversold(&definitions(contracts)) {
        let since = since.map_or(String::new(), |instant| format!(" from {instant} on"));
        file.refuse(
            contracts[last].1,
            format!("the shares of plant `{plant}` add up to more than 1: {shares}{since}"),
            "lower a share: the same energy cannot be claimed twice",
        );
    }
}

/// Site lists nest or are disjoint, or the order of allocation could strand energy.
pub(super) fn check_nesting(
    file: &mut File<'_>,
    contracts: &[(ContractDef, usize)],
    sites: &[&SiteDef],
    links: &[LinkDef],
) {
    for (first, second) in together::crossing(&definitions(contracts), sites, links) {
        let ((a, _), (b, at)) = (&contracts[first], &contracts[second]);
        file.refuse(
            *at,
            format!("contracts {} and {}: their site lists overlap, and neither contains the other", a.id, b.id),
            "nest the lists or keep them apart",
        );
    }
}

fn definitions(contracts: &[(ContractDef, usize)]) -> Vec<&ContractDef> {
    contracts.iter().map(|(contract, _)| contract).collect()
}
