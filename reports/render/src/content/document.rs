//! A report from its headline to where it comes from.

use super::blocks::{Chapter, Fact, Figure, Group, Section};
use super::ledgers::section_ids;
use super::pages::SiteHours;
use super::view::{Scope, View, span};
use super::{
    along, averages, contracts, disclosure, energy, headline, ledgers, method, pages, previous, quality, waterfall,
};
use crate::english;
use crate::page_one::{self, Before, Limit, Target};
use reports::report::Report;

/// What is set beside a report.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The report of the period before, set beside this one.
    pub previous: Option<Box<Report>>,
    /// Hours of the sites that have sections; one that is not here has no map.
    pub sites: Vec<SiteHours>,
    /// The headline of the period before, and what was aimed at, for page one.
    pub before: Option<Before>,
    pub targets: Vec<Target>,
}

/// What is read first.
#[derive(Debug, Clone)]
pub struct Front {
    pub lead_name: &'static str,
    pub lead: Figure,
    pub meaning: String,
    pub standing: Vec<String>,
    pub warnings: Vec<Limit>,
    /// The heat map.
    pub opening: Vec<Section>,
    pub facts: Vec<Fact>,
    pub groups: Vec<Group>,
    /// The energy behind the figures.
    pub balance: Vec<Figure>,
}

#[derive(Debug, Clone)]
pub struct Document {
    pub synthetic: bool,
    pub name: String,
    pub entity: String,
    pub span: String,
    pub version: u32,
    pub ruleset: String,
    pub front: Front,
    pub chapters: Vec<Chapter>,
    pub method: Vec<(&'static str, String)>,
    pub provenance: Vec<Fact>,
}

/// `engine` is the name and version of the program that wrote it.
pub fn document(report: &Report, engine: &str, options: &Options) -> Document {
    let view = View::new(report);
    let scope = view.portfolio();
    Document {
        synthetic: report.synthetic,
        name: report.name.clone(),
        entity: english::stated(report.disclosure.stated.reporting_entity.as_ref()),
        span: span(report),
        version: report.version,
        ruleset: format!("{} version {}", report.ruleset.id, report.ruleset.version),
        front: front(&view, &scope, options),
        chapters: chapters(&view, &scope, options),
        method: method::method(&view),
        provenance: provenance(report, engine),
    }
}

fn front(view: &View<'_>, scope: &Scope<'_>, options: &Options) -> Front {
    let report = view.report;
    let (lead, groups) = headline::lead_and_groups(view);
    Front {
        lead_name: headline::lead_name(view),
        lead,
        meaning: page_one::meaning(report, view.energy),
        standing: page_one::standing(report, options.before.as_ref(), &options.targets, view.energy),
        warnings: page_one::limits(report, view.energy),
        opening: vec![along::heat_section(view, scope)],
        facts: facts(view),
        groups,
        balance: headline::balance(&report.portfolio, view),
    }
}

fn chapters(view: &View<'_>, scope: &Scope<'_>, options: &Options) -> Vec<Chapter> {
    let report = view.report;
    let boundaries = section_ids("boundary", report.boundaries.iter().map(|boundary| boundary.totals.load_wh));
    let sites = section_ids("site", report.sites.iter().map(|site| site.totals.load_wh));
    let mut ledgers =
        vec![ledgers::boundaries(view, &boundaries), ledgers::sites(view, &sites), contracts::contracts(view)];
    ledgers.extend(ledgers::storage(view));
    let mut audit = vec![disclosure::disclosure(view), quality::quality(view)];
    audit.extend(quality::bills(view));
    audit.extend([quality::exceptions(view), disclosure::limitations(view)]);
    vec![
        Chapter { title: "Portfolio", sections: portfolio(view, scope, options.previous.as_deref()) },
        Chapter { title: "Accounts", sections: ledgers },
        Chapter { title: "Boundaries", sections: pages::boundaries(view, &boundaries) },
        Chapter { title: "Sites", sections: pages::sites(view, &sites, &options.sites) },
        Chapter { title: "Audit", sections: audit },
    ]
}

fn portfolio(view: &View<'_>, scope: &Scope<'_>, before: Option<&Report>) -> Vec<Section> {
    let mut sections = vec![energy::section(view)];
    sections.extend(waterfall::section(view));
    sections.extend([along::curve_section(scope), averages::average_day(scope)]);
    sections.extend(averages::by_month(scope));
    sections.push(along::balance_section(view, scope));
    sections.extend(contracts::sources(view));
    sections.push(along::worst_hours(view, scope));
    sections.extend(before.map(|before| previous::previous(view, before)));
    sections.extend(previous::restatement(view));
    sections.extend(previous::overlaps(view));
    sections
}

/// Of when, and under which rules, the figures are.
pub fn facts(view: &View<'_>) -> Vec<Fact> {
    let report = view.report;
    let (from, to) = (view.zone.label(report.period.start), view.zone.label(report.period.end));
    let intervals = english::count(report.period.intervals);
    let ruleset = &report.ruleset;
    let mut facts = vec![
        Fact::new("Period", format!("{from} up to, not including, {to}")),
        Fact::new("Time zone", view.zone.name()),
        Fact::new("Intervals", format!("{intervals} of {} min", report.resolution.minutes())),
        Fact::new("Ruleset", format!("{}, version {}", ruleset.id, ruleset.version)),
        Fact::new("Report version", report.version.to_string()),
    ];
    facts.extend(report.as_of.as_ref().map(|as_of| Fact::new("As recorded at", as_of.to_string())));
    facts
}

/// Where the figures come from.
pub fn provenance(report: &Report, engine: &str) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Schema", report.schema.clone()),
        Fact::new("Engine", engine),
        Fact::new("Portfolio SHA-256", report.portfolio_sha256.clone()),
        Fact::new("Ruleset SHA-256", report.ruleset.sha256.clone()),
        Fact::new("Period, UTC", format!("{} to {}", report.period.start, report.period.end)),
    ];
    facts.extend(report.inputs_sha256.iter().map(|digest| Fact::new("Inputs SHA-256", digest.clone())));
    facts.extend(report.replaces.iter().map(|root| Fact::new("Replaces", root.clone())));
    facts
}
