//! Which rows of pieces that meet in cells are eliminated first: all of their own, or cells and then their energies
//! (`cells_first`).

use super::cells::Cells;
use crate::model::LinearModel;

/// By how much operations on small blocks are slower.
const SLOW: f64 = 2.0;

/// Which rows are eliminated first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Eliminate {
    /// What leaves less to factor.
    #[default]
    Cheaper,
    /// All rows of pieces.
    Pieces,
    /// Cells, before energies of pieces.
    Cells,
}

/// Operations that a factor takes, by what is eliminated first.
struct Operations {
    cells: f64,
    pieces: f64,
}

/// By piece the last step of its window, where keeping energies is less to factor.
pub(super) fn energies(model: &LinearModel, cells: &Cells, eliminate: Eliminate) -> Option<Vec<usize>> {
    let ends = ends(model, cells);
    let cells_first = match eliminate {
        Eliminate::Cells => true,
        Eliminate::Pieces => false,
        Eliminate::Cheaper => {
            let operations = operations(model, &ends, cells);
            operations.cells < operations.pieces
        }
    };
    // Work without a place has no step to stand behind.
    (cells_first && cells.steps > 0).then_some(ends)
}

fn ends(model: &LinearModel, cells: &Cells) -> Vec<usize> {
    model.keys.work.iter().enumerate().map(|(work, keys)| cells.end(work, keys)).collect()
}

fn operations(model: &LinearModel, ends: &[usize], of: &Cells) -> Operations {
    let (sites, steps) = (of.sites, of.steps);
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
    let cells = SLOW * (of_steps.sum::<f64>() + of_pieces.sum::<f64>());
    Operations { cells, pieces: of_cells.sum::<f64>() + pairs / 2.0 }
}

/// Operations to factor what pieces couple, in the way that takes fewer.
pub(super) fn effort(model: &LinearModel, cells: &Cells) -> f64 {
    let ends = ends(model, cells);
    let operations = operations(model, &ends, cells);
    operations.cells.min(operations.pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Keys, WorkKeys};

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
            energies(&model(pieces, sites, window), &Cells::plain(sites, window), Eliminate::Cheaper).is_some()
        };
        assert!(first(50, 10, 96) && first(50, 10, 384) && first(500, 50, 96));
        assert!(!first(5_000, 10, 96) && !first(50, 1, 24) && !first(2_000, 10, 96));
        let ends = energies(&model(2, 3, 7), &Cells::plain(3, 9), Eliminate::Cells);
        assert_eq!(ends, Some(vec![6, 6]));
    }

    #[test]
    fn work_without_a_place_is_none() {
        let model = model(3, 0, 0);
        assert_eq!(energies(&model, &Cells::plain(0, 0), Eliminate::Cells), None);
        assert_eq!(effort(&model, &Cells::plain(0, 0)), 0.0);
    }
}
