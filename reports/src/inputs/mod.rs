//! Canonical readings and everything else a report is computed from.

pub mod digest;

use crate::certificates::Certificate;
use crate::definitions::{ControlApproach, Definitions};
use crate::factors::Factors;
use crate::fallbacks::Fallback;
pub use crate::quality::Quality;
use crate::ruleset::{Ownership, Ruleset};
use crate::suspects::Suspect;
use crate::text::is_line;
use crate::time::{Instant, Interval, RecordTime, record_time};
use ids::{BoundaryId, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One reading in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub start: Instant,
    pub end: Instant,
    pub value: i64,
    pub quality: Quality,
    /// The revision that recorded it, and its row in that revision's file.
    pub revision: i64,
    pub row: i64,
}

impl Point {
    pub fn interval(&self) -> Interval {
        Interval { start: self.start, end: self.end }
    }
}

/// Readings that share time with a span, of a list sorted by start and free of overlap.
pub fn touching(points: &[Point], span: Interval) -> &[Point] {
    let first = points.partition_point(|p| p.end <= span.start);
    let last = points.partition_point(|p| p.start < span.end);
    points.get(first..last).unwrap_or_default()
}

/// One file taken in, at one record time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    pub id: i64,
    pub recorded: RecordTime,
    pub file_name: String,
    pub file_sha256: String,
    /// Who recorded it and why, where stated.
    pub actor: Option<String>,
    pub reason: Option<String>,
    /// What it was read by, as JSON (`received::forms::Form`): none where the file says it itself.
    pub form: Option<String>,
}

/// Who brought in a bill or did something to a certificate, where figures rest on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Act {
    #[serde(rename = "recorded_us", serialize_with = "record_time::as_micros")]
    pub recorded: RecordTime,
    /// Of the file it came in; empty for what was done to certificates, which keep no file.
    pub file_sha256: String,
    pub actor: Option<String>,
    pub reason: Option<String>,
}

/// A supplier's bill for a site's energy over a period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Invoice {
    pub invoice: String,
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    pub wh: i64,
}

/// No supplier's number is longer.
const LONGEST_NUMBER: usize = 120;

impl Invoice {
    /// Why it is no bill, where it is none.
    pub fn fault(&self) -> Option<String> {
        if self.invoice.is_empty() {
            return Some("the invoice has no number".into());
        }
        if self.invoice.chars().count() > LONGEST_NUMBER || !is_line(&self.invoice) {
            return Some(format!("an invoice's number is at most {LONGEST_NUMBER} printable characters"));
        }
        match Interval::new(self.start, self.end) {
            Err(error) => Some(error.to_string()),
            Ok(_) if self.wh < 0 => Some("an invoice must not be negative".into()),
            Ok(interval) => interval.fault(),
        }
    }
}

/// What a later version of a report says about the one it replaces, as packs hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restatement {
    /// 2 for the first restatement.
    pub version: u32,
    /// Merkle root of the pack replaced.
    pub replaces: String,
    pub reason: String,
    pub actor: String,
    /// `manifest.json`, `intervals.csv` and `results.json` of the pack replaced, as they were: files of their own.
    #[serde(skip)]
    pub previous: Previous,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Previous {
    pub manifest: Vec<u8>,
    pub intervals: Vec<u8>,
    pub results: Vec<u8>,
}

/// A published report of another period that shares hours with this one, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Merkle root of its pack.
    pub root: String,
    /// `manifest.json` and `intervals.csv` of that pack.
    pub manifest: Vec<u8>,
    pub intervals: Vec<u8>,
}

/// Current points of each series, sorted by start, without overlap.
pub type SeriesMap = BTreeMap<String, Vec<Point>>;

/// Everything a report depends on.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub definitions: Definitions,
    pub ruleset: Ruleset,
    /// The ruleset as written, carried into packs.
    pub ruleset_text: String,
    pub factors: Factors,
    pub period: Interval,
    /// Fuels each area normally reports, whether or not in this period.
    pub fuels: BTreeMap<BoundaryId, Vec<String>>,
    /// Record time asked for.
    pub as_of: Option<Instant>,
    pub series: SeriesMap,
    pub revisions: BTreeMap<i64, Revision>,
    /// What the register held for this period, sorted by id.
    pub certificates: Vec<Certificate>,
    /// Sorted.
    pub invoices: Vec<Invoice>,
    /// Behind the certificates and invoices, sorted.
    pub acts: Vec<Act>,
    pub restatement: Option<Restatement>,
    /// Published before, of other periods; sorted by period.
    pub overlaps: Vec<Overlap>,
    /// Readings that the checks at the door doubt, sorted: what they are held against may lie before the period.
    pub suspects: Vec<Suspect>,
    /// Readings of sources that stood in for better ones, sorted.
    pub fallbacks: Vec<Fallback>,
}

impl Inputs {
    /// Readings of a series, none where it has none.
    pub fn points(&self, series: &str) -> &[Point] {
        self.series.get(series).map_or(&[][..], Vec::as_slice)
    }

    /// Whether inventories count each site by its ownership share: under the equity-share approach, where the ruleset
    /// applies it.
    pub fn applies_ownership(&self) -> bool {
        self.ruleset.rules.ownership == Ownership::Applied
            && self.definitions.disclosure.approach() == Some(ControlApproach::EquityShare)
    }
}
