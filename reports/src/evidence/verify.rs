//! Checks a pack against itself: every file is listed and unchanged, every figure recomputes from `inputs/`.

use super::compare::Comparing;
use super::compared::{self, Compared};
use super::files::{Files, Finding};
use super::layout::{FACTORS, LARGEST_MANIFEST, READINGS, RECEIVED, RULESET, is_known};
use super::stamp::{self, Stamp};
use super::tally::Tally;
use super::trust::Trust;
use super::verdict::{Checked, Replaced, Shared, Verdict};
use super::{earlier, inputs_files, sound, tables};
use crate::factors::Factors;
use crate::inputs::Inputs;
use crate::report::{self, OverlapReport, Report};
use crate::ruleset::Ruleset;
use crate::seal::format::Format;
use crate::seal::manifest::{self, Entry, Manifest, Period};
use crate::text::is_line;
use crate::time::{RecordTime, zone};
use crate::words::io_reason;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

/// The manifest of a pack, parsed.
pub fn manifest_of(files: &dyn Files) -> Result<(Manifest, Vec<u8>), Finding> {
    let missing = |_| Finding::new(manifest::PATH, "is missing: this is not a pack");
    let mut bytes = Vec::new();
    let read = files.open(manifest::PATH).map_err(missing)?.take(LARGEST_MANIFEST).read_to_end(&mut bytes);
    read.map_err(|e| Finding::new(manifest::PATH, io_reason(&e)))?;
    let parsed = Manifest::parse(&bytes).map_err(|e| Finding::new(manifest::PATH, e.to_string()))?;
    Ok((parsed, bytes))
}

/// Verifies the files of a pack: the verdict on one that holds, else what does not.
pub fn verify(files: &dyn Files, trust: &Trust) -> Result<Verdict, Vec<Finding>> {
    let (manifest, bytes) = manifest_of(files).map_err(|finding| vec![finding])?;
    let mut findings = check_manifest(&manifest, &bytes, trust);
    findings.extend(check_files(&manifest, files));
    if !findings.is_empty() {
        return Err(findings);
    }
    let inputs = inputs_files::read(files).map_err(|e| vec![Finding::new("inputs", e.to_string())])?;
    let compared = check_inputs(&inputs, &manifest, files, trust)?;
    let computed = report::compute(&inputs).map_err(|e| vec![Finding::new("inputs", e.to_string())])?;
    let mut comparing = Comparing::new(files);
    let root = tables::write(manifest.format(), &inputs, &computed, &mut comparing)
        .map_err(|e| vec![Finding::new("inputs", e.to_string())])?;
    findings.extend(comparing.into_findings());
    let report = computed.report;
    if findings.is_empty() && hex::encode(root) != manifest.site_intervals_root {
        findings.push(Finding::new(manifest::PATH, "site_intervals_root is not that of the pack's site-hours"));
    }
    findings.extend(check_head(&manifest, &report));
    let last_recorded = sound::last_recorded(&inputs);
    let time_stamp = stamped(&manifest, files, trust, last_recorded).unwrap_or_else(|finding| {
        findings.push(finding);
        None
    });
    if !findings.is_empty() {
        return Err(findings);
    }
    let other_zones = Some(manifest.time_zone_database).filter(|version| version != zone::database_version());
    let shared =
        |OverlapReport { root, version, period: Period { start, end, .. }, .. }| Shared { root, start, end, version };
    let Report { synthetic, period, portfolio, .. } = report;
    let checked = Checked {
        root: manifest.merkle_root,
        files: manifest.files.len() + 1,
        portfolio: report.name,
        period,
        version: report.version,
        as_of: report.as_of,
        last_recorded,
        replaces: report.replaces.map(|root| Replaced { root, proved: trust.replaces.is_some() }),
        overlaps: report.overlaps.into_iter().map(shared).collect(),
        compared,
        matched_share: portfolio.matched_share,
        matched_wh: portfolio.matched_wh,
        load_wh: portfolio.load_wh,
        inputs_sha256: report.inputs_sha256,
        ruleset_outdated: inputs.ruleset.outdated(),
        other_time_zone_database: other_zones,
        signed_by: manifest.signature.map(|s| s.key.to_string()),
        time_stamp,
    };
    Ok(Verdict::of_pack(checked, trust, synthetic))
}

