//! Training runs, few integers: `on` and `save` are whole, the rest follows.
//!
//! `state` on, off, held, begun, finished · `checkpoint` saves before stops and in time · `power` throttle and curve ·
//! `progress` tokens lost, classes, deadlines · `moves` between sites. Each opens with its formula.

mod checkpoint;
mod moves;
mod power;
mod progress;
mod state;
mod stating;
pub mod utilisation;

use crate::model::keys::RunKeys;
use crate::model::linear::LinearModel;
use crate::model::terms::Terms;
use crate::problem::Problem;
use stating::Stating;

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (index, run) in problem.runs.iter().enumerate() {
        let keys = RunKeys { release: run.release, ..RunKeys::default() };
        let mut stating = Stating { problem, terms, index, run, keys };
        stating.state(model);
        stating.checkpoints(model);
        stating.prior(model);
        stating.power(model);
        stating.progress(model);
        stating.moves(model);
        model.keys.runs.push(stating.keys);
    }
    utilisation::add(model, problem);
}
