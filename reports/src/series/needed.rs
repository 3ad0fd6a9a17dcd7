//! Which series, over which spans, a report of a period reads.

use super::certified::Claims;
use super::delivery::{plant_series, resold_series};
use super::estimate;
use super::name::VOLUMES;
use crate::certificates::Certificate;
use crate::definitions::{CertificateRule, Definitions, MissingLoad};
use crate::factors::FUELS;
use crate::ruleset::{CertificateRule as Backing, MissingChannel, Ruleset};
use crate::time::Interval;
use std::collections::BTreeMap;

/// Spans per series, disjoint and sorted.
pub fn for_report(
    definitions: &Definitions,
    ruleset: &Ruleset,
    certificates: &[Certificate],
    period: Interval,
) -> BTreeMap<String, Vec<Interval>> {
    let mut needed = Needed::default();
    let leaves = ["cfe_share", "carbon_intensity", "residual_intensity", "fossil_intensity", "sss_share"];
    for boundary in &definitions.boundaries {
        for leaf in leaves.into_iter().chain(FUELS.iter().map(|(fuel, ..)| *fuel)) {
            needed.want(format!("grid/{}/{leaf}", boundary.id), period);
        }
        for (fuel, ..) in FUELS {
            VOLUMES.iter().for_each(|v| needed.want(format!("grid/{}/{fuel}_{v}", boundary.id), period));
        }
    }
    for link in &definitions.links {
        [&link.from, &link.to].into_iter().for_each(|id| needed.want(format!("grid/{id}/price"), period));
    }
    let around = match definitions.missing_load {
        MissingLoad::Block => period,
        MissingLoad::Estimate => {
            let reach = estimate::reach_s(ruleset.estimate_days);
            Interval { start_s: period.start_s - reach, end_s: period.end_s + reach }
        }
    };
    // Where any channel that lacks is estimated, of each the days around.
    let channels = match ruleset.rules.missing_channel {
        MissingChannel::Zero => period,
        MissingChannel::Missing => around,
    };
    for site in &definitions.sites {
        needed.want(format!("site/{}/load", site.id), around);
        needed.want(format!("site/{}/import", site.id), around);
        needed.want(format!("site/{}/export", site.id), channels);
        needed.want(format!("site/{}/onsite_generation", site.id), channels);
    }
    for storage in &definitions.storage {
        ["charge", "discharge"].iter().for_each(|leaf| needed.want(format!("storage/{}/{leaf}", storage.id), channels));
        // The state at the start is that of the reading that ends there.
        let before = Interval { start_s: period.start_s - 86_400, end_s: period.end_s };
        needed.want(format!("storage/{}/state", storage.id), before);
    }
    let backing = ruleset.rules.certificates;
    let claims = Claims::new(definitions, backing);
    for contract in &definitions.contracts {
        // By the hour the register backs what it does not limit, too.
        let span = match (backing, contract.certificates) {
            (Backing::Volume, CertificateRule::Stated) => period,
            (Backing::Hour, _) | (_, CertificateRule::Required) => claims.reach(certificates, contract, period),
        };
        plant_series(contract).into_iter().for_each(|name| needed.want(name, span));
        needed.want(resold_series(contract), span);
        if let Some(profile) = &contract.profile {
            needed.want(profile.series.clone(), span);
            needed.want(profile.series.clone(), profile.over);
        }
    }
    needed.0.into_iter().map(|(name, spans)| (name, union(spans))).collect()
}

#[derive(Default)]
struct Needed(BTreeMap<String, Vec<Interval>>);

impl Needed {
    fn want(&mut self, name: String, span: Interval) {
        self.0.entry(name).or_default().push(span);
    }
}

fn union(mut spans: Vec<Interval>) -> Vec<Interval> {
    spans.sort();
    let mut merged: Vec<Interval> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start_s <= last.end_s => last.end_s = last.end_s.max(span.end_s),
            _ => merged.push(span),
        }
    }
    merged
}
