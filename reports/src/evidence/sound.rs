//! What inputs must be for figures to rest on them: every check that ingest, `check` and the certificate register
//! apply, applied to what a pack holds. Whoever makes a pack asks first, so that no pack is made that would not verify.

use super::files::Finding;
use super::inputs_files::{received, recorded};
use super::layout::{BOOKS, CERTIFICATES, INVOICES, OVERLAPPING, READINGS, REVISIONS, is_sha256};
use crate::certificates::Taken;
use crate::definitions::{limits, too_much};
use crate::factors::FUELS;
use crate::fallbacks::Fallback;
use crate::inputs::{Inputs, Point, Quality, touching};
use crate::seal::format::Format;
use crate::series::name::{SeriesKind, kind_of};
use crate::suspects::Suspect;
use crate::text::is_line;
use crate::time::{Grid, RecordTime};
use crate::units::Quantity;
use ids::{ContractId, SiteId};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is wrong with inputs; of readings, the first of each series.
pub fn findings(inputs: &Inputs, format: Format) -> Vec<Finding> {
    let mut list = counts(inputs);
    if !list.is_empty() {
        return list;
    }
    list.extend(books(inputs));
    list.extend(rows(inputs));
    list.extend(revisions(inputs));
    list.extend(certificates(inputs, format));
    list.extend(invoices(inputs, format));
    list.extend(suspects(inputs));
    list.extend(fallbacks(inputs));
    list
}

/// More rows than a pack is read with, so that none is made that would not verify.
fn counts(inputs: &Inputs) -> Vec<Finding> {
    let readings: usize = inputs.series.values().map(Vec::len).sum();
    let carried = inputs.restatement.iter().map(|r| &r.previous);
    let carried = carried.map(|p| p.manifest.len() + p.intervals.len() + p.results.len()).sum::<usize>();
    let overlapping = inputs.overlaps.iter().map(|o| o.manifest.len() + o.intervals.len()).sum::<usize>();
    let bytes = carried.saturating_add(overlapping);
    [
        (READINGS, readings, limits::READINGS, "readings"),
        (CERTIFICATES, inputs.certificates.len(), limits::CERTIFICATES, "certificates"),
        (INVOICES, inputs.invoices.len(), limits::INVOICES, "bills"),
        (REVISIONS, inputs.acts.len(), limits::REVISIONS, "acts"),
        (REVISIONS, received(inputs).len(), limits::RECEIVED, "received files"),
        (OVERLAPPING, inputs.overlaps.len(), limits::OVERLAPS, "packs that share hours"),
        (BOOKS, inputs.suspects.len(), limits::SUSPECTS, "suspect spans"),
        (BOOKS, inputs.fallbacks.len(), limits::FALLBACKS, "spans of fallback sources"),
        (OVERLAPPING, bytes, limits::CARRIED_BYTES as usize, "bytes of earlier packs"),
    ]
    .into_iter()
    .filter(|(_, count, most, _)| count > most)
    .map(|(path, count, most, what)| Finding::new(path, format!("{count} {what} are more than a pack holds, {most}")))
    .collect()
}

/// The last instant at which anything of these inputs was recorded.
pub fn last_recorded(inputs: &Inputs) -> Option<RecordTime> {
    recorded(inputs).map(|(recorded, ..)| recorded).max()
}

/// What was recorded after the second asked for was not known then.
fn until(inputs: &Inputs) -> RecordTime {
    inputs.as_of.map_or(RecordTime::END, RecordTime::from)
}

