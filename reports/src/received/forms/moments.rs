//! Times as tables write them: instants, or wall times of a zone.

use crate::text::clip;
use crate::time::{TimeError, Zone, in_range, parse_instant};
use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};

/// What a cell says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Instant(i64),
    Wall(NaiveDateTime),
}

/// One way to write a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    pattern: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With an offset.
    Offset,
    Wall,
    Date,
}

/// ISO 8601 and what is near it; the first of each kind is written most.
const ISO: [(&str, Kind); 8] = [
    ("%Y-%m-%d %H:%M:%S%#z", Kind::Offset),
    ("%Y-%m-%d %H:%M%#z", Kind::Offset),
    ("%Y-%m-%d %H:%M:%S %#z", Kind::Offset),
    ("%Y-%m-%d %H:%M:%S%.f%#z", Kind::Offset),
    ("%Y-%m-%d %H:%M:%S", Kind::Wall),
    ("%Y-%m-%d %H:%M", Kind::Wall),
    ("%Y-%m-%d %H:%M:%S%.f", Kind::Wall),
    ("%Y-%m-%d", Kind::Date),
];

impl Format {
    /// A pattern of strftime.
    ///
    /// # Errors
    ///
    /// Where it is none, or names no date.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        let refuse = || format!("format `{}` is no pattern such as %d.%m.%Y %H:%M", clip(pattern));
        if StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error)) {
            return Err(refuse());
        }
        let has = |signs: &[&str]| signs.iter().any(|sign| pattern.contains(sign));
        let kind = match () {
            () if has(&["z", "%s", "%+"]) => Kind::Offset,
            () if has(&["%H", "%I", "%k", "%l", "%T", "%R", "%r", "%c"]) => Kind::Wall,
            () => Kind::Date,
        };
        Ok(Self { pattern: pattern.into(), kind })
    }

    fn read(&self, text: &str) -> Option<Moment> {
        read_as(&self.pattern, self.kind, text)
    }
}

fn read_as(pattern: &str, kind: Kind, text: &str) -> Option<Moment> {
    match kind {
        Kind::Offset => {
            let time = DateTime::parse_from_str(text, pattern).ok()?;
            (time.timestamp_subsec_nanos() == 0).then_some(Moment::Instant(time.timestamp()))
        }
        Kind::Wall => {
            let time = NaiveDateTime::parse_from_str(text, pattern).ok()?;
            (time.and_utc().timestamp_subsec_nanos() == 0).then_some(Moment::Wall(time))
        }
        Kind::Date => NaiveDate::parse_from_str(text, pattern).ok()?.and_hms_opt(0, 0, 0).map(Moment::Wall),
    }
}

/// The ways in which a table writes its times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formats(pub Vec<Format>);

impl Formats {
    /// The time that a cell names.
    ///
    /// # Errors
    ///
    /// Why it names none.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        let text = text.trim();
        let (plain, days) = midnight(text);
        let found = match self.0.is_empty() {
            true => iso(&plain),
            false => self.0.iter().find_map(|format| format.read(&plain)),
        };
        let moment = found.ok_or_else(|| self.refusal(text))?;
        let later = match moment {
            Moment::Instant(at_s) => Some(Moment::Instant(at_s + 86_400 * days as i64)),
            Moment::Wall(wall) => wall.checked_add_days(Days::new(days)).map(Moment::Wall),
        };
        match later.ok_or_else(|| self.refusal(text))? {
            Moment::Instant(at_s) => in_range(at_s, text).map(Moment::Instant).map_err(|e| e.to_string()),
            Moment::Wall(wall) => {
                in_range(wall.and_utc().timestamp(), text).map(|_| Moment::Wall(wall)).map_err(|e| e.to_string())
            }
        }
    }

    fn refusal(&self, text: &str) -> String {
        let shown = clip(text);
        let patterns: Vec<&str> = self.0.iter().map(|format| format.pattern.as_str()).collect();
        match patterns[..] {
            [] => format!("`{shown}` is no time such as 2024-01-31T13:00:00Z; say its format in time"),
            _ => format!("`{shown}` is no time as {}", patterns.join(" or ")),
        }
    }
}

/// `24:00` of a day as `00:00`, and the days to add.
fn midnight(text: &str) -> (String, u64) {
    let at = text.find("24:00").filter(|at| text[..*at].ends_with([' ', 'T']));
    match at {
        Some(at) => (format!("{}00:00{}", &text[..at], &text[at + 5..]), 1),
        None => (text.to_string(), 0),
    }
}

fn iso(text: &str) -> Option<Moment> {
    if let Ok(at_s) = parse_instant(text) {
        return Some(Moment::Instant(at_s));
    }
    let spaced = match text.as_bytes().get(10) {
        Some(b'T' | b't') => format!("{} {}", text.get(..10)?, text.get(11..)?),
        _ => text.to_string(),
    };
    ISO.iter().find_map(|(pattern, kind)| read_as(pattern, *kind, &spaced))
}

/// Wall times of one list of rows: where clocks go back, its order says which of two instants is meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    last_s: Option<i64>,
    backwards: bool,
}

impl Clock {
    /// The instant of a start.
    ///
    /// # Errors
    ///
    /// A wall time that clocks jump over.
    pub fn start(&mut self, zone: Zone, moment: Moment) -> Result<i64, String> {
        let at_s = match moment {
            Moment::Instant(at_s) => at_s,
            Moment::Wall(wall) => match zone.instants(wall) {
                [Some(at_s), None] => at_s,
                [Some(first), Some(second)] => self.of_two(first, second),
                _ => {
                    let local = wall.format("%Y-%m-%d %H:%M").to_string();
                    return Err(TimeError::Skipped { local, zone: zone.name().into() }.to_string());
                }
            },
        };
        if let Some(last_s) = self.last_s.filter(|last_s| *last_s != at_s) {
            self.backwards = at_s < last_s;
        }
        self.last_s = Some(at_s);
        Ok(at_s)
    }

    /// The first of the two that lies beyond the row before.
    fn of_two(&self, first: i64, second: i64) -> i64 {
        match (self.last_s, self.backwards) {
            (Some(last_s), false) if first <= last_s => second,
            (Some(last_s), true) if second < last_s => second,
            (_, true) => first,
            _ => first,
        }
    }
}

/// The end that belongs to a start: the nearest after it that the cell can mean. A wall time is held against the wall time
/// of the start, too: `01:30 to 02:00` is half an hour though clocks go back at two.
pub fn end(zone: Zone, start: Moment, start_s: i64, end: Moment) -> Option<i64> {
    let by_clock = match (start, end) {
        (Moment::Wall(from), Moment::Wall(to)) => Some(start_s + (to - from).num_seconds()),
        _ => None,
    };
    let named = match end {
        Moment::Instant(at_s) => [Some(at_s), None],
        Moment::Wall(wall) => zone.instants(wall),
    };
    named.into_iter().chain([by_clock]).flatten().filter(|end_s| *end_s > start_s).min()
}
