//! Synthetic queues of GPU jobs from a seed: gangs of 8 to 2 048 GPUs over 168 hours, with pools 75 to 95 % full, accounts, classes
//! of priority, arrays and dependencies. Durations are drawn from those of the Philly trace between 1 and 48 hours.

use super::random::Random;
use hourmatch_solver::{Account, After, Boundary, Contract, Gpus, Job, Piece, Policy, Pool, Problem, Settlement, Site};
use std::f64::consts::PI;

const STEPS: usize = 168;
const KW_PER_GPU: f64 = 1.1;

/// Every twentieth of the trace's durations between 1 and 48 hours, in hours.
const DURATIONS: [f64; 21] = [
    1.0, 1.08, 1.13, 1.23, 1.39, 1.48, 1.55, 1.62, 1.69, 2.03, 2.45, 2.77, 3.1, 3.63, 4.39, 5.96, 8.06, 12.88, 18.25,
    27.56, 47.99,
];

/// `queue:SEED:JOBS:SITES`; with `plain-` before it without accounts and dependencies.
pub fn named(name: &str) -> Option<Problem> {
    if let Some(rest) = name.strip_prefix("plain-") {
        let mut problem = named(rest)?;
        problem.accounts.clear();
        problem.after.clear();
        problem.jobs.iter_mut().filter_map(|job| job.gpus.as_mut()).for_each(|gpus| gpus.account = None);
        return Some(problem);
    }
    let numbers: Vec<u64> = name.strip_prefix("queue:")?.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    match numbers[..] {
        [seed, jobs, sites] if jobs > 0 && sites > 0 => Some(queue(seed, jobs as usize, sites as usize)),
        _ => None,
    }
}

pub fn queue(seed: u64, jobs: usize, sites: usize) -> Problem {
    let mut r = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..8).for_each(|_| {
        r.draw();
    });
    let boundaries = sites.min(3);
    let mut problem = Problem { step_hours: 1.0, steps: STEPS, ..Problem::default() };
    problem.policy = Policy { carbon_price_per_t: 50.0, delay_price_per_mwh_step: 1e-4, ..Policy::default() };
    problem.boundaries = (0..boundaries).map(|b| boundary(&mut r, b)).collect();
    problem.jobs = (0..jobs).map(|j| job(&mut r, j, sites)).collect();
    pools(&mut r, &mut problem, sites);
    accounts(&mut r, &mut problem);
    depend(&mut r, &mut problem);
    power(&mut r, &mut problem);
    problem
}

/// Dear mornings and evenings, cheap nights, and noons that solar makes cheap.
fn boundary(r: &mut Random, b: usize) -> Boundary {
    let shift = r.between(0.0, 3.0);
    let day = |t: usize| (t as f64 + shift) * PI / 12.0;
    let buy: Vec<f64> = (0..STEPS)
        .map(|t| 55.0 + 18.0 * (2.0 * day(t) - 1.0).sin() - 12.0 * day(t).cos() + r.between(-8.0, 8.0))
        .collect();
    Boundary {
        id: format!("b{b}"),
        carbon_g_per_kwh: buy.iter().map(|p| 300.0 + 3.0 * p).collect(),
        grid_cfe_share: vec![0.3; STEPS],
        buy_per_mwh: buy,
    }
}

fn job(r: &mut Random, j: usize, sites: usize) -> Job {
    let at = r.draw() * 20.0;
    let low = at as usize;
    let hours = DURATIONS[low] + (at - low as f64) * (DURATIONS[low + 1] - DURATIONS[low]);
    let steps = hours.ceil() as usize;
    let mut gpus = 8.0;
    while gpus < 2048.0 && r.draw() < 0.5 {
        gpus *= 2.0;
    }
    let count = if r.index(20) == 0 { 2 + r.index(15) as u32 } else { 1 };
    if count > 1 {
        gpus = f64::min(gpus, 32.0);
    }
    // Three in ten wait already; the others come through the week. One in four has little room.
    let release = if r.index(10) < 3 { 0 } else { r.index(STEPS - steps - 2) };
    let slack = if r.index(4) == 0 { 2 + r.index(7) } else { 12 + r.index(85) };
    let deadline = (release + steps + slack).min(STEPS);
    let pool = r.index(sites);
    let class = [800.0, 1_500.0, 3_000.0][r.index(3)];
    let mw = gpus * KW_PER_GPU / 1_000.0;
    Job {
        id: format!("j{j}"),
        sites: vec![pool],
        release,
        deadline,
        steps,
        last: hours - (steps as f64 - 1.0),
        mw,
        count,
        miss_price: class * mw * hours,
        gpus: Some(Gpus { pool, count: gpus, account: (r.index(5) < 3).then(|| r.index(6)) }),
        ..Job::default()
    }
}

