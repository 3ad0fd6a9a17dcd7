//! All that a portfolio defines, and what must hold of it whoever wrote it.

use super::boundary::{BoundaryDef, FactorBasis, LinkDef};
use super::contract::{CertificateRule, ContractDef, ContractKind};
use super::disclosure::Disclosure;
use super::fraction::Fraction;
use super::labels::Labels;
use super::limits;
use super::site::{SiteDef, StorageDef};
use super::together;
use crate::digest::{canonical_json, sha256_hex};
use crate::time::Resolution;
use ids::{BoundaryId, ContractId, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// What `inputs/books.json` of a pack holds.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    pub name: String,
    pub synthetic: bool,
    pub resolution: Resolution,
    /// An id, or `id@version` where the portfolio stays with one version.
    pub ruleset: String,
    pub time_zone: String,
    pub currency: String,
    /// Which factors a grid mix is weighed with. Never summed across.
    pub factor_basis: FactorBasis,
    pub missing_load: MissingLoad,
    /// Hourly sums may differ from an invoice by this part of it.
    pub reconciliation_tolerance: Fraction,
    pub disclosure: Disclosure,
    pub boundaries: Vec<BoundaryDef>,
    pub sites: Vec<SiteDef>,
    pub contracts: Vec<ContractDef>,
    pub storage: Vec<StorageDef>,
    /// Adjacent boundaries energy may pass between in hours that pass the price test.
    pub links: Vec<LinkDef>,
}

/// What happens where load was not metered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
pub enum MissingLoad {
    /// No report is made.
    #[default]
    Block,
    /// The series' highest valid reading at that local time of day within 28 days; never matched.
    Estimate,
}

impl Definitions {
    /// Sorted by id, so that the order of a file changes no byte of a report.
    pub fn canonical(mut self) -> Self {
        self.boundaries.sort_by(|a, b| a.id.cmp(&b.id));
        self.sites.sort_by(|a, b| a.id.cmp(&b.id));
        self.contracts.sort_by(|a, b| a.id.cmp(&b.id));
        self.storage.sort_by(|a, b| a.id.cmp(&b.id));
        self.links.sort();
        self
    }

