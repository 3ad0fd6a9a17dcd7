//! Suppliers' bills: `invoice,site,start,end` and `wh`, or `value,unit`, by name in any order.

use super::header::{check_width, column_names, find_columns, plain};
use super::records::{NOT_TEXT, Records};
use super::{Ends, REJECT_LINE, REJECT_REASON, Refused, Rows};
use crate::columns::{Column, column, needed, not_needed, optional};
use crate::inputs::Invoice;
use crate::text::clip;
use crate::time::Interval;
use crate::units::{Decimal, Quantity, Rounding, Unit};
use csv::StringRecord;
use std::io::Read;

pub const COLUMNS: [Column; 7] = [
    column("invoice", "", "Its number; the column tells a file of invoices from one of readings."),
    column("site", "", "The site it is of."),
    column("start", "RFC 3339", "First instant it bills, with its offset."),
    column("end", "RFC 3339", "First instant after that."),
    optional("wh", "Wh", "`value` and `unit`", "Energy billed, a whole number."),
    optional("value", "as `unit` says", "`wh`", "Energy billed, a decimal with a point."),
    optional("unit", "", "`wh`", "Wh, kWh or MWh."),
];
const COLUMN: &str = COLUMNS[0].name;
const NEEDED: [&str; 4] = needed(&COLUMNS);
const ENERGY: [&str; 3] = not_needed(&COLUMNS);
const FORM: &str = "an invoices file starts with invoice,site,start,end,wh or invoice,site,start,end,value,unit";

/// Where each column stands: invoice, site, start and end, and the energy.
struct Columns {
    needed: [usize; 4],
    energy: Energy,
    count: usize,
}

enum Energy {
    Wh(usize),
    InUnit { value: usize, unit: usize },
}

/// Whether a header is that of invoices.
pub fn recognises(header: &StringRecord) -> bool {
    header.iter().any(|name| plain(name) == COLUMN)
}

pub fn read(records: &mut Records<impl Read>, ends: Ends, batch: &mut impl Rows) -> Result<(), Refused> {
    let header = records.header()?.clone();
    let columns = columns(&header).map_err(|refused| records.of_header(refused))?;
    records.each(batch, NOT_TEXT, |record, line, batch| {
        row(record, &columns, ends).map(|invoice| batch.bill(invoice, line))
    })
}

fn columns(header: &StringRecord) -> Result<Columns, Refused> {
    let known: Vec<&str> = NEEDED.iter().chain(&ENERGY).copied().collect();
    let names = column_names(header, &known, &[REJECT_LINE, REJECT_REASON], FORM)?;
    let refuse = |what: &str| Err(Refused::new(what).hint(FORM));
    let find = |name: &str| names.iter().position(|n| *n == name);
    let energy = match (find("wh"), find("value"), find("unit")) {
        (Some(wh), None, None) => Energy::Wh(wh),
        (None, Some(value), Some(unit)) => Energy::InUnit { value, unit },
        (Some(_), ..) => return refuse("the header has both wh and value or unit"),
        _ => return refuse("the header lacks wh, or value and unit"),
    };
    let needed = find_columns(&names, NEEDED).map_err(|refused| refused.hint(FORM))?;
    Ok(Columns { needed, energy, count: names.len() })
}

fn row(record: &StringRecord, columns: &Columns, ends: Ends) -> Result<Invoice, String> {
    check_width(record, columns.count)?;
    let field = |index: usize| record.get(index).unwrap_or("").trim();
    let [invoice, site, start, end] = columns.needed.map(field);
    let Interval { start, end } = ends.interval(start, end)?;
    let wh = match columns.energy {
        Energy::Wh(at) => integer_wh(field(at))?,
        Energy::InUnit { value, unit } => in_unit(field(value), field(unit))?,
    };
    let bill = Invoice { invoice: invoice.into(), site: site.into(), start, end, wh };
    bill.fault().map_or(Ok(bill), Err)
}

fn integer_wh(text: &str) -> Result<i64, String> {
    match text.parse::<i64>() {
        Ok(wh) if wh >= 0 => Ok(wh),
        _ => Err(format!("wh `{}` is not a whole number of Wh", clip(text))),
    }
}

/// Billed energy rounds up, as metered load does.
fn in_unit(value: &str, unit: &str) -> Result<i64, String> {
    let unit = Unit::parse(unit).map_err(|e| e.to_string())?;
    if unit.quantity != Quantity::Energy || !["Wh", "kWh", "MWh"].contains(&unit.name) {
        return Err(format!("an invoice is in Wh, kWh or MWh, not in {}", unit.name));
    }
    let wh = Decimal::parse(value).and_then(|d| unit.to_base(d, 1, Rounding::Up)).map_err(|e| e.to_string())?;
    if wh < 0 { Err("an invoice must not be negative".into()) } else { Ok(wh) }
}
