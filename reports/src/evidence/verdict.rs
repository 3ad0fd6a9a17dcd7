//! What the verifier came to, as values: printed for people by [`super::verdict_text`], for programs as JSON.

use super::compared::Compared;
use super::files::Finding;
use super::proof::Proof;
use super::site_hours;
use super::stamp::Stamp;
use super::trust::{Origin, Trust};
use crate::seal::manifest::{Manifest, Period};
use crate::time::{Instant, RecordTime};
use crate::units::Floored;
use ids::SiteId;
use serde::Serialize;
use std::collections::BTreeMap;

/// A pack or a proof that holds, or what of it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub verified: bool,
    /// What proves where it comes from; without any, only integrity is proved.
    pub origin: Vec<Origin>,
    /// Of generated data, by what was verified; false where nothing was.
    pub synthetic: bool,
    /// What does not hold; empty where it is verified.
    pub findings: Vec<Finding>,
    pub pack: Option<Box<Checked>>,
    pub proof: Option<Box<Proved>>,
}

/// A pack that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub root: String,
    pub files: usize,
    pub portfolio: String,
    pub period: Period,
    pub version: u32,
    /// The record time asked for, where one was.
    pub as_of: Option<Instant>,
    /// When the last row of it was recorded.
    pub last_recorded: Option<RecordTime>,
    pub replaces: Option<Replaced>,
    /// Published packs of other periods that share hours with it.
    pub overlaps: Vec<Shared>,
    pub compared: Compared,
    pub matched_share: Option<Floored>,
    pub matched_wh: i128,
    pub load_wh: i128,
    pub inputs_sha256: Option<String>,
    /// What newer versions of its ruleset do otherwise.
    pub ruleset_outdated: Option<String>,
    /// The time-zone database it was made with, where it was checked with another.
    pub other_time_zone_database: Option<String>,
    /// The key it is signed with, whoever's that is.
    pub signed_by: Option<String>,
    pub time_stamp: Option<Stamp>,
}

/// The pack replaced, and whether its root is the one given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replaced {
    pub root: String,
    pub proved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shared {
    pub root: String,
    pub start: Instant,
    pub end: Instant,
    pub version: u32,
}

/// One hour of one site that is part of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proved {
    pub root: String,
    pub site: SiteId,
    pub start: String,
    /// Of the pack: `START to END`.
    pub period: String,
    /// None of a pack whose format names no portfolio in a proof.
    pub portfolio: Option<String>,
    pub version: u32,
    pub as_of: Option<Instant>,
    /// Figures of the hour by the names of their columns.
    pub figures: BTreeMap<String, String>,
    pub allocations: Vec<BTreeMap<String, String>>,
    /// The same as rows of their table.
    #[serde(skip)]
    pub rows: Vec<String>,
}

impl Verdict {
    /// Nothing holds.
    pub fn failed(findings: Vec<Finding>) -> Self {
        Self { findings, ..Self::default() }
    }

    pub fn of_pack(pack: Checked, trust: &Trust, synthetic: bool) -> Self {
        Self { verified: true, origin: trust.named(), synthetic, pack: Some(Box::new(pack)), ..Self::default() }
    }

    /// Of a proof that holds, and the head of its pack's manifest.
    pub fn of_proof(proof: Proof, head: Manifest, trust: &Trust) -> Self {
        let cells = |columns: &str, row: &str| -> BTreeMap<String, String> {
            columns.split(',').zip(row.split(',')).map(|(name, cell)| (name.into(), cell.into())).collect()
        };
        let allocations = proof.allocations.iter().map(|row| cells(site_hours::ALLOCATIONS_HEADER, row)).collect();
        let proved = Proved {
            figures: cells(&proof.columns, &proof.row),
            allocations,
            root: proof.merkle_root,
            site: proof.site,
            start: proof.start,
            period: format!("{} to {}", head.period.start, head.period.end),
            portfolio: head.portfolio,
            version: head.version,
            as_of: head.as_of,
            rows: proof.allocations,
        };
        let (origin, synthetic) = (trust.named(), head.synthetic);
        Self { verified: true, origin, synthetic, proof: Some(Box::new(proved)), ..Self::default() }
    }
}
