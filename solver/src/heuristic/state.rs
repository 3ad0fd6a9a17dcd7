//! A partial plan and what one more MW would cost on top of it.
//!
//! Marginal cost of work at s,t: `pue * (cheapest supply left that serves s, else the grid)
//! + h*delay*t - target credit + penalty`. Supply left is tracked group by group.

use crate::model::Terms;
use crate::model::objective::settle;
use crate::model::terms::money;
use crate::outcome::Placement;
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, SiteIndex, WorkIndex};

/// Room, supply and energy below this are none.
const NEGLIGIBLE: f64 = 1e-9;

/// One source of power for one site and step; `group` is none for the grid.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    rank: f64,
    cost: f64,
    site: SiteIndex,
    step: usize,
    group: Option<usize>,
}

pub struct State<'a> {
    problem: &'a Problem,
    terms: &'a Terms,
    /// `[site][step]` IT MW.
    pub room: Vec<Vec<f64>>,
    /// `[group][step]` facility MW.
    spare: Vec<Vec<f64>>,
    /// `[boundary][step]` facility MW.
    grid: Vec<Vec<f64>>,
    /// `[site][step]` added to costs when ranking only: keeps flexible work off full cells.
    pub penalty: Vec<Vec<f64>>,
    /// Price of each target's row.
    pressure: Vec<f64>,
    /// `[boundary][step]` groups worth using before the grid, cheapest first.
    merit: Vec<Vec<Vec<usize>>>,
    /// By work.
    placed: Vec<Vec<Placement>>,
    buffer: Vec<Candidate>,
}

