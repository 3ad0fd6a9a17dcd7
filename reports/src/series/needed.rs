//! Which series, over which spans, a report of a period reads.

use super::certified::Claims;
use super::delivery::{plant_series, resold_series};
use super::estimate;
use super::name::{GridLeaf, SeriesName, SiteLeaf, StorageLeaf, Volume};
use super::pieces::joined;
use crate::certificates::Certificate;
use crate::definitions::{CertificateRule, Definitions, MissingLoad};
use crate::factors::FUELS;
use crate::ruleset::{CertificateRule as Backing, MissingChannel, Ruleset};
use crate::time::Interval;
use ids::BoundaryId;
use std::collections::BTreeMap;

/// What tells what the grid of a boundary was like, for plan and report alike: feeds, then the fuels of its mix.
pub fn of_grid(boundary: &BoundaryId) -> Vec<SeriesName> {
    let feeds = [GridLeaf::CfeShare, GridLeaf::CarbonIntensity, GridLeaf::ResidualIntensity, GridLeaf::FossilIntensity];
    let feeds = feeds.map(|leaf| SeriesName::grid(boundary, leaf));
    feeds.into_iter().chain(FUELS.iter().map(|(fuel, ..)| SeriesName::of_boundary(boundary, fuel))).collect()
}

/// Spans per series, disjoint and sorted.
pub fn for_report(
    definitions: &Definitions,
    ruleset: &Ruleset,
    certificates: &[Certificate],
    period: Interval,
) -> BTreeMap<String, Vec<Interval>> {
    let mut needed = Needed::default();
    for boundary in &definitions.boundaries {
        of_grid(&boundary.id).into_iter().for_each(|name| needed.want(name, period));
        needed.want(SeriesName::grid(&boundary.id, GridLeaf::SssShare), period);
        for (fuel, ..) in FUELS {
            Volume::ALL.into_iter().for_each(|v| needed.want(SeriesName::volume(&boundary.id, fuel, v), period));
        }
    }
    for link in &definitions.links {
        for id in [&link.from, &link.to] {
            needed.want(SeriesName::grid(id, GridLeaf::Price), period);
        }
    }
    let around = match definitions.missing_load {
        MissingLoad::Block => period,
        MissingLoad::Estimate => {
            let reach = estimate::reach_s(ruleset.estimate_days);
            Interval { start: period.start - reach, end: period.end + reach }
        }
    };
    // Where any channel that lacks is estimated, of each the days around.
    let channels = match ruleset.rules.missing_channel {
        MissingChannel::Zero => period,
        MissingChannel::Missing => around,
    };
    for site in &definitions.sites {
        needed.want(SeriesName::site(&site.id, SiteLeaf::Load), around);
        needed.want(SeriesName::site(&site.id, SiteLeaf::Import), around);
        needed.want(SeriesName::site(&site.id, SiteLeaf::Export), channels);
        needed.want(SeriesName::site(&site.id, SiteLeaf::OnsiteGeneration), channels);
    }
    for storage in &definitions.storage {
        for leaf in [StorageLeaf::Charge, StorageLeaf::Discharge] {
            needed.want(SeriesName::storage(&storage.id, leaf), channels);
        }
        // The state at the start is that of the reading that ends there.
        let before = Interval { start: period.start - 86_400, end: period.end };
        needed.want(SeriesName::storage(&storage.id, StorageLeaf::State), before);
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
    needed.0.into_iter().map(|(name, spans)| (name, joined(spans))).collect()
}

#[derive(Default)]
struct Needed(BTreeMap<String, Vec<Interval>>);

impl Needed {
    fn want(&mut self, name: impl Into<String>, span: Interval) {
        self.0.entry(name.into()).or_default().push(span);
    }
}
