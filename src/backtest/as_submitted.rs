//! The work as submitted: each piece as soon as it is released, at its full power, as far as there is room.

use super::execute::{self, Decided};
use super::ran::Ran;
use super::stage::Stage;
use crate::plan::problem;

pub fn run(stage: &Stage) -> Ran {
    run_pieces(stage, (0..stage.work.len()).collect()).close(stage)
}

/// Some pieces and no others.
pub(super) fn run_pieces(stage: &Stage, pieces: Vec<usize>) -> Ran {
    let mut ran = Ran::new(stage);
    let mut snapshot = stage.actual.clone();
    snapshot.work = pieces.iter().map(|i| ran.item(stage, *i, 0)).collect();
    let stated = problem::formulate(&snapshot);
    let made = solver::as_submitted(&stated.problem);
    let decided = Decided { stated: &stated, pieces: &pieces, made: &made, storage: &[] };
    execute::run_steps(stage, &mut ran, (0, stage.grid.len), &decided);
    ran
}
