//! Where columns begin: near what balances the rows they enter, and how large they are.

use super::rest::{Column, Of, Rest};

/// The scale of what a limit is exceeded by, as a part of the limit: small, as no plan exceeds one by choice.
pub(super) const EXCESS: f64 = 1e-3;

/// What a column would have to be to balance the first row it enters.
pub(super) fn lacking(column: &Column, left: &[f64]) -> f64 {
    column.entries.first().map_or(0.0, |&(row, v)| left[row as usize] / v)
}

/// Rows without slack, and the last column of each.
pub(super) struct Balances {
    last: Vec<Option<usize>>,
}

impl Balances {
    pub fn new(rest: &Rest) -> Balances {
        let mut last = vec![None; rest.rows()];
        for (k, column) in rest.columns.iter().enumerate() {
            for &(row, _) in &column.entries {
                last[row as usize] = Some(k);
            }
        }
        // A slack is the last column of its row.
        for (k, column) in rest.columns.iter().enumerate() {
            if let Of::Slack(_) = column.of {
                last[column.entries[0].0 as usize] = last[column.entries[0].0 as usize].filter(|l| *l != k);
            }
        }
        Balances { last }
    }

    /// Half of what the first such row of a column lacks, all of it for its last one; none where it enters no such row.
    pub fn part(&self, k: usize, column: &Column, left: &[f64]) -> Option<f64> {
        let (row, v, last) = column.entries.iter().find_map(|&(row, v)| Some((row, v, self.last[row as usize]?)))?;
        let part = if last == k { 1.0 } else { 0.5 };
        Some(part * left[row as usize] / v)
    }
}

/// The scale of a column: its bound, or what the rows it enters come to.
pub(super) fn size(rest: &Rest, column: &Column) -> f64 {
    if column.excess {
        return (EXCESS * most(rest, column)).min(column.upper);
    }
    if column.upper.is_finite() { column.upper } else { most(rest, column) }
}

pub(super) fn most(rest: &Rest, column: &Column) -> f64 {
    column.entries.iter().map(|&(row, v)| (rest.sides[row as usize] / v).abs()).fold(1.0, f64::max)
}
