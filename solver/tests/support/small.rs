//! Small random problems from a seed, tight enough that limits bind: up to 24 steps, six pieces of work, four sites;
//! some with a target between the best and the cheapest, with an event, a limit, a ramp, a demand charge, storage or a job.

use super::{Random, contract, target};
use hourmatch_solver::{
    Allowance, Boundary, Contract, DemandCharge, Event, Job, Later, Limit, Metric, Policy, Problem, Ramp, Scope,
    Settlement, Site, Start, Storage, Work,
};
use ids::{BoundaryIndex, Index, SiteIndex};

struct Maker {
    r: Random,
    p: Problem,
}

pub fn small(seed: u64) -> Problem {
    let mut r = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    // Seeds alike in most bits differ only after a few draws.
    for _ in 0..8 {
        r.draw();
    }
    let p = Problem { step_hours: [0.25, 0.5, 1.0][r.index(3)], steps: 6 + r.index(19), ..Problem::default() };
    let mut make = Maker { r, p };
    make.sites();
    make.contracts();
    make.work();
    let carbon_price_per_t = make.r.between(0.0, 40.0);
    make.p.policy = Policy { carbon_price_per_t, delay_price_per_mwh_step: 1e-4, ..Policy::default() };
    if !make.one_in(10) {
        make.target();
    }
    make.limits();
    make.others();
    make.p
}

impl Maker {
    fn one_in(&mut self, count: usize) -> bool {
        self.r.index(count) == 0
    }

    fn series(&mut self, low: f64, high: f64) -> Vec<f64> {
        (0..self.p.steps).map(|_| self.r.between(low, high)).collect()
    }

    fn sites(&mut self) {
        for b in 0..1 + self.r.index(2) {
            let boundary = Boundary {
                id: format!("b{b}").into(),
                buy_per_mwh: self.series(-10.0, 120.0),
                carbon_g_per_kwh: self.series(50.0, 600.0),
                grid_cfe_share: self.series(0.1, 0.7),
            };
            self.p.boundaries.push(boundary);
            for _ in 0..1 + self.r.index(2) {
                let site = self.site(BoundaryIndex::new(b));
                self.p.sites.push(site);
            }
        }
    }

    /// Room for work above firm load, by its IT capacity or by its connection.
    fn site(&mut self, boundary: BoundaryIndex) -> Site {
        let (pue, overhead_mw, firm_it_mw) = (self.series(1.0, 1.4), self.series(0.0, 0.5), self.series(2.0, 6.0));
        let most = self.r.between(3.0, 9.0);
        let room = self.series(0.5, most);
        let above = if self.one_in(3) { 1.1 } else { 1.0 };
        let peak: Vec<f64> = firm_it_mw.iter().map(|mw| mw * above).collect();
        let it_capacity_mw = peak.iter().zip(&room).map(|(mw, room)| mw + room).collect();
        let connected = !self.one_in(3);
        let limit = |t: usize| {
            let part = self.r.between(0.7, 1.3);
            if connected { overhead_mw[t] + pue[t] * (peak[t] + part * room[t]) } else { f64::INFINITY }
        };
        let grid_limit_mw = (0..room.len()).map(limit).collect();
        let id = format!("s{}", self.p.sites.len()).into();
        let firm_peak_it_mw = if above > 1.0 { peak } else { Vec::new() };
        Site {
            id,
            boundary,
            pue,
            overhead_mw,
            firm_it_mw,
            firm_peak_it_mw,
            it_capacity_mw,
            grid_limit_mw,
            ..Site::default()
        }
    }

    fn inside(&self, boundary: BoundaryIndex) -> Vec<SiteIndex> {
        SiteIndex::all(&self.p.sites).filter(|&s| self.p.sites[s].boundary == boundary).collect()
    }

    /// One for the whole of each boundary, perhaps one for its first site alone.
    fn contracts(&mut self) {
        for b in BoundaryIndex::all(&self.p.boundaries) {
            let sites = self.inside(b);
            let whole = self.contract(b, &sites, 12.0);
            self.p.contracts.push(whole);
            if self.one_in(2) {
                let single = self.contract(b, &sites[..1], 5.0);
                self.p.contracts.push(single);
            }
        }
    }

    fn contract(&mut self, boundary: BoundaryIndex, sites: &[SiteIndex], most: f64) -> Contract {
        let available = self.series(0.0, most);
        let settlement = if self.one_in(2) { Settlement::Financial } else { Settlement::Physical };
        let sell_per_mwh = self.series(0.0, 20.0);
        let id = format!("c{}", self.p.contracts.len());
        let sites = sites.to_vec();
        Contract { boundary, settlement, sites, sell_per_mwh, ..contract(&id, &[], &available) }
    }

    fn work(&mut self) {
        let (steps, h, count) = (self.p.steps, self.p.step_hours, self.p.sites.len());
        for w in 0..1 + self.r.index(6) {
            let (many, first) = (1 + self.r.index(count), self.r.index(count));
            let sites = (0..many).map(|k| SiteIndex::new((first + k) % count)).collect();
            let release = self.r.index(steps - 2);
            let deadline = (release + 2 + self.r.index(steps - release - 1)).min(steps);
            let max_mw = self.r.between(1.0, 6.0);
            let energy_mwh = h * max_mw * (deadline - release) as f64 * self.r.between(0.15, 1.0);
            // Some are cheaper to miss than to run in dear steps.
            let (low, high) = if self.one_in(10) { (30.0, 90.0) } else { (300.0, 1_000.0) };
            let miss_price_per_mwh = self.r.between(low, high);
            let (put_off, cost_per_mwh) = (self.one_in(5), self.r.between(40.0, 100.0));
            self.p.work.push(Work {
                id: format!("w{w}").into(),
                sites,
                release,
                deadline,
                energy_mwh,
                max_mw,
                miss_price_per_mwh,
                later: put_off.then_some(Later { max_mwh: 0.2 * energy_mwh, cost_per_mwh }),
                ..Work::default()
            });
        }
    }

