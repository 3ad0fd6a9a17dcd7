//! What a placement comes to: planned rows through the matching rules of the audit, never from LP variables.

use super::snapshot::Snapshot;
use reports::books::{Books, BoundaryBook, Instrument, Share, SiteBook};
use reports::definitions::Timeline;
use reports::inputs::Quality;
use reports::matching::{self, MatchingError, score};
use reports::report::{TierSplit, Totals};
use reports::ruleset::{FallbackTier, Step};
use reports::units::mw_to_wh;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ScoreError {
    #[error(transparent)]
    Matching(#[from] MatchingError),
    #[error(transparent)]
    Inventory(#[from] reports::inventory::InventoryError),
}

/// Planned rows, scored.
#[derive(Debug, Clone)]
pub struct Scored {
    pub totals: Totals,
    /// `[boundary][step]`.
    pub cells: Vec<Vec<score::Cell>>,
    /// `[contract][step]` surplus in Wh.
    pub surplus_wh: Vec<Vec<i64>>,
}

/// Scores facility load in MW, `[site][step]`.
pub fn score(snapshot: &Snapshot, facility_mw: &[Vec<f64>]) -> Result<Scored, ScoreError> {
    let books = books(snapshot, facility_mw);
    let matched = matching::run(&books)?;
    let scores = score::of(&books, &matched);
    let inventory = reports::inventory::of(&books, &matched)?;
    let mut totals = scores.portfolio.totals(true);
    totals.emissions = inventory.portfolio;
    let surplus = |c: usize, instrument: &Instrument| {
        let given = &matched.matching.allocated_wh[c];
        instrument.delivered_wh.iter().zip(given).map(|(delivered, wh)| delivered - wh).collect()
    };
    let surplus_wh = books.instruments.iter().enumerate().map(|(c, instrument)| surplus(c, instrument)).collect();
    Ok(Scored { totals, cells: scores.cells, surplus_wh })
}

fn books(snapshot: &Snapshot, facility_mw: &[Vec<f64>]) -> Books {
    let (grid, definitions) = (snapshot.grid, &snapshot.portfolio.definitions);
    let step_s = grid.step_s;
    let milligrams = |values: &[f64]| values.iter().map(|g| (g.max(0.0) * 1_000.0).ceil() as i64).collect::<Vec<_>>();
    let boundaries = definitions
        .boundaries
        .iter()
        .zip(&snapshot.boundaries)
        .map(|(definition, expected)| BoundaryBook {
            id: definition.id.clone(),
            grid_cfe: known(&expected.cfe_share).then(|| expected.cfe_share.values.iter().map(|g| share(*g)).collect()),
            intensity_mg_per_kwh: known(&expected.average_g_per_kwh)
                .then(|| milligrams(&expected.average_g_per_kwh.values)),
            fallback_mg_per_kwh: milligrams(&expected.fallback_g_per_kwh.values),
            fallback_tier: vec![FallbackTier::DefaultFossil; grid.len],
            upstream_mg_per_kwh: None,
            factor_basis: definitions.factor_basis,
            annual_mg_per_kwh: None,
        })
        .collect();
    let split = |wh: &[i64]| {
        let mut tiers = TierSplit::default();
        wh.iter().for_each(|wh| tiers.add(Quality::Estimated, *wh));
        tiers
    };
    let sites = definitions
        .sites
        .iter()
        .enumerate()
        .map(|(s, site)| {
            let load_wh: Vec<i64> = facility_mw[s].iter().map(|mw| mw_to_wh(*mw, step_s)).collect();
            let quality = split(&load_wh);
            let worst = vec![Quality::Estimated; grid.len];
            SiteBook {
                id: site.id.clone(),
                boundary: Timeline::always(snapshot.portfolio.boundary(site.boundary_at(grid.start_s)).unwrap_or(0)),
                load_wh,
                metered_wh: None,
                estimated: Vec::new(),
                onsite_used_wh: Vec::new(),
                onsite_is_scope_1: false,
                worst,
                quality,
            }
        })
        .collect();
    // Parallel to the contracts, as `surplus_wh` is.
    let instruments = definitions
        .contracts
        .iter()
        .zip(&snapshot.delivered_mw)
        .map(|(contract, expected)| {
            let delivered_wh: Vec<i64> = expected.values.iter().map(|mw| mw_to_wh(*mw, step_s)).collect();
            let sites = snapshot.served(contract);
            let part = |s: &usize| contract.split.get(&definitions.sites[*s].id).copied();
            Instrument {
                id: contract.id.clone(),
                step: Step::of_contract(contract.kind),
                boundary: snapshot.portfolio.boundary(&contract.boundary).unwrap_or(0),
                technology: contract.technology.clone(),
                carbon_free: snapshot.rules.is_carbon_free(&contract.technology),
                ef_mg_per_kwh: contract.ef_mg_per_kwh.unwrap_or(0),
                rule: contract.allocation,
                split: sites.iter().filter_map(part).collect(),
                sites,
                worst: vec![Quality::Estimated; grid.len],
                quality: split(&delivered_wh),
                delivered_wh,
                unplaced_wh: 0,
            }
        })
        .collect();
    Books {
        grid,
        boundaries,
        sites,
        instruments,
        storage: Vec::new(),
        links: Vec::new(),
        matching_order: snapshot.rules.matching_order.clone(),
        allocation_order: snapshot.rules.allocation_order.clone(),
        exceptions: Vec::new(),
    }
}

fn known(expected: &crate::forecast::Expected) -> bool {
    expected.count(crate::forecast::Origin::None) < expected.origins.len()
}

fn share(value: f64) -> Share {
    Share { numerator: (value.clamp(0.0, 1.0) * 1e9).round() as i128, denominator: 1_000_000_000 }
}
