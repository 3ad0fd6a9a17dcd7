//! The heat map's cells as data, for a hover script.

use crate::hours::{Day, Sums};
use std::fmt::Display;

/// The cells as JSON for a hover script: per day its date, its mark, and per cell its row, clock hour,
/// UTC offset in minutes, matched share in hundredths of a percent (floored; -1 without load) and unmatched Wh.
///
/// Where rows follow each other and offsets do not change, the day gives the first row and offset once.
pub fn heat_map_json(days: &[Day]) -> String {
    list(days.iter().map(|day| {
        let cells = day.placed();
        let plain = cells.is_sorted_by(|(a, x), (b, y)| a + 1 == *b && x.offset_s == y.offset_s);
        let (first, offset) = cells.first().map_or((0, 0), |(row, hour)| (*row, hour.offset_s / 60));
        let hours = || day.hours.iter();
        let mut lists =
            vec![list(hours().map(|hour| hundredths(&hour.sums))), list(hours().map(|hour| hour.sums.unmatched))];
        if !plain {
            lists.push(list(cells.iter().map(|(row, _)| row)));
            lists.push(list(hours().map(|hour| hour.wall)));
            lists.push(list(hours().map(|hour| hour.offset_s / 60)));
        }
        format!("[\"{}\",{first},{offset},{}]", day.date, lists.join(","))
    }))
}

fn hundredths(sums: &Sums) -> i128 {
    match sums.load {
        ..=0 => -1,
        load if !sums.is_full() => sums.matched.saturating_mul(10_000).div_euclid(load).min(9_999),
        _ => 10_000,
    }
}

fn list<T: Display>(values: impl Iterator<Item = T>) -> String {
    format!("[{}]", values.map(|value| value.to_string()).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::local_days;
    use crate::tests::sample::slots;
    use reports::time::Zone;

    fn berlin(date: &str) -> String {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let sums = Sums { load: 100, matched: 50, unmatched: 50, ..Sums::default() };
        let slots = slots(span.start, span.end, 3_600, sums);
        heat_map_json(&local_days(zone, 3_600, &slots))
    }

    #[test]
    fn shares_are_floored_and_clock_changes_spelt_out() {
        let nearly = Sums { load: 1_000_000, matched: 999_999, unmatched: 1, ..Sums::default() };
        assert_eq!(hundredths(&nearly), 9_999);
        assert_eq!(hundredths(&Sums::default()), -1);
        assert_eq!(heat_map_json(&[]), "[]");
        let plain = berlin("2026-06-01");
        assert!(plain.starts_with("[[\"2026-06-01\",0,120,[5000,") && plain.ends_with("50]]]"));
        let autumn = berlin("2026-10-25");
        assert!(autumn.contains("[0,1,2,24,3,") && autumn.contains("[0,1,2,2,3,"));
        assert!(berlin("2026-03-29").contains("[0,1,3,4,"));
        assert!(berlin("2026-03-29").ends_with("120]]]"));
    }
}
