//! What given placements cost: the placements are fixed, everything else follows.
//!
//! Per boundary and step the supply groups are taken cheapest against the grid first, each as
//! far as its site lists allow: on nested lists this greedy order is exact. A tie goes to the
//! contract, so that matched is min(load, contracted) wherever that costs nothing.

use crate::model::rules::placement;
use crate::model::terms::Terms;
use crate::model::terms::money;
use crate::outcome::Placement;
use crate::problem::{Problem, ProblemError};
use ids::{BoundaryIndex, Index, SiteIndex, WorkIndex};

/// Unit costs nearer than this are a tie, settled towards matching.
const TIE: f64 = 1e-9;

#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub objective: f64,
    pub miss_mwh: Vec<f64>,
    pub later_mwh: Vec<f64>,
    /// `[boundary][step]`.
    pub grid_mw: Vec<Vec<f64>>,
    /// `[group][step]`.
    pub use_mw: Vec<Vec<f64>>,
    pub short_mwh: Vec<f64>,
}

/// The objective of placements with every other variable chosen best.
pub fn evaluate(problem: &Problem, placements: &[Placement]) -> Result<Evaluation, ProblemError> {
    problem.check()?;
    Ok(settle(problem, &Terms::new(problem), placements, None))
}

/// What jobs and training draw beside placements.
pub struct Extra {
    /// `[site][step]`
    pub it_mw: Vec<Vec<f64>>,
    /// `[site][step]` facility MW that storage draws, negative where it gives.
    pub facility_mw: Vec<Vec<f64>>,
    /// Allowance they earn, per target.
    pub credit: Vec<f64>,
}

/// [`evaluate`] for a problem already checked.
pub fn settle(problem: &Problem, terms: &Terms, placements: &[Placement], extra: Option<&Extra>) -> Evaluation {
    let mut placed = Placed::new(problem, terms, placements);
    if let Some(extra) = extra {
        let cells = placed.work_mw.iter_mut().flatten().zip(extra.it_mw.iter().flatten());
        cells.for_each(|(mw, more)| *mw += more);
        placed.facility_mw.clone_from(&extra.facility_mw);
        placed.credit.iter_mut().zip(&extra.credit).for_each(|(sum, more)| *sum += more);
    }
    let prices = |pressure: f64| terms.targets.iter().map(|k| pressure * k.price).collect::<Vec<f64>>();
    let free = value(problem, terms, &placed, &prices(0.0));
    if terms.targets.is_empty() {
        return free;
    }
    // A target can make supply worth using that money alone would not use.
    let pressed = value(problem, terms, &placed, &prices(1.0));
    if pressed.objective < free.objective { pressed } else { free }
}

/// Sums over the placements that everything below needs.
struct Placed {
    /// `[site][step]` IT MW of work.
    work_mw: Vec<Vec<f64>>,
    /// The same of what storage draws; empty where there is none.
    facility_mw: Vec<Vec<f64>>,
    energy_mwh: Vec<f64>,
    /// Allowance earned by work, per target.
    credit: Vec<f64>,
    delay: f64,
    change: f64,
}

impl Placed {
    fn new(problem: &Problem, terms: &Terms, placements: &[Placement]) -> Placed {
        let work_mw = vec![vec![0.0; problem.steps]; problem.sites.len()];
        let (energy_mwh, credit) = (vec![0.0; problem.work.len()], vec![0.0; terms.targets.len()]);
        let change = placement::change_cost(problem, placements);
        let mut placed = Placed { work_mw, facility_mw: Vec::new(), energy_mwh, credit, delay: 0.0, change };
        for p in placements {
            placed.work_mw[p.site][p.step] += p.mw;
            placed.energy_mwh[p.work] += problem.step_hours * p.mw;
            placed.delay += money::delay_cost(problem, p.step) * p.mw;
            let boundary = problem.sites[p.site].boundary;
            for (sum, target) in placed.credit.iter_mut().zip(&terms.targets) {
                *sum += target.credit[boundary][p.step] * p.mw;
            }
        }
        placed
    }
}

