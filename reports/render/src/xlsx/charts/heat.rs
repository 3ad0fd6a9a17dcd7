//! The heat map as coloured cells: matched share by local clock hour, down, and by day or month, across.

use super::draw::rgb;
use crate::charts::heat::STEPS;
use crate::content::Scope;
use crate::content::heat_table::{Grid, grid};
use crate::content::stretches::DAILY;
use crate::hours::Sums;
use crate::palette::{HEAT, INK, MUTED};
use crate::records::{Value, word};
use crate::xlsx::sheet::{percent, put};
use crate::xlsx::styles;
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, Format, Worksheet, XlsxError,
};

/// From which share on a step of the scale begins, the highest first; what is left of it is the lowest.
const FROM: [(f64, usize); 5] = [(1.0, 6), (0.9, 5), (0.75, 4), (0.5, 3), (0.25, 2)];
/// From this step on, dark letters would not be read.
const DARK: usize = 5;

/// Draws from a row on, and gives the row after.
pub(super) fn draw(sheet: &mut Worksheet, top: u32, scope: &Scope<'_>) -> Result<u32, XlsxError> {
    let Grid { caption, columns, rows } = grid(scope, DAILY);
    put(sheet, top, 0, word(&caption), Some(&styles::NOTE))?;
    let header = top + 1;
    sheet.set_column_width(0, 20)?;
    put(sheet, header, 0, word("Local hour"), Some(&styles::HEADER))?;
    for (col, name) in (1_u16..).zip(&columns) {
        sheet.set_column_width(col, 12)?;
        put(sheet, header, col, word(name), Some(&styles::HEADER))?;
    }
    let (first, mut row) = (header + 1, header + 1);
    for (name, cells) in &rows {
        put(sheet, row, 0, word(name), Some(&styles::LABEL))?;
        for (col, sums) in (1_u16..).zip(cells) {
            put(sheet, row, col, share(sums.as_ref()), Some(&styles::PERCENT))?;
        }
        row += 1;
    }
    let width = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    if row > first && width > 0 {
        colour(sheet, (first, row - 1), width)?;
    }
    // The steps of the scale with their names.
    row += 1;
    for (step, key) in STEPS.iter().take(HEAT.len()).enumerate() {
        put(sheet, row, 0, word(key.label), Some(&filled(step)))?;
        row += 1;
    }
    Ok(row)
}

/// An hour that a day lacks stays blank.
fn share(sums: Option<&Sums>) -> Value<'static> {
    match sums {
        None => Value::Absent(""),
        Some(sums) if sums.load <= 0 => word("no load"),
        Some(sums) => percent(sums.matched, sums.load),
    }
}

fn filled(step: usize) -> Format {
    let fill = HEAT.get(step).copied().unwrap_or(INK);
    let letters = if step >= DARK { Color::White } else { rgb(INK) };
    Format::new().set_background_color(rgb(fill)).set_font_color(letters)
}

/// Colours cells by their values, so that they follow a cell that is changed.
fn colour(sheet: &mut Worksheet, (first, last): (u32, u32), width: u16) -> Result<(), XlsxError> {
    // Text counts as more than any number and a blank cell as 0: neither is a share.
    let no_share = format!("=NOT(ISNUMBER({}))", row_col_to_cell(first, 1));
    let no_share = ConditionalFormatFormula::new()
        .set_rule(no_share.as_str())
        .set_format(Format::new().set_font_color(rgb(MUTED)))
        .set_stop_if_true(true);
    sheet.add_conditional_format(first, 1, last, width, &no_share)?;
    let rules = FROM.map(|(from, step)| (ConditionalFormatCellRule::GreaterThanOrEqualTo(from), step));
    let lowest =
        [(ConditionalFormatCellRule::GreaterThan(0.0), 1), (ConditionalFormatCellRule::LessThanOrEqualTo(0.0), 0)];
    for (rule, step) in rules.into_iter().chain(lowest) {
        let rule = ConditionalFormatCell::new().set_rule(rule).set_format(filled(step)).set_stop_if_true(true);
        sheet.add_conditional_format(first, 1, last, width, &rule)?;
    }
    Ok(())
}
