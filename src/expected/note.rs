//! Notes on a series: what was left out of it, which source stood in for which, and what fills steps without a supplied
//! value.

use super::{blend, codes};
use crate::store::stand_ins::{StandIn, fallbacks};
use reports::door::{Bound, Expected, is_above_capacity, power};
use reports::fallbacks::Fallback;
use reports::inputs::{Point, SeriesMap};
use reports::time::{Grid, Instant, Interval};
use reports::words::counted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is said of a series, a piece of work or a plan: plans and backtests list it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    pub subject: String,
    pub quantity: f64,
    pub unit: String,
    pub message: String,
}

impl Reason {
    pub fn new(code: &str, subject: impl Into<String>, quantity: f64, unit: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), subject: subject.into(), quantity, unit: unit.into(), message: message.into() }
    }
}

/// Spans that are named one by one.
const NAMED: usize = 3;

/// The first spans, and how many more there are; those that touch are one.
fn named(mut intervals: Vec<Interval>) -> String {
    intervals.sort();
    let mut spans: Vec<Interval> = Vec::new();
    for next in intervals {
        match spans.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => spans.push(next),
        }
    }
    let mut text = spans.iter().take(NAMED).map(ToString::to_string).collect::<Vec<String>>().join(", ");
    if spans.len() > NAMED {
        text.push_str(&format!(" and {}", counted(spans.len() - NAMED, "other span", "other spans")));
    }
    text
}

/// By series, each with its issue.
type Forecasts = BTreeMap<String, Vec<(Instant, Point)>>;

/// Takes out readings and forecasts above a capacity that the portfolio states, and says of each series what and when. They
/// stay in the store as received, but plans treat them as unknown, and fill their steps like any other unknown ones.
pub(super) fn leave_out(expected: &Expected, readings: &mut SeriesMap, forecasts: &mut Forecasts) -> Vec<Reason> {
    let mut notes = Vec::new();
    for (series, bound) in &expected.capacity {
        if let Some(points) = readings.get_mut(series) {
            let above: Vec<Point> = points.extract_if(.., |point| is_above_capacity(point, bound)).collect();
            notes.extend(above_limit((series.as_str(), bound), &above, ("reading", "readings")));
        }
        if let Some(points) = forecasts.get_mut(series) {
            let above = points.extract_if(.., |(_, point)| is_above_capacity(point, bound));
            let above: Vec<Point> = above.map(|(_, point)| point).collect();
            notes.extend(above_limit((series.as_str(), bound), &above, ("forecast value", "forecast values")));
        }
    }
    // A series without a reading is one that nobody supplied.
    readings.retain(|_, points| !points.is_empty());
    forecasts.retain(|_, points| !points.is_empty());
    notes
}

fn above_limit((series, bound): (&str, &Bound), above: &[Point], (one, many): (&str, &str)) -> Option<Reason> {
    let highest = above
        .iter()
        .max_by_key(|point| i128::from(point.value) * 3_600 / i128::from((point.end - point.start).max(1)))?;
    let message = format!(
        "{series}: {} above {}, the highest {}, taken as not known: {}",
        counted(above.len(), one, many),
        bound.what,
        power(highest),
        named(above.iter().map(Point::interval).collect())
    );
    Some(Reason::new(codes::ABOVE_LIMIT, series, above.len() as f64, many, message))
}

/// Sources that stood in for better ones: their readings, and the revisions that they gave.
#[derive(Debug, Clone, Default)]
pub(super) struct StoodIn {
    readings: Vec<Fallback>,
    revisions: Arc<BTreeMap<i64, StandIn>>,
}

impl StoodIn {
    pub fn new(readings: &SeriesMap, revisions: BTreeMap<i64, StandIn>) -> Self {
        Self { readings: fallbacks(readings, &revisions), revisions: Arc::new(revisions) }
    }

    /// Of the readings that count over a period.
    pub fn over(&self, period: Interval) -> Vec<Reason> {
        let over = self.readings.iter().filter(|fallback| fallback.span.overlap_s(period) > 0);
        notes(over.cloned().collect(), ("reading", "readings"))
    }

