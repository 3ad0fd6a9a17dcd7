//! A gang that stays where it begins: `on + held <= pick` at each site, one of them picked. Where it was before, it stays.
//!
//! One that may move does so only while it is off, through a save: `on[s,t] + sum(s' not s) on[s',t+k] <= 1` for k up to the steps of
//! transit, and `arrive[s,t] >= here[s,t] - here[s,t-1] - begin`, `leave[s,t] >= here[s,t-1] - here[s,t] - finish` with
//! `here = on + held`; both ends draw `move_mwh`. Where it waits is no integer here: `exact/fixed.rs` settles it.

use super::Stating;
use crate::model::linear::{LinearModel, Part};
use crate::problem::Before;

impl Stating<'_> {
    pub(super) fn moves(&self, model: &mut LinearModel) {
        if self.run.sites.len() < 2 {
            return;
        }
        if !self.run.may_move {
            self.stays(model);
            return;
        }
        for t in 0..self.steps() {
            for position in self.positions() {
                self.transit(model, position, t);
                self.ends(model, position, t);
            }
        }
        self.transit_from_before(model);
    }

    fn stays(&self, model: &mut LinearModel) {
        let was = self.run.before.site();
        let mut picks = Vec::new();
        for position in self.positions() {
            let pick = model.integer(Part::RunPick, self.at(position, 0), 1.0, 0.0);
            if was.is_some_and(|site| site != self.run.sites[position]) {
                model.columns[pick].upper = 0.0;
            }
            for t in 0..self.steps() {
                let here = [(self.keys.on[position][t], 1.0), (self.keys.held[position][t], 1.0), (pick, -1.0)];
                model.rule("stays", self.at(position, t), (f64::NEG_INFINITY, 0.0), &here);
            }
            picks.push((pick, 1.0));
        }
        model.rule("one_site", self.at(0, 0), (f64::NEG_INFINITY, 1.0), &picks);
    }

    fn others(&self, position: usize) -> impl Iterator<Item = usize> {
        self.positions().filter(move |&p| p != position)
    }

    fn transit(&self, model: &mut LinearModel, position: usize, t: usize) {
        let on = &self.keys.on;
        // At least a step of rest even where transit takes none: a gang is not in two places.
        for k in 1..=self.run.move_steps.max(1) {
            if t + k >= self.steps() {
                break;
            }
            let mut entries = vec![(on[position][t], 1.0)];
            entries.extend(self.others(position).map(|p| (on[p][t + k], 1.0)));
            model.rule("transit", self.at(position, t + k), (f64::NEG_INFINITY, 1.0), &entries);
        }
    }

    /// Steps off before the horizon count.
    fn transit_from_before(&self, model: &mut LinearModel) {
        let (site, rested) = match self.run.before {
            Before::On { site, .. } => (site, 0),
            Before::Paused { site, steps } => (site, steps),
            Before::Waiting => return,
        };
        let left = self.run.move_steps.max(1).saturating_sub(rested).min(self.steps());
        for position in self.positions().filter(|&p| self.run.sites[p] != site) {
            self.keys.on[position][..left].iter().for_each(|&on| model.columns[on].upper = 0.0);
        }
    }

    fn ends(&self, model: &mut LinearModel, position: usize, t: usize) {
        let keys = &self.keys;
        let here = |t: usize, sign: f64| [(keys.on[position][t], sign), (keys.held[position][t], sign)];
        let before = if self.run.before.site() == Some(self.run.sites[position]) { 1.0 } else { 0.0 };
        let mw = self.run.move_mwh / self.problem.step_hours;
        let ends = [(Part::RunArrive, "arrive", -1.0, &keys.begin), (Part::RunLeave, "leave", 1.0, &keys.finish)];
        for (part, rule, sign, excused) in ends {
            let column = model.part(part, self.at(position, t), 1.0, 0.0);
            self.draw(model, column, (position, t), mw);
            let mut entries = vec![(column, 1.0)];
            entries.extend(here(t, sign));
            let mut least = sign * before;
            if t > 0 {
                entries.extend(here(t - 1, -sign));
                least = 0.0;
            }
            entries.extend(excused.as_ref().map(|flow| (flow[position][t], 1.0)));
            model.rule(rule, self.at(position, t), (least, f64::INFINITY), &entries);
        }
    }
}
