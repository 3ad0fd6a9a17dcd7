//! The interval that a row states.

use super::bound::BoundTimes;
use super::moments::{Clock, Moment, end};
use super::steps::spoken;
use crate::text::clip;
use crate::time::{Interval, ends};
use csv::StringRecord;

/// The time that a row states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    Whole(Interval),
    /// One edge, from which a step leads to the other.
    Edge(i64),
}

impl BoundTimes {
    /// Whether an edge is the end of its interval.
    pub fn at_end(&self) -> bool {
        self.start.is_empty()
    }

    pub fn with_edge(&self, at_s: i64, step_s: i64) -> Interval {
        let start_s = if self.at_end() { at_s - step_s } else { at_s };
        Interval { start_s, end_s: start_s + step_s }
    }

    /// What a row states; `clock` is that of the list it is in.
    ///
    /// # Errors
    ///
    /// Why it is no time.
    pub fn stated(&self, record: &StringRecord, clock: &mut Clock) -> Result<Stated, String> {
        if let Some(at) = self.period {
            return self.period(self.formats.read(&joined(record, &self.start))?, record.get(at).unwrap_or(""));
        }
        let (from, to) = match self.range {
            Some(at) => {
                let cell = record.get(at).unwrap_or("");
                let (from, to) = cell.split_once(" - ").ok_or_else(|| format!("`{}` is not two times", clip(cell)))?;
                (Some(from.to_string()), Some(to.to_string()))
            }
            None => {
                let text = |columns: &[usize]| (!columns.is_empty()).then(|| joined(record, columns));
                (text(&self.start), text(&self.end))
            }
        };
        let moment = |text: Option<String>| text.map(|text| self.formats.read(&text)).transpose();
        match (moment(from)?, moment(to)?) {
            (Some(from), Some(to)) => {
                let start_s = clock.start(self.zone, from)?;
                let end_s = end(self.zone, from, start_s, to).ok_or("the end is not after the start")?;
                self.whole(Interval { start_s, end_s }).map(Stated::Whole)
            }
            (Some(edge), None) | (None, Some(edge)) => clock.start(self.zone, edge).map(Stated::Edge),
            (None, None) => Err("the row has no time".into()),
        }
    }

    /// With its end made exclusive, and of a length that the form allows.
    fn whole(&self, stated: Interval) -> Result<Interval, String> {
        let interval = match self.inclusive {
            true => ends::inclusive(stated)
                .ok_or_else(|| format!("{stated} is no whole interval with its last minute or second as its end"))?,
            false => stated,
        };
        let length_s = interval.end_s - interval.start_s;
        if !self.steps.is_empty() && !self.steps.hold(length_s) {
            return Err(format!("{interval} is {} long, not {}", spoken(length_s), self.steps.text()));
        }
        Ok(interval)
    }

    /// The interval of that number in a local day: on the days when clocks change, there are fewer or more.
    fn period(&self, day: Moment, number: &str) -> Result<Stated, String> {
        let Moment::Wall(midnight) = day else {
            return Err("the day of a period has an offset; give its date alone".into());
        };
        let step_s = self.steps.only().unwrap_or(3_600);
        let day = self.zone.day(midnight.date());
        let count = day.duration_s() / step_s;
        let number = number.trim();
        let index = number.parse::<i64>().ok().filter(|n| (1..=count).contains(n)).ok_or_else(|| {
            let (number, date) = (clip(number), midnight.date());
            format!("`{number}` is no period of {date} in {}, which has {count}", self.zone.name())
        })?;
        Ok(Stated::Whole(self.with_edge(day.start_s + (index - 1) * step_s, step_s)))
    }
}

fn joined(record: &StringRecord, columns: &[usize]) -> String {
    let cells: Vec<&str> = columns.iter().map(|at| record.get(*at).unwrap_or("").trim()).collect();
    cells.join(" ")
}
