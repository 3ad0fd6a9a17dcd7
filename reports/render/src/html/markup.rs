//! What the templates ask of blocks: the class of an element, and text as HTML.

use super::heat_json::heat_map_json;
use super::svg::{self, Words, key_class};
use super::text::{breaking, is_long, safe};
use crate::charts::heat::{Key, heat};
use crate::content::blocks::{Cell, Chart, Column, Drawing, Fact, Figure, Kind, Line, Table, is_absent};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::blocks::{figure, prose, text};

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
}
