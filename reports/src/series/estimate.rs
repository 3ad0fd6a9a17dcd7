//! Load nobody metered: the series' highest valid reading at that local time of day within a number of days.

use super::SeriesError;
use super::resample::{self, Long};
use crate::inputs::Inputs;
use crate::time::{Grid, Zone};
use std::collections::BTreeMap;

/// Seconds on either side of a period that an estimate may look at.
pub fn reach_s(days: i64) -> i64 {
    // A day more, for clocks that change on the way.
    (days + 1) * 86_400
}

/// `14:30` by a site's wall clock.
pub fn local_time(zone: &str, instant_s: i64) -> Result<String, SeriesError> {
    let minute = in_zone(zone)?.minute_of_day(instant_s);
    Ok(format!("{:02}:{:02}", minute / 60, minute % 60))
}

fn in_zone(name: &str) -> Result<Zone, SeriesError> {
    Zone::parse(name).map_err(|e| SeriesError::UnknownId(e.to_string(), "time zone"))
}

/// The estimate of each missing interval; none where no valid reading is near.
pub fn highest(
    inputs: &Inputs,
    series: &str,
    zone: &str,
    grid: Grid,
    missing: &[usize],
) -> Result<Vec<Option<i64>>, SeriesError> {
    let zone = in_zone(zone)?;
    let days = inputs.ruleset.estimate_days;
    let steps = reach_s(days).div_euclid(grid.step_s);
    let wide = Grid {
        start_s: grid.start_s - steps * grid.step_s,
        step_s: grid.step_s,
        len: grid.len + 2 * usize::try_from(steps).unwrap_or(0),
    };
    let points = inputs.series.get(series).map_or(&[][..], Vec::as_slice);
    let energy = resample::energy(series, points, wide, Long::SpreadFlat)?;
    // Valid readings by local minute of day, each with its local day.
    let mut valid: BTreeMap<u32, Vec<(i64, i64)>> = BTreeMap::new();
    for index in 0..wide.len {
        if energy.is_complete(index, wide) && energy.worst[index].is_metered() {
            let start = wide.start(index);
            valid.entry(zone.minute_of_day(start)).or_default().push((zone.day_number(start), energy.wh[index]));
        }
    }
    Ok(missing
        .iter()
        .map(|index| {
            let start = grid.start(*index);
            let day = zone.day_number(start);
            let same_time = valid.get(&zone.minute_of_day(start)).map_or(&[][..], Vec::as_slice);
            same_time.iter().filter(|(other, _)| (other - day).abs() <= days).map(|(_, wh)| *wh).max()
        })
        .collect())
}
