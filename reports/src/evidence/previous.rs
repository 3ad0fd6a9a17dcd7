//! What a restatement says of the pack it replaces, against that pack's own manifest and the root known of it.

use super::files::Finding;
use super::layout::PREVIOUS;
use super::trust::Trust;
use crate::digest;
use crate::inputs::{Inputs, Previous};
use crate::report::Report;
use crate::seal::manifest::{self, Manifest};

/// Everything that does not hold of `inputs/previous/`.
pub(super) fn findings(inputs: &Inputs, manifest: &Manifest, trust: &Trust) -> Vec<Finding> {
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
        let listed = manifest.entry(name).map(|e| e.sha256.as_str());
        if listed != Some(digest::sha256_hex(bytes).as_str()) {
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
