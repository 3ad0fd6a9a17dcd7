//! Values that several tables hold: exact fractions and energies, factors, text, instants on the grid, changes by date.

use super::common::{Fault, Instant, Resolution, Table, Zone};
use crate::clock::{parse_bound, parse_duration};
use reports::definitions::{Change, Fraction, labels};
use reports::text::is_line;
use reports::units::{Decimal, Rounding, WH_PER_MWH};
use std::fmt;

/// Where instants lie: the portfolio's zone and grid.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    pub zone: Zone,
    pub resolution: Resolution,
}

/// What must be exact, from a number or a string.
fn exact<T, E: fmt::Display>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
    example: &str,
) -> Option<T> {
    let (text, at) = table.exact(key)?;
    let refuse = |error| table.refuse(at, format!("`{key}`: {error}"), format!("write {key} = {example}"));
    parse(&text).map_err(refuse).ok()
}

/// An exact part of one, from a number or a string such as "1/3".
pub fn fraction(table: &mut Table<'_, '_>, key: &'static str) -> Option<Fraction> {
    exact(table, key, Fraction::parse, "0.05 or \"1/20\"")
}

/// MWh as whole Wh, or MW as whole W, without a float between; a part of one counts for nothing.
pub fn mega(table: &mut Table<'_, '_>, key: &'static str) -> Option<i64> {
    table.number(key)?;
    let scaled = |value: Decimal| value.scaled(i128::from(WH_PER_MWH), 1, Rounding::Down);
    exact(table, key, |text| Decimal::parse(text).and_then(scaled), "40.0")
}

/// A duration in seconds, and where it stands.
pub fn duration(table: &mut Table<'_, '_>, key: &'static str, hint: &str) -> Option<(i64, usize)> {
    let (text, at) = table.string(key)?;
    let refuse = |problem: Fault| table.refuse(at, format!("`{key}`: {}", problem.what), hint);
    Some((parse_duration(&text).map_err(refuse).ok()?, at))
}

/// Grams as whole milligrams, rounded up; what binary fractions add below a nanogram is not rounded up to one more.
pub fn milligrams(grams: f64) -> i64 {
    (grams * 1_000.0 - 1e-6).ceil().max(0.0) as i64
}

/// `name` of a site or a contract.
pub fn name(table: &mut Table<'_, '_>, example: &str) -> Option<String> {
    let (name, at) = table.string("name")?;
    match labels::fault(&name) {
        None => Some(name),
        Some(what) => table.refused(at, format!("`name` {what}"), format!("write name = \"{example}\"")),
    }
}

/// One line of text.
pub fn text(table: &mut Table<'_, '_>, key: &'static str) -> Option<String> {
    let (text, at) = table.string(key)?;
    line(table, key, text, at)
}

pub fn texts(table: &mut Table<'_, '_>, key: &'static str) -> Vec<String> {
    let listed = table.strings(key).unwrap_or_default();
    listed.into_iter().filter_map(|(text, at)| line(table, key, text, at)).collect()
}

pub fn line(table: &Table<'_, '_>, key: &str, text: String, at: usize) -> Option<String> {
    if !is_line(&text) {
        let what = format!("`{key}` is blank or holds control characters or bidirectional marks");
        return table.refused(at, what, "write one line of text");
    }
    Some(text)
}

/// An instant on the resolution's grid.
pub fn instant(table: &mut Table<'_, '_>, key: &'static str, time: Time) -> Option<Instant> {
    let (text, at) = table.string(key)?;
    if text.starts_with("now") {
        return table.refused(at, format!("`{key}` moves with the clock"), "write a date or an instant");
    }
    let instant = match parse_bound(&text, Instant::FIRST, time.zone, time.resolution) {
        Ok(instant) => instant,
        Err(problem) => {
            let hint = "write \"2026-07-01\" or an instant with offset, between 1970 and 9999";
            return table.refused(at, format!("`{key}`: {}", problem.what), hint);
        }
    };
    if !instant.is_on(time.resolution.seconds()) {
        let what = format!("`{key}` {instant} does not lie on the resolution's grid");
        return table.refused(at, what, "write an instant at which an interval starts");
    }
    Some(instant)
}

/// `[{ from = "...", ... }]`, by rising instant; `value` reads what changes.
pub fn changes<'t, 'i, T>(
    table: &mut Table<'t, 'i>,
    key: &'static str,
    time: Time,
    mut value: impl FnMut(&mut Table<'t, 'i>) -> Option<T>,
) -> Vec<Change<T>> {
    let mut list: Vec<Change<T>> = Vec::new();
    for mut entry in table.tables(key) {
        entry.name = format!("{}.{key}", table.name);
        let at = entry.at;
        entry.needs("from");
        let from = instant(&mut entry, "from", time);
        let value = value(&mut entry);
        entry.close();
        let Some((from, value)) = from.zip(value) else { continue };
        if list.last().is_some_and(|last| last.from >= from) {
            let what = format!("{}.{key}: the changes are not in order of their dates", table.name);
            table.file.refuse(at, what, "list the earliest first, each once");
            continue;
        }
        list.push(Change { from, value });
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_round_up_once() {
        assert_eq!(
            [milligrams(368.567), milligrams(0.0), milligrams(0.0001), milligrams(490.0)],
            [368_567, 0, 1, 490_000]
        );
    }
}
