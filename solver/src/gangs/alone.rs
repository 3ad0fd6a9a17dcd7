//! One training run by itself: its columns, the rows that nothing else enters, and what it adds to the rows of others, at
//! their prices.

use crate::model::{Column, Entry, Keys, LinearModel, RawSolution, Row, anywhere, bounds, proved, usable};
use crate::problem::Run;
use std::collections::BTreeMap;

/// Solves the problem of one run; none where it cannot be asked.
pub(crate) type Respond<'a> = &'a (dyn Fn(&LinearModel) -> Option<RawSolution> + Sync);

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

    /// What its tokens are worth.
    pub fn worth(&self) -> f64 {
        self.model.constant
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

    /// Its model at duals of the whole's rows. A gap is a part of what it costs and of `scale`.
    pub fn priced(&self, rows: &[Row], (duals, scale): (&[f64], f64)) -> LinearModel {
        let mut priced = LinearModel { constant: self.model.constant + scale, ..self.model.clone() };
        for &(column, row, value) in &self.meets {
            priced.columns[column].cost -= usable(&rows[row], duals[row]).0 * value;
        }
        priced
    }

    /// Its model with these integers of the whole, at no prices; none where a bound of its own forbids them.
    pub fn with_integers(&self, of_whole: &[f64]) -> Option<LinearModel> {
        let mut fixed = self.model.clone();
        for (column, &c) in fixed.columns.iter_mut().zip(&self.columns).filter(|(column, _)| column.integer) {
            let value = of_whole[c];
            if !(column.lower..=column.upper).contains(&value) {
                return None;
            }
            (column.lower, column.upper, column.integer) = (value, value, false);
        }
        Some(fixed)
    }

    /// What it takes of each row of others in a schedule: (row, how much).
    pub fn takes<'a>(&'a self, schedule: &'a [f64]) -> impl Iterator<Item = (usize, f64)> + 'a {
        self.meets.iter().map(|&(column, row, value)| (row, value * schedule.get(column).copied().unwrap_or(0.0)))
    }

    /// Holds it to what is left of rows of others.
    pub fn held_to(&self, priced: &mut LinearModel, left: &BTreeMap<usize, f64>) {
        let mut entries: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
        for &(column, row, value) in self.meets.iter().filter(|meets| left.contains_key(&meets.1)) {
            entries.entry(row).or_default().push((column, value));
        }
        let none = f64::NEG_INFINITY;
        for (row, entries) in entries {
            priced.rule(bounds::LIMIT, anywhere(row, 0), (none, left[&row].max(0.0)), &entries);
        }
    }
}

/// What a run does at prices.
pub(super) struct Answered {
    /// What it costs at least: by branch and bound, and by duals of its relaxation.
    pub least: f64,
    pub proved: f64,
    /// Its best schedule; empty where none was found.
    pub schedule: Vec<f64>,
}

/// What a run costs at least by duals of its relaxation, of its model at prices.
pub(super) fn proved_of(priced: &LinearModel, respond: Respond<'_>) -> f64 {
    let mut relaxed = priced.clone();
    relaxed.columns.iter_mut().for_each(|column| column.integer = false);
    // Every column of a run has a bound.
    let by = |duals: &[f64]| proved(&relaxed, duals, |_| 0.0) - priced.constant;
    let none = by(&vec![0.0; priced.rows.len()]);
    let duals = respond(&relaxed).map(|raw| raw.row_duals).filter(|duals| duals.iter().all(|dual| dual.is_finite()));
    duals.map_or(none, |duals| by(&duals).max(none))
}

/// Of a run's model at prices.
pub(super) fn answer(priced: &LinearModel, respond: Respond<'_>) -> Answered {
    let proved = proved_of(priced, respond);
    let raw = respond(priced);
    let least = raw.as_ref().map_or(proved, |raw| proved.max(raw.bound - priced.constant));
    Answered { least, proved, schedule: raw.map_or_else(Vec::new, |raw| raw.x) }
}
