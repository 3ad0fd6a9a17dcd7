//! HiGHS alone on the whole model, by a method of its own: what the planner's methods are measured against. Nothing of the
//! planner is in its time: no statement of the model, no certificate, no plan.

use highs::{HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense, SolvedModel};
use hourmatch_solver::{Limits, LinearModel, Problem, model};
use std::time::Instant;

/// Methods for models without integers, and the one for those with.
pub const LINEAR: [&str; 3] = ["simplex", "ipm", "hipo"];
pub const BRANCH: &str = "branch";

/// What HiGHS says; none where a limit came first.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// `optimal`, to the gap asked for where there are integers; `time_limit`; `absent` where the build lacks the method;
    /// else HiGHS's own word.
    pub status: String,
    pub objective: Option<f64>,
    pub bound: Option<f64>,
    pub rows: usize,
    pub columns: usize,
    /// Stating the model, and what HiGHS took to take it in and solve it.
    pub state_s: f64,
    pub solve_s: f64,
}

/// One of `LINEAR` or `BRANCH`, on every core there is, at HiGHS's own tolerances.
pub fn solve(problem: &Problem, method: &str, limits: &Limits) -> Result<Answer, String> {
    let start = Instant::now();
    let stated = model(problem).map_err(|e| e.to_string())?;
    fits(method, stated.has_integers())?;
    let rows = rows(&stated);
    let mut answer = Answer {
        status: "absent".to_string(),
        objective: None,
        bound: None,
        rows: stated.rows.len(),
        columns: stated.columns.len(),
        state_s: start.elapsed().as_secs_f64(),
        solve_s: 0.0,
    };
    // Its memory is not HiGHS's.
    drop(stated);
    let start = Instant::now();
    let ready = rows.try_optimise(Sense::Minimise).map_err(|e| format!("HiGHS refused the model: {e:?}"))?;
    let Some(ready) = configured(ready, method, limits)? else { return Ok(answer) };
    let solved = ready.try_solve().map_err(|e| format!("HiGHS gave up: {e:?}"))?;
    answer.solve_s = start.elapsed().as_secs_f64();
    read(&solved, method, &mut answer);
    Ok(answer)
}

fn fits(method: &str, integers: bool) -> Result<(), String> {
    if method == BRANCH {
        return if integers {
            Ok(())
        } else {
            Err("nothing here is an integer: take simplex, ipm or hipo".to_string())
        };
    }
    if !LINEAR.contains(&method) {
        return Err(format!("method {method} of HiGHS is not one of {}, {BRANCH}", LINEAR.join(", ")));
    }
    if integers { Err(format!("{method} would relax integers: take {BRANCH}")) } else { Ok(()) }
}

/// The constant stands in the objective as a column that is one: gaps are parts of the whole.
fn rows(stated: &LinearModel) -> RowProblem {
    let mut rows = RowProblem::new();
    let columns: Vec<_> =
        stated.columns.iter().map(|c| rows.add_column_with_integrality(c.cost, c.lower..=c.upper, c.integer)).collect();
    rows.add_column(stated.constant, 1.0..=1.0);
    for (row, entries) in stated.by_row() {
        let factors = entries.iter().map(|e| (columns[e.column as usize], e.value));
        rows.add_row(row.lower..=row.upper, factors);
    }
    rows
}

/// None where this build of HiGHS lacks the method.
fn configured(mut ready: Model, method: &str, limits: &Limits) -> Result<Option<Model>, String> {
    ready.make_quiet();
    let solver = if method == BRANCH { "choose" } else { method };
    if ready.try_set_option("solver", solver).is_err() {
        return Ok(None);
    }
    let set = |name: &str, ok: bool| {
        if ok { Ok(()) } else { Err(format!("HiGHS refused option {name}")) }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = i32::try_from(cores).unwrap_or(1);
    set("threads", ready.try_set_option("threads", threads).is_ok())?;
    set("random_seed", ready.try_set_option("random_seed", 0).is_ok())?;
    if method == BRANCH {
        set("mip_rel_gap", ready.try_set_option("mip_rel_gap", limits.gap).is_ok())?;
        set("mip_abs_gap", ready.try_set_option("mip_abs_gap", 0.0).is_ok())?;
    } else if method != "simplex" {
        // A vertex is not asked for.
        set("run_crossover", ready.try_set_option("run_crossover", "off").is_ok())?;
    }
    if let Some(seconds) = limits.seconds {
        set("time_limit", ready.try_set_option("time_limit", seconds).is_ok())?;
    }
    Ok(Some(ready))
}

fn read(solved: &SolvedModel, method: &str, answer: &mut Answer) {
    let status = solved.status();
    answer.status = match status {
        HighsModelStatus::Optimal => "optimal".to_string(),
        HighsModelStatus::ReachedTimeLimit => "time_limit".to_string(),
        other => format!("{other:?}"),
    };
    let ended = status == HighsModelStatus::Optimal;
    let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    if method == BRANCH {
        answer.objective = found.then(|| solved.objective_value());
        let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY);
        answer.bound = bound.is_finite().then_some(bound);
    } else if ended {
        answer.objective = Some(solved.objective_value());
        answer.bound = answer.objective;
    }
}