/// With each target's row at a price where supply is chosen.
fn value(problem: &Problem, terms: &Terms, placed: &Placed, prices: &[f64]) -> Evaluation {
    let steps = problem.steps;
    let mut grid_mw = vec![vec![0.0; steps]; problem.boundaries.len()];
    let mut use_mw = vec![vec![0.0; steps]; terms.groups.len()];
    let mut objective = terms.constant + placed.delay + placed.change;
    let mut activity: Vec<f64> = placed.credit.iter().map(|c| -c).collect();
    for (b, row) in BoundaryIndex::all(&problem.boundaries).zip(&mut grid_mw) {
        for (t, grid) in row.iter_mut().enumerate() {
            let (mw, used) = dispatch(problem, terms, placed, (b, t), prices);
            *grid = mw;
            objective += terms.grid_cost[b][t] * mw;
            for (sum, target) in activity.iter_mut().zip(&terms.targets) {
                let counted = terms.groups_of[b].iter().zip(&used).map(|(&g, mw)| target.on_use[g][t] * mw);
                *sum += target.on_grid[b][t] * mw + counted.sum::<f64>();
            }
            for (&g, mw) in terms.groups_of[b].iter().zip(used) {
                use_mw[g][t] = mw;
                objective += terms.groups[g].cost[t] * mw;
            }
        }
    }
    let mut short_mwh = Vec::with_capacity(terms.targets.len());
    for (target, activity) in terms.targets.iter().zip(activity) {
        let short = (activity - target.limit).max(0.0);
        objective += target.price * short;
        short_mwh.push(short);
    }
    let (miss_mwh, later_mwh, left) = leftover(problem, &placed.energy_mwh);
    Evaluation { objective: objective + left, miss_mwh, later_mwh, grid_mw, use_mw, short_mwh }
}

/// Energy not placed: left for later where that is cheaper and there is room for it then, else missed; and what both cost.
fn leftover(problem: &Problem, placed: &[f64]) -> (Vec<f64>, Vec<f64>, f64) {
    let mut cost = 0.0;
    let mut misses = Vec::with_capacity(problem.work.len());
    let mut laters = Vec::with_capacity(problem.work.len());
    let mut free: Vec<f64> = problem.free_later.iter().map(|bound| bound.1).collect();
    for ((w, work), placed) in WorkIndex::each(&problem.work).zip(placed) {
        let left = (work.energy_mwh - placed).max(0.0);
        let mut later = 0.0;
        if let Some(option) = work.later
            && option.cost_per_mwh <= work.miss_price_per_mwh
        {
            let bounds = || problem.free_later.iter().enumerate().filter(|(_, bound)| bound.0.contains(&w));
            later = bounds().map(|(k, _)| free[k]).fold(left.min(option.max_mwh), f64::min).max(0.0);
            bounds().for_each(|(k, _)| free[k] -= later);
            cost += option.cost_per_mwh * later;
        }
        cost += work.miss_price_per_mwh * (left - later);
        misses.push(left - later);
        laters.push(later);
    }
    (misses, laters, cost)
}

/// MW of the grid, and of each of the boundary's groups.
fn dispatch(
    problem: &Problem,
    terms: &Terms,
    placed: &Placed,
    (b, t): (BoundaryIndex, usize),
    prices: &[f64],
) -> (f64, Vec<f64>) {
    let load = |s: SiteIndex| {
        let site = &problem.sites[s];
        let stored = placed.facility_mw.get(s.get()).map_or(0.0, |row| row[t]);
        site.overhead_mw[t] + site.pue[t] * (site.firm_it_mw[t] + placed.work_mw[s][t]) + stored
    };
    let groups = &terms.groups_of[b];
    let grid_cost = terms.grid_cost_at(prices, (b, t));
    let mut order: Vec<(f64, usize)> =
        groups.iter().enumerate().map(|(at, &g)| (terms.use_cost_at(prices, (g, t)) - grid_cost, at)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut left: f64 = terms.sites_of[b].iter().map(|&s| load(s)).sum();
    let inside = terms.nodes.iter().map(|n| n.sites.iter().filter(|_| n.boundary == b).map(|&s| load(s)).sum());
    let mut inside: Vec<f64> = inside.collect();
    let mut used = vec![0.0; groups.len()];
    for (dearer, at) in order {
        if dearer > TIE {
            break;
        }
        let group = &terms.groups[groups[at]];
        let room = group.nodes.iter().map(|&n| inside[n]).fold(left, f64::min);
        let mw = group.available[t].min(room).max(0.0);
        used[at] = mw;
        left -= mw;
        for &n in &group.nodes {
            inside[n] -= mw;
        }
    }
    (left.max(0.0), used)
}