    /// What must hold whoever wrote them: canonical order, each id once, nothing sold twice.
    pub fn check(&self) -> Result<(), DefinitionError> {
        let lists = [
            ("boundary", self.boundaries.iter().map(|b| b.id.as_str()).collect::<Vec<_>>()),
            ("site", self.sites.iter().map(|s| s.id.as_str()).collect()),
            ("contract", self.contracts.iter().map(|c| c.id.as_str()).collect()),
            ("storage", self.storage.iter().map(|s| s.id.as_str()).collect()),
        ];
        for (what, ids) in lists {
            if let Some(pair) = ids.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(DefinitionError::Order { what, id: pair[1].into() });
            }
        }
        if let Some(pair) = self.links.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(DefinitionError::Order { what: "link", id: pair[1].to_string() });
        }
        self.check_reach()?;
        self.check_shares()
    }

    /// A contract serves sites that at some time lie in its boundary or beyond a link from it; no link carries legacy
    /// volume. Where they lie in a period is a matter of each interval.
    fn check_reach(&self) -> Result<(), DefinitionError> {
        let lies: BTreeMap<&SiteId, Vec<&BoundaryId>> =
            self.sites.iter().map(|site| (&site.id, site.all_boundaries().collect())).collect();
        for contract in &self.contracts {
            let over_links = contract.kind != ContractKind::Legacy;
            let link_to = |b: &BoundaryId| self.links.iter().any(|l| l.from == contract.boundary && l.to == *b);
            let reached = |b: &BoundaryId| *b == contract.boundary || over_links && link_to(b);
            // A site that is not defined is refused where books are made.
            let far = |id: &&SiteId| lies.get(*id).is_some_and(|all| !all.iter().copied().any(reached));
            if let Some(site) = contract.sites.iter().find(far) {
                return Err(DefinitionError::Crosses { contract: contract.id.clone(), site: site.clone() });
            }
        }
        Ok(())
    }

    /// Shares of one plant add up to at most 1 at every instant; so do the parts of a contract.
    fn check_shares(&self) -> Result<(), DefinitionError> {
        for contract in &self.contracts {
            let parts: Vec<Fraction> = contract.split.values().copied().collect();
            if Fraction::sum_exceeds_one(&parts) {
                return Err(DefinitionError::Oversold { what: "split of contract", id: contract.id.to_string() });
            }
        }
        let contracts: Vec<&ContractDef> = self.contracts.iter().collect();
        together::oversold(&contracts)
            .first()
            .map_or(Ok(()), |sold| Err(DefinitionError::Oversold { what: "shares of plant", id: sold.plant.into() }))
    }

    /// For whom certificates of a contract are to be cancelled: whom it names, else the reporting entity.
    pub fn beneficiary_of<'a>(&'a self, contract: &'a ContractDef) -> Option<&'a str> {
        contract.beneficiary.as_deref().or(self.disclosure.reporting_entity.as_deref())
    }

    /// Where certificates back what their beneficiary allows, required ones need somebody they are cancelled for.
    pub fn check_beneficiaries(&self) -> Result<(), DefinitionError> {
        let required = |c: &&ContractDef| c.certificates == CertificateRule::Required;
        let without = self.contracts.iter().filter(required).find(|c| self.beneficiary_of(c).is_none());
        without.map_or(Ok(()), |c| Err(DefinitionError::NoBeneficiary { contract: c.id.clone() }))
    }

    /// How people are shown its sites and contracts.
    pub fn labels(&self) -> Labels {
        let sites = self.sites.iter().filter_map(|s| Some((s.id.clone(), s.name.clone()?)));
        let contracts = self.contracts.iter().filter_map(|c| Some((c.id.clone(), c.name.clone()?)));
        Labels::new(sites.collect(), contracts.collect())
    }

    /// Ids with the names that people are shown: of sites, and of contracts.
    pub fn named(&self) -> [Vec<(&str, Option<&str>)>; 2] {
        let sites = self.sites.iter().map(|s| (s.id.as_str(), s.name.as_deref()));
        let contracts = self.contracts.iter().map(|c| (c.id.as_str(), c.name.as_deref()));
        [sites.collect(), contracts.collect()]
    }

    /// Canonical JSON of what digests cover: all but display names, which change no figure.
    ///
    /// # Errors
    /// As of [`canonical_json`].
    pub fn decisive_json(&self) -> serde_json::Result<Vec<u8>> {
        if self.sites.iter().all(|site| site.name.is_none()) && self.contracts.iter().all(|c| c.name.is_none()) {
            return canonical_json(self);
        }
        let mut unnamed = self.clone();
        unnamed.sites.iter_mut().for_each(|site| site.name = None);
        unnamed.contracts.iter_mut().for_each(|contract| contract.name = None);
        canonical_json(&unnamed)
    }

    /// Hash of the canonical JSON, without display names.
    ///
    /// # Errors
    /// As of [`canonical_json`].
    pub fn sha256(&self) -> serde_json::Result<String> {
        Ok(sha256_hex(&self.decisive_json()?))
    }
}

/// Why no figures are computed of these definitions over so many intervals, with the numbers it comes to.
pub fn too_much(definitions: &Definitions, intervals: usize) -> Option<String> {
    if intervals > limits::INTERVALS {
        return Some(format!("{intervals} intervals are more than one report holds, {}", limits::INTERVALS));
    }
    let Definitions { boundaries, sites, contracts, storage, .. } = definitions;
    let tables = boundaries.len() + sites.len() + contracts.len() + storage.len();
    let cells = intervals.saturating_mul(tables);
    if cells > limits::CELLS {
        return Some(format!(
            "{intervals} intervals of {tables} boundaries, sites, contracts and storages are {cells} cells, more than one \
             report holds, {}",
            limits::CELLS
        ));
    }
    let served = contracts.iter().fold(0_usize, |sum, contract| sum.saturating_add(contract.sites.len()));
    let rows = intervals.saturating_mul(served);
    (rows > limits::ALLOCATIONS).then(|| {
        format!(
            "{intervals} intervals of {served} sites that contracts serve, each counted for each contract, are {rows} \
             allocations, more than one report holds, {}",
            limits::ALLOCATIONS
        )
    })
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum DefinitionError {
    #[error("{what} `{id}` stands twice or out of order")]
    Order { what: &'static str, id: String },
    #[error("contract {contract} serves site {site}, which never lies in its boundary or where it has a [[link]] to")]
    Crosses { contract: ContractId, site: SiteId },
    #[error("the {what} `{id}` add up to more than 1: the same energy would be claimed twice")]
    Oversold { what: &'static str, id: String },
    #[error(
        "contract {contract} requires certificates and states no beneficiary: name in `beneficiary`, or in \
         [disclosure] `reporting_entity`, whom they are cancelled for"
    )]
    NoBeneficiary { contract: ContractId },
}
