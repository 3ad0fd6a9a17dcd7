//! What readings say of one interval, reading by reading, and which parts of it nobody metered.

use super::SeriesError;
use super::cut::Cut;
use super::resample::Long;
use crate::inputs::{Point, touching};
use crate::time::{Grid, Interval};

/// What of a reading lies in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub span: Interval,
    pub wh: i64,
}

/// The readings that touch an interval of the grid, cut at its edges, in order of time.
pub fn read(series: &str, points: &[Point], grid: Grid, index: usize, long: Long) -> Result<Vec<Piece>, SeriesError> {
    let whole = grid.interval(index);
    let piece = |point: &Point| -> Result<Piece, SeriesError> {
        let cut = Cut::new(series, point, grid.step_s, long)?;
        let span = Interval { start: point.start.max(whole.start), end: point.end.min(whole.end) };
        Ok(Piece { span, wh: cut.wh_in(whole) })
    };
    touching(points, whole).iter().map(piece).collect()
}

/// The parts of an interval that no piece covers, in order of time.
pub fn gaps(pieces: &[Piece], whole: Interval) -> Vec<Interval> {
    let mut gaps = Vec::new();
    let mut at = whole.start;
    for span in pieces.iter().map(|p| p.span) {
        if span.start > at {
            gaps.push(Interval { start: at, end: span.start });
        }
        at = span.end;
    }
    if at < whole.end {
        gaps.push(Interval { start: at, end: whole.end });
    }
    gaps
}

/// Spans in order of time, those that touch joined.
pub fn joined(mut spans: Vec<Interval>) -> Vec<Interval> {
    spans.sort();
    let mut list: Vec<Interval> = Vec::with_capacity(spans.len());
    for span in spans {
        match list.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => list.push(span),
        }
    }
    list
}

/// Spans grown until no piece lies across an edge of theirs: what is metered outside of them is metered whole.
pub fn grown(spans: Vec<Interval>, pieces: &[Piece]) -> Vec<Interval> {
    let mut spans = joined(spans);
    loop {
        let mut more = spans.clone();
        for piece in pieces {
            let inside = spans.iter().any(|span| span.contains(piece.span));
            if !inside && spans.iter().any(|span| span.overlap_s(piece.span) > 0) {
                more.push(piece.span);
            }
        }
        if more.len() == spans.len() {
            return spans;
        }
        spans = joined(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;
    use crate::time::{Instant, Resolution};

    fn span(start: i64, end: i64) -> Interval {
        Interval { start: Instant::from_seconds(start), end: Instant::from_seconds(end) }
    }

    fn piece(start: i64, end: i64) -> Piece {
        Piece { span: span(start, end), wh: 1 }
    }

    #[test]
    fn pieces_are_cut_at_the_edges_and_leave_gaps() {
        let grid = Grid::over(span(0, 7_200), Resolution::HOUR).expect("grid");
        let point = |start, end, value| {
            let Interval { start, end } = span(start, end);
            Point { start, end, value, quality: Quality::Measured, revision: 1, row: 1 }
        };
        let points = [point(0, 900, 5), point(1_800, 5_400, 10), point(5_400, 6_300, 7)];
        let [first, second] = [0, 1].map(|t| read("s", &points, grid, t, Long::Load).expect("pieces"));
        let wh = |pieces: &[Piece]| pieces.iter().map(|p| p.wh).collect::<Vec<_>>();
        assert_eq!((wh(&first), wh(&second)), (vec![5, 5], vec![5, 7]));
        assert_eq!(gaps(&first, grid.interval(0)), [span(900, 1_800)]);
        assert_eq!(gaps(&second, grid.interval(1)), [span(6_300, 7_200)]);
        assert_eq!(gaps(&[], grid.interval(0)), [span(0, 3_600)]);
    }

    #[test]
    fn a_part_grows_until_no_reading_lies_across_its_edges() {
        let quarters = [piece(0, 900), piece(900, 1_800), piece(1_800, 2_700)];
        assert_eq!(grown(vec![span(2_700, 3_600)], &quarters), [span(2_700, 3_600)]);
        let halves = [piece(0, 1_800), piece(1_800, 3_600)];
        assert_eq!(grown(vec![span(2_700, 3_600)], &halves), [span(1_800, 3_600)]);
        // The half reaches into a gap's other side, and its neighbour's edge into that.
        let uneven = [piece(0, 1_200), piece(900, 2_000), piece(1_900, 3_600)];
        assert_eq!(grown(vec![span(3_000, 3_600)], &uneven), [span(0, 3_600)]);
        assert_eq!(joined(vec![span(5, 6), span(0, 2), span(2, 3)]), [span(0, 3), span(5, 6)]);
    }
}
