//! One training run by itself: its columns, the rows that nothing else enters, and what it adds to the rows of others, at
//! their prices.

use super::training::Respond;
use crate::model::{Column, Entry, Keys, LinearModel, Row, usable};
use crate::problem::Run;

pub(super) struct Alone {
    model: LinearModel,
    /// Its columns in the whole model.
    pub columns: Vec<usize>,
    /// What they enter of the rows of others: (own column, row, value).
    meets: Vec<(usize, usize, f64)>,
}

impl Alone {
    /// The constant is what its tokens are worth: without it a run costs less than nothing.
    pub fn new(run: &Run, step_hours: f64) -> Alone {
        let worth = run.lost_price_per_hour * run.useful_hours(step_hours);
        Alone { model: LinearModel::new(Keys::default(), (0, 0), worth), columns: Vec::new(), meets: Vec::new() }
    }

    /// A column of the whole is its; says which.
    pub fn push(&mut self, of_whole: usize, column: Column) -> usize {
        self.columns.push(of_whole);
        self.model.columns.push(column);
        self.columns.len() - 1
    }

    /// A row of its own, from (own column, value).
    pub fn keep(&mut self, row: Row, entries: impl Iterator<Item = (usize, f64)>) {
        let at = self.model.rows.len() as u32;
        self.model.rows.push(row);
        self.model.entries.extend(entries.map(|(column, value)| Entry { row: at, column: column as u32, value }));
    }

    pub fn meet(&mut self, column: usize, row: usize, value: f64) {
        self.meets.push((column, row, value));
    }

    /// What it costs at least at duals of the whole's rows, and its best schedule; empty where none was found. A gap is a part
    /// of what it costs and of `scale`.
    pub fn answer(&self, rows: &[Row], (duals, scale): (&[f64], f64), respond: Respond<'_>) -> (f64, Vec<f64>) {
        let mut priced = LinearModel { constant: self.model.constant + scale, ..self.model.clone() };
        for &(column, row, value) in &self.meets {
            priced.columns[column].cost -= usable(&rows[row], duals[row]).0 * value;
        }
        let at_least: f64 =
            priced.columns.iter().map(|c| if c.cost < 0.0 { c.cost * c.upper } else { c.cost * c.lower }).sum();
        match respond(&priced) {
            Some(raw) => (at_least.max(raw.bound - priced.constant), raw.x),
            None => (at_least, Vec::new()),
        }
    }
}
