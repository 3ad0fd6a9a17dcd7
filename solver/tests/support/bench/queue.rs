//! Synthetic queues of GPU jobs from a seed: gangs of 8 to 2 048 GPUs for 1 to 48 hours, over 168 hours, with pools 75 to 95 %
//! full, accounts, classes of priority, arrays and dependencies.

use super::durations::Durations;
use super::grid::{STEPS, boundary, contracts, pue};
use super::random::Random;
use hourmatch_solver::{Account, After, Gpus, Job, Piece, Policy, Pool, Problem, Site};
use ids::{AccountIndex, BoundaryIndex, Index, JobIndex, PoolIndex, SiteIndex};

pub(super) const KW_PER_GPU: f64 = 1.1;

/// How full pools are.
const FULL: (f64, f64) = (0.75, 0.95);

pub fn queue_of(seed: u64, jobs: usize, sites: usize, durations: &Durations) -> Problem {
    let mut r = Random::seeded(seed);
    let boundaries = sites.min(3);
    let mut problem = Problem { step_hours: 1.0, steps: STEPS, ..Problem::default() };
    problem.policy = Policy { carbon_price_per_t: 50.0, delay_price_per_mwh_step: 1e-4, ..Policy::default() };
    problem.boundaries = (0..boundaries).map(|b| boundary(&mut r, b)).collect();
    problem.jobs = (0..jobs).map(|j| job(&mut r, j, sites, durations)).collect();
    pools(&mut r, &mut problem, sites);
    accounts(&mut r, &mut problem);
    depend(&mut r, &mut problem);
    power(&mut r, &mut problem);
    problem
}

fn job(r: &mut Random, j: usize, sites: usize, durations: &Durations) -> Job {
    let hours = durations.draw(r);
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
    // Each site has a pool, of the same number.
    let place = r.index(sites);
    let class = [800.0, 1_500.0, 3_000.0][r.index(3)];
    let mw = gpus * KW_PER_GPU / 1_000.0;
    Job {
        id: format!("j{j}").into(),
        sites: vec![SiteIndex::new(place)],
        release,
        deadline,
        steps,
        last: hours - (steps as f64 - 1.0),
        mw,
        count,
        miss_price: class * mw * hours,
        gpus: Some(Gpus {
            pool: PoolIndex::new(place),
            count: gpus,
            account: (r.index(5) < 3).then(|| AccountIndex::new(r.index(6))),
        }),
        ..Job::default()
    }
}

/// As large as fills them 75 to 95 %; a gang takes no more than a third of one.
fn pools(r: &mut Random, problem: &mut Problem, sites: usize) {
    for s in 0..sites {
        let full = r.between(FULL.0, FULL.1);
        let mut mine: Vec<&mut Job> = problem.jobs.iter_mut().filter(|j| j.sites[0] == SiteIndex::new(s)).collect();
        // A smaller gang fills less of a pool, which shrinks with it, until no gang is too large.
        let most = loop {
            let hours: f64 = mine.iter().map(|j| gpu_hours(j)).sum();
            let most = (hours / STEPS as f64 / full / 8.0).ceil().max(4.0) * 8.0;
            if !halve(&mut mine, most / 3.0) {
                break most;
            }
        };
        fill(&mut mine, full, most * STEPS as f64);
        problem.pools.push(Pool { id: format!("p{s}").into(), available: vec![most; STEPS], held: Vec::new() });
    }
}

/// What all of an array hold together.
fn gpu_hours(job: &Job) -> f64 {
    job.gpus.map_or(0.0, |g| g.count) * f64::from(job.count) * job.steps as f64
}

/// Whether a gang was larger than `most` GPUs.
fn halve(jobs: &mut [&mut Job], most: f64) -> bool {
    let mut halved = false;
    for job in jobs {
        let Some(gpus) = job.gpus.as_mut() else { continue };
        while gpus.count > most && gpus.count > 8.0 {
            gpus.count /= 2.0;
            job.mw /= 2.0;
            job.miss_price /= 2.0;
            halved = true;
        }
    }
    halved
}

/// The smallest pool may be more than its jobs fill: then they become arrays, until they do.
fn fill(jobs: &mut [&mut Job], full: f64, all: f64) {
    let mut held: f64 = jobs.iter().map(|j| gpu_hours(j)).sum();
    let mut filling = held < FULL.0 * all;
    while filling {
        filling = false;
        for job in jobs.iter_mut() {
            let one = gpu_hours(job) / f64::from(job.count);
            if held < full * all && held + one <= FULL.1 * all {
                job.count += 1;
                held += one;
                filling |= one > 0.0;
            }
        }
    }
}

/// Six teams with room for half as much again as they use on average; one is held to GPU-hours a day.
fn accounts(r: &mut Random, problem: &mut Problem) {
    for a in 0..6 {
        let mine = problem.jobs.iter().filter(|j| j.gpus.is_some_and(|g| g.account == Some(AccountIndex::new(a))));
        let hours: f64 = mine.map(|j| j.gpus.map_or(0.0, |g| g.count) * f64::from(j.count) * j.steps as f64).sum();
        let largest = problem.jobs.iter().filter_map(|j| j.gpus).map(|g| g.count).fold(0.0, f64::max);
        let most = (hours / STEPS as f64 * r.between(1.5, 2.0)).max(2.0 * largest).ceil();
        let days = (0..7).map(|d| (24 * d, 24 * d + 24, most * 24.0 * 0.8)).collect();
        problem.accounts.push(Account {
            id: format!("a{a}").into(),
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
            let [first, then] = [first, then].map(|number| Piece::Job(JobIndex::new(number)));
            problem.after.push(After { first, then });
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
            id: format!("s{s}").into(),
            boundary: BoundaryIndex::new(s % boundaries),
            pue: pue(),
            overhead_mw: vec![0.05 * firm; STEPS],
            firm_it_mw: vec![firm; STEPS],
            it_capacity_mw: vec![firm + 0.98 * pool; STEPS],
            grid_limit_mw: vec![f64::INFINITY; STEPS],
            ..Site::default()
        });
    }
    for b in BoundaryIndex::all(&problem.boundaries) {
        let sites: Vec<SiteIndex> =
            SiteIndex::all(&problem.sites).filter(|&s| problem.sites[s].boundary == b).collect();
        let mine = problem.sites.iter().zip(&problem.pools).filter(|(site, _)| site.boundary == b);
        let pools: f64 = mine.map(|(_, pool)| pool.available[0] * KW_PER_GPU / 1_000.0).sum();
        problem.contracts.extend(contracts(r, b, &sites, pools));
    }
}
