//! What the portfolio needs and the store has not: what each lack changes, and what to ingest.

use crate::portfolio::Portfolio;
use ids::{BoundaryId, Index, SiteIndex};
use reports::definitions::ContractDef;
use reports::factors::Factors;
use reports::inputs::SeriesMap;
use reports::series::assemble::{Lack, Lacks};
use reports::series::name::{GridLeaf, SeriesName, SiteLeaf};
use reports::series::{delivery, needed, pieces};
use reports::time::Interval;
use reports::words::counted;
use std::collections::BTreeMap;

/// Name, count and extent of a series, as the store sums them up.
pub type Held = (String, i64, Interval);

/// Where to look for a utility's or grid operator's files.
const SOURCES: &str = "docs/sources.md lists exports that enter as they are";

/// Everything of which not one reading is held.
pub fn absent(portfolio: &Portfolio, held: &[Held]) -> Vec<String> {
    let has = |name: &str| held.iter().any(|(held, ..)| held == name);
    let definitions = &portfolio.definitions;
    let mut notes = Vec::new();
    for site in &definitions.sites {
        let [load, import] = [SiteLeaf::Load, SiteLeaf::Import].map(|leaf| SeriesName::site(&site.id, leaf));
        if !has(&load) && !has(&import) {
            notes.push(format!(
                "site {}: no load: reports and plans have no data on it; ingest {load}, or {import} and its other channels; \
                 {SOURCES}",
                site.label()
            ));
        }
    }
    notes.extend(unplanned(portfolio, &has));
    for contract in definitions.contracts.iter().filter(|contract| contract.annual_wh.is_none()) {
        if !generation(contract).iter().any(|name| has(name)) {
            let (label, remedy) = (contract.label(), remedy(contract));
            notes.push(format!("contract {label}: no generation: it delivers nothing; {remedy}"));
        }
    }
    for id in definitions.boundaries.iter().map(|boundary| &boundary.id) {
        if !needed::of_grid(id).iter().any(|name| has(name)) {
            notes.push(format!(
                "boundary {id}: no data about its grid: unmatched load takes the default of {} g/kWh, and \
                 no energy of the grid is carbon-free; ingest {}, or its fuels, such as `hourmatch ingest FILE --area \
                 {id}`; {SOURCES}",
                default_g_per_kwh(portfolio, id),
                SeriesName::grid(id, GridLeaf::ResidualIntensity)
            ));
        }
    }
    notes
}

/// Sites whose load is known and whose IT load is not: reports can be made of them, and plans may not.
fn unplanned(portfolio: &Portfolio, has: &dyn Fn(&str) -> bool) -> Vec<String> {
    let definitions = &portfolio.definitions;
    let mut notes = Vec::new();
    for (site, plan) in definitions.sites.iter().zip(&portfolio.sites) {
        let name = |leaf: SiteLeaf| SeriesName::site(&site.id, leaf);
        let is_metered = [SiteLeaf::Load, SiteLeaf::Import].into_iter().any(|leaf| has(&name(leaf)));
        if is_metered && plan.it_load_mw.is_none() && !has(&name(SiteLeaf::ItLoad)) {
            notes.push(format!(
                "site {}: no IT load: reports do not need it; without forecasts of it a plan goes by the site's load, \
                 and is refused once that is out of date; ingest {}, or set it_load_mw of site {}",
                site.label(),
                name(SiteLeaf::ItLoad),
                site.id
            ));
        }
    }
    notes
}

/// What is held in part, between the first reading of load and the last.
pub fn partial(portfolio: &Portfolio, held: &[Held], lacks: Lacks, between: Interval) -> Vec<String> {
    let has = |name: &str| held.iter().any(|(held, ..)| held == name);
    let mut notes = Vec::new();
    for (lack, spans) in lacks {
        let Some(Open { length, first }) = within(spans, between) else { continue };
        match lack {
            Lack::Generation(id) => {
                let contract = portfolio.definitions.contracts.iter().find(|contract| contract.id == id);
                if let Some(contract) = contract.filter(|contract| generation(contract).iter().any(|name| has(name))) {
                    let (label, remedy) = (contract.label(), remedy(contract));
                    notes.push(format!(
                        "contract {label}: no generation for {length}, first {first}: it delivers nothing there; {remedy}"
                    ));
                }
            }
            Lack::Factor(id) if needed::of_grid(&id).iter().any(|name| has(name)) => notes.push(format!(
                "boundary {id}: no residual or fossil factor for {length}, first {first}: unmatched load takes \
                 the default of {} g/kWh there; ingest {} or its fuels",
                default_g_per_kwh(portfolio, &id),
                SeriesName::grid(&id, GridLeaf::ResidualIntensity)
            )),
            Lack::CarbonFreeShare(id) if needed::of_grid(&id).iter().any(|name| has(name)) => notes.push(format!(
                "boundary {id}: carbon-free share not known for {length}, first {first}: counted as none; ingest {} or its \
                 fuels",
                SeriesName::grid(&id, GridLeaf::CfeShare)
            )),
            Lack::Factor(_) | Lack::CarbonFreeShare(_) => {}
        }
    }
    notes
}

