//! Power that is asked for or decided already: a window, a reservation, what a scheduler says it runs.

use super::instance::Problem;
use super::pool::Gpus;
use ids::SiteIndex;

/// A draw at one site over steps that follow one another.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    pub site: SiteIndex,
    /// Its first step, and IT MW in each of its steps: on average, and at their highest.
    pub from: usize,
    pub mw: Vec<(f64, f64)>,
    /// Held in each of its steps.
    pub gpus: Option<Gpus>,
    /// Limits of facility power are held against its highest power, as against that of firm load; else its average.
    pub firm: bool,
}

impl Draw {
    /// The same power in whole steps.
    pub fn flat(site: SiteIndex, steps: std::ops::Range<usize>, mw: f64, gpus: Option<Gpus>) -> Draw {
        Draw { site, from: steps.start, mw: vec![(mw, mw); steps.len()], gpus, firm: true }
    }

    pub fn steps(&self) -> std::ops::Range<usize> {
        self.from..self.from + self.mw.len()
    }
}

impl Problem {
    /// Takes a draw in as firm load that holds its GPUs and counts in ramps; steps past the horizon are left out.
    pub fn fix(&mut self, draw: &Draw) {
        let steps = self.steps;
        let site = &mut self.sites[draw.site];
        site.firm_peak_it_mw = (0..steps).map(|t| site.peak_it_mw(t)).collect();
        for (step, &(mw, most_mw)) in (draw.from..steps).zip(&draw.mw) {
            site.firm_it_mw[step] += mw;
            site.firm_peak_it_mw[step] += most_mw;
        }
        self.hold(draw);
    }

    /// The same for a draw that the firm load holds already.
    pub fn hold(&mut self, draw: &Draw) {
        let steps = self.steps;
        let add = |row: &mut Vec<f64>, step: usize, more: f64| {
            row.resize(steps, 0.0);
            row[step] += more;
        };
        for (step, &(mw, _)) in (draw.from..steps).zip(&draw.mw) {
            add(&mut self.sites[draw.site].fixed_it_mw, step, mw);
            let Some(gpus) = &draw.gpus else { continue };
            add(&mut self.pools[gpus.pool].held, step, gpus.count);
            if let Some(account) = gpus.account {
                add(&mut self.accounts[account].held, step, gpus.count);
            }
        }
    }
}
