//! A week of prices, sun and wind, the same for every kind of instance that is generated.

use super::random::Random;
use hourmatch_solver::{Boundary, Contract, Settlement};
use ids::{BoundaryIndex, SiteIndex};
use std::f64::consts::PI;

/// Hours of a week.
pub const STEPS: usize = 168;

/// Dear mornings and evenings, cheap nights, and noons that solar makes cheap.
pub fn boundary(r: &mut Random, b: usize) -> Boundary {
    let shift = r.between(0.0, 3.0);
    let day = |t: usize| (t as f64 + shift) * PI / 12.0;
    let buy: Vec<f64> = (0..STEPS)
        .map(|t| 55.0 + 18.0 * (2.0 * day(t) - 1.0).sin() - 12.0 * day(t).cos() + r.between(-8.0, 8.0))
        .collect();
    Boundary {
        id: format!("b{b}").into(),
        carbon_g_per_kwh: buy.iter().map(|p| 300.0 + 3.0 * p).collect(),
        grid_cfe_share: vec![0.3; STEPS],
        buy_per_mwh: buy,
    }
}

/// PUE of a site by hour, highest in the afternoon.
pub fn pue() -> Vec<f64> {
    (0..STEPS).map(|t| 1.15 + 0.05 * ((t % 24) as f64 * PI / 12.0 - 2.0).sin()).collect()
}

/// Solar and wind for sites of a boundary, of about the size of `mw`.
pub fn contracts(r: &mut Random, b: BoundaryIndex, sites: &[SiteIndex], mw: f64) -> [Contract; 2] {
    let (solar, wind) = (r.between(1.2, 2.0) * mw, r.between(0.8, 1.4) * mw);
    let sun = |t: usize| ((t % 24) as f64 * PI / 12.0 - PI / 2.0).sin().max(0.0);
    let solar: Vec<f64> = (0..STEPS).map(|t| solar * sun(t) * r.between(0.7, 1.0)).collect();
    let mut blow = 0.5;
    let wind: Vec<f64> = (0..STEPS)
        .map(|_| {
            blow = f64::clamp(blow + r.between(-0.12, 0.12), 0.02, 1.0);
            wind * blow
        })
        .collect();
    [("solar", solar), ("wind", wind)].map(|(id, available_mw)| Contract {
        id: format!("{id}{b}").into(),
        boundary: b,
        settlement: Settlement::Physical,
        sites: sites.to_vec(),
        available_mw,
        sell_per_mwh: vec![15.0; STEPS],
        doubt: Vec::new(),
    })
}
