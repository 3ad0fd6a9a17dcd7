//! The report as one HTML page that stands alone: no script, style, font or image from elsewhere.
//!
//! Charts are inline SVG; the one script adds a readout to the heat map, and everything reads
//! without it. [`heat_map_svg`] and [`average_day_svg`] serve other pages too, with [`CHART_CSS`].

mod bars;
mod format;
mod headline;
mod heat;
mod heat_json;
mod hours;
mod ledgers;
mod quality;
#[cfg(test)]
pub mod sample;
mod sections;
mod stack;
mod table;
#[cfg(test)]
mod tests;

pub use heat::{STEPS, heat_map_svg, step_of};
pub use heat_json::heat_map_json;
pub use hours::{Day, Hour, Slot, Sums, local_days};
pub use stack::{StackText, average_day_svg, stacked_svg};
pub use table::Key;

use crate::report::Report;
use crate::time::{Resolution, TimeError, Zone, parse_instant};
use askama::Template;
use format::{Energy, count};
use headline::{Figure, Group};
use sections::Timeline;
use table::{Section, Table};
use thiserror::Error;

/// Colours and strokes of the charts, light and dark.
pub const CHART_CSS: &str = include_str!("../../../templates/charts.css");
const PAGE_CSS: &str = include_str!("../../../templates/report.css");
const PAGE_JS: &str = include_str!("../../../templates/report.js");

#[derive(Debug, Error)]
pub enum RenderError {
    #[error(transparent)]
    Template(#[from] askama::Error),
    #[error(transparent)]
    Time(#[from] TimeError),
}

/// A name and what stands behind it, in the page's list of facts.
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    synthetic: bool,
    name: String,
    span: String,
    headline: String,
    facts: Vec<Fact>,
    groups: Vec<Group>,
    balance: Vec<Figure>,
    warning: String,
    sections: Vec<Section>,
    allocations: Vec<Table>,
    g_basis: String,
    factor_basis: String,
    ruleset: String,
    provenance: Vec<Fact>,
    chart_css: &'static str,
    page_css: &'static str,
    page_js: &'static str,
}

/// The whole page; `engine` is the name and version of the program that wrote it.
pub fn page(report: &Report, engine: &str) -> Result<String, RenderError> {
    let zone = Zone::parse(&report.time_zone)?;
    let step_s = Resolution::parse(&report.resolution)?.seconds();
    let slots = hours::portfolio_slots(&report.boundaries)?;
    let days = local_days(zone, step_s, &slots);
    let energy = Energy::for_largest(report.portfolio.load_wh.max(report.portfolio.contracted_wh));
    let has_grid = report.portfolio.cfe_score.is_some();
    let line = Timeline { days: &days, zone, energy, has_grid };
    let span = span(report, zone)?;
    let page = Page {
        synthetic: report.synthetic,
        name: report.name.clone(),
        span,
        headline: headline::matched_share(&report.portfolio),
        facts: facts(report, zone)?,
        groups: headline::groups(report),
        balance: headline::balance(&report.portfolio, energy),
        warning: warning(report),
        sections: vec![
            sections::heat_map(&line),
            sections::average_day(&line),
            sections::months(&line),
            sections::worst_hours(&line),
            ledgers::boundaries(report, energy),
            ledgers::sites(report, energy),
            ledgers::contracts(report, energy),
            quality::quality(report, energy),
            quality::exceptions(report),
        ],
        allocations: quality::allocations(report, energy).into_iter().collect(),
        g_basis: stated(&report.g_basis),
        factor_basis: stated(&report.factor_basis),
        ruleset: format!("{} version {}", report.ruleset.id, report.ruleset.version),
        provenance: provenance(report, engine),
        chart_css: CHART_CSS,
        page_css: PAGE_CSS,
        page_js: PAGE_JS,
    };
    Ok(page.render()?)
}

fn stated(text: &str) -> String {
    if text.is_empty() { format::NOT_SUPPLIED.to_string() } else { text.to_string() }
}

/// `1 January 2022 to 31 December 2022`, local days from the first to the last instant.
fn span(report: &Report, zone: Zone) -> Result<String, TimeError> {
    let first = zone.date(parse_instant(&report.period.start)?);
    let last = zone.date(parse_instant(&report.period.end)? - 1);
    let form = "%-d %B %Y";
    Ok(if first == last {
        first.format(form).to_string()
    } else {
        format!("{} to {}", first.format(form), last.format(form))
    })
}

fn facts(report: &Report, zone: Zone) -> Result<Vec<Fact>, TimeError> {
    let from = zone.label(parse_instant(&report.period.start)?);
    let to = zone.label(parse_instant(&report.period.end)?);
    let mut facts = vec![
        Fact { name: "Period", value: format!("{from} up to, not including, {to}") },
        Fact { name: "Time zone", value: report.time_zone.clone() },
        Fact {
            name: "Intervals",
            value: format!("{} of {}", count(report.period.intervals), report.resolution.replace("min", " min")),
        },
        Fact { name: "Ruleset", value: format!("{}, version {}", report.ruleset.id, report.ruleset.version) },
        Fact { name: "Report version", value: report.version.to_string() },
    ];
    if let Some(as_of) = &report.as_of {
        facts.push(Fact { name: "As recorded at", value: as_of.clone() });
    }
    if let Some(replaces) = &report.replaces {
        facts.push(Fact { name: "Replaces", value: replaces.clone() });
    }
    Ok(facts)
}

fn warning(report: &Report) -> String {
    match report.exceptions.len() {
        0 => String::new(),
        1 => "1 exception stands behind these figures.".to_string(),
        many => format!("{} exceptions stand behind these figures.", count(many)),
    }
}

fn provenance(report: &Report, engine: &str) -> Vec<Fact> {
    vec![
        Fact { name: "Schema", value: report.schema.clone() },
        Fact { name: "Engine", value: engine.to_string() },
        Fact { name: "Portfolio SHA-256", value: report.portfolio_sha256.clone() },
        Fact { name: "Period, UTC", value: format!("{} to {}", report.period.start, report.period.end) },
    ]
}
