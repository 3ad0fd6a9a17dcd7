//! Series without a supplied value for every step. What fills the gaps is reported, one note per series; a series that
//! nothing may fill is refused by name. Unknown is never zero.

use super::codes;
use super::expect::{Expected, Origin};
use super::note::Reason;
use crate::error::{Fault, Faults};
use reports::time::Grid;
use reports::words::counted;

/// Series that nobody supplied in full over a grid: what stands for them, and which are refused.
#[derive(Debug, Clone)]
pub struct Gaps {
    grid: Grid,
    /// How they are put, unless a series is put in its own way.
    pub words: Words<'static>,
    pub notes: Vec<Reason>,
    refused: Vec<Fault>,
}

/// Codes of what stands for a step, best first, each with how it is put.
type Table = [(&'static str, String); 6];
/// Where another series stands in that table.
const OTHER: usize = 2;

/// How what stands in for a series is put.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub lacks: &'a str,
    pub history: &'a str,
    /// The portfolio's figure, and what it means that there is none either.
    pub configured: &'a str,
    pub none: &'a str,
}

impl Words<'static> {
    const AHEAD: Self = Self {
        lacks: "not supplied",
        history: "blended from its last 14 days",
        configured: "the portfolio's figure is used",
        none: ", counted as zero",
    };
    const CAME: Self = Self { lacks: "no reading", history: "taken from the 14 days before", ..Self::AHEAD };
}

impl Words<'_> {
    /// `beside` says how another series stands in.
    fn table(&self, beside: &str) -> Table {
        let lacks = self.lacks;
        [
            (codes::LEARNT_FORECAST, format!("{lacks}, forecast from its own past")),
            (codes::HISTORY_FORECAST, format!("{lacks}, {}", self.history)),
            (codes::OTHER_SERIES, format!("{lacks}, {beside}")),
            (codes::CONFIGURED, format!("{lacks}, {}", self.configured)),
            (codes::REPEATED_FORECAST, format!("{lacks}, its known part repeated by time of day")),
            (codes::NO_FORECAST, format!("no data{}", self.none)),
        ]
    }
}

/// Which of the table stands for a step; none where it was supplied.
fn code_of(origin: Origin) -> Option<usize> {
    match origin {
        Origin::Supplier => None,
        Origin::Learnt => Some(0),
        Origin::History => Some(1),
        Origin::Configured => Some(3),
        Origin::Repeated => Some(4),
        Origin::None => Some(5),
    }
}

impl Gaps {
    /// Of a horizon.
    pub fn ahead(grid: Grid) -> Self {
        Self { grid, words: Words::AHEAD, notes: Vec::new(), refused: Vec::new() }
    }

    /// Of hours that are over.
    pub fn came(grid: Grid) -> Self {
        Self { words: Words::CAME, ..Self::ahead(grid) }
    }

    /// Says what stands for steps of a series, where anything does.
    pub fn say(&mut self, series: &str, words: Words<'_>, expected: &Expected) {
        self.say_with(series, words, (expected, expected), "");
    }

    /// The same of a series that another stands in for, where nothing is known of it: `beside` says how.
    pub fn say_with(
        &mut self,
        series: &str,
        words: Words<'_>,
        (expected, other): (&Expected, &Expected),
        beside: &str,
    ) {
        let of = |(own, other): (&Origin, &Origin)| match (own, other) {
            (Origin::None, Origin::Configured | Origin::None) => code_of(*other),
            (Origin::None, _) => Some(OTHER),
            _ => code_of(*own),
        };
        let steps: Vec<Option<usize>> = expected.origins.iter().zip(&other.origins).map(of).collect();
        self.notes.extend(note(series, self.grid, &words.table(beside), &steps));
    }

    /// A series of which something was known once, and nothing that could stand for a step now.
    pub fn refuse(&mut self, series: &str, what: &str, remedy: String) {
        self.refused.push(Fault::new(format!("{series}: {what}")).hint(remedy));
    }

