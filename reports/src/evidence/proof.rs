//! One hour of one site, disclosed without the rest of its pack.
//!
//! The proof holds the site's row and its allocations of that hour, the way from there to `site_intervals_root`, the
//! manifest's head that names this root, and the way from the head to the pack's Merkle root.

use super::digest::{self, Hash};
use super::manifest::Manifest;
use super::merkle::{self, Sibling};
use super::sign::Signature;
use super::site_hours;
use super::verify::{Files, Trust};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead};
use thiserror::Error;

pub const SCHEMA: &str = "hourmatch/proof/1";

#[derive(Debug, Error)]
pub enum ProofError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("{0}")]
    Manifest(String),
    #[error("the pack has no row of site {site} at {start}")]
    NoSuchHour { site: String, start: String },
    #[error("{0}")]
    DoesNotHold(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub schema: String,
    pub site: String,
    pub start: String,
    pub columns: String,
    /// The row of `site_intervals.csv`.
    pub row: String,
    pub allocation_columns: String,
    /// Its rows of `allocations.csv`.
    pub allocations: Vec<String>,
    /// From the site-hour to `site_intervals_root`.
    pub path: Vec<Sibling>,
    /// The manifest without its files, root and signature.
    pub manifest_head: String,
    /// From the head to the pack's root.
    pub head_path: Vec<Sibling>,
    pub merkle_root: String,
    pub signature: Option<Signature>,
}

/// Proves a site-hour of a pack.
pub fn prove(files: &dyn Files, manifest: &Manifest, site: &str, start: &str) -> Result<Proof, ProofError> {
    let mut leaves: Vec<Hash> = Vec::new();
    let mut found = None;
    each_line(files, &mut |line, given| {
        let mut cells = line.split(',');
        if (cells.next(), cells.next()) == (Some(site), Some(start)) {
            found = Some((leaves.len(), line.to_string(), given.to_string()));
        }
        leaves.push(site_hours::leaf(line, given));
    })?;
    let missing = || ProofError::NoSuchHour { site: site.into(), start: start.into() };
    let (index, row, given) = found.ok_or_else(missing)?;
    if hex::encode(digest::merkle_root(&leaves)) != manifest.site_intervals_root {
        let what = "site_intervals.csv and allocations.csv are not those of the manifest: verify the pack first";
        return Err(ProofError::DoesNotHold(what.into()));
    }
    Ok(Proof {
        schema: SCHEMA.into(),
        site: site.into(),
        start: start.into(),
        columns: site_hours::SITES_HEADER.into(),
        row: row.trim_end().into(),
        allocation_columns: site_hours::ALLOCATIONS_HEADER.into(),
        allocations: given.lines().map(String::from).collect(),
        path: merkle::path(&leaves, index),
        manifest_head: String::from_utf8_lossy(&manifest.head_bytes()).into_owned(),
        head_path: merkle::path(&manifest.leaves(), 0),
        merkle_root: manifest.merkle_root.clone(),
        signature: manifest.signature.clone(),
    })
}

/// Site-hours as they stand in a pack: both tables are sorted by start, then site.
fn each_line(files: &dyn Files, take: &mut dyn FnMut(&str, &str)) -> io::Result<()> {
    let mut sites = files.open("site_intervals.csv")?;
    let mut allocations = files.open("allocations.csv")?;
    let (mut line, mut next, mut given) = (String::new(), String::new(), String::new());
    sites.read_line(&mut line)?;
    allocations.read_line(&mut next)?;
    next.clear();
    allocations.read_line(&mut next)?;
    loop {
        line.clear();
        if sites.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let key = |text: &str, start_at: usize| {
            let cells: Vec<&str> = text.trim_end().split(',').collect();
            cells.first().zip(cells.get(start_at)).map(|(site, start)| ((*site).to_string(), (*start).to_string()))
        };
        let here = key(&line, 1);
        given.clear();
        while !next.is_empty() && key(&next, 2) == here {
            given.push_str(&next);
            next.clear();
            allocations.read_line(&mut next)?;
        }
        take(&line, &given);
    }
}

/// What a proof shows once it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub name_of_period: String,
    pub origin_proved: bool,
}

/// Checks a proof against itself, and against a root or key given from elsewhere.
pub fn check(proof: &Proof, trust: &Trust) -> Result<Shown, ProofError> {
    let refuse = |what: &str| Err(ProofError::DoesNotHold(what.into()));
    if proof.schema != SCHEMA {
        return refuse("is not a proof this verifier knows");
    }
    let mut cells = proof.row.split(',');
    let named = (cells.next(), cells.next()) == (Some(proof.site.as_str()), Some(proof.start.as_str()));
    let of_hour = |line: &String| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells.first().copied(), cells.get(2).copied()) == (Some(proof.site.as_str()), Some(proof.start.as_str()))
    };
    if !named || !proof.allocations.iter().all(of_hour) {
        return refuse("a row is not of the site and hour it is said to be");
    }
    if proof.columns != site_hours::SITES_HEADER || proof.allocation_columns != site_hours::ALLOCATIONS_HEADER {
        return refuse("its columns are not named as they are in packs");
    }
    let given: String = proof.allocations.iter().map(|line| format!("{line}\n")).collect();
    let leaf = site_hours::leaf(&format!("{}\n", proof.row), &given);
    let head = Manifest::parse(proof.manifest_head.as_bytes()).map_err(|e| ProofError::Manifest(e.to_string()))?;
    if merkle::climb(leaf, &proof.path).map(hex::encode).as_deref() != Some(head.site_intervals_root.as_str()) {
        return refuse("the rows do not lead to the manifest's root over site-hours: a figure was changed");
    }
    let root = merkle::climb(digest::leaf(proof.manifest_head.as_bytes()), &proof.head_path);
    let Some(root) = root.filter(|root| hex::encode(root) == proof.merkle_root) else {
        return refuse("the manifest's head does not lead to the root of the pack");
    };
    if let Some(wanted) = &trust.root
        && !wanted.eq_ignore_ascii_case(&proof.merkle_root)
    {
        return refuse("it leads to another root than the one given");
    }
    match (&proof.signature, &trust.key) {
        (Some(signature), _) if signature.check(&root).is_err() => return refuse("the signature does not hold"),
        (Some(signature), Some(key)) if signature.key != *key => return refuse("it is signed by another key"),
        (None, Some(_)) => return refuse("it is not signed, and a key was given"),
        _ => {}
    }
    Ok(Shown {
        name_of_period: format!("{} to {}", head.period.start, head.period.end),
        origin_proved: trust.root.is_some() || trust.key.is_some(),
    })
}
