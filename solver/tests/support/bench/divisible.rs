//! Synthetic deferrable work from a seed, like the `jobs-*` instances: pieces with random windows and one to four eligible
//! sites, a target over all boundaries, sites that firm load and work together fill to 85 %.

use super::grid::{STEPS, boundary, contracts, pue};
use super::random::Random;
use hourmatch_solver::{Allowance, Metric, Policy, Problem, Scope, Site, Target, Work};
use ids::{BoundaryIndex, Index, SiteIndex};
use std::f64::consts::PI;

/// Firm load, and all load, as parts of capacity on average.
const FIRM: f64 = 0.38;
const FULL: f64 = 0.85;

/// Hours of windows, and how many hours of full power a piece needs of its window's.
const WINDOWS: [usize; 8] = [8, 14, 18, 25, 32, 48, 60, 96];
const PARTS: [f64; 6] = [0.06, 0.14, 0.25, 0.4, 0.6, 0.85];

/// Most a piece draws, unless it needs more all through its window.
const MOST_MW: f64 = 40.0;

pub fn divisible(seed: u64, pieces: usize, sites: usize) -> Problem {
    let mut r = Random::seeded(seed);
    let boundaries = sites.min(3);
    let mut problem = Problem { step_hours: 1.0, steps: STEPS, ..Problem::default() };
    problem.policy = Policy { carbon_price_per_t: 80.0, delay_price_per_mwh_step: 1e-6, ..Policy::default() };
    problem.boundaries = (0..boundaries).map(|b| boundary(&mut r, b)).collect();
    problem.sites = (0..sites).map(|s| site(&mut r, s, boundaries)).collect();
    for b in BoundaryIndex::all(&problem.boundaries) {
        let mine: Vec<SiteIndex> = SiteIndex::all(&problem.sites).filter(|&s| problem.sites[s].boundary == b).collect();
        let mw: f64 = mine.iter().map(|&s| FULL * problem.sites[s].it_capacity_mw[0]).sum();
        problem.contracts.extend(contracts(&mut r, b, &mine, mw));
    }
    problem.targets.push(target());
    let capacity_mwh: f64 = problem.sites.iter().flat_map(|s| &s.it_capacity_mw).sum();
    problem.work = work(&mut r, pieces, sites, (FULL - FIRM) * capacity_mwh);
    problem
}

fn site(r: &mut Random, s: usize, boundaries: usize) -> Site {
    let capacity = r.between(50.0, 150.0);
    let wave = |t: usize| 1.0 + 0.06 * ((t % 24) as f64 * PI / 12.0 - 2.5).sin();
    Site {
        id: format!("s{s}").into(),
        boundary: BoundaryIndex::new(s % boundaries),
        pue: pue(),
        overhead_mw: vec![0.0; STEPS],
        firm_it_mw: (0..STEPS).map(|t| FIRM * capacity * wave(t)).collect(),
        it_capacity_mw: vec![capacity; STEPS],
        grid_limit_mw: vec![f64::INFINITY; STEPS],
        ..Site::default()
    }
}

fn target() -> Target {
    Target {
        scope: Scope::Portfolio,
        metric: Metric::CfeScore,
        share: 0.9,
        shortfall_price_per_mwh: 200.0,
        allowance: Allowance::DrawnLoad,
        load_elsewhere_mwh: 0.0,
        unmatched_elsewhere_mwh: 0.0,
        span: None,
    }
}

/// Pieces of very different size that need `total_mwh` together.
fn work(r: &mut Random, pieces: usize, sites: usize, total_mwh: f64) -> Vec<Work> {
    let mut all = Vec::new();
    for w in 0..pieces {
        let window = WINDOWS[r.index(WINDOWS.len())];
        let release = r.index(STEPS - window + 1);
        let part = PARTS[r.index(PARTS.len())];
        let mut eligible: Vec<SiteIndex> = (0..sites).map(SiteIndex::new).collect();
        let count = 1 + r.index(sites.min(4));
        // The first of a shuffle.
        for k in 0..count {
            let other = k + r.index(sites - k);
            eligible.swap(k, other);
        }
        eligible.truncate(count);
        eligible.sort_unstable();
        // From a fifth of what is usual to five times as much.
        let energy_mwh = 10f64.powf(r.between(-0.7, 0.7));
        all.push(Work {
            id: format!("w{w}").into(),
            sites: eligible,
            release,
            deadline: release + window,
            energy_mwh,
            max_mw: energy_mwh / (part * window as f64),
            miss_price_per_mwh: 10_000.0,
            ..Work::default()
        });
    }
    let scale = total_mwh / all.iter().map(|w| w.energy_mwh).sum::<f64>();
    for work in &mut all {
        work.energy_mwh *= scale;
        let hours = (work.deadline - work.release) as f64;
        work.max_mw = (scale * work.max_mw).min(MOST_MW).max(work.energy_mwh / (0.9 * hours));
    }
    all
}
