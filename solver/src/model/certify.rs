//! Checks an answer against the model without knowing any solver.
//!
//! Weak duality: for any y with the signs of its rows,
//! `constant + sum y*limit + sum over columns min over [lower, upper] of (cost - A'y)*x`
//! is at most the optimum. Columns without an upper bound use one the problem implies, so the
//! bound stays finite and valid whatever small error the duals carry.

use crate::model::linear::{ColumnKind, LinearModel, Row};
use crate::model::terms::Terms;
use crate::outcome::CertifyError;
use crate::problem::Problem;
use ids::{BoundaryIndex, Index};

/// Rows may miss by this much, relative to their largest term.
const ROW_TOLERANCE: f64 = 1e-6;
/// Objective and bound may differ by this much from what is claimed.
const VALUE_TOLERANCE: f64 = 1e-6;

#[derive(Debug, Clone, PartialEq)]
pub enum RawStatus {
    Optimal,
    IterationLimit,
    TimeLimit,
    /// No plan keeps every row.
    Infeasible,
    Other(String),
}

/// As whoever solved the model says it is: a claim until certified. Duals are d(objective)/d(row limit); objective and bound
/// include the model's constant.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSolution {
    pub status: RawStatus,
    pub x: Vec<f64>,
    pub row_duals: Vec<f64>,
    pub objective: f64,
    pub bound: f64,
    pub iterations: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    pub objective: f64,
    /// Computed here from the duals, never the claimed one.
    pub bound: f64,
}

pub fn certify(problem: &Problem, model: &LinearModel, raw: &RawSolution) -> Result<Certificate, CertifyError> {
    certify_with(&Terms::new(problem), problem, model, raw)
}

pub(crate) fn certify_with(
    terms: &Terms,
    problem: &Problem,
    model: &LinearModel,
    raw: &RawSolution,
) -> Result<Certificate, CertifyError> {
    length("columns", raw.x.len(), model.columns.len())?;
    length("row duals", raw.row_duals.len(), model.rows.len())?;
    finite(|| "the objective".into(), raw.objective)?;
    finite(|| "the bound".into(), raw.bound)?;
    let mut values = model.columns.iter().zip(&raw.x);
    values.try_for_each(|(column, &value)| finite(|| format!("column {:?}", column.kind), value))?;
    let mut duals = model.rows.iter().zip(&raw.row_duals);
    duals.try_for_each(|(row, &dual)| finite(|| format!("the dual of row {:?}", row.kind), dual))?;
    keeps(model, &raw.x)?;
    let objective = model.objective(&raw.x);
    let tolerance = VALUE_TOLERANCE * objective.abs().max(1.0) + rounding(model, raw);
    let claimed = raw.objective;
    if (objective - claimed).abs() > tolerance {
        return Err(CertifyError::Objective { claimed, actual: objective });
    }
    let claimed = raw.bound;
    if claimed > objective + tolerance {
        return Err(CertifyError::BoundAboveObjective { claimed, objective });
    }
    let proved = lagrangian_bound(terms, problem, model, &raw.row_duals);
    if raw.status == RawStatus::Optimal && (claimed - proved).abs() > tolerance {
        return Err(CertifyError::BoundNotProved { claimed, proved });
    }
    let bound = proved.min(objective);
    Ok(Certificate { objective, bound })
}

/// Whether values keep every bound and every row.
pub(crate) fn keeps(model: &LinearModel, x: &[f64]) -> Result<(), CertifyError> {
    columns(model, x)?;
    rows(model, x)
}

fn length(what: &'static str, found: usize, expected: usize) -> Result<(), CertifyError> {
    if found == expected { Ok(()) } else { Err(CertifyError::Length { what, found, expected }) }
}

fn finite(what: impl Fn() -> String, value: f64) -> Result<(), CertifyError> {
    if value.is_finite() { Ok(()) } else { Err(CertifyError::NotFinite { what: what(), value }) }
}

fn columns(model: &LinearModel, x: &[f64]) -> Result<(), CertifyError> {
    for (column, &value) in model.columns.iter().zip(x) {
        let name = || format!("{:?}", column.kind);
        let size = if column.upper.is_finite() { column.upper.abs().max(1.0) } else { 1.0 };
        let slack = ROW_TOLERANCE * size;
        if value < column.lower - slack || value > column.upper + slack {
            let (column, lower, upper) = (name(), column.lower, column.upper);
            return Err(CertifyError::Bound { column, value, lower, upper });
        }
        if column.integer && (value - value.round()).abs() > ROW_TOLERANCE {
            return Err(CertifyError::NotInteger { column: name(), value });
        }
    }
    Ok(())
}

