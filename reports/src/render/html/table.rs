//! What a page is made of: sections of charts, tables and notes, ready for the template.

/// A column's heading; figures are set right, with their unit in the head.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub unit: &'static str,
    pub class: &'static str,
}

pub const fn text(name: &'static str) -> Column {
    Column { name, unit: "", class: "t" }
}

pub const fn figure(name: &'static str, unit: &'static str) -> Column {
    Column { name, unit, class: "n" }
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
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub caption: String,
    /// Set to fold the table behind this summary.
    pub fold: &'static str,
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    pub more: String,
}

impl Table {
    pub fn new(caption: impl Into<String>, columns: &[Column]) -> Self {
        Self { caption: caption.into(), fold: "", columns: columns.to_vec(), lines: Vec::new(), more: String::new() }
    }

    pub fn folded(mut self, summary: &'static str) -> Self {
        self.fold = summary;
        self
    }

    /// Adds a line; cells take the class of their column.
    pub fn push(&mut self, head: impl Into<String>, cells: Vec<String>) {
        let classes = self.columns.iter().skip(1).map(|column| column.class);
        let cells = cells
            .into_iter()
            .zip(classes.chain(std::iter::repeat("t")))
            .map(|(text, class)| Cell { class: if is_word(&text) { "n w" } else { class }, text })
            .collect();
        self.lines.push(Line { head: head.into(), cells });
    }
}

/// Absent figures are set apart from figures.
fn is_word(text: &str) -> bool {
    text == super::format::NOT_APPLICABLE || text == super::format::NOT_SUPPLIED
}

/// One entry of a chart's legend: a CSS class that draws the swatch, and what it means.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub class: &'static str,
    pub label: &'static str,
}

/// An inline SVG with its legend. `svg` and `data` are built here and escaped already.
#[derive(Debug, Clone)]
pub struct Chart {
    pub class: &'static str,
    pub svg: String,
    pub caption: String,
    pub keys: Vec<Key>,
    /// JSON for the hover script, or empty.
    pub data: String,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub id: &'static str,
    pub title: &'static str,
    pub lede: String,
    pub charts: Vec<Chart>,
    pub tables: Vec<Table>,
    pub notes: Vec<String>,
}

impl Section {
    pub fn new(id: &'static str, title: &'static str, lede: impl Into<String>) -> Self {
        Self { id, title, lede: lede.into(), charts: Vec::new(), tables: Vec::new(), notes: Vec::new() }
    }
}
