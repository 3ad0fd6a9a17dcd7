//! The tables that run along things: boundaries, sites, storage.

use super::blocks::{Column, DASH, Section, Table, figure, id, text};
use super::headline::{cfe_score, fully_matched, matched_share, of_load};
use super::view::{View, tier_words};
use crate::english::{self, Energy};
use crate::figures::{Cut, NOT_SUPPLIED};
use crate::names;
use reports::report::{EfficiencyWindow, Emissions, Figure, SiteReport, StorageReport, Totals};

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

/// A place or the whole: its name, what may stand beside that, and its totals.
type Row<'a> = (String, Vec<String>, &'a Totals);

/// What a column has of totals.
type Text<'a> = Box<dyn Fn(&Totals) -> String + 'a>;

fn column<'a>(head: Column, text: impl Fn(&Totals) -> String + 'a) -> (Column, Text<'a>) {
    (head, Box::new(text))
}

fn mwh(energy: Energy, name: &str, cut: Cut, wh: fn(&Totals) -> i128) -> (Column, Text<'static>) {
    column(figure(name, "MWh"), move |totals| energy.shown(wh(totals), cut))
}

/// A line for each row: under `first` its name and as many texts as that has columns, then what the columns have.
fn table(caption: impl Into<String>, first: &[Column], columns: &[(Column, Text<'_>)], rows: &[Row<'_>]) -> Table {
    let mut table = Table::new(caption, first.iter().chain(columns.iter().map(|(head, _)| head)).cloned());
    for (name, texts, totals) in rows {
        let texts = texts.iter().take(first.len().saturating_sub(1)).cloned();
        table.push(name, texts.chain(columns.iter().map(|(_, text)| text(totals))).collect());
    }
    table
}

/// Emissions in tonnes; a site has no annual figure of its own, and not every report has the last two.
fn emissions<'a>(
    view: &View<'_>,
    all: impl Iterator<Item = &'a Totals> + Clone,
    annual: bool,
) -> Vec<(Column, Text<'static>)> {
    type Grams = fn(&Emissions) -> Option<i128>;
    let is_told = |grams: Grams| all.clone().any(|totals| grams(&totals.emissions).is_some());
    let [without_legacy, upstream]: [Grams; 2] = [|e| e.market_based_hourly_without_legacy_g, |e| e.upstream_g];
    let columns: [(&str, Grams, bool); 5] = [
        ("Location-based", |e| e.location_based_g, true),
        (view.names.market_based(), |e| e.market_based_annual_g, annual),
        ("Market-based, hourly (draft)", |e| e.market_based_hourly_g, true),
        ("Market-based, hourly (draft), without legacy", without_legacy, is_told(without_legacy)),
        ("Upstream, Scope 3", upstream, is_told(upstream)),
    ];
    let tonnes = |grams: Option<i128>| grams.map_or_else(|| NOT_SUPPLIED.to_string(), english::tonnes);
    let shown = columns.into_iter().filter(|(.., shown)| *shown);
    shown
        .map(|(name, grams, _)| column(figure(name, "t CO\u{2082}e"), move |totals| tonnes(grams(&totals.emissions))))
        .collect()
}

/// The matched share and what stands beside it: what certificates back of it, where the report tells, the CFE score, and
/// intervals fully matched.
fn scores<'a>(view: &'a View<'_>) -> Vec<(Column, Text<'a>)> {
    let backed = |totals: &Totals| {
        let backed = names::backed(totals, Figure::MatchedShare);
        backed.map_or_else(|| DASH.to_string(), |of| of.figure(view.energy))
    };
    let mut columns = vec![column(figure("Matched share", ""), matched_share)];
    if view.report.portfolio.backed.is_some() {
        columns.push(column(figure("of it backed by certificates", ""), backed));
    }
    columns.push(column(figure("CFE score", ""), cfe_score));
    columns.push(column(figure("Fully matched / with load", "intervals"), fully_matched));
    columns
}

