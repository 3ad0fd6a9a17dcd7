//! Everything that may be wrong with definitions, whoever wrote them. `check` asks when it has read a portfolio, the
//! verifier when it has read a pack: what one would not take, the other does not.

use crate::definitions::{
    BoundaryDef, CertificateRule, Change, ContractDef, ContractKind, ControlApproach, Definitions, ProfileDef,
    SharingRule, SiteDef, StorageDef, labels, limits, together,
};
use crate::ruleset::{self, Ownership, Ruleset};
use crate::series::name::{Group, is_id, kind_of, parts};
use crate::text::{is_cell, is_line};
use crate::time::{Grid, Instant, Zone};
use ids::{BoundaryId, SiteId};
use serde::Serialize;
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// One thing that is wrong: of definitions, of a file or of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `contract solar-a`, `inputs/readings.csv`.
    pub subject: String,
    pub what: String,
}

impl Finding {
    pub fn new(subject: &str, what: impl Into<String>) -> Self {
        Self { subject: subject.into(), what: what.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.subject, self.what)
    }
}

/// The definitions being looked at, and what was found of the table at hand.
struct Looking<'a> {
    all: &'a Definitions,
    boundaries: BTreeSet<&'a BoundaryId>,
    sites: BTreeSet<&'a SiteId>,
    ruleset: &'a Ruleset,
    subject: String,
    faults: Vec<Finding>,
}

const HIDDEN: &str = "is blank or holds control characters or bidirectional marks";

impl Looking<'_> {
    fn unless(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.faults.push(Finding::new(&self.subject, what));
        }
    }

    fn id(&mut self, id: &str) {
        self.unless(is_id(id), format!("`{id}` is not an id: letters, digits, `-`, `_` and `.`, at most 64 of them"));
    }

    fn line(&mut self, key: &str, text: Option<&String>) {
        self.unless(text.is_none_or(|text| is_line(text)), format!("`{key}` {HIDDEN}"));
    }

    fn display_name(&mut self, name: Option<&String>) {
        if let Some(what) = name.and_then(|name| labels::fault(name)) {
            self.unless(false, format!("`name` {what}"));
        }
    }

    /// A number from 0 to a limit.
    fn number(&mut self, key: &str, number: Option<i64>, most: i64) {
        if let Some(number) = number {
            self.unless((0..=most).contains(&number), format!("`{key}` {number} is not between 0 and {most}"));
        }
    }

    fn zone(&mut self, name: &str) {
        if let Err(error) = Zone::parse(name) {
            self.unless(false, error.to_string());
        }
    }

    fn boundary(&mut self, key: &str, id: &BoundaryId) {
        self.unless(self.boundaries.contains(id), format!("`{key}` names boundary `{id}`, which is not defined"));
    }

    fn site(&mut self, key: &str, id: &SiteId) {
        self.unless(self.sites.contains(id), format!("`{key}` names site `{id}`, which is not defined"));
    }

    fn on_grid(&mut self, key: &str, instant: Instant) {
        let on_grid = instant.is_on(self.all.resolution.seconds());
        self.unless(on_grid, format!("`{key}` {instant} does not lie on the resolution's grid"));
    }

    /// Changes by rising instants, each on the grid.
    fn changes<T>(&mut self, key: &str, changes: &[Change<T>]) {
        let rising = changes.windows(2).all(|pair| pair[0].from < pair[1].from);
        self.unless(rising, format!("`{key}` are not in order of their dates"));
        changes.iter().for_each(|change| self.on_grid(key, change.from));
    }
}

impl Definitions {
    /// What is wrong, by table; nothing of a portfolio that is in order.
    pub fn faults(&self, ruleset: &Ruleset) -> Vec<Finding> {
        let mut look = Looking {
            all: self,
            boundaries: self.boundaries.iter().map(|b| &b.id).collect(),
            sites: self.sites.iter().map(|s| &s.id).collect(),
            ruleset,
            subject: "[portfolio]".into(),
            faults: Vec::new(),
        };
        counts(&mut look);
        if !look.faults.is_empty() {
            // What holds between so many is not looked at.
            return look.faults;
        }
        head(&mut look);
        self.boundaries.iter().for_each(|b| boundary(&mut look, b));
        self.sites.iter().for_each(|s| site(&mut look, s));
        self.contracts.iter().for_each(|c| contract(&mut look, c));
        self.storage.iter().for_each(|s| storage(&mut look, s));
        for link in &self.links {
            look.subject = format!("link {link}");
            look.boundary("from", &link.from);
            look.boundary("to", &link.to);
            look.unless(link.from != link.to, "leads from a boundary to itself");
        }
        names(&mut look);
        nesting(&mut look);
        if let Err(error) = self.check() {
            look.subject = "[portfolio]".into();
            look.unless(false, error.to_string());
        }
        look.faults
    }
}

