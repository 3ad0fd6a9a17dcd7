//! Notes on a series: what was left out of it, which source stood in for which, and what fills steps without a supplied
//! value.

use reports::time::Interval;
use reports::words::counted;

/// Of one series; plans and backtests give it among their reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Of `codes::NOTES`.
    pub code: &'static str,
    pub series: String,
    pub quantity: f64,
    pub unit: &'static str,
    pub message: String,
}

/// Spans that are named one by one.
const NAMED: usize = 3;

/// The first spans, and how many more there are; those that touch are one.
pub(super) fn named(mut intervals: Vec<Interval>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::Instant;

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
