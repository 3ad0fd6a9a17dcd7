//! The instances of `docs/planning-numbers.md`: the same numbers, the same order, and the optimum stated there.

mod pieces;
mod power;
mod runs;

pub use pieces::*;
pub use power::*;
pub use runs::*;

use hourmatch_solver::Problem;

/// Every instance by name, with its stated optimum.
pub fn all() -> Vec<(String, Problem, f64)> {
    let mut all: Vec<(&str, Problem, f64)> = Vec::new();
    all.extend(EVENT.iter().map(|n| ("event", event(n), n.optimum)));
    all.extend(CLASS.iter().map(|n| ("class", class(n), n.optimum)));
    all.extend(RAMP.iter().map(|n| ("ramp", ramp(n), n.optimum)));
    all.extend(MOVE.iter().map(|n| ("move", moving(n), n.optimum)));
    all.extend(JOB.iter().map(|n| ("job", job(n), n.optimum)));
    all.extend(DEMAND.iter().map(|n| ("demand", demand(n), n.optimum)));
    all.extend(HORIZON.iter().map(|n| ("horizon", horizon(n), n.optimum)));
    all.extend(CHECKPOINT.iter().map(|n| ("checkpoint", checkpoint(n), n.optimum)));
    all.extend(LEAST_TIMES.iter().map(|n| ("least-times", least_times(n), n.optimum)));
    all.extend(QUOTA.iter().map(|n| ("quota", quota(n), n.optimum)));
    all.extend(DEPENDENCY.iter().map(|n| ("dependency", dependency(n), n.optimum)));
    let named = all.into_iter().enumerate();
    named.map(|(at, (rule, problem, optimum))| (format!("{rule}-{}", at % 2 + 1), problem, optimum)).collect()
}
