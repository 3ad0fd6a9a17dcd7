//! Everything a plan depends on, as known at one instant. No store, no clock.

use super::document::{Flexible, Reason};
use super::{codes, draws};
use crate::expected::arrivals::Piece;
use crate::expected::{self, View};
use crate::portfolio::Portfolio;
use crate::store::reservations::Reservation;
use crate::work::history::Planned;
use crate::work::item::Item;
use ids::{BoundaryIndex, ContractId, SiteIndex, WorkId};
use reports::definitions::ContractDef;
use reports::ruleset::Ruleset;
use reports::time::instant::as_seconds;
use reports::time::{Grid, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Snapshot {
    pub portfolio: Arc<Portfolio>,
    /// The rules expected scores are reckoned under.
    pub rules: Arc<Ruleset>,
    pub now: Instant,
    pub grid: Grid,
    /// What is expected; firm load with reservations in it.
    pub view: View,
    /// Open work, and where each piece stands.
    pub work: Vec<Item>,
    /// Ids of work that is done: what waits for it may start.
    pub finished: BTreeSet<WorkId>,
    /// Ids of work that was cancelled: what waits for it never may.
    pub cancelled: BTreeSet<WorkId>,
    /// What the plan in force has for that work: a search may start from it, or end with it where it is cut short.
    pub previous: Option<Previous>,
    /// Parallel to the portfolio's storage: MWh held, and the part of it that is clean.
    pub stored: Vec<Held>,
    /// Billing windows the horizon lies in: demand charge, first and last step, highest facility draw so far.
    pub billing: Vec<Billing>,
    /// Of each target and each of its periods that the horizon touches, what counts beside the horizon.
    pub elsewhere: Vec<Elsewhere>,
    /// Parallel to the sites: facility power of work just before the horizon, where a ramp asks for it.
    pub work_before_mw: Vec<f64>,
    /// Mean price of an IT MWh by UTC hour in the plan before this; empty where there is none.
    pub price_by_hour: Vec<f64>,
    /// Work not released yet, as far as past releases say.
    pub expected_work: Vec<Piece>,
    /// Parallel to the sites: the energy of work that a day may bring; empty where nobody asks.
    pub flexible: Vec<Flexible>,
    /// Reservations: the firm load has their power already.
    pub reserved: Vec<Reserved>,
    /// Changes of work, and reservations made and released, that this was made with.
    pub work_seq: i64,
    pub reservation_seq: i64,
    /// Contracts whose profile has gaps in its base period, and how many.
    pub profile_gaps: Vec<(ContractId, usize)>,
    /// What else was met in the store: plans and work that cannot be read, reservations of what is gone.
    pub reasons: Vec<Reason>,
}

/// The newest plan that reaches into the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Previous {
    pub plan: String,
    /// By piece of the snapshot's work.
    pub placed: Vec<Vec<Planned>>,
    /// The gap that the last whole search for its jobs ended with, where there was one.
    pub searched_gap: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Reserved {
    pub id: String,
    pub draw: solver::Draw,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Held {
    pub clean_mwh: f64,
    pub other_mwh: f64,
    /// From a meter or an earlier plan, rather than nothing known.
    pub known: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Billing {
    pub charge: usize,
    pub from: usize,
    /// Exclusive.
    pub to: usize,
    pub before_mw: f64,
}

/// Of a target's period, what lies before the horizon and what is expected after it; MWh.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Elsewhere {
    pub target: usize,
    /// Steps of the horizon that lie in the period, the end not included.
    pub from: usize,
    pub to: usize,
    /// The period; both zero where it is the horizon itself.
    #[serde(rename = "start_s", with = "as_seconds")]
    pub start: Instant,
    #[serde(rename = "end_s", with = "as_seconds")]
    pub end: Instant,
    pub load_to_date: f64,
    /// Weighted as the target weighs it.
    pub unmatched_to_date: f64,
    pub load_rest: f64,
    pub unmatched_rest: f64,
}

impl Elsewhere {
    /// A period that is the horizon.
    pub fn whole(target: usize, steps: usize) -> Self {
        Self { target, to: steps, ..Self::default() }
    }
}

impl Snapshot {
    /// What is expected, with no work in it and nothing beside the horizon.
    pub fn of_view(portfolio: Arc<Portfolio>, rules: Arc<Ruleset>, now: Instant, grid: Grid, view: View) -> Self {
        Self {
            rules,
            now,
            grid,
            view,
            work: Vec::new(),
            finished: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            previous: None,
            stored: vec![Held::default(); portfolio.storage.len()],
            billing: Vec::new(),
            elsewhere: (0..portfolio.targets.len()).map(|target| Elsewhere::whole(target, grid.len)).collect(),
            work_before_mw: vec![0.0; portfolio.sites.len()],
            price_by_hour: Vec::new(),
            expected_work: Vec::new(),
            flexible: Vec::new(),
            reserved: Vec::new(),
            work_seq: 0,
            reservation_seq: 0,
            profile_gaps: Vec::new(),
            reasons: Vec::new(),
            portfolio,
        }
    }

    /// Takes a reservation in as firm load, as far as it lies in the horizon; what of it is gone is said.
    pub fn reserve(&mut self, r: &Reservation) {
        self.reasons.extend(draws::gone(&self.portfolio, r));
        let Some(draw) = draws::of_reservation(&self.portfolio, r, self.grid) else { return };
        for (step, &(mw, most_mw)) in draw.steps().zip(&draw.mw) {
            self.view.firm_it_mw[draw.site].values[step] += mw;
            self.view.firm_peak_it_mw[draw.site][step] += most_mw;
        }
        // What runs across the start is no jump there.
        if r.start < self.grid.start {
            self.work_before_mw[draw.site] += self.view.pue[draw.site].first().copied().unwrap_or(1.0) * r.mw;
        }
        self.reserved.push(Reserved { id: r.id.clone(), draw });
    }

    /// Whether a piece is in the store and cannot be read.
    pub fn lost(&self, work: &WorkId) -> bool {
        self.reasons.iter().any(|reason| reason.code == codes::WORK_UNREADABLE && *work == reason.subject.as_str())
    }

    /// A part of it, with nothing but what is expected.
    pub fn part(&self, from: usize, len: usize) -> Self {
        let grid = Grid { start: self.grid.start(from), step_s: self.grid.step_s, len };
        let view = self.view.part(from, grid);
        Self::of_view(self.portfolio.clone(), self.rules.clone(), grid.start, grid, view)
    }

    pub fn step_hours(&self) -> f64 {
        self.grid.step_s as f64 / 3_600.0
    }

    pub fn counts(&self, contract: &ContractDef) -> bool {
        expected::counts(&self.rules, contract)
    }

    /// Whether a boundary has storage.
    pub fn stores(&self, boundary: BoundaryIndex) -> bool {
        let mut sites = self.portfolio.definitions.storage.iter().filter_map(|k| self.portfolio.site(&k.site));
        sites.any(|site| self.portfolio.boundary_of(site) == boundary)
    }

    /// Sites a contract is planned to serve: those of its own boundary. Links are for audits, where prices are known.
    pub fn served(&self, contract: &ContractDef) -> Vec<SiteIndex> {
        let sites = &self.portfolio.definitions.sites;
        let here = |site: &SiteIndex| *sites[*site].boundary_at(self.grid.start) == contract.boundary;
        contract.sites.iter().filter_map(|id| self.portfolio.site(id)).filter(here).collect()
    }
}