/// As large as fills them 75 to 95 %; a gang takes no more than a third of one.
fn pools(r: &mut Random, problem: &mut Problem, sites: usize) {
    for s in 0..sites {
        let full = r.between(0.75, 0.95);
        let mut most = 0.0;
        for _ in 0..3 {
            let mine = problem.jobs.iter().filter(|j| j.sites[0] == s);
            let hours: f64 = mine.map(|j| j.gpus.map_or(0.0, |g| g.count) * f64::from(j.count) * j.steps as f64).sum();
            most = (hours / STEPS as f64 / full / 8.0).ceil().max(4.0) * 8.0;
            for job in problem.jobs.iter_mut().filter(|j| j.sites[0] == s) {
                let Some(gpus) = job.gpus.as_mut() else { continue };
                while gpus.count > most / 3.0 && gpus.count > 8.0 {
                    gpus.count /= 2.0;
                    job.mw /= 2.0;
                    job.miss_price /= 2.0;
                }
            }
        }
        problem.pools.push(Pool { id: format!("p{s}"), available: vec![most; STEPS], held: Vec::new() });
    }
}

/// Six teams with room for half as much again as they use on average; one is held to GPU-hours a day.
fn accounts(r: &mut Random, problem: &mut Problem) {
    for a in 0..6 {
        let mine = problem.jobs.iter().filter(|j| j.gpus.is_some_and(|g| g.account == Some(a)));
        let hours: f64 = mine.map(|j| j.gpus.map_or(0.0, |g| g.count) * f64::from(j.count) * j.steps as f64).sum();
        let largest = problem.jobs.iter().filter_map(|j| j.gpus).map(|g| g.count).fold(0.0, f64::max);
        let most = (hours / STEPS as f64 * r.between(1.5, 2.0)).max(2.0 * largest).ceil();
        let days = (0..7).map(|d| (24 * d, 24 * d + 24, most * 24.0 * 0.8)).collect();
        problem.accounts.push(Account {
            id: format!("a{a}"),
            max_gpus: Some(most),
            gpu_hours: if a == 0 { days } else { Vec::new() },
            held: Vec::new(),
        });
    }
}

/// One in twenty waits for another that can be complete in time.
fn depend(r: &mut Random, problem: &mut Problem) {
    for then in 1..problem.jobs.len() {
        if r.index(20) > 0 {
            continue;
        }
        let first = r.index(then);
        let (a, b) = (&problem.jobs[first], &problem.jobs[then]);
        if a.release + a.steps + 3 + b.steps <= b.deadline {
            problem.after.push(After { first: Piece::Job(first), then: Piece::Job(then) });
        }
    }
}

/// Sites that carry their pools, firm load beside, and wind and solar sized to a year's use.
fn power(r: &mut Random, problem: &mut Problem) {
    let boundaries = problem.boundaries.len();
    for s in 0..problem.pools.len() {
        let pool = problem.pools[s].available[0] * KW_PER_GPU / 1_000.0;
        let firm = 0.4 * pool;
        problem.sites.push(Site {
            id: format!("s{s}"),
            boundary: s % boundaries,
            pue: (0..STEPS).map(|t| 1.15 + 0.05 * ((t % 24) as f64 * PI / 12.0 - 2.0).sin()).collect(),
            overhead_mw: vec![0.05 * firm; STEPS],
            firm_it_mw: vec![firm; STEPS],
            it_capacity_mw: vec![firm + 0.98 * pool; STEPS],
            grid_limit_mw: vec![f64::INFINITY; STEPS],
            ..Site::default()
        });
    }
    for b in 0..boundaries {
        let sites: Vec<usize> = (0..problem.sites.len()).filter(|s| s % boundaries == b).collect();
        let pools: f64 = sites.iter().map(|&s| problem.pools[s].available[0] * KW_PER_GPU / 1_000.0).sum();
        let (solar, wind) = (r.between(1.2, 2.0) * pools, r.between(0.8, 1.4) * pools);
        let sun = |t: usize| ((t % 24) as f64 * PI / 12.0 - PI / 2.0).sin().max(0.0);
        let solar: Vec<f64> = (0..STEPS).map(|t| solar * sun(t) * r.between(0.7, 1.0)).collect();
        let mut blow = 0.5;
        let wind: Vec<f64> = (0..STEPS)
            .map(|_| {
                blow = f64::clamp(blow + r.between(-0.12, 0.12), 0.02, 1.0);
                wind * blow
            })
            .collect();
        for (id, available_mw) in [("solar", solar), ("wind", wind)] {
            problem.contracts.push(Contract {
                id: format!("{id}{b}"),
                boundary: b,
                settlement: Settlement::Physical,
                sites: sites.clone(),
                available_mw,
                sell_per_mwh: vec![15.0; STEPS],
                doubt: Vec::new(),
            });
        }
    }
}
