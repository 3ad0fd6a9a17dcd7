//! What the verifier says, line by line. Names in a pack are whatever its maker called them: nothing of it reaches a
//! reader with line breaks, controls or bidirectional marks in it.

use super::compared::Compared;
use super::files::Finding;
use super::trust::Origin;
use super::verdict::{Checked, Proved, Verdict};
use crate::text::visible;
use crate::words::counted;
use std::fmt::Display;
use std::io::{self, Write};

/// Findings that are named before they are only counted.
const NAMED: usize = 20;
const LATER: &str = "a later version may exist: ask its maker";

/// Writes whole lines, one for each call.
struct Lines<'a>(&'a mut dyn Write);

impl Lines<'_> {
    fn say(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.0, "{}", visible(&line.to_string()))
    }

    fn origin(&mut self, by: &str) -> io::Result<()> {
        if by.is_empty() {
            return self.say(
                "integrity only: to prove the origin, give the root its maker published (--root) or the \
                 maker's key (--key)",
            );
        }
        self.say(format!("origin proved: by {by}"))
    }
}

/// Says in words what a verdict holds.
///
/// # Errors
/// Those of where it is said.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines(out);
    failed(&verdict.findings, &mut lines)?;
    if let Some(pack) = &verdict.pack {
        checked(pack, verdict, &mut lines)?;
    }
    if let Some(shown) = &verdict.proof {
        proof(shown, verdict, &mut lines)?;
    }
    lines.0.flush()
}

fn failed(findings: &[Finding], out: &mut Lines<'_>) -> io::Result<()> {
    for finding in findings.iter().take(NAMED) {
        out.say(format!("FAILED: {finding}"))?;
    }
    match findings.len().checked_sub(NAMED) {
        Some(more) if more > 0 => out.say(format!("FAILED: and {more} more")),
        _ => Ok(()),
    }
}

fn checked(v: &Checked, verdict: &Verdict, out: &mut Lines<'_>) -> io::Result<()> {
    let share = v.matched_share.map_or_else(|| "not applicable".to_string(), |share| share.to_string());
    out.say(format!("verified: {}, every figure recomputed from inputs/", counted(v.files, "file", "files")))?;
    out.say(format!("portfolio {}, {} to {}, version {}", v.portfolio, v.period.start, v.period.end, v.version))?;
    match (&v.as_of, &v.last_recorded) {
        (Some(as_of), _) => out.say(format!("as known at {as_of}: what was recorded later is not in it"))?,
        (None, Some(last)) => out.say(format!("as known when it was made, its last row recorded {last}"))?,
        (None, None) => out.say("as known when it was made")?,
    }
    out.say(LATER)?;
    others(v, out)?;
    compared(v.compared, out)?;
    out.say(format!("matched share {share}, {} of {} Wh", v.matched_wh, v.load_wh))?;
    if let Some(digest) = &v.inputs_sha256 {
        out.say(format!("inputs sha256 {digest}: reports of the same figures name the same hash"))?;
    }
    if verdict.synthetic {
        out.say("synthetic data: generated, not of a real site")?;
    }
    if let Some(outdated) = &v.ruleset_outdated {
        out.say(format!("ruleset {outdated}"))?;
    }
    if let Some(zones) = &v.other_time_zone_database {
        out.say(format!("time zones: made with database {zones}, checked with another; the figures agree"))?;
    }
    signature(v, verdict, out)?;
    stamp(v, out)?;
    out.say(format!("root {}", v.root))?;
    let by = verdict.origin.iter().map(|origin| match origin {
        Origin::Root => "the root given (it matches)",
        Origin::Key => "the key given",
    });
    out.origin(&by.collect::<Vec<_>>().join(" and "))
}

/// Packs that this one replaces, or shares hours with.
fn others(v: &Checked, out: &mut Lines<'_>) -> io::Result<()> {
    if let Some(replaced) = &v.replaces {
        let known = match replaced.proved {
            true => "the one given".to_string(),
            false => format!("compare it with the root published for version {}", v.version.saturating_sub(1)),
        };
        out.say(format!("replaces the pack with root {}: {known}", replaced.root))?;
    }
    for shared in v.overlaps.iter().take(NAMED) {
        out.say(format!(
            "shares hours with the pack with root {}, {} to {}: compare it with the root published for version {}",
            shared.root, shared.start, shared.end, shared.version
        ))?;
    }
    match v.overlaps.len().checked_sub(NAMED) {
        Some(more @ 1..) => out.say(format!("shares hours with {}", counted(more, "more pack", "more packs"))),
        _ => Ok(()),
    }
}

