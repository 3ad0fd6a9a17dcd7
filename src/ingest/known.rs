//! Which series a portfolio uses.

use reports::definitions::Definitions;
use reports::series::name::{Group, parts};

/// Whether anything of an audit is computed from a series: what it belongs to is in the portfolio.
pub fn uses(definitions: &Definitions, series: &str) -> bool {
    let Some((group, id, _)) = parts(series) else { return false };
    match group {
        Group::Site => definitions.sites.iter().any(|s| s.id == id),
        Group::Grid => definitions.boundaries.iter().any(|b| b.id == id),
        Group::Contract => definitions.contracts.iter().any(|c| c.id == id),
        Group::Plant => definitions.contracts.iter().any(|c| c.plant.as_deref() == Some(id)),
        Group::Storage => definitions.storage.iter().any(|k| k.id == id),
        Group::Pool => false,
    }
}