/// How many of each table there are.
fn counts(look: &mut Looking<'_>) {
    let all = look.all;
    let moves: usize = all.sites.iter().map(|s| s.boundary_changes.len()).sum();
    let shares: usize = all.contracts.iter().map(|c| c.share_changes.len()).sum();
    for (count, most, what) in [
        (all.boundaries.len(), limits::BOUNDARIES, "boundaries"),
        (all.sites.len(), limits::SITES, "sites"),
        (all.contracts.len(), limits::CONTRACTS, "contracts"),
        (all.storage.len(), limits::STORAGE, "storages"),
        (all.links.len(), limits::LINKS, "links"),
        (moves, limits::CHANGES, "boundary changes of sites"),
        (shares, limits::CHANGES, "share changes of contracts"),
    ] {
        look.unless(count <= most, format!("{count} {what} are more than a portfolio has, {most}"));
    }
}

fn head(look: &mut Looking<'_>) {
    let all = look.all;
    look.line("name", Some(&all.name));
    let currency = all.currency.len() == 3 && all.currency.bytes().all(|b| b.is_ascii_uppercase());
    look.unless(currency, format!("currency `{}` is not a three-letter code", all.currency));
    look.zone(&all.time_zone);
    look.unless(!all.boundaries.is_empty(), "there is no boundary");
    look.unless(!all.sites.is_empty(), "there is no site");
    look.subject = "[disclosure]".into();
    let stated = &all.disclosure;
    look.line("reporting_entity", stated.reporting_entity.as_ref());
    look.line("control_approach", stated.control_approach.as_ref());
    look.line("base_year", stated.base_year.as_ref());
    look.line("gases", stated.gases.as_ref());
    look.line("warming_potentials", stated.warming_potentials.as_ref());
    stated.limitations.iter().for_each(|text| look.line("limitations", Some(text)));
    if look.ruleset.rules.ownership == Ownership::Applied
        && let Some(other) = stated.control_approach.as_ref().filter(|_| stated.approach().is_none())
    {
        let known = ControlApproach::ALL.map(|approach| format!("\"{}\"", approach.name())).join(" or ");
        look.unless(false, format!("control_approach `{other}` is not {known}"));
    }
}

fn boundary(look: &mut Looking<'_>, b: &BoundaryDef) {
    look.subject = format!("boundary {}", b.id);
    look.id(&b.id);
    let known = limits::CFE_BASES.contains(&b.cfe_basis.as_str());
    look.unless(known, format!("cfe_basis `{}` is not known", b.cfe_basis));
    for (key, factor) in [
        ("default_fossil_mg_per_kwh", b.default_fossil_mg_per_kwh),
        ("sss_mg_per_kwh", b.sss_mg_per_kwh),
        ("legacy_mg_per_kwh", b.legacy_mg_per_kwh),
        ("annual_residual_mg_per_kwh", b.annual_residual_mg_per_kwh),
    ] {
        look.number(key, factor, limits::FACTOR_MG_PER_KWH);
    }
    if let Some(source) = &b.factor_source {
        look.line("factor_source.publication", Some(&source.publication));
        look.line("factor_source.year", Some(&source.year));
        look.line("factor_source.region", Some(&source.region));
    }
}

fn site(look: &mut Looking<'_>, s: &SiteDef) {
    look.subject = format!("site {}", s.id);
    look.id(&s.id);
    look.display_name(s.name.as_ref());
    look.boundary("boundary", &s.boundary);
    s.boundary_changes.iter().for_each(|change| look.boundary("boundary_changes", &change.value));
    look.changes("boundary_changes", &s.boundary_changes);
    look.zone(&s.time_zone);
    if let Some(technology) = &s.onsite_technology {
        look.unless(is_id(technology), format!("onsite_technology `{technology}` is not one word"));
    }
    look.line("meter", s.meter.as_ref());
    look.line("accuracy_class", s.accuracy_class.as_ref());
    look.number("limit_w", s.limit_w, limits::POWER_W);
}

