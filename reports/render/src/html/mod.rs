//! The report as one HTML page that stands alone: no script, style, font or image from elsewhere.
//!
//! The portfolio comes first, then a section for each boundary and each site, then what an auditor turns to. Charts are
//! inline SVG, each with its figures in a table; the one script adds a readout to the heat maps, and everything reads
//! without it. [`heat_map_svg`] and [`average_day_svg`] serve other pages too, with [`CHART_CSS`].

pub(crate) mod averages;
mod axis;
mod bars;
mod compare;
mod contracts;
mod curve;
mod disclosure;
pub(crate) mod doubt;
pub mod english;
mod format;
pub(crate) mod headline;
mod heat;
mod heat_json;
pub(crate) mod heat_table;
pub(crate) mod hours;
pub(crate) mod ledgers;
mod multiples;
pub(crate) mod pages;
mod quality;
mod sections;
mod site_hours;
mod stack;
pub(crate) mod stretches;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod waterfall;

pub use axis::round_step;
pub use format::{escape, put};
pub use heat::{STEPS, heat_map_svg, step_of};
pub use heat_json::heat_map_json;
pub use hours::{Day, Hour, Slot, Sums, local_days, portfolio_slots};
pub use site_hours::{SiteHours, site_hours};
pub use stack::{StackText, average_day_svg, stacked_svg};
pub use table::Key;
pub(crate) use view::{Scope, View, span};

use crate::page_one::{self, About, Before, Target};
use askama::Template;
use headline::Group;
use ledgers::section_ids;
use reports::report::Report;
use reports::time::TimeError;
use table::{Chapter, Fact, Figure, Section};
use thiserror::Error;

/// Colours and strokes of the charts, light and dark.
pub const CHART_CSS: &str = include_str!("../../templates/charts.css");
const PAGE_CSS: &str = include_str!("../../templates/report.css");
/// Reads the heat map under the pointer, here and on the page of a service.
pub const PAGE_JS: &str = include_str!("../../templates/report.js");

