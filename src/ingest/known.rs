//! Which series a portfolio uses.

use reports::definitions::Definitions;

/// Whether anything of an audit is computed from a series: what it belongs to is in the portfolio.
pub fn uses(definitions: &Definitions, series: &str) -> bool {
    let mut parts = series.split('/');
    let (group, id) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    match group {
        "site" => definitions.sites.iter().any(|s| s.id == id),
        "grid" => definitions.boundaries.iter().any(|b| b.id == id),
        "contract" => definitions.contracts.iter().any(|c| c.id == id),
        "plant" => definitions.contracts.iter().any(|c| c.plant.as_deref() == Some(id)),
        "storage" => definitions.storage.iter().any(|k| k.id == id),
        _ => false,
    }
}
