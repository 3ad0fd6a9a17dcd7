//! What a pack says of packs published before it, against their own manifests: of the one that it replaces, and of those of
//! other periods that share hours with it, each of which stands once and is no version of it.

use super::files::Finding;
use super::layout::{OVERLAPPING, PREVIOUS, overlap_paths};
use super::trust::Trust;
use crate::digest;
use crate::inputs::{Inputs, Overlap, Previous};
use crate::report::Report;
use crate::seal::manifest::{self, Manifest, Period};
use crate::time::Instant;
use std::collections::BTreeSet;

/// Everything that does not hold of `inputs/previous/`.
pub(super) fn replaced(inputs: &Inputs, manifest: &Manifest, trust: &Trust) -> Vec<Finding> {
    let Some(restatement) = &inputs.restatement else {
        let stray = manifest.files.iter().filter(|e| e.path.starts_with(PREVIOUS));
        let stray = stray.map(|e| Finding::new(&e.path, "belongs to a restatement, and this is none"));
        let none = Finding::new(manifest::PATH, "replaces no pack, and --replaces names one");
        return stray.chain(trust.replaces.iter().map(|_| none.clone())).collect();
    };
    let path = format!("{PREVIOUS}manifest.json");
    let other = "its root is not that of the pack this one replaces";
    let (previous, faults) = match Manifest::carried(&restatement.previous.manifest, &restatement.replaces, other) {
        Ok(read) => read,
        Err(error) => return vec![Finding::new(&path, error.to_string())],
    };
    let mut findings: Vec<Finding> = faults.into_iter().map(|what| Finding::new(&path, what)).collect();
    let mut say = |what: String| findings.push(Finding::new(&path, what));
    if previous.version.checked_add(1) != Some(restatement.version) || previous.period != manifest.period {
        say("is not of the same period, one version before".into());
    }
    if let Some(wanted) = trust.replaces.as_ref().filter(|wanted| !wanted.eq_ignore_ascii_case(&restatement.replaces)) {
        say(format!("the pack replaced has the root {}, not {wanted}", restatement.replaces));
    }
    findings.extend(files(&previous, &restatement.previous));
    findings
}

/// Its files are those its manifest lists, and its results those of its manifest.
fn files(manifest: &Manifest, previous: &Previous) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, bytes) in [("intervals.csv", &previous.intervals), ("results.json", &previous.results)] {
        if !lists(manifest, name, bytes) {
            findings.push(Finding::new(&format!("{PREVIOUS}{name}"), "is not the file of the pack replaced"));
        }
    }
    let path = format!("{PREVIOUS}results.json");
    match serde_json::from_slice::<Report>(&previous.results) {
        Err(error) => findings.push(Finding::new(&path, error.to_string())),
        Ok(report) => {
            let stated_head = (&report.period, &report.ruleset, report.synthetic, report.version, &report.replaces);
            let head = (&manifest.period, &manifest.ruleset, manifest.synthetic, manifest.version, &manifest.previous);
            if stated_head != head {
                findings.push(Finding::new(&path, "is of another period, ruleset or version than its manifest"));
            }
        }
    }
    findings
}

/// Everything that does not hold of `inputs/overlapping/`.
pub(super) fn overlapping(inputs: &Inputs, manifest: &Manifest) -> Vec<Finding> {
    let named: BTreeSet<String> = inputs.overlaps.iter().flat_map(|overlap| overlap_paths(&overlap.root)).collect();
    let stray = manifest.files.iter().filter(|e| e.path.starts_with(OVERLAPPING) && !named.contains(&e.path));
    let mut findings: Vec<Finding> =
        stray.map(|e| Finding::new(&e.path, "is of no pack that this one names as overlapping")).collect();
    let mut last: Option<(Instant, Instant, &str)> = None;
    for overlap in &inputs.overlaps {
        let [path, _] = overlap_paths(&overlap.root);
        let another = "its root is not the one it is named by";
        let (other, faults) = match Manifest::carried(&overlap.manifest, &overlap.root, another) {
            Ok(read) => read,
            Err(error) => {
                findings.push(Finding::new(&path, error.to_string()));
                continue;
            }
        };
        findings.extend(faults.into_iter().map(|what| Finding::new(&path, what)));
        findings.extend(of_one(overlap, &other, &manifest.period));
        let place = (other.period.start, other.period.end, overlap.root.as_str());
        if last.as_ref().is_some_and(|last| *last >= place) {
            findings.push(Finding::new(&path, "stands twice or out of order among the overlapping packs"));
        }
        last = Some(place);
    }
    findings
}

fn of_one(overlap: &Overlap, other: &Manifest, own: &Period) -> Vec<Finding> {
    let [path, intervals] = overlap_paths(&overlap.root);
    let mut findings = Vec::new();
    let mut say = |path: &str, what: &str| findings.push(Finding::new(path, what));
    let period = &other.period;
    if period.end <= period.start {
        say(&path, "the end of its period is not after its start");
    }
    let apart = period.end <= own.start || own.end <= period.start;
    if apart || (period.start, period.end) == (own.start, own.end) {
        say(&path, "is of the same period as this pack, or of one that shares no hour with it");
    }
    if !lists(other, "intervals.csv", &overlap.intervals) {
        say(&intervals, "is not the file of the pack it is of");
    }
    findings
}

/// Whether a manifest lists a file of these bytes.
fn lists(manifest: &Manifest, name: &str, bytes: &[u8]) -> bool {
    manifest.entry(name).is_some_and(|entry| entry.sha256 == digest::sha256_hex(bytes))
}
