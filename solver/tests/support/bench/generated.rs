//! Instances that are generated from their names, the same bytes on one machine type for the same name:
//!
//! divisible:SEED:PIECES:SITES | queue:SEED:JOBS:SITES | training:SEED:RUNS:JOBS:SITES
//!
//! `philly-` before a queue or training draws durations from the Philly trace of `HOURMATCH_DATA` in place of the stated
//! distribution; `plain-` before either leaves accounts and dependencies out. `tight-`, `loose-`, `quarter-`,
//! `alike-` and `later-` before divisible work change it as `variants.rs` says.

use super::divisible::divisible;
use super::durations::Durations;
use super::queue::queue_of;
use super::training::training;
use super::variants::changed;
use hourmatch_solver::Problem;

/// Most pieces, and most sites, of a name: what a mistyped one may ask for.
const PIECES: u64 = 1_000_000;
const SITES: u64 = 1_000;

const FORMS: &str =
    "divisible:SEED:PIECES:SITES, [philly-]queue:SEED:JOBS:SITES, [philly-]training:SEED:RUNS:JOBS:SITES";

/// None where it is not the name of a generated instance.
pub fn named(name: &str) -> Option<Result<Problem, String>> {
    if let Some(rest) = name.strip_prefix("plain-") {
        return named(rest).map(|made| made.map(plain));
    }
    if let Some((variant, rest)) = name.split_once('-')
        && rest.starts_with("divisible:")
        && variant != "philly"
    {
        let unknown = || format!("{name}: {variant} is not one of tight, loose, quarter, alike, later");
        return named(rest).map(|made| made.and_then(|problem| changed(variant, problem).ok_or_else(unknown)));
    }
    let (traced, name) = name.strip_prefix("philly-").map_or((false, name), |rest| (true, rest));
    let (kind, rest) = name.split_once(':')?;
    if !["divisible", "queue", "training"].contains(&kind) {
        return None;
    }
    let numbers: Result<Vec<u64>, _> = rest.split(':').map(str::parse).collect();
    let Ok(numbers) = numbers else { return Some(Err(format!("{name}: its parts are not whole numbers"))) };
    let inside = |n: &u64, most: u64| (1..=most).contains(n);
    if !numbers.iter().skip(1).all(|n| inside(n, PIECES)) || !numbers.last().is_some_and(|n| inside(n, SITES)) {
        return Some(Err(format!("{name}: pieces are 1 to {PIECES}, sites 1 to {SITES}")));
    }
    let size = |at: usize| numbers[at] as usize;
    let durations = || if traced { Durations::philly() } else { Ok(Durations::stated()) };
    Some(match (kind, numbers.len()) {
        ("divisible", 3) if !traced => Ok(divisible(numbers[0], size(1), size(2))),
        ("queue", 3) => durations().map(|d| queue_of(numbers[0], size(1), size(2), &d)),
        ("training", 4) => durations().map(|d| training(numbers[0], size(1), size(2), size(3), &d)),
        _ => Err(format!("{name} is not one of {FORMS}")),
    })
}

fn plain(mut problem: Problem) -> Problem {
    problem.accounts.clear();
    problem.after.clear();
    problem.jobs.iter_mut().filter_map(|job| job.gpus.as_mut()).for_each(|gpus| gpus.account = None);
    problem
}
