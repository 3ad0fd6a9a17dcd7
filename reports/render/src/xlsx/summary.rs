//! The first sheet: what the report is of, its headline, what that means and what limits trust in it, its headline
//! figures live and audited, and what is audited only.

use super::allocations::Allocations;
use super::audited::{self, AUDITED, CHECK, FIELD, HOW, LIVE, NAME};
use super::checks::word;
use super::headline::{Audited, Figure, figures};
use super::layout::Layout;
use super::sheet::{Cell, put, put_formula};
use super::styles::Styles;
use crate::content::headline::lead_and_groups;
use crate::content::{Options, View, span};
use crate::figures::without_score;
use crate::page_one;
use reports::report::{Report, Totals};
use rust_xlsxwriter::utility::{cell_range, row_col_to_cell};
use rust_xlsxwriter::{Worksheet, XlsxError};

const WIDTHS: [f64; 6] = [44.0, 40.0, 24.0, 14.0, 38.0, 70.0];

pub(super) fn sheet(
    report: &Report,
    engine: &str,
    options: &Options,
    (layout, allocations): (&Layout, &Allocations),
    styles: &Styles,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Summary")?;
    for (col, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let next = title(&mut sheet, report, styles)?;
    let next = words(&mut sheet, next, report, options, styles)?;
    let next = heading(&mut sheet, next, report, engine, styles)?;
    let figures = figures(report, layout, allocations);
    let why_not = layout.why_not.unwrap_or("not recomputed here");
    let next = headline(&mut sheet, next + 1, &figures, why_not, &report.portfolio, styles)?;
    audited::draw(&mut sheet, next + 1, report, styles)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

/// Of whom and when the figures are; gives the row after.
fn title(sheet: &mut Worksheet, report: &Report, styles: &Styles) -> Result<u32, XlsxError> {
    put(sheet, 0, NAME, Cell::Text(&report.name), Some(&styles.title))?;
    let period = span(report);
    let period = period.unwrap_or_else(|_| format!("{} until {}", report.period.start, report.period.end));
    put(sheet, 1, NAME, Cell::Text(&format!("Hourly matching report, {period}")), None)?;
    let synthetic = if report.synthetic { "Synthetic data: every figure comes from generated data." } else { "" };
    put(sheet, 2, NAME, Cell::Text(synthetic), Some(&styles.note))?;
    Ok(4)
}

/// The headline and what page one of the other forms says in words; gives the row after.
fn words(
    sheet: &mut Worksheet,
    mut row: u32,
    report: &Report,
    options: &Options,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    // A zone nobody knows is no reason to withhold the figures.
    let Ok(view) = View::new(report) else { return Ok(row) };
    let (lead, _) = lead_and_groups(&view);
    put(sheet, row, NAME, Cell::Text(lead.name), Some(&styles.label))?;
    put(sheet, row, LIVE, Cell::Text(&lead.value), Some(&styles.title))?;
    row += 1;
    if !lead.backed.is_empty() {
        put(sheet, row, LIVE, Cell::Text(&lead.backed), None)?;
        row += 1;
    }
    let standing = page_one::standing(report, options.before.as_ref(), &options.targets, view.energy);
    let limits = page_one::limits(report, view.energy).into_iter().map(|limit| limit.text).collect();
    let parts = [
        ("What it means", vec![page_one::meaning(report, view.energy)]),
        ("Where it stands", standing),
        ("What limits trust in these figures", limits),
    ];
    for (name, lines) in parts {
        for (index, line) in lines.iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            put(sheet, row, NAME, Cell::Text(name), Some(&styles.label))?;
            put(sheet, row, LIVE, Cell::Text(line), None)?;
            row += 1;
        }
    }
    Ok(row + 1)
}

/// Under which rules, and by what they were made; gives the row after.
fn heading(
    sheet: &mut Worksheet,
    mut row: u32,
    report: &Report,
    engine: &str,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let rules = &report.ruleset;
    let facts = [
        ("Period, UTC", format!("{} up to, not including, {}", report.period.start, report.period.end)),
        ("Time zone", report.time_zone.clone()),
        ("Intervals", format!("{} of {}", report.period.intervals, report.resolution.replace("min", " min"))),
        ("Ruleset", format!("{}, version {}: {}", rules.id, rules.version, rules.title)),
        ("Report version", report.version.to_string()),
        ("Replaces", report.replaces.clone().unwrap_or_else(|| "no earlier version".to_string())),
        ("As recorded at", report.as_of.clone().unwrap_or_else(|| "everything recorded".to_string())),
        ("Grid's carbon-free share counts", report.g_basis.clone()),
        ("Factor basis", report.factor_basis.clone()),
        ("Currency", report.currency.clone()),
        ("Portfolio SHA-256", report.portfolio_sha256.clone()),
        ("Ruleset SHA-256", rules.sha256.clone()),
        ("Inputs SHA-256", report.inputs_sha256.clone().unwrap_or_else(|| "not stated".to_string())),
        ("Schema", report.schema.clone()),
        ("Engine", engine.to_string()),
        ("Times", "UTC; intervals are half-open".to_string()),
    ];
    for (label, fact) in &facts {
        put(sheet, row, NAME, Cell::Text(label), Some(&styles.label))?;
        put(sheet, row, LIVE, Cell::Text(fact), None)?;
        row += 1;
    }
    Ok(row)
}

/// Formulas beside what the audit says; gives the row after.
fn headline(
    sheet: &mut Worksheet,
    header: u32,
    figures: &[Figure<'_>],
    why_not: &str,
    totals: &Totals,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    for (col, name) in [
        (NAME, "Headline figures of the portfolio"),
        (LIVE, "From the sheets (live)"),
        (AUDITED, "As audited"),
        (CHECK, "Check"),
        (FIELD, "Field"),
        (HOW, "How"),
    ] {
        put(sheet, header, col, Cell::Text(name), Some(&styles.header))?;
    }
    let (mut row, mut all_agree, mut checked) = (header + 1, true, false);
    for figure in figures {
        put(sheet, row, NAME, Cell::Text(figure.name), Some(&styles.label))?;
        let none = without_score(figure.field, totals);
        let (audited, format) = match figure.audited {
            Audited::Integer(whole) => (Cell::Integer(whole), &styles.integer),
            Audited::Share(score) => (Cell::Text(score), &styles.share),
            Audited::None => (Cell::Text(none), &styles.right),
        };
        put(sheet, row, AUDITED, audited, Some(format))?;
        match &figure.live {
            Some(live) => put_formula(sheet, row, LIVE, &live.formula, &live.value.to_string(), format)?,
            None if matches!(figure.audited, Audited::None) => {
                put(sheet, row, LIVE, Cell::Text(none), Some(&styles.right))?;
            }
            None => put(sheet, row, LIVE, Cell::Text(why_not), Some(&styles.right))?,
        }
        if let Some((formula, agrees)) = figure.check(&row_col_to_cell(row, LIVE), &row_col_to_cell(row, AUDITED)) {
            put_formula(sheet, row, CHECK, &formula, word(agrees), &styles.right)?;
            (all_agree, checked) = (all_agree && agrees, true);
        }
        put(sheet, row, FIELD, Cell::Text(figure.field), None)?;
        put(sheet, row, HOW, Cell::Text(figure.how), None)?;
        row += 1;
    }
    if checked {
        let range = cell_range(header + 1, CHECK, row - 1, CHECK);
        let formula = format!("=IF(COUNTIF({range},\"differs\")=0,\"agrees\",\"differs\")");
        put(sheet, row, NAME, Cell::Text("Every check"), Some(&styles.total_label))?;
        put_formula(sheet, row, CHECK, &formula, word(all_agree), &styles.total_label)?;
        row += 1;
    }
    Ok(row)
}
