//! Workbooks (XLSX): their parts, each read whole and no larger than a limit, and the sheet that is asked for.

use super::faults::{MOST_TEXT, damaged_workbook, too_large};
use super::number_format::{Shows, built_in, of_code};
use super::sheet::{self, Book, Row, children};
use super::text::Text;
use crate::error::Fault;
use reports::received::bytes::longest_tag;
use reports::text::{clip, visible};
use roxmltree::{Document, Node, ParsingOptions};
use std::collections::BTreeMap;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// All parts that are read, unpacked: a year of quarter-hours with 20 columns has some 40 MB.
const LARGEST: u64 = 128 << 20;
const MOST_NODES: u32 = 8_000_000;
const LONGEST_TAG: usize = 64 << 10;
const MOST_SHEETS: usize = 1_000;

struct Sheet {
    name: String,
    part: String,
    hidden: bool,
}

/// Name and CSV of a sheet: the one that is named, else the only one with data.
pub(super) fn read(file: impl Read + Seek, wanted: Option<&str>) -> Result<(String, Vec<u8>), Fault> {
    let mut parts = Parts::open(file)?;
    let Some(workbook) = parts.text("xl/workbook.xml")? else {
        return Err(Fault::new("is an archive, and no workbook (XLSX)")
            .hint("unpack it, or save its sheet as XLSX or CSV UTF-8"));
    };
    let links = links(&mut parts)?;
    let workbook = parsed(&workbook)?;
    let sheets = sheets(&workbook, &links)?;
    let mut book = Book { since_1904: since_1904(&workbook), ..Book::default() };
    let part_of = |kind: &str| links.values().find(|(is, _)| is == kind).map(|(_, part)| part.clone());
    if let Some(part) = part_of("sharedStrings") {
        book.strings = strings(&parts.needed(&part)?)?;
    }
    if let Some(part) = part_of("styles") {
        book.shows = styles(&parts.needed(&part)?)?;
    }
    let (sheet, rows) = chosen(&mut parts, &sheets, &book, wanted)?;
    Ok((sheet, csv(&rows)?))
}

/// The sheet that is asked for, and its rows.
fn chosen<R: Read + Seek>(
    parts: &mut Parts<R>,
    sheets: &[Sheet],
    book: &Book,
    wanted: Option<&str>,
) -> Result<(String, Vec<Row>), Fault> {
    let mut rows_of = |sheet: &Sheet| {
        let text = parts.needed(&sheet.part)?;
        let document = parsed(&text)?;
        sheet::rows(&document, &visible(&sheet.name), book)
    };
    let list = |sheets: &[&Sheet]| {
        let names: Vec<String> = sheets.iter().take(20).map(|sheet| format!("`{}`", visible(&sheet.name))).collect();
        names.join(", ")
    };
    if let Some(wanted) = wanted {
        let exactly = sheets.iter().find(|sheet| sheet.name == wanted);
        let nearly = || sheets.iter().find(|sheet| sheet.name.trim().to_lowercase() == wanted.trim().to_lowercase());
        let Some(sheet) = exactly.or_else(nearly) else {
            return Err(Fault::new(format!("has no sheet `{}`", clip(wanted)))
                .hint(format!("its sheets: {}", list(&sheets.iter().collect::<Vec<_>>()))));
        };
        let rows = rows_of(sheet)?;
        return match rows.is_empty() {
            true => Err(Fault::new(format!("its sheet `{}` is empty", visible(&sheet.name))).hint("name another")),
            false => Ok((sheet.name.clone(), rows)),
        };
    }
    let mut filled: Vec<(&Sheet, Vec<Row>)> = Vec::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.hidden) {
        let rows = rows_of(sheet)?;
        if !rows.is_empty() {
            // The rows of one are enough: of several none is taken.
            filled.push((sheet, if filled.is_empty() { rows } else { Vec::new() }));
        }
    }
    if filled.len() > 1 {
        let names = list(&filled.iter().map(|(sheet, _)| *sheet).collect::<Vec<_>>());
        return Err(Fault::new(format!("has several sheets with data: {names}")).hint("say which with --sheet NAME"));
    }
    let none = || Fault::new("has no sheet with data").hint("hidden sheets are read if --sheet names them");
    filled.pop().map(|(sheet, rows)| (sheet.name.clone(), rows)).ok_or_else(none)
}

/// A row of the sheet is a line, columns without any cell on either side left out.
fn csv(rows: &[Row]) -> Result<Vec<u8>, Fault> {
    let columns = || rows.iter().flat_map(|row| row.cells.iter().map(|(column, _)| *column));
    let (first, last) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
    if u64::from(last - first) * rows.len() as u64 > MOST_TEXT as u64 {
        return Err(too_large());
    }
    let mut text = Text::default();
    let mut line = 1;
    for row in rows {
        while line < row.number {
            text.row(std::iter::empty())?;
            line += 1;
        }
        let mut cells = row.cells.iter().peekable();
        text.row(
            (first..=last).map(|column| cells.next_if(|(at, _)| *at == column).map_or("", |(_, text)| text.as_str())),
        )?;
        line += 1;
    }
    Ok(text.into_bytes())
}

