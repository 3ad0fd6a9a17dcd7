//! Load behind a site's meter from its channels: `import + on-site + discharge - charge - export`.

use super::SeriesError;
use super::resample::{self, Energy, Long};
use crate::inputs::{Inputs, Quality};
use crate::time::Grid;

/// A site's channels on the grid. Import decides which intervals they tell the load of.
#[derive(Debug, Clone)]
pub struct Channels {
    /// None where import, or another channel the site reports, is not metered.
    pub load_wh: Vec<Option<i64>>,
    /// Whether any channel has a reading in the interval.
    pub touched: Vec<bool>,
    pub worst: Vec<Quality>,
    pub import_wh: Vec<i64>,
    pub onsite_wh: Vec<i64>,
    pub export_wh: Vec<i64>,
    pub onsite_worst: Vec<Quality>,
    /// Discharge less charge of the site's storage.
    storage_wh: Vec<i64>,
}

impl Channels {
    /// What the channels but import come to.
    pub fn beside_import(&self, index: usize) -> i64 {
        self.onsite_wh[index] + self.storage_wh[index] - self.export_wh[index]
    }

    /// Whether the site exports more than this import: nothing was purchased in the interval then.
    pub fn exports_more(&self, index: usize, import_wh: i64) -> bool {
        self.export_wh[index] > import_wh
    }

    /// Charge less discharge of the site's storage: purchased or generated, and no load.
    pub fn storage_losses(&self, index: usize) -> i64 {
        -self.storage_wh[index]
    }
}

/// The channels of a site; none where no channel has a reading in the period.
pub fn of(
    inputs: &Inputs,
    site: &str,
    grid: Grid,
    storage: Option<(Vec<i64>, Vec<i64>)>,
) -> Result<Option<Channels>, SeriesError> {
    let read = |leaf: &str, long: Long| -> Result<Option<Energy>, SeriesError> {
        let name = format!("site/{site}/{leaf}");
        let Some(points) = inputs.series.get(&name) else { return Ok(None) };
        let energy = resample::energy(&name, points, grid, long)?;
        Ok(energy.covered_s.iter().any(|s| *s > 0).then_some(energy))
    };
    let import = read("import", Long::SpreadFlat)?;
    let onsite = read("onsite_generation", Long::Refuse)?;
    let export = read("export", Long::Refuse)?;
    if import.is_none() && onsite.is_none() && export.is_none() {
        return Ok(None);
    }
    let zero = vec![0; grid.len];
    let (discharge, charge) = storage.unwrap_or((zero.clone(), zero));
    let present: Vec<&Energy> = [&import, &onsite, &export].into_iter().flatten().collect();
    let mut channels = Channels {
        load_wh: vec![None; grid.len],
        touched: (0..grid.len).map(|t| present.iter().any(|e| e.covered_s[t] > 0)).collect(),
        worst: vec![Quality::Measured; grid.len],
        import_wh: import.as_ref().map_or_else(|| vec![0; grid.len], |e| e.wh.clone()),
        onsite_wh: onsite.as_ref().map_or_else(|| vec![0; grid.len], |e| e.wh.clone()),
        export_wh: export.as_ref().map_or_else(|| vec![0; grid.len], |e| e.wh.clone()),
        onsite_worst: onsite.as_ref().map_or_else(|| vec![Quality::Missing; grid.len], |e| e.worst.clone()),
        storage_wh: Vec::with_capacity(grid.len),
    };
    for t in 0..grid.len {
        let overflow = || SeriesError::Overflow { series: format!("site/{site}/import") };
        channels.storage_wh.push(discharge[t].checked_sub(charge[t]).ok_or_else(overflow)?);
        channels.worst[t] = present.iter().map(|e| e.worst[t]).max().unwrap_or(Quality::Missing);
        let known = import.is_some() && present.iter().all(|e| e.is_complete(t, grid));
        if let (true, Some(import)) = (known, &import) {
            let sum = import.wh[t].checked_add(channels.beside_import(t)).ok_or_else(overflow)?;
            channels.load_wh[t] = Some(sum);
        }
    }
    Ok(Some(channels))
}
