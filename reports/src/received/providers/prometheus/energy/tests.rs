use super::*;

const HOUR_MS: i64 = 3_600_000;

fn energy(hours: i64, says: Says) -> Energy {
    Energy::new(Interval { start: Instant::FIRST, end: Instant::FIRST + hours * 3_600 }, 3_600, says, 300)
}

fn samples(list: &[(i64, i64)]) -> Vec<Sample> {
    list.iter().map(|(at_ms, value)| Sample { at_ms: *at_ms, value: *value }).collect()
}

fn known(energy: &Energy, least: Option<usize>) -> Vec<Option<i128>> {
    energy.intervals(least).map(|(_, millijoules)| millijoules).collect()
}

/// A sample a minute, at `offset_ms` into it, from a minute before the period to a minute after it.
fn minutely(hours: i64, offset_ms: i64, value: impl Fn(i64) -> i64) -> Vec<Sample> {
    (-1..=hours * 60)
        .map(|minute| minute * 60_000 + offset_ms)
        .map(|at_ms| Sample { at_ms, value: value(at_ms) })
        .collect()
}

#[test]
fn a_counter_gives_what_it_counted_wherever_its_samples_lie() {
    // 700 W: 700 mJ a millisecond, 700 Wh an hour.
    for offset_ms in [0, 1, 7_777, 29_999, 59_999] {
        let mut one = energy(3, Says::Counter);
        one.add(&minutely(3, offset_ms, |at_ms| 5_000_000_000 + at_ms * 700));
        assert_eq!(known(&one, None), [Some(2_520_000_000); 3], "{offset_ms}");
    }
    assert_eq!((wh(2_520_000_000, Rounding::Up), wh(2_520_000_001, Rounding::Up)), (700, 701));
    assert_eq!((wh(2_519_999_999, Rounding::Down), wh(-1, Rounding::Down)), (699, -1));
}

#[test]
fn a_counter_that_falls_began_again() {
    // It counts 1 000 mJ a minute and is set to 0 with the sample of minute 30: what is in it then was counted since.
    let mut one = energy(1, Says::Counter);
    one.add(&minutely(1, 0, |at_ms| {
        let minute = at_ms / 60_000;
        if minute < 30 { 90_000 + minute * 1_000 } else { (minute - 30) * 1_000 + 400 }
    }));
    // 29 minutes, 400 mJ, 30 minutes.
    assert_eq!(known(&one, None), [Some(29_000 + 400 + 30_000)]);
}

#[test]
fn power_is_weighted_by_time() {
    // 100 W until 00:30, 300 W from 00:31 on, a line between: 30 min, 1 min at 200 W on average, 29 min. Samples come
    // three times as often in the second half.
    let mut list: Vec<(i64, i64)> = (0..=30).map(|minute| (minute * 60_000, 100_000)).collect();
    list.extend((0..=29 * 3).map(|third| (31 * 60_000 + third * 20_000, 300_000)));
    let mut one = energy(1, Says::Power);
    one.add(&samples(&list));
    // Watt times seconds, as mJ.
    assert_eq!(known(&one, None), [Some((100 * 1_800 + 200 * 60 + 300 * 1_740) * 1_000)]);
    // Half of a line belongs to each side of a border, and together they are all of it: 0 to 2 W in two minutes.
    let mut two = energy(2, Says::Power);
    let mut list: Vec<(i64, i64)> = (0..60).map(|minute| (minute * 60_000, 0)).collect();
    list.extend((61..=120).map(|minute| (minute * 60_000, 2_000)));
    two.add(&samples(&list));
    // A minute from 0 to 1 W; a minute from 1 to 2 W and 59 at 2 W.
    assert_eq!(known(&two, None), [Some(30_000), Some(90_000 + 59 * 120_000)]);
}

