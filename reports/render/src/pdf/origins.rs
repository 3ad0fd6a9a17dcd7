//! Page one, continued: how sites are metered and owned, where factors come from, and who recorded what.

use super::facts::{Fact, fact};
use super::figures::{NOT_STATED, count, ratio, recorded, share, stated};
use reports::definitions::Labels;
use reports::report::{Report, SiteReport};
use std::collections::BTreeMap;

/// Sites, sources of factors and files named on page one; their sections have all of them.
const NAMED: usize = 6;

pub fn rows(report: &Report) -> Vec<Fact> {
    let mut facts = sites(report);
    facts.extend(factors(report));
    facts.extend(revisions(report));
    facts
}

/// Lines under one name, which stands before the first.
fn listed(name: &'static str, lines: Vec<String>) -> Vec<Fact> {
    lines.into_iter().enumerate().map(|(index, line)| fact(if index == 0 { name } else { "" }, line)).collect()
}

fn sites(report: &Report) -> Vec<Fact> {
    let mut lines: Vec<String> = report.sites.iter().take(NAMED).map(|s| site(s, &report.labels)).collect();
    if report.sites.len() > NAMED {
        lines.push(format!("and {} more under Sites", count(report.sites.len() - NAMED)));
    }
    listed("Meters and ownership", lines)
}

fn site(site: &SiteReport, labels: &Labels) -> String {
    let load = &site.totals.quality.load;
    let metered = share(load.measured + load.validated + load.calculated, site.totals.metered_load_wh);
    let space = match site.leased {
        Some(true) => "leased",
        Some(false) => "not leased",
        None => NOT_STATED,
    };
    format!(
        "{}: meter {}, accuracy class {}, metered coverage {metered}; ownership {}, leased space {space}",
        labels.site_with_id(&site.id),
        stated(site.meter.as_ref()),
        stated(site.accuracy_class.as_ref()),
        site.ownership_share.as_deref().map_or_else(|| NOT_STATED.to_string(), ratio),
    )
}

/// Factors by where they come from: one line a publication, year and region.
fn factors(report: &Report) -> Vec<Fact> {
    let mut by_source: BTreeMap<(&str, &str, &str), Vec<String>> = BTreeMap::new();
    for factor in &report.disclosure.factors {
        let source = (factor.publication.as_str(), factor.year.as_str(), factor.region.as_str());
        // A fuel is its own name; a boundary may have several factors.
        let subject = match factor.what.as_str() {
            "fuel of a grid mix" => factor.subject.clone(),
            what => format!("{} ({})", factor.subject, what.replace('_', " ")),
        };
        by_source.entry(source).or_default().push(subject);
    }
    let mut lines: Vec<String> = by_source
        .iter()
        .take(NAMED)
        .map(|((publication, year, region), subjects)| {
            let subjects = subjects.join(", ");
            if [publication, year, region].iter().all(|text| **text == NOT_STATED) {
                return format!("publication, year and region not stated: {subjects}");
            }
            format!("{publication}; year {year}; region {region}: {subjects}")
        })
        .collect();
    if by_source.len() > NAMED {
        lines.push(format!("and {} more under Emission factors", count(by_source.len() - NAMED)));
    }
    listed("Emission factors", lines)
}

/// The newest files, the last first.
fn revisions(report: &Report) -> Vec<Fact> {
    let line = |r: &reports::report::RevisionReport| {
        let (actor, reason) = (stated(r.actor.as_ref()), stated(r.reason.as_ref()));
        format!("{}: actor {actor}, reason {reason}", recorded(&r.recorded))
    };
    let mut lines: Vec<String> = report.files.iter().rev().take(NAMED).map(line).collect();
    if report.files.len() > NAMED {
        lines.push(format!("and {} earlier ones under Files", count(report.files.len() - NAMED)));
    }
    listed("Revisions, recorded UTC", lines)
}
