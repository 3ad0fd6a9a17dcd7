//! An hour later: every forecast has changed, and one piece of work in a hundred is another one.

use super::random::Random;
use hourmatch_solver::{Piece, Problem};
use ids::{Index, JobIndex, WorkIndex};

/// How far a forecast is off on average by the end of the horizon, as a part of itself, and how much of that an hour brings.
const SPREAD: f64 = 0.03;
const KEPT: f64 = 0.9;

pub fn an_hour_later(problem: &Problem, seed: u64) -> Problem {
    let mut r = Random::seeded(seed);
    let mut changed = problem.clone();
    let supply = changed.contracts.iter_mut().map(|contract| &mut contract.available_mw);
    let grid = changed.boundaries.iter_mut().flat_map(|b| [&mut b.buy_per_mwh, &mut b.carbon_g_per_kwh]);
    supply.chain(grid).for_each(|forecast| drift(&mut r, forecast));
    let waits: Vec<Piece> = problem.after.iter().flat_map(|after| [after.first, after.then]).collect();
    for j in JobIndex::all(&problem.jobs).filter(|&j| !waits.contains(&Piece::Job(j))) {
        // Another job of its pool: neither is larger than the pool carries.
        let other = JobIndex::new(r.index(problem.jobs.len()));
        let like = &problem.jobs[other];
        if r.index(100) == 0 && like.sites == problem.jobs[j].sites && like.count == problem.jobs[j].count {
            let id = changed.jobs[j].id.as_str();
            changed.jobs[j] = hourmatch_solver::Job { id: format!("{id}-new").into(), ..like.clone() };
        }
    }
    for w in WorkIndex::all(&problem.work) {
        if r.index(100) == 0 {
            changed.work[w].energy_mwh *= r.between(0.5, 1.0);
        }
    }
    changed
}

/// Errors that stay for a while.
fn drift(r: &mut Random, forecast: &mut [f64]) {
    let mut error = 0.0;
    for value in forecast {
        // Of variance one: the sum of four uniform draws.
        let shock = (0..4).map(|_| r.draw() - 0.5).sum::<f64>() * 3f64.sqrt();
        error = KEPT * error + (1.0 - KEPT * KEPT).sqrt() * shock;
        *value *= (1.0 + SPREAD * error).max(0.0);
    }
}