#[derive(Debug, Error)]
pub enum RenderError {
    #[error(transparent)]
    Template(#[from] askama::Error),
    #[error(transparent)]
    Time(#[from] TimeError),
}

/// How a report is written, and what is set beside it.
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

/// What limits trust in the figures, and the section that says more.
struct Warning {
    text: String,
    link: &'static str,
    more: &'static str,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    synthetic: bool,
    name: String,
    span: String,
    lead_name: &'static str,
    lead: Figure,
    meaning: String,
    standing: Vec<String>,
    /// The heat map.
    opening: Vec<Section>,
    facts: Vec<Fact>,
    groups: Vec<Group>,
    balance: Vec<Figure>,
    warnings: Vec<Warning>,
    chapters: Vec<Chapter>,
    g_basis: String,
    own_contracts: String,
    volumetric: &'static str,
    guidance: &'static str,
    factor_basis: String,
    ruleset: String,
    provenance: Vec<Fact>,
    chart_css: &'static str,
    page_css: &'static str,
    page_js: &'static str,
}

/// The whole page; `engine` is the name and version of the program that wrote it.
pub fn page(report: &Report, engine: &str, options: &Options) -> Result<String, RenderError> {
    let view = View::new(report)?;
    let (lead, groups) = headline::lead_and_groups(&view);
    let slots = hours::portfolio_slots(&report.boundaries)?;
    let scope = view.scope("", "portfolio", slots, &report.portfolio);
    let page = Page {
        synthetic: report.synthetic,
        name: report.name.clone(),
        span: span(report)?,
        lead_name: headline::lead_name(&view),
        lead,
        meaning: page_one::meaning(report, &view),
        standing: page_one::standing(report, options.before.as_ref(), &options.targets, &view),
        opening: vec![sections::heat_section(&view, &scope)],
        facts: facts(&view),
        groups,
        balance: headline::balance(&report.portfolio, &view),
        warnings: warnings(&view),
        chapters: chapters(&view, &scope, options)?,
        g_basis: format::stated(Some(&report.g_basis)),
        own_contracts: disclosure::own_contracts(&view),
        volumetric: view.names.volumetric(),
        guidance: view.names.guidance(),
        factor_basis: format::stated(Some(&report.factor_basis)),
        ruleset: format!("{} version {}", report.ruleset.id, report.ruleset.version),
        provenance: provenance(report, engine),
        chart_css: CHART_CSS,
        page_css: PAGE_CSS,
        page_js: PAGE_JS,
    };
    Ok(page.render()?)
}

fn chapters(view: &View<'_>, scope: &Scope<'_>, options: &Options) -> Result<Vec<Chapter>, TimeError> {
    let report = view.report;
    let boundaries = section_ids("boundary", report.boundaries.iter().map(|boundary| boundary.totals.load_wh));
    let sites = section_ids("site", report.sites.iter().map(|site| site.totals.load_wh));
    let mut ledgers =
        vec![ledgers::boundaries(view, &boundaries), ledgers::sites(view, &sites), contracts::contracts(view)];
    ledgers.extend(ledgers::storage(view));
    let mut audit = vec![disclosure::disclosure(view), quality::quality(view)];
    audit.extend(quality::bills(view));
    audit.extend([quality::exceptions(view), disclosure::limitations(view)]);
    Ok(vec![
        Chapter { title: "Portfolio", sections: portfolio(view, scope, options.previous.as_deref())? },
        Chapter { title: "Accounts", sections: ledgers },
        Chapter { title: "Boundaries", sections: pages::boundaries(view, &boundaries)? },
        Chapter { title: "Sites", sections: pages::sites(view, &sites, &options.sites)? },
        Chapter { title: "Audit", sections: audit },
    ])
}

fn portfolio(view: &View<'_>, scope: &Scope<'_>, previous: Option<&Report>) -> Result<Vec<Section>, TimeError> {
    let mut sections: Vec<Section> = waterfall::section(view).into_iter().collect();
    sections.extend([sections::curve_section(scope), averages::average_day(scope)]);
    sections.extend(averages::by_month(scope));
    sections.push(sections::balance_section(view, scope));
    sections.extend(contracts::sources(view));
    sections.push(sections::worst_hours(view, scope));
    if let Some(before) = previous {
        sections.push(compare::previous(view, before)?);
    }
    sections.extend(compare::restatement(view));
    sections.extend(compare::overlaps(view));
    Ok(sections)
}

fn facts(view: &View<'_>) -> Vec<Fact> {
    let report = view.report;
    let (from, to) = (view.local(&report.period.start), view.local(&report.period.end));
    let intervals = english::count(report.period.intervals);
    let mut facts = vec![
        Fact::new("Period", format!("{from} up to, not including, {to}")),
        Fact::new("Time zone", report.time_zone.clone()),
        Fact::new("Intervals", format!("{intervals} of {}", report.resolution.replace("min", " min"))),
        Fact::new("Ruleset", format!("{}, version {}", report.ruleset.id, report.ruleset.version)),
        Fact::new("Report version", report.version.to_string()),
    ];
    if let Some(as_of) = &report.as_of {
        facts.push(Fact::new("As recorded at", as_of.clone()));
    }
    facts
}

fn warnings(view: &View<'_>) -> Vec<Warning> {
    let more = |about: About| match about {
        About::Restatement => ("restatement", "See what changed."),
        About::Certificates | About::OwnContracts => ("disclosure", "See where."),
        About::Quality => ("quality", "See how much."),
        About::Factors => ("boundaries", "See which factors."),
        About::Overlaps => ("overlaps", "See what differs."),
        About::Exceptions => ("exceptions", "See the list."),
    };
    let limits = page_one::limits(view.report, view).into_iter();
    limits
        .map(|limit| (more(limit.about), limit.text))
        .map(|((link, more), text)| Warning { text, link, more })
        .collect()
}

fn provenance(report: &Report, engine: &str) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Schema", report.schema.clone()),
        Fact::new("Engine", engine),
        Fact::new("Portfolio SHA-256", report.portfolio_sha256.clone()),
        Fact::new("Ruleset SHA-256", report.ruleset.sha256.clone()),
        Fact::new("Period, UTC", format!("{} to {}", report.period.start, report.period.end)),
    ];
    facts.extend(report.inputs_sha256.iter().map(|digest| Fact::new("Inputs SHA-256", digest.clone())));
    if let Some(replaces) = &report.replaces {
        facts.push(Fact::new("Replaces", replaces.clone()));
    }
    facts
}