impl<'a> State<'a> {
    pub fn new(problem: &'a Problem, terms: &'a Terms, pressure: Vec<f64>) -> State<'a> {
        let firm = settle(problem, terms, &[], None);
        let spare = terms.groups.iter().zip(&firm.use_mw);
        let spare = spare.map(|(g, used)| g.available.iter().zip(used).map(|(a, u)| a - u).collect()).collect();
        let penalty = vec![vec![0.0; problem.steps]; problem.sites.len()];
        let (room, grid, placed) = (terms.headroom.clone(), firm.grid_mw, vec![Vec::new(); problem.work.len()]);
        let (merit, buffer, none) = (Vec::new(), Vec::new(), Vec::new());
        let mut state = State { problem, terms, room, spare, grid, penalty, pressure: none, merit, placed, buffer };
        state.press(pressure);
        state
    }

    /// Changes the targets' prices, and with them which supply comes first.
    pub fn press(&mut self, pressure: Vec<f64>) {
        self.pressure = pressure;
        let order = |b: BoundaryIndex, t: usize| {
            let grid = self.terms.grid_cost_at(&self.pressure, (b, t));
            let mut groups = self.terms.groups_of[b].clone();
            groups.retain(|&g| self.use_cost(g, t) <= grid);
            groups.sort_by(|&x, &y| self.use_cost(x, t).total_cmp(&self.use_cost(y, t)).then(x.cmp(&y)));
            groups
        };
        let boundaries = BoundaryIndex::all(&self.problem.boundaries);
        self.merit = boundaries.map(|b| (0..self.problem.steps).map(|t| order(b, t)).collect()).collect();
    }

    fn use_cost(&self, g: usize, t: usize) -> f64 {
        self.terms.use_cost_at(&self.pressure, (g, t))
    }

    /// Cost of one more facility MW in a boundary for one step.
    pub fn marginal(&self, b: BoundaryIndex, t: usize) -> f64 {
        let next = self.merit[b][t].iter().find(|&&g| self.spare[g][t] > NEGLIGIBLE);
        match next {
            Some(&g) if self.grid[b][t] <= NEGLIGIBLE => self.use_cost(g, t),
            _ => self.terms.grid_cost_at(&self.pressure, (b, t)),
        }
    }

    pub fn missing(&self, w: WorkIndex) -> f64 {
        let placed: f64 = self.placed[w].iter().map(|p| p.mw).sum();
        self.problem.work[w].energy_mwh - self.problem.step_hours * placed
    }

    pub fn placements(&self) -> Vec<Placement> {
        let placed = self.placed.iter().flatten().copied();
        let mut all: Vec<Placement> = placed.filter(|p| p.mw > NEGLIGIBLE).collect();
        all.sort_by_key(|p| (p.work, p.step, p.site));
        all
    }

    /// Puts what a previous plan had where it was, as far as there is room: its supply is the cheapest left.
    pub fn put(&mut self, p: &Placement) {
        let mw = p.mw.min(self.room[p.site][p.step]);
        if mw <= NEGLIGIBLE {
            return;
        }
        let site = &self.problem.sites[p.site];
        let mut left = site.pue[p.step] * mw;
        for &g in &self.merit[site.boundary][p.step] {
            if self.terms.groups[g].sites.contains(&p.site) {
                let used = left.min(self.spare[g][p.step]).max(0.0);
                self.spare[g][p.step] -= used;
                left -= used;
            }
        }
        self.grid[site.boundary][p.step] += left;
        self.room[p.site][p.step] -= mw;
        self.placed[p.work].push(Placement { mw, ..*p });
    }

    pub fn remove(&mut self, w: WorkIndex) {
        for p in std::mem::take(&mut self.placed[w]) {
            self.room[p.site][p.step] += p.mw;
            self.give_back(p.site, p.step, p.mw);
        }
    }

    /// The grid is the dearest source in use, so it is left first.
    fn give_back(&mut self, s: SiteIndex, t: usize, mw: f64) {
        let b = self.problem.sites[s].boundary;
        let mut left = self.problem.sites[s].pue[t] * mw;
        let grid = left.min(self.grid[b][t]);
        self.grid[b][t] -= grid;
        left -= grid;
        for &g in self.merit[b][t].iter().rev() {
            let group = &self.terms.groups[g];
            if left <= 0.0 || !group.sites.contains(&s) {
                continue;
            }
            let back = left.min(group.available[t] - self.spare[g][t]).max(0.0);
            self.spare[g][t] += back;
            left -= back;
        }
    }

    /// Places what is not placed of a work at its cheapest cells; what costs more than missing it stays out.
    pub fn insert(&mut self, w: WorkIndex) {
        let work = &self.problem.work[w];
        let h = self.problem.step_hours;
        let mut rate = vec![work.max_mw; work.deadline - work.release];
        let mut left = work.energy_mwh / h;
        for p in &self.placed[w] {
            rate[p.step - work.release] -= p.mw;
            left -= p.mw;
        }
        if left <= NEGLIGIBLE {
            return;
        }
        let mut candidates = std::mem::take(&mut self.buffer);
        self.candidates(w, &mut candidates);
        candidates.sort_unstable_by(|a, b| {
            let ranks = a.rank.total_cmp(&b.rank);
            ranks.then(a.step.cmp(&b.step)).then(a.site.cmp(&b.site)).then(a.group.cmp(&b.group))
        });
        for c in &candidates {
            if left <= NEGLIGIBLE {
                break;
            }
            let wanted = self.worth(w, left, c.cost / h);
            let at = c.step - work.release;
            let mw = wanted.min(rate[at]).min(self.room[c.site][c.step]);
            let mw = mw.min(self.supply(c));
            if mw > NEGLIGIBLE {
                rate[at] -= mw;
                left -= mw;
                self.take(w, c, mw);
            }
        }
        self.buffer = candidates;
    }

    /// How much of what is left is worth placing at this cost per MWh.
    fn worth(&self, w: WorkIndex, left: f64, unit: f64) -> f64 {
        let work = &self.problem.work[w];
        if unit >= work.miss_price_per_mwh {
            return 0.0;
        }
        match work.later {
            Some(l) if unit >= l.cost_per_mwh => left - l.max_mwh / self.problem.step_hours,
            _ => left,
        }
    }

    fn supply(&self, c: &Candidate) -> f64 {
        let pue = self.problem.sites[c.site].pue[c.step];
        c.group.map_or(f64::INFINITY, |g| self.spare[g][c.step] / pue)
    }

    fn take(&mut self, w: WorkIndex, c: &Candidate, mw: f64) {
        let site = &self.problem.sites[c.site];
        let facility = site.pue[c.step] * mw;
        match c.group {
            Some(g) => self.spare[g][c.step] -= facility,
            None => self.grid[site.boundary][c.step] += facility,
        }
        self.room[c.site][c.step] -= mw;
        let placed = &mut self.placed[w];
        match placed.iter_mut().find(|p| p.site == c.site && p.step == c.step) {
            Some(alike) => alike.mw += mw,
            None => placed.push(Placement { work: w, site: c.site, step: c.step, mw }),
        }
    }

    fn candidates(&self, w: WorkIndex, out: &mut Vec<Candidate>) {
        out.clear();
        let work = &self.problem.work[w];
        for &s in &work.sites {
            let site = &self.problem.sites[s];
            let b = site.boundary;
            for t in work.release..work.deadline {
                if self.room[s][t] <= NEGLIGIBLE {
                    continue;
                }
                let base = money::delay_cost(self.problem, t) - self.terms.credit_at(&self.pressure, (b, t));
                let mut push = |group: Option<usize>, supply: f64| {
                    let cost = base + site.pue[t] * supply;
                    out.push(Candidate { rank: cost + self.penalty[s][t], cost, site: s, step: t, group });
                };
                for &g in &self.merit[b][t] {
                    let serves = self.terms.groups[g].sites.contains(&s);
                    if serves && self.spare[g][t] > NEGLIGIBLE {
                        push(Some(g), self.use_cost(g, t));
                    }
                }
                push(None, self.terms.grid_cost_at(&self.pressure, (b, t)));
            }
        }
    }
}
