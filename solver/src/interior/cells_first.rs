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
use crate::model::{LinearModel, WorkKeys};

/// By how much operations on small blocks are slower.
const SLOW: f64 = 2.0;

/// What of pieces that meet in cells is eliminated first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Eliminate {
    /// What leaves less to factor.
    #[default]
    Either,
    /// All rows of pieces.
    Pieces,
    /// Cells, before energies of pieces.
    Cells,
}

/// Operations that a factor takes, with energies kept and without.
struct Operations {
    with: f64,
    without: f64,
}

/// By piece the last step of its window, where keeping energies is less to factor.
pub(super) fn energies(
    model: &LinearModel,
    (sites, steps): (usize, usize),
    eliminate: Eliminate,
) -> Option<Vec<usize>> {
    let ends = ends(model, steps);
    let cells = match eliminate {
        Eliminate::Cells => true,
        Eliminate::Pieces => false,
        Eliminate::Either => {
            let operations = operations(model, &ends, (sites, steps));
            SLOW * operations.with < operations.without
        }
    };
    // Work without a place has no step to stand behind.
    (cells && steps > 0).then_some(ends)
}

fn ends(model: &LinearModel, steps: usize) -> Vec<usize> {
    let last = |keys: &WorkKeys| (keys.release + keys.window.max(1)).min(steps).saturating_sub(1);
    model.keys.work.iter().map(last).collect()
}

fn operations(model: &LinearModel, ends: &[usize], (sites, steps): (usize, usize)) -> Operations {
    let mut under_way = vec![0_usize; steps];
    let mut last: Vec<usize> = (0..steps).collect();
    let mut pairs = 0.0;
    for (keys, &end) in model.keys.work.iter().zip(ends) {
        for t in keys.release..(end + 1).min(steps) {
            under_way[t] += 1;
            last[t] = last[t].max(end);
        }
        pairs += ((keys.sites * keys.window) as f64).powi(2);
    }
    let square = |n: usize| (n as f64).powi(2);
    let of_steps = (0..steps).map(|t| sites as f64 * square(under_way[t] + sites));
    let of_pieces = ends.iter().map(|&end| square(under_way.get(end).copied().unwrap_or(0)));
    let of_cells = (0..steps).map(|t| sites as f64 * square(sites * (last[t] + 1 - t)));
    Operations { with: of_steps.sum::<f64>() + of_pieces.sum::<f64>(), without: of_cells.sum::<f64>() + pairs / 2.0 }
}

/// Operations to factor what pieces couple, in the way that takes fewer.
pub(super) fn effort(model: &LinearModel, (sites, steps): (usize, usize)) -> f64 {
    let ends = ends(model, steps);
    let operations = operations(model, &ends, (sites, steps));
    (SLOW * operations.with).min(operations.without)
}

/// Pairs of the row of a cell and the last one of its step: pieces couple no more than these.
pub(super) fn reach(rest: &Rest) -> Vec<(usize, usize)> {
    let last = |t: usize| (0..rest.sites).map(|s| rest.load(s * rest.steps + t)).max().unwrap_or(0);
    let last: Vec<usize> = (0..rest.steps).map(last).collect();
    (0..rest.of_sites()).map(|cell| (rest.load(cell), last[cell % rest.steps])).collect()
}

/// Pairs of rows that energies enter: a cell's and a piece's.
pub(super) fn pairs<'a>(shape: &'a Shape, rest: &'a Rest) -> impl Iterator<Item = (usize, usize)> + 'a {
    let cells = |piece: &'a Piece| shape.runs_of(piece).iter().flat_map(|run| shape.span(run));
    let of_piece = move |piece: &'a Piece| cells(piece).map(|cell| (rest.load(cell), rest.energy(piece)));
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
        let own = shape.pieces.iter().map(|piece| system.position(rest.energy(piece), rest.energy(piece)));
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
            let (step, rate) = (a.step + t, a.rate + t);
            let (row, weight) = (rest.load(shape.cell(a.site, step)), of.weights[a.at + t]);
            let at = system.of_loads(row, row);
            system.values[at] += weight * of.others(runs, (i, step)) / of.d[rate];
            for b in runs[i + 1..].iter().filter(|b| (b.step..b.step + b.len).contains(&step)) {
                let at = system.of_loads(row, rest.load(shape.cell(b.site, step)));
                system.values[at] -= weight * of.weights[b.at + step - b.step] / of.d[rate];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Keys;

    /// So many pieces that all take the same steps of every site.
    fn model(pieces: usize, sites: usize, window: usize) -> LinearModel {
        let keys = WorkKeys { place: 0, sites, release: 0, window, later: None, rate: None };
        let mut all = Keys::default();
        all.work = vec![keys; pieces];
        LinearModel::new(all, (0, 0), 0.0)
    }

    #[test]
    fn cells_go_first_where_pieces_are_few() {
        let first = |pieces, sites, window| {
            energies(&model(pieces, sites, window), (sites, window), Eliminate::Either).is_some()
        };
        assert!(first(50, 10, 96) && first(50, 10, 384) && first(500, 50, 96));
        assert!(!first(5_000, 10, 96) && !first(50, 1, 24) && !first(2_000, 10, 96));
        let ends = energies(&model(2, 3, 7), (3, 9), Eliminate::Cells);
        assert_eq!(ends, Some(vec![6, 6]));
    }

    #[test]
    fn work_without_a_place_is_none() {
        let model = model(3, 0, 0);
        assert_eq!(energies(&model, (0, 0), Eliminate::Cells), None);
        assert!(effort(&model, (0, 0)) >= 0.0);
    }
}
