//! What the grid of a boundary was like, interval by interval: feeds first, then the mix.

pub use super::mix::Area;
use super::name::{GridLeaf, SeriesName};
use super::residual::{self, Residual};
use super::{SeriesError, mix, resample};
use crate::books::{Origin, Share};
use crate::definitions::BoundaryDef;
use crate::inputs::Inputs;
use crate::time::Grid;

#[derive(Debug, Clone)]
pub struct BoundarySeries {
    pub cfe_share: Option<Vec<Option<Share>>>,
    pub intensity_mg_per_kwh: Option<Vec<Option<i64>>>,
    pub intensity_origin: Origin,
    /// Life-cycle minus direct of the mix, only on a direct basis and without a feed.
    pub upstream_mg_per_kwh: Option<Vec<i64>>,
    pub residual_mg_per_kwh: Option<Vec<Option<i64>>>,
    pub residual_computed: Option<Residual>,
    pub fossil_mg_per_kwh: Option<Vec<Option<i64>>>,
    pub fossil_origin: Origin,
}

/// A declared feed wins over what the mix says, interval by interval.
fn first_of<T: Copy>(feed: Option<Vec<Option<T>>>, derived: Option<Vec<Option<T>>>) -> Option<Vec<Option<T>>> {
    match (feed, derived) {
        (Some(feed), Some(derived)) => Some(feed.into_iter().zip(derived).map(|(a, b)| a.or(b)).collect()),
        (feed, derived) => feed.or(derived),
    }
}

fn never<T>(values: &[Option<T>]) -> bool {
    values.iter().all(Option::is_none)
}

/// Whether a feed tells any interval, and whether what is derived tells one that the feed does not.
fn origin(feed: Option<&Vec<Option<i64>>>, derived: Option<&Vec<Option<i64>>>) -> Origin {
    let has_reading = |index: usize| feed.is_some_and(|values| values[index].is_some());
    let mut known = derived.into_iter().flatten().enumerate().filter(|(_, value)| value.is_some());
    Origin { supplied: feed.is_some_and(|values| !never(values)), table: known.any(|(index, _)| !has_reading(index)) }
}

/// Life-cycle less direct intensity, each of which is its own highest where the mix is not known, so that direct and
/// upstream add up to life-cycle in those intervals too.
fn upstream(life_cycle: &[Option<i64>], direct: &[Option<i64>]) -> Option<Vec<i64>> {
    let (whole, part) = (life_cycle.iter().flatten().max()?, direct.iter().flatten().max()?);
    Some(life_cycle.iter().zip(direct).map(|(a, b)| a.unwrap_or(*whole) - b.unwrap_or(*part)).collect())
}

/// The series of a boundary from everything a report is computed from.
pub fn of_inputs(inputs: &Inputs, definition: &BoundaryDef, grid: Grid) -> Result<BoundarySeries, SeriesError> {
    let Inputs { series, fuels, factors, ruleset, .. } = inputs;
    derive(&Area { definition, series, fuels, factors, basis: inputs.definitions.factor_basis, ruleset }, grid)
}

pub fn derive(area: &Area<'_>, grid: Grid) -> Result<BoundarySeries, SeriesError> {
    let points = |leaf: GridLeaf| area.series.get(SeriesName::grid(&area.definition.id, leaf).as_str());
    let factor = |leaf: GridLeaf| points(leaf).map(|p| resample::factor(p, grid)).filter(|values| !never(values));
    let share = points(GridLeaf::CfeShare).map(|p| resample::share(p, grid)).filter(|values| !never(values));
    let mix = mix::of_boundary(area, grid)?;
    let of_mix = |mix: mix::Mix| {
        let fossil = Some(mix.fossil_mg_per_kwh);
        (Some(mix.cfe_share), Some(mix.intensity_mg_per_kwh), fossil, mix.life_cycle_mg_per_kwh)
    };
    let (mix_share, mix_intensity, mix_fossil, life_cycle) = mix.map(of_mix).unwrap_or_default();
    let feed = factor(GridLeaf::CarbonIntensity);
    // A supplied intensity of another basis than the mix's is never filled up from it.
    let fills = feed.is_none() || area.definition.factor_basis.is_none_or(|basis| basis == area.basis);
    let both = life_cycle.as_ref().zip(mix_intensity.as_ref()).filter(|_| feed.is_none());
    let upstream_mg_per_kwh = both.and_then(|(whole, direct)| upstream(whole, direct));
    let fossil = factor(GridLeaf::FossilIntensity);
    Ok(BoundarySeries {
        intensity_origin: origin(feed.as_ref(), mix_intensity.as_ref().filter(|_| fills)),
        fossil_origin: origin(fossil.as_ref(), mix_fossil.as_ref()),
        cfe_share: first_of(share, mix_share),
        intensity_mg_per_kwh: if fills { first_of(feed, mix_intensity) } else { feed },
        upstream_mg_per_kwh,
        residual_mg_per_kwh: factor(GridLeaf::ResidualIntensity),
        residual_computed: residual::factors(area, grid)?,
        fossil_mg_per_kwh: first_of(fossil, mix_fossil),
    })
}
