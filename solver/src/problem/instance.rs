//! What is to be planned, in numbers: MW, MWh, currency, g/kWh, vectors of `steps` values.

use super::pool::{Account, Pool};
use super::run::Run;
use super::site::{DemandCharge, Event, Limit, Site, Storage};
use super::supply::{Boundary, Contract};
use super::target::{Policy, Target, Utilisation};
use super::work::{After, Job, Pin, Work};
use ids::{SiteIndex, WorkIndex};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Problem {
    pub step_hours: f64,
    pub steps: usize,
    pub boundaries: Vec<Boundary>,
    pub sites: Vec<Site>,
    pub contracts: Vec<Contract>,
    pub work: Vec<Work>,
    pub targets: Vec<Target>,
    pub policy: Policy,
    pub jobs: Vec<Job>,
    pub runs: Vec<Run>,
    pub storage: Vec<Storage>,
    pub pools: Vec<Pool>,
    pub accounts: Vec<Account>,
    pub events: Vec<Event>,
    pub limits: Vec<Limit>,
    pub demand: Vec<DemandCharge>,
    pub after: Vec<After>,
    pub utilisation: Option<Utilisation>,
    /// Energy left for later, by work whose deadline lies no later than each: (work, MWh free until then).
    pub free_later: Vec<(Vec<WorkIndex>, f64)>,
    #[serde(default)]
    pub pins: Vec<Pin>,
}

impl Problem {
    /// Only divisible work on plain sites: what the greedy plan and its bound are made for. Pins make no difference: they
    /// say where work is, not what it may do there.
    pub fn plain(&self) -> bool {
        // Taken apart by name, so that no new field is forgotten.
        let Self {
            step_hours: _,
            steps: _,
            boundaries: _,
            sites,
            contracts: _,
            work: _,
            targets: _,
            policy: _,
            jobs,
            runs,
            storage,
            pools,
            accounts,
            events,
            limits,
            demand,
            after,
            utilisation: _,
            free_later,
            pins: _,
        } = self;
        jobs.is_empty()
            && runs.is_empty()
            && storage.is_empty()
            && pools.is_empty()
            && accounts.is_empty()
            && events.is_empty()
            && limits.is_empty()
            && demand.is_empty()
            && after.is_empty()
            && free_later.is_empty()
            && sites.iter().all(Site::is_plain)
    }

    /// With nothing in it that a plan places, nor supply and targets.
    pub(crate) fn bare(&self) -> Problem {
        Problem {
            step_hours: self.step_hours,
            steps: self.steps,
            boundaries: self.boundaries.clone(),
            sites: self.sites.clone(),
            policy: self.policy,
            storage: self.storage.clone(),
            pools: self.pools.clone(),
            accounts: self.accounts.clone(),
            events: self.events.clone(),
            limits: self.limits.clone(),
            demand: self.demand.clone(),
            ..Problem::default()
        }
    }

    /// Whether something may draw at a site whatever the plan wants.
    pub(crate) fn holds_started(&self, site: SiteIndex) -> bool {
        self.runs.iter().any(|r| r.sites.contains(&site))
            || self.jobs.iter().any(|j| j.running.is_some() && j.sites.contains(&site))
    }
}
