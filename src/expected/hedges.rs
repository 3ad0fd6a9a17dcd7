//! Supply that may not come: contracts of one list of sites together, in tiers by how often forecasts have been off.

use super::derive::{Derive, counts};
use super::errors::{self, Issued};
use super::expect::{Expected, Origin};
use super::quantiles::Quantiles;
use super::track::{Track, hour_mean};
use super::view::Hedge;
use reports::definitions::{ContractDef, SharingRule};
use std::ops::Range;

/// Contracts that serve the same sites under the same terms: they are hedged together.
#[derive(Debug, Clone)]
pub(super) struct List {
    contracts: Vec<usize>,
    issued: Issued,
    /// Actual total by hour of the span, NaN where not known.
    actual: Vec<f64>,
    /// Steps of an hour.
    per_hour: usize,
}

/// Contracts that count, are matched to the same sites by the same settlement, and have no fixed split.
pub(super) fn lists(derive: &Derive, tracks: &[Track], (hours, per_hour): (usize, usize)) -> Vec<List> {
    let contracts = &derive.portfolio.definitions.contracts;
    let mut found: Vec<List> = Vec::new();
    for (index, contract) in contracts.iter().enumerate() {
        if !counts(&derive.rules, contract) || contract.allocation == SharingRule::ProRataContract {
            continue;
        }
        match found.iter_mut().find(|list| alike(&contracts[list.contracts[0]], contract)) {
            Some(list) => list.contracts.push(index),
            None => {
                let (contracts, actual) = (vec![index], vec![0.0; hours]);
                found.push(List { contracts, issued: Issued::default(), actual, per_hour });
            }
        }
    }
    for list in &mut found {
        for &c in &list.contracts {
            for (sum, hour) in list.actual.iter_mut().zip(tracks[c].values().chunks(per_hour)) {
                *sum += hour_mean(hour).unwrap_or(f64::NAN);
            }
        }
    }
    found
}

fn alike(one: &ContractDef, other: &ContractDef) -> bool {
    (&one.boundary, &one.sites, one.settlement) == (&other.boundary, &other.sites, other.settlement)
}

impl List {
    /// What it delivers in steps of the span, with quantiles where nobody supplied it; none where somebody did in every
    /// step, or where too little has been issued to judge by.
    pub fn hedge(&mut self, steps: Range<usize>, tracks: &mut [Track], delivered: &[Expected]) -> Option<Hedge> {
        // A supplier's forecast has errors of its own, which ours say nothing of.
        let own = |step: usize| {
            let mut origins = self.contracts.iter().map(|c| delivered[*c].origins[step]);
            origins.all(|origin| matches!(origin, Origin::Learnt | Origin::History))
        };
        let hedged: Vec<bool> = (0..steps.len()).map(own).collect();
        if !hedged.contains(&true) {
            return None;
        }
        let issue = steps.start / self.per_hour;
        for at in Issued::wanted(issue) {
            if !self.issued.has(at)
                && let Some(total) = self.issue_total(tracks, at)
            {
                self.issued.add(at, total);
            }
        }
        let leads = steps.len().div_ceil(self.per_hour) + 1;
        let pools = self.issued.quantiles(issue, leads, &self.actual)?;
        let total = Hedge::total(&self.contracts, delivered);
        let quantiles = |(step, at): (usize, usize)| -> Option<Quantiles> {
            let off = &pools[at / self.per_hour - issue];
            hedged[step].then(|| off.map(|error| (total.values[step] + error).max(0.0)))
        };
        let quantiles = steps.enumerate().map(quantiles).collect();
        Some(Hedge { contracts: self.contracts.clone(), total_mw: Expected { quantiles, ..total } })
    }

    /// Forecast of the total as issued at an hour; none where a contract was not known at all then.
    fn issue_total(&self, tracks: &mut [Track], at: usize) -> Option<Vec<f64>> {
        let mut total = vec![0.0; errors::LEADS];
        for &c in &self.contracts {
            let own = tracks[c].own(at * self.per_hour, errors::LEADS * self.per_hour).known_values();
            for (sum, hour) in total.iter_mut().zip(own.chunks(self.per_hour)) {
                *sum += hour_mean(hour)?;
            }
        }
        Some(total)
    }

    /// Forgets issues that a forecast at an hour does not judge itself by.
    pub fn forget_before(&mut self, hour: usize) {
        self.issued.forget_before(Issued::wanted(hour).start);
    }
}
