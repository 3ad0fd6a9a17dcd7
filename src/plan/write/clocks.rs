//! Reasons of the solver, which counts steps, with the times of those steps.

use crate::plan::snapshot::Snapshot;
use reports::time::Zone;
use solver::Reason;
use std::collections::BTreeMap;

/// What tells times in the zones of the sites that reasons are of.
pub(super) struct Clocks<'a> {
    snapshot: &'a Snapshot,
    /// Sites that each piece of work may use.
    sites: BTreeMap<&'a str, &'a [usize]>,
}

impl<'a> Clocks<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        let sites = snapshot.work.iter().map(|item| (item.work.id.as_str(), item.terms.sites.as_slice())).collect();
        Self { snapshot, sites }
    }

    /// The message, its steps as local times with their offset, and its prices, which the solver writes as numbers
    /// alone, in the portfolio's currency.
    pub(super) fn told(&self, reason: &Reason) -> String {
        let zone = self.zone(reason);
        let told = reason.told(|step| zone.label(self.snapshot.grid.start(step)));
        told.replace(" per MWh", &format!(" {} per MWh", self.snapshot.portfolio.definitions.currency))
    }

    /// That of the site, or of all sites that the work may use; the portfolio's where they have several.
    fn zone(&self, reason: &Reason) -> Zone {
        let portfolio = &self.snapshot.portfolio;
        let zone = |site: usize| portfolio.sites[site].zone;
        if reason.code == solver::codes::FIRM_OVERLOAD {
            return portfolio.site(&reason.subject).map_or(portfolio.zone, zone);
        }
        let mut zones = self.sites.get(reason.subject.as_str()).copied().unwrap_or_default().iter().map(|s| zone(*s));
        match zones.next() {
            Some(first) if zones.all(|other| other == first) => first,
            _ => portfolio.zone,
        }
    }
}
