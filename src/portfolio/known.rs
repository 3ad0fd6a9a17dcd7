//! What a contract may refer to.

use super::file::File;
use super::values::Time;
use reports::definitions::{ContractKind, LinkDef};
use reports::ruleset::Ruleset;
use reports::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

/// What a contract may refer to.
#[derive(Debug)]
pub struct Known<'a> {
    pub boundaries: &'a BTreeSet<String>,
    /// Site to every boundary it ever lies in.
    pub sites: &'a BTreeMap<String, Vec<String>>,
    pub links: &'a [LinkDef],
    pub ruleset: Option<&'a Ruleset>,
    /// Somebody reports: certificates may be cancelled for them where a contract names nobody.
    pub entity: bool,
    pub time: Time,
}

impl Known<'_> {
    /// Whether a contract of a boundary may serve a site: there, or over a link, which carries no legacy volume.
    pub(super) fn reaches(&self, boundary: &str, site: &str, kind: ContractKind) -> bool {
        let links: &[LinkDef] = if kind == ContractKind::Legacy { &[] } else { self.links };
        let linked = |b: &String| links.iter().any(|l| l.from == boundary && l.to == *b);
        self.sites.get(site).is_some_and(|all| all.iter().any(|b| b == boundary || linked(b)))
    }
}

/// Refuses a site that a table names and no `[[site]]` defines.
pub(super) fn undefined_site(file: &mut File<'_>, (table, at): (&str, usize), site: &str, known: &[&str]) {
    let hint = did_you_mean(site, known, || format!("known sites: {}", known.join(" ")));
    file.refuse(at, format!("{table}: site `{site}` is not defined"), hint);
}