fn books(inputs: &Inputs) -> Vec<Finding> {
    let faults = inputs.definitions.faults(&inputs.ruleset);
    let mut list: Vec<Finding> = faults.iter().map(|fault| Finding::new(BOOKS, fault.to_string())).collect();
    let mut say = |what: String| list.push(Finding::new(BOOKS, what));
    match Grid::over(inputs.period, inputs.definitions.resolution) {
        Err(error) => say(format!("period: {error}")),
        Ok(grid) => too_much(&inputs.definitions, grid.len).into_iter().for_each(|what| say(format!("period: {what}"))),
    }
    for (boundary, fuels) in &inputs.fuels {
        if inputs.definitions.boundaries.iter().all(|b| b.id != *boundary) {
            say(format!("fuels: boundary `{boundary}` is not defined"));
        }
        if let Some(fuel) = fuels.iter().find(|fuel| FUELS.iter().all(|(known, ..)| known != fuel)) {
            say(format!("fuels of {boundary}: `{fuel}` is not a fuel"));
        }
        if fuels.windows(2).any(|pair| pair[0] >= pair[1]) {
            say(format!("fuels of {boundary} stand twice or out of order"));
        }
    }
    if let Some(r) = &inputs.restatement {
        if r.version < 2 || !is_sha256(&r.replaces) {
            say(format!("restatement: version {} of `{}` replaces no pack", r.version, r.replaces));
        }
        for (key, text) in [("reason", &r.reason), ("actor", &r.actor)] {
            if !is_line(text) {
                say(format!("restatement.{key} is blank or holds control characters or bidirectional marks"));
            }
        }
    }
    list
}

fn rows(inputs: &Inputs) -> Vec<Finding> {
    let until = until(inputs);
    let of_series = |(series, points): (&String, &Vec<Point>)| match kind_of(series) {
        Err(error) => Some(Finding::new(READINGS, error.to_string())),
        Ok(kind) => points.iter().find_map(|p| {
            let what = fault(inputs, series, kind, p, until)?;
            Some(Finding::new(READINGS, format!("{series}, {}: {what}", p.interval())))
        }),
    };
    inputs.series.iter().filter_map(of_series).collect()
}

fn fault(inputs: &Inputs, series: &str, kind: SeriesKind, p: &Point, until: RecordTime) -> Option<String> {
    if p.end <= p.start {
        return Some("its end is not after its start".into());
    }
    if p.quality == Quality::Missing {
        return Some("what was retracted is not a reading of a pack".into());
    }
    if p.row < 1 {
        return Some(format!("{} is not a row of a file", p.row));
    }
    match inputs.revisions.get(&p.revision) {
        None => return Some("no file it came in is named".into()),
        Some(r) if r.recorded > until => {
            return Some(format!("was recorded {}, after the pack's own as_of", r.recorded));
        }
        Some(_) => {}
    }
    kind.fault(series, p.value).or_else(|| p.interval().fault())
}

/// One file, one instant; who and why in one line each.
fn revisions(inputs: &Inputs) -> Vec<Finding> {
    let until = until(inputs);
    let mut list = Vec::new();
    let mut instants: BTreeMap<RecordTime, &str> = BTreeMap::new();
    for (recorded, sha256, actor, reason) in recorded(inputs) {
        let mut say = |what: &str| list.push(Finding::new(REVISIONS, format!("{recorded}: {what}")));
        if !sha256.is_empty() && !is_sha256(sha256) {
            say(&format!("`{sha256}` is not a SHA-256"));
        }
        if recorded > until {
            say("was recorded after the pack's own as_of");
        }
        if !sha256.is_empty() && instants.insert(recorded, sha256).is_some_and(|other| other != sha256) {
            say("two files are recorded at the same instant");
        }
        for (key, text) in [("actor", actor), ("reason", reason)] {
            if text.as_ref().is_some_and(|text| !is_line(text)) {
                say(&format!("`{key}` is blank or holds control characters or bidirectional marks"));
            }
        }
    }
    list
}

fn certificates(inputs: &Inputs, format: Format) -> Vec<Finding> {
    let mut list = Vec::new();
    let mut taken = Taken::default();
    let mut last: Option<&str> = None;
    let known: BTreeSet<&ContractId> = inputs.definitions.contracts.iter().map(|contract| &contract.id).collect();
    for c in &inputs.certificates {
        let stray = c.contract.as_ref().filter(|id| format >= Format::V3 && !known.contains(id));
        let unknown = stray.map(|id| format!("contract `{id}` is not in the portfolio"));
        let order = last.is_some_and(|last| last >= c.id.as_str()).then(|| "stands twice or out of order".to_string());
        if let Some(what) = c.fault().or(order).or(unknown).or_else(|| taken.overlap(c)) {
            list.push(Finding::new(CERTIFICATES, format!("certificate `{}`: {what}", c.id)));
        }
        taken.take(c);
        last = Some(c.id.as_str());
    }
    list
}

