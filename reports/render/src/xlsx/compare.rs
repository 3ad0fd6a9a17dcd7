//! The period before beside this one.

use super::sheet::{Column, Sheet, put};
use super::styles;
use crate::compare::{self, Row, Value};
use crate::names::Names;
use crate::records::{self, Kind, word, words};
use reports::report::Report;
use reports::units::Floored;
use rust_xlsxwriter::{Worksheet, XlsxError};

const COLUMNS: [Column; 6] = [
    ("scope", Kind::Text),
    ("figure", Kind::Text),
    ("unit", Kind::Text),
    ("period_before", Kind::Integer),
    ("this_period", Kind::Integer),
    ("change", Kind::Integer),
];
const BEFORE: u16 = 3;

pub(super) fn sheet(before: &Report, now: &Report) -> Result<Worksheet, XlsxError> {
    let spans = format!(
        "{} until {} beside {} until {}.",
        before.period.start, before.period.end, now.period.start, now.period.end
    );
    let differences = compare::differences(before, now);
    let mut notes = vec![spans.as_str()];
    notes.extend(differences.iter().map(String::as_str));
    let mut sheet = Sheet::begin("Comparison", &notes, &COLUMNS)?;
    for row in compare::totals(&before.portfolio, &now.portfolio, Names::new(now)) {
        line(&mut sheet, "portfolio", &row.name, &row)?;
    }
    for row in compare::boundaries(before, now) {
        line(&mut sheet, &row.name, "Matched share, hourly", &row)?;
    }
    sheet.finish("Nothing can be compared.")
}

fn line(sheet: &mut Sheet, scope: &str, figure: &str, row: &Row) -> Result<(), XlsxError> {
    let place = sheet.row([scope, figure, unit(row)].map(word))?;
    let values = [Some(row.before), Some(row.now), change(row.before, row.now)];
    for (column, value) in (BEFORE..).zip(values) {
        let shown = match value {
            Some(Value::Share(share)) => records::Value::Share(Floored::from_millionths(share)),
            Some(Value::Energy(amount, _) | Value::Mass(amount)) => records::Value::Integer(amount),
            Some(Value::Intervals(full, with_load)) => words(format!("{full} / {with_load}")),
            Some(Value::Absent(why)) => records::Value::Absent(why),
            None => word("\u{2013}"),
        };
        let format = styles::of_value(&shown);
        put(sheet.inner(), place, column, shown, Some(format))?;
    }
    Ok(())
}

fn unit(row: &Row) -> &'static str {
    let of = |value: Value| match value {
        Value::Share(_) => "share",
        Value::Energy(..) => "Wh",
        Value::Mass(_) => "g CO2e",
        Value::Intervals(..) => "intervals",
        Value::Absent(_) => "",
    };
    if of(row.now).is_empty() { of(row.before) } else { of(row.now) }
}

/// What lies between two figures, exactly.
fn change(before: Value, now: Value) -> Option<Value> {
    Some(match (before, now) {
        (Value::Share(was), Value::Share(is)) => Value::Share(is - was),
        (Value::Energy(was, cut), Value::Energy(is, _)) => Value::Energy(is - was, cut),
        (Value::Mass(was), Value::Mass(is)) => Value::Mass(is - was),
        _ => return None,
    })
}
