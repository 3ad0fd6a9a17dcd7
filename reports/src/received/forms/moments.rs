//! Times as tables write them: instants, or wall times of a zone.

use crate::text::clip;
use crate::time::Instant;
use chrono::format::{Fixed, Item, Numeric, StrftimeItems};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};

/// What a cell says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Instant(Instant),
    Wall(NaiveDateTime),
}

impl Moment {
    /// The instant, or that at which clocks of UTC show the wall time: by it moments of one kind are ordered.
    pub fn as_utc(self) -> Instant {
        match self {
            Self::Instant(at) => at,
            Self::Wall(wall) => Instant::from_seconds(wall.and_utc().timestamp()),
        }
    }
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
    /// So many ticks a second since 1970.
    Epoch(i64),
}

/// Names that stand for formats that strftime has none of.
const EPOCHS: [(&str, i64); 2] = [("epoch-s", 1), ("epoch-ms", 1_000)];

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
    /// A pattern of strftime, or `epoch-s` or `epoch-ms`.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        if let Some((name, ticks)) = EPOCHS.iter().find(|(name, _)| *name == pattern) {
            return Ok(Self { pattern: (*name).into(), kind: Kind::Epoch(*ticks) });
        }
        let refuse = || format!("format `{}` is not a pattern such as %d.%m.%Y %H:%M", clip(pattern));
        let mut kind = Kind::Date;
        for item in StrftimeItems::new(pattern) {
            match item {
                Item::Error => return Err(refuse()),
                // A name such as CET is read over, whatever it says.
                Item::Fixed(Fixed::TimezoneName) => {
                    return Err(format!("format `{}` has %Z, which tells no offset; use %z, or zone", clip(pattern)));
                }
                Item::Numeric(Numeric::Timestamp, _) => kind = Kind::Offset,
                Item::Fixed(fixed) if is_offset(pattern, &fixed) => kind = Kind::Offset,
                Item::Numeric(Numeric::Hour | Numeric::Hour12, _) if kind == Kind::Date => kind = Kind::Wall,
                _ => {}
            }
        }
        Ok(Self { pattern: pattern.into(), kind })
    }
}

/// `%#z` is a variant of chrono's own, which has no name here.
fn is_offset(pattern: &str, fixed: &Fixed) -> bool {
    let named = matches!(
        fixed,
        Fixed::TimezoneOffset
            | Fixed::TimezoneOffsetZ
            | Fixed::TimezoneOffsetColon
            | Fixed::TimezoneOffsetColonZ
            | Fixed::TimezoneOffsetDoubleColon
            | Fixed::TimezoneOffsetTripleColon
            | Fixed::RFC2822
            | Fixed::RFC3339
    );
    named || pattern.contains("%#z")
}

fn read_as(pattern: &str, kind: Kind, text: &str) -> Option<Moment> {
    match kind {
        Kind::Offset => {
            let time = DateTime::parse_from_str(text, pattern).ok()?;
            (time.timestamp_subsec_nanos() == 0).then_some(Moment::Instant(Instant::from_seconds(time.timestamp())))
        }
        Kind::Wall => {
            let time = NaiveDateTime::parse_from_str(text, pattern).ok()?;
            (time.and_utc().timestamp_subsec_nanos() == 0).then_some(Moment::Wall(time))
        }
        Kind::Epoch(ticks) => {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let count: i64 = text.parse().ok().filter(|_| digits)?;
            (count % ticks == 0).then_some(Moment::Instant(Instant::from_seconds(count / ticks)))
        }
        Kind::Date => NaiveDate::parse_from_str(text, pattern).ok()?.and_hms_opt(0, 0, 0).map(Moment::Wall),
    }
}

/// The ways in which a table writes its times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formats(pub Vec<Format>);

impl Formats {
    /// The time that a cell names.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        let text = text.trim();
        let (plain, days) = midnight(text);
        let found = match self.0.is_empty() {
            true => iso(&plain),
            false => self.0.iter().find_map(|format| read_as(&format.pattern, format.kind, &plain)),
        };
        let moment = found.ok_or_else(|| self.refusal(text))?;
        let later = match moment {
            Moment::Instant(at) => Some(Moment::Instant(at + 86_400 * days as i64)),
            Moment::Wall(wall) => wall.checked_add_days(Days::new(days)).map(Moment::Wall),
        };
        let later = later.ok_or_else(|| self.refusal(text))?;
        later.as_utc().in_range(text).map(|_| later).map_err(|e| e.to_string())
    }

    fn refusal(&self, text: &str) -> String {
        let shown = clip(text);
        let patterns: Vec<&str> = self.0.iter().map(|format| format.pattern.as_str()).collect();
        match patterns[..] {
            [] => format!("`{shown}` is not a time such as 2024-01-31T13:00:00Z; say its format in time"),
            _ => format!("`{shown}` is not a time as {}", patterns.join(" or ")),
        }
    }
}