fn invoices(inputs: &Inputs, format: Format) -> Vec<Finding> {
    let mut list = Vec::new();
    let mut seen = BTreeSet::new();
    let sites: BTreeSet<&SiteId> = inputs.definitions.sites.iter().map(|site| &site.id).collect();
    for (place, bill) in inputs.invoices.iter().enumerate() {
        let site = sites.contains(&bill.site);
        let unknown = (format >= Format::V3 && !site).then(|| format!("site `{}` is not in the portfolio", bill.site));
        let twice = (!seen.insert((&bill.invoice, &bill.site))).then(|| "stands twice".to_string());
        let order = (place > 0 && inputs.invoices[place - 1] > *bill).then(|| "is out of order".to_string());
        if let Some(what) = bill.fault().or(unknown).or(twice).or(order) {
            list.push(Finding::new(INVOICES, format!("invoice `{}` of site {}: {what}", bill.invoice, bill.site)));
        }
    }
    list
}

/// What is doubted is of the pack's own readings in the period, and counts them right. Why it is doubted is its maker's
/// word: it may rest on readings before the period.
fn suspects(inputs: &Inputs) -> Vec<Finding> {
    let of_one = |(place, suspect): (usize, &Suspect)| {
        let order = (place > 0 && inputs.suspects[place - 1] >= *suspect).then_some("stands twice or out of order");
        let outside = (suspect.span.overlap_s(inputs.period) <= 0).then_some("lies outside the period");
        let blank = (!is_line(&suspect.message)).then_some("does not say why in a line");
        let what = order.or(outside).or(blank).or_else(|| miscounted(inputs, suspect))?;
        Some(Finding::new(BOOKS, format!("suspects of {}, {}: {what}", suspect.series, suspect.span)))
    };
    inputs.suspects.iter().enumerate().filter_map(of_one).collect()
}

/// What a source gave in place of another is of the pack's own readings in the period, and counts them right. Which source
/// was the better one is its maker's word: ranks are of the machine that asked.
fn fallbacks(inputs: &Inputs) -> Vec<Finding> {
    let of_one = |(place, fallback): (usize, &Fallback)| {
        let order = (place > 0 && inputs.fallbacks[place - 1] >= *fallback).then_some("stands twice or out of order");
        let outside = (fallback.span.overlap_s(inputs.period) <= 0).then_some("lies outside the period");
        let named = is_line(&fallback.source) && is_line(&fallback.in_place_of);
        let unnamed = (!named).then_some("does not name both sources in a line");
        let count = touching(inputs.points(&fallback.series), fallback.span).len();
        let other = (count == 0 || count != fallback.readings).then_some("does not name readings of the pack");
        let what = order.or(outside).or(unnamed).or(other)?;
        Some(Finding::new(BOOKS, format!("fallbacks of {}, {}: {what}", fallback.series, fallback.span)))
    };
    inputs.fallbacks.iter().enumerate().filter_map(of_one).collect()
}

fn miscounted(inputs: &Inputs, suspect: &Suspect) -> Option<&'static str> {
    let of_it = touching(inputs.points(&suspect.series), suspect.span);
    let is_energy = kind_of(&suspect.series).is_ok_and(|kind| kind.quantity == Quantity::Energy);
    let sum = of_it.iter().fold(0_i64, |sum, p| sum.saturating_add(p.value));
    let wh = if is_energy { sum } else { 0 };
    let same = suspect.readings == of_it.len() && suspect.wh == wh;
    (!same || of_it.is_empty()).then_some("does not name readings of the pack with their sum")
}
