//! The cells of a sheet, as text.

use super::faults::{MOST_TEXT, damaged_workbook, too_large};
use super::number_format::{Shows, shown};
use super::text::number;
use crate::error::Fault;
use reports::text::clip;
use roxmltree::{Document, Node};

/// As many as a sheet has.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// What cells refer to.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub strings: Vec<String>,
    /// By the number of a cell's style.
    pub shows: Vec<Shows>,
    pub since_1904: bool,
}

/// Elements of a name, whatever the namespace: there are two of them.
pub(super) fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// A row that has a cell with text, and those cells by their column, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub number: u32,
    pub cells: Vec<(u32, String)>,
}

/// The rows of a sheet that have text, in order.
pub(super) fn rows(sheet: &Document<'_>, name: &str, book: &Book) -> Result<Vec<Row>, Fault> {
    let (mut rows, mut before, mut held) = (Vec::new(), 0_u32, 0_usize);
    let lists = children(sheet.root_element(), "sheetData");
    for node in lists.flat_map(|list| children(list, "row")) {
        let number = match node.attribute("r") {
            Some(text) => text.parse::<u32>().ok(),
            None => Some(before + 1),
        };
        let Some(number) = number.filter(|number| (before + 1..=LAST_ROW).contains(number)) else {
            return Err(damaged_workbook(&format!("what follows row {before} is not a row below it")));
        };
        before = number;
        let cells = cells(node, name, number, book)?;
        held += cells.iter().map(|(_, text)| text.len() + 1).sum::<usize>();
        if held > MOST_TEXT {
            return Err(too_large());
        }
        if !cells.is_empty() {
            rows.push(Row { number, cells });
        }
    }
    Ok(rows)
}

/// Cells of a row that have text.
fn cells(row: Node<'_, '_>, sheet: &str, number: u32, book: &Book) -> Result<Vec<(u32, String)>, Fault> {
    let (mut cells, mut next) = (Vec::new(), 1_u32);
    for node in children(row, "c") {
        let place = node.attribute("r");
        let column = match place {
            Some(place) => column(place, number),
            None => Some(next),
        };
        let Some(column) = column.filter(|column| (next..=LAST_COLUMN).contains(column)) else {
            let place = clip(place.unwrap_or("no place"));
            return Err(damaged_workbook(&format!("row {number} of its sheet `{sheet}` has a cell at {place}")));
        };
        next = column + 1;
        let text = value(node, book).map_err(|what| {
            let place = place.map_or_else(|| format!("in row {number}"), clip);
            Fault::new(format!("cell {place} of its sheet `{sheet}` {what}"))
                .hint("correct the cell and save the workbook, or save the sheet as CSV UTF-8")
        })?;
        if !text.is_empty() {
            cells.push((column, text));
        }
    }
    Ok(cells)
}

/// The column of a place such as `AB12`, from 1, in the row that it must name.
fn column(place: &str, row: u32) -> Option<u32> {
    let digits = place.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = place.split_at_checked(digits)?;
    let named = (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    if !named || digits.parse::<u32>().ok()? != row {
        return None;
    }
    Some(letters.bytes().fold(0, |column, byte| column * 26 + u32::from(byte - b'A') + 1))
}

/// What a cell shows, or why that is not known.
fn value(cell: Node<'_, '_>, book: &Book) -> Result<String, String> {
    let kind = cell.attribute("t").unwrap_or("n");
    if kind == "inlineStr" {
        return Ok(children(cell, "is").map(rich).collect());
    }
    let Some(node) = children(cell, "v").next() else {
        // As programs write it that do not compute.
        return match children(cell, "f").next() {
            Some(_) => Err("has a formula without a value: the program that wrote it did not compute it".into()),
            None => Ok(String::new()),
        };
    };
    let text = text_of(node);
    match kind {
        "s" => {
            let at = text.trim().parse::<usize>().ok();
            at.and_then(|at| book.strings.get(at)).cloned().ok_or_else(|| "refers to a text that is not there".into())
        }
        "b" => match text.trim() {
            "1" | "true" => Ok("true".into()),
            "0" | "false" => Ok("false".into()),
            other => Err(format!("is neither true nor false but `{}`", clip(other))),
        },
        "n" => numeric(text.trim(), cell, book),
        // A text that a formula gave, an error such as #N/A, a date in ISO 8601.
        "str" | "e" | "d" => Ok(text),
        other => Err(format!("is of an unknown kind, `{}`", clip(other))),
    }
}

fn numeric(text: &str, cell: Node<'_, '_>, book: &Book) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
    let value = value.ok_or_else(|| format!("is not a number but `{}`", clip(text)))?;
    let style = cell.attribute("s").map(|style| {
        style.parse::<usize>().map_err(|_| format!("has the style `{}`, which is not a number", clip(style)))
    });
    let style = style.transpose()?;
    let shows = style.and_then(|style| book.shows.get(style)).copied().unwrap_or_default();
    Ok(shown(value, shows, book.since_1904).unwrap_or_else(|| number(value)))
}

/// Text in runs of several looks; how it is pronounced is no part of it.
pub(super) fn rich(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "t" => text.push_str(&text_of(child)),
            "r" => children(child, "t").for_each(|run| text.push_str(&text_of(run))),
            _ => {}
        }
    }
    text
}

/// All text of an element, though comments stand in it.
fn text_of(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|child| child.text()).collect()
}
