//! The portfolio file: boundaries, sites, contracts, policy. Definitions only; what arrives is rows.

mod boundaries;
pub mod contracts;
pub mod curves;
mod disclosure;
mod file;
mod head;
mod links;
pub mod parse;
pub mod planning;
mod plants;
pub mod policy;
mod profile;
mod retention;
mod sharing;
mod sites;
pub mod storage;
pub mod template;
mod terms;
mod text;
mod values;
pub mod walk;

pub use parse::{load, parse};
pub use planning::Planning;
pub use policy::{CarbonBasis, Metric, Period, Policy, Scope, Target};
pub use retention::Retention;
pub use storage::StoragePlan;

use crate::secret::Secret;
use reports::definitions::Definitions;
use reports::time::{Resolution, Zone};

/// A checked portfolio.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// The file as written, but for `[store]`, `[retention]`, `[serve]` and `[source]`: what the store keeps of it. None
    /// where they cannot be told from the rest.
    pub text: Option<String>,
    /// What audits depend on, sorted by id.
    pub definitions: Definitions,
    pub zone: Zone,
    pub policy: Policy,
    pub targets: Vec<Target>,
    /// Parallel to `definitions.boundaries`.
    pub boundaries: Vec<BoundaryPlan>,
    /// Parallel to `definitions.sites`.
    pub sites: Vec<SitePlan>,
    /// Parallel to `definitions.storage`.
    pub storage: Vec<StoragePlan>,
    pub planning: Planning,
    pub store_url: Option<Secret>,
    pub retention: Retention,
    pub listen: Option<String>,
    /// Names others than loopback's that the service is asked by, as behind a proxy.
    pub hosts: Vec<String>,
    pub gb: GbSource,
}

impl Portfolio {
    /// Of the file as written, what is of this process alone left out.
    pub fn sha256(&self) -> String {
        let said = self.text.clone().unwrap_or_else(|| format!("{self:?}"));
        reports::evidence::digest::sha256_hex(said.as_bytes())
    }

    pub fn resolution(&self) -> Resolution {
        self.definitions.resolution
    }

    pub fn site(&self, id: &str) -> Option<usize> {
        self.definitions.sites.iter().position(|site| site.id == id)
    }

    pub fn boundary(&self, id: &str) -> Option<usize> {
        self.definitions.boundaries.iter().position(|boundary| boundary.id == id)
    }

    /// Boundary of a site, by index.
    pub fn boundary_of(&self, site: usize) -> usize {
        self.boundary(&self.definitions.sites[site].boundary).unwrap_or(0)
    }
}

/// What planning needs of a boundary beyond its definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoundaryPlan {
    /// Used where no price series exists.
    pub price_per_mwh: Option<f64>,
}

/// What planning needs of a site beyond its definition.
#[derive(Debug, Clone, PartialEq)]
pub struct SitePlan {
    pub it_capacity_mw: f64,
    pub grid_limit_mw: Option<f64>,
    pub pue: f64,
    pub overhead_mw: f64,
    /// Facility power of work may change by this much in an hour.
    pub ramp_mw_per_hour: Option<f64>,
    /// PUE by outside temperature in degrees Celsius, rising in temperature; used where `temperature` is known.
    pub pue_by_temperature: Vec<(f64, f64)>,
    /// Firm IT load until readings exist.
    pub it_load_mw: Option<f64>,
    /// When the service plans, as a cron expression in the site's zone.
    pub plan_at: Option<String>,
    pub zone: Zone,
}

impl SitePlan {
    /// IT power behind a facility draw.
    pub fn it_of_mw(&self, facility_mw: f64, pue: f64) -> f64 {
        ((facility_mw - self.overhead_mw) / pue).max(0.0)
    }

    /// PUE at an outside temperature, straight between the stated points and flat beyond them.
    pub fn pue_at(&self, celsius: f64) -> Option<f64> {
        let points = &self.pue_by_temperature;
        let (first, last) = (points.first()?, points.last()?);
        if celsius <= first.0 {
            return Some(first.1);
        }
        let pair = points.windows(2).find(|pair| celsius <= pair[1].0);
        Some(pair.map_or(last.1, |pair| {
            let ((t, pue), (u, next)) = (pair[0], pair[1]);
            pue + (next - pue) * (celsius - t) / (u - t)
        }))
    }

    /// The most IT power there can be: capacity, or what the connection leaves after overhead and PUE.
    pub fn cap_mw(&self) -> f64 {
        self.cap_at_mw(self.pue)
    }

    /// The same at a PUE that differs from hour to hour.
    pub fn cap_at_mw(&self, pue: f64) -> f64 {
        let connection = self.grid_limit_mw.map_or(f64::INFINITY, |limit| (limit - self.overhead_mw) / pue);
        self.it_capacity_mw.min(connection).max(0.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GbSource {
    pub url: Secret,
}

impl Default for GbSource {
    fn default() -> Self {
        Self { url: "https://api.carbonintensity.org.uk".into() }
    }
}
