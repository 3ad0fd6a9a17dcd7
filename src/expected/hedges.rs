//! Supply that may not come: contracts of one list of sites together, in tiers by how often forecasts have been off.

use super::errors::{self, Issued};
use super::expect::{Expected, Origin};
use super::track::Track;
use super::tracks::per_hour;
use super::view::Hedge;
use super::world::World;
use reports::time::Grid;

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
