//! Checks a pack against itself: every file is listed and unchanged, every figure recomputes from `inputs/`.

use super::manifest::{self, Entry, Manifest};
use super::pack::{BOOKS, FACTORS, PackedBooks, RECEIVED, RULESET};
use super::{EvidenceError, digest, outputs, readings};
use crate::factors::Factors;
use crate::inputs::Inputs;
use crate::report::Report;
use crate::ruleset::Ruleset;
use std::collections::{BTreeMap, BTreeSet};

/// What held, for a pack without a finding.
#[derive(Debug, Clone)]
pub struct Verified {
    pub root: String,
    pub report: Report,
    pub files: usize,
    /// A root from elsewhere was given and matched: origin is proved, not only integrity.
    pub origin_proved: bool,
}

/// What did not: file or figure, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub subject: String,
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.subject, self.what)
    }
}

fn finding(subject: &str, what: impl Into<String>) -> Finding {
    Finding { subject: subject.into(), what: what.into() }
}

/// Verifies the files of a pack by path; `root` is the hash its maker published.
pub fn verify(files: &BTreeMap<String, Vec<u8>>, root: Option<&str>) -> Result<Verified, Vec<Finding>> {
    let Some(bytes) = files.get(manifest::PATH) else {
        return Err(vec![finding(manifest::PATH, "is missing: this is not a pack")]);
    };
    let manifest = Manifest::parse(bytes).map_err(|e| vec![finding(manifest::PATH, e.to_string())])?;
    let mut findings = check_manifest(&manifest, bytes, root);
    findings.extend(check_files(&manifest, files));
    if !findings.is_empty() {
        return Err(findings);
    }
    let inputs = load(files).map_err(|e| vec![finding("inputs", e.to_string())])?;
    findings.extend(check_rules(&inputs));
    findings.extend(check_received(&inputs, files));
    let (report, computed) = outputs::compute(&inputs).map_err(|e| vec![finding("inputs", e.to_string())])?;
    for path in outputs::COMPUTED {
        match (files.get(path), computed.get(path)) {
            (Some(packed), Some(fresh)) if packed != fresh => findings.push(difference(path, packed, fresh)),
            (None, _) => findings.push(finding(path, "is missing")),
            _ => {}
        }
    }
    if report.period != manifest.period || report.ruleset != manifest.ruleset || report.synthetic != manifest.synthetic
    {
        findings.push(finding(manifest::PATH, "its period, ruleset or synthetic mark is not that of the results"));
    }
    if findings.is_empty() {
        let root_hex = manifest.merkle_root.clone();
        return Ok(Verified { root: root_hex, report, files: files.len(), origin_proved: root.is_some() });
    }
    Err(findings)
}

fn check_manifest(manifest: &Manifest, bytes: &[u8], root: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if manifest.schema != manifest::SCHEMA {
        findings.push(finding(manifest::PATH, format!("schema `{}` is not {}", manifest.schema, manifest::SCHEMA)));
    }
    if manifest.to_bytes() != bytes {
        findings.push(finding(manifest::PATH, "is not written the way packs are: bytes were changed"));
    }
    let actual = hex::encode(manifest.root());
    if actual != manifest.merkle_root {
        findings
            .push(finding(manifest::PATH, format!("says root {} but its entries give {actual}", manifest.merkle_root)));
    }
    if let Some(expected) = root
        && !expected.eq_ignore_ascii_case(&manifest.merkle_root)
    {
        findings.push(finding(
            manifest::PATH,
            format!(
                "root {} is not the root given, {expected}: this is another pack or an altered one",
                manifest.merkle_root
            ),
        ));
    }
    findings
}

fn check_files(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let listed: BTreeSet<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
    if listed.len() != manifest.files.len() {
        findings.push(finding(manifest::PATH, "lists a file twice"));
    }
    for path in files.keys().filter(|path| *path != manifest::PATH && !listed.contains(path.as_str())) {
        findings.push(finding(path, "is in the pack but not in its manifest"));
    }
    for entry in &manifest.files {
        match files.get(&entry.path) {
            None => findings.push(finding(&entry.path, "is in the manifest but not in the pack")),
            Some(bytes) => {
                let actual = Entry::of(&entry.path, bytes);
                if actual.sha256 != entry.sha256 {
                    findings.push(finding(
                        &entry.path,
                        format!("has SHA-256 {}, the manifest says {}", actual.sha256, entry.sha256),
                    ));
                } else if actual != *entry {
                    findings.push(finding(
                        &entry.path,
                        "its size, row count or control total is not what the manifest says",
                    ));
                }
            }
        }
    }
    findings
}

