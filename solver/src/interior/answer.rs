//! What was found, as a solution of the model: columns without dust, and for every row a dual that proves as much as the
//! prices do.

use super::bound::{self, Answer};
use super::newton::Newton;
use super::parallel;
use super::part::ROUNDED;
use super::purify::purified;
use super::rest::{Of, Rest};
use super::shape::{Piece, Shape};
use crate::model::{ColumnKind, LinearModel};

pub(super) fn columns(model: &LinearModel, shape: &Shape, rest: &Rest, newton: &Newton) -> Vec<f64> {
    let mut x = vec![0.0; model.columns.len()];
    for (column, &value) in rest.columns.iter().zip(&newton.columns.x) {
        if let Of::Model(c) = column.of {
            x[c] = column.lower + value;
        }
    }
    let power = purified(shape, &newton.parts);
    let extras = newton.parts.iter().flat_map(|part| (0..part.pieces.len()).map(|p| part.stand(p).1));
    for (piece, extras) in shape.pieces.iter().zip(extras) {
        let block = &power[piece.block()];
        for run in shape.runs_of(piece) {
            x[run.column..run.column + run.len].copy_from_slice(&block[run.at..run.at + run.len]);
        }
        let mut left = piece.energy_mwh - shape.step_hours * block[..piece.cells].iter().sum::<f64>();
        for (extra, &value) in shape.extras[piece.extras.clone()].iter().zip(extras) {
            match extra.draws {
                // What is drawn there is drawn where it was first.
                Some(draws) => {
                    let place = column_of(shape, piece, draws.at);
                    let kept = x[place].min(extra.upper);
                    x[extra.column] = kept;
                    x[place] -= kept;
                }
                None => {
                    let later = value.min(left.max(0.0));
                    x[extra.column] = later;
                    left -= later;
                }
            }
        }
        x[model.keys.miss(piece.work)] = missed(piece.energy_mwh, left);
    }
    x
}

fn missed(energy_mwh: f64, left: f64) -> f64 {
    if left > ROUNDED * energy_mwh { left } else { 0.0 }
}

fn column_of(shape: &Shape, piece: &Piece, at: usize) -> usize {
    let run = shape.runs_of(piece).iter().find(|r| (r.at..r.at + r.len).contains(&at));
    run.map_or(0, |run| run.column + at - run.at)
}

/// Duals by row of the model.
pub(super) fn duals(model: &LinearModel, shape: &Shape, rest: &Rest, newton: &Newton) -> Vec<f64> {
    let mut duals = vec![0.0; model.rows.len()];
    for (dual, at) in duals.iter_mut().zip(&rest.row_of) {
        if let Some(at) = at {
            *dual = newton.prices[*at as usize];
        }
    }
    bounds(model, rest, newton, &mut duals);
    let prices: Vec<f64> =
        rest.draws.iter().map(|draws| draws.iter().map(|&(row, v)| v * duals[row as usize]).sum()).collect();
    let answers = parallel::each(shape.pieces.iter().collect(), |piece| bound::answer(shape, piece, &prices));
    for (piece, answer) in shape.pieces.iter().zip(answers) {
        own(model, shape, piece, &answer, &mut duals);
    }
    closed(model, shape.step_hours, rest, &mut duals);
    duals
}

/// The bound on a cell's load is worth what its upper dual says, in the row that states it most tightly.
fn bounds(model: &LinearModel, rest: &Rest, newton: &Newton, duals: &mut [f64]) {
    let open = rest.open();
    let mut tightest: Vec<Option<(usize, f64)>> = vec![None; open.len()];
    for &(row, cell, value) in &rest.bounds {
        let limit = model.rows[row].upper / value;
        let tighter = tightest[cell].is_none_or(|(other, v)| limit < model.rows[other].upper / v);
        if tighter {
            tightest[cell] = Some((row, value));
        }
    }
    for (cell, row) in tightest.into_iter().enumerate() {
        if let Some((row, value)) = row.filter(|_| open[cell]) {
            duals[row] = -newton.columns.w[cell] / value;
        }
    }
}

fn own(model: &LinearModel, shape: &Shape, piece: &Piece, answer: &Answer, duals: &mut [f64]) {
    duals[model.keys.energy(piece.work)] = answer.energy;
    for (&step, rate) in shape.steps_of[piece.rates.clone()].iter().zip(&answer.rates) {
        if let Some(row) = model.keys.rate(piece.work, step) {
            duals[row] = *rate;
        }
    }
}

/// Cells that take no work are priced so that no piece wants them: their bound is nothing, so that costs nothing.
fn closed(model: &LinearModel, h: f64, rest: &Rest, duals: &mut [f64]) {
    let open = rest.open();
    let mut lacking = vec![0.0_f64; open.len()];
    for (w, keys) in model.keys.works().iter().enumerate() {
        for column in keys.place..keys.place + keys.sites * keys.window {
            let ColumnKind::Place { site, step, .. } = model.columns[column].kind else { continue };
            let cell = site * rest.steps + step;
            if open[cell] {
                continue;
            }
            let hours = duals[model.keys.energy(w)];
            let rate = model.keys.rate(w, step).map_or(0.0, |row| duals[row]);
            let drawn: f64 = rest.draws[cell].iter().map(|&(row, v)| v * duals[row as usize]).sum();
            let reduced = model.columns[column].cost - h * hours - rate - drawn;
            lacking[cell] = lacking[cell].min(reduced);
        }
    }
    for &(row, cell, value) in &rest.bounds {
        if !open[cell] && lacking[cell] < 0.0 {
            duals[row] += lacking[cell] / value;
            lacking[cell] = 0.0;
        }
    }
}

/// What these duals prove; a column without a bound whose reduced cost is below zero by rounding proves nothing less.
pub(super) fn bound(model: &LinearModel, duals: &[f64]) -> f64 {
    let mut bound = model.constant;
    let mut reduced: Vec<f64> = model.columns.iter().map(|c| c.cost).collect();
    for (row, &dual) in model.rows.iter().zip(duals) {
        let limit = if dual > 0.0 { row.lower } else { row.upper };
        if dual != 0.0 && limit.is_finite() {
            bound += dual * limit;
        }
    }
    for e in &model.entries {
        let (row, dual) = (&model.rows[e.row as usize], duals[e.row as usize]);
        let limit = if dual > 0.0 { row.lower } else { row.upper };
        if limit.is_finite() {
            reduced[e.column as usize] -= dual * e.value;
        }
    }
    for (column, d) in model.columns.iter().zip(reduced) {
        let at = if d >= 0.0 { column.lower } else { column.upper };
        if at.is_finite() {
            bound += d * at;
        }
    }
    bound
}
