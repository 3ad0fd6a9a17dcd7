//! What was found, by column of the model; work without dust.

use super::newton::Newton;
use super::part::ROUNDED;
use super::purify::purified;
use super::rest::{Of, Rest};
use super::shape::{Piece, Shape};
use crate::model::LinearModel;

pub(super) fn columns(model: &LinearModel, shape: &Shape, rest: &Rest, newton: &Newton) -> Vec<f64> {
    let mut x = vec![0.0; model.columns.len()];
    for (column, &value) in rest.columns.iter().zip(&newton.columns.x) {
        if let Of::Model(c) = column.of {
            x[c] = column.lower + value;
        }
    }
    rest.settled.iter().for_each(|one| x[one.column] = one.over(model));
    for pin in rest.pins.values() {
        let (placed, kept) = pin.split(model);
        x[pin.place] = placed;
        pin.keep.into_iter().for_each(|keep| x[keep] = kept);
    }
    let power = purified(shape, &newton.parts);
    let extras = newton.parts.iter().flat_map(|part| (0..part.pieces.len()).map(|p| part.stand(p).1));
    for (piece, extras) in shape.pieces.iter().zip(extras) {
        let block = &power[piece.block()];
        for run in shape.runs_of(piece) {
            x[run.column..run.column + run.len].copy_from_slice(&block[run.at..run.at + run.len]);
        }
        if let Some(run) = shape.runs_of(piece).last().filter(|_| piece.defers) {
            x[run.column] *= shape.step_hours;
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
