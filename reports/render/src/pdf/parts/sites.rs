//! Sites: where they lie, how they are metered, what they used.

use crate::names;
use crate::pdf::figures::{NOT_STATED, estimated, percent, ratio, share, stated, tonnes, yes_no};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::scores::{cfe_score, fully_matched, matched_share};
use crate::pdf::table::{Table, figure, id, text};

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.section("Sites", "Matched energy as allocated to each site under the ruleset.");
    if frame.report.sites.is_empty() {
        flow.note("No sites.");
        return;
    }
    metering(frame).draw(flow);
    energy(frame).draw(flow);
    scores(frame).draw(flow);
}

fn metering(frame: &Frame<'_>) -> Table {
    let mut table = Table::new(
        "Sites and their meters",
        &[
            id("Site"),
            text("Boundary"),
            text("Time zone"),
            id("Meter"),
            text("Accuracy class"),
            figure("Metered coverage"),
            figure("Ownership"),
            text("Leased"),
            figure("Estimated load"),
        ],
    );
    for site in &frame.report.sites {
        let load = &site.totals.quality.load;
        table.row(vec![
            frame.report.labels.site_with_id(&site.id),
            site.boundary.clone(),
            site.time_zone.clone(),
            stated(site.meter.as_ref()),
            stated(site.accuracy_class.as_ref()),
            share(load.measured + load.validated + load.calculated, site.totals.metered_load_wh),
            site.ownership_share.as_deref().map_or_else(|| NOT_STATED.to_string(), ratio),
            site.leased.map_or_else(|| NOT_STATED.to_string(), yes_no),
            estimated(site.estimated_share.as_deref()),
        ]);
    }
    table
}

fn energy(frame: &Frame<'_>) -> Table {
    let mut table = Table::new(
        "Energy by site, MWh",
        &[
            id("Site"),
            figure("Load, with losses"),
            figure("Load, as metered"),
            figure("Matched"),
            figure("Unmatched"),
            figure("Grid carbon-free"),
        ],
    );
    for site in &frame.report.sites {
        let totals = &site.totals;
        table.row(vec![
            frame.report.labels.site_with_id(&site.id),
            frame.energy.up(totals.load_wh),
            frame.energy.up(totals.metered_load_wh),
            frame.energy.down(totals.matched_wh),
            frame.energy.up(totals.unmatched_wh),
            frame.energy.down(totals.grid_cfe_wh),
        ]);
    }
    table
}

fn scores(frame: &Frame<'_>) -> Table {
    let mut table = Table::new(
        "Scores and emissions by site",
        &[
            id("Site"),
            figure("Matched share"),
            figure("Of it backed by certificates"),
            figure("CFE score"),
            figure("Fully matched / with load"),
            figure("Location-based, t CO2e"),
            figure("Market-based hourly (draft), t CO2e"),
        ],
    );
    for site in &frame.report.sites {
        let totals = &site.totals;
        let backed = names::backed(totals, "matched_share");
        table.row(vec![
            frame.report.labels.site_with_id(&site.id),
            matched_share(totals),
            backed.map_or_else(|| "\u{2013}".to_string(), |of| of.figure(percent, |wh| frame.energy.down(wh))),
            cfe_score(totals),
            fully_matched(totals),
            tonnes(totals.emissions.location_based_g),
            tonnes(totals.emissions.market_based_hourly_g),
        ]);
    }
    table
}
