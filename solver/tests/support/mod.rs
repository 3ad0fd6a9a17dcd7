//! Small problems for the tests: hand-made ones and random ones from a seed.
#![allow(dead_code, clippy::unwrap_used)]

pub mod bench;
pub mod enumerate;
pub mod hand;
pub mod plain;
pub mod recheck;
pub mod small;

pub use bench::random::Random;
use hourmatch_solver::{
    Allowance, Boundary, Contract, Later, Metric, Policy, Problem, Scope, Settlement, Site, Target, Work,
};
use ids::{BoundaryIndex, Index, SiteIndex};
use std::path::PathBuf;

/// An instance of `bench/README.md`, where they are at hand.
pub fn instance(name: &str) -> Option<PathBuf> {
    let Some(data) = std::env::var_os("HOURMATCH_DATA") else {
        println!("skipped: HOURMATCH_DATA is not set");
        return None;
    };
    let path = PathBuf::from(data).join("../bench").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

pub fn boundary(id: &str, buy: &[f64]) -> Boundary {
    Boundary {
        id: id.into(),
        buy_per_mwh: buy.to_vec(),
        carbon_g_per_kwh: vec![0.0; buy.len()],
        grid_cfe_share: vec![0.0; buy.len()],
    }
}

/// Sites by their numbers.
pub fn site_list(numbers: &[usize]) -> Vec<SiteIndex> {
    numbers.iter().map(|&number| SiteIndex::new(number)).collect()
}

/// No PUE, no overhead, no connection limit.
pub fn site(id: &str, boundary: usize, firm: f64, capacity: f64, steps: usize) -> Site {
    Site {
        id: id.into(),
        boundary: BoundaryIndex::new(boundary),
        pue: vec![1.0; steps],
        overhead_mw: vec![0.0; steps],
        firm_it_mw: vec![firm; steps],
        it_capacity_mw: vec![capacity; steps],
        grid_limit_mw: vec![f64::INFINITY; steps],
        ..Site::default()
    }
}

pub fn contract(id: &str, sites: &[usize], available: &[f64]) -> Contract {
    Contract {
        id: id.into(),
        boundary: BoundaryIndex::new(0),
        settlement: Settlement::Physical,
        sites: site_list(sites),
        available_mw: available.to_vec(),
        sell_per_mwh: vec![0.0; available.len()],
        doubt: Vec::new(),
    }
}

pub fn work(id: &str, sites: &[usize], window: (usize, usize), energy: f64, max: f64) -> Work {
    Work {
        id: id.into(),
        sites: site_list(sites),
        release: window.0,
        deadline: window.1,
        energy_mwh: energy,
        max_mw: max,
        miss_price_per_mwh: 1000.0,
        later: None,
        ..Work::default()
    }
}

/// One boundary, one site of 10 MW without firm load, at these prices.
pub fn tiny(buy: &[f64]) -> Problem {
    Problem {
        step_hours: 1.0,
        steps: buy.len(),
        boundaries: vec![boundary("b", buy)],
        sites: vec![site("s", 0, 0.0, 10.0, buy.len())],
        contracts: Vec::new(),
        work: Vec::new(),
        targets: Vec::new(),
        policy: Policy::default(),
        ..Problem::default()
    }
}

pub fn target(share: f64, price: f64, allowance: Allowance) -> Target {
    Target {
        scope: Scope::Portfolio,
        metric: Metric::Matched,
        share,
        shortfall_price_per_mwh: price,
        allowance,
        load_elsewhere_mwh: 0.0,
        unmatched_elsewhere_mwh: 0.0,
        span: None,
    }
}

/// A queue of GPU jobs as long as the stated distribution has them.
pub fn queue(seed: u64, jobs: usize, sites: usize) -> Problem {
    bench::queue::queue_of(seed, jobs, sites, &bench::durations::Durations::stated())
}

/// Two boundaries, three sites, site lists, both settlements, negative prices and targets.
pub fn random(seed: u64, steps: usize, jobs: usize) -> Problem {
    let mut r = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut series = |low: f64, high: f64| -> Vec<f64> { (0..steps).map(|_| r.between(low, high)).collect() };
    let mut boundaries = Vec::new();
    for id in ["east", "west"] {
        boundaries.push(Boundary {
            id: id.into(),
            buy_per_mwh: series(-30.0, 120.0),
            carbon_g_per_kwh: series(50.0, 600.0),
            grid_cfe_share: series(0.1, 0.7),
        });
    }
    let mut sites = Vec::new();
    for (id, boundary) in [("a", 0), ("b", 0), ("c", 1)] {
        sites.push(Site {
            id: id.into(),
            boundary: BoundaryIndex::new(boundary),
            pue: series(1.1, 1.5),
            overhead_mw: series(0.0, 1.0),
            firm_it_mw: series(5.0, 9.0),
            it_capacity_mw: series(16.0, 20.0),
            grid_limit_mw: series(20.0, 40.0),
            ..Site::default()
        });
    }
    let mut contracts = Vec::new();
    let lists: [(&str, usize, &[usize], Settlement); 4] = [
        ("solar", 0, &[0, 1], Settlement::Physical),
        ("wind", 0, &[0], Settlement::Physical),
        ("swap", 0, &[0, 1], Settlement::Financial),
        ("hydro", 1, &[2], Settlement::Financial),
    ];
    for (id, boundary, list, settlement) in lists {
        contracts.push(Contract {
            id: id.into(),
            boundary: BoundaryIndex::new(boundary),
            settlement,
            sites: site_list(list),
            available_mw: series(0.0, 18.0),
            sell_per_mwh: series(-5.0, 5.0),
            doubt: Vec::new(),
        });
    }
    let work = random_work(&mut r, steps, jobs);
    let mut targets = vec![target(0.8, 200.0, Allowance::UsefulLoad), target(0.7, 60.0, Allowance::DrawnLoad)];
    targets[1].scope = Scope::Boundary(BoundaryIndex::new(0));
    targets[1].metric = Metric::CfeScore;
    targets[1].load_elsewhere_mwh = 100.0;
    targets[1].unmatched_elsewhere_mwh = 20.0;
    Problem {
        step_hours: 0.5,
        steps,
        boundaries,
        sites,
        contracts,
        work,
        targets,
        policy: Policy { carbon_price_per_t: 40.0, delay_price_per_mwh_step: 1e-4, ..Policy::default() },
        ..Problem::default()
    }
}

fn random_work(r: &mut Random, steps: usize, jobs: usize) -> Vec<Work> {
    let lists: [&[usize]; 4] = [&[0], &[0, 1], &[2, 1], &[0, 1, 2]];
    let mut all = Vec::new();
    for w in 0..jobs {
        let release = r.index(steps - 2);
        let deadline = release + 2 + r.index(steps - release - 1);
        let max_mw = r.between(1.0, 6.0);
        let window = (deadline.min(steps) - release) as f64;
        let energy_mwh = 0.5 * max_mw * window * r.between(0.2, 0.9);
        all.push(Work {
            id: format!("w{w}").into(),
            sites: site_list(lists[r.index(4)]),
            release,
            deadline: deadline.min(steps),
            energy_mwh,
            max_mw,
            miss_price_per_mwh: 800.0,
            later: w.is_multiple_of(5).then_some(Later { max_mwh: 0.2 * energy_mwh, cost_per_mwh: 70.0 }),
            ..Work::default()
        });
    }
    all
}

/// Relative difference, absolute below one.
pub fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}

/// Whether every case is run, however long it takes.
pub fn in_full() -> bool {
    std::env::var_os("HOURMATCH_FULL").is_some_and(|set| !set.is_empty() && set != "0")
}
