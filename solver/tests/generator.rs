//! Instances that are generated: the same bytes for a seed, other ones for another, and what the planner is measured on is
//! in them.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Before, Job, Piece, Problem};
use ids::{AccountIndex, Index, SiteIndex};
use std::collections::BTreeSet;
use std::path::Path;
use support::bench::durations::Durations;
use support::bench::{self, generated::named};

const SIZES: [usize; 3] = [1_000, 5_000, 20_000];
const SITES: [usize; 3] = [1, 10, 50];

fn made(name: &str) -> Problem {
    bench::load(Path::new(name)).unwrap().problem
}

fn bytes(name: &str) -> Vec<u8> {
    bench::text(&made(name)).unwrap()
}

#[test]
fn a_seed_has_the_same_bytes_and_another_has_others() {
    for rest in ["200:3", "1000:10"] {
        for kind in ["divisible", "queue", "plain-queue"] {
            let of = |seed: u64| bytes(&format!("{kind}:{seed}:{rest}"));
            assert!(of(1) == of(1), "{kind} {rest}");
            let all: BTreeSet<Vec<u8>> = (0..5).map(of).collect();
            assert_eq!(all.len(), 5, "{kind} {rest}");
        }
    }
    assert!(bytes("training:1:4:100:2") == bytes("training:1:4:100:2"));
    assert!(bytes("training:1:4:100:2") != bytes("training:2:4:100:2"));
}

#[test]
fn a_file_holds_the_instance_that_was_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for name in ["divisible:7:40:3", "queue:7:40:3", "training:7:3:40:3"] {
        for ending in ["json", "json.gz"] {
            let path = folder.join(format!("generated-{}.{ending}", name.replace(':', "-")));
            bench::write(&path, &made(name)).unwrap();
            assert!(bench::load(&path).unwrap().problem == made(name), "{name} {ending}");
        }
    }
}

#[test]
fn names_that_say_too_little_are_refused() {
    for (name, why) in [
        ("queue:x:10:1", "not whole numbers"),
        ("queue:1:-3:1", "not whole numbers"),
        ("queue:1:0:1", "pieces are 1 to"),
        ("queue:1:10:1001", "sites 1 to 1000"),
        ("queue:0", "sites 1 to"),
        ("queue:1:10", "is not one of"),
        ("training:1:10:2", "is not one of"),
        ("divisible:1:2:3:4", "is not one of"),
        ("philly-divisible:1:2:3", "is not one of"),
        ("harder-divisible:1:2:3", "not one of tight"),
    ] {
        let error = named(name).unwrap().unwrap_err();
        assert!(error.contains(why), "{name}: {error}");
    }
    for file in ["jobs-500.json.gz", "queue.json", "plain-jobs.json", "elsewhere:1:2:3"] {
        assert!(named(file).is_none(), "{file}");
    }
}

fn hours(job: &Job) -> f64 {
    job.steps as f64 - 1.0 + job.last
}

fn gpus(job: &Job) -> f64 {
    job.gpus.unwrap().count
}

/// Parts of the GPUs of each pool that are held when all its jobs run.
fn full(problem: &Problem) -> Vec<f64> {
    let mut held = vec![0.0; problem.pools.len()];
    for job in &problem.jobs {
        held[job.gpus.unwrap().pool] += gpus(job) * f64::from(job.count) * job.steps as f64;
    }
    held.iter().zip(&problem.pools).map(|(held, pool)| held / pool.available.iter().sum::<f64>()).collect()
}

fn each_queue(hold: impl Fn(&str, usize, &Problem)) {
    for jobs in SIZES {
        for sites in SITES {
            for seed in 1..=3 {
                let name = format!("queue:{seed}:{jobs}:{sites}");
                hold(&name, jobs, &made(&name));
            }
        }
    }
}

#[test]
fn queues_fill_their_pools_to_75_to_95_percent() {
    each_queue(|name, jobs, problem| {
        problem.check().unwrap();
        assert_eq!((problem.jobs.len(), problem.steps), (jobs, 168), "{name}");
        assert_eq!(problem.pools.len(), problem.sites.len(), "{name}");
        for (pool, part) in full(problem).into_iter().enumerate() {
            assert!((0.75..=0.95).contains(&part), "{name}: pool {pool} is {part} full");
        }
    });
}

