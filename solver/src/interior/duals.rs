//! Duals by row of the model, from the prices that were found: they prove at least as much as the method asked for.

use super::bound::{self, Answer};
use super::kinds::{is_local, is_work};
use super::newton::Newton;
use super::parallel;
use super::rest::Rest;
use super::shape::{Piece, Shape};
use crate::model::{ColumnKind, Entry, LinearModel, Row, reduced_costs};
use ids::{Index, WorkIndex};

/// Duals by row of the model.
pub(super) fn duals(model: &LinearModel, shape: &Shape, rest: &Rest, newton: &Newton) -> Vec<f64> {
    let mut duals = vec![0.0; model.rows.len()];
    for (dual, at) in duals.iter_mut().zip(&rest.row_of) {
        if let Some(at) = at {
            *dual = newton.prices[*at as usize];
        }
    }
    rest.settled.iter().for_each(|one| duals[one.row] = one.dual(model));
    bounds(model, rest, newton, &mut duals);
    let prices: Vec<f64> =
        rest.draws.iter().map(|draws| draws.iter().map(|&(row, v)| v * duals[row as usize]).sum()).collect();
    let answers = parallel::each(shape.pieces.iter().collect(), |piece| bound::answer(shape, piece, &prices));
    for (piece, answer) in shape.pieces.iter().zip(answers) {
        own(model, shape, piece, &answer, &mut duals);
    }
    empty(model, shape, (rest, &prices), &mut duals);
    closed(model, shape.step_hours, rest, &mut duals);
    forced(model, rest, &mut duals);
    if !rest.pins.is_empty() {
        let reduced = reduced_costs(model, &duals);
        rest.pins.values().for_each(|pin| duals[pin.row] = pin.dual(model, &reduced));
    }
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
            duals[row] = -(newton.columns.w[cell] - newton.columns.z[cell]).max(0.0) / value;
        }
    }
}

fn own(model: &LinearModel, shape: &Shape, piece: &Piece, answer: &Answer, duals: &mut [f64]) {
    duals[model.keys.energy(piece.work)] = answer.energy;
    let own = piece.rates.start..piece.rates.end - usize::from(piece.defers);
    for (&step, rate) in shape.steps_of[own].iter().zip(&answer.rates) {
        if let Some(row) = model.keys.rate(piece.work, step) {
            duals[row] = *rate;
        }
    }
}

/// Columns of a piece that draw: its places, what is kept of a previous plan, and what is left for later where other work does
/// so, too. Those that are pinned are left out.
fn draws_of<'a>(model: &'a LinearModel, rest: &'a Rest, w: WorkIndex) -> impl Iterator<Item = (usize, usize)> + 'a {
    let keys = model.keys.work[w];
    let places = (keys.place..keys.place + keys.sites * keys.window).filter(|column| !rest.pins.contains_key(column));
    let pinned = |column: usize| rest.pins.values().any(|pin| pin.keep == Some(column));
    let kept = model.keys.keep[w].iter().map(|kept| kept.2).filter(move |&column| !pinned(column));
    let columns = places.chain(kept).chain(model.keys.later(w));
    columns.filter_map(|column| {
        let (site, step) = rest.cells.drawn(&model.columns[column].kind)?;
        Some((column, site * rest.cells.steps + step))
    })
}

/// Work without energy of its own is no piece: its row's side is nothing, or what pins take, so any dual of it costs nothing.
fn empty(model: &LinearModel, shape: &Shape, (rest, prices): (&Rest, &[f64]), duals: &mut [f64]) {
    let mut is_piece = vec![false; model.keys.work.len()];
    shape.pieces.iter().for_each(|piece| is_piece[piece.work.get()] = true);
    for w in WorkIndex::all(&model.keys.work).filter(|w| !is_piece[w.get()]) {
        let unit = |column: usize| rest.cells.mw(&model.columns[column].kind);
        let reduced =
            draws_of(model, rest, w).map(|(column, cell)| model.columns[column].cost / unit(column) - prices[cell]);
        duals[model.keys.energy(w)] = reduced.fold(0.0, f64::min) / shape.step_hours;
    }
}

/// A row that leaves its columns nothing but zero has no inner point, and the method's dual of it no limit: it is as near
/// to zero as its columns allow.
fn forced(model: &LinearModel, rest: &Rest, duals: &mut [f64]) {
    // Rows that gangs enter are none: their columns are not in the model.
    let mut entered = vec![false; model.rows.len()];
    let of_queue = &rest.draws[rest.of_sites()..];
    of_queue.iter().flatten().for_each(|&(row, _)| entered[row as usize] = true);
    let live = |e: &&Entry| model.columns[e.column as usize].upper > 0.0;
    let forces = |row: &Row, entries: &[Entry]| {
        let apart = |e: &Entry| {
            let column = &model.columns[e.column as usize];
            column.lower == 0.0 && !is_work(&column.kind)
        };
        let above = row.upper == 0.0 && entries.iter().filter(live).all(|e| e.value > 0.0);
        let below = row.lower == 0.0 && entries.iter().filter(live).all(|e| e.value < 0.0);
        !is_local(&row.kind) && entries.iter().all(apart) && (above || below)
    };
    let rows = model.by_row().enumerate().filter(|(r, (row, entries))| !entered[*r] && forces(row, entries));
    let rows: Vec<(usize, &[Entry])> = rows.map(|(r, (_, entries))| (r, entries)).collect();
    rows.iter().for_each(|&(r, _)| duals[r] = 0.0);
    let mut reduced = reduced_costs(model, duals);
    for (r, entries) in rows {
        let wanted = entries.iter().filter(live).map(|e| reduced[e.column as usize].min(0.0) / e.value);
        let dual = wanted.fold(0.0, |most: f64, v| if v.abs() > most.abs() { v } else { most });
        duals[r] = dual;
        entries.iter().for_each(|e| reduced[e.column as usize] -= dual * e.value);
    }
}

/// Cells that take no work are priced so that no piece wants them: their bound is nothing, so that costs nothing.
fn closed(model: &LinearModel, h: f64, rest: &Rest, duals: &mut [f64]) {
    let open = rest.open();
    let mut lacking = vec![0.0_f64; open.len()];
    for w in WorkIndex::all(&model.keys.work) {
        for (column, cell) in draws_of(model, rest, w).filter(|(_, cell)| !open[*cell]) {
            let kind = &model.columns[column].kind;
            let hours = duals[model.keys.energy(w)];
            let step = (!matches!(kind, ColumnKind::Later { .. })).then_some(cell % rest.cells.steps);
            let rate = step.and_then(|step| model.keys.rate(w, step)).map_or(0.0, |row| duals[row]);
            let drawn: f64 = rest.draws[cell].iter().map(|&(row, v)| v * duals[row as usize]).sum();
            let reduced = model.columns[column].cost / rest.cells.mw(kind) - h * hours - rate - drawn;
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
