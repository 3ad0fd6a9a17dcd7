//! One table on one sheet: its columns, notes, header, rows, a filter, and a line where there are no rows.

use super::styles;
use crate::figures::{WHOLE, share_hundredths};
use crate::records::{self, Kind, PURCHASED, SCOPE_1, TOTALS, Value, values, word};
use reports::report::Totals;
use reports::time::Instant;
use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};
use std::borrow::Cow;

/// A column's name, and what it holds.
pub(super) type Column = (&'static str, Kind);

/// In characters; the header's filter button takes some.
fn width((name, kind): Column) -> f64 {
    let least = match kind {
        Kind::Long => 90.0,
        Kind::Text | Kind::Instant => 22.0,
        Kind::Integer => 18.0,
        Kind::Share | Kind::Decimal | Kind::Percent => 14.0,
    };
    (name.len() as f64 + 4.0).max(least)
}

/// Columns of a table that CSV has, too.
pub(super) fn columns_of<T>(columns: &[records::Column<T>]) -> Vec<Column> {
    columns.iter().map(|column| (column.name, column.kind)).collect()
}

/// Figures of the portfolio, a boundary or a site, the same in every sheet.
pub(super) fn totals_columns() -> Vec<Column> {
    [columns_of(&TOTALS), columns_of(&PURCHASED), columns_of(&SCOPE_1)].concat()
}

/// In the order of those columns.
pub(super) fn totals_values(totals: &Totals) -> impl Iterator<Item = Value<'_>> {
    values(&TOTALS, totals).chain(values(&PURCHASED, totals)).chain(values(&SCOPE_1, totals))
}

/// A figure of the totals by its field.
pub(super) fn total<'a>(totals: &'a Totals, field: &str) -> Option<Value<'a>> {
    let column = TOTALS.iter().chain(&PURCHASED).chain(&SCOPE_1).find(|column| column.name == field)?;
    Some((column.value)(totals))
}

/// The same table with display names behind its ids, where it has any.
pub(super) fn with_names(mut columns: Vec<Column>, named: bool) -> Vec<Column> {
    if named {
        columns.insert(1, ("name", Kind::Text));
    }
    columns
}

/// The place of a column by its name.
pub(super) fn place(columns: &[Column], name: &str) -> Option<u16> {
    columns.iter().position(|(known, _)| *known == name).and_then(|place| u16::try_from(place).ok())
}

/// Rows of one table. Excel ends at 1 048 576, notes, header and totals among them.
pub(super) const MAX_ROWS: usize = 1_000_000;

/// Whether a spreadsheet's floating point holds it exactly.
pub(super) fn is_exact(value: i128) -> bool {
    value.unsigned_abs() <= 1 << 53
}

/// A share as the other forms print it, floored to hundredths of a percent; none of nothing.
pub(super) fn percent(part: i128, whole: i128) -> Value<'static> {
    let share = share_hundredths(part, whole);
    share.map_or(Value::Absent(""), |hundredths| Value::Number(hundredths as f64 / WHOLE as f64))
}

/// Excel's limit is 32 767 UTF-16 units; one is kept for the space below.
const LONGEST: usize = 32_766;

/// The text, cut to what a cell takes. Written as a string it is never a formula, whatever it starts with.
pub(super) fn cell_text(text: &str) -> Cow<'_, str> {
    let fits = text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST;
    let text = if fits { Cow::Borrowed(text) } else { Cow::Owned(first_units(text, LONGEST - 1) + "…") };
    // The writer takes a string in these tags for formatted text and copies it as markup.
    if text.starts_with("<r>") && text.ends_with("</r>") { Cow::Owned(format!("{text} ")) } else { text }
}

/// As many letters as so many UTF-16 units hold.
pub(super) fn first_units(text: &str, most: usize) -> String {
    let mut units = 0;
    let first = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units <= most
    });
    first.collect()
}

enum Written<'a> {
    Number(f64),
    Text(Cow<'a, str>),
}

