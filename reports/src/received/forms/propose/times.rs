//! Which columns of a table hold its times, and how they are written.

use super::sample::{Sample, is_total, number};
use crate::received::forms::moments::{Format, Formats, Moment};
use crate::time::Instant;

/// Formats that tables write times in, besides ISO 8601.
const TIMES: [&str; 15] = [
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%y %H:%M",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d%H%M",
    "%d %b %Y %H:%M",
    "%d-%b-%Y %H:%M",
];
const DAYS: [&str; 6] = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d"];
/// Names of columns with the number of an interval within its day.
const NUMBERS: [&str; 6] = ["hour", "period", "interval", "stunde", "heure", "hora"];

/// Where times stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Edge(usize),
    Both(usize, usize),
    /// Date and time.
    Split(usize, usize),
    Range(usize),
    /// A day, and the number of the interval in it.
    Period(usize, usize),
    /// A day, and as many columns as it has intervals.
    Across(usize, usize),
}

#[derive(Debug)]
pub struct Times {
    pub kind: Kind,
    /// None is ISO 8601.
    pub format: Option<&'static str>,
    /// Whether day and month could be the other way round.
    pub is_day_open: bool,
    pub moments: Vec<Moment>,
    /// Of periods: how many there are in a day.
    periods: i64,
}

