//! What a placement comes to: planned rows through the matching rules of the audit, never from LP variables.

use super::common::{Outcome, Problem, Snapshot, Totals};
use super::problem::Stated;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex, StorageIndex};
use reports::books::{Books, BoundaryBook, Estimated, Instrument, Origins, Share, SiteBook};
use reports::definitions::{ContractDef, Fraction, Timeline};
use reports::factors::Factors;
use reports::inputs::Quality;
use reports::matching::{self, score};
use reports::ruleset::{FallbackTier, InventoryLoad, Step};
use reports::series::assemble::storage_instrument;
use reports::storage::{StorageBook, windows};
use reports::units::mw_to_wh;

/// Planned rows, scored.
#[derive(Debug, Clone)]
pub struct Scored {
    pub totals: Totals,
    /// `[boundary][step]`.
    pub cells: Vec<Vec<score::Cell>>,
    /// `[contract][step]` surplus in Wh.
    pub surplus_wh: Vec<Vec<i64>>,
}

/// Planned rows: facility load by site, and what storage charges and discharges.
#[derive(Debug, Clone, Default)]
pub struct Planned {
    /// `[site][step]`, charging apart.
    pub facility_mw: Vec<Vec<f64>>,
    /// Of the portfolio's storage: charge, discharge.
    pub storage: Vec<(StorageIndex, Vec<f64>, Vec<f64>)>,
}

impl Planned {
    /// Firm load and everything an outcome places.
    pub fn new(snapshot: &Snapshot, problem: &Problem, stated: &Stated, outcome: &Outcome) -> Self {
        let mut facility_mw = outcome.drawn_mw(problem);
        for (index, site) in SiteIndex::each(&snapshot.portfolio.sites) {
            let (pue, firm) = (&snapshot.view.pue[index], &snapshot.view.firm_it_mw[index].values);
            for (t, mw) in facility_mw[index].iter_mut().enumerate() {
                *mw = site.overhead_mw + pue[t] * (*mw + firm[t]);
            }
        }
        let flows = stated.storage.iter().zip(&outcome.storage).map(|(index, flows)| {
            let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<f64>>();
            let charge = sum(&flows.charge_clean, &flows.charge_grid);
            (*index, charge, sum(&flows.discharge_clean, &flows.discharge_other))
        });
        Self { facility_mw, storage: flows.collect() }
    }
}

pub fn score(snapshot: &Snapshot, planned: &Planned) -> anyhow::Result<Scored> {
    let mut books = books(snapshot, &planned.facility_mw);
    add_storage(snapshot, planned, &mut books);
    let matched = matching::run(&books)?;
    let scores = score::compute(&books, &matched);
    let inventory = reports::inventory::compute(&books, &matched)?;
    let mut totals = scores.portfolio.totals(true, &inventory.portfolio, None);
    // A plan knows of no generation on site: what it would burn is not none, but unknown.
    (totals.scope_1_wh, totals.scope_1_share, totals.emissions.scope_1_g) = (None, None, None);
    let surplus = |(index, instrument): (InstrumentIndex, &Instrument)| {
        let given = &matched.matching.allocated_wh[index];
        instrument.delivered_wh.iter().zip(given).map(|(delivered, wh)| delivered - wh).collect()
    };
    let surplus_wh = InstrumentIndex::each(&books.instruments).map(surplus).collect();
    Ok(Scored { totals, cells: scores.cells, surplus_wh })
}

