//! Training runs, few integers: `on` and `save` are integers, the rest follows.
//!
//! `state` on, off, held, begun, finished · `checkpoint` saves before stops and in time · `power` throttle and curve ·
//! `progress` tokens lost, classes, deadlines · `moves` between sites. Each opens with its formula. `utilisation` is a
//! rule of its own, over all runs.

mod checkpoint;
mod moves;
mod power;
mod progress;
mod state;
pub mod utilisation;

use crate::model::given::{Finished, Given};
use crate::model::keys::RunKeys;
use crate::model::linear::{At, LinearModel, Part};
use crate::model::terms::Terms;
use crate::outcome::{Cost, Item, Kind, Ledger, Violation, codes, cost};
use crate::problem::{Checkpoint, Problem, Run};
use ids::{Index, RunIndex};
use std::ops::Range;

/// Rows that tie steps of a run together and stay where it is priced beside jobs: where it is in each step, from that of the
/// step before, and what it needs and must make in all.
pub const PRICED: [&str; 5] = [ON, WAIT, DONE, NEED, MUST];
const ON: &str = "on";
const WAIT: &str = "wait";
const DONE: &str = "done";
const NEED: &str = "need";
const MUST: &str = "must";

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (index, run) in RunIndex::each(&problem.runs) {
        let keys = RunKeys { release: run.release, ..RunKeys::default() };
        let mut stating = Stating { problem, terms, index, run, keys };
        stating.add_states(model);
        stating.checkpoints(model);
        stating.prior(model);
        stating.power(model);
        stating.progress(model);
        stating.moves(model);
        model.keys.runs.push(stating.keys);
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    let mut push = |cost: Cost| ledger.push(Item::Training, cost);
    for (run, made) in made.problem.runs.iter().zip(&made.outcome.runs) {
        let (lost, pauses, late) = (made.lost_hours, made.pauses as f64, made.late_hours);
        push(cost(codes::TOKENS_LOST, Kind::Money, (lost, "rated h"), run.lost_price_per_hour * lost));
        push(cost(codes::PAUSES, Kind::Money, (pauses, "pauses"), run.pause_cost * pauses));
        push(cost(codes::LATE, Kind::Penalty, (late, "rated h"), run.late_price_per_hour * late));
        let saves = matches!(run.checkpoint, Checkpoint::Steps { .. });
        let (mut count, mut amount) = (0.0, 0.0);
        for p in &run.prior {
            let now = made.steps.get(p.step).filter(|s| s.site == Some(p.site));
            if now.is_some_and(|s| s.on) != p.on {
                (count, amount) = (count + 1.0, amount + p.price);
            }
            if saves && now.is_some_and(|s| s.save) != p.save {
                amount += p.save_price;
            }
        }
        push(cost(codes::CHANGES, Kind::Penalty, (count, "steps"), amount));
    }
}

/// Rated MW times rated steps below what classes promise.
pub fn violations(made: &Finished) -> Vec<Violation> {
    let mut below = 0.0;
    for (run, made) in made.problem.runs.iter().zip(&made.outcome.runs) {
        let Some(class) = &run.class else { continue };
        for last in 0..run.window().len() {
            let inside = (last + 1).min(class.window);
            let Some(from) = class.history.len().checked_sub(class.window - inside) else { continue };
            let history: f64 = class.history[from..].iter().sum();
            let window = &made.steps[run.release + last + 1 - inside..=run.release + last];
            // What it does not need to run for is no lack: it waits to begin, or is done.
            let excused = window.iter().filter(|s| s.done || s.site.is_none()).count() as f64;
            let progress: f64 = window.iter().map(|s| s.progress).sum();
            let least = class.mean * (class.window as f64 - excused) - history;
            below += run.rated_mw * (least - progress).max(0.0);
        }
    }
    let (quantity, price) = (made.problem.step_hours * below, made.problem.policy.class_price_per_mwh);
    vec![Violation { item: Item::BelowClass, code: codes::BELOW_CLASS, quantity, unit: "rated MWh", price }]
}

/// One run while its rules are stated.
struct Stating<'a> {
    problem: &'a Problem,
    terms: &'a Terms,
    index: RunIndex,
    run: &'a Run,
    keys: RunKeys,
}

impl Stating<'_> {
    /// (run, site, step) for names, from a position and a step since release.
    fn at(&self, position: usize, t: usize) -> At {
        (self.index.get(), self.run.sites[position], self.run.release + t)
    }

    fn positions(&self) -> Range<usize> {
        0..self.run.sites.len()
    }

    fn steps(&self) -> usize {
        self.run.deadline - self.run.release
    }

    /// A column for each position and step, with its upper bound and cost.
    fn table(&self, model: &mut LinearModel, part: Part, (upper, cost): (f64, f64)) -> Vec<Vec<usize>> {
        let mut column = |position: usize, t: usize| model.part(part, self.at(position, t), upper, cost);
        self.positions().map(|p| (0..self.steps()).map(|t| column(p, t)).collect()).collect()
    }

    /// The same of integers, zero or one.
    fn choices(&self, model: &mut LinearModel, part: Part) -> Vec<Vec<usize>> {
        let columns = self.table(model, part, (1.0, 0.0));
        columns.iter().flatten().for_each(|&column| model.columns[column].integer = true);
        columns
    }

    /// Draws IT power at its site, as useful load where it is.
    fn draw(&self, model: &mut LinearModel, column: usize, (position, t): (usize, usize), mw: f64) {
        if mw == 0.0 {
            return;
        }
        let (_, site, step) = self.at(position, t);
        model.draw(column, (site, step), self.problem.sites[site].pue[step], (mw, mw));
    }
}
