//! Efficiency measured over declared windows of at most six months.
//!
//! `efficiency = out / (in + state at start - state at end)`, at most 1; without both states the lower of `out / in`
//! and the declared value.

use super::{Basis, StorageBook, Window};
use crate::definitions::Fraction;
use crate::time::{Grid, Zone};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use std::ops::Range;

/// Calendar windows of `months` counted from January in the zone, cut to the period.
pub fn calendar(grid: Grid, zone: Zone, months: u32) -> Vec<Range<usize>> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut current = None;
    for index in 0..grid.len {
        let (year, month) = zone.month(grid.start(index));
        let key = (year, (month - 1) / months.max(1));
        match cuts.last_mut() {
            Some(last) if current == Some(key) => last.end = index + 1,
            _ => cuts.push(index..index + 1),
        }
        current = Some(key);
    }
    cuts
}

/// Efficiency of one window; `state` is the energy held at the start and end, where both are known.
pub fn measure(
    intervals: Range<usize>,
    charge_wh: &[i64],
    discharge_wh: &[i64],
    state: Option<(i64, i64)>,
    declared: Fraction,
) -> Window {
    let sum = |wh: &[i64]| wh[intervals.clone()].iter().map(|v| i128::from(*v)).sum::<i128>();
    let (taken, given) = (sum(charge_wh), sum(discharge_wh));
    let declared = ratio(declared.numerator.into(), declared.denominator.into());
    let used = state.map_or(taken, |(start, end)| taken + i128::from(start) - i128::from(end));
    let (efficiency, basis) = if given == 0 || used <= 0 {
        (declared, Basis::Declared)
    } else {
        let measured = ratio(given, used).min(BigRational::one());
        if state.is_some() || measured <= declared { (measured, Basis::Measured) } else { (declared, Basis::Declared) }
    };
    Window { intervals, efficiency, basis }
}

fn ratio(top: i128, bottom: i128) -> BigRational {
    BigRational::new(BigInt::from(top), BigInt::from(bottom))
}

/// The least charge at the start that lets every discharge be served, in whole Wh charged.
pub fn least_opening(book: &StorageBook) -> i64 {
    let (mut held, mut least) = (BigRational::zero(), BigRational::zero());
    for t in 0..book.charge_wh.len() {
        if book.discharge_wh[t] > 0
            && let Some(efficiency) = book.efficiency(t)
            && !efficiency.is_zero()
        {
            held -= BigRational::from_integer(BigInt::from(book.discharge_wh[t])) / efficiency;
            if held < least {
                least = held.clone();
            }
        }
        held += BigRational::from_integer(BigInt::from(book.charge_wh[t]));
    }
    (-least).ceil().to_integer().to_i64().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Instant, Interval, Resolution};

    #[test]
    fn efficiency_is_measured_where_states_tell_and_never_above_one() {
        let declared = Fraction::parse("0.9").expect("fraction");
        let of = |charge: i64, discharge: i64, state| measure(0..1, &[charge], &[discharge], state, declared);
        assert_eq!(of(10_000, 8_500, None).efficiency, ratio(85, 100));
        assert_eq!(
            (of(10_000, 9_500, None).efficiency, of(10_000, 9_500, None).basis),
            (ratio(9, 10), Basis::Declared)
        );
        // 1000 more are in store at the end than at the start: they were not lost
        assert_eq!(of(10_000, 8_100, Some((0, 1_000))).efficiency, ratio(9, 10));
        assert_eq!(of(1_000, 8_100, Some((0, 0))).efficiency, ratio(1, 1));
        assert_eq!(of(0, 500, None).basis, Basis::Declared);
    }

    #[test]
    fn windows_follow_the_local_calendar() {
        let at = |text: &str| Instant::parse(text).expect("instant");
        let period = Interval { start: at("2026-05-31T20:00:00Z"), end: at("2026-07-01T04:00:00Z") };
        let grid = Grid::over(period, Resolution::HOUR).expect("grid");
        let berlin = Zone::parse("Europe/Berlin").expect("zone");
        // The second half of the year starts at 22:00 UTC on 30 June.
        assert_eq!(calendar(grid, berlin, 6), [0..722, 722..728]);
        assert_eq!(calendar(grid, berlin, 1), [0..2, 2..722, 722..728]);
    }
}
