//! Readings and forecasts above a capacity that the portfolio states. They stay in the store as received, but plans
//! treat them as unknown, and fill their steps like any other unknown ones.

use super::codes;
use super::note::{Note, named};
use super::supplied::Vintages;
use reports::door::{Bound, Expected, is_above_capacity, power};
use reports::inputs::{Point, SeriesMap};
use reports::words::counted;

/// Takes them out, and says of each series what was taken out and when.
pub(super) fn leave_out(expected: &Expected, readings: &mut SeriesMap, forecasts: &mut Vintages) -> Vec<Note> {
    let mut notes = Vec::new();
    for (series, bound) in &expected.capacity {
        if let Some(points) = readings.get_mut(series) {
            let above: Vec<Point> = points.extract_if(.., |point| is_above_capacity(point, bound)).collect();
            notes.extend(note((series.as_str(), bound), &above, ("reading", "readings")));
        }
        if let Some(points) = forecasts.get_mut(series) {
            let above = points.extract_if(.., |(_, point)| is_above_capacity(point, bound));
            let above: Vec<Point> = above.map(|(_, point)| point).collect();
            notes.extend(note((series.as_str(), bound), &above, ("forecast value", "forecast values")));
        }
    }
    // A series without a reading is one that nobody supplied.
    readings.retain(|_, points| !points.is_empty());
    forecasts.retain(|_, points| !points.is_empty());
    notes
}

fn note((series, bound): (&str, &Bound), above: &[Point], (one, many): (&str, &'static str)) -> Option<Note> {
    let highest = above.iter().max_by_key(|point| i128::from(point.value) * 3_600 / i128::from(length_s(point)))?;
    let message = format!(
        "{series}: {} above {}, the highest {}, taken as not known: {}",
        counted(above.len(), one, many),
        bound.what,
        power(highest),
        named(above.iter().map(Point::interval).collect())
    );
    Some(Note {
        code: codes::ABOVE_LIMIT,
        series: series.to_string(),
        quantity: above.len() as f64,
        unit: many,
        message,
    })
}

fn length_s(point: &Point) -> i64 {
    (point.end - point.start).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::inputs::Quality;
    use reports::time::Instant;
    use std::collections::BTreeMap;

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
        let said: Vec<(&str, f64, &str)> = notes.iter().map(|n| (n.code, n.quantity, n.message.as_str())).collect();
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
}
