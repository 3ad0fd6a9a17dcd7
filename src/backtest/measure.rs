//! What ran, by the matching rules of the audit, and what it cost.

use super::common::{Ran, Stage, Standing};
use crate::plan::score::{Planned, Scored, score};
use ids::{BoundaryIndex, Index, SiteIndex, StorageIndex};
use reports::definitions::Settlement;

/// Figures of one strategy.
#[derive(Debug, Clone)]
pub struct Measured {
    pub scored: Scored,
    /// Highest facility draw of any site, what storage charges included and what it gives taken off.
    pub peak_mw: f64,
    /// Energy bought less surplus sold.
    pub cost: f64,
    /// IT energy of work done; training's as progress at full power.
    pub done_mwh: f64,
    /// GPU-hours of training progress.
    pub gpu_hours: f64,
    pub pauses: usize,
}

pub fn measure(stage: &Stage, ran: &Ran) -> anyhow::Result<Measured> {
    let facility_mw = ran.facility_mw(stage, 0, stage.grid.len);
    let drawn_mw = ran.drawn_mw(stage, 0, stage.grid.len);
    let peak_mw = drawn_mw.iter().flatten().copied().fold(0.0, f64::max);
    let unused = |k: &super::ran::Stored| k.charge_mw.iter().chain(&k.discharge_mw).all(|mw| *mw <= 0.0);
    let storage = StorageIndex::each(&ran.storage).filter(|(_, k)| !unused(k));
    let storage = storage.map(|(index, k)| (index, k.charge_mw.clone(), k.discharge_mw.clone())).collect();
    let scored = score(&stage.actual, &Planned { facility_mw, storage })?;
    let done = |(p, c): (&super::stage::Piece, &super::ran::PieceState)| {
        // What is done is all done, whatever last bits of energy are left.
        p.terms.all_energy_mwh() - if c.standing == Standing::Done { 0.0 } else { c.left_mwh.max(0.0) }
    };
    let pieces = || stage.work.iter().zip(&ran.pieces);
    let gpu_hours = pieces().filter(|(p, _)| p.work.is_training()).map(|(p, c)| {
        let gpus = p.terms.gpus.unwrap_or(p.terms.max_mw * 1_000.0 / crate::portfolio::planning::KW_PER_GPU);
        gpus * done((p, c)) / p.terms.max_mw.max(1e-12)
    });
    Ok(Measured {
        cost: cost(stage, &drawn_mw),
        peak_mw,
        done_mwh: pieces().map(done).sum(),
        gpu_hours: gpu_hours.sum(),
        pauses: ran.pieces.iter().map(|c| c.pauses).sum(),
        scored,
    })
}

/// At spot: everything drawn, less what physical contracts deliver, be it used or sold. A financial contract's own
/// settlement is the same whatever runs, and no part of it.
fn cost(stage: &Stage, drawn_mw: &[Vec<f64>]) -> f64 {
    let (portfolio, actual) = (&stage.portfolio, &stage.actual);
    let h = stage.grid.step_s as f64 / 3_600.0;
    let at_spot = |boundary: BoundaryIndex, mw: &[f64]| -> f64 {
        actual.view.boundaries[boundary].price_per_mwh.values.iter().zip(mw).map(|(price, mw)| h * price * mw).sum()
    };
    let bought: f64 = SiteIndex::each(drawn_mw).map(|(site, mw)| at_spot(portfolio.boundary_of(site), mw)).sum();
    let contracts = portfolio.definitions.contracts.iter().zip(&actual.view.delivered_mw);
    let physical = contracts.filter(|(c, _)| c.settlement == Settlement::Physical);
    let own = physical.map(|(c, mw)| at_spot(portfolio.boundary(&c.boundary).unwrap_or_default(), &mw.values));
    bought - own.sum::<f64>()
}
