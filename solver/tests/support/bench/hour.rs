//! An hour later: every forecast has changed, and one piece of work in a hundred is another one.

use super::random::Random;
use hourmatch_solver::{Job, Piece, Problem};
use ids::{Index, JobIndex, WorkIndex};

/// How far forecasts have changed: the standard deviation, as a part of each value, and what of a change stays to the next step.
const SPREAD: f64 = 0.03;
const KEPT: f64 = 0.9;

pub fn an_hour_later(problem: &Problem, seed: u64) -> Problem {
    let mut r = Random::seeded(seed);
    let mut changed = problem.clone();
    let supply = changed.contracts.iter_mut().map(|contract| &mut contract.available_mw);
    let grid = changed.boundaries.iter_mut().flat_map(|b| [&mut b.buy_per_mwh, &mut b.carbon_g_per_kwh]);
    let load = changed.sites.iter_mut().map(|site| &mut site.firm_it_mw);
    supply.chain(grid).chain(load).for_each(|forecast| drift(&mut r, forecast));
    let waits: Vec<Piece> = problem.after.iter().flat_map(|after| [after.first, after.then]).collect();
    for j in JobIndex::all(&problem.jobs).filter(|&j| !waits.contains(&Piece::Job(j))) {
        if r.index(100) > 0 {
            continue;
        }
        // As another one of its sites, which its pool carries.
        let own = &problem.jobs[j];
        let alike: Vec<&Job> = problem.jobs.iter().filter(|other| other.sites == own.sites).collect();
        let id = format!("{}-new", own.id.as_str()).into();
        changed.jobs[j] = Job { id, ..alike[r.index(alike.len())].clone() };
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
