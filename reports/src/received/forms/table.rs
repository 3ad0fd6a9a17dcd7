//! The form of a table, as `[source.<name>]` states it.

use super::marks::Marks;
use super::moments::Format;
use super::steps::Steps;
use super::words::Words;
use crate::inputs::Quality;
use crate::received::encoding::Encoding;
use crate::series::name::kind_of;
use crate::time::{DAY_S, Zone};
use crate::units::{Quantity, Unit};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Not;

/// No export has a header of more.
const MOST_HEADER_ROWS: u8 = 3;
/// Cells that say there is no value.
pub(super) const MISSING: [&str; 9] = ["", "-", "--", "N/A", "NA", "NaN", "null", "none", "missing"];

/// Where a table has its times, values and series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Between fields: `,`, `;`, `|` or a tab.
    #[serde(default = "comma")]
    pub separator: char,
    /// Where no byte order mark tells.
    #[serde(default, skip_serializing_if = "Encoding::is_utf8")]
    pub encoding: Encoding,
    /// `.` or `,`.
    #[serde(default = "point")]
    pub decimal: char,
    /// Between groups of three digits; without it, such numbers are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    pub time: Times,
    pub series: Vec<Column>,
    /// Rows that the header goes over: names below one another are joined with a blank, and what stands above goes on to
    /// the right up to the next, as of merged cells.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub header_rows: u8,
    /// What an export says of itself above its header: a name, and beside or below it one of these.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stated: BTreeMap<String, Words>,
    /// Columns whose cells are alike in all rows that are read: of another area, a file is refused.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub same: Words,
    /// Rows to read, by column and cell; other rows are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Words>,
    /// Rows that are passed over, whatever stands in them: of totals, or of what no series takes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ignore: BTreeMap<String, Words>,
    /// Rows whose values are estimates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub estimated: BTreeMap<String, Words>,
    /// When the forecasts of a row were issued; without it, rows are readings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<String>,
    /// Cells without a value.
    #[serde(default = "missing")]
    pub missing: Words,
    /// Cells of what does not exist: not in a sum, and no gap in it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub absent: Words,
    /// The column by whose cells several rows make one reading: their values are added up, and all that ever occur are
    /// needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_up: Option<String>,
    /// Whether a row whose generation is all zero is a gap in it, and likewise one whose demand is.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub zeros_are_a_gap: bool,
}

/// When the interval of a row starts and ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// The column of starts; several are joined with a blank, such as a date and a time.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub start: Words,
    /// The column of ends.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub end: Words,
    /// A column of both: `01.01.2024 00:00 - 01.01.2024 01:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
    /// The number of the interval in the local day that `start` names, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// As strftime writes it; without it, ISO 8601.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub format: Words,
    /// Of times without offset.
    #[serde(default = "utc")]
    pub zone: String,
    /// What stands behind a time, and the offset that it stands for: `(CEST)` and `+02:00`. With marks, a time without
    /// one is none where clocks go back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, String>,
    /// How long an interval is: `30min`; several where it changes within the file.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub step: Words,
    /// Whether an end is the last minute or second of its interval.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub inclusive: bool,
    /// Whether the columns of a series are the intervals of the day that `start` names, in their order.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub across: bool,
}

/// A series and where its values stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub series: String,
    /// Added up where there are several, but where they lie across a day.
    pub column: Words,
    pub unit: String,
    /// What stands behind each number: its unit as the file writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// The rows that are of it, by column and cell.
    #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, Words>,
    #[serde(default = "measured")]
    pub quality: String,
    /// Whether columns that the header lacks are left out.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub optional: bool,
    /// Whether its values are those of a meter's register, that counts on: a reading is what it rose by.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub register: bool,
}

fn comma() -> char {
    ','
}

fn one() -> u8 {
    1
}

fn is_one(rows: &u8) -> bool {
    *rows == 1
}

fn point() -> char {
    '.'
}

fn missing() -> Words {
    Words(MISSING.map(String::from).to_vec())
}

fn utc() -> String {
    "UTC".into()
}

fn measured() -> String {
    Quality::Measured.name().into()
}

impl Table {
    /// The separator as the CSV reader wants it.
    pub fn delimiter(&self) -> u8 {
        u8::try_from(self.separator).unwrap_or(b',')
    }

    /// What about it cannot be.
    pub fn check(&self) -> Result<(), String> {
        if !matches!(self.separator, ',' | ';' | '|' | '\t') {
            return Err(format!("separator `{}` is not one of `,` `;` `|` and a tab (\"\\t\")", self.separator));
        }
        if !matches!(self.decimal, '.' | ',') {
            return Err(format!("decimal `{}` is neither `.` nor `,`", self.decimal));
        }
        if self.thousands.is_some_and(|mark| mark == self.decimal || mark.is_ascii_digit()) {
            return Err("thousands must be another character than decimal, and no digit".into());
        }
        if !(1..=MOST_HEADER_ROWS).contains(&self.header_rows) {
            return Err(format!("header_rows is 1 to {MOST_HEADER_ROWS}"));
        }
        if self.series.is_empty() {
            return Err("it names no series; add [[source.<name>.series]] with series, column and unit".into());
        }
        self.time.check()?;
        self.series.iter().try_for_each(Column::check)?;
        self.check_across()?;
        let names: BTreeSet<&str> = self.series.iter().map(|column| column.series.as_str()).collect();
        if names.len() < self.series.len() {
            return Err("it names a series twice; list all its columns, or all its cells under `where`, in one".into());
        }
        if self.add_up.is_some() && self.time.is_local() && self.time.marks.is_empty() {
            let what =
                "add_up needs times in UTC, with an offset or with marks: local times repeat when clocks go back";
            return Err(what.into());
        }
        if self.add_up.is_some() && self.time.step.0.len() > 1 {
            return Err("add_up needs one step".into());
        }
        self.check_registers()
    }

