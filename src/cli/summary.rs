//! A report as text: headline figures side by side, each by its name, with what of it certificates back.

use super::common::{counted, table};
use comfy_table::Table;
use render::english::Energy;
use render::figures::{
    Cut, NOT_APPLICABLE, NOT_SUPPLIED, mass_decimals, own_generation, plain_mwh, purchased, without_cfe_score,
};
use render::names::{self, NO_CERTIFICATES, Names, Of};
use reports::report::{DeltaRow, Figure, OverlapReport, Report, Scope, Totals};
use reports::units::Floored;

pub(super) fn render(report: &Report) -> String {
    let synthetic = if report.synthetic { ", synthetic data" } else { "" };
    let mut text = format!(
        "{}: {} to {}, ruleset {} version {}{synthetic}\n{}\n",
        report.name,
        report.period.start,
        report.period.end,
        report.ruleset.id,
        report.ruleset.version,
        table(report)
    );
    text.extend(unmatched(report));
    text.extend(report.overlaps.iter().flat_map(overlapping).map(|line| line + "\n"));
    text.push_str(&format!("inputs sha256 {}\n", report.inputs_sha256.as_deref().unwrap_or("not stated")));
    text
}

fn share(share: Option<Floored>) -> String {
    share.map_or_else(|| NOT_APPLICABLE.into(), |share| share.to_string())
}

fn grams(g: Option<i128>) -> String {
    g.map_or(NOT_SUPPLIED.into(), |g| format!("{} t CO2e ({g} g)", plain_mwh(g, mass_decimals(g), Cut::Up)))
}

/// Adds a row: its name, and each column's figure.
type Add<'a> = &'a mut dyn FnMut(&str, &dyn Fn(&Totals) -> String);

fn table(report: &Report) -> Table {
    let columns = ["", "portfolio"].into_iter().chain(report.boundaries.iter().map(|b| b.id.as_str()));
    let mut table = table::new(columns, []);
    let all: Vec<&Totals> =
        std::iter::once(&report.portfolio).chain(report.boundaries.iter().map(|b| &b.totals)).collect();
    let mut add = |name: &str, value: &dyn Fn(&Totals) -> String| {
        table.add_row(std::iter::once(name.to_string()).chain(all.iter().map(|t| value(t))));
    };
    let energy = Energy::new(report);
    energies(report, energy, &mut add);
    let called = Names::new(report);
    // What a figure is followed by where the ruleset tells it.
    let has_backed = report.portfolio.backed.is_some();
    let backed = |add: Add<'_>, figure: Figure| {
        if has_backed {
            add("  backed by cancelled certificates", &|t| of_it(t, figure, energy));
        }
    };
    add("matched share (hourly)", &|t| share(t.matched_share));
    backed(&mut add, Figure::MatchedShare);
    add("CFE score", &|t| t.cfe_score.map_or_else(|| without_cfe_score(t).into(), |score| score.to_string()));
    backed(&mut add, Figure::CfeScore);
    add(&lower(called.volumetric()), &|t| share(t.annual_share));
    backed(&mut add, Figure::AnnualShare);
    add("intervals fully matched", &|t| format!("{} of {}", t.intervals_fully_matched, t.intervals_with_load));
    add("location-based", &|t| grams(t.emissions.location_based_g));
    add(&lower(called.market_based()), &|t| grams(t.emissions.market_based_annual_g));
    backed(&mut add, Figure::MarketBasedAnnualG);
    add("market-based, hourly (draft)", &|t| grams(t.emissions.market_based_hourly_g));
    backed(&mut add, Figure::MarketBasedHourlyG);
    if report.portfolio.emissions.market_based_hourly_without_legacy_g.is_some() {
        add("the same without legacy", &|t| grams(t.emissions.market_based_hourly_without_legacy_g));
    }
    if report.portfolio.emissions.upstream_g.is_some() {
        add("upstream (Scope 3)", &|t| grams(t.emissions.upstream_g));
    }
    if own_generation(&report.portfolio).is_some() {
        add("own generation (Scope 1)", &|t| grams(t.emissions.scope_1_g.flatten()));
    }
    table
}

