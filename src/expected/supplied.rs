//! What was known ahead: suppliers' forecasts by issue, and what is published before its intervals.

use super::common::{Instant, Interval, Point, SeriesMap};
use super::derive::is_published_ahead;
use crate::store::{Store, forecasts, readings};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Supplier forecasts of a series, each with its issue, newest issue first.
pub(super) type Vintages = BTreeMap<String, Vec<(Instant, Point)>>;

#[derive(Debug, Clone, Default)]
pub(super) struct Supplied {
    pub vintages: Arc<Vintages>,
    /// Readings of what had not ended when they were cut: facts published ahead.
    published: SeriesMap,
}

impl Supplied {
    /// Of series over a period: forecasts issued by an instant, and readings that had not ended then.
    pub async fn load(store: &Store, names: &[String], over: Interval, known: Instant) -> sqlx::Result<Self> {
        let mut vintages = Vintages::new();
        for name in names {
            let issued = forecasts::vintages(store, name, over, known).await?;
            if !issued.is_empty() {
                vintages.insert(name.clone(), issued);
            }
        }
        let ahead: Vec<String> = names.iter().filter(|name| is_published_ahead(name)).cloned().collect();
        let published = readings::published(store, &ahead, over, known).await?;
        Ok(Self { vintages: Arc::new(vintages), published })
    }

    /// Of a period, as known at an instant: what was published ahead, and around it the newest forecasts of then.
    pub fn at(&self, period: Interval, now: Instant) -> SeriesMap {
        let mut ahead = SeriesMap::new();
        let names: BTreeSet<&String> = self.vintages.keys().chain(self.published.keys()).collect();
        for name in names {
            let published = self.published.get(name).into_iter().flatten();
            let issued = self.vintages.get(name).into_iter().flatten();
            let known = issued.filter(|(issued, _)| *issued <= now).map(|(_, point)| point);
            let touching = published.chain(known).filter(|p| p.start < period.end && p.end > period.start);
            let points = forecasts::lay(touching.copied());
            if !points.is_empty() {
                ahead.insert(name.clone(), points);
            }
        }
        ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::inputs::Quality;

    const HOUR: i64 = 3_600;

    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR)
    }

    fn point(hour: i64, value: i64) -> Point {
        let (start, end) = (at(hour), at(hour + 1));
        Point { start, end, value, quality: Quality::Estimated, revision: 1, row: 2 }
    }

    #[test]
    fn later_issues_are_not_known_and_published_facts_come_first() {
        let name = "grid/A/price".to_string();
        let [first, second] = [1, 2].map(at);
        let newest_first = vec![(second, point(3, 30)), (second, point(4, 40)), (first, point(3, 33))];
        let published = SeriesMap::from([(name.clone(), vec![point(4, 44), point(9, 99)])]);
        let vintages = Arc::new(Vintages::from([(name.clone(), newest_first)]));
        let supplied = Supplied { vintages, published };
        let period = Interval { start: at(3), end: at(5) };
        let seen = |now: Instant| {
            let known = supplied.at(period, now);
            known[&name].iter().map(|point| (point.start.seconds() / HOUR, point.value)).collect::<Vec<_>>()
        };
        assert_eq!(seen(second), [(3, 30), (4, 44)]);
        assert_eq!(seen(second - 1), [(3, 33), (4, 44)]);
        assert_eq!(seen(first - 1), [(4, 44)]);
    }
}
