//! What the verifier says, line by line. Names in a pack are whatever its maker called them: nothing of it reaches a
//! reader with line breaks, controls or bidirectional marks in it.

use super::compared::Compared;
use super::proof::{Proof, Shown};
use super::verify::{Finding, Origin, Verified};
use crate::text::visible;
use crate::time::{format_instant, format_micros};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};

/// Findings that are named before they are only counted.
const NAMED: usize = 20;
const LATER: &str = "a later version may exist: whoever made it knows";

/// Writes whole lines, one for each call.
pub struct Lines<'a>(pub &'a mut dyn Write);

impl Lines<'_> {
    pub fn say(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.0, "{}", visible(&line.to_string()))
    }

    fn origin(&mut self, by: &str) -> io::Result<()> {
        if by.is_empty() {
            return self.say("integrity only: give the root its maker published with --root, or the key with --key");
        }
        self.say(format!("origin proved: by {by}"))
    }
}

pub(super) fn failed(findings: &[Finding], out: &mut Lines<'_>) -> io::Result<()> {
    for finding in findings.iter().take(NAMED) {
        out.say(format!("FAILED: {finding}"))?;
    }
    match findings.len().checked_sub(NAMED) {
        Some(more) if more > 0 => out.say(format!("FAILED: and {more} findings more")),
        _ => Ok(()),
    }
}

pub(super) fn verified(v: &Verified, out: &mut Lines<'_>) -> io::Result<()> {
    let report = &v.report;
    let period = &report.period;
    let share = report.portfolio.matched_share.as_deref().unwrap_or("not applicable");
    out.say(format!("verified: {} files, every figure recomputed from inputs/", v.files))?;
    out.say(format!("portfolio {}, {} to {}, version {}", report.name, period.start, period.end, report.version))?;
    match (&report.as_of, v.last_recorded_us) {
        (Some(as_of), _) => out.say(format!("as known at {as_of}: what was recorded later is not in it"))?,
        (None, Some(last)) => {
            out.say(format!("as known when it was made, its last row recorded {}", format_micros(last)))?
        }
        (None, None) => out.say("as known when it was made")?,
    }
    out.say(LATER)?;
    if let Some(replaced) = &report.replaces {
        let known = match v.replaces_proved {
            true => "the one given".to_string(),
            false => format!("compare it with the root published for version {}", report.version.saturating_sub(1)),
        };
        out.say(format!("replaces the pack with root {replaced}: {known}"))?;
    }
    for overlap in report.overlaps.iter().take(NAMED) {
        let (period, version) = (&overlap.period, overlap.version);
        let (start, end, root) = (&period.start, &period.end, &overlap.root);
        out.say(format!(
            "shares hours with the pack with root {root}, {start} to {end}: compare it with the root published for \
             version {version}"
        ))?;
    }
    if let Some(more @ 1..) = report.overlaps.len().checked_sub(NAMED) {
        out.say(format!("shares hours with {more} packs more"))?;
    }
    compared(v.compared, out)?;
    out.say(format!("matched share {share}, {} of {} Wh", report.portfolio.matched_wh, report.portfolio.load_wh))?;
    if let Some(digest) = &report.inputs_sha256 {
        out.say(format!("inputs sha256 {digest}: a report of the same figures names the same"))?;
    }
    if report.synthetic {
        out.say("synthetic data: generated, of no real site")?;
    }
    if let Some(outdated) = &v.outdated {
        out.say(format!("ruleset {outdated}"))?;
    }
    if let Some(zones) = &v.other_zones {
        out.say(format!("time zones: made with database {zones}, checked with another, the figures are the same"))?;
    }
    signature(v, out)?;
    stamp(v, out)?;
    out.say(format!("root {}", v.root))?;
    let by = v.origin.iter().map(|origin| match origin {
        Origin::Root => "the root given (it matches)",
        Origin::Key => "the key given",
    });
    out.origin(&by.collect::<Vec<_>>().join(" and "))
}

