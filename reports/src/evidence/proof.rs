//! One hour of one site, disclosed without the rest of its pack.
//!
//! The proof holds the site's row and its allocations of that hour, the way from there to `site_intervals_root`, the
//! manifest's head that names this root, and the way from the head to the pack's Merkle root.

use super::files::{Files, wrong};
use super::merkle::{self, Accumulator, Sibling};
use super::site_hours;
use super::trust::Trust;
use crate::digest;
use crate::seal::format::Format;
use crate::seal::manifest::Manifest;
use crate::seal::sign::Signature;
use ids::SiteId;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read};
use thiserror::Error;

const SCHEMA: &str = "hourmatch/proof/1";

#[derive(Debug, Error)]
pub enum ProofError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("the pack has no row of site {site} at {start}")]
    NoSuchHour { site: SiteId, start: String },
    #[error("{0}")]
    DoesNotHold(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub schema: String,
    pub site: SiteId,
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

/// Proves a site-hour of a pack, in one pass over its tables. The proof is checked before it is handed out.
pub fn prove(
    files: &dyn Files,
    manifest: &Manifest,
    site: &SiteId,
    start: &str,
    trust: &Trust,
) -> Result<Proof, ProofError> {
    let mut tree = Accumulator::default();
    let mut found = None;
    each_line(files, &mut |line, given| {
        let leaf = site_hours::leaf(line, given);
        let mut cells = line.split(',');
        if (cells.next(), cells.next()) == (Some(site.as_str()), Some(start)) {
            found = Some((line.to_string(), given.to_string()));
            tree.push_watched(leaf);
        } else {
            tree.push(leaf);
        }
    })?;
    let missing = || ProofError::NoSuchHour { site: site.clone(), start: start.into() };
    let (row, given) = found.ok_or_else(missing)?;
    let Some(columns) = site_hours::header_of(row.trim_end()) else {
        return Err(ProofError::DoesNotHold("a row of site_intervals.csv has not the cells of its table".into()));
    };
    let (root, path) = tree.root_and_path();
    if hex::encode(root) != manifest.site_intervals_root {
        let what = "site_intervals.csv and allocations.csv are not those of the manifest: verify the pack first";
        return Err(ProofError::DoesNotHold(what.into()));
    }
    let proof = Proof {
        schema: SCHEMA.into(),
        site: site.clone(),
        start: start.into(),
        columns: columns.into(),
        row: row.trim_end().into(),
        allocation_columns: site_hours::ALLOCATIONS_HEADER.into(),
        allocations: given.lines().map(String::from).collect(),
        path,
        manifest_head: String::from_utf8_lossy(&manifest.head_bytes().map_err(io::Error::from)?).into_owned(),
        head_path: merkle::path(&manifest.leaves().map_err(io::Error::from)?, 0),
        merkle_root: manifest.merkle_root.clone(),
        signature: manifest.signature.clone(),
    };
    check(&proof, trust)?;
    Ok(proof)
}

/// Site-hours as they stand in a pack: both tables are sorted by start, then site.
fn each_line(files: &dyn Files, take: &mut dyn FnMut(&str, &str)) -> io::Result<()> {
    let mut sites = files.open("site_intervals.csv")?;
    let mut allocations = files.open("allocations.csv")?;
    let (mut line, mut next, mut given) = (String::new(), String::new(), String::new());
    read_line(&mut *sites, &mut line)?;
    read_line(&mut *allocations, &mut next)?;
    read_line(&mut *allocations, &mut next)?;
    loop {
        if read_line(&mut *sites, &mut line)? == 0 {
            if next.is_empty() {
                return Ok(());
            }
            let what =
                format!("allocations.csv: `{}` is of no row of site_intervals.csv in its order", next.trim_end());
            return Err(wrong(what));
        }
        let key = |text: &str, start_at: usize| {
            let cells: Vec<&str> = text.trim_end().split(',').collect();
            cells.first().zip(cells.get(start_at)).map(|(site, start)| ((*site).to_string(), (*start).to_string()))
        };
        let here = key(&line, 1);
        given.clear();
        while !next.is_empty() && key(&next, 2) == here {
            given.push_str(&next);
            if given.len() > LARGEST_HOUR {
                return Err(wrong(format!("allocations.csv: one site-hour has more than {LARGEST_HOUR} bytes")));
            }
            read_line(&mut *allocations, &mut next)?;
        }
        take(&line, &given);
    }
}

/// No line of a table, and no site-hour with its allocations, is longer.
const LONGEST_LINE: u64 = 1 << 20;
const LARGEST_HOUR: usize = 32 << 20;

/// The next line in place of the one before.
fn read_line(table: &mut dyn BufRead, into: &mut String) -> io::Result<usize> {
    into.clear();
    let read = table.take(LONGEST_LINE).read_line(into)?;
    if read as u64 == LONGEST_LINE && !into.ends_with('\n') {
        return Err(wrong(format!("a line is longer than {LONGEST_LINE} bytes")));
    }
    Ok(read)
}

/// Checks a proof against itself, and against a root or key given from elsewhere: the head of its pack's manifest.
pub fn check(proof: &Proof, trust: &Trust) -> Result<Manifest, ProofError> {
    let refuse = |what: &str| Err(ProofError::DoesNotHold(what.into()));
    if proof.schema != SCHEMA {
        return refuse("is not a proof this verifier knows");
    }
    // A line break inside a row would leave the hash as it is, and hide an allocation in the row above it.
    let one_line = |line: &String| !line.contains(char::is_control);
    if !one_line(&proof.row) || !proof.allocations.iter().all(one_line) {
        return refuse("a row is not one line of its table");
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
    let columns = site_hours::header_of(&proof.row);
    if columns != Some(proof.columns.as_str()) || proof.allocation_columns != site_hours::ALLOCATIONS_HEADER {
        return refuse("its columns are not named as they are in packs");
    }
    let given: String = proof.allocations.iter().map(|line| format!("{line}\n")).collect();
    let leaf = site_hours::leaf(&format!("{}\n", proof.row), &given);
    let head = Manifest::parse(proof.manifest_head.as_bytes()).map_err(|e| ProofError::DoesNotHold(e.to_string()))?;
    if head.portfolio.is_some() != (head.format() >= Format::V3) {
        return refuse("the manifest's head names no portfolio, or one that its format has no place for");
    }
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
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::Headline;
    use crate::seal::manifest::{self, Entry, Period, RulesetRef};
    use crate::time::Instant;

    /// `site_intervals.csv` and `allocations.csv`.
    struct Pack(String, String);

    impl Files for Pack {
        fn paths(&self) -> io::Result<Vec<String>> {
            Ok(Vec::new())
        }

        fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
            let text = if path == "allocations.csv" { &self.1 } else { &self.0 };
            Ok(Box::new(text.as_bytes()))
        }
    }

    /// In either form of `site_intervals.csv`.
    fn pack(hours: usize) -> (Pack, Manifest) {
        let (sites, figures) = match site_hours::SITES_HEADERS {
            [metered, _] if hours.is_multiple_of(2) => (metered, "2,2,2,0,2"),
            [_, purchased] => (purchased, "2,2,3,0,2,0,2"),
        };
        let mut pack = Pack(format!("{sites}\n"), format!("{}\n", site_hours::ALLOCATIONS_HEADER));
        let mut tree = Accumulator::default();
        for hour in 0..hours {
            let row = format!("s,T{hour},A,{figures},measured\n");
            let line = |ledger: &str| format!("s,w,T{hour},2,{ledger},proportional\n");
            let given = line("matching") + &line("inventory");
            tree.push(site_hours::leaf(&row, &given));
            pack.0.push_str(&row);
            pack.1.push_str(&given);
        }
        let text = |text: &str| text.to_string();
        let manifest = Manifest {
            schema: manifest::SCHEMA.into(),
            engine: text("test"),
            synthetic: true,
            portfolio: Some(text("p")),
            as_of: None,
            time_zone_database: text("2026a"),
            ruleset: RulesetRef {
                id: text("r"),
                version: text("1"),
                title: text("R"),
                headline: Headline::MatchedShare,
                sha256: "0".repeat(64),
            },
            period: Period { start: Instant::FIRST, end: Instant::FIRST + 3_600, intervals: hours },
            version: 1,
            previous: None,
            site_intervals_root: hex::encode(tree.root()),
            files: Vec::new(),
            merkle_root: String::new(),
            signature: None,
        };
        let entry = Entry { path: text("x"), sha256: "0".repeat(64), bytes: 0, rows: None, control_total_wh: None };
        (pack, manifest.seal(vec![entry]).expect("JSON"))
    }

    #[test]
    fn every_hour_can_be_proved_and_no_other() {
        for hours in 1..12 {
            let (pack, manifest) = pack(hours);
            let trust = Trust { root: Some(manifest.merkle_root.clone()), ..Trust::default() };
            for hour in 0..hours {
                let proof = prove(&pack, &manifest, &"s".into(), &format!("T{hour}"), &trust).expect("proved");
                assert_eq!(proof.allocations.len(), 2);
                assert_eq!(pack.0.lines().next(), Some(proof.columns.as_str()));
                check(&proof, &trust).expect("holds");
                assert_eq!(trust.named(), [super::super::trust::Origin::Root]);
            }
            assert!(matches!(
                prove(&pack, &manifest, &"s".into(), &format!("T{hours}"), &trust),
                Err(ProofError::NoSuchHour { .. })
            ));
            let other = Trust { root: Some("0".repeat(64)), ..Trust::default() };
            assert!(prove(&pack, &manifest, &"s".into(), "T0", &other).is_err());
        }
    }

    /// Each of these hashes to the same leaf.
    #[test]
    fn no_allocation_hides_behind_a_line_break() {
        let (pack, manifest) = pack(3);
        let proof = prove(&pack, &manifest, &"s".into(), "T1", &Trust::default()).expect("proved");
        let (row, lines) = (proof.row.clone(), proof.allocations.clone());
        for (row, allocations) in [
            ([row.clone(), lines.join("\n")].join("\n"), Vec::new()),
            (format!("{row}\n{}", lines[0]), vec![lines[1].clone()]),
            (row, vec![lines.join("\n")]),
        ] {
            let altered = Proof { row, allocations, ..proof.clone() };
            assert!(check(&altered, &Trust::default()).is_err(), "{altered:?}");
        }
    }

    #[test]
    fn a_head_names_its_portfolio_where_its_format_does() {
        let (pack, manifest) = pack(2);
        let checked = |schema: Format, portfolio: Option<String>| {
            let entries = manifest.files.clone();
            let odd = Manifest { schema: schema.name().into(), portfolio, ..manifest.clone() };
            let odd = odd.seal(entries).expect("JSON");
            prove(&pack, &odd, &"s".into(), "T1", &Trust::default()).map(|_| ()).map_err(|e| e.to_string())
        };
        assert_eq!([checked(Format::V3, Some("p".into())), checked(Format::V2, None)], [Ok(()), Ok(())]);
        for odd in [checked(Format::V3, None), checked(Format::V2, Some("p".into()))] {
            assert!(odd.expect_err("refused").contains("names no portfolio"));
        }
    }

    #[test]
    fn an_allocation_of_no_site_hour_is_named() {
        let (mut pack, manifest) = pack(2);
        pack.1.push_str("s,w,T9,2,matching,proportional\n");
        let error = prove(&pack, &manifest, &"s".into(), "T1", &Trust::default()).expect_err("one row too many");
        assert!(error.to_string().contains("T9"), "{error}");
    }
}