fn energies(report: &Report, energy: Energy, add: Add<'_>) {
    add("load MWh", &|t| energy.plain(t.load_wh, Cut::Up));
    let up = |wh: Option<i128>| wh.map_or_else(|| NOT_APPLICABLE.into(), |wh| energy.plain(wh, Cut::Up));
    // Inventories weigh what was purchased; where that is the load, nobody need read it twice.
    let differs = |t: &Totals| purchased(t).is_some();
    if differs(&report.portfolio) || report.boundaries.iter().any(|b| differs(&b.totals)) {
        add("purchased MWh", &|t| up(t.purchased_wh));
        add("storage losses MWh", &|t| up(t.storage_losses_wh));
    }
    if own_generation(&report.portfolio).is_some() {
        add("own generation, Scope 1, MWh", &|t| up(t.scope_1_wh));
        add("own generation, Scope 1, of load", &|t| share(t.scope_1_share));
    }
    add("contracted MWh", &|t| energy.plain(t.contracted_wh, Cut::Down));
    add("matched MWh", &|t| energy.plain(t.matched_wh, Cut::Down));
    if report.portfolio.stored_wh > 0 || report.portfolio.reissued_wh > 0 {
        add("charged clean MWh", &|t| energy.plain(t.stored_wh, Cut::Down));
        add("re-issued of it MWh", &|t| energy.plain(t.reissued_wh, Cut::Down));
    }
    add("surplus MWh", &|t| energy.plain(t.surplus_wh, Cut::Down));
    add("unmatched MWh", &|t| energy.plain(t.unmatched_wh, Cut::Up));
}

/// What of a figure cancelled certificates back.
fn of_it(totals: &Totals, figure: Figure, energy: Energy) -> String {
    match names::backed(totals, figure) {
        None => NOT_APPLICABLE.into(),
        Some(Of::Share(share)) => share.to_string(),
        Some(Of::Wh(wh)) => format!("{} MWh", energy.plain(wh, Cut::Down)),
        Some(Of::Part(_, 0)) => "nothing counted".into(),
        Some(Of::Part(wh, claimed)) => {
            format!("{} of {} MWh", energy.plain(wh, Cut::Down), energy.plain(claimed, Cut::Down))
        }
        Some(Of::Unknown) => NO_CERTIFICATES.into(),
    }
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Why load went unmatched, where there is any.
fn unmatched(report: &Report) -> Option<String> {
    let parts = report.unmatched.filter(|_| report.portfolio.unmatched_wh > 0)?;
    let up = |wh: i128| Energy::new(report).plain(wh, Cut::Up);
    let own = match parts.own_generation_wh {
        0 => String::new(),
        wh => format!(", own generation that is not carbon-free {}", up(wh)),
    };
    Some(format!(
        "unmatched MWh: never contracted {}, contracted at other hours {}, contracted elsewhere in the hour {}{own}\n",
        up(parts.never_contracted_wh),
        up(parts.other_hours_wh),
        up(parts.elsewhere_wh)
    ))
}

/// A figure before and after.
pub(super) fn before_after(row: &DeltaRow) -> String {
    format!("{}: {} -> {}", row.figure.name(), row.before, row.after)
}

/// A published report of another period, and what of its hours is another here, line by line.
pub(super) fn overlapping(overlap: &OverlapReport) -> Vec<String> {
    let OverlapReport { period, version, root, shared, intervals_changed, totals, .. } = overlap;
    let changed = match intervals_changed {
        None => "no whole interval in common".to_string(),
        Some(0) => "no interval has changed".to_string(),
        Some(some) => format!("{} changed", counted(some, "interval has", "intervals have")),
    };
    let mut lines = vec![format!(
        "published before: {} to {}, version {version}, root {root}; shared hours {} to {}: {changed}",
        period.start, period.end, shared.start, shared.end
    )];
    let portfolio = totals.iter().filter(|row| row.scope == Scope::Portfolio);
    lines.extend(portfolio.map(|row| format!("  {}", before_after(row))));
    lines
}
