//! Values that several tables hold: exact fractions and energies, factors, text, instants on the grid, changes by date.

use super::file::File;
use super::walk::Table;
use crate::clock::parse_bound;
use reports::definitions::{Change, Fraction};
use reports::text::is_line;
use reports::time::{Instant, Resolution, Zone};
use reports::units::{Decimal, Rounding, WH_PER_MWH};

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

/// MWh as whole Wh, or MW as whole W, without a float between; a part of one counts for nothing.
pub fn mega(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<i64> {
    table.number(file, key)?;
    let (text, at) = table.exact(file, key)?;
    let wh = Decimal::parse(&text).and_then(|value| value.scaled(i128::from(WH_PER_MWH), 1, Rounding::Down));
    match wh {
        Ok(wh) => Some(wh),
        Err(error) => {
            file.refuse(at, format!("{}: `{key}`: {error}", table.name), format!("write {key} = 40.0"));
            None
        }
    }
}

/// Grams as whole milligrams, rounded up; what binary fractions add below a nanogram is not rounded up to one more.
pub fn milligrams(grams: f64) -> i64 {
    (grams * 1_000.0 - 1e-6).ceil().max(0.0) as i64
}

/// One line of text.
pub fn text(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<String> {
    let (text, at) = table.string(file, key)?;
    line(file, &table.name, key, text, at)
}

/// Several lines of text.
pub fn texts(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Vec<String> {
    let listed = table.strings(file, key).unwrap_or_default();
    listed.into_iter().filter_map(|(text, at)| line(file, &table.name, key, text, at)).collect()
}

pub fn line(file: &mut File<'_>, table: &str, key: &str, text: String, at: usize) -> Option<String> {
    if !is_line(&text) {
        let what = format!("{table}: `{key}` is blank or holds control characters or bidirectional marks");
        file.refuse(at, what, "write one line of text");
        return None;
    }
    Some(text)
}

/// An instant on the resolution's grid.
pub fn instant(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str, time: Time) -> Option<Instant> {
    let (text, at) = table.string(file, key)?;
    if text.starts_with("now") {
        file.refuse(at, format!("{}: `{key}` moves with the clock", table.name), "write a date or an instant");
        return None;
    }
    let instant = match parse_bound(&text, Instant::FIRST, time.zone, time.resolution) {
        Ok(instant) => instant,
        Err(problem) => {
            let what = format!("{}: `{key}`: {}", table.name, problem.what);
            file.refuse(at, what, "write \"2026-07-01\" or an instant with offset, between 1970 and 9999");
            return None;
        }
    };
    if !instant.is_on(time.resolution.seconds()) {
        let what = format!("{}: `{key}` {instant} does not lie on the resolution's grid", table.name);
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
        entry.needs(file, "from");
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
