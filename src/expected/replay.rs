//! Built-in forecasts as they would have been issued over a period, beside what came.

use super::accuracy::{Band, Pair};
use super::derive::Values;
use super::errors::LEVELS;
use super::expect::{Expected, Origin};
use super::view::View;
use super::world::World;
use reports::inputs::SeriesMap;
use reports::series::name::{ContractLeaf, GridLeaf, SeriesName, SiteLeaf};
use reports::time::{Grid, Interval};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pairs by series and unit: MW of contracts and firm IT load, g/kWh, shares and prices of boundaries. Contracts that
/// are hedged together stand as their total too, ids joined by ` + `.
pub type Replayed = BTreeMap<(String, &'static str), Vec<Pair>>;

impl World {
    /// Issues every `every_s` from the start of `period`, each as far as `horizon_s` or the period's end, as if no
    /// supplier had forecast anything. Nothing after an issue is looked at.
    pub fn replay(&mut self, period: Interval, every_s: i64, horizon_s: i64) -> anyhow::Result<Replayed> {
        self.vintages = Arc::default();
        self.published = SeriesMap::new();
        let mut replayed = Replayed::new();
        let step_s = self.span.step_s;
        let mut issued_s = period.start_s;
        while issued_s + step_s <= period.end_s {
            let len = horizon_s.min(period.end_s - issued_s).div_euclid(step_s) as usize;
            let grid = Grid { start_s: issued_s, step_s, len };
            let view = self.view(grid, issued_s)?;
            self.gather(grid, &view, &mut replayed);
            self.forget_before(issued_s);
            issued_s += every_s;
        }
        Ok(replayed)
    }

    fn gather(&self, grid: Grid, view: &View, replayed: &mut Replayed) {
        let definitions = &self.derive.portfolio.definitions;
        let mut put =
            |name: SeriesName, unit: &'static str, expected: &Expected, actual: &[Option<f64>], bands: Bands<'_>| {
                replayed.entry((name.into(), unit)).or_default().extend(pairs(grid, expected, actual, bands));
            };
        let delivered = self.actual_delivered(grid);
        for (index, contract) in definitions.contracts.iter().enumerate() {
            let alone = view.hedges.iter().find(|h| h.contracts == [index]);
            let bands = alone.map(|h| h.levels.as_slice());
            let name = SeriesName::contract(&contract.id, ContractLeaf::Generation);
            put(name, "MW", &view.delivered_mw[index], &delivered[index], bands);
        }
        for hedge in view.hedges.iter().filter(|h| h.contracts.len() > 1) {
            let ids: Vec<&str> = hedge.contracts.iter().map(|c| definitions.contracts[*c].id.as_str()).collect();
            let (expected, actual) = total(&hedge.contracts, view, &delivered);
            let name = SeriesName::contract(&ids.join(" + "), ContractLeaf::Generation);
            put(name, "MW", &expected, &actual, Some(hedge.levels.as_slice()));
        }
        for (index, firm) in self.actual_firm(grid).iter().enumerate() {
            let name = SeriesName::site(&definitions.sites[index].id, SiteLeaf::ItLoad);
            put(name, "MW", &view.firm_it_mw[index], firm, None);
        }
        for (index, boundary) in definitions.boundaries.iter().enumerate() {
            let (ahead, came) = (&view.boundaries[index], self.actual_boundary(index, grid));
            let name = |leaf: GridLeaf| SeriesName::grid(&boundary.id, leaf);
            put(name(GridLeaf::CarbonIntensity), "g/kWh", &ahead.average_g_per_kwh, &came.average, None);
            put(name(GridLeaf::CfeShare), "share", &ahead.cfe_share, &came.cfe_share, None);
            put(name(GridLeaf::Price), "currency/MWh", &ahead.price_per_mwh, &came.price, None);
        }
    }
}

/// Quantiles of each step, where there are any.
type Bands<'a> = Option<&'a [Option<[f64; LEVELS.len()]>]>;

/// Steps that were forecast from history and measured later.
fn pairs(grid: Grid, expected: &Expected, actual: &[Option<f64>], bands: Bands<'_>) -> Vec<Pair> {
    let last = LEVELS.len() - 1;
    let one = |step: usize| {
        let actual = actual[step]?;
        matches!(expected.origins[step], Origin::Learnt | Origin::History).then(|| Pair {
            issued_s: grid.start_s,
            end_s: grid.start(step + 1),
            forecast: expected.values[step],
            actual,
            band: bands.and_then(|levels| levels[step].as_ref()).map(|levels| Band {
                low: levels[0],
                high: levels[last],
                stated: LEVELS[last] - LEVELS[0],
            }),
        })
    };
    (0..grid.len).filter_map(one).collect()
}

/// Contracts together: forecast from the least good origin of any, measured where all are.
fn total(contracts: &[usize], view: &View, delivered: &[Values]) -> (Expected, Values) {
    let steps = view.delivered_mw.first().map_or(0, |e| e.values.len());
    let mut expected = Expected { values: vec![0.0; steps], origins: vec![Origin::Supplier; steps] };
    let mut actual = vec![Some(0.0); steps];
    for &c in contracts {
        for step in 0..steps {
            expected.values[step] += view.delivered_mw[c].values[step];
            expected.origins[step] = expected.origins[step].max(view.delivered_mw[c].origins[step]);
            actual[step] = actual[step].zip(delivered[c][step]).map(|(sum, mw)| sum + mw);
        }
    }
    (expected, actual)
}