pub fn boundaries(view: &View<'_>, ids: &[Option<String>]) -> Section {
    let (report, wh) = (view.report, view.energy);
    let mut section = Section::new(
        "boundaries",
        "Market boundaries",
        "Energy is matched inside a boundary. It passes to another one only over a declared link, in hours whose prices \
         pass the test.",
    );
    if report.boundaries.is_empty() {
        return section.with_note("No boundaries.");
    }
    let places = report.boundaries.iter().map(|b| (b.id.to_string(), vec![tier_words(&b.fallback_tier)], &b.totals));
    let rows: Vec<Row<'_>> = places.chain([(WHOLE.to_string(), vec![String::new()], &report.portfolio)]).collect();
    let energy = [
        mwh(wh, "Load", Cut::Up, |totals| totals.load_wh),
        mwh(wh, "Contracted", Cut::Down, |totals| totals.contracted_wh),
        mwh(wh, "Matched", Cut::Down, |totals| totals.matched_wh),
        mwh(wh, "Stored", Cut::Down, |totals| totals.stored_wh),
        mwh(wh, "Surplus", Cut::Down, |totals| totals.surplus_wh),
        mwh(wh, "Unmatched", Cut::Up, |totals| totals.unmatched_wh),
        mwh(wh, "Grid carbon-free", Cut::Down, |totals| totals.grid_cfe_wh),
    ];
    let mut shares = scores(view);
    shares.extend([
        column(figure(view.names.volumetric(), ""), |totals| of_load(totals.annual_share)),
        column(figure(view.names.volumetric_capped(), ""), |totals| of_load(totals.annual_share_capped)),
        column(figure("Matched share, metered only", ""), |totals| of_load(totals.matched_metered_share)),
    ]);
    let mass = emissions(view, rows.iter().map(|(.., totals)| *totals), true);
    let caption = format!("Emissions by boundary, {} factors", report.factor_basis);
    let first = [id("Boundary"), text("Unmatched energy takes")];
    let tables = [
        table("Energy by boundary", &first[..1], &energy, &rows),
        table("Scores by boundary", &first[..1], &shares, &rows),
        table(caption, &first, &mass, &rows),
    ];
    section.tables.extend(tables.map(|table| table.linked(ids).with_whole()));
    section
}

pub fn sites(view: &View<'_>, ids: &[Option<String>]) -> Section {
    let (report, wh) = (view.report, view.energy);
    let mut section = Section::new("sites", "Sites", "Matched energy as allocated to each site under the ruleset.");
    if report.sites.is_empty() {
        return section.with_note("No sites.");
    }
    let beside = |site: &SiteReport| vec![site.boundaries.to_string(), site.time_zone.to_string()];
    let rows = report.sites.iter().map(|site| (report.labels.site_with_id(&site.id), beside(site), &site.totals));
    let rows: Vec<Row<'_>> = rows.collect();
    let energy = [
        mwh(wh, "Load", Cut::Up, |totals| totals.load_wh),
        mwh(wh, "Metered load", Cut::Up, |totals| totals.metered_load_wh),
        mwh(wh, "Matched", Cut::Down, |totals| totals.matched_wh),
        mwh(wh, "Unmatched", Cut::Up, |totals| totals.unmatched_wh),
        mwh(wh, "Grid carbon-free", Cut::Down, |totals| totals.grid_cfe_wh),
    ];
    let mut shares = scores(view);
    shares.extend(emissions(view, rows.iter().map(|(.., totals)| *totals), false));
    let caption = format!("Scores and emissions by site, {} factors", report.factor_basis);
    let first = [id("Site"), id("Boundary"), text("Time zone")];
    let tables = [table("Energy by site", &first, &energy, &rows), table(caption, &first[..1], &shares, &rows)];
    section.tables.extend(tables.map(|table| table.linked(ids)));
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
    Table::listing(
        "Energy by storage",
        storage,
        &[
            (id("Storage"), &|s| s.id.to_string()),
            (id("Site"), &|s| view.report.labels.site(&s.site).to_string()),
            (figure("Charged", "MWh"), &|s| energy.up(s.charge_wh)),
            (figure("of it clean", "MWh"), &|s| energy.down(s.clean_charge_wh)),
            (figure("Discharged", "MWh"), &|s| energy.down(s.discharge_wh)),
            (figure("Re-issued", "MWh"), &|s| energy.down(s.reissued_wh)),
            (figure("Held at the start", "MWh"), &|s| energy.up(i128::from(s.opening_wh))),
            (text("Known from"), &|s| {
                if s.opening_known { "a state reading" } else { "the least the readings allow" }.to_string()
            }),
        ],
    )
}

fn windows(view: &View<'_>, storage: &[&StorageReport]) -> Table {
    let windows = storage.iter().flat_map(|s| s.windows.iter().map(|window| (s.id.as_str(), window)));
    let windows: Vec<(&str, &EfficiencyWindow)> = windows.collect();
    Table::listing(
        "Round-trip efficiency by window: out / (in + held at the start - held at the end), at most 1",
        &windows,
        &[
            (id("Storage"), &|(storage, _)| (*storage).to_string()),
            (text("From"), &|(_, window)| view.zone.label(window.start)),
            (text("To"), &|(_, window)| view.zone.label(window.end)),
            (figure("Efficiency", ""), &|(_, window)| english::percent(window.efficiency)),
            (text("Basis"), &|(_, window)| window.basis.name().to_string()),
        ],
    )
}
