//! A form for a table that nobody described yet, from its first rows.

use super::Form;
use super::moments::{Format, Formats, Moment};

use crate::received::Records;
use crate::received::records::Found;
use crate::units::Unit;
use csv::StringRecord;

/// What is proposed, as a user writes it into a portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `[source.mine]` in TOML.
    pub text: String,
    /// What the table does not say, for people.
    pub open: Vec<String>,
}

impl Proposal {
    /// The form that it states.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn form(&self) -> Result<Form, String> {
        let value: serde_json::Value = toml::from_str(&self.text).map_err(|e| e.to_string())?;
        Form::of_json(value["source"]["mine"].clone())
    }
}

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// Rows looked at.
const LOOKED_AT: usize = 60;
/// Formats that tables write times in, besides ISO 8601: those of which day and month cannot be told apart last.
const PATTERNS: [&str; 14] = [
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
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

/// A table's header and first rows.
struct Sample {
    separator: char,
    header: StringRecord,
    rows: Vec<StringRecord>,
}

/// A form for a table, from its first bytes; none where no row of it has a time and a number.
pub fn propose(first: &[u8]) -> Option<Proposal> {
    let sample =
        SEPARATORS.into_iter().filter_map(|separator| sample(first, separator)).max_by_key(|s| s.header.len())?;
    let times = times(&sample)?;
    let (decimal, numbers) = numbers(&sample, &times.columns)?;
    Some(write(&sample, &times, decimal, &numbers))
}

/// The longest run of rows of equal width, the first of which is a header.
fn sample(first: &[u8], separator: char) -> Option<Sample> {
    let mut records = Records::separated(first, u8::try_from(separator).ok()?);
    let mut rows = vec![records.header().ok()?.clone()];
    let mut record = StringRecord::new();
    while rows.len() < LOOKED_AT {
        match records.read(&mut record) {
            Ok(Some(Found::Text(_))) => rows.push(record.clone()),
            _ => break,
        }
    }
    // The last row may be cut off.
    if rows.len() > 2 {
        rows.pop();
    }
    let width = rows.last()?.len();
    let start = rows.iter().rposition(|row| row.len() != width).map_or(0, |at| at + 1);
    let mut rows = rows.split_off(start).into_iter();
    let header = rows.next().filter(|header| width > 1 && header.iter().all(|cell| cell.parse::<f64>().is_err()))?;
    let rows: Vec<StringRecord> = rows.collect();
    (!rows.is_empty()).then_some(Sample { separator, header, rows })
}

/// Where times stand, and how they are written.
struct Times {
    columns: Vec<usize>,
    end: Option<usize>,
    range: bool,
    format: Option<&'static str>,
    moments: Vec<Moment>,
}

fn times(sample: &Sample) -> Option<Times> {
    let column = |at: usize| sample.rows.iter().map(move |row| row.get(at).unwrap_or("").trim().to_string());
    let width = sample.header.len();
    let found = (0..width).find_map(|at| {
        let cells: Vec<String> = column(at).collect();
        let (format, moments) = format_of(&cells)?;
        let end = (at + 1..width).find(|other| {
            format_of(&column(*other).collect::<Vec<String>>()).is_some_and(|(other, _)| other == format)
        });
        Some(Times { columns: vec![at], end, range: false, format, moments })
    });
    let range = || {
        (0..width).find_map(|at| {
            let starts: Option<Vec<String>> =
                column(at).map(|cell| cell.split_once(" - ").map(|(from, _)| from.to_string())).collect();
            let (format, moments) = format_of(&starts?)?;
            Some(Times { columns: vec![at], end: None, range: true, format, moments })
        })
    };
    let two = || {
        (0..width.saturating_sub(1)).find_map(|at| {
            let cells: Vec<String> =
                column(at).zip(column(at + 1)).map(|(date, time)| format!("{date} {time}")).collect();
            let (format, moments) = format_of(&cells)?;
            Some(Times { columns: vec![at, at + 1], end: None, range: false, format, moments })
        })
    };
    found.or_else(range).or_else(two)
}

/// The first format that all cells are written in; none is ISO 8601.
fn format_of(cells: &[String]) -> Option<(Option<&'static str>, Vec<Moment>)> {
    let of = |formats: Formats| cells.iter().map(|cell| formats.read(cell).ok()).collect::<Option<Vec<Moment>>>();
    // A date without a time is half of one.
    let timed = cells.iter().all(|cell| cell.contains(':') || cell.len() >= 12);
    if let Some(moments) = of(Formats::default()).filter(|_| timed) {
        return Some((None, moments));
    }
    PATTERNS.into_iter().find_map(|pattern| {
        let moments = of(Formats(vec![Format::parse(pattern).ok()?]))?;
        Some((Some(pattern), moments))
    })
}

/// Decimal point, and the columns that hold numbers.
fn numbers(sample: &Sample, times: &[usize]) -> Option<(char, Vec<usize>)> {
    let numeric = |at: usize, decimal: char| {
        let cells: Vec<String> =
            sample.rows.iter().map(|row| row.get(at).unwrap_or("").trim().replace(decimal, ".")).collect();
        let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        !filled.is_empty() && filled.iter().all(|cell| cell.parse::<f64>().is_ok())
    };
    let under = |decimal: char| -> Vec<usize> {
        (0..sample.header.len()).filter(|at| !times.contains(at) && numeric(*at, decimal)).collect()
    };
    let (point, comma) = (under('.'), under(','));
    let (decimal, columns) = if comma.len() > point.len() { (',', comma) } else { ('.', point) };
    (!columns.is_empty()).then_some((decimal, columns))
}

/// The unit that a column's name states.
fn unit(name: &str) -> Option<&'static str> {
    let words = |c: char| !(c.is_alphanumeric() || c == '/');
    let known = ["Wh", "kWh", "MWh", "W", "kW", "MW", "g/kWh", "kg/MWh", "lb/MWh", "currency/MWh"];
    name.split(words).find_map(|word| {
        let found = known.into_iter().find(|unit| unit.eq_ignore_ascii_case(word))?;
        Unit::parse(found).is_ok().then_some(found)
    })
}

