//! A workbook read back from its parts.

use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
}

impl Value {
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => panic!("{number} is no text"),
        }
    }

    pub fn number(&self) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Text(text) => panic!("{text} is no number"),
        }
    }
}

/// Row and column, from 1.
type Place = (u32, u32);
type Cells = BTreeMap<Place, Value>;

#[derive(Debug)]
pub struct Series {
    pub name: String,
    pub categories: String,
    pub values: String,
    /// What the chart itself remembers of the values, by index.
    pub remembered: Vec<(usize, f64)>,
}

#[derive(Debug)]
pub struct Chart {
    /// Of the chart, then of its axes.
    pub titles: Vec<String>,
    pub series: Vec<Series>,
}

pub struct Book {
    parts: BTreeMap<String, String>,
}

impl Book {
    pub fn new(bytes: Vec<u8>) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let mut parts = BTreeMap::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).expect("a part");
            let (name, mut text) = (file.name().expect("a name").into_owned(), String::new());
            file.read_to_string(&mut text).expect("text");
            parts.insert(name, text);
        }
        Self { parts }
    }

    pub fn part(&self, name: &str) -> &str {
        self.parts.get(name).unwrap_or_else(|| panic!("no part {name}"))
    }

    pub fn sheets(&self) -> Vec<String> {
        let book = Document::parse(self.part("xl/workbook.xml")).expect("XML");
        let sheets = book.descendants().filter(|node| is(node, "sheet"));
        sheets.map(|sheet| sheet.attribute("name").expect("a name").to_string()).collect()
    }

    /// The XML of a sheet.
    pub fn sheet(&self, name: &str) -> &str {
        let place = self.sheets().iter().position(|sheet| sheet == name);
        let place = place.unwrap_or_else(|| panic!("no sheet {name}")) + 1;
        self.part(&format!("xl/worksheets/sheet{place}.xml"))
    }

    pub fn cells(&self, sheet: &str) -> Cells {
        let strings = Document::parse(self.part("xl/sharedStrings.xml")).expect("XML");
        let strings: Vec<String> = strings.descendants().filter(|node| is(node, "si")).map(|si| letters(&si)).collect();
        let sheet = Document::parse(self.sheet(sheet)).expect("XML");
        let mut cells = Cells::new();
        for cell in sheet.descendants().filter(|node| is(node, "c")) {
            let Some(value) = cell.children().find(|node| is(node, "v")) else { continue };
            let text = letters(&value);
            let value = match cell.attribute("t") {
                Some("s") => Value::Text(strings[text.parse::<usize>().expect("an index")].clone()),
                Some("str") => Value::Text(text),
                _ => Value::Number(text.parse().expect("a number")),
            };
            cells.insert(place(cell.attribute("r").expect("a place")), value);
        }
        cells
    }

    /// The cells of a range of one column, `'By month'!$D$4:$D$15`; none where a cell is blank.
    pub fn range(&self, range: &str) -> Vec<Option<Value>> {
        let (sheet, range) = range.split_once('!').expect("a sheet");
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let ((first, column), (last, end)) = (place(first), place(last));
        assert_eq!(column, end, "{range} is one column");
        let cells = self.cells(sheet.trim_matches('\''));
        (first..=last).map(|row| cells.get(&(row, column)).cloned()).collect()
    }

    pub fn charts(&self) -> Vec<Chart> {
        let parts = self.parts.iter().filter(|(name, _)| name.starts_with("xl/charts/chart"));
        parts.map(|(_, text)| chart(text)).collect()
    }

    /// Text alternatives of everything that is drawn, in its order.
    pub fn alternatives(&self) -> Vec<String> {
        let drawing = Document::parse(self.part("xl/drawings/drawing1.xml")).expect("XML");
        let drawn = drawing.descendants().filter(|node| is(node, "cNvPr"));
        drawn.map(|node| node.attribute("descr").unwrap_or_default().to_string()).collect()
    }
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// All text below a node.
fn letters(node: &Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// `$AB$12` as row and column.
fn place(cell: &str) -> Place {
    let cell = cell.replace('$', "");
    let digits = cell.find(|letter: char| letter.is_ascii_digit()).expect("a row");
    let (column, row) = cell.split_at(digits);
    (row.parse().expect("a row"), column.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1))
}

fn chart(text: &str) -> Chart {
    let document = Document::parse(text).expect("XML");
    let titles = document.descendants().filter(|node| is(node, "title")).map(|title| letters(&title)).collect();
    let series = document.descendants().filter(|node| is(node, "ser")).map(|node| series(&node)).collect();
    Chart { titles, series }
}

fn series(node: &Node<'_, '_>) -> Series {
    let below = |name: &str| node.children().find(|child| is(child, name)).unwrap_or_else(|| panic!("no {name}"));
    let range = |name: &str| letters(&below(name).descendants().find(|child| is(child, "f")).expect("a range"));
    let values = below("val");
    let points = values.descendants().filter(|child| is(child, "pt")).map(|point| {
        let index = point.attribute("idx").expect("an index").parse().expect("an index");
        (index, letters(&point).parse().expect("a number"))
    });
    Series { name: letters(&below("tx")), categories: range("cat"), values: range("val"), remembered: points.collect() }
}
