//! One file per rule, its formula on top; each adds its own terms to the shared model.
//!
//! Rules that bound power come first and declare taps; rules that draw power go through them.

pub mod after;
pub mod balance;
pub mod capacity;
pub mod connection;
pub mod contracts;
pub mod demand_charge;
pub mod events;
pub mod jobs;
pub mod limits;
pub mod pins;
pub mod pools;
pub mod ramp;
pub mod storage;
pub mod target;
pub mod training;
pub mod work;

use crate::model::keys::Keys;
use crate::model::linear::LinearModel;
use crate::model::taps::Taps;
use crate::model::terms::Terms;
use crate::problem::Problem;

pub fn state(problem: &Problem, terms: &Terms, whole: &Whole) -> LinearModel {
    let taps = Taps::new(problem.sites.len(), problem.steps);
    let mut model = LinearModel::new(Keys::new(problem, terms), taps, terms.constant);
    work::add(&mut model, problem);
    capacity::add(&mut model, problem, terms);
    balance::add(&mut model, problem, terms);
    contracts::add(&mut model, problem, terms);
    target::add(&mut model, problem, terms);
    bound(&mut model, problem, terms);
    work::place(&mut model, problem, terms);
    jobs::add(&mut model, problem, terms);
    training::add(&mut model, problem, terms);
    after::add(&mut model, problem);
    pins::add(&mut model, problem);
    storage::add(&mut model, problem, terms, whole);
    storage::add_after_load(&mut model, problem, terms, whole);
    model.finish();
    model
}

/// Rows of every rule that bounds power and GPUs, capacity apart, and their taps.
fn bound(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    connection::add(model, problem, terms);
    events::add(model, problem, terms);
    limits::add(model, problem, terms);
    ramp::add(model, problem, terms);
    demand_charge::add(model, problem, terms);
    pools::add(model, problem);
}

/// The same with capacity and nothing else: what a further draw is held against.
pub fn bounds(problem: &Problem, terms: &Terms) -> LinearModel {
    let taps = Taps::new(problem.sites.len(), problem.steps);
    let mut model = LinearModel::new(Keys::new(problem, terms), taps, 0.0);
    capacity::add(&mut model, problem, terms);
    bound(&mut model, problem, terms);
    model
}
