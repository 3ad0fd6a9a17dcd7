//! Readings of a source that stood in for a better one: they count like any, and whoever reads figures is told.

use crate::inputs::Point;
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

/// Of a series' readings, by start; `by` says of a revision which source gave it in place of which.
pub fn of_series<'s>(
    series: &str,
    points: &[Point],
    by: impl Fn(i64) -> Option<(&'s str, &'s str)>,
) -> Vec<Fallback> {
    let mut list: Vec<Fallback> = Vec::new();
    for point in points {
        let Some((source, in_place_of)) = by(point.revision) else { continue };
        match list.last_mut() {
            Some(last)
                if last.span.end_s == point.start_s && last.source == source && last.in_place_of == in_place_of =>
            {
                last.span.end_s = point.end_s;
                last.readings += 1;
            }
            _ => list.push(Fallback {
                series: series.to_string(),
                span: point.interval(),
                source: source.to_string(),
                in_place_of: in_place_of.to_string(),
                readings: 1,
            }),
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;

    #[test]
    fn readings_that_follow_each_other_are_one_span() {
        let point = |hour: i64, revision: i64| Point {
            start_s: hour * 3_600,
            end_s: (hour + 1) * 3_600,
            value: 1,
            quality: Quality::Measured,
            revision,
            row: 1,
        };
        // The first source gave hours 0 and 3, others stood in for it; nobody gave hour 5.
        let points = [point(0, 1), point(1, 2), point(2, 3), point(3, 1), point(4, 2), point(6, 2), point(7, 4)];
        let by = |revision: i64| match revision {
            2 | 3 => Some(("second", "first")),
            4 => Some(("third", "first")),
            _ => None,
        };
        let spans: Vec<(i64, i64, usize, String)> = of_series("grid/A/price", &points, by)
            .into_iter()
            .map(|f| (f.span.start_s / 3_600, f.span.end_s / 3_600, f.readings, f.source))
            .collect();
        let wanted = [(1, 3, 2, "second"), (4, 5, 1, "second"), (6, 7, 1, "second"), (7, 8, 1, "third")];
        assert_eq!(spans, wanted.map(|(start, end, readings, source)| (start, end, readings, source.to_string())));
    }
}
