//! Synthetic training beside a queue of GPU jobs, from a seed: runs of 3 to 30 days that share the queue's pools, which are
//! larger by the GPUs of runs. Half have begun; some finish inside the week.

use super::durations::Durations;
use super::grid::STEPS;
use super::queue::{KW_PER_GPU, queue_of};
use super::random::Random;
use super::run::plain_run;
use hourmatch_solver::{Before, Checkpoint, Class, Gpus, Problem, Run};
use ids::{Index, PoolIndex, SiteIndex};

/// Pre-training: power and progress, as parts of rated.
const CURVE: [(f64, f64); 4] = [(0.515, 0.629), (0.641, 0.784), (0.762, 0.867), (1.0, 1.0)];

const DAY: usize = 24;
/// Of power saving, coming back, and paused with nodes held.
const SAVE_POWER: f64 = 0.6;
const PAUSED_POWER: f64 = 0.15;

pub fn training(seed: u64, runs: usize, jobs: usize, sites: usize, durations: &Durations) -> Problem {
    let mut problem = queue_of(seed, jobs, sites, durations);
    // Another stream than the queue's: a run more changes no job.
    let mut r = Random::seeded(!seed);
    for number in 0..runs {
        let run = run(&mut r, number, sites);
        if let Some(gpus) = run.gpus {
            problem.pools[gpus.pool].available.iter_mut().for_each(|left| *left += gpus.count);
        }
        problem.sites[run.sites[0]].it_capacity_mw.iter_mut().for_each(|most| *most += run.rated_mw);
        problem.runs.push(run);
    }
    problem
}

fn run(r: &mut Random, number: usize, sites: usize) -> Run {
    // A site's pool has its number.
    let place = r.index(sites);
    let site = SiteIndex::new(place);
    let gpus = f64::from(256u32 << r.index(5));
    let rated_mw = gpus * KW_PER_GPU / 1_000.0;
    let hours = r.between(72.0, 720.0);
    let begun = r.index(2) == 0;
    let need = if begun { hours * r.between(0.1, 0.9) } else { hours };
    let release = if begun { 0 } else { r.index(2 * DAY) };
    // Half as much again as it needs, and two days: no deadline that only full speed keeps.
    let due = release as f64 + 1.5 * need + 48.0;
    let deadline = (due.ceil() as usize).min(STEPS);
    let before = if begun { Before::On { site, steps: DAY + r.index(96) } } else { Before::Waiting };
    let checkpoint = match r.index(2) {
        0 => Checkpoint::Within { factor: 0.96 },
        _ => Checkpoint::Steps { every: 4 + r.index(5), since: if begun { r.index(4) } else { 0 } },
    };
    let history = if begun { vec![1.0; DAY - 1] } else { Vec::new() };
    let mean = [0.5, 0.75, 0.9][r.index(3)];
    let beyond = (due - deadline as f64).max(0.0);
    Run {
        id: format!("r{number}").into(),
        sites: vec![site],
        release,
        deadline,
        rated_mw,
        floor: CURVE[0].0,
        curve: CURVE.to_vec(),
        weight: gpus,
        lost_price_per_hour: 2.0 * gpus,
        pause_cost: 0.1 * gpus,
        save_h: 5.0 / 60.0,
        save_mw: SAVE_POWER * rated_mw,
        restart_h: 10.0 / 60.0,
        restart_mw: SAVE_POWER * rated_mw,
        paused_mw: PAUSED_POWER * rated_mw,
        checkpoint,
        min_on: 2,
        min_off: 2,
        max_pauses: (0..STEPS / DAY).map(|d| (DAY * d, DAY * (d + 1), 2)).collect(),
        before,
        class: Some(Class { mean, window: DAY, history }),
        need_hours: Some(need),
        must_hours: (need - beyond).clamp(0.0, (deadline - release) as f64),
        late_price_per_hour: 5_000.0 * rated_mw,
        gpus: Some(Gpus { pool: PoolIndex::new(place), count: gpus, account: None }),
        ..plain_run()
    }
}
