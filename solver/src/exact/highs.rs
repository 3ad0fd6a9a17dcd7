//! HiGHS: built through good_lp, solved and read through `highs`, whose status says more.
//!
//! Simplex with one thread and a fixed seed repeats bit for bit; interior point does not. Branch and bound stops at a gap
//! or a number of nodes, which repeat as well.

use super::backend::{Backend, BackendError};
use super::limits::Limits;
use crate::model::{LinearModel, RawSolution, RawStatus};
use ::highs::{HighsModelStatus, HighsSolutionStatus, HighsStatus, Model, SolvedModel};
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, variable};

/// HiGHS's presolve rule 15 tries every binary in turn: on a month of training it takes ten times the search.
const PROBING: i32 = 1 << 15;

/// Between rows of the log, apart from those for better plans.
const LOG_EVERY_S: f64 = 1.0;

#[derive(Debug, Clone, Copy, Default)]
pub struct HighsBackend;

impl Backend for HighsBackend {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        run(model, limits, None, None)
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Result<RawSolution, BackendError> {
        run(model, limits, Some(start), None)
    }
}

impl HighsBackend {
    /// Solves, from a plan that is known to be feasible if there is one, and has HiGHS append its log of a search for integers
    /// to the file `log`, if that can be opened. [`search_row`](crate::search_row) reads its lines. The answer is the same.
    pub fn solve_logged(
        self,
        model: &LinearModel,
        limits: &Limits,
        start: Option<&[f64]>,
        log: &str,
    ) -> Result<RawSolution, BackendError> {
        run(model, limits, start, Some(log))
    }
}

fn run(
    model: &LinearModel,
    limits: &Limits,
    start: Option<&[f64]>,
    log: Option<&str>,
) -> Result<RawSolution, BackendError> {
    refuse_not_finite(model)?;
    let (built, rows) = build(model)?;
    let integers = model.has_integers();
    let mut ready = configure(built, limits, integers)?;
    if let Some(log) = log.filter(|log| integers && !log.is_empty() && !log.contains('\0')) {
        write_log(&mut ready, log);
    }
    if let Some(start) = start {
        let start: Vec<f64> = start.iter().copied().chain([1.0]).collect();
        // A start that is refused is no loss: the search begins without it.
        let _ = ready.try_set_solution(Some(&start), None, None, None);
    }
    let solved = ready.try_solve().map_err(refused)?;
    Ok(if integers { read_integers(model, &solved) } else { read(model, &solved, &rows) })
}

fn refused(status: HighsStatus) -> BackendError {
    BackendError::Refused(format!("{status:?}"))
}

/// HiGHS solves a NaN cost without a word.
fn refuse_not_finite(model: &LinearModel) -> Result<(), BackendError> {
    let refuse = |what: String| Err(BackendError::NotFinite { what });
    for c in &model.columns {
        if !c.cost.is_finite() || !c.lower.is_finite() || c.upper.is_nan() {
            return refuse(format!("column {:?}", c.kind));
        }
    }
    for r in &model.rows {
        if r.lower.is_nan() || r.upper.is_nan() {
            return refuse(format!("a limit of row {:?}", r.kind));
        }
    }
    for e in &model.entries {
        if !e.value.is_finite() {
            return refuse(format!("an entry of row {:?}", model.rows[e.row as usize].kind));
        }
    }
    Ok(())
}

/// good_lp rows are one-sided or equalities: a ranged row becomes two, a free row none. The
/// second value gives for each HiGHS row the row of ours it came from.
fn build(model: &LinearModel) -> Result<(Model, Vec<usize>), BackendError> {
    let mut variables = ProblemVariables::new();
    let column = |c: &crate::model::Column| {
        let column = variable().min(c.lower).max(c.upper);
        if c.integer { column.integer() } else { column }
    };
    let columns: Vec<Variable> = model.columns.iter().map(|c| variables.add(column(c))).collect();
    let mut objective = Expression::with_capacity(columns.len());
    for (column, &v) in model.columns.iter().zip(&columns) {
        if column.cost != 0.0 {
            objective.add_mul(column.cost, v);
        }
    }
    if model.has_integers() {
        // A gap is a part of the whole objective: the constant stands in it as a column of its own.
        objective.add_mul(model.constant, variables.add(variable().min(1.0).max(1.0)));
    }
    let mut problem = variables.minimise(objective).using(good_lp::highs);
    let mut origin = Vec::with_capacity(model.rows.len());
    for (r, (row, entries)) in model.by_row().enumerate() {
        let sum = || {
            let mut sum = Expression::with_capacity(entries.len());
            for e in entries {
                sum.add_mul(e.value, columns[e.column as usize]);
            }
            sum
        };
        if row.lower == row.upper {
            problem.add_constraint(constraint::eq(sum(), row.upper));
            origin.push(r);
            continue;
        }
        if row.upper.is_finite() {
            problem.add_constraint(constraint::leq(sum(), row.upper));
            origin.push(r);
        }
        if row.lower.is_finite() {
            // good_lp keeps the orientation of ">=", so the dual keeps its sign.
            problem.add_constraint(constraint::geq(sum(), row.lower));
            origin.push(r);
        }
    }
    let built = problem.try_into_inner();
    let built = built.map_err(|e| BackendError::Refused(e.to_string()))?;
    Ok((built, origin))
}

