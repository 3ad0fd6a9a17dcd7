//! What a report is made of: sections of figures, charts, tables and notes, ready for a form to lay out.

use crate::charts::heat::Key;
use crate::charts::scene::Scene;
use crate::english;
use crate::figures::{NOT_APPLICABLE, NOT_STATED, NOT_SUPPLIED};
use crate::hours::Day;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ids and hashes, which may break anywhere.
    Id,
    Text,
    /// Sentences, which break over lines.
    Prose,
    /// Set right.
    Figure,
}

/// A column's heading; figures have their unit in it.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub unit: &'static str,
    pub kind: Kind,
}

pub fn id(name: impl Into<String>) -> Column {
    Column { name: name.into(), unit: "", kind: Kind::Id }
}

pub fn text(name: impl Into<String>) -> Column {
    Column { name: name.into(), unit: "", kind: Kind::Text }
}

pub fn prose(name: impl Into<String>) -> Column {
    Column { name: name.into(), unit: "", kind: Kind::Prose }
}

pub fn figure(name: impl Into<String>, unit: &'static str) -> Column {
    Column { name: name.into(), unit, kind: Kind::Figure }
}

/// A column with what it holds of a row.
pub type Told<'a, T> = (Column, &'a dyn Fn(&T) -> String);

/// Lines of a long list that are shown; the JSON has all of them.
const MOST: usize = 200;

/// In place of a figure that there is none of.
pub const DASH: &str = "\u{2013}";

/// A text of a table, set as its column says.
#[derive(Debug, Clone)]
pub struct Cell {
    pub text: String,
    pub kind: Kind,
}

/// One line of a table; its first column is the head of the line.
#[derive(Debug, Clone)]
pub struct Line {
    pub head: String,
    /// Id of a section that the head leads to, or empty.
    pub link: String,
    pub cells: Vec<Cell>,
    /// The portfolio's own, below those of its parts.
    pub strong: bool,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    /// What is left out, or empty.
    pub more: String,
}

impl Table {
    pub fn new(caption: impl Into<String>, columns: impl IntoIterator<Item = Column>) -> Self {
        Self { caption: caption.into(), columns: columns.into_iter().collect(), lines: Vec::new(), more: String::new() }
    }

    /// A line for each row.
    pub fn listing<T>(caption: impl Into<String>, rows: &[T], columns: &[Told<'_, T>]) -> Self {
        let mut table = Self::new(caption, columns.iter().map(|(column, _)| column.clone()));
        for row in rows {
            let mut texts = columns.iter().map(|(_, text)| text(row));
            let head = texts.next().unwrap_or_default();
            table.push(head, texts.collect());
        }
        table
    }

    /// The same of the first rows, and how many more there are.
    pub fn first<T>(caption: impl Into<String>, rows: &[T], columns: &[Told<'_, T>]) -> Self {
        let left_out = rows.len().saturating_sub(MOST);
        let mut table = Self::listing(caption, &rows[..rows.len() - left_out], columns);
        if left_out > 0 {
            table.more = format!("and {} more in the JSON", english::count(left_out));
        }
        table
    }

    /// Adds a line; cells are set as their columns.
    pub fn push(&mut self, head: impl Into<String>, cells: Vec<String>) {
        let kinds = self.columns.iter().skip(1).map(|column| column.kind);
        let cells = cells.into_iter().zip(kinds).map(|(text, kind)| Cell { text, kind }).collect();
        self.lines.push(Line { head: head.into(), link: String::new(), cells, strong: false });
    }

    /// The same with heads that lead to the sections of these ids.
    pub fn linked(mut self, ids: &[Option<String>]) -> Self {
        for (line, id) in self.lines.iter_mut().zip(ids) {
            line.link = id.clone().unwrap_or_default();
        }
        self
    }

    /// The same with a last line that is the whole's.
    pub fn with_whole(mut self) -> Self {
        if let Some(line) = self.lines.last_mut() {
            line.strong = true;
        }
        self
    }
}

/// Words in place of a figure, which are set apart from figures.
pub fn is_absent(text: &str) -> bool {
    [NOT_APPLICABLE, NOT_SUPPLIED, NOT_STATED].contains(&text)
}

/// A name and what stands behind it.
#[derive(Debug, Clone)]
pub struct Fact {
    pub name: &'static str,
    pub value: String,
}

impl Fact {
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into() }
    }
}

/// What a chart draws.
#[derive(Debug, Clone)]
pub enum Drawing {
    Marks(Scene),
    /// A heat map, which forms cut as their pages need; with `hover`, its cells can be read out one by one.
    Heat {
        days: Vec<Day>,
        doubted: BTreeSet<NaiveDate>,
        hover: bool,
    },
}

/// What of a chart stands in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    Nothing,
    Drawing,
    /// The drawing with its tables.
    Tables,
}

/// A chart with its legend and its figures.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Prefix of the ids inside it; a page uses each once.
    pub id: String,
    pub drawing: Drawing,
    pub caption: String,
    /// What it shows, for readers who cannot see it.
    pub about: String,
    pub keys: Vec<Key>,
    /// The same figures as tables, folded away where a form can do so.
    pub tables: Vec<Table>,
    pub print: Print,
}

/// One figure with its name and one line of plain meaning.
#[derive(Debug, Clone)]
pub struct Figure {
    pub name: &'static str,
    pub value: String,
    pub unit: &'static str,
    pub meaning: String,
    /// How much of it cancelled certificates back, or empty.
    pub backed: String,
}

/// Figures that answer one question.
#[derive(Debug, Clone)]
pub struct Group {
    pub title: String,
    pub id: &'static str,
    pub figures: Vec<Figure>,
}

#[derive(Debug, Clone, Default)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub lede: String,
    /// Starts a page of its own in print.
    pub page: bool,
    pub figures: Vec<Figure>,
    pub facts: Vec<Fact>,
    /// Points of a list.
    pub points: Vec<String>,
    pub charts: Vec<Chart>,
    pub tables: Vec<Table>,
    pub notes: Vec<String>,
}

impl Section {
    pub fn new(id: impl Into<String>, title: impl Into<String>, lede: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), lede: lede.into(), ..Self::default() }
    }

    pub fn on_its_own_page(mut self) -> Self {
        self.page = true;
        self
    }

    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub fn with_chart(mut self, chart: Chart) -> Self {
        self.charts.push(chart);
        self
    }
}

/// Sections that belong together, as a page's navigation lists them.
#[derive(Debug, Clone)]
pub struct Chapter {
    pub title: &'static str,
    pub sections: Vec<Section>,
}
