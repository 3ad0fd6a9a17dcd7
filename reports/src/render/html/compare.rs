//! Figures side by side: this period and the one before, this version and the one it replaces.

use super::format::{Cut, NOT_STATED, NOT_SUPPLIED, signed};
use super::headline::{cfe_score, fully_matched, matched_share, of_load};
use super::table::{Fact, Section, Table, figure, text};
use super::view::{View, span};
use crate::render::figures::{Unit, named};
use crate::report::{Report, Totals};
use crate::time::TimeError;

const NO_CHANGE: &str = "\u{2013}";

/// A figure in words, then before, after, and the change.
type Row = (String, [String; 3]);

pub fn previous(view: &View<'_>, before: &Report) -> Result<Section, TimeError> {
    let (now, language) = (view.report, view.language);
    let (then_span, now_span) = (span(before, language)?, span(now, language)?);
    let mut section = Section::new(
        "previous",
        "Against the period before",
        "The same figures of two periods. Changes lie between the figures as shown.",
    );
    let columns = || [figure("Period before", ""), figure("This period", ""), figure("Change", "")];
    let head = |name: &'static str| std::iter::once(text(name)).chain(columns());
    let mut table = Table::new(format!("Headline figures: {then_span} against {now_span}"), head("Figure"));
    for (name, cells) in totals_rows(view, &before.portfolio, &now.portfolio) {
        table.push(name, cells.to_vec());
    }
    let mut shares = Table::new("Matched share by boundary", head("Boundary"));
    let absent = || "not in the report".to_string();
    for boundary in &now.boundaries {
        let then = before.boundaries.iter().find(|b| b.id == boundary.id).map(|b| &b.totals);
        let then = then.map_or_else(absent, |totals| matched_share(totals, language));
        let is = matched_share(&boundary.totals, language);
        let change = points(view, &then, &is);
        shares.push(&boundary.id, vec![then, is, change]);
    }
    for gone in before.boundaries.iter().filter(|b| now.boundaries.iter().all(|n| n.id != b.id)) {
        shares.push(&gone.id, vec![matched_share(&gone.totals, language), absent(), NO_CHANGE.into()]);
    }
    section.tables.extend([table, shares]);
    section.notes = differences(before, now);
    Ok(section)
}

/// Why two periods may not be like for like.
fn differences(before: &Report, now: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    let mut when = |differs: bool, text: String| {
        if differs {
            notes.push(text);
        }
    };
    let rules = |r: &Report| format!("{} version {}", r.ruleset.id, r.ruleset.version);
    when(
        rules(before) != rules(now),
        format!(
            "Not like for like: the period before was computed under {}, this one under {}.",
            rules(before),
            rules(now)
        ),
    );
    when(
        before.factor_basis != now.factor_basis,
        format!("Emissions are on different factors: {} before, {} now.", before.factor_basis, now.factor_basis),
    );
    when(before.name != now.name, format!("The report before is of another portfolio: {}.", before.name));
    let hours = |r: &Report| r.period.intervals as i128 * minutes(r);
    when(hours(before) != hours(now), "The two periods are not equally long.".into());
    when(before.synthetic != now.synthetic, "One of the two reports is of synthetic data.".into());
    notes
}

fn minutes(report: &Report) -> i128 {
    crate::time::Resolution::parse(&report.resolution).map_or(0, |resolution| i128::from(resolution.minutes()))
}