/// The time-stamp beside a pack, which holds for its root and is no earlier than what the pack says was recorded.
fn stamped(
    manifest: &Manifest,
    files: &dyn Files,
    trust: &Trust,
    last_recorded: Option<RecordTime>,
) -> Result<Option<Stamp>, Finding> {
    let found = |what: String| Finding::new(stamp::PATH, what);
    if !files.paths().map_err(|e| found(io_reason(&e)))?.iter().any(|path| path == stamp::PATH) {
        let missing = || found("is missing: authorities were given, and nothing is stamped".into());
        return trust.authorities.as_ref().map_or(Ok(None), |_| Err(missing()));
    }
    let mut answer = Vec::new();
    let opened = files.open(stamp::PATH).map_err(|e| found(io_reason(&e)))?;
    opened.take(stamp::LARGEST).read_to_end(&mut answer).map_err(|e| found(io_reason(&e)))?;
    let root = manifest.root().map_err(|e| found(e.to_string()))?;
    let stamp = stamp::check(&answer, &root, trust.authorities.as_deref()).map_err(|e| found(e.to_string()))?;
    // Fractions of the second are cut.
    if last_recorded.is_some_and(|last| last.instant() > stamp.at) {
        return Err(found("stamps a time before the last row of the pack was recorded".into()));
    }
    Ok(Some(stamp))
}

/// Everything that must hold of inputs before figures are made of them.
fn check_inputs(
    inputs: &Inputs,
    manifest: &Manifest,
    files: &dyn Files,
    trust: &Trust,
) -> Result<Compared, Vec<Finding>> {
    let mut findings = check_rules(inputs);
    findings.extend(check_received(inputs, manifest));
    findings.extend(earlier::replaced(inputs, manifest, trust));
    findings.extend(earlier::overlapping(inputs, manifest));
    findings.extend(sound::findings(inputs, manifest.format()));
    if !findings.is_empty() {
        return Err(findings);
    }
    let sizes: BTreeMap<&str, u64> = manifest.files.iter().map(|entry| (entry.path.as_str(), entry.bytes)).collect();
    let size = |path: &str| sizes.get(path).copied().unwrap_or(0);
    let (compared, contradicted) = compared::compare(inputs, files, manifest.format(), &size);
    findings.extend(contradicted);
    findings.extend(check_written(inputs, files)?);
    if findings.is_empty() { Ok(compared) } else { Err(findings) }
}

/// The head of a manifest says of the pack what its results say.
fn check_head(manifest: &Manifest, report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |what: &str| findings.push(Finding::new(manifest::PATH, what));
    let head = (&manifest.period, &manifest.ruleset, manifest.synthetic, manifest.version, &manifest.previous);
    if head != (&report.period, &report.ruleset, report.synthetic, report.version, &report.replaces) {
        say("its period, ruleset, version, predecessor or synthetic mark is not that of the results");
    }
    let named = (manifest.portfolio.as_ref(), manifest.as_of);
    let wanted = match manifest.format() {
        Format::V2 => (None, None),
        Format::V3 => (Some(&report.name), report.as_of),
    };
    if named != wanted {
        say("its portfolio or record time is not that of the results");
    }
    if !is_line(&manifest.engine) {
        say("its engine is blank or holds control characters or bidirectional marks");
    }
    if !is_zone_database(&manifest.time_zone_database) {
        say("its time_zone_database is not a version of the IANA database, such as 2025b");
    }
    findings
}

/// A year and a letter.
fn is_zone_database(version: &str) -> bool {
    let (year, letter) = version.split_at_checked(4).unwrap_or_default();
    year.bytes().all(|b| b.is_ascii_digit()) && letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase())
}

fn check_manifest(manifest: &Manifest, bytes: &[u8], trust: &Trust) -> Vec<Finding> {
    let (written, root) = match manifest.to_bytes().and_then(|bytes| Ok((bytes, manifest.root()?))) {
        Ok(sealed) => sealed,
        Err(error) => return vec![Finding::new(manifest::PATH, error.to_string())],
    };
    let mut findings = Vec::new();
    let mut say = |what: String| findings.push(Finding::new(manifest::PATH, what));
    if written != bytes {
        say("is not written the way packs are: bytes were changed".into());
    }
    if hex::encode(root) != manifest.merkle_root {
        say("its merkle_root is not that of its entries".into());
    }
    if let Some(wanted) = &trust.root
        && !wanted.eq_ignore_ascii_case(&manifest.merkle_root)
    {
        say(format!("the root is {}, not the one given", manifest.merkle_root));
    }
    match (&manifest.signature, &trust.key) {
        (Some(signature), _) if signature.check(&root).is_err() => {
            say(format!("the signature by {} does not hold for this root", signature.key));
        }
        (Some(signature), Some(key)) if signature.key != *key => {
            say(format!("is signed by {}, not by the key given", signature.key));
        }
        (None, Some(_)) => say("is not signed, and a key was given".into()),
        _ => {}
    }
    findings
}