#[test]
fn a_gap_is_unknown_and_never_zero() {
    let whole = minutely(3, 0, |at_ms| (at_ms + HOUR_MS) * 10);
    let each = Some(10 * i128::from(HOUR_MS));
    let without = |from: i64, to: i64| -> Vec<Sample> {
        whole.iter().copied().filter(|sample| !(from * 60_000..to * 60_000).contains(&sample.at_ms)).collect()
    };
    for (from, to, counter) in [
        // Five minutes between two samples are joined; six are a gap, which a counter within an hour bridges.
        (70, 74, [each, each, each]),
        (70, 75, [each, each, each]),
        (59, 64, [None, None, each]),
        (50, 130, [None, None, None]),
        (60, 120, [None, None, each]),
        (-1, 1, [None, each, each]),
        (180, 181, [each, each, None]),
    ] {
        let mut one = energy(3, Says::Counter);
        one.add(&without(from, to));
        assert_eq!(known(&one, None), counter, "{from} to {to}");
    }
    // Power within a gap may have been anything, and so may a counter that began again in it.
    let mut power = energy(3, Says::Power);
    power.add(&without(70, 75).iter().map(|sample| Sample { value: 1_000, ..*sample }).collect::<Vec<_>>());
    assert_eq!(known(&power, None), [Some(3_600_000), None, Some(3_600_000)]);
    let mut reset = energy(3, Says::Counter);
    let fallen = |sample: &Sample| {
        if sample.at_ms < 72 * 60_000 { *sample } else { Sample { value: sample.value - 40_000_000, ..*sample } }
    };
    reset.add(&without(70, 75).iter().map(fallen).collect::<Vec<_>>());
    assert_eq!(known(&reset, None), [each, None, each]);
}

#[test]
fn what_lies_between_hours_is_lost_to_none_of_them() {
    // Odd lengths and counts, so that nothing divides: all hours together are the counter's own difference.
    let list: Vec<Sample> = (0..=500).map(|n| Sample { at_ms: n * 43_217 - 7, value: n * n * 977 + n * 13 }).collect();
    let mut one = energy(5, Says::Counter);
    one.add(&list);
    let sum: i128 = known(&one, None).into_iter().flatten().sum();
    let at = |ms: i64| {
        let index = usize::try_from((ms + 7).div_euclid(43_217)).expect("after the first");
        let (a, b) = (list[index], list[index + 1]);
        a.value as f64 + (b.value - a.value) as f64 * (ms - a.at_ms) as f64 / 43_217.0
    };
    assert!((sum as f64 - (at(5 * HOUR_MS) - at(0))).abs() < 3.0, "each hour is rounded to a millijoule");
}

#[test]
fn every_meter_is_needed_unless_it_is_said_how_many_there_are() {
    let day = |from: i64, to: i64| -> Vec<Sample> {
        (from..=to).map(|minute| Sample { at_ms: minute * 60_000, value: minute * 60_000 }).collect()
    };
    let mut three = energy(3, Says::Counter);
    // The second is new at 01:20, the third was taken away at 01:00.
    three.add(&day(-1, 181));
    three.add(&day(80, 181));
    three.add(&day(-1, 60));
    assert_eq!(known(&three, None), [None; 3]);
    let hour = i128::from(HOUR_MS);
    assert_eq!(known(&three, Some(1)), [Some(2 * hour), None, Some(2 * hour)]);
    assert_eq!(known(&three, Some(3)), [None; 3]);
    assert_eq!(known(&energy(1, Says::Counter), None), [None], "no meter is no zero");
}

#[test]
fn the_largest_values_do_not_overflow() {
    for says in [Says::Counter, Says::Power] {
        let mut one = Energy::new(Interval { start: Instant::FIRST, end: Instant::FIRST + 86_400 }, 300, says, 3_600);
        one.add(
            &(0..=24)
                .map(|n| Sample { at_ms: n * HOUR_MS, value: if n % 2 == 0 { i64::MAX } else { i64::MIN } })
                .collect::<Vec<_>>(),
        );
        one.add(&samples(&[(0, i64::MIN), (24 * HOUR_MS, i64::MAX)]));
        assert_eq!(one.intervals(None).count(), 288);
    }
}