fn load(files: &BTreeMap<String, Vec<u8>>) -> Result<Inputs, EvidenceError> {
    let file = |path: &str| files.get(path).ok_or_else(|| EvidenceError::malformed(path, "is missing"));
    let text = |path: &str| {
        let bytes = file(path)?;
        std::str::from_utf8(bytes).map_err(|e| EvidenceError::malformed(path, e))
    };
    let books: PackedBooks = serde_json::from_slice(file(BOOKS)?).map_err(|e| EvidenceError::malformed(BOOKS, e))?;
    let ruleset_text = text(RULESET)?;
    let ruleset = Ruleset::parse(ruleset_text).map_err(|e| EvidenceError::malformed(RULESET, e))?;
    let factors = Factors::from_csv(text(FACTORS)?).map_err(|e| EvidenceError::malformed(FACTORS, e))?;
    let (series, revisions) = readings::parse(file(readings::PATH)?)?;
    Ok(Inputs {
        definitions: books.definitions,
        ruleset,
        ruleset_text: ruleset_text.into(),
        factors,
        period: books.period,
        fuels: books.fuels,
        as_of: books.as_of,
        series,
        revisions,
    })
}

/// Rules and factors are the ones published under their names, to the byte.
fn check_rules(inputs: &Inputs) -> Vec<Finding> {
    let mut findings = Vec::new();
    match Ruleset::named(&inputs.ruleset.id) {
        Ok((_, text)) if text == inputs.ruleset_text => {}
        Ok(_) => findings.push(finding(RULESET, format!("is not the ruleset published as {}", inputs.ruleset.id))),
        Err(_) => findings.push(finding(RULESET, format!("`{}` is no ruleset this verifier knows", inputs.ruleset.id))),
    }
    if inputs.factors != Factors::default() {
        findings.push(finding(FACTORS, "is not the published table of factors"));
    }
    findings
}

/// Each reading names the file it was received in, and that file is in the pack under its hash.
fn check_received(inputs: &Inputs, files: &BTreeMap<String, Vec<u8>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for revision in inputs.revisions.values() {
        if !files.contains_key(&format!("{RECEIVED}{}", revision.file_sha256)) {
            let what = format!("rows name a received file {} that the pack does not hold", revision.file_sha256);
            findings.push(finding(readings::PATH, what));
        }
    }
    for (path, bytes) in files.range(RECEIVED.to_string()..) {
        let Some(name) = path.strip_prefix(RECEIVED) else { break };
        if digest::sha256_hex(bytes) != name {
            findings.push(finding(path, "is not the file its name says"));
        }
    }
    findings
}

/// The first line that differs, with its column where the file is a table.
fn difference(path: &str, packed: &[u8], fresh: &[u8]) -> Finding {
    let (packed, fresh) = (String::from_utf8_lossy(packed), String::from_utf8_lossy(fresh));
    let header: Vec<&str> = fresh.lines().next().unwrap_or("").split(',').collect();
    let mut pairs = packed.lines().zip(fresh.lines()).enumerate();
    let Some((index, (a, b))) = pairs.find(|(_, (a, b))| a != b) else {
        let (a, b) = (packed.lines().count(), fresh.lines().count());
        return finding(path, format!("has {a} lines, recomputed from inputs it has {b}"));
    };
    if path.ends_with(".csv") {
        let mut cells = a.split(',').zip(b.split(',')).enumerate();
        if let Some((column, (was, is))) = cells.find(|(_, (was, is))| was != is) {
            let name = header.get(column).unwrap_or(&"?");
            return finding(path, format!("row {index}, {name}: the pack says {was}, its inputs give {is}"));
        }
    }
    let (a, b) = (a.trim().trim_end_matches(','), b.trim().trim_end_matches(','));
    finding(path, format!("line {}: the pack says {a}, its inputs give {b}", index + 1))
}