fn write(sample: &Sample, times: &Times, decimal: char, numbers: &[usize]) -> Proposal {
    let quoted = |text: &str| toml::Value::String(text.trim_start_matches('\u{feff}').trim().into()).to_string();
    let name = |at: usize| quoted(sample.header.get(at).unwrap_or(""));
    let mut open = Vec::new();
    let mut text = String::from("[source.mine]\nkind = \"table\"\n");
    if sample.separator != ',' {
        text.push_str(&format!("separator = {}\n", quoted_char(sample.separator)));
    }
    if decimal != '.' {
        text.push_str(&format!("decimal = {}\n", quoted_char(decimal)));
    }
    text.push_str("\n[source.mine.time]\n");
    let columns: Vec<String> = times.columns.iter().map(|at| name(*at)).collect();
    let listed = if columns.len() == 1 { columns[0].clone() } else { format!("[{}]", columns.join(", ")) };
    text.push_str(&format!("{} = {listed}\n", if times.range { "range" } else { "start" }));
    if let Some(end) = times.end {
        text.push_str(&format!("end = {}\n", name(end)));
    }
    if let Some(format) = times.format {
        text.push_str(&format!("format = {}\n", quoted(format)));
        if format.contains("%d/%m") || format.contains("%m/%d") {
            open.push(format!("day and month: {format} fits all the rows looked at; make sure it is meant"));
        }
    }
    if times.moments.iter().any(|moment| matches!(moment, Moment::Wall(_))) {
        text.push_str("zone = \"UTC\"\n");
        open.push(
            "the time zone: the file does not state one; write zone = \"Europe/Berlin\" if times are local".into(),
        );
    }
    if times.end.is_none() && !times.range {
        text.push_str(&format!("step = \"{}\"\n", step(&times.moments)));
        open.push("whether times name starts or ends: write `end` in place of `start` if they are ends".into());
    }
    for at in numbers {
        if Some(*at) == times.end {
            continue;
        }
        let header = sample.header.get(*at).unwrap_or("");
        let unit = unit(header).unwrap_or_else(|| {
            open.push(format!("the unit of {}", name(*at)));
            "kWh"
        });
        text.push_str("\n[[source.mine.series]]\nseries = \"site/SITE/load\"\n");
        text.push_str(&format!("column = {}\nunit = \"{unit}\"\n", name(*at)));
    }
    open.push(
        "the series of each column: site/<site>/load, contract/<contract>/generation, grid/<boundary>/price ...".into(),
    );
    Proposal { text, open }
}

fn quoted_char(c: char) -> String {
    if c == '\t' { "\"\\t\"".into() } else { format!("\"{c}\"") }
}

/// The distance that rows are most often apart.
fn step(moments: &[Moment]) -> String {
    let seconds = |moment: &Moment| match moment {
        Moment::Instant(at_s) => *at_s,
        Moment::Wall(wall) => wall.and_utc().timestamp(),
    };
    let mut apart: Vec<i64> =
        moments.windows(2).map(|pair| (seconds(&pair[1]) - seconds(&pair[0])).abs()).filter(|s| *s > 0).collect();
    apart.sort_unstable();
    let longest = apart.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).and_then(|run| run.first().copied());
    match longest.unwrap_or(3_600) {
        hours if hours % 3_600 == 0 => format!("{}h", hours / 3_600),
        minutes if minutes % 60 == 0 => format!("{}min", minutes / 60),
        seconds => format!("{seconds}s"),
    }
}
