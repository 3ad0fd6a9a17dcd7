//! Few pieces over many cells: their rows of energy stay in the system, and cells are eliminated before them, step by step.
//! Pieces then couple the cells of one step, and no others.
//!
//! ```text
//! cells    M = diag(D) - D D'/d      per step
//! energy   v' dp + sigma de          with  v = h*ratio*D
//! ```
//!
//! What is left after a step are the energies of pieces whose windows have begun and not ended: fewer than the cells of all
//! those steps where pieces are few, sites many or steps short.

use super::part::{Coupling, Part};
use super::rest::Rest;
use super::shape::{Piece, Shape};
use super::system::System;

/// Pairs of the row of a cell and the last one of its step: pieces couple no more than these.
pub(super) fn reach(rest: &Rest) -> Vec<(usize, usize)> {
    let steps = rest.cells.steps;
    let last = |t: usize| (0..rest.cells.sites).map(|s| rest.load(s * steps + t)).max().unwrap_or(0);
    let last: Vec<usize> = (0..steps).map(last).collect();
    (0..rest.of_sites()).map(|cell| (rest.load(cell), last[cell % steps])).collect()
}

/// Pairs of rows that energies enter: a cell's and a piece's.
pub(super) fn pairs<'a>(shape: &'a Shape, rest: &'a Rest) -> impl Iterator<Item = (usize, usize)> + 'a {
    let cells = |piece: &'a Piece| shape.runs_of(piece).iter().flat_map(|run| shape.span(run));
    let of_piece = move |piece: &'a Piece| cells(piece).map(|cell| (rest.load(cell), rest.energy(piece.work)));
    let pieces = if rest.energies.is_empty() { &[] } else { shape.pieces.as_slice() };
    pieces.iter().flat_map(of_piece)
}

/// Where the products of pieces stand in the system.
pub(super) struct CellsFirst {
    /// By piece, of its energy alone.
    own: Vec<usize>,
    /// By cell of each piece, with its energy.
    energies: Vec<usize>,
}

impl CellsFirst {
    /// None where the system was made without them.
    pub fn new(shape: &Shape, rest: &Rest, system: &System) -> Option<CellsFirst> {
        let own = shape.pieces.iter().map(|piece| system.position(rest.energy(piece.work), rest.energy(piece.work)));
        let energies = pairs(shape, rest).map(|(cell, energy)| system.position(cell, energy));
        Some(CellsFirst { own: own.collect::<Option<_>>()?, energies: energies.collect::<Option<_>>()? })
    }

    /// Adds what pieces couple to the system.
    pub fn add(&self, (shape, rest): (&Shape, &Rest), parts: &[Part], system: &mut System) {
        let mut energies = self.energies.iter();
        for part in parts {
            for (p, number) in part.pieces.clone().enumerate() {
                let of = part.coupling(p);
                system.values[self.own[number]] += of.sigma;
                for (v, &at) in of.v.iter().zip(energies.by_ref()) {
                    system.values[at] += shape.step_hours * v;
                }
                add_steps((shape, rest), &of, system);
            }
        }
    }
}

/// `diag(D) - D D'/d` by step.
fn add_steps((shape, rest): (&Shape, &Rest), of: &Coupling<'_>, system: &mut System) {
    let runs = shape.runs_of(of.piece);
    for (i, a) in runs.iter().enumerate() {
        for t in 0..a.len {
            let rate = a.rate + t;
            let (row, weight) = (rest.load(shape.cell(a.site, a.step + t)), of.weights[a.at + t]);
            let at = system.of_loads(row, row);
            system.values[at] += weight * of.others(runs, (i, t)) / of.d[rate];
            for (b, u) in runs[i + 1..].iter().filter_map(|b| Some((b, b.with_rate(rate)?))) {
                let at = system.of_loads(row, rest.load(shape.cell(b.site, b.step + u)));
                system.values[at] -= weight * of.weights[b.at + u] / of.d[rate];
            }
        }
    }
}
