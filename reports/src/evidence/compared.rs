//! Readings and bills against the rows of the received files they name, read again as ingest read them.
//!
//! What a row says must be what stands in `inputs/`: series, interval, value and quality. A file that is none of those
//! this program takes in cannot be where a reading came from. Certificates keep no file: they are only counted.

use super::files::{Files, Finding};
use super::layout::{INVOICES, READINGS, RECEIVED};
use crate::inputs::{Inputs, Invoice, Point};
use crate::received::bytes::{Bounded, plain, unpacked};
use crate::received::feeds::Feed;
use crate::received::forms::Form;
use crate::received::providers::exchange;
use crate::received::records::Numbering;
use crate::received::{self, Ends, Records, Refused, Row, Rows, gb, invoices};
use crate::seal::format::Format;
use crate::time::{Instant, Interval};
use crate::words::io_reason;
use ids::BoundaryId;
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
    /// Revisions whose files do not say themselves what their rows mean, but the pack does.
    #[serde(skip_serializing_if = "is_none")]
    pub forms: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_none(count: &usize) -> bool {
    *count == 0
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
        let mut looked = Looked { expected, ..Looked::default() };
        let place = Place { files, path: &path, most: unpacked(size(&path)) };
        let looked_at = match &revision.form {
            Some(form) => {
                compared.forms += 1;
                formed(place, form, &mut looked)
            }
            None => look(place, &mut looked),
        };
        match looked_at {
            Err(what) => findings.push(Finding::new(&path, format!("cannot hold the readings that name it: {what}"))),
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
        let mut looked = Looked::default();
        if let Err(what) = look(Place { files, path: &path, most: unpacked(size(&path)) }, &mut looked) {
            findings.push(Finding::new(&path, format!("cannot hold the invoices: {what}")));
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
        let Invoice { invoice, site, start, end, wh } = bill;
        let what =
            format!("invoice `{invoice}` of site {site}, {start} to {end}, {wh} Wh: no received file has such a row");
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
#[derive(Default)]
struct Looked<'a> {
    expected: Vec<Expected<'a>>,
    /// What a row says instead, by the place of its reading.
    others: BTreeMap<usize, String>,
    bills: BTreeSet<Invoice>,
}

impl Looked<'_> {
    fn same(&self) -> usize {
        self.expected.iter().filter(|e| e.same).count()
    }

    fn forget(&mut self) {
        self.expected.iter_mut().for_each(|e| e.same = false);
        self.others.clear();
    }

    /// The area that the first reading is of: a feed's file is of one.
    fn area(&self) -> BoundaryId {
        let area = self.expected.first().and_then(|e| e.series.split('/').nth(1));
        area.unwrap_or("none").into()
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
        Some(Finding::new(READINGS, what))
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
type Text<'f> = BufReader<Bounded<Box<dyn Read + 'f>>>;

/// Where a received file is, and what it may unpack to.
#[derive(Clone, Copy)]
struct Place<'f> {
    files: &'f dyn Files,
    path: &'f str,
    most: u64,
}

impl<'f> Place<'f> {
    fn text(self) -> Result<Text<'f>, String> {
        let raw = self.files.open(self.path).map_err(|e| io_reason(&e))?;
        let text = plain(raw).map_err(|e| io_reason(&e))?;
        Ok(BufReader::with_capacity(1 << 16, Bounded::new(text, self.most)))
    }

    fn records(self, numbering: Numbering) -> Result<Records<Text<'f>>, String> {
        Ok(Records::numbered(self.text()?, numbering))
    }
}

/// Reads a file by the form that its revision states.
fn formed(place: Place<'_>, form: &str, looked: &mut Looked<'_>) -> Result<(), String> {
    let form = serde_json::from_str(form).map_err(|e| e.to_string()).and_then(Form::of_json)?;
    form.read(place.text()?, looked).map_err(|refused| refused.to_string())
}

