//! One file per rule, its formula on top; each adds its own terms to the shared model.

pub mod balance;
pub mod capacity;
pub mod contracts;
pub mod money;
pub mod target;
pub mod work;

use crate::keys::Keys;
use crate::model::LinearModel;
use crate::problem::Problem;
use crate::terms::Terms;

pub fn state(problem: &Problem, terms: &Terms) -> LinearModel {
    let mut model = LinearModel::new(Keys::new(problem, terms), terms.constant);
    work::add(&mut model, problem);
    capacity::add(&mut model, problem, terms);
    balance::add(&mut model, problem, terms);
    contracts::add(&mut model, problem, terms);
    target::add(&mut model, problem, terms);
    work::place(&mut model, problem, terms);
    model.finish();
    model
}
