//! What a pack says of published packs of other periods, against those packs' own manifests: each shares hours with it,
//! stands once and is no version of it.

use super::files::Finding;
use super::layout::{OVERLAPPING, overlap_paths};
use crate::digest;
use crate::inputs::{Inputs, Overlap};
use crate::seal::manifest::{Manifest, Period};
use crate::time::Instant;
use std::collections::BTreeSet;

/// Everything that does not hold of `inputs/overlapping/`.
pub(super) fn findings(inputs: &Inputs, manifest: &Manifest) -> Vec<Finding> {
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
        say(&path, "its period does not consist of instants such as 2026-01-01T00:00:00Z");
    }
    let apart = period.end <= own.start || own.end <= period.start;
    if apart || (period.start, period.end) == (own.start, own.end) {
        say(&path, "is of the same period as this pack, or of one that shares no hour with it");
    }
    let listed = other.entry("intervals.csv").map(|e| e.sha256.as_str());
    if listed != Some(digest::sha256_hex(&overlap.intervals).as_str()) {
        say(&intervals, "is not the file of the pack it is of");
    }
    findings
}
