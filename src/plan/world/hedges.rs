//! Supply that may not come: contracts of one list of sites together, in tiers by how often forecasts have been off.

use super::{World, per_hour};
use crate::forecast::errors::{self, Issued};
use crate::forecast::{Expected, Origin, Track};
use crate::plan::derive::Derive;
use crate::plan::snapshot::{self, Hedge};
use reports::definitions::SharingRule;
use reports::time::Grid;

/// Contracts that serve the same sites under the same terms: they are hedged together.
#[derive(Debug, Clone)]
pub(super) struct List {
    contracts: Vec<usize>,
    pub(super) issued: Issued,
    /// Actual total by hour of the span, NaN where not known.
    actual: Vec<f64>,
}

impl World {
    pub(super) fn hedges(&mut self, grid: Grid, start: usize, delivered: &[Expected]) -> Vec<Hedge> {
        let per_hour = per_hour(self.span);
        let issue = start / per_hour;
        let mut hedges = Vec::new();
        for list in &mut self.lists {
            // A supplier's forecast has errors of its own, which ours say nothing of.
            let own = |step: usize| {
                let origins = list.contracts.iter().map(|c| delivered[*c].origins[step]);
                origins.into_iter().all(|o| matches!(o, Origin::Learnt | Origin::History))
            };
            let hedged: Vec<bool> = (0..grid.len).map(own).collect();
            if !hedged.iter().any(|h| *h) {
                continue;
            }
            for at in Issued::wanted(issue) {
                if list.issued.has(at) {
                    continue;
                }
                if let Some(total) = issue_total(&mut self.contracts, &list.contracts, at, per_hour) {
                    list.issued.add(at, total);
                }
            }
            let leads = grid.len.div_ceil(per_hour) + 1;
            let Some(pools) = list.issued.quantiles(issue, leads, &list.actual) else { continue };
            let levels = (0..grid.len).map(|step| {
                let total: f64 = list.contracts.iter().map(|c| delivered[*c].values[step]).sum();
                let off = &pools[(start + step) / per_hour - issue];
                hedged[step].then(|| off.map(|error| (total + error).max(0.0)))
            });
            hedges.push(Hedge { contracts: list.contracts.clone(), levels: levels.collect() });
        }
        hedges
    }
}

/// Forecast of a list's total as issued at an hour; none where a contract was not known at all then.
fn issue_total(tracks: &mut [Track], contracts: &[usize], at: usize, per_hour: usize) -> Option<Vec<f64>> {
    let mut total = vec![0.0; errors::LEADS];
    for &c in contracts {
        let own = tracks[c].own(at * per_hour, errors::LEADS * per_hour);
        for (sum, hour) in total.iter_mut().zip(own.chunks(per_hour)) {
            let known: Option<f64> = hour.iter().map(|v| v.map(|v| v.0)).sum();
            *sum += known? / hour.len() as f64;
        }
    }
    Some(total)
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
