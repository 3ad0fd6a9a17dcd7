//! What a plan says where something keeps a large problem from the structured methods: it is solved as one plain model, and
//! that may take much longer.

use super::gangs;
use crate::interior;
use crate::model::{LinearModel, RowKind, bounds};
use crate::outcome::{Reason, codes, reason};
use crate::problem::Problem;

/// From so many columns of a model, or starts of jobs, a problem is large.
#[derive(Clone, Copy)]
pub(super) struct Large {
    pub columns: usize,
    pub starts: usize,
}

/// None where a problem is small, and where nothing keeps it from them.
pub(super) fn plain(problem: &Problem, model: &LinearModel, large: Large) -> Option<Reason> {
    let why = if gangs::starts(problem) >= large.starts.max(1) {
        beside_jobs(problem)?
    } else if problem.jobs.is_empty() && problem.runs.is_empty() && model.columns.len() >= large.columns {
        divisible(problem, model)?
    } else {
        return None;
    };
    let columns = model.columns.len();
    let message = format!(
        "solved as one plain model of {columns} columns, which may take much longer: the faster method does not carry {why}"
    );
    Some(reason(codes::PLAIN_MODEL, "plan", (columns as f64, "columns"), message))
}

fn beside_jobs(problem: &Problem) -> Option<&'static str> {
    if !gangs::depend_alone(problem) {
        return Some("dependencies between jobs and other work");
    }
    problem.work.iter().any(|work| work.gpus.is_some()).then_some("divisible work that holds GPUs, beside jobs")
}

fn divisible(problem: &Problem, model: &LinearModel) -> Option<&'static str> {
    if !problem.after.is_empty() {
        return Some("dependencies between pieces of divisible work");
    }
    if model.has_integers() {
        return Some("storage that would charge and discharge at once");
    }
    Some(match interior::unsuited(model)? {
        RowKind::Rule { rule: bounds::POOL, .. } => "divisible work that holds GPUs of a pool",
        RowKind::Rule { rule: bounds::ACCOUNT | bounds::ACCOUNT_HOURS, .. } => {
            "divisible work that holds GPUs of an account"
        }
        _ => "a rule that treats pieces at one site differently",
    })
}
