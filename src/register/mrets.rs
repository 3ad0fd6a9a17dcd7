//! M-RETS hourly generation, as it is uploaded: a row for every hour of a month, in kWh, beside the MWh of the month.
//!
//! M-RETS issues whole MWh; what is left of a month counts for the next. So of a month as many Wh become certificates
//! as its hours and its whole MWh both have, the earliest hours first.

use super::taking::{MOST, Row, Setting, Table};
use super::told::Told;
use crate::error::Problem;
use crate::rejects::Rejects;
use chrono::{Datelike, Days, Months, NaiveDate};
use csv::StringRecord;
use reports::certificates::{Certificate, Status};
use reports::received::Records;
use reports::received::records::{Found, NOT_TEXT};
use reports::text::clip;
use reports::time::Zone;
use reports::units::{Decimal, Rounding, Unit};
use std::collections::BTreeMap;
use std::io::Read;

const REGISTRY: &str = "M-RETS";
const MWH: i64 = 1_000_000;
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
struct Month {
    first: NaiveDate,
    total_wh: i64,
    line: u64,
    /// Wh and line by day and hour.
    hours: BTreeMap<(NaiveDate, u32), (i64, u64)>,
}

/// Generator, reporting unit, year and month.
type Key = (String, String, i32, u32);

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