fn totals_rows(view: &View<'_>, then: &Totals, now: &Totals) -> Vec<Row> {
    let (language, energy) = (view.language, view.energy);
    let share = |name: &str, was: String, is: String| -> Row {
        let change = points(view, &was, &is);
        (name.to_string(), [was, is, change])
    };
    let wh = |name: &str, pick: fn(&Totals) -> i128, cut: Cut| -> Row {
        let (was, is) = (pick(then), pick(now));
        (format!("{name}, MWh"), [energy.shown(was, cut), energy.shown(is, cut), energy.change(was, is, cut)])
    };
    let grams = |name: &str, pick: fn(&Totals) -> Option<i128>| -> Row {
        let (was, is) = (pick(then), pick(now));
        let shown = |g| language.tonnes(g).unwrap_or_else(|| NOT_SUPPLIED.to_string());
        (format!("{name}, t CO\u{2082}e"), [shown(was), shown(is), tonnes_change(view, was, is)])
    };
    let capped = |t: &Totals| of_load(t.annual_share_capped.as_ref(), language);
    let volume = |t: &Totals| of_load(t.annual_share.as_ref(), language);
    let mut rows = vec![
        share("Matched share, hourly", matched_share(then, language), matched_share(now, language)),
        share("CFE score", cfe_score(then, language), cfe_score(now, language)),
        share("Annual volumetric share", volume(then), volume(now)),
        share("Annual volumetric share, capped", capped(then), capped(now)),
        (
            "Intervals fully matched / intervals with load".to_string(),
            [fully_matched(then, language), fully_matched(now, language), NO_CHANGE.to_string()],
        ),
        wh("Load", |t| t.load_wh, Cut::Up),
        wh("Contracted", |t| t.contracted_wh, Cut::Down),
        wh("Matched", |t| t.matched_wh, Cut::Down),
        wh("Surplus", |t| t.surplus_wh, Cut::Down),
        grams("Location-based", |t| t.emissions.location_based_g),
        grams("Market-based, annual (2015 guidance)", |t| t.emissions.market_based_annual_g),
        grams("Market-based, hourly (draft)", |t| t.emissions.market_based_hourly_g),
    ];
    let either = |pick: fn(&Totals) -> Option<i128>| pick(then).is_some() || pick(now).is_some();
    if either(|t| t.emissions.upstream_g) {
        rows.push(grams("Upstream, Scope 3", |t| t.emissions.upstream_g));
    }
    rows
}

/// Percentage points between two shares as shown.
fn points(view: &View<'_>, was: &str, is: &str) -> String {
    match (shown_hundredths(was), shown_hundredths(is)) {
        (Some(was), Some(is)) => {
            format!("{} points", signed(is - was, view.language.units(is - was, 2)))
        }
        _ => NO_CHANGE.to_string(),
    }
}

/// Hundredths of a percent in a share as shown, whatever its separators.
fn shown_hundredths(shown: &str) -> Option<i128> {
    let digits: String = shown.strip_suffix(" %")?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn tonnes_change(view: &View<'_>, was: Option<i128>, is: Option<i128>) -> String {
    match (was, is) {
        (Some(was), Some(is)) => {
            let change = Cut::Up.units(is, 3) - Cut::Up.units(was, 3);
            signed(change, view.language.units(change, 3))
        }
        _ => NO_CHANGE.to_string(),
    }
}

/// What a restatement changed.
pub fn restatement(view: &View<'_>) -> Option<Section> {
    let report = view.report;
    let restated = report.restatement.as_ref()?;
    let mut section = Section::new(
        "restatement",
        "Against the version before",
        format!(
            "Version {} replaces an earlier report of the same period. Every affected interval was computed again; {} {} \
             changed.",
            report.version,
            view.language.count(restated.intervals_changed),
            if restated.intervals_changed == 1 { "interval" } else { "intervals" },
        ),
    );
    section.facts = vec![
        Fact::new("Reason", restated.reason.clone()),
        Fact::new("Actor", restated.actor.clone()),
        Fact::new("Root of the pack replaced", report.replaces.clone().unwrap_or_else(|| NOT_STATED.into())),
    ];
    let mut table =
        Table::new("Totals that changed", [text("Scope"), text("Figure"), figure("Before", ""), figure("After", "")]);
    for row in &restated.totals {
        let (name, unit) = named(&row.figure);
        let cells = vec![name.to_string(), delta_text(view, &row.before, unit), delta_text(view, &row.after, unit)];
        table.push(&row.scope, cells);
    }
    if restated.totals.is_empty() {
        section.notes.push("No total changed.".into());
    } else {
        section.tables.push(table);
    }
    Some(section)
}

/// Whole Wh and grams, exact; shares with all their decimals, since a restatement may change the last.
fn delta_text(view: &View<'_>, text: &str, unit: Unit) -> String {
    match unit {
        Unit::Whole => text.parse().map_or_else(|_| text.to_string(), |value| view.language.whole(value)),
        Unit::Share => view.language.score(text),
        Unit::Text => text.to_string(),
    }
}
