//! A feasible plan without a solver, and how far from optimal it can be at most.
//!
//! Work with the least slack first, each at its cheapest cells; then rounds that improve
//! (`refine`), a bound from prices (`lagrange`), and one more plan guided by those prices.
//! Effort is counted in cells, never in time, so that the same problem is the same plan.

use super::lagrange::{Lagrangian, Multipliers};
use super::refine::{Best, Search};
use crate::model::Terms;
use crate::outcome::Placement;
use crate::problem::{Problem, Work};
use ids::{Index, WorkIndex};

/// Cells looked at by all placement rounds together.
const PLACING: usize = 25_000_000;
/// Cells looked at by all rounds of the bound together.
const BOUNDING: usize = 60_000_000;

pub struct Greedy {
    pub best: Best,
    pub bound: f64,
    pub multipliers: Multipliers,
}

pub fn run(problem: &Problem, terms: &Terms) -> Greedy {
    let rounds = rounds(problem);
    let order = order(problem);
    let pressure: Vec<f64> = terms.targets.iter().map(|k| k.price).collect();
    let mut best = Search::new(problem, terms, &order, &pressure, None).run(rounds);
    let lagrangian = Lagrangian { problem, terms };
    let room = vec![vec![0.0; problem.steps]; problem.sites.len()];
    let start = Multipliers { power: best.marginal.clone(), room, target: best.pressure.clone() };
    let objective = best.evaluation.objective;
    let ascents = (BOUNDING / cells(problem)).clamp(3, 300);
    let (multipliers, bound) = lagrangian.ascend(start, objective, ascents);
    let (target, room) = (&multipliers.target, Some(&multipliers.room[..]));
    let guided = Search::new(problem, terms, &order, target, room).run(rounds / 2);
    if guided.evaluation.objective < best.evaluation.objective {
        best = guided;
    }
    Greedy { best, bound, multipliers }
}

/// The best that rounds make of a previous plan: they begin with it as it is, and with what it leaves out placed beside it.
pub fn continue_placements(problem: &Problem, terms: &Terms, placements: &[Placement]) -> Best {
    let order = order(problem);
    let pressure: Vec<f64> = terms.targets.iter().map(|k| k.price).collect();
    Search::new(problem, terms, &order, &pressure, None).starting_with(placements).run(rounds(problem) / 2)
}

/// As many as effort allows.
fn rounds(problem: &Problem) -> usize {
    (PLACING / cells(problem)).clamp(1, 30)
}

fn cells(problem: &Problem) -> usize {
    let cells: usize = problem.work.iter().map(|w| w.sites.len() * (w.deadline - w.release)).sum();
    cells.max(problem.steps).max(1)
}

/// Least slack first, then fewest choices.
fn order(problem: &Problem) -> Vec<WorkIndex> {
    let slack = |(w, work): (WorkIndex, &Work)| {
        let window = work.deadline - work.release;
        let most = problem.step_hours * work.max_mw * window as f64;
        (1.0 - work.energy_mwh / most.max(1e-12), window * work.sites.len(), w)
    };
    let mut order: Vec<(f64, usize, WorkIndex)> = WorkIndex::each(&problem.work).map(slack).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    order.into_iter().map(|o| o.2).collect()
}
