//! Load behind a site's meter from its channels: `import + on-site + discharge - charge - export`.
//!
//! Import is a channel of every site whose load is not metered itself. On-site generation and export are where they
//! have a reading in the period, on-site also where the portfolio names its technology; charge and discharge are of
//! every storage that the portfolio puts at the site. Where a channel lacks a part of an interval the load is missing
//! there: none is taken as zero. (Rulesets before that one took storage that lacks as zero.)

use super::SeriesError;
use super::name::{SeriesName, SiteLeaf};
use super::resample::{self, Energy, Long, Over};
use crate::definitions::SiteDef;
use crate::inputs::{Inputs, Quality};
use crate::ruleset::MissingChannel;
use crate::time::Grid;

/// A series that a load is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub series: SeriesName,
    /// Added to the load, or taken off it.
    pub adds: bool,
    pub long: Long,
}

impl Term {
    pub fn new(series: SeriesName, adds: bool, long: Long) -> Self {
        Self { series, adds, long }
    }

    pub fn signed(&self, wh: i64) -> i128 {
        if self.adds { i128::from(wh) } else { -i128::from(wh) }
    }
}

/// A meter of a storage behind the site's own.
#[derive(Debug, Clone)]
pub struct Behind<'a> {
    pub term: Term,
    pub energy: &'a Energy,
}

/// A site's channels on the grid.
#[derive(Debug, Clone)]
pub struct Channels {
    /// None where a channel is not metered whole.
    pub load_wh: Vec<Option<i64>>,
    /// Whether import, on-site generation or export has a reading in the interval.
    pub touched: Vec<bool>,
    pub worst: Vec<Quality>,
    /// What is there of it, and whether that is all of the interval.
    pub import_wh: Vec<i64>,
    pub import_whole: Vec<bool>,
    pub onsite_wh: Vec<i64>,
    pub export_wh: Vec<i64>,
    pub onsite_worst: Vec<Quality>,
    /// What an estimate is made of, import first.
    pub terms: Vec<Term>,
    /// What was spread flat, by series.
    pub spread: Vec<(SeriesName, Vec<Over>)>,
    /// Discharge less charge of the site's storage.
    storage_wh: Vec<i64>,
}

impl Channels {
    /// What the channels but import come to.
    pub fn beside_import(&self, index: usize) -> i128 {
        let sum = |wh: &[i64]| i128::from(wh[index]);
        sum(&self.onsite_wh) + sum(&self.storage_wh) - sum(&self.export_wh)
    }

    /// Charge less discharge of the site's storage: purchased or generated, and no load.
    pub fn storage_losses(&self, index: usize) -> i64 {
        -self.storage_wh[index]
    }
}

/// The channels of a site; none where neither import, on-site generation nor export has a reading in the period.
pub fn combine(
    inputs: &Inputs,
    definition: &SiteDef,
    grid: Grid,
    storage: &[Behind<'_>],
) -> Result<Option<Channels>, SeriesError> {
    let name = |leaf: SiteLeaf| SeriesName::site(&definition.id, leaf);
    let read = |leaf: SiteLeaf, long: Long| -> Result<Option<Energy>, SeriesError> {
        let name = name(leaf);
        let Some(points) = inputs.series.get(name.as_str()) else { return Ok(None) };
        let energy = resample::energy(&name, points, grid, long)?;
        Ok(energy.covered_s.iter().any(|s| *s > 0).then_some(energy))
    };
    let import = read(SiteLeaf::Import, Long::Load)?;
    let onsite = read(SiteLeaf::OnsiteGeneration, Long::Refuse)?;
    let export = read(SiteLeaf::Export, Long::Refuse)?;
    if import.is_none() && onsite.is_none() && export.is_none() {
        return Ok(None);
    }
    let present: Vec<&Energy> = [&import, &onsite, &export].into_iter().flatten().collect();
    let mut needed = present.clone();
    let mut terms = vec![Term::new(name(SiteLeaf::Import), true, Long::Load)];
    let mut known = import.is_some();
    if inputs.ruleset.rules.missing_channel == MissingChannel::Missing {
        if onsite.is_some() || definition.onsite_technology.is_some() {
            terms.push(Term::new(name(SiteLeaf::OnsiteGeneration), true, Long::Refuse));
            known = known && onsite.is_some();
        }
        if export.is_some() {
            terms.push(Term::new(name(SiteLeaf::Export), false, Long::Refuse));
        }
        terms.extend(storage.iter().map(|meter| meter.term.clone()));
        needed.extend(storage.iter().map(|meter| meter.energy));
    }
    let spread = SiteLeaf::CHANNELS.into_iter().zip([&import, &onsite, &export]);
    let spread = spread.filter_map(|(leaf, energy)| Some((name(leaf), energy.as_ref()?.spread_over()))).collect();
    let zero = || vec![0; grid.len];
    let mut channels = Channels {
        load_wh: vec![None; grid.len],
        touched: (0..grid.len).map(|t| present.iter().any(|e| e.covered_s[t] > 0)).collect(),
        worst: (0..grid.len).map(|t| needed.iter().map(|e| e.worst[t]).max().unwrap_or(Quality::Missing)).collect(),
        import_wh: import.as_ref().map_or_else(zero, |e| e.wh.clone()),
        import_whole: (0..grid.len).map(|t| import.as_ref().is_some_and(|e| e.is_complete(t, grid))).collect(),
        onsite_wh: onsite.as_ref().map_or_else(zero, |e| e.wh.clone()),
        export_wh: export.as_ref().map_or_else(zero, |e| e.wh.clone()),
        onsite_worst: onsite.as_ref().map_or_else(|| vec![Quality::Missing; grid.len], |e| e.worst.clone()),
        terms,
        spread,
        storage_wh: storage_wh(storage, grid)?,
    };
    for t in (0..grid.len).filter(|t| known && needed.iter().all(|e| e.is_complete(*t, grid))) {
        let import_wh = import.as_ref().map_or(0, |e| e.wh[t]);
        let sum = i64::try_from(i128::from(import_wh) + channels.beside_import(t));
        channels.load_wh[t] = Some(sum.map_err(|_| SeriesError::Overflow { series: name(SiteLeaf::Import).into() })?);
    }
    Ok(Some(channels))
}

/// Discharge less charge, summed over the storage of a site.
fn storage_wh(storage: &[Behind<'_>], grid: Grid) -> Result<Vec<i64>, SeriesError> {
    let mut sum = vec![0_i64; grid.len];
    for meter in storage {
        for (sum, wh) in sum.iter_mut().zip(&meter.energy.wh) {
            let next = if meter.term.adds { sum.checked_add(*wh) } else { sum.checked_sub(*wh) };
            *sum = next.ok_or_else(|| SeriesError::Overflow { series: meter.term.series.clone().into() })?;
        }
    }
    Ok(sum)
}
