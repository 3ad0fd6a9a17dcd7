//! What running more would cost at each site and step of a plan: surplus first, then the grid.

use super::common::{Grid, Plan, Portfolio};
use crate::plan::document::{Balance, Capacity, Price};
use ids::{BoundaryId, Index, PoolIndex, SiteId, SiteIndex};
use solver::Draw;
use std::collections::BTreeMap;

/// One site over the plan's steps; facility megawatts.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub site: SiteIndex,
    pub id: SiteId,
    pub boundary: BoundaryId,
    pub pue: Vec<f64>,
    /// Contracted surplus that another draw here could use.
    pub surplus_mw: Vec<f64>,
    /// The plan's own price, per IT MWh.
    pub price_per_mwh: Vec<f64>,
    pub grid_cost_per_mwh: Vec<f64>,
    pub surplus_value_per_mwh: Vec<f64>,
}

/// Sites of the plan that the portfolio still has, each with a row for every step.
pub fn sites(plan: &Plan, portfolio: &Portfolio) -> Vec<Site> {
    let mut capacity: BTreeMap<&SiteId, Vec<&Capacity>> = BTreeMap::new();
    plan.capacity.iter().for_each(|c| capacity.entry(&c.site).or_default().push(c));
    let mut balance: BTreeMap<&BoundaryId, Vec<&Balance>> = BTreeMap::new();
    plan.balance.iter().for_each(|b| balance.entry(&b.boundary).or_default().push(b));
    let mut prices: BTreeMap<&SiteId, Vec<&Price>> = BTreeMap::new();
    plan.prices.iter().for_each(|p| prices.entry(&p.site).or_default().push(p));
    let len = plan.grid().len;
    let mut sites = Vec::new();
    for (index, site) in SiteIndex::each(&portfolio.definitions.sites) {
        let rows = (capacity.get(&site.id), balance.get(&site.boundary), prices.get(&site.id));
        let (Some(capacity), Some(balance), Some(prices)) = rows else { continue };
        if [capacity.len(), balance.len(), prices.len()] != [len; 3] {
            continue;
        }
        sites.push(Site {
            site: index,
            id: site.id.clone(),
            boundary: site.boundary.clone(),
            pue: capacity.iter().map(|c| c.pue.max(1.0)).collect(),
            surplus_mw: capacity.iter().map(|c| c.surplus_mw).collect(),
            price_per_mwh: prices.iter().map(|p| p.per_mwh).collect(),
            grid_cost_per_mwh: balance.iter().map(|b| b.grid_cost_per_mwh).collect(),
            surplus_value_per_mwh: balance.iter().map(|b| b.surplus_value_per_mwh).collect(),
        });
    }
    sites
}

/// A draw that a plan did not know takes surplus of its whole boundary, so that no two askers are promised the same clean
/// energy.
fn take_surplus(sites: &mut [Site], draw: &Draw) {
    let own = sites.iter().find(|s| s.site == draw.site).map(|s| (s.boundary.clone(), s.pue.clone()));
    let Some((boundary, pue)) = own else { return };
    for site in sites.iter_mut().filter(|s| s.boundary == boundary) {
        for (step, &(mw, _)) in draw.steps().zip(&draw.mw) {
            if let (Some(surplus), Some(pue)) = (site.surplus_mw.get_mut(step), pue.get(step)) {
                *surplus = (*surplus - mw * pue).max(0.0);
            }
        }
    }
}

/// What is free, as far as the plan's steps reach.
#[derive(Debug, Clone)]
pub struct Free {
    pub grid: Grid,
    pub sites: Vec<Site>,
    pub room: solver::Room,
    /// `[site][step]`: IT MW taken and given back since the plan was made.
    pub taken_mw: Vec<Vec<f64>>,
    pub given_mw: Vec<Vec<f64>>,
    /// By pool and step, GPUs taken and given back since.
    pub gpus: BTreeMap<(PoolIndex, usize), (f64, f64)>,
}

impl Free {
    pub fn new(grid: Grid, sites: Vec<Site>, room: solver::Room) -> Self {
        let none = vec![vec![0.0; grid.len]; room.pue.len()];
        Self { grid, sites, room, taken_mw: none.clone(), given_mw: none, gpus: BTreeMap::new() }
    }

    pub fn take(&mut self, draw: &Draw) {
        self.room.take(draw, 1.0);
        take_surplus(&mut self.sites, draw);
        add(&mut self.taken_mw, draw);
        self.count_gpus(draw, (1.0, 0.0));
    }

    /// Room that a plan counted and nobody takes; what surplus it leaves the next plan says.
    pub fn give_back(&mut self, draw: &Draw) {
        self.room.take(draw, -1.0);
        add(&mut self.given_mw, draw);
        self.count_gpus(draw, (0.0, 1.0));
    }

    fn count_gpus(&mut self, draw: &Draw, (taken, given): (f64, f64)) {
        let Some(gpus) = draw.gpus else { return };
        for step in draw.steps() {
            let sum = self.gpus.entry((gpus.pool, step)).or_default();
            *sum = (sum.0 + taken * gpus.count, sum.1 + given * gpus.count);
        }
    }
}

fn add(table: &mut [Vec<f64>], draw: &Draw) {
    for (step, &(_, most_mw)) in draw.steps().zip(&draw.mw) {
        if let Some(mw) = table[draw.site].get_mut(step) {
            *mw += most_mw;
        }
    }
}
