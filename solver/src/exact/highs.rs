//! HiGHS: built through good_lp, solved and read through `highs`, whose status says more.
//!
//! Simplex with one thread and a fixed seed repeats bit for bit; interior point does not. Branch and bound stops at a gap
//! or a number of nodes, which repeat as well.

use super::backend::{Answer, Backend, BackendError, Limits};
use crate::model::{Column, LinearModel, RawSolution, RawStatus};
use ::highs::{HighsModelStatus, HighsOptionValue, HighsSolutionStatus, Model, SolvedModel};
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, variable};

/// HiGHS's presolve rule 15 tries every binary in turn: on a month of training it takes ten times the search.
const PROBING: i32 = 1 << 15;

/// Columns up to which presolve only costs HiGHS time: 12 ms with it and 4 without on a week of the demo (5 900 columns), 121 and
/// 101 at 19 800.
const NOT_PRESOLVED: usize = 20_000;

/// Between rows of the log, apart from those for better plans.
const LOG_EVERY_S: f64 = 1.0;

/// Heuristics of HiGHS, some of which run even where they are given no effort.
const HEURISTICS: [&str; 6] = [
    "mip_heuristic_run_feasibility_jump",
    "mip_heuristic_run_rens",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_root_reduced_cost",
    "mip_heuristic_run_shifting",
    "mip_heuristic_run_zi_round",
];

#[derive(Debug, Clone, Copy, Default)]
pub struct HighsBackend;

impl Backend for HighsBackend {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Answer {
        self.solve_logged(model, limits, None, "")
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Answer {
        self.solve_logged(model, limits, Some(start), "")
    }
}

impl HighsBackend {
    /// Solves, from a plan that is known to be feasible if there is one, and has HiGHS append its log of a search for integers
    /// to the file `log`, if that can be opened. [`search_row`](crate::search_row) reads its lines. The answer is the same.
    pub fn solve_logged(self, model: &LinearModel, limits: &Limits, start: Option<&[f64]>, log: &str) -> Answer {
        self.search(model, limits, start, Search { log, ..Search::default() })
    }

    /// A small problem of integers, without the restarts of HiGHS: they cost more than they save there.
    pub(super) fn solve_small(self, model: &LinearModel, limits: &Limits, start: Option<&[f64]>) -> Answer {
        self.search(model, limits, start, Search { restarts: false, ..Search::default() })
    }

    /// What a problem of integers costs at least, by the root of branch and bound alone. Its plan is the one given, or one found
    /// by the way.
    pub(super) fn bound_at_root(self, model: &LinearModel, limits: &Limits, plan: &[f64]) -> Answer {
        let limits = Limits { nodes: Some(1), ..*limits };
        self.search(model, &limits, Some(plan), Search { restarts: false, heuristics: false, ..Search::default() })
    }

    fn search(self, model: &LinearModel, limits: &Limits, start: Option<&[f64]>, how: Search<'_>) -> Answer {
        refuse_not_finite(model)?;
        let (built, rows) = build(model)?;
        let integers = model.has_integers();
        let mut ready = configure(built, limits, integers)?;
        // Without it another one of equal plans may come out.
        if limits.only_cost && !integers && model.columns.len() <= NOT_PRESOLVED {
            set(&mut ready, "presolve", "off")?;
        }
        if integers && !how.restarts {
            set(&mut ready, "mip_allow_restart", false)?;
        }
        if integers && !how.heuristics {
            set(&mut ready, "mip_heuristic_effort", 0.0)?;
            HEURISTICS.iter().try_for_each(|name| set(&mut ready, name, false))?;
        }
        if integers && !how.log.is_empty() && !how.log.contains('\0') {
            // What is logged changes nothing of what is solved, and what cannot be logged is no loss.
            let _ = ready.try_set_option("log_file", how.log);
            let _ = ready.try_set_option("mip_min_logging_interval", LOG_EVERY_S);
            let _ = ready.try_set_option("output_flag", true);
        }
        if let Some(start) = start {
            let start: Vec<f64> = start.iter().copied().chain([1.0]).collect();
            // A start that is refused is no loss: the search begins without it.
            let _ = ready.try_set_solution(Some(&start), None, None, None);
        }
        let solved = ready.try_solve().map_err(|status| BackendError::Refused(format!("{status:?}")))?;
        Ok(if integers { read_integers(model, &solved) } else { read(model, &solved, &rows) })
    }
}

/// How integers are searched.
struct Search<'a> {
    /// A file that the log is appended to; nothing where none is wanted.
    log: &'a str,
    restarts: bool,
    heuristics: bool,
}

