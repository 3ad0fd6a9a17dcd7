//! Built-in forecasts as they would have been issued over a period, beside what came.

use super::accuracy::{Band, Pair};
use super::common::{ContractLeaf, Expected, Grid, GridLeaf, Interval, Origin, SeriesName, SiteLeaf, Values};
use super::quantiles::LEVELS;
use super::supplied::Supplied;
use super::view::View;
use super::world::World;
use ids::{BoundaryIndex, ContractIndex, Index, SiteIndex};
use std::collections::BTreeMap;

/// Pairs by series and unit: MW of contracts and firm IT load, g/kWh, shares and prices of boundaries. Contracts that
/// are hedged together stand as their total too, ids joined by ` + `.
pub type Replayed = BTreeMap<(String, &'static str), Vec<Pair>>;

impl World {
    /// Issues every `every_s` from the start of `period`, each as far as `horizon_s` or the period's end, as if no
    /// supplier had forecast anything. Nothing after an issue is looked at.
    pub fn replay(&mut self, period: Interval, every_s: i64, horizon_s: i64) -> anyhow::Result<Replayed> {
        self.supplied = Supplied::default();
        let mut replayed = Replayed::new();
        let step_s = self.span.step_s;
        let mut issued = period.start;
        while issued + step_s <= period.end {
            let len = horizon_s.min(period.end - issued).div_euclid(step_s) as usize;
            let grid = Grid { start: issued, step_s, len };
            let view = self.view(grid, grid.start(0))?;
            self.gather(grid, &view, &mut replayed);
            self.forget_before(grid);
            issued += every_s;
        }
        Ok(replayed)
    }

    fn gather(&self, grid: Grid, view: &View, replayed: &mut Replayed) {
        let definitions = &self.portfolio().definitions;
        let mut put = |name: SeriesName, unit: &'static str, expected: &Expected, actual: &[Option<f64>]| {
            replayed.entry((name.into(), unit)).or_default().extend(pairs(grid, expected, actual));
        };
        let delivered = self.actual_delivered(grid);
        for (index, contract) in ContractIndex::each(&definitions.contracts) {
            let alone = view.hedges.iter().find(|h| h.contracts == [index]);
            let expected = alone.map_or(&view.delivered_mw[index], |hedge| &hedge.total_mw);
            put(SeriesName::contract(&contract.id, ContractLeaf::Generation), "MW", expected, &delivered[index]);
        }
        for hedge in view.hedges.iter().filter(|h| h.contracts.len() > 1) {
            let ids: Vec<&str> = hedge.contracts.iter().map(|c| definitions.contracts[*c].id.as_str()).collect();
            let name = SeriesName::contract(&ids.join(" + ").into(), ContractLeaf::Generation);
            // Known where all were measured.
            let together = |step: usize| hedge.contracts.iter().map(|c| delivered[*c][step]).sum::<Option<f64>>();
            put(name, "MW", &hedge.total_mw, &(0..grid.len).map(together).collect::<Values>());
        }
        for (index, firm) in SiteIndex::each(&self.actual_firm(grid)) {
            let name = SeriesName::site(&definitions.sites[index].id, SiteLeaf::ItLoad);
            put(name, "MW", &view.firm_it_mw[index], firm);
        }
        for (index, boundary) in BoundaryIndex::each(&definitions.boundaries) {
            let ahead = &view.boundaries[index];
            let came = self.boundaries[index].each().map(|track| self.part(track, grid));
            let name = |leaf: GridLeaf| SeriesName::grid(&boundary.id, leaf);
            put(name(GridLeaf::CarbonIntensity), "g/kWh", &ahead.average_g_per_kwh, &came.average);
            put(name(GridLeaf::CfeShare), "share", &ahead.cfe_share, &came.cfe_share);
            put(name(GridLeaf::Price), "currency/MWh", &ahead.price_per_mwh, &came.price);
        }
    }
}

/// Steps that were forecast from history and measured later.
fn pairs(grid: Grid, expected: &Expected, actual: &[Option<f64>]) -> Vec<Pair> {
    let last = LEVELS.len() - 1;
    let one = |step: usize| {
        let actual = actual[step]?;
        matches!(expected.origins[step], Origin::Learnt | Origin::History).then(|| Pair {
            issued: grid.start(0),
            end: grid.start(step + 1),
            forecast: expected.values[step],
            actual,
            band: expected.quantiles.get(step).copied().flatten().map(|levels| Band {
                low: levels[0],
                high: levels[last],
                stated: LEVELS[last] - LEVELS[0],
            }),
        })
    };
    (0..grid.len).filter_map(one).collect()
}
