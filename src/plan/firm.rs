//! Firm IT load: what runs whatever a plan says.
//!
//! `it_load` where it is metered or forecast; else metered `load` over PUE, less what plans placed then;
//! else the portfolio's `it_load_mw`. Taken step by step, the best source that knows the step.

use crate::forecast::expect::Shape;
use crate::forecast::{Expected, expect};
use crate::portfolio::Portfolio;
use crate::store::{Store, plans};
use reports::inputs::SeriesMap;
use reports::series::resample::{self, Long};
use reports::time::{Grid, parse_instant};
use reports::units::wh_to_mw;

/// Plans read to learn what they placed; two weeks of four a day.
const PLANS_READ: i64 = 56;

pub struct Sources<'a> {
    pub supplier: &'a SeriesMap,
    pub history: &'a SeriesMap,
    /// IT megawatts of planned work in each step of the history.
    pub drawn_mw: &'a [f64],
}

/// What past plans placed at each site in each step of the history: the newest plan that had the step.
pub async fn drawn(store: &Store, portfolio: &Portfolio, history: Grid) -> anyhow::Result<Vec<Vec<f64>>> {
    let mut drawn = vec![vec![0.0; history.len]; portfolio.sites.len()];
    let period = history.period();
    for row in plans::touching(store, period.start_s, period.end_s, PLANS_READ).await? {
        let plan = super::read(&row)?;
        if plan.step_s() != history.step_s {
            continue;
        }
        for c in &plan.capacity {
            let step = parse_instant(&c.start).ok().and_then(|start_s| history.index_of(start_s));
            if let (Some(site), Some(step)) = (portfolio.site(&c.site), step) {
                drawn[site][step] = c.planned_mw;
            }
        }
    }
    Ok(drawn)
}

pub fn expected(
    portfolio: &Portfolio,
    site: usize,
    sources: &Sources<'_>,
    (history, grid): (Grid, Grid),
    shape: Shape,
) -> anyhow::Result<Expected> {
    let (definition, plan) = (&portfolio.definitions.sites[site], &portfolio.sites[site]);
    let megawatts = |series: &SeriesMap, grid: Grid, leaf: &str| -> anyhow::Result<Vec<Option<f64>>> {
        let name = format!("site/{}/{leaf}", definition.id);
        let points = series.get(&name).map_or(&[][..], Vec::as_slice);
        let energy = resample::energy(&name, points, grid, Long::SpreadFlat)?;
        Ok(energy.complete(grid).into_iter().map(|wh| wh.map(|wh| wh_to_mw(wh, grid.step_s))).collect())
    };
    let it_of = |facility_mw: f64| ((facility_mw - plan.overhead_mw) / plan.pue).max(0.0);
    let metered_it = expect(
        shape,
        &megawatts(sources.supplier, grid, "it_load")?,
        &megawatts(sources.history, history, "it_load")?,
        None,
    );
    let ahead: Vec<Option<f64>> =
        megawatts(sources.supplier, grid, "load")?.into_iter().map(|mw| mw.map(it_of)).collect();
    let past: Vec<Option<f64>> = megawatts(sources.history, history, "load")?
        .into_iter()
        .zip(sources.drawn_mw)
        .map(|(mw, drawn)| mw.map(|mw| (it_of(mw) - drawn).max(0.0)))
        .collect();
    Ok(metered_it.or(&expect(shape, &ahead, &past, plan.it_load_mw)))
}
