//! Which series, over which spans, a report of a period reads.

use super::delivery::plant_series;
use crate::definitions::Definitions;
use crate::factors::FUELS;
use crate::time::Interval;
use std::collections::BTreeMap;

/// Spans per series, disjoint and sorted.
pub fn for_report(definitions: &Definitions, period: Interval) -> BTreeMap<String, Vec<Interval>> {
    let mut needed: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
    let mut want = |name: String, span: Interval| needed.entry(name).or_default().push(span);
    for boundary in &definitions.boundaries {
        let leaves = ["cfe_share", "carbon_intensity", "residual_intensity", "fossil_intensity"];
        for leaf in leaves.into_iter().chain(FUELS.iter().map(|(fuel, ..)| *fuel)) {
            want(format!("grid/{}/{leaf}", boundary.id), period);
        }
    }
    for site in &definitions.sites {
        want(format!("site/{}/load", site.id), period);
    }
    for contract in &definitions.contracts {
        for name in plant_series(contract) {
            want(name, period);
        }
        if let Some(profile) = &contract.profile {
            want(profile.series.clone(), period);
            want(profile.series.clone(), profile.over);
        }
    }
    for spans in needed.values_mut() {
        *spans = union(std::mem::take(spans));
    }
    needed
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
