//! Readings and bills against the rows of the received files they name, read again as ingest read them.
//!
//! What a row says must be what stands in `inputs/`: series, interval, value and quality. A file that is none of those
//! this program takes in cannot be where a reading came from. Certificates keep no file: they are only counted.

use super::format::Format;
use super::pack::{INVOICES, RECEIVED};
use super::verify::{Files, Finding};
use crate::inputs::{Inputs, Invoice, Point};
use crate::received::bytes::{Bounded, ShortRecords, plain, unpacked};
use crate::received::{self, Ends, Label, Refused, Row, Rows, eia930, gb, invoices, neso};
use crate::time::{Interval, format_instant};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};

/// No answer of a service is longer.
const LONGEST_ANSWER: u64 = 32 << 20;
/// Contradictions that are remembered in words.
const REMEMBERED: usize = 1_000;

/// What was held against the files it came in, and what could not be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    pub files: usize,
    pub readings: usize,
    pub bills: usize,
    /// Packs of format 2 need not hold the files of their bills.
    pub bills_without_file: usize,
    /// The register keeps no file they came in.
    pub certificates: usize,
}

/// Compares every reading and bill with the files of a pack; `size` tells the bytes of a received file.
pub fn compare(
    inputs: &Inputs,
    files: &dyn Files,
    format: Format,
    size: &dyn Fn(&str) -> u64,
) -> (Compared, Vec<Finding>) {
    let mut compared = Compared { certificates: inputs.certificates.len(), ..Compared::default() };
    let mut findings = Vec::new();
    let mut read = BTreeSet::new();
    for (id, expected) in by_revision(inputs) {
        let Some(revision) = inputs.revisions.get(&id) else { continue };
        let path = format!("{RECEIVED}{}", revision.file_sha256);
        let mut looked = Looked::new(expected);
        match look(files, &path, unpacked(size(&path)), &mut looked) {
            Err(what) => findings.push(Finding::new(&path, format!("is no file that its readings came in: {what}"))),
            Ok(()) => findings.extend(looked.first_wrong()),
        }
        compared.readings += looked.expected.len();
        read.insert(path);
    }
    let mut billed = BTreeSet::new();
    let bills: BTreeSet<&str> =
        inputs.acts.iter().map(|act| act.file_sha256.as_str()).filter(|sha256| !sha256.is_empty()).collect();
    for sha256 in &bills {
        let path = format!("{RECEIVED}{sha256}");
        let mut looked = Looked::new(Vec::new());
        if let Err(what) = look(files, &path, unpacked(size(&path)), &mut looked) {
            findings.push(Finding::new(&path, format!("is no file that bills came in: {what}")));
        }
        billed.extend(looked.bills);
        read.insert(path);
    }
    compared.files = read.len();
    if bills.is_empty() && format == Format::V2 {
        compared.bills_without_file = inputs.invoices.len();
        return (compared, findings);
    }
    compared.bills = inputs.invoices.len();
    for bill in inputs.invoices.iter().filter(|bill| !billed.contains(*bill)) {
        let Invoice { invoice, site, start_s, end_s, wh } = bill;
        let span = format!("{} to {}", format_instant(*start_s), format_instant(*end_s));
        let what = format!("invoice `{invoice}` of site {site}, {span}, {wh} Wh: no received file has such a row");
        findings.push(Finding::new(INVOICES, what));
    }
    (compared, findings)
}

/// The readings of each revision, by row.
fn by_revision(inputs: &Inputs) -> BTreeMap<i64, Vec<Expected<'_>>> {
    let mut revisions: BTreeMap<i64, Vec<Expected<'_>>> = BTreeMap::new();
    for (series, points) in &inputs.series {
        for point in points {
            let row = u64::try_from(point.row).unwrap_or(0);
            revisions.entry(point.revision).or_default().push(Expected { row, series, point, same: false });
        }
    }
    revisions.values_mut().for_each(|list| list.sort_by_key(|e| e.row));
    revisions
}

/// A reading, and whether its row says the same.
#[derive(Debug)]
struct Expected<'a> {
    row: u64,
    series: &'a str,
    point: &'a Point,
    same: bool,
}

/// The readings of a file while its rows pass, and the bills in it.
struct Looked<'a> {
    expected: Vec<Expected<'a>>,
    /// What a row says instead, by the place of its reading.
    others: BTreeMap<usize, String>,
    bills: BTreeSet<Invoice>,
}

impl<'a> Looked<'a> {
    fn new(expected: Vec<Expected<'a>>) -> Self {
        Self { expected, others: BTreeMap::new(), bills: BTreeSet::new() }
    }

    fn same(&self) -> usize {
        self.expected.iter().filter(|e| e.same).count()
    }

    fn forget(&mut self) {
        self.expected.iter_mut().for_each(|e| e.same = false);
        self.others.clear();
    }

    /// The area that the first reading is of: a feed's file is of one.
    fn area(&self) -> String {
        let area = self.expected.first().and_then(|e| e.series.split('/').nth(1));
        area.unwrap_or("none").to_string()
    }

