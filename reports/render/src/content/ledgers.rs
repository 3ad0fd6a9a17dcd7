//! The tables that run along things: boundaries, sites, storage.

use super::english;
use super::format::NOT_SUPPLIED;
use super::headline::{cfe_score, fully_matched, matched_share, of_load};
use super::table::{Column, Section, Table, figure, text};
use super::view::{View, tier_words};
use crate::names::{self, Names};
use reports::report::{BoundaryReport, Emissions, StorageReport, Totals};

/// Sections a page has at most for boundaries, and for sites; a table has all of them.
pub const SECTIONS: usize = 40;

/// Ids of the sections that the largest of a list have, by its index; none for the rest.
pub fn section_ids(kind: &str, loads: impl Iterator<Item = i128>) -> Vec<Option<String>> {
    let loads: Vec<i128> = loads.collect();
    let mut order: Vec<usize> = (0..loads.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(loads[*index]), *index));
    let mut ids = vec![None; loads.len()];
    for index in order.into_iter().take(SECTIONS) {
        ids[index] = Some(format!("{kind}-{}", index + 1));
    }
    ids
}

fn emission_columns(called: Names, with_annual: bool, optional: &[bool; 2]) -> Vec<Column> {
    let tonnes = |name: &str| figure(name, "t CO\u{2082}e");
    let mut columns = vec![tonnes("Location-based")];
    if with_annual {
        columns.push(tonnes(called.market_based()));
    }
    columns.push(tonnes("Market-based, hourly (draft)"));
    let names = ["Market-based, hourly (draft), without legacy", "Upstream, Scope 3"];
    columns.extend(names.iter().zip(optional).filter(|(_, shown)| **shown).map(|(name, _)| tonnes(name)));
    columns
}

fn emission_cells(e: &Emissions, with_annual: bool, optional: &[bool; 2]) -> Vec<String> {
    let mut grams = vec![e.location_based_g];
    if with_annual {
        grams.push(e.market_based_annual_g);
    }
    grams.push(e.market_based_hourly_g);
    let more = [e.market_based_hourly_without_legacy_g, e.upstream_g];
    grams.extend(more.into_iter().zip(optional).filter(|(_, shown)| **shown).map(|(g, _)| g));
    grams.into_iter().map(|g| english::tonnes(g).unwrap_or_else(|| NOT_SUPPLIED.to_string())).collect()
}

/// Which of the figures not every report has are there: without legacy, upstream.
fn optional<'a>(all: impl Iterator<Item = &'a Totals> + Clone) -> [bool; 2] {
    [
        all.clone().any(|totals| totals.emissions.market_based_hourly_without_legacy_g.is_some()),
        all.clone().any(|totals| totals.emissions.upstream_g.is_some()),
    ]
}

/// Heading and cell of what certificates back of the matched share, where the report tells.
const BACKED: &str = "of it backed by certificates";

fn backed_cell(view: &View<'_>, totals: &Totals) -> Option<String> {
    let backed = names::backed(totals, "matched_share")?;
    Some(backed.figure(english::percent, |wh| view.energy.down(wh)))
}

pub fn boundaries(view: &View<'_>, ids: &[Option<String>]) -> Section {
    let report = view.report;
    let mut section = Section::new(
        "boundaries",
        "Market boundaries",
        "Energy is matched inside a boundary. It passes to another one only over a declared link, in hours whose prices \
         pass the test.",
    );
    let mut columns = vec![
        text("Boundary"),
        figure("Load", "MWh"),
        figure("Contracted", "MWh"),
        figure("Matched", "MWh"),
        figure("Stored", "MWh"),
        figure("Surplus", "MWh"),
        figure("Unmatched", "MWh"),
        figure("Matched share", ""),
    ];
    columns.extend(report.portfolio.backed.is_some().then(|| figure(BACKED, "")));
    columns.extend([
        figure("CFE score", ""),
        figure(view.names.volumetric(), ""),
        figure("Fully matched", "intervals"),
    ]);
    let mut table = Table::new("Energy by boundary", columns);
    let shown = optional(report.boundaries.iter().map(|boundary| &boundary.totals));
    let head = [text("Boundary"), text("Unmatched energy takes")];
    let caption = format!("Emissions by boundary, {} factors", report.factor_basis);
    let mut mass = Table::new(caption, head.into_iter().chain(emission_columns(view.names, true, &shown)));
    for (boundary, id) in report.boundaries.iter().zip(ids) {
        let link = id.clone().unwrap_or_default();
        table.push_linked(&boundary.id, link.clone(), boundary_cells(view, boundary));
        let mut cells = vec![tier_words(&boundary.fallback_tier)];
        cells.extend(emission_cells(&boundary.totals.emissions, true, &shown));
        mass.push_linked(&boundary.id, link, cells);
    }
    section.tables.extend([table, mass]);
    section
}

