//! Rows of a file by generator, reporting unit and month.

use crate::register::common::{Fault, Records, Rejects, StringRecord, clip};
use crate::register::taking::MOST;
use chrono::{Datelike, NaiveDate};
use reports::received::records::{Found, NOT_TEXT};
use reports::units::{Decimal, Rounding, Unit};
use std::collections::BTreeMap;
use std::io::Read;

/// No month of any generator has more Wh.
const MOST_WH: i64 = 1_000_000_000_000_000;

/// The columns in their order, by letters and digits of their names.
const COLUMNS: [&[&str]; 6] = [
    &["generatorid"],
    &["reportingunitid"],
    &["date", "dateofgeneration"],
    &["totalmwh", "totalmwhs", "monthtotalmwh"],
    &["hour", "hourofgeneration", "hourofgeneration124", "hour124"],
    &["kwh", "totalkwh", "totalkwhs"],
];
const TITLES: [&str; 6] =
    ["Generator ID", "Reporting Unit ID", "Date of Generation", "Total MWh", "Hour of Generation", "kWh"];

/// Of one generator's unit.
#[derive(Debug)]
pub(super) struct Month {
    pub first: NaiveDate,
    pub total_wh: i64,
    /// The first of its rows.
    pub line: u64,
    /// Wh and line by day and hour.
    pub hours: BTreeMap<(NaiveDate, u32), (i64, u64)>,
}

/// Generator, reporting unit, year and month.
pub(super) type Key = (String, String, i32, u32);

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

pub(in crate::register) fn recognises(header: &StringRecord) -> bool {
    let named = header.iter().any(|name| plain(name) == "generatorid");
    named || is_row(header)
}

/// Whether a file begins with its first row, without a header.
fn is_row(record: &StringRecord) -> bool {
    record.len() == COLUMNS.len() && record.get(2).is_some_and(|date| day(date.trim()).is_ok())
}

fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%m/%d/%Y").map_err(|_| format!("date `{}` is not MM/DD/YYYY", clip(text)))
}

/// Where each of the columns stands.
fn columns(header: &StringRecord) -> Result<[usize; 6], Fault> {
    let hint = format!("the columns of hourly generation are {}", TITLES.join(", "));
    let names: Vec<String> = header.iter().map(plain).collect();
    if names.iter().any(|name| name == "vintage") {
        return Err(Fault::new("is monthly M-RETS generation, without hours").hint(hint));
    }
    let mut places = [0; 6];
    for ((place, known), title) in places.iter_mut().zip(COLUMNS).zip(TITLES) {
        let mut found = names.iter().enumerate().filter(|(_, name)| known.contains(&name.as_str()));
        *place = match (found.next(), found.next()) {
            (Some((at, _)), None) => at,
            (None, _) => return Err(Fault::new(format!("is M-RETS generation without `{title}`")).hint(hint)),
            (Some(_), Some(_)) => return Err(Fault::new(format!("has `{title}` twice")).hint(hint)),
        };
    }
    let unknown = header.iter().enumerate().find(|(at, name)| !places.contains(at) && !name.trim().is_empty());
    match unknown {
        Some((_, name)) => Err(Fault::new(format!("has a column `{}` that M-RETS does not", clip(name))).hint(hint)),
        None => Ok(places),
    }
}

/// Rows by month.
pub(super) fn months(reader: impl Read, rejects: &mut Rejects) -> Result<BTreeMap<Key, Month>, Fault> {
    let mut records = Records::new(reader);
    let header = records.header()?.clone();
    let line = records.header_line();
    let mut months = BTreeMap::new();
    let places = match is_row(&header) {
        true => [0, 1, 2, 3, 4, 5],
        false => columns(&header).map_err(|problem| problem.line(line))?,
    };
    let mut take = |record: &StringRecord, line: u64| {
        if let Err(reason) = row(record, places, line, &mut months) {
            rejects.push(line, reason);
        }
    };
    if is_row(&header) {
        take(&header, line);
    }
    let (mut record, mut count) = (StringRecord::new(), 0_usize);
    while let Some(found) = records.read(&mut record)? {
        count += 1;
        match found {
            Found::Text(line) if count > MOST => {
                let what = format!("holds more than {MOST} hours");
                return Err(Fault::new(what).line(line).hint("split the file by months"));
            }
            Found::Text(line) => take(&record, line),
            Found::Bytes(line) => return Err(Fault::new(NOT_TEXT).line(line).hint("save it as CSV UTF-8")),
        }
    }
    Ok(months)
}

fn row(record: &StringRecord, places: [usize; 6], line: u64, months: &mut BTreeMap<Key, Month>) -> Result<(), String> {
    let cells = places.map(|at| record.get(at).map_or("", str::trim));
    if let Some(empty) = cells.iter().position(|cell| cell.is_empty()) {
        return Err(format!("`{}` is empty", TITLES[empty]));
    }
    let [generator, unit, date, total, hour, kwh] = cells;
    let date = day(date)?;
    let hour = hour.parse::<u32>().ok().filter(|hour| (1..=24).contains(hour));
    let hour = hour.ok_or_else(|| format!("hour `{}` is not one of 1 to 24", clip(cells[4])))?;
    let (total_wh, wh) = (energy(total, "MWh")?, energy(kwh, "kWh")?);
    let key = (generator.to_string(), unit.to_string(), date.year(), date.month());
    let first = date.with_day(1).unwrap_or(date);
    let month = months.entry(key).or_insert_with(|| Month { first, total_wh, line, hours: BTreeMap::new() });
    if month.total_wh != total_wh {
        return Err(format!("its month has {} MWh, and another total in line {}", clip(total), month.line));
    }
    match month.hours.insert((date, hour), (wh, line)) {
        Some((_, earlier)) => Err(format!("{} hour {hour} is already in line {earlier}", clip(cells[2]))),
        None => Ok(()),
    }
}

/// Energy in Wh; a certificate is of nothing less than none.
fn energy(text: &str, unit: &str) -> Result<i64, String> {
    let unit = Unit::parse(unit).map_err(|e| e.to_string())?;
    let decimal = Decimal::parse(text).map_err(|e| e.to_string())?;
    match unit.to_base(decimal, 3_600, Rounding::Down).map_err(|e| e.to_string())? {
        wh if wh < 0 => {
            Err(format!("`{}` {} is less than none: a certificate is of generation", clip(text), unit.name))
        }
        wh if wh > MOST_WH => Err(format!("`{}` {} is more than any generator makes", clip(text), unit.name)),
        wh => Ok(wh),
    }
}
