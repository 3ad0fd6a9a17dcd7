//! Figures side by side: this period and the one before, this version and the one it replaces.

use super::blocks::{Column, DASH, Fact, Section, Table, figure, id, text};
use super::view::{View, span};
use crate::compare::{self, Row, Value};
use crate::english::{self, points_changed, signed, stated};
use crate::figures::Cut;
use crate::names::{Unit, named};
use reports::report::Report;
use reports::time::TimeError;

pub fn previous(view: &View<'_>, before: &Report) -> Result<Section, TimeError> {
    let now = view.report;
    let (then_span, now_span) = (span(before)?, span(now)?);
    let mut section = Section::new(
        "previous",
        "Against the period before",
        "The same figures of two periods. Changes lie between the figures as shown.",
    );
    let columns = |head: Column| [head, figure("Period before", ""), figure("This period", ""), figure("Change", "")];
    let mut table = Table::new(format!("Headline figures: {then_span} against {now_span}"), columns(text("Figure")));
    let mut shares = Table::new("Matched share by boundary", columns(id("Boundary")));
    for row in compare::totals(&before.portfolio, &now.portfolio, view.names) {
        table.push(format!("{}{}", row.name, unit(row.before, row.now)), cells(view, &row));
    }
    for row in compare::boundaries(before, now) {
        shares.push(&row.name, cells(view, &row));
    }
    section.tables.extend([table, shares]);
    section.notes = compare::differences(before, now);
    Ok(section)
}

fn cells(view: &View<'_>, row: &Row) -> Vec<String> {
    vec![shown(view, row.before), shown(view, row.now), change(view, row.before, row.now)]
}

/// What the name of a figure says of its unit.
fn unit(before: Value, now: Value) -> &'static str {
    match (before, now) {
        (Value::Energy(..), _) | (_, Value::Energy(..)) => ", MWh",
        (Value::Mass(_), _) | (_, Value::Mass(_)) => ", t CO\u{2082}e",
        _ => "",
    }
}

fn shown(view: &View<'_>, value: Value) -> String {
    let energy = view.energy;
    match value {
        Value::Share(millionths) => english::percent_of(millionths / 100),
        Value::Energy(wh, cut) => energy.shown(wh, cut),
        Value::Mass(grams) => english::units(Cut::Up.units(grams, 3), 3),
        Value::Intervals(full, with_load) => format!("{} / {}", english::count(full), english::count(with_load)),
        Value::Absent(why) => why.to_string(),
    }
}

/// What lies between two figures as shown.
fn change(view: &View<'_>, before: Value, now: Value) -> String {
    match (before, now) {
        (Value::Share(was), Value::Share(is)) => points_changed(is / 100 - was / 100),
        (Value::Energy(was, cut), Value::Energy(is, _)) => view.energy.change(was, is, cut),
        (Value::Mass(was), Value::Mass(is)) => {
            let change = Cut::Up.units(is, 3) - Cut::Up.units(was, 3);
            signed(change, english::units(change, 3))
        }
        _ => DASH.to_string(),
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
            english::count(restated.intervals_changed),
            if restated.intervals_changed == 1 { "interval" } else { "intervals" },
        ),
    );
    section.facts = vec![
        Fact::new("Reason", stated(Some(&restated.reason))),
        Fact::new("Actor", stated(Some(&restated.actor))),
        Fact::new("Root of the pack replaced", stated(report.replaces.as_ref())),
    ];
    let mut table = Table::new(
        "Totals and claims that changed",
        [id("Scope"), text("Figure"), figure("Before", ""), figure("After", "")],
    );
    for row in &restated.totals {
        let (name, unit) = named(&row.figure, view.names);
        let cells = vec![name.to_string(), delta_text(&row.before, unit), delta_text(&row.after, unit)];
        table.push(report.labels.scope(&row.scope), cells);
    }
    if restated.totals.is_empty() {
        section.notes.push("No total changed.".into());
    } else {
        section.tables.push(table);
    }
    Some(section)
}

/// What was published of these hours in reports of other periods.
pub fn overlaps(view: &View<'_>) -> Option<Section> {
    let all = &view.report.overlaps;
    if all.is_empty() {
        return None;
    }
    let mut section = Section::new(
        "overlaps",
        "Published before, of other periods",
        "Published reports of other periods cover some of these hours. This report does not replace them; the figures \
         of those hours stand side by side, as published and as computed here.",
    );
    let mut published = Table::new(
        "Published reports that share hours with this one, local time, half-open",
        [
            text("Period"),
            figure("Version", ""),
            text("Shared hours"),
            figure("Changed", "intervals"),
            id("Root of the pack"),
        ],
    );
    let mut changes = Table::new(
        "Sums over the shared hours, as published and here",
        [text("Period published"), id("Scope"), text("Figure"), figure("Published", ""), figure("Here", "")],
    );
    for overlap in all {
        let span = |start: &str, end: &str| format!("{} to {}", view.local(start), view.local(end));
        let period = span(&overlap.period.start, &overlap.period.end);
        published.push(
            period.clone(),
            vec![
                overlap.version.to_string(),
                span(&overlap.shared.start, &overlap.shared.end),
                overlap.intervals_changed.map_or_else(|| DASH.to_string(), english::count),
                overlap.root.clone(),
            ],
        );
        for row in &overlap.totals {
            let (name, unit) = named(&row.figure, view.names);
            let values = [&row.before, &row.after].map(|value| delta_text(value, unit));
            let [before, after] = values;
            changes.push(period.clone(), vec![view.report.labels.scope(&row.scope), name.to_string(), before, after]);
        }
    }
    section.tables.push(published);
    if changes.lines.is_empty() {
        section.notes.push("None of the shared hours has changed.".into());
    } else {
        section.tables.push(changes);
    }
    Some(section)
}

/// Whole Wh and grams, exact; shares with all their decimals, since a restatement may change the last.
fn delta_text(text: &str, unit: Unit) -> String {
    match unit {
        _ if text.is_empty() => "none".to_string(),
        Unit::Integer => text.parse().map_or_else(|_| text.to_string(), english::integer),
        Unit::Share => english::score(text),
        Unit::Text => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample_report;

    #[test]
    fn changes_lie_between_the_figures_as_shown() {
        let report = sample_report();
        let view = View::new(&report).expect("view");
        let of = |before, now| change(&view, before, now);
        assert_eq!(of(Value::Share(500_099), Value::Share(610_000)), "+11.00 points");
        assert_eq!(of(Value::Mass(5_613), Value::Mass(613)), "-0.005");
        assert_eq!(of(Value::Energy(600, Cut::Up), Value::Energy(601, Cut::Up)), "+0.000001");
        assert_eq!(of(Value::Share(1), Value::Absent("not in the report")), DASH);
    }
}
