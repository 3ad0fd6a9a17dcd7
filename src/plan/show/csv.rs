//! The schedule and its events as CSV: a row for each stretch of equal power, and for each event.

use super::pieces::energy_mwh;
use super::shown::Shown;
use crate::plan::document::{Event, Scheduled, tidy};
use reports::text::no_formula;
use reports::time::Zone;
use std::io::Write;

const HEAD: [&str; 15] = [
    "kind",
    "work",
    "site",
    "start",
    "end",
    "local_start",
    "local_end",
    "time_zone",
    "it_mw",
    "it_mwh",
    "gpus",
    "pool",
    "account",
    "power_fraction",
    "progress_hours",
];

/// Rows by start, then by work and site; instants in UTC and in the time of the site. An event (checkpoint, pause,
/// resume, cap, start, done, deadline) has a start and no more.
///
/// # Errors
/// A writer that fails.
pub fn write(shown: &Shown<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    let plan = shown.plan;
    let mut rows: Vec<(i64, &str, &str, [String; HEAD.len()])> = Vec::new();
    for row in &plan.schedule {
        rows.push((row.start.seconds(), &row.work, &row.site, stretch(row, shown.zone(&row.site))));
    }
    for event in &plan.events {
        rows.push((event.at.seconds(), &event.work, &event.site, happening(event, shown.zone(&event.site))));
    }
    rows.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD)?;
    for (.., cells) in &rows {
        csv.write_record(cells.iter().map(|cell| no_formula(cell).into_owned()))?;
    }
    csv.flush()
}

fn stretch(row: &Scheduled, zone: Zone) -> [String; HEAD.len()] {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    [
        "run".into(),
        row.work.clone(),
        row.site.clone(),
        row.start.to_string(),
        row.end.to_string(),
        zone.rfc3339(row.start.seconds()),
        zone.rfc3339(row.end.seconds()),
        zone.name().into(),
        row.mw.to_string(),
        tidy(energy_mwh(row)).to_string(),
        row.gpus.map_or_else(String::new, |gpus| gpus.to_string()),
        row.pool.clone().unwrap_or_default(),
        row.account.clone().unwrap_or_default(),
        number(row.power_fraction),
        number(row.progress_hours),
    ]
}

fn happening(event: &Event, zone: Zone) -> [String; HEAD.len()] {
    let mut cells = [const { String::new() }; HEAD.len()];
    cells[0] = event.kind.clone();
    cells[1] = event.work.clone();
    cells[2] = event.site.clone();
    cells[3] = event.at.to_string();
    cells[5] = zone.rfc3339(event.at.seconds());
    cells[7] = zone.name().into();
    cells
}