    /// # Errors
    /// Every series that is refused.
    pub fn check(&self) -> Result<(), Faults> {
        if self.refused.is_empty() { Ok(()) } else { Err(Faults(self.refused.clone())) }
    }
}

/// How many steps nobody supplied, between which instants, and what stands for them; coded by the least good of it.
fn note(series: &str, grid: Grid, table: &Table, steps: &[Option<usize>]) -> Option<Reason> {
    let worst = steps.iter().flatten().max()?;
    let first = steps.iter().position(Option::is_some)?;
    let last = steps.iter().rposition(Option::is_some)?;
    let count = |code: usize| (code, steps.iter().filter(|s| **s == Some(code)).count());
    let counts: Vec<(usize, usize)> = (0..table.len()).map(count).filter(|(_, count)| *count > 0).collect();
    let stands = match counts.as_slice() {
        [(code, _)] => table[*code].1.clone(),
        several => {
            let part = |(code, n): &(usize, usize)| format!("{} {}", counted(*n, "step", "steps"), table[*code].1);
            several.iter().map(part).collect::<Vec<String>>().join("; ")
        }
    };
    let missing: usize = counts.iter().map(|(_, count)| count).sum();
    let (from, to) = (grid.start(first), grid.start(last + 1));
    let message = format!("{series}: {stands} ({missing} of {} steps, {from} to {to})", steps.len());
    Some(Reason::new(table[*worst].0, series, missing as f64, "steps", message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::Instant;

    const GRID: Grid = Grid { start: Instant::FIRST, step_s: 3_600, len: 4 };

    fn expected(origins: [Origin; 4]) -> Expected {
        Expected { values: vec![1.0; 4], origins: origins.to_vec(), quantiles: Vec::new() }
    }

    #[test]
    fn a_series_is_one_note_of_all_its_steps() {
        let mut gaps = Gaps::ahead(GRID);
        gaps.say("grid/A/price", Words::AHEAD, &expected([Origin::Supplier; 4]));
        assert!(gaps.notes.is_empty() && gaps.check().is_ok());
        let mixed = [Origin::Supplier, Origin::Learnt, Origin::Supplier, Origin::History];
        gaps.say("grid/A/price", Words::AHEAD, &expected(mixed));
        let note = &gaps.notes[0];
        assert_eq!(
            (note.code.as_str(), note.subject.as_str(), note.quantity),
            ("history_forecast", "grid/A/price", 2.0)
        );
        assert_eq!(
            note.message,
            "grid/A/price: 1 step not supplied, forecast from its own past; 1 step not supplied, blended from its last \
             14 days (2 of 4 steps, 1970-01-01T01:00:00Z to 1970-01-01T04:00:00Z)"
        );
    }

    #[test]
    fn what_stands_in_for_another_series_is_named() {
        let own = expected([Origin::Supplier, Origin::None, Origin::None, Origin::None]);
        let other = expected([Origin::Supplier, Origin::Supplier, Origin::History, Origin::Configured]);
        let mut gaps = Gaps::ahead(GRID);
        let words = Words { configured: "the default, 820 g/kWh", ..Words::AHEAD };
        gaps.say_with("grid/A/residual_intensity", words, (&own, &other), "as grid/A/fossil_intensity");
        let note = &gaps.notes[0];
        assert_eq!((note.code.as_str(), note.quantity), ("configured", 3.0));
        assert!(note.message.contains("1 step not supplied, the default, 820 g/kWh"), "{}", note.message);
        assert!(note.message.contains("2 steps not supplied, as grid/A/fossil_intensity"), "{}", note.message);
    }

    #[test]
    fn what_is_refused_is_refused_by_name() {
        let mut gaps = Gaps::ahead(GRID);
        gaps.refuse("grid/A/price", "nothing is known of it", "set price_per_mwh".into());
        let Faults(list) = gaps.check().expect_err("refused");
        assert!(list[0].to_string().starts_with("grid/A/price: nothing is known of it\n  hint: set price_per_mwh"));
    }
}