/// Reads a file as what its first line says it is.
fn look(place: Place<'_>, looked: &mut Looked<'_>) -> Result<(), String> {
    let mut text = place.text()?;
    if text.fill_buf().map_err(|e| io_reason(&e))?.starts_with(b"{") {
        return answers(text, looked);
    }
    let header = Records::new(text).header().map_err(|refused| refused.to_string())?.clone();
    let area = looked.area();
    if invoices::recognises(&header) {
        return bills(place, looked);
    }
    if let Some(feed) = Feed::ALL.iter().find(|feed| feed.recognises(&header)) {
        return best(place, looked, feed.meanings(), &|records, told, looked| feed.read(records, &area, told, looked));
    }
    best(place, looked, &[Ends::Exclusive, Ends::Inclusive], &|records, ends, looked| {
        received::readings::read(records, ends, looked)
    })
}

/// How the rows of a form are read, their times meant so.
type Reads<'r, 'f, T> = &'r dyn Fn(&mut Records<Text<'f>>, T, &mut Looked<'_>) -> Result<(), Refused>;

/// What the times of a file name was said when it was taken in, and how rows are numbered is up to the version that did
/// it: all rows one way. That is the first way in which every reading stands in its row, or else the one in which most do.
fn best<'f, T: Copy>(
    place: Place<'f>,
    looked: &mut Looked<'_>,
    meanings: &[T],
    reads: Reads<'_, 'f, T>,
) -> Result<(), String> {
    let mut under = |numbering: Numbering, meaning: T| -> Result<(usize, usize), String> {
        looked.forget();
        reads(&mut place.records(numbering)?, meaning, looked).map_err(|refused| refused.to_string())?;
        Ok((looked.same(), looked.expected.len()))
    };
    let mut most: Option<(usize, Numbering, T)> = None;
    for numbering in Numbering::ALL {
        for meaning in meanings.iter().copied() {
            let (same, all) = under(numbering, meaning)?;
            if same == all {
                return Ok(());
            }
            if most.is_none_or(|(before, ..)| same > before) {
                most = Some((same, numbering, meaning));
            }
        }
    }
    most.map_or(Ok(()), |(_, numbering, meaning)| under(numbering, meaning).map(|_| ()))
}

/// Bills of either reading of their ends: which of them a pack states is looked up among all.
fn bills(place: Place<'_>, looked: &mut Looked<'_>) -> Result<(), String> {
    for ends in [Ends::Exclusive, Ends::Inclusive] {
        let read = invoices::read(&mut place.records(Numbering::Lines)?, ends, looked);
        read.map_err(|refused| refused.to_string())?;
    }
    Ok(())
}

/// What was fetched: a question and its answers, or, as older versions kept it, answers of the GB service, one a line, of
/// intensity or of the mix.
fn answers(mut text: impl BufRead, looked: &mut Looked<'_>) -> Result<(), String> {
    let area = looked.area();
    let [start, end] = [i64::MIN, i64::MAX].map(Instant::from_seconds);
    let always = Interval { start, end };
    let mut line = Vec::new();
    loop {
        line.clear();
        text.by_ref().take(LONGEST_ANSWER + 1).read_until(b'\n', &mut line).map_err(|e| io_reason(&e))?;
        if line.is_empty() {
            return Ok(());
        }
        if line.len() as u64 > LONGEST_ANSWER {
            return Err(format!("a line is longer than {LONGEST_ANSWER} bytes"));
        }
        if exchange::begins(&line) {
            return exchange::replay(&line, text, looked).map_err(|refused| refused.to_string());
        }
        let body = std::str::from_utf8(&line).map_err(|_| "is not UTF-8 text".to_string())?;
        if gb::parse_intensity(body, &area, always, end, looked).is_err() {
            gb::parse_generation(body, &area, always, looked).map_err(|refused| refused.to_string())?;
        }
    }
}
