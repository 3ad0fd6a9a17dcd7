//! A finished outcome, with what it draws and holds: what rules charge.

use crate::model::terms::Terms;
use crate::outcome::{Loads, Outcome, gpus_held};
use crate::problem::Problem;

pub struct Finished<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
    pub outcome: &'a Outcome,
    pub loads: Loads,
    /// GPUs held in each step, `[pool][step]` and `[account][step]`.
    pub pools: Vec<Vec<f64>>,
    pub accounts: Vec<Vec<f64>>,
}

impl<'a> Finished<'a> {
    pub fn new(problem: &'a Problem, terms: &'a Terms, outcome: &'a Outcome) -> Finished<'a> {
        let (pools, accounts) = gpus_held(problem, outcome);
        Finished { problem, terms, outcome, loads: Loads::new(problem, outcome), pools, accounts }
    }
}
