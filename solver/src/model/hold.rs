//! Columns that are left no choice: what they are moves to the other side of their rows.

use super::linear::LinearModel;

/// A bound that rounding puts beyond the other one.
const ROUNDING: f64 = 1e-9;

impl LinearModel {
    /// Takes columns out of all rows at these values. Of rows that nothing outside the model enters, those with one column left
    /// become that column's bounds, and those with none say nothing any more.
    pub fn hold(&mut self, held: &[Option<f64>], alone: &dyn Fn(usize) -> bool) {
        for entry in &self.entries {
            if let Some(value) = held[entry.column as usize] {
                let row = &mut self.rows[entry.row as usize];
                row.lower -= entry.value * value;
                row.upper -= entry.value * value;
            }
        }
        self.entries.retain(|entry| held[entry.column as usize].is_none());
        for (column, value) in self.columns.iter_mut().zip(held) {
            if let Some(value) = value {
                self.constant += column.cost * value;
                (column.lower, column.upper, column.cost) = (0.0, 0.0, 0.0);
            }
        }
        let mut left = vec![0_u32; self.rows.len()];
        self.entries.iter().for_each(|entry| left[entry.row as usize] += 1);
        let short: Vec<bool> = (0..self.rows.len()).map(|row| left[row] < 2 && alone(row)).collect();
        for entry in self.entries.iter().filter(|entry| short[entry.row as usize]) {
            let (row, column) = (&self.rows[entry.row as usize], &mut self.columns[entry.column as usize]);
            let (a, b) = (row.lower / entry.value, row.upper / entry.value);
            column.lower = column.lower.max(a.min(b));
            column.upper = column.upper.min(a.max(b));
            if column.lower > column.upper && column.lower - column.upper < ROUNDING * column.lower.abs().max(1.0) {
                column.lower = column.upper;
            }
        }
        self.entries.retain(|entry| !short[entry.row as usize]);
        for (row, _) in self.rows.iter_mut().zip(&short).filter(|(_, short)| **short) {
            (row.lower, row.upper) = (f64::NEG_INFINITY, f64::INFINITY);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Keys, LinearModel, Part};

    /// `on`, held at one, leaves `power <= 3 on` a bound, and `power + other >= 2.5` what it was.
    #[test]
    fn what_is_held_leaves_bounds() {
        let mut model = LinearModel::new(Keys::default(), (0, 0), 1.0);
        let [on, power, other] = [Part::RunOn, Part::RunPower, Part::RunPower]
            .map(|part| model.part(part, (0, ids::SiteIndex::default(), 0), 10.0, 5.0));
        let at = (0, ids::SiteIndex::default(), 0);
        let cap = model.rule("cap", at, (f64::NEG_INFINITY, 0.0), &[(power, 1.0), (on, -3.0)]);
        let all = model.rule("all", at, (2.5, f64::INFINITY), &[(power, 1.0), (other, 1.0)]);
        let shared = model.rule("shared", at, (f64::NEG_INFINITY, 4.0), &[(on, 1.0), (other, 1.0)]);
        model.finish();
        model.hold(&[Some(1.0), None, None], &|row| row != shared);
        assert_eq!(model.constant, 6.0);
        assert_eq!((model.columns[on].lower, model.columns[on].upper, model.columns[on].cost), (0.0, 0.0, 0.0));
        assert_eq!((model.columns[power].lower, model.columns[power].upper), (0.0, 3.0));
        assert_eq!((model.rows[cap].lower, model.rows[cap].upper), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!((model.rows[all].lower, model.rows[all].upper), (2.5, f64::INFINITY));
        // Others may enter it: it stays a row.
        assert_eq!((model.rows[shared].upper, model.columns[other].upper), (3.0, 10.0));
        let left: Vec<(usize, usize)> = model.entries.iter().map(|e| (e.row as usize, e.column as usize)).collect();
        assert_eq!(left, [(all, power), (all, other), (shared, other)]);
    }
}
