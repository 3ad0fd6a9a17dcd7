//! The first sheet: what the report is of, its headline, what that means and what limits trust in it, its headline
//! figures live and audited, and what is audited only.

use super::allocations::Allocations;
use super::audited::{self, AUDITED, CHECK, FIELD, HOW, LIVE, NAME, heads, pair};
use super::checks::verdict;
use super::headline::{Figure, figures};
use super::layout::Layout;
use super::sheet::{put, put_formula, total};
use super::styles;
use crate::content::blocks::Fact;
use crate::content::headline::lead_and_groups;
use crate::content::{Options, View, facts, provenance, span};
use crate::page_one;
use crate::records::{Value, word, words};
use reports::report::{Report, Totals};
use rust_xlsxwriter::utility::{cell_range, row_col_to_cell};
use rust_xlsxwriter::{Worksheet, XlsxError};

const WIDTHS: [f64; 6] = [44.0, 40.0, 24.0, 14.0, 38.0, 70.0];

pub(super) fn sheet(
    report: &Report,
    engine: &str,
    options: &Options,
    (layout, allocations): (&Layout, &Allocations),
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Summary")?;
    for (col, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let next = title(&mut sheet, report)?;
    let view = View::new(report);
    let next = meaning(&mut sheet, next, &view, options)?;
    let next = heading(&mut sheet, next, &view, engine)?;
    let figures = figures(report, layout, allocations);
    let why_not = layout.why_not.unwrap_or("not recomputed here");
    let next = headline(&mut sheet, next + 1, &figures, why_not, &report.portfolio)?;
    audited::draw(&mut sheet, next + 1, report)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

/// Of whom and when the figures are; gives the row after.
fn title(sheet: &mut Worksheet, report: &Report) -> Result<u32, XlsxError> {
    put(sheet, 0, NAME, word(&report.name), Some(&styles::TITLE))?;
    put(sheet, 1, NAME, word(&format!("Hourly matching report, {}", span(report))), None)?;
    let synthetic = if report.synthetic { "Synthetic data: every figure comes from generated data." } else { "" };
    put(sheet, 2, NAME, word(synthetic), Some(&styles::NOTE))?;
    Ok(4)
}

/// The headline and what page one of the other forms says in words; gives the row after.
fn meaning(sheet: &mut Worksheet, mut row: u32, view: &View<'_>, options: &Options) -> Result<u32, XlsxError> {
    let report = view.report;
    let (lead, _) = lead_and_groups(view);
    put(sheet, row, NAME, word(lead.name), Some(&styles::LABEL))?;
    put(sheet, row, LIVE, word(&lead.value), Some(&styles::TITLE))?;
    row += 1;
    if !lead.backed.is_empty() {
        put(sheet, row, LIVE, word(&lead.backed), None)?;
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
            pair(sheet, row, name, line)?;
            row += 1;
        }
    }
    Ok(row + 1)
}

/// Under which rules, and by what they were made, as the other forms say it; gives the row after.
fn heading(sheet: &mut Worksheet, mut row: u32, view: &View<'_>, engine: &str) -> Result<u32, XlsxError> {
    let currency = Fact::new("Currency", view.report.currency.clone());
    let times = Fact::new("Times", "UTC unless another zone is named; intervals are half-open");
    for fact in facts(view).iter().chain([&currency]).chain(&provenance(view.report, engine)).chain([&times]) {
        pair(sheet, row, fact.name, &fact.value)?;
        row += 1;
    }
    Ok(row)
}

/// Formulas beside what the audit says; gives the row after.
fn headline(
    sheet: &mut Worksheet,
    header: u32,
    figures: &[Figure],
    why_not: &str,
    totals: &Totals,
) -> Result<u32, XlsxError> {
    let names = ["Headline figures of the portfolio", "From the sheets (live)", "As audited", "Check", "Field", "How"];
    heads(sheet, header, names)?;
    let (mut row, mut all_agree, mut checked) = (header + 1, true, false);
    for figure in figures {
        put(sheet, row, NAME, word(figure.name), Some(&styles::LABEL))?;
        let audited = total(totals, figure.field).unwrap_or(Value::Absent(""));
        let format = styles::of_value(&audited);
        // The six decimals of a share as they stand, which the check reads.
        let shown = if let Value::Share(score) = &audited { words(score) } else { audited.clone() };
        put(sheet, row, AUDITED, shown, Some(format))?;
        match (&audited, &figure.live) {
            (Value::Absent(why), _) => put(sheet, row, LIVE, word(why), Some(&styles::RIGHT))?,
            (_, Some(live)) => put_formula(sheet, row, LIVE, &live.formula, &live.value.to_string(), format)?,
            (_, None) => put(sheet, row, LIVE, word(why_not), Some(&styles::RIGHT))?,
        }
        let (live_cell, audited_cell) = (row_col_to_cell(row, LIVE), row_col_to_cell(row, AUDITED));
        if let Some((formula, agrees)) = figure.check(&audited, &live_cell, &audited_cell) {
            put_formula(sheet, row, CHECK, &formula, verdict(agrees), &styles::RIGHT)?;
            (all_agree, checked) = (all_agree && agrees, true);
        }
        put(sheet, row, FIELD, word(figure.field), None)?;
        put(sheet, row, HOW, word(figure.how), None)?;
        row += 1;
    }
    if checked {
        let range = cell_range(header + 1, CHECK, row - 1, CHECK);
        let formula = format!("=IF(COUNTIF({range},\"differs\")=0,\"agrees\",\"differs\")");
        put(sheet, row, NAME, word("Every check"), Some(&styles::TOTAL_LABEL))?;
        put_formula(sheet, row, CHECK, &formula, verdict(all_agree), &styles::TOTAL_LABEL)?;
        row += 1;
    }
    Ok(row)
}
