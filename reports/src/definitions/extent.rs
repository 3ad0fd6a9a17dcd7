//! How much is asked for, told before anything of it is computed: as many intervals as reports hold, of as many tables.

use super::limits;
use super::portfolio::Definitions;

/// Why no figures are computed of these definitions over so many intervals, with the numbers it comes to.
pub fn too_much(definitions: &Definitions, intervals: usize) -> Option<String> {
    if intervals > limits::INTERVALS {
        return Some(format!("{intervals} intervals are more than one report holds, {}", limits::INTERVALS));
    }
    let Definitions { boundaries, sites, contracts, storage, .. } = definitions;
    let tables = boundaries.len() + sites.len() + contracts.len() + storage.len();
    let cells = intervals.saturating_mul(tables);
    if cells > limits::CELLS {
        return Some(format!(
            "{intervals} intervals of {tables} boundaries, sites, contracts and storages are {cells} cells, more than one \
             report holds, {}",
            limits::CELLS
        ));
    }
    let served = contracts.iter().fold(0_usize, |sum, contract| sum.saturating_add(contract.sites.len()));
    let rows = intervals.saturating_mul(served);
    (rows > limits::ALLOCATIONS).then(|| {
        format!(
            "{intervals} intervals of {served} sites that contracts serve, each counted for each contract, are {rows} \
             allocations, more than one report holds, {}",
            limits::ALLOCATIONS
        )
    })
}
