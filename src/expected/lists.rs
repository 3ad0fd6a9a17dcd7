//! Which contracts are hedged together, and what they delivered in all.

use super::derive::Derive;
use super::errors::Issued;
use super::track::Track;
use super::tracks::per_hour;
use crate::plan::snapshot;
use reports::definitions::SharingRule;
use reports::time::Grid;

/// Contracts that serve the same sites under the same terms: they are hedged together.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) contracts: Vec<usize>,
    pub(super) issued: Issued,
    /// Actual total by hour of the span, NaN where not known.
    pub(super) actual: Vec<f64>,
}

/// Contracts that count, are matched to the same sites by the same settlement, and have no fixed split.
pub(super) fn lists(derive: &Derive, span: Grid, tracks: &[Track]) -> Vec<List> {
    let definitions = &derive.portfolio.definitions;
    let mut found: Vec<List> = Vec::new();
    for (index, contract) in definitions.contracts.iter().enumerate() {
        if !snapshot::counts(&derive.rules, contract) || contract.allocation == SharingRule::ProRataContract {
            continue;
        }
        let alike = |list: &&mut List| {
            let other = &definitions.contracts[list.contracts[0]];
            (&other.boundary, &other.sites) == (&contract.boundary, &contract.sites)
                && other.settlement == contract.settlement
        };
        match found.iter_mut().find(alike) {
            Some(list) => list.contracts.push(index),
            None => found.push(List { contracts: vec![index], issued: Issued::default(), actual: Vec::new() }),
        }
    }
    let per_hour = per_hour(span);
    for list in &mut found {
        list.actual = vec![0.0; span.len / per_hour];
        for &c in &list.contracts {
            for (sum, hour) in list.actual.iter_mut().zip(tracks[c].values().chunks(per_hour)) {
                let known: Option<f64> = hour.iter().copied().sum();
                *sum += known.map_or(f64::NAN, |mw| mw / hour.len() as f64);
            }
        }
    }
    found
}
