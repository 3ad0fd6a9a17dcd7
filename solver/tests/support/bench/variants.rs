//! Divisible work made harder in one way each: sites fuller or emptier, steps of a quarter of an hour, pieces all alike, pieces
//! due after the horizon.

use hourmatch_solver::{Later, Problem};
use ids::{Index, WorkIndex};

/// Kinds of pieces where they are alike.
const KINDS: usize = 8;

/// Days after the horizon on which pieces are due that stand in its last part.
const DAYS: usize = 5;
const LAST_PART: f64 = 0.7;
/// Part of what is free then that other work has not taken.
const NOT_TAKEN: f64 = 0.1;

/// Steps of a quarter of an hour in one of an hour.
const QUARTERS: usize = 4;

/// By the first part of a name; none where it is no variant.
pub fn changed(variant: &str, mut problem: Problem) -> Option<Problem> {
    match variant {
        "tight" => capacity(&mut problem, 0.85 / 0.95),
        "loose" => capacity(&mut problem, 0.85 / 0.6),
        "quarter" => quarters(&mut problem),
        "alike" => alike(&mut problem),
        "later" => later(&mut problem),
        _ => return None,
    }
    Some(problem)
}

fn capacity(problem: &mut Problem, factor: f64) {
    problem.sites.iter_mut().flat_map(|s| &mut s.it_capacity_mw).for_each(|mw| *mw *= factor);
}

/// The same week in four times the steps; windows move by up to three quarters of an hour.
fn quarters(problem: &mut Problem) {
    let spread = |series: &mut Vec<f64>| *series = series.iter().flat_map(|v| [*v; QUARTERS]).collect();
    problem.step_hours /= QUARTERS as f64;
    problem.steps *= QUARTERS;
    for b in &mut problem.boundaries {
        [&mut b.buy_per_mwh, &mut b.carbon_g_per_kwh, &mut b.grid_cfe_share].into_iter().for_each(spread);
    }
    for s in &mut problem.sites {
        let series = [&mut s.pue, &mut s.overhead_mw, &mut s.firm_it_mw, &mut s.it_capacity_mw, &mut s.grid_limit_mw];
        series.into_iter().for_each(spread);
    }
    for c in &mut problem.contracts {
        [&mut c.available_mw, &mut c.sell_per_mwh].into_iter().for_each(spread);
    }
    let steps = problem.steps;
    for (w, work) in problem.work.iter_mut().enumerate() {
        let (from, to) = (QUARTERS * work.release + w % QUARTERS, QUARTERS * work.deadline + w % QUARTERS);
        let over = to.saturating_sub(steps);
        (work.release, work.deadline) = (from - over, to - over);
    }
}

/// A few kinds of pieces, each many times; all together need what they needed.
fn alike(problem: &mut Problem) {
    let total: f64 = problem.work.iter().map(|w| w.energy_mwh).sum();
    for w in KINDS..problem.work.len() {
        let id = std::mem::take(&mut problem.work[w].id);
        problem.work[w] = problem.work[w % KINDS].clone();
        problem.work[w].id = id;
    }
    let scale = total / problem.work.iter().map(|w| w.energy_mwh).sum::<f64>();
    for work in &mut problem.work {
        work.energy_mwh *= scale;
        work.max_mw *= scale;
    }
}

/// What ends late in the horizon is due on one of the days after it, as far as sites are free by then.
fn later(problem: &mut Problem) {
    let steps = problem.steps as f64;
    let free = |t: usize| problem.sites.iter().map(|s| s.it_capacity_mw[t] - s.firm_it_mw[t]).sum::<f64>();
    let free_mw = (0..problem.steps).map(free).sum::<f64>() / steps;
    let price =
        problem.boundaries.iter().flat_map(|b| &b.buy_per_mwh).sum::<f64>() / steps / problem.boundaries.len() as f64;
    let mut due: Vec<Vec<WorkIndex>> = vec![Vec::new(); DAYS];
    for (w, work) in problem.work.iter_mut().enumerate() {
        if work.deadline as f64 <= LAST_PART * steps {
            continue;
        }
        let day = w % DAYS;
        let most = work.max_mw * (24 * (day + 1)) as f64;
        work.deadline = problem.steps;
        work.later = Some(Later { max_mwh: most.min(work.energy_mwh), cost_per_mwh: price });
        due[day..].iter_mut().for_each(|due| due.push(WorkIndex::new(w)));
    }
    let limits = due.into_iter().enumerate().map(|(day, works)| (works, free_mw * (24 * (day + 1)) as f64 * NOT_TAKEN));
    problem.free_later = limits.collect();
}
