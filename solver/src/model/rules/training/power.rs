//! `n = on - (save_h/h)*save - (restart_h/h)*start >= 0`, `floor*rated*n <= q <= cap*rated*n`,
//! `y <= f*(y_j*n + slope_j*(q/rated - p_j*n))` for each piece j of the curve, f what saves within steps leave.
//! `P = q + save_mw*(save_h/h)*save + restart_mw*(restart_h/h)*start + paused_mw*held`.
//!
//! A save lies at the end of its step and a restart at the beginning; one longer than a step takes parts of several.

use super::Stating;
use crate::model::linear::{LinearModel, Part};
use crate::model::rules::jobs;
use crate::problem::parts;

impl Stating<'_> {
    pub(super) fn power(&mut self, model: &mut LinearModel) {
        let (run, h) = (self.run, self.problem.step_hours);
        let most = run.cap * run.rated_mw;
        self.keys.power = self.table(model, Part::RunPower, (most, 0.0));
        self.keys.progress = self.table(model, Part::RunProgress, (1.0, 0.0));
        let (saving, restarting) = (parts(run.save_h, h), parts(run.restart_h, h));
        for position in self.positions() {
            for t in 0..self.steps() {
                let running = self.running(position, t, &saving, &restarting);
                self.throttle(model, position, t, &running);
                // What trains is useful load; saves, restarts and waiting with nodes held are not.
                let ((_, site, step), trains) = (self.at(position, t), self.keys.power[position][t]);
                jobs::draw_in_step(model, self.problem, self.terms, (site, step), (1.0, 1.0), trains);
                self.overheads(model, position, t, (&saving, &restarting));
            }
        }
    }

    /// The part of a step in which it makes progress, as entries.
    fn running(&self, position: usize, t: usize, saving: &[f64], restarting: &[f64]) -> Vec<(usize, f64)> {
        let keys = &self.keys;
        let mut n = vec![(keys.on[position][t], 1.0)];
        if let Some(save) = &keys.save {
            let ahead =
                saving.iter().enumerate().filter_map(|(k, part)| save[position].get(t + k).map(|&c| (c, -part)));
            n.extend(ahead);
        }
        let behind = restarting.iter().enumerate().filter(|(k, _)| *k <= t);
        n.extend(behind.map(|(k, part)| (keys.start[position][t - k], -part)));
        n
    }

    fn throttle(&self, model: &mut LinearModel, position: usize, t: usize, n: &[(usize, f64)]) {
        let run = self.run;
        let (q, y) = (self.keys.power[position][t], self.keys.progress[position][t]);
        let at = self.at(position, t);
        let with = |first: &[(usize, f64)], scale: f64| -> Vec<(usize, f64)> {
            first.iter().copied().chain(n.iter().map(|&(c, v)| (c, scale * v))).collect()
        };
        let none = f64::NEG_INFINITY;
        model.rule("power_cap", at, (none, 0.0), &with(&[(q, 1.0)], -run.cap * run.rated_mw));
        model.rule("power_floor", at, (0.0, f64::INFINITY), &with(&[(q, 1.0)], -run.floor * run.rated_mw));
        let factor = run.factor();
        for pair in run.curve.windows(2) {
            let ((p, progress), (next_p, next)) = (pair[0], pair[1]);
            let slope = (next - progress) / (next_p - p);
            let per_mw = if run.rated_mw > 0.0 { factor * slope / run.rated_mw } else { 0.0 };
            let fixed = factor * (progress - slope * p);
            model.rule("curve", at, (none, 0.0), &with(&[(y, 1.0), (q, -per_mw)], -fixed));
        }
    }

    fn overheads(&self, model: &mut LinearModel, position: usize, t: usize, (saving, restarting): (&[f64], &[f64])) {
        if let Some(save) = &self.keys.save {
            for (k, part) in saving.iter().enumerate().filter(|(k, _)| *k <= t) {
                self.draw(model, save[position][t], (position, t - k), self.run.save_mw * part);
            }
        }
        for (k, part) in restarting.iter().enumerate().filter(|(k, _)| t + k < self.steps()) {
            self.draw(model, self.keys.start[position][t], (position, t + k), self.run.restart_mw * part);
        }
    }
}
