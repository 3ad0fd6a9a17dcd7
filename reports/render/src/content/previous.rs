//! Figures side by side: this period and the one before, this version and the one it replaces.

use super::blocks::{Column, DASH, Fact, Section, Table, figure, id, text};
use super::view::{View, span};
use crate::compare::{self, Row, Value};
use crate::english::{self, points_changed, signed, stated};
use crate::figures::Cut;
use crate::names::titled;
use reports::report::{DeltaRow, OverlapReport, Report, Told};
use reports::time::Instant;

pub fn previous(view: &View<'_>, before: &Report) -> Section {
    let now = view.report;
    let (then_span, now_span) = (span(before), span(now));
    let mut section = Section::new(
        "previous",
        "Against the period before",
        "The same figures of two periods. Changes lie between the figures as shown.",
    );
    let table = |caption: String, head: Column, rows: &[Row]| {
        Table::listing(
            caption,
            rows,
            &[
                (head, &|row| format!("{}{}", row.name, unit(row.before, row.now))),
                (figure("Period before", ""), &|row| shown(view, row.before)),
                (figure("This period", ""), &|row| shown(view, row.now)),
                (figure("Change", ""), &|row| change(view, row.before, row.now)),
            ],
        )
    };
    let totals = compare::totals(&before.portfolio, &now.portfolio, view.names);
    section.tables.push(table(format!("Headline figures: {then_span} against {now_span}"), text("Figure"), &totals));
    let shares = compare::boundaries(before, now);
    section.tables.push(table("Matched share by boundary".to_string(), id("Boundary"), &shares));
    section.notes = compare::differences(before, now);
    section
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
        Value::Mass(grams) => english::tonnes(grams),
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
    if restated.totals.is_empty() {
        section.notes.push("No total changed.".into());
    } else {
        section.tables.push(Table::listing(
            "Totals and claims that changed",
            &restated.totals,
            &[
                (id("Scope"), &|row| report.labels.scope(&row.scope.to_string())),
                (text("Figure"), &|row| titled(row.figure, view.names).to_string()),
                (figure("Before", ""), &|row| delta_text(&row.before)),
                (figure("After", ""), &|row| delta_text(&row.after)),
            ],
        ));
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
    let span = |start: Instant, end: Instant| format!("{} to {}", view.zone.label(start), view.zone.label(end));
    let period = |overlap: &OverlapReport| span(overlap.period.start, overlap.period.end);
    section.tables.push(Table::listing(
        "Published reports that share hours with this one, local time, half-open",
        all,
        &[
            (text("Period"), &period),
            (figure("Version", ""), &|overlap| overlap.version.to_string()),
            (text("Shared hours"), &|overlap| span(overlap.shared.start, overlap.shared.end)),
            (figure("Changed", "intervals"), &|overlap| {
                overlap.intervals_changed.map_or_else(|| DASH.to_string(), english::count)
            }),
            (id("Root of the pack"), &|overlap| overlap.root.clone()),
        ],
    ));
    let changes = all.iter().flat_map(|overlap| overlap.totals.iter().map(move |row| (overlap, row)));
    let changes: Vec<(&OverlapReport, &DeltaRow)> = changes.collect();
    if changes.is_empty() {
        section.notes.push("None of the shared hours has changed.".into());
    } else {
        section.tables.push(Table::listing(
            "Sums over the shared hours, as published and here",
            &changes,
            &[
                (text("Period published"), &|(overlap, _)| period(overlap)),
                (id("Scope"), &|(_, row)| view.report.labels.scope(&row.scope.to_string())),
                (text("Figure"), &|(_, row)| titled(row.figure, view.names).to_string()),
                (figure("Published", ""), &|(_, row)| delta_text(&row.before)),
                (figure("Here", ""), &|(_, row)| delta_text(&row.after)),
            ],
        ));
    }
    Some(section)
}

/// Whole Wh and grams, exact; shares with all their decimals, since a restatement may change the last.
fn delta_text(told: &Told) -> String {
    match told {
        Told::Integer(value) => english::integer(*value),
        Told::Share(share) => english::score(*share),
        Told::Words(words) if words.is_empty() => "none".to_string(),
        Told::Words(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::sample_report;

    #[test]
    fn changes_lie_between_the_figures_as_shown() {
        let report = sample_report();
        let view = View::new(&report);
        let of = |before, now| change(&view, before, now);
        assert_eq!(of(Value::Share(500_099), Value::Share(610_000)), "+11.00 points");
        assert_eq!(of(Value::Mass(5_613), Value::Mass(613)), "-0.005");
        assert_eq!(of(Value::Energy(600, Cut::Up), Value::Energy(601, Cut::Up)), "+0.000001");
        assert_eq!(of(Value::Share(1), Value::Absent("not in the report")), DASH);
    }
}
