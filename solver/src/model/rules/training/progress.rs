//! `lost = useful - h*sum y`, priced; `useful` the rated hours in its window, or what it still needs. `h*sum y <= need`;
//! `h*sum(k<t) y >= need*done[t]`: it is done when it has what it needs. `h*sum y + late >= must` keeps a deadline beyond
//! the horizon in reach. Class: `sum y + mean*(wait + done) + below >= mean*window - history` over each rolling window.

use super::{MUST, NEED, Stating};
use crate::model::linear::{LinearModel, Part};

impl Stating<'_> {
    pub(super) fn progress(&self, model: &mut LinearModel) {
        let (run, h) = (self.run, self.problem.step_hours);
        let all: Vec<usize> = self.keys.progress.iter().flatten().copied().collect();
        model.constant += run.lost_price_per_hour * run.useful_hours(h);
        all.iter().for_each(|&y| model.columns[y].cost -= run.lost_price_per_hour * h);
        let at = self.at(0, 0);
        let made: Vec<(usize, f64)> = all.iter().map(|&y| (y, h)).collect();
        if let (Some(need), true) = (run.need_hours, run.may_finish(h)) {
            model.rule(NEED, at, (f64::NEG_INFINITY, need), &made);
            self.done(model, need);
        }
        if run.must_hours > 0.0 {
            let late = model.part(Part::RunLate, at, run.must_hours, run.late_price_per_hour);
            let entries: Vec<(usize, f64)> = made.iter().copied().chain([(late, 1.0)]).collect();
            model.rule(MUST, at, (run.must_hours, f64::INFINITY), &entries);
        }
        self.class(model);
    }

    fn done(&self, model: &mut LinearModel, need: f64) {
        let Some(done) = &self.keys.done else { return };
        let mut made = Vec::new();
        for t in 0..self.steps() {
            if t > 0 {
                made.extend(self.positions().map(|p| (self.keys.progress[p][t - 1], self.problem.step_hours)));
            }
            let mut entries = made.clone();
            entries.push((done[t], -need));
            // A little less than all: the last bits of a sum must not keep it going.
            model.rule("finished", self.at(0, t), (-1e-9 * need.max(1.0), f64::INFINITY), &entries);
        }
    }

    fn class(&self, model: &mut LinearModel) {
        let Some(class) = &self.run.class else { return };
        let price = self.problem.step_hours * self.run.rated_mw * self.problem.policy.class_price_per_mwh;
        for last in 0..self.steps() {
            let inside = (last + 1).min(class.window);
            let before = class.window - inside;
            // A window that reaches further back than is known is not judged.
            let Some(from) = class.history.len().checked_sub(before) else { continue };
            let history: f64 = class.history[from..].iter().sum();
            let least = class.mean * class.window as f64 - history;
            if least <= 0.0 {
                continue;
            }
            let below = model.part(Part::RunBelowClass, self.at(0, last), class.window as f64, price);
            let mut entries = vec![(below, 1.0)];
            for t in last + 1 - inside..=last {
                entries.extend(self.positions().map(|p| (self.keys.progress[p][t], 1.0)));
                let not_running = [&self.keys.wait, &self.keys.done].into_iter().flatten();
                entries.extend(not_running.map(|column| (column[t], class.mean)));
            }
            model.rule("class", self.at(0, last), (least, f64::INFINITY), &entries);
        }
    }
}
