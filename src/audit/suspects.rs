//! What is to be known of the readings that a report rests on: what the checks at the door doubt of them, and which of them
//! sources gave in place of better ones.

use crate::portfolio::{self, Portfolio};
use crate::store::readings::{self, Cut};
use crate::store::{Store, stand_ins};
use reports::door::{self, Known, PAST_S};
use reports::factors::FUELS;
use reports::fallbacks::Fallback;
use reports::inputs::{Inputs, Point, SeriesMap};
use reports::series::name::{GridLeaf, SeriesName};
use reports::suspects::Suspect;
use reports::time::Interval;
use std::collections::BTreeMap;

/// Of the series of the inputs, in their period; held against the portfolio as it stands and the weeks before the period,
/// as they were known under the cut.
pub(super) async fn find(
    store: &Store,
    portfolio: &Portfolio,
    inputs: &Inputs,
    cut: Cut,
) -> anyhow::Result<Vec<Suspect>> {
    let expected = portfolio::expected(portfolio);
    let recorded = |point: &Point| inputs.revisions.get(&point.revision).map(|revision| revision.recorded);
    let period = inputs.period;
    let past = Interval { start: period.start - PAST_S, end: period.start };
    let mut suspects = Vec::new();
    for (name, points) in inputs.series.iter().filter(|(name, _)| door::looks_at(name)) {
        let points = with_past(store, name, points, past, cut).await?;
        suspects.extend(door::look(name, &points, period, &Known { expected: &expected, recorded: &recorded }));
    }
    for boundary in &portfolio.definitions.boundaries {
        let demand = SeriesName::grid(&boundary.id, GridLeaf::Demand);
        let whole = Interval { start: past.start, end: period.end };
        let demand = load(store, &demand, whole, cut).await?;
        if demand.is_empty() {
            continue;
        }
        let mut fuels = SeriesMap::new();
        for (fuel, ..) in FUELS {
            let name = SeriesName::of_boundary(&boundary.id, fuel);
            if let Some(points) = inputs.series.get(name.as_str()) {
                let points = with_past(store, &name, points, past, cut).await?;
                fuels.insert(name.into(), points);
            }
        }
        let fuels: BTreeMap<_, _> = fuels.iter().map(|(name, points)| (name.as_str(), points.as_slice())).collect();
        suspects.extend(door::look_at_parts(&demand, &fuels, period));
    }
    suspects.sort();
    Ok(suspects)
}

/// Readings of sources that stood in for better ones, as it was when they were taken in.
pub(super) async fn fallbacks(store: &Store, inputs: &Inputs) -> sqlx::Result<Vec<Fallback>> {
    let mut list = stand_ins::fallbacks(&inputs.series, &stand_ins::all(store).await?);
    list.retain(|fallback| fallback.span.overlap_s(inputs.period) > 0);
    list.sort();
    Ok(list)
}

/// Readings up to the end of the period, and those of the weeks before.
async fn with_past(
    store: &Store,
    name: &str,
    points: &[Point],
    past: Interval,
    cut: Cut,
) -> anyhow::Result<Vec<Point>> {
    let mut all = load(store, name, past, cut).await?;
    all.extend_from_slice(points);
    // What is read for other reasons may reach back as far, or farther.
    all.sort_by_key(|point| point.start);
    all.dedup_by_key(|point| point.start);
    all.retain(|point| point.end > past.start);
    Ok(all)
}

async fn load(store: &Store, name: &str, span: Interval, cut: Cut) -> anyhow::Result<Vec<Point>> {
    let spans = BTreeMap::from([(name.to_string(), vec![span])]);
    Ok(readings::load(store, &spans, cut).await?.remove(name).unwrap_or_default())
}