fn boundary_cells(view: &View<'_>, boundary: &BoundaryReport) -> Vec<String> {
    let (totals, energy) = (&boundary.totals, view.energy);
    let mut cells = vec![
        energy.up(totals.load_wh),
        energy.down(totals.contracted_wh),
        energy.down(totals.matched_wh),
        energy.down(totals.stored_wh),
        energy.down(totals.surplus_wh),
        energy.up(totals.unmatched_wh),
        matched_share(totals),
    ];
    cells.extend(backed_cell(view, totals));
    cells.extend([cfe_score(totals), of_load(totals.annual_share.as_ref()), fully_matched(totals)]);
    cells
}

pub fn sites(view: &View<'_>, ids: &[Option<String>]) -> Section {
    let (report, energy) = (view.report, view.energy);
    let mut section = Section::new("sites", "Sites", "Matched energy as allocated to each site under the ruleset.");
    let mut columns = vec![
        text("Site"),
        text("Boundary"),
        text("Time zone"),
        figure("Load", "MWh"),
        figure("Metered load", "MWh"),
        figure("Matched", "MWh"),
        figure("Unmatched", "MWh"),
        figure("Matched share", ""),
    ];
    columns.extend(report.portfolio.backed.is_some().then(|| figure(BACKED, "")));
    columns.extend([figure("CFE score", ""), figure("Fully matched", "intervals")]);
    let mut table = Table::new("Energy by site", columns);
    let shown = optional(report.sites.iter().map(|site| &site.totals));
    let head = [text("Site"), text("Boundary")];
    let caption = format!("Emissions by site, {} factors", report.factor_basis);
    let mut mass = Table::new(caption, head.into_iter().chain(emission_columns(view.names, false, &shown)));
    for (site, id) in report.sites.iter().zip(ids) {
        let (totals, link) = (&site.totals, id.clone().unwrap_or_default());
        let mut cells = vec![
            site.boundary.clone(),
            site.time_zone.clone(),
            energy.up(totals.load_wh),
            energy.up(totals.metered_load_wh),
            energy.down(totals.matched_wh),
            energy.up(totals.unmatched_wh),
            matched_share(totals),
        ];
        cells.extend(backed_cell(view, totals));
        cells.extend([cfe_score(totals), fully_matched(totals)]);
        let label = report.labels.site_with_id(&site.id);
        table.push_linked(label.clone(), link.clone(), cells);
        let mut cells = vec![site.boundary.clone()];
        cells.extend(emission_cells(&totals.emissions, false, &shown));
        mass.push_linked(label, link, cells);
    }
    section.tables.extend([table, mass]);
    if ids.iter().any(Option::is_none) {
        section.notes.push(format!("The {SECTIONS} sites with the largest load have sections of their own."));
    }
    section
}

/// Storage: what went in, what came out, and what of it was re-issued.
pub fn storage(view: &View<'_>) -> Option<Section> {
    if view.report.storage.is_empty() {
        return None;
    }
    let mut section = Section::new(
        "storage",
        "Storage",
        "Charge takes only surplus, after all load; what is discharged is re-issued for the clean part of the charge, \
         less losses, oldest charge first. What was held at the start of the period is never clean.",
    );
    let storage: Vec<&StorageReport> = view.report.storage.iter().collect();
    section.tables.extend([flows(view, &storage), windows(view, &storage)]);
    Some(section)
}

pub fn flows(view: &View<'_>, storage: &[&StorageReport]) -> Table {
    let energy = view.energy;
    let mut table = Table::new(
        "Energy by storage",
        [
            text("Storage"),
            text("Site"),
            figure("Charged", "MWh"),
            figure("of it clean", "MWh"),
            figure("Discharged", "MWh"),
            figure("Re-issued", "MWh"),
            figure("Held at the start", "MWh"),
            text("Known from"),
        ],
    );
    for s in storage {
        let known = if s.opening_known { "a state reading" } else { "the least the readings allow" };
        table.push(
            &s.id,
            vec![
                view.report.labels.site(&s.site).to_string(),
                energy.up(s.charge_wh),
                energy.down(s.clean_charge_wh),
                energy.down(s.discharge_wh),
                energy.down(s.reissued_wh),
                energy.up(i128::from(s.opening_wh)),
                known.to_string(),
            ],
        );
    }
    table
}

fn windows(view: &View<'_>, storage: &[&StorageReport]) -> Table {
    let mut table = Table::new(
        "Round-trip efficiency by window: out / (in + held at the start - held at the end), at most 1",
        [text("Storage"), text("From"), text("To"), figure("Efficiency", ""), text("Basis")],
    );
    for s in storage {
        for w in &s.windows {
            let efficiency = english::percent(&w.efficiency);
            table.push(&s.id, vec![view.local(&w.start), view.local(&w.end), efficiency, w.basis.clone()]);
        }
    }
    table
}