fn compared(c: Compared, out: &mut Lines<'_>) -> io::Result<()> {
    let held = format!("{} readings and {} bills", c.readings, c.bills);
    out.say(format!("compared: {held} with their rows in {} received files", c.files))?;
    if c.bills_without_file > 0 {
        let bills = c.bills_without_file;
        out.say(format!("not compared: {bills} bills, packs of this format need not hold the files they came in"))?;
    }
    if c.certificates > 0 {
        out.say(format!("not compared: {} certificates, the register keeps no files", c.certificates))?;
    }
    Ok(())
}

fn signature(v: &Verified, out: &mut Lines<'_>) -> io::Result<()> {
    match &v.signed_by {
        Some(key) if v.origin.contains(&Origin::Key) => out.say(format!("signed by {key}, the key given")),
        // Whoever holds a pack can sign it again: a key nobody vouches for names no maker.
        Some(key) => out.say(format!(
            "signed with {key}: the signature holds, but this key was not given with --key, so it shows integrity only \
             and not who made the pack"
        )),
        None => Ok(()),
    }
}

/// When it was made is what an authority says, and nothing else.
fn stamp(v: &Verified, out: &mut Lines<'_>) -> io::Result<()> {
    let Some(stamp) = &v.stamp else {
        return out.say("no time-stamp: nothing but its maker's word says when it was made");
    };
    let by = if stamp.authority.is_empty() { "an authority without a name" } else { &stamp.authority };
    let known = match stamp.chained {
        true => "its certificate leads to an authority given",
        false => "the stamp holds, but whose it is only its own certificate says: give the authority's with --tsa-ca",
    };
    out.say(format!("time-stamped {} by {by}: {known}", format_instant(stamp.at_s)))
}

/// What a proof shows that holds.
pub(super) fn proof(proof: &Proof, shown: &Shown, out: &mut Lines<'_>) -> io::Result<()> {
    let (site, start, period) = (&proof.site, &proof.start, &shown.name_of_period);
    out.say(format!("the proof holds: site {site} at {start}, of the period {period}"))?;
    match &shown.portfolio {
        Some(name) => out.say(format!("portfolio {name}, version {}", shown.version))?,
        None => out.say(format!("version {}; packs of this format name no portfolio in a proof", shown.version))?,
    }
    if let Some(as_of) = &shown.as_of {
        out.say(format!("as known at {as_of}: what was recorded later is not in it"))?;
    }
    out.say(LATER)?;
    if shown.synthetic {
        out.say("synthetic data: generated, of no real site")?;
    }
    let cells: BTreeMap<&str, &str> = proof.columns.split(',').zip(proof.row.split(',')).collect();
    for name in ["load_wh", "matched_wh", "grid_cfe_wh", "inventory_allocated_wh"] {
        out.say(format!("  {name} {}", cells.get(name).unwrap_or(&"?")))?;
    }
    for line in &proof.allocations {
        out.say(format!("  {line}"))?;
    }
    out.say(format!("root {}", proof.merkle_root))?;
    out.origin(if shown.origin_proved { "the root or key given" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_writes_no_line_of_its_own() {
        let mut bytes = Vec::new();
        let mut out = Lines(&mut bytes);
        out.say("portfolio one\norigin proved: by the root given\u{1b}[8m\u{202e}").expect("memory");
        let findings: Vec<Finding> = (0..NAMED + 3).map(|_| Finding::new("a\nb", "c")).collect();
        failed(&findings, &mut out).expect("memory");
        let text = String::from_utf8(bytes).expect("text");
        assert!(
            text.starts_with("portfolio one\\norigin proved: by the root given\\x1b[8m<U+202E>\nFAILED: a\\nb: c\n")
        );
        assert!(text.ends_with("FAILED: and 3 findings more\n"));
        assert_eq!(text.lines().count(), NAMED + 2);
    }
}