/// An archive and how many bytes of it may still be unpacked.
struct Parts<R> {
    archive: ZipArchive<R>,
    left: u64,
}

impl<R: Read + Seek> Parts<R> {
    fn open(file: R) -> Result<Self, Fault> {
        let archive = ZipArchive::new(file).map_err(|_| damaged_workbook("it cannot be unpacked"))?;
        Ok(Self { archive, left: LARGEST })
    }

    /// The text of a part; none where there is no such part.
    fn text(&mut self, part: &str) -> Result<Option<String>, Fault> {
        let Some(index) = self.archive.index_for_name(part) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|_| damaged_workbook("a part of it cannot be unpacked"))?;
        let mut bytes = Vec::new();
        file.take(self.left + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged_workbook("a part of it cannot be unpacked"))?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            Fault::new(format!("unpacks to more than {} MB", LARGEST >> 20)).hint("split it into shorter periods")
        })?;
        let text = String::from_utf8(bytes).map_err(|_| damaged_workbook("a part of it is not UTF-8"))?;
        Ok(Some(text))
    }

    fn needed(&mut self, part: &str) -> Result<String, Fault> {
        self.text(part)?.ok_or_else(|| damaged_workbook(&format!("it lacks `{}`", clip(part))))
    }
}

fn parsed(text: &str) -> Result<Document<'_>, Fault> {
    if longest_tag(text.as_bytes()) > LONGEST_TAG {
        return Err(damaged_workbook("it has an element that is too long"));
    }
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text.trim_start_matches('\u{feff}'), options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => {
            Fault::new("has too many cells").hint("split it into shorter periods, or save its sheet as CSV UTF-8")
        }
        _ => damaged_workbook("a part of it is not XML"),
    })
}

/// Kind and part of what the workbook links to, by the link's id.
fn links<R: Read + Seek>(parts: &mut Parts<R>) -> Result<BTreeMap<String, (String, String)>, Fault> {
    let text = parts.needed("xl/_rels/workbook.xml.rels")?;
    let document = parsed(&text)?;
    let link = |node: Node<'_, '_>| {
        let kind = node.attribute("Type")?.rsplit('/').next()?.to_string();
        let target = node.attribute("Target")?;
        let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), String::from);
        Some((node.attribute("Id")?.to_string(), (kind, part)))
    };
    Ok(children(document.root_element(), "Relationship").filter_map(link).collect())
}

/// Sheets of cells, in their order.
fn sheets(workbook: &Document<'_>, links: &BTreeMap<String, (String, String)>) -> Result<Vec<Sheet>, Fault> {
    let mut sheets = Vec::new();
    for node in children(workbook.root_element(), "sheets").flat_map(|list| children(list, "sheet")) {
        let id = node.attributes().find(|attribute| attribute.name() == "id").map(|attribute| attribute.value());
        let Some((kind, part)) = id.and_then(|id| links.get(id)) else {
            return Err(damaged_workbook("it lacks a sheet"));
        };
        // A sheet may be a chart.
        if kind == "worksheet" {
            let name = node.attribute("name").unwrap_or_default().to_string();
            let hidden = node.attribute("state").is_some_and(|state| state != "visible");
            sheets.push(Sheet { name, part: part.clone(), hidden });
        }
    }
    match sheets.len() {
        ..=MOST_SHEETS => Ok(sheets),
        _ => Err(Fault::new(format!("has more than {MOST_SHEETS} sheets")).hint("save one of them as CSV UTF-8")),
    }
}

fn since_1904(workbook: &Document<'_>) -> bool {
    let set = children(workbook.root_element(), "workbookPr").find_map(|node| node.attribute("date1904"));
    set.is_some_and(|set| set == "1" || set == "true")
}

fn strings(text: &str) -> Result<Vec<String>, Fault> {
    let document = parsed(text)?;
    Ok(children(document.root_element(), "si").map(sheet::rich).collect())
}

/// What each style shows of a number.
fn styles(text: &str) -> Result<Vec<Shows>, Fault> {
    let document = parsed(text)?;
    let root = document.root_element();
    let id = |node: Node<'_, '_>| {
        let odd = |text: &str| damaged_workbook(&format!("the number format `{}` is not a number", clip(text)));
        node.attribute("numFmtId").map_or(Ok(0), |text| text.parse::<u32>().map_err(|_| odd(text)))
    };
    let mut codes: BTreeMap<u32, Shows> = BTreeMap::new();
    for node in children(root, "numFmts").flat_map(|list| children(list, "numFmt")) {
        if let (Some(_), Some(code)) = (node.attribute("numFmtId"), node.attribute("formatCode")) {
            codes.insert(id(node)?, of_code(code));
        }
    }
    let shows = |node: Node<'_, '_>| -> Result<Shows, Fault> {
        let id = id(node)?;
        Ok(codes.get(&id).copied().unwrap_or_else(|| built_in(id)))
    };
    children(root, "cellXfs").flat_map(|list| children(list, "xf")).map(shows).collect()
}
