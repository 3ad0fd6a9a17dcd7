//! The named figures at the top of the page. They answer different questions and never mix.

use super::format::{Energy, NOT_APPLICABLE, NOT_SUPPLIED, count, grouped, percent, percent_matched, tonnes};
use crate::report::{Report, Totals};

/// One figure with its name and one line of plain meaning.
#[derive(Debug, Clone)]
pub struct Figure {
    pub name: &'static str,
    pub value: String,
    pub unit: &'static str,
    pub meaning: String,
    pub class: &'static str,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub title: &'static str,
    pub class: &'static str,
    pub figures: Vec<Figure>,
}

fn figure(name: &'static str, value: String, meaning: impl Into<String>) -> Figure {
    let class = if value == NOT_APPLICABLE || value == NOT_SUPPLIED { "absent" } else { "" };
    Figure { name, value, unit: "", meaning: meaning.into(), class }
}

pub fn groups(report: &Report) -> Vec<Group> {
    let totals = &report.portfolio;
    vec![
        Group { title: "Hour by hour", class: "hourly", figures: hourly(totals) },
        Group { title: "Over the whole period", class: "annual", figures: annual(totals) },
        Group { title: "Emissions", class: "emissions", figures: emissions(totals) },
    ]
}

/// The matched share as text, or why there is none.
pub fn matched_share(totals: &Totals) -> String {
    match &totals.matched_share {
        Some(score) => percent_matched(score, totals.unmatched_wh),
        None => NOT_APPLICABLE.to_string(),
    }
}

/// The CFE score as text, or why there is none.
pub fn cfe_score(totals: &Totals) -> String {
    match &totals.cfe_score {
        Some(score) => percent(score),
        None if totals.load_wh == 0 => NOT_APPLICABLE.to_string(),
        None => NOT_SUPPLIED.to_string(),
    }
}

/// A share that is absent only where there is no load.
pub fn of_load(score: Option<&String>) -> String {
    score.map_or_else(|| NOT_APPLICABLE.to_string(), |score| percent(score))
}

/// `3,551 / 8,760`: intervals fully matched of those with load.
pub fn fully_matched(totals: &Totals) -> String {
    match totals.intervals_with_load {
        0 => NOT_APPLICABLE.to_string(),
        with_load => format!("{} / {}", count(totals.intervals_fully_matched), count(with_load)),
    }
}

fn hourly(totals: &Totals) -> Vec<Figure> {
    let mut lead = figure(
        "Matched share, hourly",
        matched_share(totals),
        "Load covered by contracted or own carbon-free supply in the same interval and the same grid boundary.",
    );
    lead.class = if lead.class.is_empty() { "lead" } else { "lead absent" };
    vec![
        lead,
        figure(
            "CFE score",
            cfe_score(totals),
            "Matched energy plus the grid's own carbon-free share of what was left. Not a claim on contracts.",
        ),
        figure(
            "Intervals fully matched / intervals with load",
            fully_matched(totals),
            "Intervals in which nothing was unmatched in any boundary.",
        ),
    ]
}

fn annual(totals: &Totals) -> Vec<Figure> {
    vec![
        figure(
            "Annual volumetric share",
            of_load(totals.annual_share.as_ref()),
            "All contracted energy over all load of the period, whenever it was generated. May exceed 100 %.",
        ),
        figure(
            "Annual volumetric share, capped",
            of_load(totals.annual_share_capped.as_ref()),
            "The same, but no boundary counts more than its own load. Says nothing about hours.",
        ),
        figure(
            "Matched share, metered only",
            of_load(totals.matched_metered_share.as_ref()),
            "The hourly matched share without estimated or profiled energy.",
        ),
    ]
}

fn mass(name: &'static str, grams: Option<i128>, meaning: &str) -> Figure {
    match (tonnes(grams), grams) {
        (Some(value), Some(exact)) => {
            Figure { unit: "t CO\u{2082}e", ..figure(name, value, format!("{meaning} Exactly {} g.", grouped(exact))) }
        }
        _ => figure(name, NOT_SUPPLIED.to_string(), format!("{meaning} A factor it needs was never supplied.")),
    }
}

fn emissions(totals: &Totals) -> Vec<Figure> {
    let emissions = &totals.emissions;
    let mut figures = vec![
        mass(
            "Location-based",
            emissions.location_based_g,
            "All load at the grid's average intensity. Contracts play no part.",
        ),
        mass(
            "Market-based, annual (2015 guidance)",
            emissions.market_based_annual_g,
            "Contracts applied to the period's volume; the rest takes the fallback factor.",
        ),
        mass(
            "Market-based, hourly (draft)",
            emissions.market_based_hourly_g,
            "Contracts applied hour by hour; the rest takes the fallback factor. Follows a draft not in force.",
        ),
    ];
    if emissions.upstream_g.is_some() {
        figures.push(mass(
            "Upstream, Scope 3",
            emissions.upstream_g,
            "Life-cycle minus direct factors. Belongs to no figure beside it.",
        ));
    }
    figures
}

/// The energy balance behind the figures.
pub fn balance(totals: &Totals, energy: Energy) -> Vec<Figure> {
    let line = |name, value, meaning: &str| Figure { unit: "MWh", ..figure(name, value, meaning) };
    let mut figures = vec![
        line("Load", energy.up(totals.load_wh), "used by the sites"),
        line("Contracted", energy.down(totals.contracted_wh), "delivered carbon-free"),
        line("Matched", energy.down(totals.matched_wh), "in the same interval"),
        line("Unmatched", energy.up(totals.unmatched_wh), "left to the grid"),
        line("Surplus", energy.down(totals.surplus_wh), "unused, never carried over"),
    ];
    if totals.stored_wh != 0 {
        figures.push(line("Stored", energy.down(totals.stored_wh), "charged from surplus"));
    }
    figures
}
