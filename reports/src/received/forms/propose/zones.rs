//! Which zone times without offset are of: what a column says, or the zone of the portfolio that their clock changes fit.

use super::sample::Sample;
use super::times::Times;
use crate::received::forms::moments::Moment;
use crate::time::Zone;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Writes the zone, where times have none of their own, and says what is not sure of it. The first of the zones that fit
/// as well as any is taken.
pub fn write(sample: &Sample, times: &Times, zones: &[String], (text, open): (&mut String, &mut Vec<String>)) {
    let walls: Vec<NaiveDateTime> = times.moments.iter().filter_map(wall).collect();
    if walls.is_empty() {
        return;
    }
    if times.columns().iter().any(|at| is_utc(sample.header.get(*at).unwrap_or(""))) {
        text.push_str("zone = \"UTC\"\n");
        return;
    }
    let known: Vec<Zone> =
        zones.iter().map(String::as_str).chain(["UTC"]).filter_map(|name| Zone::parse(name).ok()).collect();
    // The first of equals: a wall time that stands twice is one where clocks go back.
    let Some(zone) = known.into_iter().min_by_key(|zone| misfits(*zone, &walls)) else { return };
    let _ = writeln!(text, "zone = \"{}\"", zone.name());
    open.push(match zone.name() {
        "UTC" => {
            "the time zone: the file does not state one; for local times, write such as zone = \"Europe/Berlin\"".into()
        }
        name => format!("the time zone: the file does not state one, and {name} is the portfolio's that fits it"),
    });
}

fn wall(moment: &Moment) -> Option<NaiveDateTime> {
    match moment {
        Moment::Wall(wall) => Some(*wall),
        Moment::Instant(_) => None,
    }
}

fn is_utc(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("utc") || word.eq_ignore_ascii_case("gmt"))
}

/// How many wall times are skipped by clocks of a zone, or stand twice where they do not go back, or once where they do.
fn misfits(zone: Zone, walls: &[NaiveDateTime]) -> usize {
    let mut counts: BTreeMap<NaiveDateTime, usize> = BTreeMap::new();
    for wall in walls {
        *counts.entry(*wall).or_default() += 1;
    }
    // Of a table of several series each time stands as often.
    let once = counts.values().min().copied().unwrap_or(1);
    let misfit = |(wall, count): (&NaiveDateTime, &usize)| match zone.instants(*wall) {
        [None, None] => true,
        [Some(_), Some(_)] => *count < 2 * once,
        _ => *count >= 2 * once,
    };
    counts.iter().map(|(wall, count)| misfit((wall, count))).filter(|is_one| *is_one).count()
}