#[test]
fn queues_are_gangs_of_8_to_2048_for_1_to_48_hours() {
    each_queue(|name, _, problem| {
        for job in &problem.jobs {
            let (gpus, hours) = (gpus(job), hours(job));
            assert!(
                (8.0..=2048.0).contains(&gpus) && (gpus as u64).is_power_of_two(),
                "{name} {}: {gpus} GPUs",
                job.id
            );
            assert!((1.0..=48.0).contains(&hours), "{name} {}: {hours} hours", job.id);
            let pool = &problem.pools[job.gpus.unwrap().pool];
            assert!(gpus <= pool.available[0], "{name} {}: more GPUs than its pool has", job.id);
            assert!(job.deadline <= problem.steps && !job.starts().is_empty(), "{name} {}", job.id);
        }
    });
    let largest = |name: &str| made(name).jobs.iter().map(gpus).fold(0.0, f64::max);
    assert_eq!((largest("queue:1:5000:1"), largest("queue:1:20000:1")), (2048.0, 2048.0));
}

#[test]
fn queues_have_accounts_priorities_arrays_and_dependencies_without_a_circle() {
    each_queue(|name, _, problem| {
        assert_eq!(problem.accounts.len(), 6, "{name}");
        let of_accounts: BTreeSet<AccountIndex> = problem.jobs.iter().filter_map(|j| j.gpus.unwrap().account).collect();
        assert_eq!(of_accounts.len(), 6, "{name}");
        for job in &problem.jobs {
            let Some(account) = job.gpus.unwrap().account else { continue };
            assert!(gpus(job) <= problem.accounts[account].max_gpus.unwrap(), "{name} {}", job.id);
        }
        let classes: BTreeSet<u64> =
            problem.jobs.iter().map(|j| (j.miss_price / (j.mw * hours(j))).round() as u64).collect();
        assert_eq!(classes, BTreeSet::from([800, 1_500, 3_000]), "{name}");
        let arrays = problem.jobs.iter().filter(|j| j.count > 1).count();
        assert!(arrays * 50 >= problem.jobs.len(), "{name}: {arrays} arrays");
        assert!(problem.after.len() * 50 >= problem.jobs.len(), "{name}: {} wait", problem.after.len());
        for after in &problem.after {
            let (Piece::Job(first), Piece::Job(then)) = (after.first, after.then) else {
                panic!("{name}: something else than jobs waits")
            };
            // Numbers that rise along every dependency leave no circle.
            assert!(first < then, "{name}: {first} before {then}");
            let (first, then) = (&problem.jobs[first], &problem.jobs[then]);
            let complete = first.release + first.steps;
            assert!(complete + then.steps <= then.deadline, "{name}: {} cannot wait for {}", then.id, first.id);
        }
    });
}

#[test]
fn divisible_work_fills_its_sites_to_85_percent() {
    for (pieces, sites) in [(50, 1), (2_000, 10), (10_000, 50)] {
        let name = format!("divisible:3:{pieces}:{sites}");
        let problem = made(&name);
        problem.check().unwrap();
        assert_eq!((problem.work.len(), problem.sites.len(), problem.steps), (pieces, sites, 168), "{name}");
        let capacity: f64 = problem.sites.iter().flat_map(|s| &s.it_capacity_mw).sum();
        let firm: f64 = problem.sites.iter().flat_map(|s| &s.firm_it_mw).sum();
        let work: f64 = problem.work.iter().map(|w| w.energy_mwh).sum();
        assert!(((firm + work) / capacity - 0.85).abs() < 1e-9, "{name}: {}", (firm + work) / capacity);
        for work in &problem.work {
            let eligible: BTreeSet<SiteIndex> = work.sites.iter().copied().collect();
            assert!(eligible.len() == work.sites.len() && (1..=4).contains(&eligible.len()), "{name} {}", work.id);
            let most = work.max_mw * (work.deadline - work.release) as f64;
            assert!(work.energy_mwh < most, "{name} {}: it cannot be placed", work.id);
        }
        let windows: BTreeSet<usize> = problem.work.iter().map(|w| w.deadline - w.release).collect();
        assert!(windows.len() >= 6, "{name}: {windows:?}");
    }
}