fn configure(mut model: Model, limits: &Limits, integers: bool) -> Result<Model, BackendError> {
    model.make_quiet();
    let set = |name: &'static str, ok: bool| {
        if ok { Ok(()) } else { Err(BackendError::Option(name)) }
    };
    // With integers "simplex" would solve their relaxation only.
    let solver = if integers { "choose" } else { "simplex" };
    set("solver", model.try_set_option("solver", solver).is_ok())?;
    if integers {
        set("mip_rel_gap", model.try_set_option("mip_rel_gap", limits.gap).is_ok())?;
        set("mip_abs_gap", model.try_set_option("mip_abs_gap", 0.0).is_ok())?;
        let off = model.try_set_option("presolve_rule_off", PROBING);
        set("presolve_rule_off", off.is_ok())?;
        if let Some(nodes) = limits.nodes {
            let most = i32::try_from(nodes).unwrap_or(i32::MAX);
            set("mip_max_nodes", model.try_set_option("mip_max_nodes", most).is_ok())?;
        }
    }
    set("parallel", model.try_set_option("parallel", "off").is_ok())?;
    set("threads", model.try_set_option("threads", 1).is_ok())?;
    set("random_seed", model.try_set_option("random_seed", 0).is_ok())?;
    if let Some(iterations) = limits.iterations {
        let most = i32::try_from(iterations).unwrap_or(i32::MAX);
        let name = "simplex_iteration_limit";
        set(name, model.try_set_option(name, most).is_ok())?;
    }
    if let Some(seconds) = limits.seconds {
        set("time_limit", model.try_set_option("time_limit", seconds).is_ok())?;
    }
    Ok(model)
}

/// What is logged changes nothing of what is solved, and what cannot be logged is no loss.
fn write_log(model: &mut Model, log: &str) {
    let _ = model.try_set_option("log_file", log);
    let _ = model.try_set_option("mip_min_logging_interval", LOG_EVERY_S);
    let _ = model.try_set_option("output_flag", true);
}

fn status(model: &LinearModel, solved: &SolvedModel) -> RawStatus {
    match solved.status() {
        HighsModelStatus::Optimal => RawStatus::Optimal,
        HighsModelStatus::ReachedIterationLimit | HighsModelStatus::ReachedSolutionLimit => RawStatus::IterationLimit,
        HighsModelStatus::ReachedTimeLimit => RawStatus::TimeLimit,
        HighsModelStatus::Infeasible => RawStatus::Infeasible,
        // A model without columns is solved by its constant.
        HighsModelStatus::ModelEmpty if model.columns.is_empty() => RawStatus::Optimal,
        other => RawStatus::Other(format!("{other:?}")),
    }
}

/// The best plan found, none where a limit came first, and the bound of branch and bound. Duals there are none.
fn read_integers(model: &LinearModel, solved: &SolvedModel) -> RawSolution {
    let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY);
    // Before anything is proved it is no number.
    let bound = if bound.is_finite() { bound } else { f64::NEG_INFINITY };
    RawSolution {
        status: status(model, solved),
        x: if found { solved.get_solution().columns()[..model.columns.len()].to_vec() } else { Vec::new() },
        row_duals: vec![0.0; model.rows.len()],
        objective: solved.objective_value(),
        bound,
        iterations: u64::try_from(solved.simplex_iteration_count()).unwrap_or(0),
    }
}

fn read(model: &LinearModel, solved: &SolvedModel, origin: &[usize]) -> RawSolution {
    let status = status(model, solved);
    let solution = solved.get_solution();
    let mut row_duals = vec![0.0; model.rows.len()];
    for (&row, dual) in origin.iter().zip(solution.dual_rows()) {
        row_duals[row] += dual;
    }
    let objective = model.constant + solved.objective_value();
    let ended = status == RawStatus::Optimal;
    RawSolution {
        status,
        // Stopped short, simplex has neither a plan nor a bound to give, only duals.
        x: if ended { solution.columns().to_vec() } else { Vec::new() },
        row_duals,
        objective,
        // It ends with primal and dual objective equal.
        bound: if ended { objective } else { f64::NEG_INFINITY },
        iterations: u64::try_from(solved.simplex_iteration_count()).unwrap_or(0),
    }
}
