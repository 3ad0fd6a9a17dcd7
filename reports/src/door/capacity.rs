//! Readings above the capacity of a connection, a contract's plant or a storage.
//!
//! Doubted above 102 % of it: meters and their rounding are within 2 %. At more than twice a capacity nothing that is
//! connected can be metered: `ingest` refuses such rows.

use super::found::{Bound, Found, mw, of_points};
use super::samples::watts;
use crate::inputs::Point;
use crate::suspects::Check;

/// Percent of the capacity.
const DOUBTED_ABOVE: i128 = 102;
const IMPOSSIBLE_ABOVE: i128 = 200;

fn is_above(watts: i64, bound: &Bound, percent: i128) -> bool {
    i128::from(watts) * 100 > i128::from(bound.watts) * percent
}

pub(super) fn find(points: &[Point], bound: &Bound) -> Vec<Found> {
    let above: Vec<usize> = (0..points.len()).filter(|&i| is_above_capacity(&points[i], bound)).collect();
    of_points(Check::Capacity, points, &above, |run| {
        let highest = run.iter().max_by_key(|point| watts(point)).unwrap_or(&run[0]);
        format!("{}, above {}, {}{}", mw(watts(highest)), bound.what, mw(bound.watts), guess(highest, bound))
    })
}

/// Whether it is doubted: above what meters and their rounding explain.
pub fn is_above_capacity(point: &Point, bound: &Bound) -> bool {
    is_above(watts(point), bound, DOUBTED_ABOVE)
}

/// Mean power of a reading, in MW and words.
pub fn power(point: &Point) -> String {
    mw(watts(point))
}

/// Whether no meter behind this capacity can have read it.
pub fn is_impossible(point: &Point, bound: &Bound) -> bool {
    is_above(watts(point), bound, IMPOSSIBLE_ABOVE)
}

/// Why such a reading is not taken. `rises` says that its series looks like a register in the whole file.
pub fn impossible(series: &str, point: &Point, rises: bool, bound: &Bound) -> String {
    let guess = if rises {
        ": its values only rise, like a meter's register; ingest the differences, by `register = true` in the series of a \
         [source]"
            .into()
    } else {
        guess(point, bound)
    };
    format!(
        "{series}: {} in {} is more than twice {}, {}{guess}",
        mw(watts(point)),
        point.interval(),
        bound.what,
        mw(bound.watts)
    )
}

/// The mistake without which a reading would fit, where there is one: at most the capacity, and no trifle beside it.
fn guess(point: &Point, bound: &Bound) -> String {
    let fits = |watts: i64| !is_above(watts, bound, 100) && is_above(watts, bound, 1);
    let as_read = watts(point);
    let remedy = |read: &str, watts: i64| format!(": with {read} it would be {}; correct the unit", mw(watts));
    if point.end - point.start < 3_600 && fits(point.value) {
        remedy("W read as Wh, or kW as kWh,", point.value)
    } else if fits(as_read / 1_000) {
        remedy("kWh read as MWh, or Wh as kWh,", as_read / 1_000)
    } else if fits(as_read / 1_000_000) {
        remedy("Wh read as MWh", as_read / 1_000_000)
    } else {
        String::new()
    }
}

/// Whether readings are a thousandth of what fits: with points between thousands in them, they would.
pub fn may_lack_thousands(points: &[Point], bound: &Bound) -> bool {
    let meant = points.iter().map(watts).max().unwrap_or_default().saturating_mul(1_000);
    !is_above(meant, bound, 100) && is_above(meant, bound, 1)
}

/// Why one of them is not taken.
pub fn thousandth(series: &str, point: &Point, bound: &Bound) -> String {
    format!(
        "{series}: {} in {}, as a decimal point; every point of this file stands before three digits, and as one between \
         thousands it would be {}, which fits {}: write 5250 or 5.25 in place of 5.250",
        mw(watts(point)),
        point.interval(),
        mw(watts(point).saturating_mul(1_000)),
        bound.what
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;
    use crate::time::{HOUR_S, Instant};

    fn point(hour: i64, length_s: i64, wh: i64) -> Point {
        let start = Instant::FIRST + hour * HOUR_S;
        Point { start, end: start + length_s, value: wh, quality: Quality::Measured, revision: 1, row: hour }
    }

    fn bound() -> Bound {
        Bound { watts: 12_000_000, what: "the grid_limit_mw of site s".into() }
    }

    #[test]
    fn above_the_limit_is_doubted_and_above_twice_of_it_impossible() {
        let points = [12_240_000, 12_240_001, 24_000_000, 12_000_000, 13_000_000].map(|wh| point(0, 3_600, wh));
        let points: Vec<Point> = (0..).zip(points).map(|(i, p)| point(i, 3_600, p.value)).collect();
        let found = find(&points, &bound());
        let spans: Vec<(i64, i64)> = found
            .iter()
            .map(|f| ((f.span.start - Instant::FIRST) / HOUR_S, (f.span.end - Instant::FIRST) / HOUR_S))
            .collect();
        assert_eq!(spans, [(1, 3), (4, 5)]);
        assert!(found[0].message.starts_with("24.000 MW, above the grid_limit_mw of site s, 12.000 MW"), "{found:?}");
        let refused = |wh: i64| is_impossible(&point(0, 3_600, wh), &bound());
        assert!(refused(24_000_001) && !refused(24_000_000));
    }

    #[test]
    fn a_thousandth_of_what_fits_may_lack_its_thousands() {
        let may = |wh: &[i64]| {
            let points: Vec<Point> = (0..).zip(wh).map(|(hour, wh)| point(hour, 3_600, *wh)).collect();
            may_lack_thousands(&points, &bound())
        };
        assert!(may(&[5_250, 950, -3]) && may(&[12_000]));
        assert!(!may(&[5_250, 12_001]), "12.001 MW are more than the limit");
        assert!(!may(&[120]) && !may(&[0]) && !may(&[]), "with three digits more it is next to nothing as well");
        let said = thousandth("site/s/load", &point(0, 3_600, 5_250), &bound());
        assert!(
            said.contains("between thousands it would be 5.250 MW, which fits the grid_limit_mw of site s"),
            "{said}"
        );
    }

    #[test]
    fn the_unit_that_would_fit_is_named() {
        let said = |p: Point| impossible("site/s/load", &p, false, &bound());
        let kwh = said(point(0, 3_600, 5_000_000_000));
        assert!(kwh.contains("with kWh read as MWh, or Wh as kWh, it would be 5.000 MW"), "{kwh}");
        let watts = said(point(0, 300, 5_000_000));
        assert!(watts.contains("with W read as Wh, or kW as kWh, it would be 5.000 MW"), "{watts}");
        assert!(!said(point(0, 3_600, 50_000_000)).contains("correct the unit"), "a spike is another mistake");
    }
}