pub(super) fn recognises(header: &StringRecord) -> bool {
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
fn columns(header: &StringRecord) -> Result<[usize; 6], Problem> {
    let hint = format!("the columns of hourly generation are {}", TITLES.join(", "));
    let names: Vec<String> = header.iter().map(plain).collect();
    if names.iter().any(|name| name == "vintage") {
        return Err(Problem::new("is M-RETS generation by month, which says nothing of hours").hint(hint));
    }
    let mut places = [0; 6];
    for ((place, known), title) in places.iter_mut().zip(COLUMNS).zip(TITLES) {
        let mut found = names.iter().enumerate().filter(|(_, name)| known.contains(&name.as_str()));
        *place = match (found.next(), found.next()) {
            (Some((at, _)), None) => at,
            (None, _) => return Err(Problem::new(format!("is M-RETS generation without `{title}`")).hint(hint)),
            (Some(_), Some(_)) => return Err(Problem::new(format!("has `{title}` twice")).hint(hint)),
        };
    }
    let unknown = header.iter().enumerate().find(|(at, name)| !places.contains(at) && !name.trim().is_empty());
    match unknown {
        Some((_, name)) => Err(Problem::new(format!("has a column `{}` that M-RETS does not", clip(name))).hint(hint)),
        None => Ok(places),
    }
}

/// Reads a file whole: an hour that is missing is a fault of its month.
pub(super) fn read(
    reader: impl Read,
    setting: &Setting<'_>,
    told: &Told<'_>,
    rejects: Rejects,
) -> Result<Table, Problem> {
    let Some(zone) = told.zone else {
        return Err(Problem::new("is M-RETS hourly generation, which does not name its time zone")
            .hint("--time-zone America/Chicago, or Etc/GMT+6 for Central standard time all year"));
    };
    let mut table = Table { rejects, ..Table::default() };
    let months = months(reader, &mut table.rejects)?;
    for (key, month) in &months {
        if let Err((line, reason)) = issue(key, month, zone, (setting, told), &mut table) {
            table.rejects.push(line, format!("{REGISTRY} {}, {:02}/{}: {reason}", key.0, key.3, key.2));
        }
    }
    Ok(table)
}

/// Rows by month.
fn months(reader: impl Read, rejects: &mut Rejects) -> Result<BTreeMap<Key, Month>, Problem> {
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
                return Err(Problem::new(what).line(line).hint("split the file by months"));
            }
            Found::Text(line) => take(&record, line),
            Found::Bytes(line) => return Err(Problem::new(NOT_TEXT).line(line).hint("save it as CSV UTF-8")),
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
        Some((_, earlier)) => Err(format!("{} hour {hour} stands in line {earlier} already", clip(cells[2]))),
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

/// Certificates of a month's hours; where it has a fault, its line and what it is.
fn issue(
    (generator, unit, year, month_no): &Key,
    month: &Month,
    zone: Zone,
    (setting, told): (&Setting<'_>, &Told<'_>),
    table: &mut Table,
) -> Result<(), (u64, String)> {
    let hours = instants(month, zone)?;
    let at_month = |reason: String| (month.line, reason);
    let sum: i64 = hours.iter().map(|(.., wh)| *wh).sum();
    let kwh = |wh: i64| format!("{} kWh", wh as f64 / 1_000.0);
    if (sum - month.total_wh).abs() >= MWH {
        let (sum, total) = (kwh(sum), kwh(month.total_wh));
        let what = format!("its hours add up to {sum}, and its total is {total}: a remainder is less than 1 MWh");
        return Err(at_month(what));
    }
    // The id as M-RETS prints it, where the portfolio has that.
    let printed = format!("M{generator}");
    let device = if (told.device)(&printed).is_some() { printed } else { generator.clone() };
    let technology = told.technology(&device).map_err(at_month)?;
    let issued = month.total_wh / MWH * MWH;
    let issuance = format!("mrets-{generator}-{unit}-{year}-{month_no:02}");
    let mut used = 0;
    for ((date, hour), line, start, wh) in hours {
        let wh = wh.min(issued - used);
        if wh == 0 {
            continue;
        }
        let certificate = Certificate {
            id: format!("{issuance}-{:02}-{hour:02}", date.day()),
            issuance: issuance.clone(),
            device: device.clone(),
            registry: told.registry.unwrap_or(REGISTRY).to_string(),
            technology: technology.clone(),
            start,
            end: start + 3_600,
            first_wh: used + 1,
            last_wh: used + wh,
            status: Status::Issued,
            owner: String::new(),
            beneficiary: None,
            contract: None,
            since: setting.now_s,
            expires: None,
        };
        used += wh;
        if let Some(reason) = certificate.fault() {
            return Err((line, reason));
        }
        table.rows.push(Row { line, certificate, since_stated: false });
    }
    let whose = format!("{REGISTRY} {generator}, {month_no:02}/{year}");
    if sum > used {
        let left = kwh(sum - used);
        table.notes.push(format!("{whose}: {left} of its last hours have no certificate: {REGISTRY} issues whole MWh"));
    }
    if issued > used {
        let earlier = kwh(issued - used);
        table.notes.push(format!("{whose}: {earlier} of its MWh are of earlier months and have no hour here"));
    }
    Ok(())
}

/// Day and hour, line, start and Wh of every hour that the month has.
type Hour = ((NaiveDate, u32), u64, i64, i64);

fn instants(month: &Month, zone: Zone) -> Result<Vec<Hour>, (u64, String)> {
    let end = month.first.checked_add_months(Months::new(1)).unwrap_or(month.first);
    let mut hours = Vec::new();
    let mut date = month.first;
    while date < end {
        for hour in 1..=24 {
            let stated = month.hours.get(&(date, hour)).copied();
            let day = date.format("%m/%d/%Y");
            let Some((wh, line)) = stated else {
                let most = (end - month.first).num_days() * 24;
                let held = month.hours.len();
                return Err((
                    month.line,
                    format!("has {held} of {most} hours; the first that it lacks is {day} hour {hour}"),
                ));
            };
            let local = date.and_hms_opt(hour - 1, 0, 0).unwrap_or_default();
            match zone.instants(local) {
                [Some(start), None] => hours.push(((date, hour), line, start, wh)),
                [None, _] if wh == 0 => {}
                [None, _] => {
                    return Err((line, format!("{day} has no hour {hour} in {}: clocks go forward", zone.name())));
                }
                [Some(_), Some(_)] => {
                    return Err((
                        line,
                        format!(
                            "{day} has 25 hours in {}, of which hours 1 to 24 name only 24: have the month reported in \
                             standard time, and say so, such as --time-zone Etc/GMT+6; or import its certificates in \
                             hourmatch's own form",
                            zone.name()
                        ),
                    ));
                }
            }
        }
        date = date.checked_add_days(Days::new(1)).unwrap_or(end);
    }
    Ok(hours)
}