/// How cells are written, and what they say.
type Written = (Option<&'static str>, Vec<Moment>);

pub fn find(sample: &Sample) -> Option<Times> {
    let width = sample.header.len();
    let cells = |at: usize| -> Vec<String> { sample.column(at).collect() };
    let times = |kind: Kind, (format, moments): Written, cells: &[String]| Times {
        kind,
        format,
        is_day_open: format.is_some_and(|format| swapped(format).is_some_and(|other| read_as(&other, cells).is_some())),
        moments,
        periods: 24,
    };
    for at in 0..width {
        let column = cells(at);
        if let Some(written) = timed(&column) {
            let end = (at + 1..width).find(|other| timed(&cells(*other)).is_some_and(|(other, _)| other == written.0));
            let kind = end.map_or(Kind::Edge(at), |end| Kind::Both(at, end));
            return Some(times(kind, written, &column));
        }
        let starts: Option<Vec<String>> =
            column.iter().map(|cell| cell.split_once(" - ").map(|(from, _)| from.to_string())).collect();
        if let Some((starts, written)) = starts.and_then(|starts| timed(&starts).map(|written| (starts, written))) {
            return Some(times(Kind::Range(at), written, &starts));
        }
        let Some(day) = DAYS.into_iter().find(|day| read_as(day, &column).is_some()) else { continue };
        let next = if at + 1 < width { cells(at + 1) } else { Vec::new() };
        let both: Vec<String> = column.iter().zip(&next).map(|(date, time)| format!("{date} {time}")).collect();
        if let Some(written) = timed(&both).filter(|_| !next.is_empty() && next.iter().all(|cell| cell.contains(':'))) {
            return Some(times(Kind::Split(at, at + 1), written, &both));
        }
        if let Some((number, periods)) = (0..width).find_map(|number| period(sample, number).map(|most| (number, most)))
        {
            let moments = read_as(day, &column)?;
            let found = times(Kind::Period(at, number), (Some(day), moments), &column);
            return Some(Times { periods, ..found });
        }
        if let Some(columns) = across(sample, at) {
            let moments = read_as(day, &column)?;
            return Some(times(Kind::Across(at, columns.len()), (Some(day), moments), &column));
        }
    }
    (0..width).find_map(|at| {
        let column = cells(at);
        let (format, moments) = since_1970(&column)?;
        Some(times(Kind::Edge(at), (Some(format), moments), &column))
    })
}

/// The columns of a day's intervals, beside that of the day.
pub fn across(sample: &Sample, day: usize) -> Option<Vec<usize>> {
    let is_number = |cell: &String| number(cell, '.', None).or(number(cell, ',', Some('.'))).is_some();
    let numeric = |at: &usize| {
        let filled: Vec<String> = sample.filled(*at).collect();
        !filled.is_empty() && filled.iter().all(is_number)
    };
    let named = |at: &usize| sample.header.get(*at).is_some_and(|name| !is_total(name));
    let columns: Vec<usize> = (0..sample.header.len()).filter(|at| *at != day).filter(named).filter(numeric).collect();
    [24, 48, 96].contains(&columns.len()).then_some(columns)
}

/// Seconds or milliseconds since 1970, whole minutes apart: other numbers of so many digits are ids.
fn since_1970(cells: &[String]) -> Option<(&'static str, Vec<Moment>)> {
    let (format, _) = [("epoch-s", 10), ("epoch-ms", 13)]
        .into_iter()
        .find(|(_, digits)| cells.iter().all(|cell| cell.len() == *digits))?;
    let moments = read_as(format, cells)?;
    let stamps: Vec<Instant> = moments.iter().copied().map(Moment::as_utc).collect();
    let apart = stamps.windows(2).map(|pair| pair[1] - pair[0]);
    let is_clock =
        stamps.len() > 1 && apart.clone().all(|apart| apart % 60 == 0) && apart.clone().any(|apart| apart != 0);
    is_clock.then_some((format, moments))
}

/// How cells are written that all name a time of day.
fn timed(cells: &[String]) -> Option<Written> {
    let is_timed = |cell: &String| cell.contains(':') || cell.len() == 12;
    // In ISO 8601 midnight may be the date alone.
    if cells.iter().any(is_timed)
        && let Some(moments) = read(&Formats::default(), cells)
    {
        return Some((None, moments));
    }
    if cells.is_empty() || !cells.iter().all(is_timed) {
        return None;
    }
    TIMES.into_iter().find_map(|pattern| Some((Some(pattern), read_as(pattern, cells)?)))
}

fn read(formats: &Formats, cells: &[String]) -> Option<Vec<Moment>> {
    cells.iter().map(|cell| formats.read(cell).ok()).collect()
}

fn read_as(pattern: &str, cells: &[String]) -> Option<Vec<Moment>> {
    read(&Formats(vec![Format::parse(pattern).ok()?]), cells)
}

/// The format with day and month the other way round; of dates with points the day is first everywhere.
fn swapped(format: &str) -> Option<String> {
    let (from, to) = match () {
        () if format.contains("%d/%m") => ("%d/%m", "%m/%d"),
        () if format.contains("%m/%d/%Y") => ("%m/%d", "%d/%m"),
        () => return None,
    };
    Some(format.replace(from, to))
}

/// The highest number of a column of periods, as many as a day may have: 24, 48 or 96.
fn period(sample: &Sample, at: usize) -> Option<i64> {
    let name = sample.header.get(at).unwrap_or("").to_lowercase();
    if !NUMBERS.iter().any(|known| name.contains(known)) {
        return None;
    }
    let numbers: Option<Vec<i64>> = sample.column(at).map(|cell| cell.parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| (1..=100).contains(number)))?;
    let most = numbers.iter().max().copied()?;
    [25, 50, 100].into_iter().find(|limit| most <= *limit).map(|limit| limit / 25 * 24)
}

impl Times {
    pub fn columns(&self) -> Vec<usize> {
        match self.kind {
            Kind::Edge(at) | Kind::Range(at) | Kind::Across(at, _) => vec![at],
            Kind::Both(one, other) | Kind::Split(one, other) | Kind::Period(one, other) => vec![one, other],
        }
    }

    /// The distance that rows are most often apart.
    pub fn step(&self) -> String {
        let mut apart: Vec<i64> =
            self.moments.windows(2).map(|pair| (pair[1].as_utc() - pair[0].as_utc()).abs()).collect();
        apart.retain(|seconds| *seconds > 0);
        apart.sort_unstable();
        let most = apart.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).and_then(|run| run.first().copied());
        let step_s = match self.kind {
            Kind::Period(..) => 86_400 / self.periods,
            Kind::Across(_, columns) => 86_400 / i64::try_from(columns).unwrap_or(24).max(1),
            _ => most.unwrap_or(3_600),
        };
        match step_s {
            hours if hours % 3_600 == 0 => format!("{}h", hours / 3_600),
            minutes if minutes % 60 == 0 => format!("{}min", minutes / 60),
            seconds => format!("{seconds}s"),
        }
    }
}
