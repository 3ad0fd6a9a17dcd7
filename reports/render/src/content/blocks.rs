//! What a page is made of: sections of figures, charts, tables and notes, ready for the template.

use super::format::{NOT_APPLICABLE, NOT_STATED, NOT_SUPPLIED, breaking, is_long};

/// A column's heading; figures are set right, with their unit in the head.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub unit: &'static str,
    pub class: &'static str,
}

pub fn text(name: impl Into<String>) -> Column {
    Column { name: name.into(), unit: "", class: "t" }
}

/// A column of sentences, which may break over lines.
pub fn prose(name: impl Into<String>) -> Column {
    Column { name: name.into(), unit: "", class: "t p" }
}

pub fn figure(name: impl Into<String>, unit: &'static str) -> Column {
    Column { name: name.into(), unit, class: "n" }
}

#[derive(Debug, Clone)]
pub struct Cell {
    pub text: String,
    pub class: &'static str,
}

/// One line of a table; its first column is the head of the line.
#[derive(Debug, Clone)]
pub struct Line {
    pub head: String,
    /// Id of a section of this page that the head leads to, or empty.
    pub link: String,
    pub cells: Vec<Cell>,
}

impl Line {
    /// The class of the head: `b` where it may break inside.
    pub fn head_class(&self) -> &'static str {
        if is_long(&self.head) { "b" } else { "" }
    }

    /// A long head as HTML.
    pub fn head_html(&self) -> String {
        breaking(&self.head)
    }
}

impl Cell {
    /// Long text of a column that does not break by itself.
    pub fn is_breaking(&self) -> bool {
        self.class == "t b"
    }

    /// A long text as HTML.
    pub fn html(&self) -> String {
        breaking(&self.text)
    }
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

    /// How the table is set: small for many columns, and on one page in print where it has few lines, or only figures
    /// of the hours of a day.
    pub fn class(&self) -> &'static str {
        const SHORT: usize = 12;
        const HOURS: usize = 26;
        let low = self.columns.iter().skip(1).all(|column| column.class == "n");
        match (self.columns.len() > 8, self.lines.len() <= if low { HOURS } else { SHORT }) {
            (true, true) => "wide short",
            (true, false) => "wide",
            (false, true) => "short",
            (false, false) => "",
        }
    }

    /// Adds a line; cells take the class of their column.
    pub fn push(&mut self, head: impl Into<String>, cells: Vec<String>) {
        self.push_linked(head, String::new(), cells);
    }

    /// The same with a head that leads to a section.
    pub fn push_linked(&mut self, head: impl Into<String>, link: String, cells: Vec<String>) {
        let classes = self.columns.iter().skip(1).map(|column| column.class);
        let cells = cells
            .into_iter()
            .zip(classes.chain(std::iter::repeat("t")))
            .map(|(text, class)| Cell { class: class_of(&text, class), text })
            .collect();
        self.lines.push(Line { head: head.into(), link, cells });
    }
}

fn class_of(text: &str, class: &'static str) -> &'static str {
    match class {
        _ if is_word(text) => absent(class),
        "t" if is_long(text) => "t b",
        _ => class,
    }
}

/// Absent figures are set apart from figures.
fn is_word(text: &str) -> bool {
    [NOT_APPLICABLE, NOT_SUPPLIED, NOT_STATED].contains(&text)
}

fn absent(class: &'static str) -> &'static str {
    if class == "n" { "n w" } else { "t w" }
}

/// A name and what stands behind it.
#[derive(Debug, Clone)]
pub struct Fact {
    pub name: &'static str,
    pub value: String,
    /// Set apart, since nothing was stated.
    pub class: &'static str,
}

impl Fact {
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { name, class: if is_word(&value) { "w" } else { "" }, value }
    }
}

/// One entry of a chart's legend: a CSS class that draws the swatch, and what it means.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub class: &'static str,
    pub label: &'static str,
}

/// An inline SVG with its legend and its figures. `svg` and `data` are built here and escaped already.
#[derive(Debug, Clone)]
pub struct Chart {
    pub class: &'static str,
    pub svg: String,
    pub caption: String,
    pub keys: Vec<Key>,
    /// JSON for the hover script, or empty.
    pub data: String,
    /// The same figures as tables, folded away under the chart.
    pub tables: Vec<Table>,
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
    pub class: &'static str,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub lede: String,
    /// Starts a page of its own in print.
    pub page: bool,
    pub figures: Vec<Figure>,
    pub facts: Vec<Fact>,
    pub charts: Vec<Chart>,
    pub tables: Vec<Table>,
    /// Points of a list.
    pub points: Vec<String>,
    pub notes: Vec<String>,
}

impl Section {
    pub fn new(id: impl Into<String>, title: impl Into<String>, lede: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            lede: lede.into(),
            page: false,
            figures: Vec::new(),
            facts: Vec::new(),
            charts: Vec::new(),
            tables: Vec::new(),
            points: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub fn on_its_own_page(mut self) -> Self {
        self.page = true;
        self
    }
}

/// Sections that belong together, as the page's navigation lists them.
#[derive(Debug, Clone)]
pub struct Chapter {
    pub title: &'static str,
    pub sections: Vec<Section>,
}

#[cfg(test)]
mod tests {
    use super::*;

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
