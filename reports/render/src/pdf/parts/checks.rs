//! What was checked and what was changed: reconciliations with invoices, the restatement.

use crate::pdf::facts::{self, fact};
use crate::pdf::figures::{NOT_STATED, count, grouped, minute, ratio, restated, share};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::table::{Table, figure, id, text};
use reports::report::{DeltaRow, OverlapReport, Reconciliation};

pub fn reconciliations(flow: &mut Flow, frame: &Frame<'_>) {
    let all = &frame.report.reconciliations;
    flow.section(
        "Reconciliation with invoices",
        &format!(
            "Sums of the readings against what suppliers billed, tolerance {} of the invoice.",
            ratio(&frame.report.disclosure.reconciliation_tolerance)
        ),
    );
    if all.is_empty() {
        flow.note("No invoices were given to reconcile with.");
        return;
    }
    let mut table = Table::new(
        "Invoices, UTC",
        &[
            id("Invoice"),
            id("Site"),
            text("From"),
            text("To"),
            figure("Invoice, Wh"),
            figure("Readings, Wh"),
            figure("Difference, Wh"),
            figure("Of invoice"),
            text("Outcome"),
        ],
    );
    for row in all {
        let or_none = |wh: Option<i128>| wh.map_or_else(|| "\u{2013}".to_string(), grouped);
        table.row(vec![
            row.invoice.clone(),
            frame.report.labels.site(&row.site).to_string(),
            minute(&row.start),
            minute(&row.end),
            grouped(i128::from(row.invoice_wh)),
            or_none(row.metered_wh),
            or_none(row.difference_wh),
            of_invoice(row),
            row.outcome.clone(),
        ]);
    }
    table.draw(flow);
}

fn of_invoice(row: &Reconciliation) -> String {
    match row.difference_wh {
        Some(difference) if row.invoice_wh > 0 => share(difference.saturating_abs(), i128::from(row.invoice_wh)),
        _ => "\u{2013}".to_string(),
    }
}

/// Drawn only where this version replaces another.
pub fn restatement(flow: &mut Flow, frame: &Frame<'_>) {
    let report = frame.report;
    let Some(restatement) = &report.restatement else {
        return;
    };
    flow.section(
        "Restatement",
        &format!("Version {} of this report. What it replaces stays in its own pack.", report.version),
    );
    facts::draw(
        flow,
        &[
            fact("Reason", or_not_stated(&restatement.reason)),
            fact("Actor", or_not_stated(&restatement.actor)),
            fact("Replaces the pack with root", report.replaces.clone().unwrap_or_else(|| NOT_STATED.to_string())),
            fact("Intervals changed", count(restatement.intervals_changed)),
        ],
    );
    if restatement.totals.is_empty() {
        flow.note("No total changed.");
        return;
    }
    totals("Totals before and after", &restatement.totals, frame).draw(flow);
}

fn or_not_stated(value: &str) -> String {
    if value.is_empty() { NOT_STATED.to_string() } else { value.to_string() }
}

/// Drawn only where something was published of these hours in reports of other periods.
pub fn overlaps(flow: &mut Flow, frame: &Frame<'_>) {
    let all = &frame.report.overlaps;
    if all.is_empty() {
        return;
    }
    flow.section("Published before, of other periods", OVERLAPS);
    let mut table = Table::new(
        "Published reports that share hours with this one, UTC",
        &[
            text("Period from"),
            text("To"),
            figure("Version"),
            text("Shared from"),
            text("To"),
            figure("Intervals changed"),
            id("Root of the pack"),
        ],
    );
    for overlap in all {
        table.row(vec![
            minute(&overlap.period.start),
            minute(&overlap.period.end),
            overlap.version.to_string(),
            minute(&overlap.shared.start),
            minute(&overlap.shared.end),
            overlap.intervals_changed.map_or_else(|| "\u{2013}".to_string(), count),
            overlap.root.clone(),
        ]);
    }
    table.draw(flow);
    for OverlapReport { period, totals: rows, .. } in all.iter().filter(|overlap| !overlap.totals.is_empty()) {
        flow.subheading(&format!("Published for {} to {}", minute(&period.start), minute(&period.end)), 40.0);
        totals("Sums over the shared hours, as published and here", rows, frame).draw(flow);
    }
}

const OVERLAPS: &str = "Published reports of other periods cover some of these hours. This report does not replace \
    them; the figures of those hours stand side by side, as published and as computed here.";

fn totals(caption: &'static str, rows: &[DeltaRow], frame: &Frame<'_>) -> Table {
    let mut table = Table::new(caption, &[id("Scope"), text("Figure"), figure("Before"), figure("After")]);
    for row in rows {
        let (name, written) = restated(&row.figure, frame.names);
        let shown = |value: &str| if value.is_empty() { "none".to_string() } else { written(value) };
        table.row(vec![frame.report.labels.scope(&row.scope), name.to_string(), shown(&row.before), shown(&row.after)]);
    }
    table
}
