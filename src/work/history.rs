//! What plans had a piece of work do while they were in force, and what they have for it to come. Whoever keeps plans
//! supplies it; until state comes back, it is taken to have run so.

use super::{Deserialize, Instant, Interval, Serialize, SiteId, SiteIndex};
use reports::time::instant::as_seconds;

/// Of one piece of work.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// By plan, the oldest first.
    pub ruled: Vec<Ruled>,
    /// What the last of them has for it in the horizon.
    pub prior: Vec<Planned>,
    /// The same of the newest plan, which may begin in the horizon.
    pub newest: Vec<Planned>,
}

/// What a plan had it do in the time in which it was the newest that had begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    pub made: Instant,
    pub span: Interval,
    /// Those that touch this time.
    pub stretches: Vec<Stretch>,
    /// Instants of its checkpoints in this time.
    pub saves: Vec<Instant>,
}

/// A stretch of a schedule, whole, as it is stored apart from its plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    pub site: SiteId,
    #[serde(rename = "start_s", with = "as_seconds")]
    pub start: Instant,
    #[serde(rename = "end_s", with = "as_seconds")]
    pub end: Instant,
    /// IT megawatts, running or held.
    pub mw: f64,
    pub on: bool,
    /// Rated hours that training makes here.
    pub progress_h: f64,
    /// Which unit of work that runs in one go, by the plan's own numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<u32>,
}

impl Stretch {
    pub fn span(&self) -> Interval {
        Interval { start: self.start, end: self.end }
    }
}

/// A stretch as far as it was carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    pub on: bool,
    pub mwh: f64,
    /// Rated hours of training made.
    pub progress_h: f64,
    /// Which unit of an array, by the numbers of the plan it is of.
    pub unit: u32,
}

/// What an earlier plan had for it at a site in a step: running, or held there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Planned {
    pub site: SiteIndex,
    pub step: usize,
    pub mw: f64,
    pub on: bool,
    /// It ends with a checkpoint.
    pub save: bool,
    /// Which unit of an array, and whether the plan has it begin before this grid.
    pub unit: u32,
    pub begun: bool,
}

impl Ruled {
    /// What was carried out between two instants, in order of time.
    pub fn rows(&self, from: Instant, to: Instant) -> Vec<Row> {
        let within = Interval { start: self.span.start.max(from), end: self.span.end.min(to) };
        let mut rows = Vec::new();
        for s in &self.stretches {
            let (start, end) = (s.start.max(within.start), s.end.min(within.end));
            if end <= start {
                continue;
            }
            let part = (end - start) as f64 / s.span().duration_s() as f64;
            let hours = (end - start) as f64 / 3_600.0;
            let (site, on, unit) = (s.site.clone(), s.on, s.unit.unwrap_or(0));
            rows.push(Row { site, start, end, on, mwh: s.mw * hours, progress_h: s.progress_h * part, unit });
        }
        rows.sort_by_key(|r| r.start);
        rows
    }

    /// The last checkpoint by an instant.
    pub fn last_checkpoint(&self, by: Instant) -> Option<Instant> {
        self.saves.iter().copied().filter(|at| *at <= by).max()
    }
}

impl Row {
    /// The part of it before an instant that lies in it.
    pub fn until(self, end: Instant) -> Self {
        let end = end.clamp(self.start, self.end);
        let part = (end - self.start) as f64 / (self.end - self.start).max(1) as f64;
        Self { end, mwh: self.mwh * part, progress_h: self.progress_h * part, ..self }
    }

    /// Energy and progress from an instant on.
    pub fn since(&self, from: Instant) -> (f64, f64) {
        let from = from.clamp(self.start, self.end);
        let part = (self.end - from) as f64 / (self.end - self.start).max(1) as f64;
        (self.mwh * part, self.progress_h * part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::HOUR_S;

    #[test]
    fn a_plan_counts_for_the_time_it_was_in_force() {
        let at = |hour: i64| Instant::from_seconds(hour * HOUR_S);
        let hours = |start: i64, end: i64| Interval { start: at(start), end: at(end) };
        let stretch = |start: i64, end: i64| Stretch {
            site: "s".into(),
            start: at(start),
            end: at(end),
            mw: 2.0,
            on: true,
            progress_h: 1.5,
            unit: None,
        };
        // In force from one to four, with a stretch from two to six and another from zero to two.
        let ruled = Ruled {
            made: at(0),
            span: hours(1, 4),
            stretches: vec![stretch(2, 6), stretch(0, 2)],
            saves: vec![at(1), at(3)],
        };
        let rows = |from: i64, to: i64| -> Vec<(Interval, f64, f64)> {
            let rows = ruled.rows(at(from), at(to));
            rows.iter().map(|r| (Interval { start: r.start, end: r.end }, r.mwh, r.progress_h)).collect()
        };
        assert_eq!(rows(0, 9), [(hours(1, 2), 2.0, 0.75), (hours(2, 4), 4.0, 0.75)]);
        assert_eq!(rows(0, 3), [(hours(1, 2), 2.0, 0.75), (hours(2, 3), 2.0, 0.375)]);
        assert_eq!(rows(4, 9), []);
        assert_eq!((ruled.last_checkpoint(at(2)), ruled.last_checkpoint(at(0))), (Some(at(1)), None));
    }
}