fn check_files(manifest: &Manifest, files: &dyn Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    let paths: Vec<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
    if paths.windows(2).any(|pair| pair[0] >= pair[1]) {
        findings.push(Finding::new(manifest::PATH, "lists a file twice or out of order"));
    }
    let present: BTreeSet<String> = match files.paths() {
        Ok(paths) => paths.into_iter().collect(),
        Err(error) => return vec![Finding::new("pack", io_reason(&error))],
    };
    for entry in &manifest.files {
        if !is_known(&entry.path, manifest.format()) {
            findings.push(Finding::new(&entry.path, "is not a file of a pack: nothing is computed from it or to it"));
            continue;
        }
        if !present.contains(&entry.path) {
            findings.push(Finding::new(&entry.path, "is listed in the manifest but missing from the pack"));
            continue;
        }
        match read_entry(files, &entry.path) {
            Ok(fresh) if fresh == *entry => {}
            Ok(fresh) => findings.push(Finding::new(&entry.path, changed(entry, &fresh))),
            Err(error) => findings.push(Finding::new(&entry.path, io_reason(&error))),
        }
    }
    let listed: BTreeSet<&str> = paths.into_iter().collect();
    // A stamp is of the root: it cannot be among what the root is of.
    let beside = |path: &str| path == manifest::PATH || path == stamp::PATH && manifest.format() >= Format::V3;
    for path in present.iter().filter(|p| !beside(p) && !listed.contains(p.as_str())) {
        findings.push(Finding::new(path, "is in the pack but not in the manifest"));
    }
    findings
}

fn read_entry(files: &dyn Files, path: &str) -> io::Result<Entry> {
    let mut reader = files.open(path)?;
    let mut tally = Tally::new(path, io::sink());
    io::copy(&mut reader, &mut tally)?;
    Ok(tally.finish()?.0)
}

fn changed(entry: &Entry, fresh: &Entry) -> String {
    if entry.sha256 != fresh.sha256 {
        return format!("was changed: its SHA-256 is {}, the manifest says {}", fresh.sha256, entry.sha256);
    }
    let total = |e: &Entry| e.control_total_wh.clone().unwrap_or_else(|| "none".into());
    format!(
        "the manifest says {} bytes, {:?} rows, total {} Wh; it has {}, {:?}, {}",
        entry.bytes,
        entry.rows,
        total(entry),
        fresh.bytes,
        fresh.rows,
        total(fresh)
    )
}

/// Inputs stand in the one way packs write them: a byte order mark, other line ends, blank lines, quotes nobody needs
/// or a key given twice would mean one thing to one reader and another to the next.
fn check_written(inputs: &Inputs, files: &dyn Files) -> Result<Vec<Finding>, Vec<Finding>> {
    let mut comparing = Comparing::new(files);
    inputs_files::write(inputs, &mut comparing).map_err(|e| vec![Finding::new("inputs", e.to_string())])?;
    let not_canonical = |f: Finding| Finding { what: format!("is not written the way packs are: {}", f.what), ..f };
    Ok(comparing.into_findings().into_iter().map(not_canonical).collect())
}

/// Rules and factors are the ones published under their names, to the byte.
fn check_rules(inputs: &Inputs) -> Vec<Finding> {
    let mut findings = Vec::new();
    // By its version, too: a pack stays good when a newer version of its ruleset is published.
    let id = inputs.ruleset.pinned();
    match Ruleset::named(&id) {
        Ok((_, text)) if text == inputs.ruleset_text => {}
        Ok(_) => findings.push(Finding::new(RULESET, format!("is not the ruleset published as {id}"))),
        Err(_) => findings.push(Finding::new(RULESET, format!("`{id}` is not a ruleset this verifier knows"))),
    }
    if !inputs.ruleset.is_named(&inputs.definitions.ruleset) {
        findings
            .push(Finding::new(RULESET, format!("is {id}, but the portfolio names {}", inputs.definitions.ruleset)));
    }
    if inputs.factors != Factors::default() {
        findings.push(Finding::new(FACTORS, "is not the published table of factors"));
    }
    findings
}

/// Each reading and bill has the file it was received in; that file is in the pack under its hash, and none beside.
fn check_received(inputs: &Inputs, manifest: &Manifest) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = inputs_files::received(inputs);
    let listed: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
    for sha256 in &named {
        if !listed.contains(format!("{RECEIVED}{sha256}").as_str()) {
            let what = format!("rows name a received file {sha256} that the pack does not hold");
            findings.push(Finding::new(READINGS, what));
        }
    }
    for entry in &manifest.files {
        let Some(name) = entry.path.strip_prefix(RECEIVED) else { continue };
        if entry.sha256 != name {
            findings.push(Finding::new(&entry.path, "is not the file its name says"));
        } else if !named.contains(name) {
            findings.push(Finding::new(&entry.path, "was received, but no reading or bill comes from it"));
        }
    }
    findings
}
