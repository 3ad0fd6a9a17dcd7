//! `on[t] - on[t-1] = start + begin - stop - finish` at each site, `sum(s) (on + held) + wait + done = 1`,
//! `start[t] <= on[t]`, `start[t] <= 1 - on[t-1]`, `stop[t] <= on[t-1]`: with `on` an integer, so are they; `wait` and `done`
//! only where it has not begun, or may finish.
//! `sum(start + begin over min_on) <= on + done`, `sum(stop over min_off) <= 1 - on`, `sum stop <= max_pauses`.
//! A pause has its cost; leaving what a previous plan had costs its price.

use super::{DONE, ON, Stating, WAIT};
use crate::model::linear::{Entries, LinearModel, Part, anywhere};
use crate::model::rules::pools;
use crate::problem::Before;
use ids::Index;

impl Stating<'_> {
    pub(super) fn add_states(&mut self, model: &mut LinearModel) {
        self.columns(model);
        for t in 0..self.steps() {
            self.shares(model, t);
            for position in self.positions() {
                self.transition(model, position, t);
            }
            self.least_times(model, t);
        }
        self.run.max_pauses.iter().for_each(|&span| self.pauses(model, span));
        self.history(model);
        if self.run.always_on && self.run.sites.len() == 1 && self.keys.done.is_none() {
            // Where a pause that has begun keeps it off yet, it is: it is on from the first step in which it may be.
            for &on in &self.keys.on[0] {
                let column = &mut model.columns[on];
                column.lower = column.upper.min(1.0);
            }
        }
    }

    fn columns(&mut self, model: &mut LinearModel) {
        let (run, steps) = (self.run, self.steps());
        self.keys.on = self.choices(model, Part::RunOn);
        self.keys.held = self.table(model, Part::RunHeld, (1.0, 0.0));
        self.keys.start = self.table(model, Part::RunStart, (1.0, 0.0));
        self.keys.stop = self.table(model, Part::RunStop, (1.0, run.pause_cost));
        if !run.begun() {
            self.keys.begin = Some(self.table(model, Part::RunBegin, (1.0, 0.0)));
            let wait = |model: &mut LinearModel, t| model.part(Part::RunWait, self.at(0, t), 1.0, 0.0);
            self.keys.wait = Some((0..steps).map(|t| wait(model, t)).collect());
        }
        if run.may_finish(self.problem.step_hours) {
            self.keys.finish = Some(self.table(model, Part::RunFinish, (1.0, 0.0)));
            let done = |model: &mut LinearModel, t| model.integer(Part::RunDone, self.at(0, t), 1.0, 0.0);
            self.keys.done = Some((0..steps).map(|t| done(model, t)).collect());
        }
        for position in self.positions() {
            for t in 0..steps {
                let held = self.keys.held[position][t];
                self.draw(model, held, (position, t), run.paused_mw);
                let (_, _, step) = self.at(position, t);
                if let Some(gpus) = &run.gpus {
                    let holders = [(held, 1.0), (self.keys.on[position][t], 1.0)];
                    pools::hold(model, gpus, step, &holders[usize::from(!run.hold_nodes)..]);
                }
            }
        }
    }

    /// It is somewhere, or waits, or is done.
    fn shares(&self, model: &mut LinearModel, t: usize) {
        let keys = &self.keys;
        let here = self.positions().flat_map(|p| [(keys.on[p][t], 1.0), (keys.held[p][t], 1.0)]);
        let mut one: Entries = here.collect();
        one.extend(keys.wait.as_ref().map(|wait| (wait[t], 1.0)));
        one.extend(keys.done.as_ref().map(|done| (done[t], 1.0)));
        model.rule("state", self.at(0, t), (1.0, 1.0), &one);
        let flows = [(WAIT, &keys.wait, &keys.begin, 1.0), (DONE, &keys.done, &keys.finish, -1.0)];
        for (rule, level, flow, sign) in flows {
            let (Some(level), Some(flow)) = (level, flow) else { continue };
            // wait[t] = wait[t-1] - begin, from 1; done[t] = done[t-1] + finish, from 0.
            let before = if t == 0 && sign > 0.0 { 1.0 } else { 0.0 };
            let mut entries = vec![(level[t], 1.0)];
            if t > 0 {
                entries.push((level[t - 1], -1.0));
            }
            entries.extend(self.positions().map(|p| (flow[p][t], sign)));
            model.rule(rule, self.at(0, t), (before, before), &entries);
        }
    }

    fn transition(&self, model: &mut LinearModel, position: usize, t: usize) {
        let keys = &self.keys;
        let (on, start, stop) = (&keys.on[position], keys.start[position][t], keys.stop[position][t]);
        let mut change = vec![(on[t], 1.0), (start, -1.0), (stop, 1.0)];
        change.extend(keys.begin.as_ref().map(|begin| (begin[position][t], -1.0)));
        change.extend(keys.finish.as_ref().map(|finish| (finish[position][t], 1.0)));
        let at = self.at(position, t);
        let none = f64::NEG_INFINITY;
        let mut before = 0.0;
        if t == 0 {
            let was_on = matches!(self.run.before, Before::On { site, .. } if site == self.run.sites[position]);
            before = if was_on { 1.0 } else { 0.0 };
            model.columns[stop].upper = before;
            model.columns[start].upper = 1.0 - before;
        } else {
            change.push((on[t - 1], -1.0));
            model.rule("stop_on", at, (none, 0.0), &[(stop, 1.0), (on[t - 1], -1.0)]);
            model.rule("start_off", at, (none, 1.0), &[(start, 1.0), (on[t - 1], 1.0)]);
        }
        model.rule(ON, at, (before, before), &change);
        model.rule("start_on", at, (none, 0.0), &[(start, 1.0), (on[t], -1.0)]);
    }

    fn least_times(&self, model: &mut LinearModel, t: usize) {
        let (keys, run) = (&self.keys, self.run);
        let recent = |least: usize| (t + 1).saturating_sub(least)..t + 1;
        let none = f64::NEG_INFINITY;
        if run.min_on > 1 {
            for position in self.positions() {
                let mut entries = vec![(keys.on[position][t], -1.0)];
                for k in recent(run.min_on) {
                    entries.push((keys.start[position][k], 1.0));
                    entries.extend(keys.begin.as_ref().map(|begin| (begin[position][k], 1.0)));
                }
                entries.extend(keys.done.as_ref().map(|done| (done[t], -1.0)));
                model.rule("min_on", self.at(position, t), (none, 0.0), &entries);
            }
        }
        let mut entries = Vec::new();
        for position in self.positions() {
            entries.push((keys.on[position][t], 1.0));
            entries.extend(recent(run.min_off).map(|k| (keys.stop[position][k], 1.0)));
        }
        model.rule("min_off", self.at(0, t), (none, 1.0), &entries);
    }

    fn pauses(&self, model: &mut LinearModel, (from, to, most): (usize, usize, usize)) {
        let release = self.run.release;
        let inside = (0..self.steps()).filter(|t| (from..to).contains(&(release + t)));
        let stops: Entries = inside.flat_map(|t| self.keys.stop.iter().map(move |stop| (stop[t], 1.0))).collect();
        model.rule("max_pauses", anywhere(self.index.get(), from), (f64::NEG_INFINITY, most as f64), &stops);
    }

    /// Least times that began before the horizon.
    fn history(&self, model: &mut LinearModel) {
        match self.run.before {
            Before::On { site, steps } => {
                let left = self.run.min_on.saturating_sub(steps).min(self.steps());
                let Some(position) = self.run.sites.iter().position(|&s| s == site) else { return };
                for (t, &on) in self.keys.on[position][..left].iter().enumerate() {
                    match &self.keys.done {
                        None => model.columns[on].lower = 1.0,
                        // What is done need not stay on.
                        Some(done) => {
                            let stays = [(on, 1.0), (done[t], 1.0)];
                            model.rule("min_on_before", self.at(position, t), (1.0, f64::INFINITY), &stays);
                        }
                    }
                }
            }
            Before::Paused { steps, .. } => {
                let left = self.run.min_off.saturating_sub(steps).min(self.steps());
                self.keys.on.iter().flat_map(|on| &on[..left]).for_each(|&on| model.columns[on].upper = 0.0);
            }
            _ => {}
        }
    }

    /// `price*|on - prior|` and `save_price*|save - prior|`: linear, for both are zero or one.
    pub(super) fn prior(&self, model: &mut LinearModel) {
        for prior in &self.run.prior {
            let Some(position) = self.run.sites.iter().position(|&s| s == prior.site) else { continue };
            let t = prior.step - self.run.release;
            let mut leave = |column: usize, was: bool, price: f64| {
                model.constant += if was { price } else { 0.0 };
                model.columns[column].cost += if was { -price } else { price };
            };
            leave(self.keys.on[position][t], prior.on, prior.price);
            if let Some(save) = &self.keys.save {
                leave(save[position][t], prior.save, prior.save_price);
            }
        }
    }
}