impl Default for Search<'_> {
    fn default() -> Self {
        Search { log: "", restarts: true, heuristics: true }
    }
}

/// HiGHS solves a NaN cost without a word.
fn refuse_not_finite(model: &LinearModel) -> Result<(), BackendError> {
    let odd = |c: &&Column| !c.cost.is_finite() || !c.lower.is_finite() || c.upper.is_nan();
    let columns = model.columns.iter().filter(odd).map(|c| format!("column {:?}", c.kind));
    let rows = model.rows.iter().filter(|r| r.lower.is_nan() || r.upper.is_nan());
    let rows = rows.map(|r| format!("a limit of row {:?}", r.kind));
    let entries = model.entries.iter().filter(|e| !e.value.is_finite());
    let entries = entries.map(|e| format!("an entry of row {:?}", model.rows[e.row as usize].kind));
    columns.chain(rows).chain(entries).next().map_or(Ok(()), |what| Err(BackendError::NotFinite { what }))
}

/// good_lp rows are one-sided or equalities: a ranged row becomes two, a free row none. The
/// second value gives for each HiGHS row the row of ours it came from.
fn build(model: &LinearModel) -> Result<(Model, Vec<usize>), BackendError> {
    let mut variables = ProblemVariables::new();
    let column = |c: &Column| {
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
    let built = problem.try_into_inner().map_err(|e| BackendError::Refused(e.to_string()))?;
    Ok((built, origin))
}

fn configure(mut model: Model, limits: &Limits, integers: bool) -> Result<Model, BackendError> {
    model.make_quiet();
    // With integers "simplex" would solve their relaxation only.
    set(&mut model, "solver", if integers { "choose" } else { "simplex" })?;
    if integers {
        set(&mut model, "mip_rel_gap", limits.gap)?;
        set(&mut model, "mip_abs_gap", 0.0)?;
        set(&mut model, "presolve_rule_off", PROBING)?;
        if let Some(nodes) = limits.nodes {
            set(&mut model, "mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX))?;
        }
    }
    set(&mut model, "parallel", "off")?;
    set(&mut model, "threads", 1)?;
    set(&mut model, "random_seed", 0)?;
    if let Some(iterations) = limits.iterations {
        set(&mut model, "simplex_iteration_limit", i32::try_from(iterations).unwrap_or(i32::MAX))?;
    }
    if let Some(seconds) = limits.seconds {
        set(&mut model, "time_limit", seconds)?;
    }
    Ok(model)
}

fn set(model: &mut Model, name: &'static str, value: impl HighsOptionValue) -> Result<(), BackendError> {
    model.try_set_option(name, value).map_err(|_| BackendError::Option(name))
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
    let x = if found { solved.get_solution().columns()[..model.columns.len()].to_vec() } else { Vec::new() };
    let (row_duals, objective) = (vec![0.0; model.rows.len()], solved.objective_value());
    RawSolution { status: status(model, solved), x, row_duals, objective, bound, iterations: iterations(solved) }
}

fn iterations(solved: &SolvedModel) -> u64 {
    u64::try_from(solved.simplex_iteration_count()).unwrap_or(0)
}

fn read(model: &LinearModel, solved: &SolvedModel, origin: &[usize]) -> RawSolution {
    let status = status(model, solved);
    let solution = solved.get_solution();
    let mut row_duals = vec![0.0; model.rows.len()];
    for (&row, dual) in origin.iter().zip(solution.dual_rows()) {
        row_duals[row] += dual;
    }
    let objective = model.constant + solved.objective_value();
    // Simplex ends with primal and dual objective equal. Stopped short, it has only duals, neither a plan nor a bound.
    let (x, bound) = match status {
        RawStatus::Optimal => (solution.columns().to_vec(), objective),
        _ => (Vec::new(), f64::NEG_INFINITY),
    };
    RawSolution { status, x, row_duals, objective, bound, iterations: iterations(solved) }
}