/// Intervals of load beyond what a site's connection takes, by site.
#[derive(Debug, Default)]
pub struct Beyond(BTreeMap<SiteIndex, (usize, Interval, f64)>);

impl Beyond {
    pub fn look(&mut self, portfolio: &Portfolio, series: &SeriesMap) {
        for ((index, site), plan) in SiteIndex::each(&portfolio.definitions.sites).zip(&portfolio.sites) {
            let Some(limit_mw) = plan.grid_limit_mw else { continue };
            for leaf in [SiteLeaf::Load, SiteLeaf::Import] {
                for point in series.get(SeriesName::site(&site.id, leaf).as_str()).into_iter().flatten() {
                    let mw = reports::units::wh_to_mw(point.value, point.end - point.start);
                    if mw > limit_mw {
                        let (count, _, most_mw) = self.0.entry(index).or_insert((0, point.interval(), mw));
                        *count += 1;
                        *most_mw = most_mw.max(mw);
                    }
                }
            }
        }
    }

    pub fn notes(&self, portfolio: &Portfolio) -> Vec<String> {
        let note = |(index, (count, first, most_mw)): (&SiteIndex, &(usize, Interval, f64))| {
            let (site, plan) = (portfolio.definitions.sites[*index].label(), &portfolio.sites[*index]);
            let readings = counted(*count, "reading", "readings");
            format!(
                "site {site}: {readings} above its grid_limit_mw of {} MW, the highest {most_mw:.3} MW, first \
                 {first}: check their unit, the meter's factor, or the limit",
                plan.grid_limit_mw.unwrap_or_default()
            )
        };
        self.0.iter().map(note).collect()
    }
}

/// The series that tell what a contract's plant made.
fn generation(contract: &ContractDef) -> Vec<String> {
    let profile = contract.profile.as_ref().map(|profile| profile.series.clone());
    delivery::plant_series(contract).into_iter().map(String::from).chain(profile).collect()
}

fn remedy(contract: &ContractDef) -> String {
    let names = generation(contract);
    let profile = if contract.profile.is_none() { ", or state its `profile`" } else { "" };
    format!("ingest {}{profile}", names.join(" or "))
}

fn default_g_per_kwh(portfolio: &Portfolio, id: &BoundaryId) -> i64 {
    let definitions = &portfolio.definitions;
    let boundary = definitions.boundaries.iter().find(|boundary| boundary.id == *id);
    boundary.map_or(0, |boundary| Factors::default().default_fossil(boundary, definitions.factor_basis)) / 1_000
}

/// How long spans are and where the first is, in words.
#[derive(Debug, PartialEq, Eq)]
pub struct Open {
    /// `1 d 6 h in 2 spans`
    pub length: String,
    pub first: Interval,
}

/// Spans within another; none where there are none.
pub fn within(spans: Vec<Interval>, between: Interval) -> Option<Open> {
    let clip = |span: Interval| Interval { start: span.start.max(between.start), end: span.end.min(between.end) };
    let inside: Vec<Interval> =
        pieces::joined(spans).into_iter().filter(|span| span.overlap_s(between) > 0).map(clip).collect();
    let first = *inside.first()?;
    let minutes = inside.iter().map(|span| span.duration_s()).sum::<i64>() / 60;
    let spans = counted(inside.len(), "span", "spans");
    Some(Open { length: format!("{} in {spans}", long(minutes)), first })
}

/// `3 h 30 min` within a day, then `111 d 2 h`.
fn long(minutes: i64) -> String {
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let rest = match (days, hours, minutes) {
        (0, ..) => return format!("{hours} h {minutes} min"),
        (_, 0, 0) => String::new(),
        (_, hours, 0) => format!(" {hours} h"),
        (_, hours, minutes) => format!(" {hours} h {minutes} min"),
    };
    format!("{days} d{rest}")
}

#[cfg(test)]
mod tests {
    use super::long;

    #[test]
    fn long_spans_are_told_in_days() {
        let told = [0, 105, 1_439, 1_440, 1_470, 159_960].map(long);
        assert_eq!(told, ["0 h 0 min", "1 h 45 min", "23 h 59 min", "1 d", "1 d 0 h 30 min", "111 d 2 h"]);
    }
}