    /// Holds the readings of a row against what it says.
    fn hold(&mut self, row: u64, says: &dyn Fn(&Expected<'_>) -> Option<Result<(), String>>) {
        let first = self.expected.partition_point(|e| e.row < row);
        for (place, e) in self.expected.iter_mut().enumerate().skip(first).take_while(|(_, e)| e.row == row) {
            match says(e).filter(|_| !e.same) {
                Some(Ok(())) => {
                    e.same = true;
                    self.others.remove(&place);
                }
                Some(Err(what)) if self.others.len() < REMEMBERED => {
                    self.others.insert(place, what);
                }
                _ => {}
            }
        }
    }

    /// The first reading that no row bears out.
    fn first_wrong(&self) -> Option<Finding> {
        let (place, e) = self.expected.iter().enumerate().find(|(_, e)| !e.same)?;
        let (series, row, interval) = (e.series, e.row, e.point.interval());
        let what = match self.others.get(&place) {
            Some(other) => format!("{series}, {interval}: row {row} of its received file {other}"),
            None => format!("{series}, {interval}: its received file has no row {row} of this series"),
        };
        Some(Finding::new(super::readings::PATH, what))
    }
}

impl Rows for Looked<'_> {
    fn push(&mut self, row: Row<'_>) {
        if row.issued.is_none() {
            self.hold(row.line, &|e| (e.series == row.series).then(|| against(e.point, &row)));
        }
    }

    fn bill(&mut self, invoice: Invoice, _: u64) {
        self.bills.insert(invoice);
    }

    fn reject(&mut self, line: u64, reason: impl Into<String>) {
        let reason = format!("cannot be taken: {}", reason.into());
        self.hold(line, &|_| Some(Err(reason.clone())));
    }
}

fn against(point: &Point, row: &Row<'_>) -> Result<(), String> {
    if row.interval != point.interval() {
        return Err(format!("is of {}", row.interval));
    }
    let value = row.base().map_err(|reason| format!("cannot be taken: {reason}"))?;
    if value != point.value {
        return Err(format!("says {value}, not {}", point.value));
    }
    if row.quality != point.quality {
        return Err(format!("is {}, not {}", row.quality.name(), point.quality.name()));
    }
    Ok(())
}

/// A received file as text.
fn text<'f>(files: &'f dyn Files, path: &str, most: u64) -> Result<BufReader<Bounded<Box<dyn Read + 'f>>>, String> {
    let raw = files.open(path).map_err(|e| e.to_string())?;
    let text = plain(raw).map_err(|e| e.to_string())?;
    Ok(BufReader::with_capacity(1 << 16, Bounded::new(text, most)))
}

fn table<'f>(text: impl Read + 'f) -> csv::Reader<impl Read + 'f> {
    csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 16).from_reader(ShortRecords::new(text))
}

/// Reads a file as what its first line says it is.
fn look(files: &dyn Files, path: &str, most: u64, looked: &mut Looked<'_>) -> Result<(), String> {
    let mut text = text(files, path, most)?;
    if text.fill_buf().map_err(|e| e.to_string())?.starts_with(b"{") {
        return answers(text, looked);
    }
    let mut csv = table(text);
    let header = csv.headers().map_err(|e| Refused::of_csv(&e).to_string())?.clone();
    if invoices::recognises(&header) {
        return bills(files, path, most, looked);
    }
    if eia930::recognises(&header) {
        return hours(files, path, most, looked);
    }
    if neso::recognises(&header) {
        let area = looked.area();
        return neso::read(&mut csv, &area, i64::MAX, looked).map_err(|refused| refused.to_string());
    }
    ours(files, path, most, looked)
}

/// What the ends of a file's rows name was said when it was taken in: all of it one way, or all the other.
fn ours(files: &dyn Files, path: &str, most: u64, looked: &mut Looked<'_>) -> Result<(), String> {
    let all = looked.expected.len();
    let mut under = |ends: Ends| {
        looked.forget();
        let read = received::readings::read(&mut table(text(files, path, most)?), ends, looked);
        read.map(|()| looked.same()).map_err(|refused| refused.to_string())
    };
    let exclusive = under(Ends::Exclusive)?;
    if exclusive < all && under(Ends::Inclusive)? <= exclusive {
        under(Ends::Exclusive)?;
    }
    Ok(())
}

/// Bills of either reading of their ends: which of them a pack states is looked up among all.
fn bills(files: &dyn Files, path: &str, most: u64, looked: &mut Looked<'_>) -> Result<(), String> {
    for ends in [Ends::Exclusive, Ends::Inclusive] {
        let read = invoices::read(&mut table(text(files, path, most)?), ends, looked);
        read.map_err(|refused| refused.to_string())?;
    }
    Ok(())
}

/// Which end of its hour a time names was said when the file was taken in: all of it one way, or all the other.
fn hours(files: &dyn Files, path: &str, most: u64, looked: &mut Looked<'_>) -> Result<(), String> {
    let area = looked.area();
    let mut under = |label: Label| {
        looked.forget();
        let read = eia930::read(&mut table(text(files, path, most)?), &area, label, looked);
        read.map(|()| looked.same()).map_err(|refused| refused.to_string())
    };
    let by_start = under(Label::Start)?;
    if by_start > under(Label::End)? {
        under(Label::Start)?;
    }
    Ok(())
}

/// Answers of the GB service, one a line: of intensity or of the mix.
fn answers(mut text: impl BufRead, looked: &mut Looked<'_>) -> Result<(), String> {
    let area = looked.area();
    let carbon_free = gb::carbon_free();
    let always = Interval { start_s: i64::MIN, end_s: i64::MAX };
    let mut line = Vec::new();
    loop {
        line.clear();
        text.by_ref().take(LONGEST_ANSWER + 1).read_until(b'\n', &mut line).map_err(|e| e.to_string())?;
        if line.is_empty() {
            return Ok(());
        }
        if line.len() as u64 > LONGEST_ANSWER {
            return Err(format!("a line is longer than {LONGEST_ANSWER} bytes"));
        }
        let body = std::str::from_utf8(&line).map_err(|_| "is not UTF-8 text".to_string())?;
        if gb::parse_intensity(body, &area, always, i64::MAX, looked).is_err() {
            gb::parse_generation(body, &area, always, &carbon_free, looked).map_err(|refused| refused.to_string())?;
        }
    }
}
