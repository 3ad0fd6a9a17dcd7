//! The rows of one list: what each row's interval is, by the rows beside it where it does not say so alone.

use super::bound::BoundTimes;
use super::row_time::RowTime;
use super::steps::lengths;
use super::wall_clock::{WallClock, end};
use crate::received::Refused;
use crate::time::{Instant, Interval};
use crate::words::length;

impl BoundTimes {
    /// The interval of each row, in their order, or why it has none.
    /// Rows that are all farther apart than the form says, or nearer, are refused: they are another file's.
    pub fn intervals(&self, rows: &[RowTime], have_holes: bool) -> Result<Vec<Result<Interval, String>>, Refused> {
        let mut clock = match self.marks.is_empty() {
            true => WallClock::new(self.zone, is_backwards(rows), rows.iter().filter_map(RowTime::moment)),
            false => WallClock::marked(self.zone),
        };
        let placed: Vec<Result<Placed, String>> = rows.iter().map(|time| self.placed(*time, &mut clock)).collect();
        let edge = |(row, placed): (usize, &Result<Placed, String>)| match placed {
            Ok(Placed::Edge(at)) => Some((row, *at)),
            Ok(Placed::Whole(_)) | Err(_) => None,
        };
        let mut edges: Vec<(usize, Instant)> = placed.iter().enumerate().filter_map(edge).collect();
        edges.sort_by_key(|(_, at)| *at);
        let stamps: Vec<Instant> = edges.iter().map(|(_, at)| *at).collect();
        let mut steps = vec![None; rows.len()];
        match self.steps.only() {
            Some(step_s) => {
                if !have_holes {
                    check_steps(&stamps, step_s)?;
                }
                steps.fill(Some(step_s));
            }
            None => {
                for ((row, _), length_s) in edges.iter().zip(lengths(&stamps, &self.steps, self.at_end())) {
                    steps[*row] = length_s;
                }
            }
        }
        let interval = |(placed, step_s): (Result<Placed, String>, Option<i64>)| match placed? {
            Placed::Whole(interval) => Ok(interval),
            Placed::Edge(at) => step_s
                .map(|step_s| self.with_edge(at, step_s))
                .ok_or_else(|| format!("the rows beside it do not tell whether its interval is {}", self.steps.text())),
        };
        Ok(placed.into_iter().zip(steps).map(interval).collect())
    }

    fn placed(&self, time: RowTime, clock: &mut WallClock) -> Result<Placed, String> {
        match time {
            RowTime::Whole(interval) => Ok(Placed::Whole(interval)),
            RowTime::Edge(edge) => clock.next(edge).map(Placed::Edge),
            RowTime::Both { from, to, same_day } => {
                let start = clock.next(from)?;
                let end = end(self.zone, (from, start), to, same_day).ok_or("the end is not after the start")?;
                self.whole(Interval { start, end }).map(Placed::Whole)
            }
        }
    }
}

/// A row's time as instants.
#[derive(Debug, Clone, Copy)]
enum Placed {
    Whole(Interval),
    Edge(Instant),
}

/// Whether the newest row stands first.
fn is_backwards(rows: &[RowTime]) -> bool {
    let clock = |time: &RowTime| match time {
        RowTime::Whole(interval) => interval.start,
        RowTime::Edge(moment) | RowTime::Both { from: moment, .. } => moment.as_utc(),
    };
    rows.first().zip(rows.last()).is_some_and(|(first, last)| clock(last) < clock(first))
}

/// Refuses edges none of which are a step apart, and such as are nearer.
fn check_steps(stamps: &[Instant], step_s: i64) -> Result<(), Refused> {
    let nearest_s = stamps.windows(2).map(|pair| pair[1] - pair[0]).filter(|apart_s| *apart_s > 0).min();
    let Some(nearest_s) = nearest_s.filter(|nearest_s| *nearest_s != step_s) else { return Ok(()) };
    let what = format!("its rows are {} apart, not {}", length(nearest_s), length(step_s));
    Err(Refused::new(what).hint("export it at that step, or state its own step in a [source.<name>]"))
}