fn contract(look: &mut Looking<'_>, c: &ContractDef) {
    look.subject = format!("contract {}", c.id);
    look.id(&c.id);
    look.display_name(c.name.as_ref());
    look.boundary("boundary", &c.boundary);
    look.unless(is_cell(&c.technology), format!("technology `{}` is not a plain word", c.technology));
    look.number("ef_mg_per_kwh", c.ef_mg_per_kwh, limits::CONTRACT_FACTOR_MG_PER_KWH);
    let weighed = look.ruleset.is_carbon_free(&c.technology) || c.ef_mg_per_kwh.is_some();
    look.unless(weighed, format!("`{}` is not carbon-free under its ruleset and has no factor", c.technology));
    if let Some(plant) = &c.plant {
        look.unless(is_id(plant), format!("plant `{plant}` is not an id"));
    }
    look.changes("share_changes", &c.share_changes);
    served(look, c);
    split(look, c);
    if let Some(profile) = &c.profile {
        self::profile(look, profile);
    }
    look.number("shaped_w", c.shaped_w, limits::POWER_W);
    look.number("annual_wh", c.annual_wh, limits::ANNUAL_WH);
    look.number("capacity_w", c.capacity_w, limits::POWER_W);
    look.unless(c.annual_wh.is_none() || c.kind == ContractKind::Legacy, "`annual_wh` belongs to a legacy contract");
    c.valid_from.into_iter().for_each(|from| look.on_grid("valid_from", from));
    c.valid_to.into_iter().for_each(|to| look.on_grid("valid_to", to));
    let lasts = c.valid_from.zip(c.valid_to).is_none_or(|(from, to)| from < to);
    look.unless(lasts, "valid_to is not after valid_from");
    let certified = c.kind != ContractKind::Unbundled || c.certificates == CertificateRule::Required;
    look.unless(certified, "an unbundled contract consists only of its certificates");
    let by_hour = look.ruleset.rules.certificates == ruleset::CertificateRule::Hour;
    let whom = !by_hour || c.certificates != CertificateRule::Required || look.all.beneficiary_of(c).is_some();
    look.unless(whom, "certificates are required, but no beneficiary is stated");
    look.line("registry", c.registry.as_ref());
    look.line("beneficiary", c.beneficiary.as_ref());
    look.line("meter", c.meter.as_ref());
    look.line("accuracy_class", c.accuracy_class.as_ref());
    if let Some(text) = &c.commissioned {
        // `2021-6-1` is the same day, but packs hold the text; a year has four digits.
        let date = text.parse::<chrono::NaiveDate>().is_ok_and(|date| date.to_string() == *text) && text.len() == 10;
        look.unless(date, format!("commissioned `{text}` is not a date"));
    }
}

fn served(look: &mut Looking<'_>, c: &ContractDef) {
    let mut seen = BTreeSet::new();
    for id in &c.sites {
        look.site("sites", id);
        look.unless(seen.insert(id), format!("site `{id}` is listed twice"));
    }
}

/// Fixed parts name the sites served, each of them, and only under the rule that uses them.
fn split(look: &mut Looking<'_>, c: &ContractDef) {
    let fixed = c.allocation == SharingRule::ProRataContract;
    look.unless(fixed || c.split.is_empty(), "`split` belongs to allocation = \"pro_rata_contract\"");
    for id in c.split.keys().filter(|id| !c.sites.contains(id)) {
        look.unless(false, format!("split names `{id}`, which it does not serve"));
    }
    let whole = !fixed || c.sites.iter().all(|id| c.split.contains_key(id));
    look.unless(whole, "split leaves out a site it serves");
}

fn profile(look: &mut Looking<'_>, p: &ProfileDef) {
    match parts(&p.series) {
        Some((Group::Grid, id, _)) if kind_of(&p.series).is_ok() => look.boundary("profile", &id.into()),
        _ => look.unless(false, format!("profile series `{}` is not a grid series", p.series)),
    }
    look.number("profile.mean_w", Some(p.mean_w), limits::POWER_W);
    match Grid::over(p.over, look.all.resolution) {
        Err(error) => look.unless(false, format!("profile.over: {error}")),
        Ok(grid) => {
            let what = format!("profile.over {} has more than {} intervals", p.over, limits::INTERVALS);
            look.unless(grid.len <= limits::INTERVALS, what);
        }
    }
}

fn storage(look: &mut Looking<'_>, s: &StorageDef) {
    look.subject = format!("storage {}", s.id);
    look.id(&s.id);
    look.site("site", &s.site);
    look.number("energy_wh", Some(s.energy_wh), limits::STORAGE_WH);
    look.unless(s.efficiency.numerator > 0, "its efficiency is zero");
    let months = limits::EFFICIENCY_MONTHS.contains(&s.efficiency_months);
    look.unless(months, format!("efficiency_months {} is not 1, 2, 3 or 6", s.efficiency_months));
}

/// No two sites or contracts that people could take for each other.
fn names(look: &mut Looking<'_>) {
    for (what, list) in ["sites", "contracts"].into_iter().zip(look.all.named()) {
        for (first, second) in labels::alike(&list) {
            look.subject = format!("{what} {} and {}", list[first].0, list[second].0);
            look.unless(false, "share a `name`, or one is named by the other's id");
        }
    }
}

fn nesting(look: &mut Looking<'_>) {
    let contracts: Vec<&ContractDef> = look.all.contracts.iter().collect();
    let sites: Vec<&SiteDef> = look.all.sites.iter().collect();
    for (a, b) in together::crossing(&contracts, &sites, &look.all.links) {
        look.subject = format!("contracts {} and {}", contracts[a].id, contracts[b].id);
        look.unless(false, "their site lists overlap, and neither contains the other");
    }
}
