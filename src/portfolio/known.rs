//! What a contract may refer to.

use super::common::{BoundaryId, ContractKind, LinkDef, Ruleset, SiteId, Table, did_you_mean};
use super::values::Time;
use std::collections::{BTreeMap, BTreeSet};

/// What a contract may refer to.
#[derive(Debug)]
pub struct Known<'a> {
    pub boundaries: &'a BTreeSet<BoundaryId>,
    /// Site to every boundary it ever lies in.
    pub sites: &'a BTreeMap<SiteId, Vec<BoundaryId>>,
    pub links: &'a [LinkDef],
    pub ruleset: Option<&'a Ruleset>,
    /// Somebody reports: certificates may be cancelled for them where a contract names nobody.
    pub entity: bool,
    pub time: Time,
}

impl Known<'_> {
    /// Whether a contract of a boundary may serve a site: there, or over a link, which carries no legacy volume.
    pub(super) fn reaches(&self, boundary: &BoundaryId, site: &SiteId, kind: ContractKind) -> bool {
        let links: &[LinkDef] = if kind == ContractKind::Legacy { &[] } else { self.links };
        let linked = |b: &BoundaryId| links.iter().any(|l| l.from == *boundary && l.to == *b);
        self.sites.get(site).is_some_and(|all| all.iter().any(|b| b == boundary || linked(b)))
    }
}

/// `site = "..."`, which must be defined.
pub(super) fn site(table: &mut Table<'_, '_>, known: &[SiteId]) -> Option<SiteId> {
    let (site, at) = table.needed_name("site", known.first().map(SiteId::as_str))?;
    let site = SiteId::from(site);
    check_site(table, at, &site, known);
    Some(site)
}

/// Refuses a site that a table names and no `[[site]]` defines.
pub(super) fn check_site(table: &Table<'_, '_>, at: usize, site: &SiteId, known: &[SiteId]) {
    if !known.contains(site) {
        let names: Vec<&str> = known.iter().map(SiteId::as_str).collect();
        let hint = did_you_mean(site, &names, || format!("known sites: {}", names.join(" ")));
        table.refuse(at, format!("site `{site}` is not defined"), hint);
    }
}
