//! `training-run`: one run throttled and paused against hourly supply.

use super::read::{count, list, number, number_or, series, series_or_zero, text};
use super::run::plain_run;
use super::{Instance, Variant};
use hourmatch_solver::{Before, Boundary, Checkpoint, Class, Contract, Policy, Problem, Run, Settlement, Site};
use ids::{Index, SiteIndex};
use serde_json::Value;

pub fn instance(value: &Value) -> Result<Instance, String> {
    let problem = problem(value)?;
    let without = |pauses: bool, throttle: bool| {
        let mut changed = problem.clone();
        for run in &mut changed.runs {
            run.always_on |= pauses;
            if throttle {
                run.floor = run.cap;
            }
        }
        changed
    };
    let variants = vec![
        Variant::new("no_pauses", without(true, false)),
        Variant::new("no_throttle", without(false, true)),
        Variant::new("neither", without(true, true)),
        Variant { name: "lp_relaxation", problem: problem.clone(), relaxed: true },
    ];
    Ok(Instance { problem, variants })
}

fn problem(value: &Value) -> Result<Problem, String> {
    let steps = count(value, "steps")?;
    let (site, policy) = (&value["site"], &value["policy"]);
    let pue = series(site, "pue", steps)?;
    Ok(Problem {
        step_hours: number(value, "step_hours")?,
        steps,
        boundaries: vec![Boundary {
            id: "b".into(),
            buy_per_mwh: series(value, "grid_price_per_mwh", steps)?,
            carbon_g_per_kwh: series(value, "grid_intensity_g_per_kwh", steps)?,
            grid_cfe_share: series_or_zero(value, "grid_cfe_share", steps)?,
        }],
        sites: vec![Site {
            id: text(site, "id")?,
            pue,
            overhead_mw: series_or_zero(site, "overhead_mw", steps)?,
            firm_it_mw: series(site, "firm_mw", steps)?,
            it_capacity_mw: series(site, "it_capacity_mw", steps)?,
            grid_limit_mw: series(site, "grid_limit_mw", steps)?,
            ..Site::default()
        }],
        contracts: vec![Contract {
            id: "contracts".into(),
            settlement: Settlement::Physical,
            sites: vec![SiteIndex::new(0)],
            available_mw: series(value, "contracted_mw", steps)?,
            sell_per_mwh: series_or_zero(value, "sell_per_mwh", steps)?,
            ..Contract::default()
        }],
        runs: vec![run(&value["run"], policy, steps)?],
        // The instance's least throughput is no price but a limit.
        policy: Policy {
            carbon_price_per_t: number(policy, "carbon_price_per_t")?,
            class_price_per_mwh: 1e6,
            ..Policy::default()
        },
        ..Problem::default()
    })
}

fn run(v: &Value, policy: &Value, steps: usize) -> Result<Run, String> {
    let point = |p: &Value| p[0].as_f64().zip(p[1].as_f64()).ok_or("a point of the curve is not a pair of numbers");
    let curve: Result<Vec<(f64, f64)>, &str> = list(v, "curve")?.iter().map(point).collect();
    let was_on = v["on_before"].as_bool().unwrap_or(true);
    let site = SiteIndex::new(0);
    let before = if was_on {
        Before::On { site, steps: count(v, "steps_on_before")? }
    } else {
        Before::Paused { site, steps: usize::MAX }
    };
    let mean = number_or(v, "min_mean_throughput", 0.0)?;
    Ok(Run {
        id: text(v, "id")?,
        sites: vec![site],
        release: 0,
        deadline: steps,
        rated_mw: number(v, "rated_mw")?,
        floor: number(v, "floor")?,
        cap: number(v, "cap")?,
        curve: curve?,
        weight: number(v, "rated_mw")?,
        lost_price_per_hour: number(policy, "lost_price_per_rated_hour")?,
        pause_cost: number(policy, "pause_cost")?,
        save_h: number(v, "save_h")?,
        save_mw: number(v, "save_mw")?,
        restart_h: number(v, "restart_h")?,
        restart_mw: number(v, "restart_mw")?,
        paused_mw: number(v, "paused_mw")?,
        checkpoint: Checkpoint::Steps {
            every: count(v, "checkpoint_interval_steps")?,
            since: count(v, "steps_on_since_save")?,
        },
        min_on: count(v, "min_on_steps")?.max(1),
        min_off: count(v, "min_off_steps")?.max(1),
        max_pauses: vec![(0, steps, count(v, "max_pauses")?)],
        before,
        class: (mean > 0.0).then_some(Class { mean, window: steps, history: Vec::new() }),
        // In the instance no save stands in the step before the first.
        saved_before: false,
        ..plain_run()
    })
}
