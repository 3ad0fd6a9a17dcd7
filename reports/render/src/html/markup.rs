//! What the templates ask of blocks: the class of an element, text as HTML, and the cells of a map as data.

use super::svg::{self, Words, key_class};
use super::text::{breaking, is_long, safe};
use crate::charts::heat::{Key, heat};
use crate::content::blocks::{Cell, Chart, Column, Drawing, Fact, Figure, Kind, Line, Table, is_absent};
use crate::hours::Day;
use reports::units::Floored;
use std::fmt::Display;

fn kind_class(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Text => "t",
        Kind::Prose => "t p",
        Kind::Figure => "n",
    }
}

impl Column {
    pub(super) fn class(&self) -> &'static str {
        kind_class(self.kind)
    }
}

impl Cell {
    /// Absent figures are set apart from figures.
    pub(super) fn class(&self) -> &'static str {
        match self.kind {
            Kind::Figure if is_absent(&self.text) => "n w",
            _ if is_absent(&self.text) => "t w",
            Kind::Id | Kind::Text if is_long(&self.text) => "t b",
            kind => kind_class(kind),
        }
    }

    pub(super) fn html(&self) -> String {
        if self.class() == "t b" { breaking(&self.text) } else { safe(&self.text) }
    }
}

impl Line {
    /// `b` where the head may break inside.
    pub(super) fn class(&self) -> &'static str {
        if is_long(&self.head) { "b" } else { "" }
    }

    pub(super) fn html(&self) -> String {
        if is_long(&self.head) { breaking(&self.head) } else { safe(&self.head) }
    }
}

impl Fact {
    pub(super) fn class(&self) -> &'static str {
        if is_absent(&self.value) { "w" } else { "" }
    }
}

impl Figure {
    pub(super) fn class(&self) -> &'static str {
        if is_absent(&self.value) { "absent" } else { "" }
    }
}

impl Key {
    pub(super) fn class(&self) -> &'static str {
        key_class(self.paint)
    }
}

impl Table {
    /// Small for many columns, and on one page in print where it has few lines, or only figures of the hours of a day.
    pub(super) fn class(&self) -> &'static str {
        const SHORT: usize = 12;
        const HOURS: usize = 26;
        let low = self.columns.iter().skip(1).all(|column| column.kind == Kind::Figure);
        match (self.columns.len() > 8, self.lines.len() <= if low { HOURS } else { SHORT }) {
            (true, true) => "wide short",
            (true, false) => "wide",
            (false, true) => "short",
            (false, false) => "",
        }
    }
}

impl Chart {
    pub(super) fn class(&self) -> &'static str {
        match &self.drawing {
            Drawing::Heat { days, .. } if days.len() > 400 => "scroll vast",
            _ => "scroll",
        }
    }

    pub(super) fn html(&self) -> String {
        let words = Words { id: &self.id, title: &self.caption, desc: &self.about };
        match &self.drawing {
            Drawing::Marks(scene) => svg::svg(scene, words),
            Drawing::Heat { days, doubted, .. } => svg::svg(&heat(days, days.len(), doubted), words),
        }
    }

    /// Whether a script reads out the cells of its map.
    pub(super) fn is_hovered(&self) -> bool {
        matches!(self.drawing, Drawing::Heat { hover: true, .. })
    }

    /// Those cells.
    pub(super) fn data(&self) -> String {
        match &self.drawing {
            Drawing::Heat { days, hover: true, .. } => heat_map_json(days),
            _ => String::new(),
        }
    }
}

/// The cells as JSON for a hover script: per day its date, its mark, and per cell its row, clock hour,
/// UTC offset in minutes, matched share in hundredths of a percent (floored; -1 without load) and unmatched Wh.
///
/// Where rows follow each other and offsets do not change, the day gives the first row and offset once.
pub fn heat_map_json(days: &[Day]) -> String {
    list(days.iter().map(|day| {
        let cells = day.placed();
        let plain = cells.is_sorted_by(|(a, x), (b, y)| a + 1 == *b && x.offset_s == y.offset_s);
        let (first, offset) = cells.first().map_or((0, 0), |(row, hour)| (*row, hour.offset_s / 60));
        let hours = || day.hours.iter();
        let mut lists = vec![
            list(hours().map(|hour| hour.sums.share().map_or(-1, Floored::hundredths))),
            list(hours().map(|hour| hour.sums.unmatched)),
        ];
        if !plain {
            lists.push(list(cells.iter().map(|(row, _)| row)));
            lists.push(list(hours().map(|hour| hour.wall)));
            lists.push(list(hours().map(|hour| hour.offset_s / 60)));
        }
        format!("[\"{}\",{first},{offset},{}]", day.date, lists.join(","))
    }))
}

fn list<T: Display>(values: impl Iterator<Item = T>) -> String {
    format!("[{}]", values.map(|value| value.to_string()).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::blocks::{figure, prose, text};
    use crate::hours::{Sums, local_days};
    use crate::tests::sample::slots;
    use reports::time::Zone;

    #[test]
    fn hours_of_a_day_stay_on_one_page() {
        let of = |columns: Vec<Column>, lines: usize| {
            let mut table = Table::new("t", columns);
            (0..lines).for_each(|line| table.push(line.to_string(), vec!["1 %".to_string()]));
            table.class()
        };
        let hours = || vec![text("Local hour"), figure("Jan", "")];
        assert_eq!([of(hours(), 24), of(hours(), 25), of(hours(), 31)], ["short", "short", ""]);
        let columns = || vec![text("Contract"), prose("Statement")];
        assert_eq!([of(columns(), 12), of(columns(), 24)], ["short", ""]);
    }

    fn berlin(date: &str) -> String {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let sums = Sums { load: 100, matched: 50, unmatched: 50, ..Sums::default() };
        let slots = slots(span.start, span.end, 3_600, sums);
        heat_map_json(&local_days(zone, 3_600, &slots))
    }

    #[test]
    fn shares_are_floored_and_clock_changes_spelt_out() {
        let hundredths = |sums: Sums| sums.share().map(Floored::hundredths);
        let nearly = Sums { load: 1_000_000, matched: 999_999, unmatched: 1, ..Sums::default() };
        assert_eq!((hundredths(nearly), hundredths(Sums::default())), (Some(9_999), None));
        assert_eq!(heat_map_json(&[]), "[]");
        let plain = berlin("2026-06-01");
        assert!(plain.starts_with("[[\"2026-06-01\",0,120,[5000,") && plain.ends_with("50]]]"));
        let autumn = berlin("2026-10-25");
        assert!(autumn.contains("[0,1,2,24,3,") && autumn.contains("[0,1,2,2,3,"));
        assert!(berlin("2026-03-29").contains("[0,1,3,4,"));
        assert!(berlin("2026-03-29").ends_with("120]]]"));
    }
}