/// `24:00` of a day as `00:00`, and the days to add.
fn midnight(text: &str) -> (String, u64) {
    let at = text.find("24:00").filter(|at| text[..*at].ends_with([' ', 'T']));
    match at {
        // A second after it belongs to no day.
        Some(at) if text[at + 5..].trim_start_matches(":00").starts_with(':') => (text.to_string(), 0),
        Some(at) => (format!("{}00:00{}", &text[..at], &text[at + 5..]), 1),
        None => (text.to_string(), 0),
    }
}

fn iso(text: &str) -> Option<Moment> {
    if let Ok(at) = Instant::parse(text) {
        return Some(Moment::Instant(at));
    }
    let spaced = match text.as_bytes().get(10) {
        Some(b'T' | b't') => format!("{} {}", text.get(..10)?, text.get(11..)?),
        _ => text.to_string(),
    };
    ISO.iter().find_map(|(pattern, kind)| read_as(pattern, *kind, &spaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(patterns: &[&str]) -> Formats {
        Formats(patterns.iter().map(|pattern| Format::parse(pattern).expect("a pattern")).collect())
    }

    #[test]
    fn times_are_read_as_tables_write_them() {
        let at = |formats: &Formats, text: &str| match formats.read(text) {
            Ok(Moment::Instant(at)) => at.to_string(),
            Ok(Moment::Wall(wall)) => wall.format("%Y-%m-%d %H:%M:%S").to_string(),
            Err(reason) => reason,
        };
        let iso = Formats::default();
        for (text, wanted) in [
            ("2026-01-31T13:00:00Z", "2026-01-31T13:00:00Z"),
            ("2026-01-31 13:00:00+01:00", "2026-01-31T12:00:00Z"),
            ("2026-01-31T13:00:00-00:00", "2026-01-31T13:00:00Z"),
            ("2026-01-31 13:00:00+00", "2026-01-31T13:00:00Z"),
            ("2026-01-31T13:00:00.000Z", "2026-01-31T13:00:00Z"),
            ("2026-01-31T13:00", "2026-01-31 13:00:00"),
            ("2026-01-31 24:00", "2026-02-01 00:00:00"),
            ("2026-01-31", "2026-01-31 00:00:00"),
        ] {
            assert_eq!(at(&iso, text), wanted, "{text}");
        }
        let american = formats(&["%m/%d/%Y %I:%M:%S %p"]);
        assert_eq!(at(&american, "1/2/2024 12:00:00 AM"), "2024-01-02 00:00:00");
        assert_eq!(at(&american, "01/02/2024 1:00:00 PM"), "2024-01-02 13:00:00");
        for text in ["", "13/1/2024", "1/2/2024 13:00:00 PM", "1/2/1969 1:00:00 AM", "yesterday"] {
            assert!(american.read(text).is_err(), "{text}");
        }
        assert!(iso.read("2026-01-31T13:00:00.5Z").is_err(), "a half second");
        for (pattern, text) in [
            ("%d.%m.%Y %-H:%M", "01.06.2024 9:00"),
            ("%d.%m.%Y %-I:%M %p", "01.06.2024 9:00 AM"),
            ("%d.%m.%Y %_H:%M", "01.06.2024  9:00"),
            ("%d.%m.%Y %X", "01.06.2024 09:00:00"),
        ] {
            assert_eq!(at(&formats(&[pattern]), text), "2024-06-01 09:00:00", "{pattern}");
        }
        assert_eq!(at(&formats(&["%d.%m.%Y %H:%M %z"]), "01.06.2024 09:00 +0200"), "2024-06-01T07:00:00Z");
        assert_eq!(at(&formats(&["%s"]), "1717225200"), "2024-06-01T07:00:00Z");
        assert_eq!(at(&formats(&["epoch-s"]), "1717225200"), "2024-06-01T07:00:00Z");
        assert_eq!(at(&formats(&["epoch-ms"]), "1717225200000"), "2024-06-01T07:00:00Z");
        for (pattern, text) in [
            ("epoch-ms", "1717225200001"),
            ("epoch-ms", "1717225200000.0"),
            ("epoch-s", "1717225200000"),
            ("epoch-s", "-5"),
            ("epoch-s", ""),
            ("epoch-s", "99999999999999999999"),
        ] {
            assert!(formats(&[pattern]).read(text).is_err(), "{pattern} {text}");
        }
        assert!(Format::parse("%d.%m.%Y %Q").is_err() && Format::parse("%d.%m.%Y %H:%M %Z").is_err());
    }
}
