//! A checked portfolio: definitions, and what planning, store and service need beyond them.

use super::boundaries::BoundaryPlan;
use super::common::{Resolution, Secret, Zone};
use super::feeds::FeedSource;
use super::planning::Planning;
use super::policy::{Policy, Target};
use super::retention::Retention;
use super::sites::SitePlan;
use super::storage::StoragePlan;
use ids::{BoundaryId, BoundaryIndex, Index, SiteId, SiteIndex};
use reports::definitions::Definitions;
use reports::received::forms::Form;
use std::collections::BTreeMap;

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
    /// Whether the service follows sources.
    pub follow: bool,
    /// What is fetched, by the name that `--source` takes; GB Carbon Intensity always.
    pub feeds: BTreeMap<String, FeedSource>,
    /// Forms of files, by the name that `--source` takes.
    pub forms: BTreeMap<String, Form>,
}

impl Portfolio {
    /// Of the file as written, what is of this process alone left out.
    pub fn sha256(&self) -> String {
        let text = self.text.clone().unwrap_or_else(|| format!("{self:?}"));
        reports::evidence::digest::sha256_hex(text.as_bytes())
    }

    pub fn resolution(&self) -> Resolution {
        self.definitions.resolution
    }

    pub fn site(&self, id: &SiteId) -> Option<SiteIndex> {
        SiteIndex::find(&self.definitions.sites, |site| site.id == *id)
    }

    pub fn boundary(&self, id: &BoundaryId) -> Option<BoundaryIndex> {
        BoundaryIndex::find(&self.definitions.boundaries, |boundary| boundary.id == *id)
    }

    /// Boundary of a site.
    pub fn boundary_of(&self, site: SiteIndex) -> BoundaryIndex {
        self.boundary(&self.definitions.sites[site].boundary).unwrap_or_default()
    }
}
