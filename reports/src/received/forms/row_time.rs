//! The interval that a row states.

use super::bound::BoundTimes;
use super::moments::Moment;
use crate::text::clip;
use crate::time::{DAY_S, Instant, Interval, ends};
use crate::words::length;
use chrono::NaiveDate;
use csv::StringRecord;

/// The time that a row states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowTime {
    Whole(Interval),
    /// Both edges; of the same day where both have their date from one column.
    Both {
        from: Moment,
        to: Moment,
        same_day: bool,
    },
    /// One edge, from which a step leads to the other.
    Edge(Moment),
}

impl RowTime {
    /// The time that the row beside it is held against.
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Self::Whole(_) => None,
            Self::Edge(moment) | Self::Both { from: moment, .. } => Some(*moment),
        }
    }
}

impl BoundTimes {
    /// Whether an edge is the end of its interval.
    pub fn at_end(&self) -> bool {
        self.start.is_empty()
    }

    pub fn with_edge(&self, at: Instant, step_s: i64) -> Interval {
        let start = if self.at_end() { at - step_s } else { at };
        Interval { start, end: start + step_s }
    }

    /// The time that a cell names.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        self.marks.read(text, &self.formats, self.zone)
    }

    /// What a row states.
    pub fn time_of(&self, record: &StringRecord) -> Result<RowTime, String> {
        if let Some(at) = self.period {
            return self.period(record, record.get(at).unwrap_or(""));
        }
        if let Some(at) = self.range {
            let cell = record.get(at).unwrap_or("");
            let (from, to) = cell.split_once(" - ").ok_or_else(|| format!("`{}` is not two times", clip(cell)))?;
            let (from, to) = (self.read(from)?, self.read(to)?);
            return Ok(RowTime::Both { from, to, same_day: false });
        }
        let moment = |columns: &[usize]| match columns {
            [] => Ok(None),
            columns => self.read(&joined(record, columns)).map(Some),
        };
        match (moment(&self.start)?, moment(&self.end)?) {
            (Some(from), Some(to)) => {
                let same_day = self.start.iter().any(|at| self.end.contains(at));
                Ok(RowTime::Both { from, to, same_day })
            }
            (Some(edge), None) | (None, Some(edge)) => Ok(RowTime::Edge(edge)),
            (None, None) => Err("the row has no time".into()),
        }
    }

    /// With its end made exclusive, and of a length that the form allows.
    pub(super) fn whole(&self, stated: Interval) -> Result<Interval, String> {
        let interval = match self.inclusive {
            true => ends::inclusive(stated)
                .ok_or_else(|| format!("{stated} is not a whole interval with its last minute or second as its end"))?,
            false => stated,
        };
        let length_s = interval.end - interval.start;
        if !self.steps.is_empty() && !self.steps.hold(length_s) {
            return Err(format!("{interval} is {} long, not {}", length(length_s), self.steps.text()));
        }
        Ok(interval)
    }

    /// The intervals of the local day that a row is of, where its columns lie across it.
    /// Fails on a day on which clocks change, too: its columns do not say which hour is which.
    pub fn day_of(&self, record: &StringRecord) -> Result<Vec<Interval>, String> {
        let (date, day, step_s) = self.local_day(record, "row")?;
        if day.duration_s() != DAY_S {
            let (long, zone) = (length(day.duration_s()), self.zone.name());
            return Err(format!(
                "{date} is {long} long in {zone}, where clocks change, and its columns are of {}: give this day in a \
                 file with times",
                length(DAY_S)
            ));
        }
        let starts = (0..DAY_S / step_s).map(|index| day.start + index * step_s);
        Ok(starts.map(|start| Interval { start, end: start + step_s }).collect())
    }

    /// The interval of that number in a local day: on the days when clocks change, there are fewer or more.
    fn period(&self, record: &StringRecord, number: &str) -> Result<RowTime, String> {
        let (date, day, step_s) = self.local_day(record, "period")?;
        let count = day.duration_s() / step_s;
        let number = number.trim();
        let index = number.parse::<i64>().ok().filter(|n| (1..=count).contains(n)).ok_or_else(|| {
            format!("`{}` is not a period of {date} in {}, which has {count}", clip(number), self.zone.name())
        })?;
        Ok(RowTime::Whole(self.with_edge(day.start + (index - 1) * step_s, step_s)))
    }

    /// The day that a row names, and how long its intervals are.
    fn local_day(&self, record: &StringRecord, what: &str) -> Result<(NaiveDate, Interval, i64), String> {
        let Moment::Wall(midnight) = self.read(&joined(record, &self.start))? else {
            return Err(format!("the day of a {what} has an offset; give its date alone"));
        };
        let date = midnight.date();
        Ok((date, self.zone.day(date), self.steps.only().unwrap_or(3_600)))
    }
}

fn joined(record: &StringRecord, columns: &[usize]) -> String {
    let cells: Vec<&str> = columns.iter().map(|at| record.get(*at).unwrap_or("").trim()).collect();
    cells.join(" ")
}
