//! The schedule and its events as CSV: a row for each stretch of equal power, and for each event.

use super::shown::Shown;
use crate::plan::common::{Instant, SiteId, WorkId, Zone, tidy};
use crate::plan::schedule::{Event, Placement};
use reports::columns::{Column, column, names};
use reports::text::no_formula;
use std::io::Write;

pub const COLUMNS: [Column; 15] = [
    column("kind", "", "`run` for a stretch of equal power, else the kind of an event."),
    column("work", "", "Id of the work."),
    column("site", "", "Where it runs."),
    column("start", "RFC 3339", "First instant, in UTC; of an event, its instant."),
    column("end", "RFC 3339", "First instant after it, in UTC; empty for events."),
    column("local_start", "RFC 3339", "`start` in the site's time."),
    column("local_end", "RFC 3339", "`end` in the site's time."),
    column("time_zone", "", "The site's time zone."),
    column("it_mw", "IT MW", "Power."),
    column("it_mwh", "IT MWh", "Energy of the stretch."),
    column("gpus", "count", "Accelerators held; empty without any."),
    column("pool", "", "The pool they are of."),
    column("account", "", "The account they count against."),
    column("power_fraction", "share", "Of training: of full power; 0 is paused with nodes held."),
    column("progress_hours", "h", "Of training: hours at full speed that the stretch comes to."),
];
const HEAD: [&str; 15] = names(&COLUMNS, 0);

/// Rows by start, then by work and site; instants in UTC and in the time of the site. An event (checkpoint, pause,
/// resume, cap, start, done, deadline) has a start and no more.
///
/// # Errors
/// A writer that fails.
pub fn write(shown: &Shown<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    let plan = shown.plan;
    let mut rows: Vec<(Instant, &WorkId, &SiteId, [String; HEAD.len()])> = Vec::new();
    for row in &plan.schedule {
        rows.push((row.start, &row.work, &row.site, stretch(row, shown.zone(&row.site))));
    }
    for event in &plan.events {
        rows.push((event.at, &event.work, &event.site, happening(event, shown.zone(&event.site))));
    }
    rows.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD)?;
    for (.., cells) in &rows {
        csv.write_record(cells.iter().map(|cell| no_formula(cell).into_owned()))?;
    }
    csv.flush()
}

fn stretch(row: &Placement, zone: Zone) -> [String; HEAD.len()] {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    [
        "run".into(),
        row.work.to_string(),
        row.site.to_string(),
        row.start.to_string(),
        row.end.to_string(),
        zone.rfc3339(row.start),
        zone.rfc3339(row.end),
        zone.name().into(),
        row.mw.to_string(),
        tidy(row.mwh()).to_string(),
        row.gpus.map_or_else(String::new, |gpus| gpus.to_string()),
        row.pool.clone().unwrap_or_default().into(),
        row.account.clone().unwrap_or_default().into(),
        number(row.power_fraction),
        number(row.progress_hours),
    ]
}

fn happening(event: &Event, zone: Zone) -> [String; HEAD.len()] {
    let mut cells = [const { String::new() }; HEAD.len()];
    cells[0] = event.kind.into_str().into();
    cells[1] = event.work.to_string();
    cells[2] = event.site.to_string();
    cells[3] = event.at.to_string();
    cells[5] = zone.rfc3339(event.at);
    cells[7] = zone.name().into();
    cells
}
