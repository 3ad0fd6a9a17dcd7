//! The tables that run along things: boundaries, sites, storage.

use super::blocks::{Column, DASH, Section, Table, figure, id, text};
use super::headline::{cfe_score, fully_matched, matched_share, of_load};
use super::view::{View, tier_words};
use crate::english;
use crate::figures::NOT_SUPPLIED;
use crate::names::{self, Names};
use reports::report::{Emissions, StorageReport, Totals};

/// What the line of the whole is called.
const WHOLE: &str = "Portfolio";

/// Sections a report has at most for boundaries, and for sites; a table has all of them.
const SECTIONS: usize = 40;

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

/// The matched share and what stands beside it: what certificates back of it, where the report tells, the CFE score, and
/// intervals fully matched.
fn score_columns(view: &View<'_>) -> Vec<Column> {
    let mut columns = vec![figure("Matched share", "")];
    columns.extend(view.report.portfolio.backed.is_some().then(|| figure("of it backed by certificates", "")));
    columns.extend([figure("CFE score", ""), figure("Fully matched / with load", "intervals")]);
    columns
}

fn score_cells(view: &View<'_>, totals: &Totals) -> Vec<String> {
    let mut cells = vec![matched_share(totals)];
    if view.report.portfolio.backed.is_some() {
        let backed = names::backed(totals, "matched_share");
        let shown = backed.map(|of| of.figure(english::percent, |wh| view.energy.down(wh)));
        cells.push(shown.unwrap_or_else(|| DASH.to_string()));
    }
    cells.extend([cfe_score(totals), fully_matched(totals)]);
    cells
}

pub fn boundaries(view: &View<'_>, ids: &[Option<String>]) -> Section {
    let report = view.report;
    let mut section = Section::new(
        "boundaries",
        "Market boundaries",
        "Energy is matched inside a boundary. It passes to another one only over a declared link, in hours whose prices \
         pass the test.",
    );
    if report.boundaries.is_empty() {
        section.notes.push("No boundaries.".into());
        return section;
    }
    let mwh = |name: &str| figure(name, "MWh");
    let names = ["Load", "Contracted", "Matched", "Stored", "Surplus", "Unmatched", "Grid carbon-free"];
    let head = || std::iter::once(id("Boundary"));
    let mut energy = Table::new("Energy by boundary", head().chain(names.map(mwh)));
    let volumetric = [figure(view.names.volumetric(), ""), figure(view.names.volumetric_capped(), "")];
    let metered = figure("Matched share, metered only", "");
    let columns = score_columns(view).into_iter().chain(volumetric).chain([metered]);
    let mut scores = Table::new("Scores by boundary", head().chain(columns));
    let shown = optional(report.boundaries.iter().map(|b| &b.totals).chain([&report.portfolio]));
    let caption = format!("Emissions by boundary, {} factors", report.factor_basis);
    let columns = emission_columns(view.names, true, &shown);
    let mut mass = Table::new(caption, head().chain([text("Unmatched energy takes")]).chain(columns));
    let mass_cells = |tier: String, totals: &Totals| {
        let mut cells = vec![tier];
        cells.extend(emission_cells(&totals.emissions, true, &shown));
        cells
    };
    for (boundary, id) in report.boundaries.iter().zip(ids) {
        let (link, totals) = (|| id.clone().unwrap_or_default(), &boundary.totals);
        energy.push_linked(&boundary.id, link(), energy_cells(view, totals));
        scores.push_linked(&boundary.id, link(), boundary_scores(view, totals));
        mass.push_linked(&boundary.id, link(), mass_cells(tier_words(&boundary.fallback_tier), totals));
    }
    energy.push_strong(WHOLE, energy_cells(view, &report.portfolio));
    scores.push_strong(WHOLE, boundary_scores(view, &report.portfolio));
    mass.push_strong(WHOLE, mass_cells(String::new(), &report.portfolio));
    section.tables.extend([energy, scores, mass]);
    section
}

fn energy_cells(view: &View<'_>, totals: &Totals) -> Vec<String> {
    let energy = view.energy;
    vec![
        energy.up(totals.load_wh),
        energy.down(totals.contracted_wh),
        energy.down(totals.matched_wh),
        energy.down(totals.stored_wh),
        energy.down(totals.surplus_wh),
        energy.up(totals.unmatched_wh),
        energy.down(totals.grid_cfe_wh),
    ]
}

fn boundary_scores(view: &View<'_>, totals: &Totals) -> Vec<String> {
    let mut cells = score_cells(view, totals);
    let volumetric = [&totals.annual_share, &totals.annual_share_capped, &totals.matched_metered_share];
    cells.extend(volumetric.map(|share| of_load(share.as_ref())));
    cells
}

pub fn sites(view: &View<'_>, ids: &[Option<String>]) -> Section {
    let (report, wh) = (view.report, view.energy);
    let mut section = Section::new("sites", "Sites", "Matched energy as allocated to each site under the ruleset.");
    if report.sites.is_empty() {
        section.notes.push("No sites.".into());
        return section;
    }
    let mut energy = Table::new(
        "Energy by site",
        [
            id("Site"),
            id("Boundary"),
            text("Time zone"),
            figure("Load", "MWh"),
            figure("Metered load", "MWh"),
            figure("Matched", "MWh"),
            figure("Unmatched", "MWh"),
            figure("Grid carbon-free", "MWh"),
        ],
    );
    let shown = optional(report.sites.iter().map(|site| &site.totals));
    let columns = score_columns(view).into_iter().chain(emission_columns(view.names, false, &shown));
    let caption = format!("Scores and emissions by site, {} factors", report.factor_basis);
    let mut scores = Table::new(caption, std::iter::once(id("Site")).chain(columns));
    for (site, id) in report.sites.iter().zip(ids) {
        let (totals, link) = (&site.totals, id.clone().unwrap_or_default());
        let cells = vec![
            site.boundary.clone(),
            site.time_zone.clone(),
            wh.up(totals.load_wh),
            wh.up(totals.metered_load_wh),
            wh.down(totals.matched_wh),
            wh.up(totals.unmatched_wh),
            wh.down(totals.grid_cfe_wh),
        ];
        let label = report.labels.site_with_id(&site.id);
        energy.push_linked(label.clone(), link.clone(), cells);
        let mut cells = score_cells(view, totals);
        cells.extend(emission_cells(&totals.emissions, false, &shown));
        scores.push_linked(label, link, cells);
    }
    section.tables.extend([energy, scores]);
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
            id("Storage"),
            id("Site"),
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
        [id("Storage"), text("From"), text("To"), figure("Efficiency", ""), text("Basis")],
    );
    for s in storage {
        for w in &s.windows {
            let efficiency = english::percent(&w.efficiency);
            table.push(&s.id, vec![view.local(&w.start), view.local(&w.end), efficiency, w.basis.clone()]);
        }
    }
    table
}