/// What draws and what could be drawn at all sites, MWh.
fn drawn_and_room(problem: &Problem) -> (f64, f64) {
    let sum = |series: &Vec<f64>| series.iter().sum::<f64>() * problem.step_hours;
    let firm: f64 = problem.sites.iter().map(|s| sum(&s.firm_it_mw)).sum();
    let work: f64 = problem.work.iter().map(|w| w.energy_mwh).sum();
    (firm + work, problem.sites.iter().map(|s| sum(&s.it_capacity_mw)).sum())
}

#[test]
fn variants_change_one_thing_each() {
    let (drawn, _) = drawn_and_room(&made("divisible:3:200:4"));
    for (variant, full, steps) in
        [("tight", 0.95, 168), ("loose", 0.6, 168), ("quarter", 0.85, 672), ("alike", 0.85, 168)]
    {
        let problem = made(&format!("{variant}-divisible:3:200:4"));
        problem.check().unwrap();
        assert_eq!((problem.steps, problem.work.len()), (steps, 200), "{variant}");
        let (still, room) = drawn_and_room(&problem);
        assert!(support::near(drawn, still, 1e-9), "{variant}: {drawn} {still}");
        assert!(support::near(still / room, full, 1e-9), "{variant}: {}", still / room);
        let ids: BTreeSet<&str> = problem.work.iter().map(|w| w.id.as_str()).collect();
        let kinds: BTreeSet<u64> = problem.work.iter().map(|w| w.energy_mwh.to_bits()).collect();
        assert_eq!((ids.len(), kinds.len()), (200, if variant == "alike" { 8 } else { 200 }), "{variant}");
        for work in &problem.work {
            let most = work.max_mw * problem.step_hours * (work.deadline - work.release) as f64;
            assert!(work.energy_mwh < most, "{variant} {}: it cannot be placed", work.id);
        }
    }
}

#[test]
fn training_stands_beside_the_queue_of_its_seed() {
    let (problem, queue) = (made("training:5:20:2000:5"), made("queue:5:2000:5"));
    problem.check().unwrap();
    assert_eq!((problem.runs.len(), problem.sites.len()), (20, 5));
    assert!(problem.jobs == queue.jobs && problem.after == queue.after);
    let begun = problem.runs.iter().filter(|r| matches!(r.before, Before::On { .. })).count();
    let finish = problem.runs.iter().filter(|r| r.may_finish(problem.step_hours)).count();
    assert!((5..=15).contains(&begun), "{begun} have begun");
    assert!((1..20).contains(&finish), "{finish} may finish");
    for (site, pool) in problem.pools.iter().enumerate() {
        let training: f64 =
            problem.runs.iter().filter(|r| r.sites == [SiteIndex::new(site)]).map(|r| r.gpus.unwrap().count).sum();
        assert_eq!(pool.available[0], queue.pools[site].available[0] + training, "site {site}");
    }
    for run in &problem.runs {
        let need = run.need_hours.unwrap();
        assert!(need > 7.0 && need <= 720.0, "{}: {need}", run.id);
        assert!(run.must_hours <= run.useful_hours(problem.step_hours) + 1e-9, "{}", run.id);
    }
}

#[test]
fn the_stated_distribution_is_that_of_the_philly_trace() {
    let Some(_) = support::instance("jobs-500.json.gz") else { return };
    let (stated, trace) = (Durations::stated(), Durations::philly().unwrap());
    for twentieth in 0..=20 {
        let part = f64::from(twentieth) / 20.0;
        let (ours, theirs) = (stated.at(part), trace.at(part));
        assert!((ours / theirs - 1.0).abs() < 0.01, "{part}: {ours} hours, and {theirs} in the trace");
    }
    let (drawn, traced) = (made("queue:1:1000:1"), made("philly-queue:1:1000:1"));
    assert!(drawn != traced && bytes("philly-queue:1:1000:1") == bytes("philly-queue:1:1000:1"));
    assert!(traced.jobs.iter().all(|job| (1.0..=48.0).contains(&hours(job))));
    assert!(full(&traced).iter().all(|part| (0.75..=0.95).contains(part)));
}
