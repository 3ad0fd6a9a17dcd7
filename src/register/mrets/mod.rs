//! M-RETS hourly generation, as it is uploaded: a row for every hour of a month, in kWh, beside the MWh of the month.
//!
//! M-RETS issues whole MWh and carries the rest of a month over to the next. So only as many Wh of a month become
//! certificates as both its hours and its whole MWh cover, the earliest hours first.

mod months;

use super::taking::{Row, Setting, Table};
use crate::error::Fault;
use crate::rejects::Rejects;
use chrono::{Datelike, Days, Months, NaiveDate};
use months::{Key, Month, months};
use reports::certificates::{Certificate, Status};
use reports::time::{Instant, Zone};
use std::io::Read;

pub(super) use months::recognises;

const REGISTRY: &str = "M-RETS";
const MWH: i64 = 1_000_000;

/// Reads a file whole: an hour that is missing is a fault of its month.
pub(super) fn read(reader: impl Read, setting: &Setting<'_>, rejects: Rejects) -> Result<Table, Fault> {
    let Some(zone) = setting.zone else {
        return Err(Fault::new("is M-RETS hourly generation, which does not name its time zone")
            .hint("--time-zone America/Chicago, or Etc/GMT+6 for Central standard time all year"));
    };
    let mut table = Table { rejects, ..Table::default() };
    let months = months(reader, &mut table.rejects)?;
    for (key, month) in &months {
        if let Err((line, reason)) = issue(key, month, zone, setting, &mut table) {
            table.rejects.push(line, format!("{REGISTRY} {}, {:02}/{}: {reason}", key.0, key.3, key.2));
        }
    }
    Ok(table)
}

/// Certificates of a month's hours; where it has a fault, its line and what it is.
fn issue(
    (generator, unit, year, month_no): &Key,
    month: &Month,
    zone: Zone,
    setting: &Setting<'_>,
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
    let device = if (setting.device)(&printed).is_some() { printed } else { generator.clone() };
    let technology = setting.technology(&device).map_err(at_month)?;
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
            registry: setting.registry.unwrap_or(REGISTRY).to_string(),
            technology: technology.clone(),
            start,
            end: start + 3_600,
            first_wh: used + 1,
            last_wh: used + wh,
            status: Status::Issued,
            owner: String::new(),
            beneficiary: None,
            contract: None,
            since: setting.now,
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
type Hour = ((NaiveDate, u32), u64, Instant, i64);

fn instants(month: &Month, zone: Zone) -> Result<Vec<Hour>, (u64, String)> {
    let end = month.first.checked_add_months(Months::new(1)).unwrap_or(month.first);
    let mut hours = Vec::new();
    let mut date = month.first;
    while date < end {
        for hour in 1..=24 {
            let day = date.format("%m/%d/%Y");
            let Some((wh, line)) = month.hours.get(&(date, hour)).copied() else {
                let (held, most) = (month.hours.len(), (end - month.first).num_days() * 24);
                let what = format!("has {held} of {most} hours; the first that it lacks is {day} hour {hour}");
                return Err((month.line, what));
            };
            let local = date.and_hms_opt(hour - 1, 0, 0).unwrap_or_default();
            match zone.instants(local) {
                [Some(start), None] => hours.push(((date, hour), line, start, wh)),
                [None, _] if wh == 0 => {}
                [None, _] => {
                    return Err((line, format!("{day} has no hour {hour} in {}: clocks go forward", zone.name())));
                }
                [Some(_), Some(_)] => {
                    let what = format!(
                        "{day} has 25 hours in {}, of which hours 1 to 24 name only 24: have the month reported in \
                         standard time, and say so, such as --time-zone Etc/GMT+6; or import its certificates in \
                         hourmatch's own form",
                        zone.name()
                    );
                    return Err((line, what));
                }
            }
        }
        date = date.checked_add_days(Days::new(1)).unwrap_or(end);
    }
    Ok(hours)
}
