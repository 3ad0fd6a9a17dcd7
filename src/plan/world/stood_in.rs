//! Values of sources that stood in for better ones.

use crate::store::stand_ins::StandIn;
use reports::fallbacks::{Fallback, of_series};
use reports::inputs::{Point, SeriesMap};
use std::collections::BTreeMap;

/// Of all series; `stand_ins` are the revisions of such sources.
pub(super) fn of_points(series: &SeriesMap, stand_ins: &BTreeMap<i64, StandIn>) -> Vec<Fallback> {
    let of = |(name, points): (&String, &Vec<Point>)| {
        let values = points.iter().map(|point| (point.interval(), point.revision));
        of_series(name, values, |revision| stand_ins.get(&revision)?.for_series(name))
    };
    series.iter().flat_map(of).collect()
}