    /// Allows what firm load leaves unmatched and a part of what the work could: seldom out of reach, seldom no matter.
    fn target(&mut self) {
        let (h, share, part) = (self.p.step_hours, self.r.between(0.5, 0.9), self.r.between(0.35, 0.95));
        let metric = if self.one_in(2) { Metric::CfeScore } else { Metric::Matched };
        let allowance = if self.one_in(2) { Allowance::UsefulLoad } else { Allowance::DrawnLoad };
        let only = BoundaryIndex::new(self.r.index(self.p.boundaries.len()));
        let scope = if self.one_in(2) { Scope::Portfolio } else { Scope::Boundary(only) };
        let (mut load, mut unmatched) = (0.0, 0.0);
        for b in BoundaryIndex::all(&self.p.boundaries).filter(|b| scope == Scope::Portfolio || *b == only) {
            for t in 0..self.p.steps {
                let sites = self.p.sites.iter().filter(|s| s.boundary == b);
                let firm: f64 = sites.map(|s| s.overhead_mw[t] + s.pue[t] * s.firm_it_mw[t]).sum();
                let contracts = self.p.contracts.iter().filter(|c| c.boundary == b);
                let supply: f64 = contracts.map(|c| c.available_mw[t]).sum();
                let bad = match metric {
                    Metric::Matched => 1.0,
                    Metric::CfeScore => 1.0 - self.p.boundaries[b].grid_cfe_share[t],
                };
                load += h * firm;
                unmatched += h * bad * (firm - supply).max(0.0);
            }
        }
        let energy: f64 = self.p.work.iter().map(|w| w.energy_mwh).sum();
        let work = energy * if scope == Scope::Portfolio { 1.2 } else { 0.6 };
        let allowed = unmatched + part * work * if metric == Metric::CfeScore { 0.6 } else { 1.0 };
        let spare = 1.0 - share;
        let mut made = target(share, self.r.between(200.0, 600.0), allowance);
        (made.scope, made.metric) = (scope, metric);
        made.load_elsewhere_mwh = (allowed / spare - load - work).max(0.0);
        made.unmatched_elsewhere_mwh = (spare * (made.load_elsewhere_mwh + load + work) - allowed).max(0.0);
        self.p.targets.push(made);
    }

    /// Highest draw of a site with some of its room taken.
    fn draw(&mut self, s: SiteIndex, t: usize) -> f64 {
        let part = self.r.between(0.2, 1.0);
        let site = &self.p.sites[s];
        let room = site.it_capacity_mw[t] - site.peak_it_mw(t);
        site.overhead_mw[t] + site.pue[t] * (site.peak_it_mw(t) + part * room)
    }

    fn limits(&mut self) {
        let (steps, site, last) = (self.p.steps, SiteIndex::new(0), SiteIndex::new(self.p.sites.len() - 1));
        if self.one_in(6) {
            let from = self.r.index(steps - 1);
            let to = (from + 1 + self.r.index(4)).min(steps);
            let max_mw = (from..to).map(|t| self.draw(site, t)).fold(0.0, f64::max);
            self.p.events.push(Event { id: "event".into(), site, from, to, max_mw });
        }
        if self.one_in(8) {
            let sites: Vec<SiteIndex> = if last > site { vec![site, last] } else { vec![site] };
            let together = |t: usize| sites.iter().map(|&s| self.draw(s, t)).sum::<f64>();
            let max_mw = (0..steps).map(together).collect();
            self.p.limits.push(Limit { id: "limit".into(), sites, max_mw });
        }
        if self.one_in(8) {
            let (mw_per_step, before_mw) = (self.r.between(1.0, 4.0), self.r.between(0.0, 1.0));
            self.p.sites[last].ramp = Some(Ramp { mw_per_step, before_mw });
        }
        if self.one_in(6) {
            let (rate_per_mw, before_mw) = (self.r.between(5.0, 200.0), self.draw(site, 0));
            self.p.demand.push(DemandCharge { site, from: 0, to: steps, rate_per_mw, before_mw });
        }
    }

    fn others(&mut self) {
        if self.one_in(8) {
            let (charge_mw, discharge_mw) = (self.r.between(1.0, 4.0), self.r.between(1.0, 4.0));
            let (energy_mwh, wear_per_mwh) = (self.r.between(2.0, 12.0), self.r.between(0.0, 5.0));
            let (from_grid, exclusive) = (self.one_in(2), self.one_in(2));
            self.p.storage.push(Storage {
                id: "battery".into(),
                site: SiteIndex::new(0),
                charge_mw,
                discharge_mw,
                energy_mwh,
                eff_charge: 0.95,
                eff_discharge: 0.9,
                loss_per_step: 0.002,
                start: Start::Held { clean_mwh: 0.3 * energy_mwh, other_mwh: 0.2 * energy_mwh },
                end_min_mwh: 0.0,
                wear_per_mwh,
                after_load: false,
                from_grid,
                from_storage: false,
                exclusive,
            });
        }
        if self.one_in(16) {
            let (steps, mw, last) = (1 + self.r.index(3), self.r.between(0.5, 3.0), self.r.between(0.3, 1.0));
            let (count, miss_price) = (1 + u32::from(self.one_in(2)), self.r.between(100.0, 2_000.0));
            self.p.jobs.push(Job {
                id: "job".into(),
                sites: SiteIndex::all(&self.p.sites).collect(),
                release: 0,
                deadline: self.p.steps,
                steps,
                last,
                mw,
                count,
                miss_price,
                ..Job::default()
            });
        }
    }
}
