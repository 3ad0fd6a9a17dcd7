//! Values that several tables hold: exact fractions, instants on the grid, changes by date.

use super::walk::{File, Table};
use crate::clock::parse_when;
use reports::definitions::{Change, Fraction};
use reports::time::{Resolution, Zone, format_instant};

/// Where instants lie: the portfolio's zone and grid.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    pub zone: Zone,
    pub resolution: Resolution,
}

/// An exact part of one, from a number or a string such as "1/3".
pub fn fraction(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<Fraction> {
    let (text, at) = table.exact(file, key)?;
    match Fraction::parse(&text) {
        Ok(fraction) => Some(fraction),
        Err(error) => {
            file.refuse(at, format!("{}: `{key}`: {error}", table.name), format!("write {key} = 0.05 or \"1/20\""));
            None
        }
    }
}

pub fn text(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<String> {
    let (text, at) = table.string(file, key)?;
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        file.refuse(
            at,
            format!("{}: `{key}` is blank or holds control characters", table.name),
            "write one line of text",
        );
        return None;
    }
    Some(text)
}

/// An instant on the resolution's grid.
pub fn instant(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str, time: Time) -> Option<i64> {
    let (text, at) = table.string(file, key)?;
    let instant = match parse_when(&text, 0, time.zone) {
        Ok(instant) if text.starts_with("now") => {
            let _ = instant;
            file.refuse(at, format!("{}: `{key}` moves with the clock", table.name), "write a date or an instant");
            return None;
        }
        Ok(instant) => instant,
        Err(problem) => {
            file.refuse(
                at,
                format!("{}: `{key}`: {}", table.name, problem.what),
                "write \"2026-07-01\" or an instant with offset",
            );
            return None;
        }
    };
    if instant.rem_euclid(time.resolution.seconds()) != 0 {
        let what = format!("{}: `{key}` {} does not lie on the resolution's grid", table.name, format_instant(instant));
        file.refuse(at, what, "write an instant at which an interval starts");
        return None;
    }
    Some(instant)
}

/// `[{ from = "...", ... }]`, by rising instant; `value` reads what changes.
pub fn changes<'t, 'i, T>(
    file: &mut File<'_>,
    table: &mut Table<'t, 'i>,
    key: &'static str,
    time: Time,
    mut value: impl FnMut(&mut File<'_>, &mut Table<'t, 'i>) -> Option<T>,
) -> Vec<Change<T>> {
    let mut list: Vec<Change<T>> = Vec::new();
    for mut entry in table.tables(file, key) {
        entry.name = format!("{}.{key}", table.name);
        let at = entry.at;
        if entry.at_key("from") == at {
            file.refuse(at, format!("{} has no `from`", entry.name), "add from = \"2026-07-01\"");
        }
        let from = instant(file, &mut entry, "from", time);
        let value = value(file, &mut entry);
        entry.close(file);
        let Some((from, value)) = from.zip(value) else { continue };
        if list.last().is_some_and(|last| last.from >= from) {
            file.refuse(
                at,
                format!("{}.{key}: the changes are not in order of their dates", table.name),
                "list the earliest first, each once",
            );
            continue;
        }
        list.push(Change { from, value });
    }
    list
}