    /// A register is read at an instant, which is the end of what is told by the difference.
    fn check_registers(&self) -> Result<(), String> {
        let Some(column) = self.series.iter().find(|column| column.register) else { return Ok(()) };
        let series = &column.series;
        if self.time.end.is_empty() {
            return Err(format!(
                "{series}: a register is read at an instant: name its column as `end` of time, in place of `start`"
            ));
        }
        if self.add_up.is_some() || self.issued.is_some() || self.zeros_are_a_gap {
            return Err(format!("{series}: with register there is no add_up, issued or zeros_are_a_gap"));
        }
        Ok(())
    }

    /// Where columns are intervals of a day, each series has all of them.
    fn check_across(&self) -> Result<(), String> {
        if !self.time.across {
            return Ok(());
        }
        if self.add_up.is_some() || self.zeros_are_a_gap || self.series.iter().any(|column| column.optional) {
            return Err("time goes across: leave out add_up, zeros_are_a_gap and optional".into());
        }
        let step_s = Steps::parse(&self.time.step)?.only().unwrap_or(3_600);
        let columns = usize::try_from(DAY_S / step_s).unwrap_or(0);
        let Some(column) = self.series.iter().find(|column| column.column.0.len() != columns) else { return Ok(()) };
        let (has, series) = (column.column.0.len(), &column.series);
        Err(format!("{series}: time goes across, so column lists the day's {columns} columns in order, not {has}"))
    }
}

impl Times {
    fn check(&self) -> Result<(), String> {
        let both = !self.start.is_empty() && !self.end.is_empty();
        let one = self.start.is_empty() != self.end.is_empty();
        match (&self.range, &self.period) {
            (Some(_), None) if self.start.is_empty() && self.end.is_empty() => {}
            (None, Some(_)) if one && !self.start.is_empty() => {}
            (None, None) if both || one => {}
            _ => return Err("time needs start, end or both; or range alone; or start and period".into()),
        }
        Zone::parse(&self.zone).map_err(|e| e.to_string())?;
        self.format.0.iter().try_for_each(|format| Format::parse(format).map(|_| ()))?;
        Marks::parse(&self.marks)?;
        if self.period.is_some() && !self.marks.is_empty() {
            return Err("time with period has no marks: its number tells an hour that comes twice".into());
        }
        let steps = Steps::parse(&self.step)?;
        if one && steps.is_empty() {
            return Err("time needs step: how long an interval is, such as step = \"15min\"".into());
        }
        if self.is_local() && steps.longest_s() >= 86_400 {
            return Err(format!("a day is not always 24 hours in {}; state start and end in place of step", self.zone));
        }
        if self.period.is_some() && self.step.0.len() != 1 {
            return Err("time with period needs one step".into());
        }
        if self.across && (self.period.is_some() || !self.marks.is_empty() || self.start.is_empty() || !one) {
            return Err("time that goes across needs start alone: the column of the day".into());
        }
        if self.across && steps.only().is_none_or(|step_s| DAY_S % step_s != 0) {
            return Err("time that goes across needs one step that a day is a multiple of".into());
        }
        if self.inclusive && one {
            return Err("time is inclusive, but states no ends; leave inclusive out".into());
        }
        Ok(())
    }

    /// Whether times without offset may name two instants.
    fn is_local(&self) -> bool {
        let fixed = Zone::parse(&self.zone).is_ok_and(Zone::is_fixed);
        !fixed && self.period.is_none() && !self.across
    }
}

impl Column {
    fn check(&self) -> Result<(), String> {
        let kind = kind_of(&self.series).map_err(|e| e.to_string())?;
        let unit = Unit::parse(&self.unit).map_err(|e| format!("{}: {e}", self.series))?;
        if unit.quantity != kind.quantity {
            let (unit, held) = (unit.quantity.name(), kind.quantity.name());
            return Err(format!("{}: `{}` measures {unit}, but the series holds {held}", self.series, self.unit));
        }
        if self.column.is_empty() {
            return Err(format!("{}: column names none", self.series));
        }
        let is_odd = |unit: &String| unit.trim().is_empty() || unit.contains(|c: char| c.is_ascii_digit());
        if self.suffix.as_ref().is_some_and(is_odd) {
            return Err(format!("{}: suffix is the unit that stands behind each number, such as \"MW\"", self.series));
        }
        let names: BTreeSet<&String> = self.column.0.iter().collect();
        if names.len() < self.column.0.len() {
            return Err(format!("{}: a column stands twice, and would be added twice", self.series));
        }
        if self.register && (self.column.0.len() > 1 || self.optional) {
            return Err(format!("{}: a register is one column, which is not optional", self.series));
        }
        if self.register && (unit.quantity != Quantity::Energy || unit.is_power()) {
            return Err(format!("{}: a register counts Wh, kWh or MWh, not `{}`", self.series, self.unit));
        }
        match Quality::parse(&self.quality) {
            Some(Quality::Missing) | None => Err(format!("{}: quality `{}` is not known", self.series, self.quality)),
            Some(_) => Ok(()),
        }
    }
}
