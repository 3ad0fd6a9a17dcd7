//! The schedule by piece of work, the largest first.

use super::shown::Shown;
use crate::plan::common::{Instant, Plan, SiteId, WorkId, counted, fixed, tidy};
use crate::plan::schedule::{Event, EventKind, Placement};
use std::collections::{BTreeMap, BTreeSet};

/// A piece of work as planned at one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece<'p> {
    pub work: &'p WorkId,
    /// By start.
    pub stretches: Vec<&'p Placement>,
    /// By time.
    pub events: Vec<&'p Event>,
    /// Other sites it is placed at.
    pub elsewhere: Vec<&'p SiteId>,
    /// IT energy of its stretches.
    pub energy_mwh: f64,
    /// The most it draws, and the most accelerators it holds, at once.
    pub peak_mw: f64,
    pub gpus: Option<u64>,
    /// IT energy that does not fit at any site.
    pub missed_mwh: f64,
}

impl Piece<'_> {
    pub fn start(&self) -> Option<Instant> {
        self.stretches.first().map(|row| row.start)
    }

    pub fn end(&self) -> Option<Instant> {
        self.stretches.iter().map(|row| row.end).max()
    }

    /// What is to be said of it beside its figures.
    pub fn marks(&self, shown: &Shown<'_>) -> Vec<String> {
        let mut marks = Vec::new();
        let counts = [(EventKind::Pause, "pause", "pauses"), (EventKind::Checkpoint, "checkpoint", "checkpoints")];
        for (kind, one, many) in counts {
            let count = self.events.iter().filter(|event| event.kind == kind).count();
            marks.extend((count > 0).then(|| counted(count, one, many)));
        }
        if !self.elsewhere.is_empty() {
            let names: Vec<&str> = self.elsewhere.iter().map(|site| shown.site(site)).collect();
            marks.push(format!("also at {}", names.join(", ")));
        }
        if self.missed_mwh > 0.0 {
            marks.push(format!("misses {} MWh", fixed(self.missed_mwh, 3)));
        }
        marks
    }
}

/// The most of something at once.
fn most(stretches: &[&Placement], value: impl Fn(&Placement) -> f64) -> f64 {
    let mut changes: BTreeMap<Instant, f64> = BTreeMap::new();
    for row in stretches {
        *changes.entry(row.start).or_default() += value(row);
        *changes.entry(row.end).or_default() -= value(row);
    }
    let (mut now, mut most) = (0.0, 0.0_f64);
    for change in changes.values() {
        now += change;
        most = most.max(now);
    }
    tidy(most)
}

/// Work by the site it is placed at, the largest first; sites without any are there too.
pub fn by_site(plan: &Plan) -> BTreeMap<&SiteId, Vec<Piece<'_>>> {
    type Rows<'p> = BTreeMap<(&'p SiteId, &'p WorkId), (Vec<&'p Placement>, Vec<&'p Event>)>;
    let mut rows = Rows::new();
    let mut sites_of: BTreeMap<&WorkId, BTreeSet<&SiteId>> = BTreeMap::new();
    for row in &plan.schedule {
        rows.entry((&row.site, &row.work)).or_default().0.push(row);
        sites_of.entry(&row.work).or_default().insert(&row.site);
    }
    for event in &plan.events {
        if let Some((_, events)) = rows.get_mut(&(&event.site, &event.work)) {
            events.push(event);
        }
    }
    let misses: BTreeMap<&WorkId, f64> = plan.missed.iter().map(|row| (&row.work, row.missed_mwh)).collect();
    let mut sites: BTreeMap<_, Vec<Piece<'_>>> = plan.capacity.iter().map(|row| (&row.site, Vec::new())).collect();
    for ((site, work), (mut stretches, events)) in rows {
        stretches.sort_by_key(|row| row.start);
        let gpus = stretches.iter().any(|row| row.gpus.is_some());
        sites.entry(site).or_default().push(Piece {
            work,
            elsewhere: sites_of[work].iter().copied().filter(|other| *other != site).collect(),
            energy_mwh: tidy(stretches.iter().map(|row| row.mwh()).sum()),
            peak_mw: most(&stretches, |row| row.mw),
            // Counts are exact in a float as far as there are accelerators.
            gpus: gpus.then(|| most(&stretches, |row| row.gpus.unwrap_or(0) as f64).round() as u64),
            missed_mwh: misses.get(work).copied().unwrap_or(0.0),
            stretches,
            events,
        });
    }
    for pieces in sites.values_mut() {
        pieces.sort_by(|a, b| b.energy_mwh.total_cmp(&a.energy_mwh).then(a.work.cmp(b.work)));
    }
    sites
}

/// How many pieces of work are placed.
pub fn placed(plan: &Plan) -> usize {
    plan.schedule.iter().map(|row| &row.work).collect::<BTreeSet<_>>().len()
}