fn books(snapshot: &Snapshot, facility_mw: &[Vec<f64>]) -> Books {
    let (grid, definitions) = (snapshot.grid, &snapshot.portfolio.definitions);
    let step_s = grid.step_s;
    let share =
        |value: &f64| Share { numerator: (value.clamp(0.0, 1.0) * 1e9).round() as i128, denominator: 1_000_000_000 };
    let milligrams = |values: &[f64]| values.iter().map(|g| (g.max(0.0) * 1_000.0).ceil() as i64).collect::<Vec<_>>();
    let boundaries = definitions.boundaries.iter().zip(&snapshot.view.boundaries);
    let boundaries = boundaries.map(|(definition, expected)| {
        let (cfe, average) = (&expected.cfe_share, &expected.average_g_per_kwh);
        BoundaryBook {
            id: definition.id.clone(),
            grid_cfe: (!cfe.all_unknown()).then(|| cfe.values.iter().map(share).collect()),
            intensity_mg_per_kwh: (!average.all_unknown()).then(|| milligrams(&average.values)),
            fallback_mg_per_kwh: milligrams(&expected.fallback_g_per_kwh.values),
            fallback_tier: vec![FallbackTier::DefaultFossil; grid.len],
            upstream_mg_per_kwh: None,
            factor_basis: definitions.factor_basis,
            annual_mg_per_kwh: None,
            origins: Origins::default(),
        }
    });
    let sites = definitions.sites.iter().zip(facility_mw).map(|(site, facility_mw)| {
        let load_wh: Vec<i64> = facility_mw.iter().map(|mw| mw_to_wh(*mw, step_s)).collect();
        SiteBook {
            id: site.id.clone(),
            boundary: Timeline::always(snapshot.portfolio.boundary(site.boundary_at(grid.start)).unwrap_or_default()),
            load_wh,
            metered_wh: None,
            estimated: Estimated::default(),
            purchased_wh: None,
            storage_losses_wh: Vec::new(),
            onsite_used_wh: Vec::new(),
            scope_1: None,
            inventory_share: Fraction::ONE,
            worst: vec![Quality::Estimated; grid.len],
        }
    });
    let (factors, rules) = (Factors::default(), snapshot.rules.rules);
    let claimed = |contract: &ContractDef, boundary: BoundaryIndex| {
        let legacy = definitions.boundaries[boundary].legacy_mg_per_kwh;
        factors.claimed(contract, legacy, rules.claimed_factor, definitions.factor_basis)
    };
    // Parallel to the contracts, as `surplus_wh` is.
    let contracts = definitions.contracts.iter().zip(&snapshot.view.delivered_mw);
    let instruments = contracts.map(|(contract, expected)| {
        let delivered_wh: Vec<i64> = expected.values.iter().map(|mw| mw_to_wh(*mw, step_s)).collect();
        let (sites, boundary) =
            (snapshot.served(contract), snapshot.portfolio.boundary(&contract.boundary).unwrap_or_default());
        let part = |s: &SiteIndex| contract.split.get(&definitions.sites[*s].id).copied();
        Instrument {
            id: contract.id.as_str().into(),
            step: Step::of_contract(contract.kind),
            boundary,
            technology: contract.technology.clone(),
            carbon_free: snapshot.rules.is_carbon_free(&contract.technology),
            ef_mg_per_kwh: claimed(contract, boundary),
            rule: contract.allocation,
            split: sites.iter().filter_map(part).collect(),
            sites,
            worst: vec![Quality::Estimated; grid.len],
            delivered_wh,
            unplaced_wh: 0,
        }
    });
    Books {
        grid,
        boundaries: boundaries.collect(),
        sites: sites.collect(),
        instruments: instruments.collect(),
        storage: Vec::new(),
        links: Vec::new(),
        certified: Vec::new(),
        matching_order: snapshot.rules.matching_order.clone(),
        allocation_order: snapshot.rules.allocation_order.clone(),
        rules,
        exceptions: Vec::new(),
    }
}

/// Storage as the audit will see it: what it holds at the start is its oldest charge and not clean.
fn add_storage(snapshot: &Snapshot, planned: &Planned, books: &mut Books) {
    let step_s = snapshot.grid.step_s;
    for (index, charge, discharge) in &planned.storage {
        let definition = &snapshot.portfolio.definitions.storage[*index];
        let Some(site) = snapshot.portfolio.site(&definition.site) else { continue };
        let wh = |mw: &[f64]| mw.iter().map(|mw| mw_to_wh(*mw, step_s)).collect::<Vec<i64>>();
        let held = snapshot.stored[*index];
        let instrument = InstrumentIndex::new(books.instruments.len());
        let place = (site, snapshot.portfolio.boundary_of(site));
        let worst = vec![Quality::Estimated; snapshot.grid.len];
        books.instruments.push(storage_instrument(&definition.id, place, worst));
        let (charge_wh, discharge_wh) = (wh(charge), wh(discharge));
        if books.rules.inventory_load == InventoryLoad::Purchased {
            draw(&mut books.sites[site], &charge_wh, &discharge_wh);
        }
        // Nothing has been measured of hours to come: the declared efficiency holds.
        let unmeasured = vec![0; snapshot.grid.len];
        let window = windows::measure(0..snapshot.grid.len, &unmeasured, &unmeasured, None, definition.efficiency);
        books.storage.push(StorageBook {
            id: definition.id.clone(),
            site,
            instrument,
            charge_wh,
            discharge_wh,
            opening_wh: ((held.clean_mwh + held.other_mwh) * 1e6).round() as i64,
            opening_known: held.known,
            windows: vec![window],
        });
    }
}

/// What a site purchases, with what a storage behind its connection takes and gives.
fn draw(site: &mut SiteBook, charge_wh: &[i64], discharge_wh: &[i64]) {
    let len = site.load_wh.len();
    site.storage_losses_wh.resize(len, 0);
    for (sum, (taken, given)) in site.storage_losses_wh.iter_mut().zip(charge_wh.iter().zip(discharge_wh)) {
        *sum += taken - given;
    }
    let drawn = site.load_wh.iter().zip(&site.storage_losses_wh).map(|(load, more)| (load + more).max(0));
    site.purchased_wh = Some(drawn.collect());
}
