//! One file per rule, its formula on top: the rows it adds to the model, what it costs a plan, and by how much a plan
//! may violate it at a price.
//!
//! `RULES` lists them: the model, the costs and the violations are all made by going through the list. A rule that is
//! not in it is dead code, which the build refuses. Rules that bound power come first and declare their rows
//! (`limit_rows`); rules that draw power enter them.

mod after;
pub mod after_load;
mod balance;
mod capacity;
mod connection;
mod contracts;
mod demand_charge;
mod events;
pub mod jobs;
mod limits;
pub mod pins;
pub mod placement;
pub mod pools;
mod ramp;
mod storage;
mod target;
pub mod training;
mod work;

use crate::model::given::{Finished, Given, Starts, StorageIntegers};
use crate::model::keys::Keys;
use crate::model::linear::LinearModel;
use crate::model::terms::Terms;
use crate::outcome::{Cost, Kind, Ledger, Loads, Outcome, Violation, cost};
use crate::problem::{Problem, ProblemError};
use training::utilisation;

struct Rule {
    /// It limits power or GPUs, whoever draws: a further draw is held against its rows.
    bounds: bool,
    add: fn(&mut LinearModel, &Given),
    costs: Option<fn(&Finished, &mut Ledger)>,
    violations: Option<fn(&Finished) -> Vec<Violation>>,
}

/// In the order in which they are stated: the order of columns and rows depends on it.
const RULES: &[Rule] = &[
    Rule { bounds: false, add: work::add, costs: Some(work::costs), violations: None },
    Rule { bounds: true, add: capacity::add, costs: None, violations: Some(capacity::violations) },
    Rule { bounds: false, add: balance::add, costs: Some(balance::costs), violations: None },
    Rule { bounds: false, add: contracts::add, costs: None, violations: None },
    Rule { bounds: false, add: target::add, costs: Some(target::costs), violations: None },
    Rule { bounds: true, add: connection::add, costs: None, violations: Some(connection::violations) },
    Rule { bounds: true, add: events::add, costs: None, violations: Some(events::violations) },
    Rule { bounds: true, add: limits::add, costs: None, violations: Some(limits::violations) },
    Rule { bounds: true, add: ramp::add, costs: None, violations: Some(ramp::violations) },
    Rule { bounds: true, add: demand_charge::add, costs: Some(demand_charge::costs), violations: None },
    Rule { bounds: true, add: pools::add, costs: None, violations: Some(pools::violations) },
    Rule { bounds: false, add: placement::add, costs: Some(placement::costs), violations: None },
    Rule { bounds: false, add: jobs::add, costs: Some(jobs::costs), violations: None },
    Rule { bounds: false, add: training::add, costs: Some(training::costs), violations: Some(training::violations) },
    Rule { bounds: false, add: utilisation::add, costs: None, violations: Some(utilisation::violations) },
    Rule { bounds: false, add: after::add, costs: None, violations: None },
    Rule { bounds: false, add: pins::add, costs: None, violations: None },
    Rule { bounds: false, add: storage::add, costs: Some(storage::costs), violations: Some(storage::violations) },
    Rule { bounds: false, add: after_load::add, costs: None, violations: None },
];

pub fn formulate(problem: &Problem, terms: &Terms, integers: &StorageIntegers) -> LinearModel {
    formulate_with(problem, terms, integers, Starts::Any)
}

/// With columns for some starts of jobs alone.
pub fn formulate_with(problem: &Problem, terms: &Terms, integers: &StorageIntegers, starts: Starts<'_>) -> LinearModel {
    let mut model = LinearModel::new(Keys::new(problem, terms), (problem.sites.len(), problem.steps), terms.constant);
    for rule in RULES {
        (rule.add)(&mut model, &Given { problem, terms, integers, starts });
    }
    model.finish();
    model
}

/// The rows of every rule that bounds power and GPUs, and nothing else: what a further draw is held against.
pub fn bounds(problem: &Problem, terms: &Terms) -> LinearModel {
    let mut model = LinearModel::new(Keys::new(problem, terms), (problem.sites.len(), problem.steps), 0.0);
    for rule in RULES.iter().filter(|rule| rule.bounds) {
        (rule.add)(&mut model, &Given { problem, terms, integers: &StorageIntegers::default(), starts: Starts::Any });
    }
    model
}

/// Costs of a finished outcome; those that are nothing are left out.
pub fn costs(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Cost> {
    let made = Finished { problem, terms, outcome, loads: Loads::new(problem, outcome) };
    let mut ledger = Ledger::default();
    RULES.iter().filter_map(|rule| rule.costs).for_each(|costs| costs(&made, &mut ledger));
    for v in violated(&made) {
        ledger.push(v.item, cost(v.code, Kind::Penalty, (v.quantity, v.unit), v.price * v.quantity));
    }
    ledger.costs()
}

/// What a plan violates, by name and quantity; nothing where it keeps every limit.
///
/// # Errors
/// A problem that is refused.
pub fn violations(problem: &Problem, outcome: &Outcome) -> Result<Vec<(&'static str, f64)>, ProblemError> {
    problem.check()?;
    let (terms, loads) = (&Terms::new(problem), Loads::new(problem, outcome));
    let found = violated(&Finished { problem, terms, outcome, loads });
    Ok(found.into_iter().map(|v| (v.code, v.quantity)).collect())
}

fn violated(made: &Finished) -> Vec<Violation> {
    let mut found: Vec<Violation> = RULES.iter().filter_map(|rule| rule.violations).flat_map(|of| of(made)).collect();
    found.retain(|v| v.quantity > 0.0);
    found.sort_by_key(|v| v.item);
    found
}