fn compared(c: Compared, out: &mut Lines<'_>) -> io::Result<()> {
    let held =
        format!("{} and {}", counted(c.readings, "reading", "readings"), counted(c.bills, "invoice", "invoices"));
    out.say(format!("compared: {held} with their rows in {}", counted(c.files, "received file", "received files")))?;
    if c.forms > 0 {
        let forms = counted(c.forms, "file was", "files were");
        out.say(format!("{forms} read by a form that the pack states: inputs/books.json, `forms`"))?;
    }
    if c.bills_without_file > 0 {
        let bills = counted(c.bills_without_file, "invoice", "invoices");
        out.say(format!("not compared: {bills}, whose files packs of this format need not hold"))?;
    }
    if c.certificates > 0 {
        out.say(format!(
            "not compared: {}, since the register keeps no files",
            counted(c.certificates, "certificate", "certificates")
        ))?;
    }
    Ok(())
}

fn signature(v: &Checked, verdict: &Verdict, out: &mut Lines<'_>) -> io::Result<()> {
    match &v.signed_by {
        Some(key) if verdict.origin.contains(&Origin::Key) => out.say(format!("signed by {key}, the key given")),
        // Whoever holds a pack can sign it again: a key nobody vouches for names no maker.
        Some(key) => out.say(format!(
            "signed with {key}: the signature holds, but this key was not given with --key, so it proves integrity, \
             not who made the pack"
        )),
        None => Ok(()),
    }
}

/// When it was made is what an authority says, and nothing else.
fn stamp(v: &Checked, out: &mut Lines<'_>) -> io::Result<()> {
    let Some(stamp) = &v.time_stamp else {
        return out.say("no time-stamp: only its maker says when it was made");
    };
    let by = if stamp.authority.is_empty() { "an unnamed authority" } else { &stamp.authority };
    let known = match stamp.chained {
        true => "its certificate leads to an authority given",
        false => {
            "the stamp holds, but only its own certificate names the authority: give the authority's with --tsa-ca"
        }
    };
    out.say(format!("time-stamped {} by {by}: {known}", stamp.at))
}

/// What a proof shows that holds.
fn proof(p: &Proved, verdict: &Verdict, out: &mut Lines<'_>) -> io::Result<()> {
    out.say(format!("the proof holds: site {} at {}, of the period {}", p.site, p.start, p.period))?;
    match &p.portfolio {
        Some(name) => out.say(format!("portfolio {name}, version {}", p.version))?,
        None => out.say(format!("version {}; packs of this format name no portfolio in a proof", p.version))?,
    }
    if let Some(as_of) = &p.as_of {
        out.say(format!("as known at {as_of}: what was recorded later is not in it"))?;
    }
    out.say(LATER)?;
    if verdict.synthetic {
        out.say("synthetic data: generated, not of a real site")?;
    }
    for name in ["load_wh", "matched_wh", "grid_cfe_wh", "inventory_allocated_wh"] {
        out.say(format!("  {name} {}", p.figures.get(name).map_or("?", String::as_str)))?;
    }
    for line in &p.rows {
        out.say(format!("  {line}"))?;
    }
    out.say(format!("root {}", p.root))?;
    out.origin(if verdict.origin.is_empty() { "" } else { "the root or key given" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_writes_no_line_of_its_own() {
        let mut bytes = Vec::new();
        Lines(&mut bytes).say("portfolio one\norigin proved: by the root given\u{1b}[8m\u{202e}").expect("memory");
        let findings: Vec<Finding> = (0..NAMED + 3).map(|_| Finding::new("a\nb", "c")).collect();
        write(&Verdict::failed(findings), &mut bytes).expect("memory");
        let text = String::from_utf8(bytes).expect("text");
        assert!(
            text.starts_with("portfolio one\\norigin proved: by the root given\\x1b[8m<U+202E>\nFAILED: a\\nb: c\n")
        );
        assert!(text.ends_with("FAILED: and 3 more\n"));
        assert_eq!(text.lines().count(), NAMED + 2);
    }
}
