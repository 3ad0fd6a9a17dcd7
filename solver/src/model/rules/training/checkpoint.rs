//! `save <= on`, `stop[t] <= save[t-1]`: it stops only at a checkpoint, made in the last part of a step.
//! Any `every` steps on in a row hold a save: `sum save >= 1 - sum(1 - on)` over them, the first window shortened by the
//! steps since the last save. One is due before each announced power event: `save[e-1] >= on[e-1]`.
//!
//! Where saves come more often than steps there is nothing to plan: progress is a part of the curve's, and any step may be
//! the last.

use super::Stating;
use crate::model::linear::{Entries, LinearModel, Part};
use crate::problem::{Before, Checkpoint, parts};

impl Stating<'_> {
    pub(super) fn checkpoints(&mut self, model: &mut LinearModel) {
        let Checkpoint::Steps { every, since } = self.run.checkpoint else { return };
        let steps = self.steps();
        let save = self.choices(model, Part::RunSave);
        let none = f64::NEG_INFINITY;
        // A save longer than a step begins in an earlier one.
        let longest = parts(self.run.save_h, self.problem.step_hours).len();
        for position in self.positions() {
            for t in 0..steps {
                let at = self.at(position, t);
                model.rule("save_on", at, (none, 0.0), &[(save[position][t], 1.0), (self.keys.on[position][t], -1.0)]);
                if t + 1 < longest {
                    model.columns[save[position][t]].upper = 0.0;
                }
                let stop = self.keys.stop[position][t];
                match t.checked_sub(1) {
                    Some(before) => {
                        model.rule("stop_save", at, (none, 0.0), &[(stop, 1.0), (save[position][before], -1.0)]);
                    }
                    None if !self.run.saved_before => model.columns[stop].upper = 0.0,
                    None => {}
                }
            }
        }
        let first = match self.run.before {
            Before::On { .. } => every.saturating_sub(since).max(1),
            _ => every,
        };
        if first < every && first <= steps {
            self.interval(model, &save, 0..first);
        }
        let starts = 0..(steps + 1).saturating_sub(every);
        starts.for_each(|from| self.interval(model, &save, from..from + every));
        for &event in &self.run.save_before {
            let Some(t) = (event.checked_sub(1)).and_then(|e| e.checked_sub(self.run.release)) else { continue };
            if t >= steps || t + 1 < longest {
                continue;
            }
            for position in self.positions() {
                let entries = [(save[position][t], 1.0), (self.keys.on[position][t], -1.0)];
                model.rule("save_before_event", self.at(position, t), (0.0, f64::INFINITY), &entries);
            }
        }
        self.keys.save = Some(save);
    }

    fn interval(&self, model: &mut LinearModel, save: &[Vec<usize>], window: std::ops::Range<usize>) {
        let (from, least) = (window.start, 1.0 - window.len() as f64);
        let in_step = |t: usize| self.positions().flat_map(move |p| [(save[p][t], 1.0), (self.keys.on[p][t], -1.0)]);
        let entries: Entries = window.flat_map(in_step).collect();
        model.rule("checkpoint", self.at(0, from), (least, f64::INFINITY), &entries);
    }
}
