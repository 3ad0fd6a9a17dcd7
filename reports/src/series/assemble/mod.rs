//! Canonical readings to books: every series on the grid, every gap named.

mod boundary;
mod certificates;
mod contract;
mod desk;
mod link;
mod missing;
mod negative;
mod obstacles;
mod onsite;
mod purchases;
mod site;
mod storage;

pub use obstacles::{Lack, Lacks, Obstacles, obstacles_of};
pub use storage::instrument as storage_instrument;

use super::SeriesError;
use crate::books::{Books, merge_exceptions};
use crate::inputs::Inputs;
use crate::time::Grid;
use desk::Desk;
use ids::{BoundaryIndex, Index, SiteIndex};

/// Builds the books of a period; missing load blocks unless the portfolio estimates it.
pub fn books(inputs: &Inputs) -> Result<Books, SeriesError> {
    let grid = Grid::over(inputs.period, inputs.definitions.resolution)
        .map_err(|e| SeriesError::UnknownId(e.to_string(), "period"))?;
    let mut desk = Desk { inputs, grid, exceptions: Vec::new() };
    let definitions = &inputs.definitions;
    let boundaries = definitions.boundaries.iter().map(|definition| boundary::book(&mut desk, definition));
    let boundaries = boundaries.collect::<Result<_, _>>()?;
    let meters = storage::meters(&desk)?;
    let mut sites = Vec::with_capacity(definitions.sites.len());
    let mut instruments = Vec::with_capacity(definitions.contracts.len());
    let mut own = Vec::new();
    for (index, definition) in SiteIndex::each(&definitions.sites) {
        let (book, generation) = site::book(&mut desk, index, definition, &meters)?;
        own.extend(generation);
        sites.push(book);
    }
    for definition in &definitions.contracts {
        instruments.push(contract::instrument(&mut desk, definition, &sites)?);
    }
    instruments.extend(own);
    for index in BoundaryIndex::all(&definitions.boundaries) {
        instruments.extend(onsite::standard_supply(&desk, index, &sites)?);
    }
    let mut books = Books {
        grid,
        boundaries,
        sites,
        instruments,
        storage: Vec::new(),
        links: Vec::new(),
        certified: Vec::new(),
        matching_order: inputs.ruleset.matching_order.clone(),
        allocation_order: inputs.ruleset.allocation_order.clone(),
        rules: inputs.ruleset.rules,
        exceptions: Vec::new(),
    };
    storage::add(&mut desk, meters, &mut books)?;
    books.links = link::books(&mut desk)?;
    books.certified = certificates::certified(&mut desk, &books.instruments)?;
    negative::note(&mut desk)?;
    desk.note_doubts();
    books.exceptions = merge_exceptions(desk.exceptions);
    Ok(books)
}
