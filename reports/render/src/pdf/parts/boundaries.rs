//! Market boundaries: energy, scores and emissions.

use crate::names;
use crate::pdf::figures::{NOT_STATED, percent, percent_or_none, tonnes};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::scores::{cfe_score, fully_matched, matched_share};
use crate::pdf::table::{Table, figure, id, text};
use reports::report::{Emissions, Totals};

const WHOLE: &str = "Portfolio";

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.section(
        "Market boundaries",
        "Energy is matched only inside a boundary, or over a declared link in hours that pass its price test.",
    );
    if frame.report.boundaries.is_empty() {
        flow.note("No boundaries.");
        return;
    }
    energy(frame).draw(flow);
    scores(frame).draw(flow);
    emissions(frame).draw(flow);
    flow.note(
        "Whole grams, rounded up once, shown in t CO2e rounded up. What is left unmatched takes the first of these \
         that is supplied: residual mix, fossil-only factor, default fossil factor; never the grid average.",
    );
}

fn energy(frame: &Frame<'_>) -> Table {
    let mut table = Table::new(
        "Energy by boundary, MWh",
        &[
            id("Boundary"),
            figure("Load"),
            figure("Contracted"),
            figure("Matched"),
            figure("Stored"),
            figure("Surplus"),
            figure("Unmatched"),
            figure("Grid carbon-free"),
        ],
    );
    let cells = |name: &str, totals: &Totals| {
        let energy = frame.energy;
        vec![
            name.to_string(),
            energy.up(totals.load_wh),
            energy.down(totals.contracted_wh),
            energy.down(totals.matched_wh),
            energy.down(totals.stored_wh),
            energy.down(totals.surplus_wh),
            energy.up(totals.unmatched_wh),
            energy.down(totals.grid_cfe_wh),
        ]
    };
    for boundary in &frame.report.boundaries {
        table.row(cells(&boundary.id, &boundary.totals));
    }
    table.strong(cells(WHOLE, &frame.report.portfolio));
    table
}

fn scores(frame: &Frame<'_>) -> Table {
    let mut table = Table::new(
        "Scores by boundary",
        &[
            id("Boundary"),
            figure("Matched share"),
            figure("Of it backed by certificates"),
            figure("CFE score"),
            figure(frame.names.volumetric_short()),
            figure(frame.names.volumetric_capped_short()),
            figure("Metered only"),
            figure("Fully matched / with load"),
        ],
    );
    let cells = |name: &str, totals: &Totals| {
        let backed = names::backed(totals, "matched_share");
        vec![
            name.to_string(),
            matched_share(totals),
            backed.map_or_else(|| "\u{2013}".to_string(), |of| of.figure(percent, |wh| frame.energy.down(wh))),
            cfe_score(totals),
            percent_or_none(totals.annual_share.as_ref()),
            percent_or_none(totals.annual_share_capped.as_ref()),
            percent_or_none(totals.matched_metered_share.as_ref()),
            fully_matched(totals),
        ]
    };
    for boundary in &frame.report.boundaries {
        table.row(cells(&boundary.id, &boundary.totals));
    }
    table.strong(cells(WHOLE, &frame.report.portfolio));
    table
}

fn emissions(frame: &Frame<'_>) -> Table {
    let mut table = Table::new(
        "Emissions by boundary, t CO2e",
        &[
            id("Boundary"),
            text("Unmatched energy takes"),
            figure("Location-based"),
            figure(frame.names.market_based()),
            figure("Market-based hourly (draft)"),
            figure("Hourly without legacy"),
            figure("Upstream (Scope 3)"),
        ],
    );
    let cells = |name: &str, tier: String, emissions: &Emissions| {
        let or_none = |grams: Option<i128>| grams.map_or_else(|| "\u{2013}".to_string(), |grams| tonnes(Some(grams)));
        vec![
            name.to_string(),
            tier,
            tonnes(emissions.location_based_g),
            tonnes(emissions.market_based_annual_g),
            tonnes(emissions.market_based_hourly_g),
            or_none(emissions.market_based_hourly_without_legacy_g),
            or_none(emissions.upstream_g),
        ]
    };
    for boundary in &frame.report.boundaries {
        table.row(cells(&boundary.id, tiers(&boundary.fallback_tier), &boundary.totals.emissions));
    }
    table.strong(cells(WHOLE, String::new(), &frame.report.portfolio.emissions));
    table
}

/// The factors unmatched energy took, in words; a period may have taken several.
fn tiers(tiers: &str) -> String {
    let word = |tier: &str| match tier {
        "residual_intensity" => "residual mix".to_string(),
        "residual_computed" => "residual mix, computed here".to_string(),
        "fossil_intensity" => "fossil-only factor".to_string(),
        "default_fossil" => "default fossil factor".to_string(),
        "" => NOT_STATED.to_string(),
        other => other.to_string(),
    };
    tiers.split(", ").map(word).collect::<Vec<_>>().join(", ")
}
