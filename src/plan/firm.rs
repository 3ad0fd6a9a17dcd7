//! Firm IT load: what runs whatever a plan says.
//!
//! `it_load` where it is metered or forecast; else metered `load` over PUE, less what plans placed then;
//! else the portfolio's `it_load_mw`. Taken step by step, the best source that knows the step.

use crate::forecast::expect::Shape;
use crate::forecast::{Expected, expect};
use crate::portfolio::Portfolio;
use reports::inputs::SeriesMap;
use reports::series::resample::{self, Long};
use reports::time::Grid;
use reports::units::wh_to_mw;

pub struct Sources<'a> {
    pub supplier: &'a SeriesMap,
    pub history: &'a SeriesMap,
    /// IT megawatts of planned work in each step of the history.
    pub drawn_mw: &'a [f64],
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