/// What is absent says why; an integer past what a spreadsheet holds exactly is text.
fn written<'v>(value: &'v Value<'_>) -> Written<'v> {
    match value {
        Value::Text(text) => Written::Text(cell_text(text)),
        Value::Integer(value) if is_exact(*value) => Written::Number(*value as f64),
        Value::Integer(value) => Written::Text(value.to_string().into()),
        Value::Share(score) => Written::Number(score.millionths() as f64 / 1e6),
        Value::Instant(instant) => Written::Number(serial(*instant)),
        Value::Number(number) if number.is_finite() => Written::Number(*number),
        // The writer leaves out empty text that has no format.
        Value::Number(_) => Written::Text("".into()),
        Value::Absent(why) => Written::Text((*why).into()),
    }
}

/// Days since Excel's day zero, 1899-12-30.
fn serial(instant: Instant) -> f64 {
    instant.seconds() as f64 / 86_400.0 + 25_569.0
}

/// Writes a cell; without a format it takes its column's.
pub(super) fn put(
    sheet: &mut Worksheet,
    row: u32,
    col: u16,
    value: Value<'_>,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    match (written(&value), format) {
        (Written::Number(number), Some(format)) => sheet.write_number_with_format(row, col, number, format)?,
        (Written::Number(number), None) => sheet.write_number(row, col, number)?,
        (Written::Text(text), Some(format)) => sheet.write_string_with_format(row, col, text, format)?,
        (Written::Text(text), None) => sheet.write_string(row, col, text)?,
    };
    Ok(())
}

/// Writes a formula with the result it has, for programs that do not work it out.
pub(super) fn put_formula(
    sheet: &mut Worksheet,
    row: u32,
    col: u16,
    formula: &str,
    result: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_formula_with_format(row, col, Formula::new(formula).set_result(result), format)?;
    Ok(())
}

/// A sheet with one table, under way.
pub(super) struct Sheet {
    sheet: Worksheet,
    columns: u16,
    header: u32,
    next: u32,
}

impl Sheet {
    /// Notes come first, a line each, then the header, which stays in view.
    pub(super) fn begin(name: &str, notes: &[&str], columns: &[Column]) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        let header = u32::try_from(notes.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        for (row, note) in (0_u32..).zip(notes) {
            put(&mut sheet, row, 0, word(note), Some(&styles::NOTE))?;
        }
        for (col, &(name, kind)) in (0_u16..).zip(columns) {
            sheet.set_column_width(col, width((name, kind)))?;
            if let Some(format) = styles::format(kind) {
                sheet.set_column_format(col, format)?;
            }
            put(&mut sheet, header, col, word(name), Some(&styles::HEADER))?;
        }
        let count = u16::try_from(columns.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        // A wide table keeps its first column in view, too.
        sheet.set_freeze_panes(header + 1, u16::from(count > 6))?;
        sheet.set_repeat_rows(header, header)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        Ok(Self { sheet, columns: count, header, next: header + 1 })
    }

    /// Adds a row and says which it is.
    pub(super) fn row<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) -> Result<u32, XlsxError> {
        let row = self.next;
        for (col, value) in (0_u16..).zip(values) {
            put(&mut self.sheet, row, col, value, None)?;
        }
        self.next += 1;
        Ok(row)
    }

    /// The row after the last one, past what the filter sorts.
    pub(super) fn after(&self) -> u32 {
        self.next
    }

    /// For what stands beside or below the rows.
    pub(super) fn inner(&mut self) -> &mut Worksheet {
        &mut self.sheet
    }

    /// Sets the filter; without rows, `empty` says so.
    pub(super) fn finish(mut self, empty: &str) -> Result<Worksheet, XlsxError> {
        if self.next == self.header + 1 {
            put(&mut self.sheet, self.next, 0, word(empty), Some(&styles::NOTE))?;
        } else if self.columns > 0 {
            self.sheet.autofilter(self.header, 0, self.next - 1, self.columns - 1)?;
        }
        Ok(self.sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_as_it_is_unless_it_is_too_long_or_markup() {
        assert_eq!(cell_text("=1+1"), "=1+1");
        assert_eq!(cell_text("<r><t>x</t></r>"), "<r><t>x</t></r> ");
        assert_eq!(cell_text(&"a".repeat(LONGEST)).len(), LONGEST);
        let cut = cell_text(&"𝄞".repeat(LONGEST)).into_owned();
        assert!(cut.encode_utf16().count() <= LONGEST && cut.ends_with('…'));
    }
}
