//! Readings of a source that stood in for a better one: they count like any, and whoever reads figures is told.

use crate::time::Interval;
use serde::{Deserialize, Serialize};

/// Readings of a series that follow each other and that a source gave in place of a better one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
    pub series: String,
    /// From the start of the first reading to the end of the last.
    pub span: Interval,
    /// Who gave them, and who should have: names of the portfolio that took them in.
    pub source: String,
    pub in_place_of: String,
    pub readings: usize,
}

impl Fallback {
    /// Why it is told.
    pub fn message(&self) -> String {
        format!("given by {}, which stood in for {}", self.source, self.in_place_of)
    }
}

/// Of a series' readings, by start, each with the revision it came in; `by` says of a revision which source gave it in place
/// of which.
pub fn of_series<'s>(
    series: &str,
    readings: impl Iterator<Item = (Interval, i64)>,
    by: impl Fn(i64) -> Option<(&'s str, &'s str)>,
) -> Vec<Fallback> {
    let mut list: Vec<Fallback> = Vec::new();
    for (span, revision) in readings {
        let Some((source, in_place_of)) = by(revision) else { continue };
        match list.last_mut() {
            Some(last) if last.span.end == span.start && last.source == source && last.in_place_of == in_place_of => {
                last.span.end = span.end;
                last.readings += 1;
            }
            _ => {
                let [series, source, in_place_of] = [series, source, in_place_of].map(String::from);
                list.push(Fallback { series, span, source, in_place_of, readings: 1 });
            }
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Instant;

    #[test]
    fn readings_that_follow_each_other_are_one_span() {
        let hours = |start: i64, end: i64| {
            let [start, end] = [start, end].map(|hour| Instant::from_seconds(hour * 3_600));
            Interval { start, end }
        };
        let reading = |(hour, revision): (i64, i64)| (hours(hour, hour + 1), revision);
        // The first source gave hours 0 and 3, others stood in for it; nobody gave hour 5.
        let readings = [(0, 1), (1, 2), (2, 3), (3, 1), (4, 2), (6, 2), (7, 4)].map(reading);
        let by = |revision: i64| match revision {
            2 | 3 => Some(("second", "first")),
            4 => Some(("third", "first")),
            _ => None,
        };
        let spans: Vec<(Interval, usize, String)> = of_series("grid/A/price", readings.into_iter(), by)
            .into_iter()
            .map(|f| (f.span, f.readings, f.source))
            .collect();
        let wanted = [(1, 3, 2, "second"), (4, 5, 1, "second"), (6, 7, 1, "second"), (7, 8, 1, "third")];
        assert_eq!(
            spans,
            wanted.map(|(start, end, readings, source)| (hours(start, end), readings, source.to_string()))
        );
    }
}