fn rows(model: &LinearModel, x: &[f64]) -> Result<(), CertifyError> {
    for (row, entries) in model.by_row() {
        let (mut value, mut size) = (0.0, limit_size(row));
        for e in entries {
            let term = e.value * x[e.column as usize];
            value += term;
            size = term.abs().max(size);
        }
        let slack = ROW_TOLERANCE * size;
        if value < row.lower - slack || value > row.upper + slack {
            let (name, lower, upper) = (format!("{:?}", row.kind), row.lower, row.upper);
            return Err(CertifyError::Row { row: name, value, lower, upper });
        }
    }
    Ok(())
}

fn limit_size(row: &Row) -> f64 {
    [row.lower, row.upper].iter().filter(|v| v.is_finite()).fold(1.0, |size, v| v.abs().max(size))
}

/// Terms that cancel leave an error relative to their size, not to their sum.
fn rounding(model: &LinearModel, raw: &RawSolution) -> f64 {
    let costs = model.columns.iter().zip(&raw.x);
    let moving: f64 = costs.map(|(c, x)| (c.cost * x).abs()).sum();
    let limits = model.rows.iter().zip(&raw.row_duals);
    let dual: f64 = limits.map(|(r, y)| (y * limit_size(r)).abs()).sum();
    1e-9 * (model.constant.abs() + moving + dual)
}

pub(crate) fn lagrangian_bound(terms: &Terms, problem: &Problem, model: &LinearModel, duals: &[f64]) -> f64 {
    proved(model, duals, |kind| implied_upper(terms, problem, kind))
}

/// What duals prove; `most` bounds the columns that state no upper bound.
pub(crate) fn proved(model: &LinearModel, duals: &[f64], most: impl Fn(ColumnKind) -> f64) -> f64 {
    let sides = model.rows.iter().zip(duals).map(|(row, &dual)| {
        let (y, limit) = usable(row, dual);
        y * limit
    });
    let columns = model.columns.iter().zip(reduced_costs(model, duals)).map(|(column, d)| {
        if d >= 0.0 {
            d * column.lower
        } else if column.upper.is_finite() {
            d * column.upper
        } else {
            d * most(column.kind)
        }
    });
    model.constant + sides.sum::<f64>() + columns.sum::<f64>()
}

/// What a unit of each column costs beyond what its rows are worth.
pub(crate) fn reduced_costs(model: &LinearModel, duals: &[f64]) -> Vec<f64> {
    let mut reduced: Vec<f64> = model.columns.iter().map(|c| c.cost).collect();
    for e in &model.entries {
        let row = e.row as usize;
        reduced[e.column as usize] -= usable(&model.rows[row], duals[row]).0 * e.value;
    }
    reduced
}

/// A dual of the wrong sign on a one-sided row proves nothing: it counts as zero.
pub(crate) fn usable(row: &Row, dual: f64) -> (f64, f64) {
    let limit = if dual > 0.0 { row.lower } else { row.upper };
    if limit.is_finite() { (dual, limit) } else { (0.0, 0.0) }
}

/// An upper bound some optimal solution respects, for columns that state none.
fn implied_upper(terms: &Terms, problem: &Problem, kind: ColumnKind) -> f64 {
    match kind {
        ColumnKind::Grid { boundary, step } => terms.most_load(problem, boundary, step),
        ColumnKind::Short { target } => most_short(terms, problem, target),
        ColumnKind::Place { work, .. } => problem.work[work].max_mw,
        ColumnKind::Miss { work } | ColumnKind::Later { work } => problem.work[work].energy_mwh,
        ColumnKind::Use { group, step } => terms.groups[group].available[step],
        // Every further rule states a bound of its own.
        ColumnKind::Part { .. } => 0.0,
    }
}

fn most_short(terms: &Terms, problem: &Problem, target: usize) -> f64 {
    let target = &terms.targets[target];
    let mut most = -target.limit;
    for (b, per_step) in BoundaryIndex::each(&target.on_grid) {
        for (t, weight) in per_step.iter().enumerate() {
            // Supply in doubt counts for no more than the grid does.
            most += (weight + target.drawn_at(t)).max(0.0) * terms.most_load(problem, b, t);
        }
    }
    most.max(0.0)
}
