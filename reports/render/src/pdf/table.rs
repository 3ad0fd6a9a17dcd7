//! Tables before they are laid out.

/// How a column treats what is too wide for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Breaks into lines.
    Text,
    /// Breaks inside, too; past so many lines shortened in its middle.
    Id,
    /// Set right, never shortened where the page has room for it.
    Figure,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub head: &'static str,
    pub kind: Kind,
}

pub const fn text(head: &'static str) -> Column {
    Column { head, kind: Kind::Text }
}

pub const fn id(head: &'static str) -> Column {
    Column { head, kind: Kind::Id }
}

pub const fn figure(head: &'static str) -> Column {
    Column { head, kind: Kind::Figure }
}

pub struct Row {
    pub cells: Vec<String>,
    /// A sum or the portfolio's own line.
    pub strong: bool,
}

pub struct Table {
    pub caption: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

impl Table {
    pub fn new(caption: &'static str, columns: &[Column]) -> Self {
        Self { caption, columns: columns.to_vec(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(Row { cells, strong: false });
    }

    pub fn strong(&mut self, cells: Vec<String>) {
        self.rows.push(Row { cells, strong: true });
    }
}