    /// Of what a horizon is planned with: the readings of the fortnight before it, and what was supplied of itself.
    pub fn ahead(&self, grid: Grid, supplied: &SeriesMap) -> Vec<Reason> {
        let mut list = self.over(blend::behind(grid).period());
        list.extend(notes(fallbacks(supplied, &self.revisions), ("value ahead", "values ahead")));
        list
    }
}

/// One for each series, source and source that it stood in for.
fn notes(list: Vec<Fallback>, (one, many): (&str, &str)) -> Vec<Reason> {
    let mut groups: BTreeMap<(String, String, String), Vec<Fallback>> = BTreeMap::new();
    for fallback in list {
        let Fallback { series, source, in_place_of, .. } = &fallback;
        groups.entry((series.clone(), source.clone(), in_place_of.clone())).or_default().push(fallback);
    }
    let note = |((series, source, better), of_it): ((String, String, String), Vec<Fallback>)| {
        let count: usize = of_it.iter().map(|fallback| fallback.readings).sum();
        let message = format!(
            "{series}: {} from {source}, which stood in for {better}: {}",
            counted(count, one, many),
            named(of_it.iter().map(|fallback| fallback.span).collect())
        );
        Reason::new(codes::FALLBACK_SOURCE, series, count as f64, many, message)
    };
    groups.into_iter().map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::inputs::Quality;

    fn point(hour: i64, mw: i64) -> Point {
        let [start, end] = [hour, hour + 1].map(|hour| Instant::from_seconds(hour * 3_600));
        Point { start, end, value: mw * 1_000_000, quality: Quality::Measured, revision: 1, row: hour + 1 }
    }

    #[test]
    fn what_is_above_a_limit_is_taken_out_and_told_and_what_meters_explain_stays() {
        let name = "site/s/load".to_string();
        let bound = Bound { watts: 12_000_000, what: "the grid_limit_mw of site s".into() };
        let expected = Expected { capacity: BTreeMap::from([(name.clone(), bound)]), ..Expected::default() };
        let other = ("site/t/load".to_string(), vec![point(0, 90)]);
        let held = [5, 13, 20, 12, 6, 14].into_iter().zip(0..).map(|(mw, hour)| point(hour, mw));
        let mut readings = SeriesMap::from([(name.clone(), held.collect()), other]);
        let mut forecasts = BTreeMap::from([(name.clone(), vec![(Instant::from_seconds(0), point(9, 24))])]);
        let notes = leave_out(&expected, &mut readings, &mut forecasts);
        let left: Vec<i64> = readings[&name].iter().map(|point| point.start.seconds() / 3_600).collect();
        assert_eq!(left, [0, 3, 4]);
        assert_eq!((readings.len(), forecasts.len()), (2, 0), "of a series without a limit all stay");
        let said: Vec<(&str, f64, &str)> =
            notes.iter().map(|n| (n.code.as_str(), n.quantity, n.message.as_str())).collect();
        assert_eq!(
            said,
            [
                (
                    "above_limit",
                    3.0,
                    "site/s/load: 3 readings above the grid_limit_mw of site s, the highest 20.000 MW, taken as not known: \
                     1970-01-01T01:00:00Z to 1970-01-01T03:00:00Z, 1970-01-01T05:00:00Z to 1970-01-01T06:00:00Z"
                ),
                (
                    "above_limit",
                    1.0,
                    "site/s/load: 1 forecast value above the grid_limit_mw of site s, the highest 24.000 MW, taken as not \
                     known: 1970-01-01T09:00:00Z to 1970-01-01T10:00:00Z"
                ),
            ]
        );
    }

    #[test]
    fn spans_that_touch_are_one_and_few_are_named() {
        let spans = |hours: &[i64]| {
            let at = |hour: i64| Instant::from_seconds(hour * 3_600);
            let one = |hour: &i64| Interval { start: at(*hour), end: at(hour + 1) };
            named(hours.iter().map(one).collect())
        };
        assert_eq!(spans(&[1, 0, 2]), "1970-01-01T00:00:00Z to 1970-01-01T03:00:00Z");
        assert!(spans(&[0, 2, 4, 6, 8]).ends_with("1970-01-01T05:00:00Z and 2 other spans"));
    }
}
