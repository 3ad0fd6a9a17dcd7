//! A piece's power over the horizon in a few characters.

use super::pieces::Piece;
use crate::plan::document::Plan;

/// Characters of a line: four a day in a plan of a week.
const WIDTH: i64 = 28;
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Mean power of equal parts of the horizon, against the piece's own peak; a dot where it draws nothing.
pub fn line(piece: &Piece<'_>, plan: &Plan) -> String {
    let (start, span_s) = (plan.start, plan.end - plan.start);
    let edge = |part: i64| start + span_s * part / WIDTH;
    (0..WIDTH)
        .map(|part| {
            let (from, to) = (edge(part), edge(part + 1));
            let energy: f64 = piece
                .stretches
                .iter()
                .map(|row| {
                    let overlap_s = row.end.min(to) - row.start.max(from);
                    row.mw * overlap_s.max(0) as f64
                })
                .sum();
            let height = energy / ((to - from).max(1) as f64 * piece.peak_mw.max(1e-12));
            match energy > 0.0 {
                true => BLOCKS[((height * 8.0).ceil() as usize).clamp(1, 8) - 1],
                false => '·',
            }
        })
        .collect()
}
