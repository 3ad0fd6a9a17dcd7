//! What was known ahead: suppliers' forecasts by issue, and what is published before its intervals.

use crate::store::{Store, forecasts};
use reports::inputs::{Point, SeriesMap};
use reports::time::{Instant, Interval};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Supplier forecasts of a series, each with its issue, newest issue first.
pub(super) type Vintages = BTreeMap<String, Vec<(Instant, Point)>>;

#[derive(Debug, Clone, Default)]
pub(super) struct Supplied {
    vintages: Arc<Vintages>,
    /// Readings of what had not ended when they were cut: facts published ahead.
    published: SeriesMap,
}

/// Forecasts of series over a period, issued by an instant.
pub(super) async fn vintages(
    store: &Store,
    names: &[String],
    over: Interval,
    known: Instant,
) -> sqlx::Result<Vintages> {
    let mut vintages = Vintages::new();
    for name in names {
        let issued = forecasts::vintages(store, name, over, known.seconds()).await?;
        if !issued.is_empty() {
            let issued = issued.into_iter().map(|(at_s, point)| (Instant::from_seconds(at_s), point));
            vintages.insert(name.clone(), issued.collect());
        }
    }
    Ok(vintages)
}

impl Supplied {
    pub fn new(vintages: Vintages, published: SeriesMap) -> Self {
        Self { vintages: Arc::new(vintages), published }
    }

    /// Of a period, as known at an instant: what was published ahead, and the newest forecasts issued by then where that
    /// leaves room.
    pub fn at(&self, period: Interval, now: Instant) -> SeriesMap {
        let mut ahead = SeriesMap::new();
        let names: BTreeSet<&String> = self.vintages.keys().chain(self.published.keys()).collect();
        for name in names {
            let published = self.published.get(name).into_iter().flatten();
            let issued = self.vintages.get(name).into_iter().flatten();
            let known = issued.filter(|(issued, _)| *issued <= now).map(|(_, point)| point);
            let touching = published.chain(known).filter(|p| p.start_s < period.end_s && p.end_s > period.start_s);
            let points = forecasts::lay(touching.copied());
            if !points.is_empty() {
                ahead.insert(name.clone(), points);
            }
        }
        ahead
    }
}
