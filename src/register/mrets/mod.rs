//! M-RETS hourly generation, as it is uploaded: a row for every hour of a month, in kWh, beside the MWh of the month.
//!
//! M-RETS issues whole MWh and carries the rest of a month over to the next. So only as many Wh of a month become
//! certificates as both its hours and its whole MWh cover, the earliest hours first.

mod issue;
mod months;

use super::file_context::FileContext;
use super::taking::{Setting, Table};
use crate::error::Fault;
use crate::rejects::Rejects;
use issue::{REGISTRY, issue};
use months::months;
use std::io::Read;

pub(super) use months::recognises;

/// Reads a file whole: an hour that is missing is a fault of its month.
pub(super) fn read(
    reader: impl Read,
    setting: &Setting<'_>,
    context: &FileContext<'_>,
    rejects: Rejects,
) -> Result<Table, Fault> {
    let Some(zone) = context.zone else {
        return Err(Fault::new("is M-RETS hourly generation, which does not name its time zone")
            .hint("--time-zone America/Chicago, or Etc/GMT+6 for Central standard time all year"));
    };
    let mut table = Table { rejects, ..Table::default() };
    let months = months(reader, &mut table.rejects)?;
    for (key, month) in &months {
        if let Err((line, reason)) = issue(key, month, zone, (setting, context), &mut table) {
            table.rejects.push(line, format!("{REGISTRY} {}, {:02}/{}: {reason}", key.0, key.3, key.2));
        }
    }
    Ok(table)
}
