//! Which series a portfolio uses.

use reports::definitions::Definitions;
use reports::series::name::{Group, parts};

/// Ids of those of a group that are in the portfolio.
fn ids(definitions: &Definitions, group: Group) -> Vec<&str> {
    match group {
        Group::Site => definitions.sites.iter().map(|s| s.id.as_str()).collect(),
        Group::Grid => definitions.boundaries.iter().map(|b| b.id.as_str()).collect(),
        Group::Contract => definitions.contracts.iter().map(|c| c.id.as_str()).collect(),
        Group::Plant => definitions.contracts.iter().filter_map(|c| c.plant.as_deref()).collect(),
        Group::Storage => definitions.storage.iter().map(|k| k.id.as_str()).collect(),
        Group::Pool => Vec::new(),
    }
}

/// Whether anything of an audit is computed from a series: what it belongs to is in the portfolio.
pub fn uses(definitions: &Definitions, series: &str) -> bool {
    parts(series).is_some_and(|(group, id, _)| ids(definitions, group).contains(&id))
}

/// The series of the portfolio that differs from one nobody uses by the case of its id alone.
pub fn meant(definitions: &Definitions, series: &str) -> Option<String> {
    let (group, id, leaf) = parts(series)?;
    let meant = ids(definitions, group).into_iter().find(|known| known.eq_ignore_ascii_case(id))?;
    Some(format!("{}/{leaf}", group.subject(meant)))
}
