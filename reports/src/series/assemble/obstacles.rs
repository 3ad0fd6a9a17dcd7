//! What stands in the way of a report, and what it does without, said all at once and before one is asked for.

use super::desk::Desk;
use super::missing::{self, Sources};
use super::{boundary, site, storage};
use crate::books::BoundaryBook;
use crate::definitions::{BoundaryDef, ContractDef};
use crate::inputs::Inputs;
use crate::ruleset::FallbackTier;
use crate::series::boundary::of_inputs;
use crate::series::delivery::{self, Delivery, Plants};
use crate::series::{SeriesError, pieces};
use crate::time::{Grid, Interval};
use ids::{BoundaryId, ContractId, Index, SiteId, SiteIndex};
use std::collections::BTreeMap;

/// What is lacking, and of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// Of a contract: counted as nothing delivered.
    Generation(ContractId),
    /// Of a boundary: the default stands in for the factor of unmatched load.
    Factor(BoundaryId),
    /// Of a boundary: counted as none.
    CarbonFreeShare(BoundaryId),
}

/// Spans by what they lack, in order of time.
pub type Lacks = BTreeMap<Lack, Vec<Interval>>;

/// What of the readings of a period no report takes, and load they leave out.
#[derive(Debug, Default)]
pub struct Obstacles {
    pub errors: Vec<SeriesError>,
    /// Spans without load of each site that has any, in order of time.
    pub without_load: BTreeMap<SiteId, Vec<Interval>>,
    /// What it does without, and says so.
    pub lacks: Lacks,
}

/// Looks at every boundary, site and contract by itself: the first thing wrong with each.
pub fn obstacles_of(inputs: &Inputs) -> Obstacles {
    let mut found = Obstacles::default();
    let grid = match Grid::over(inputs.period, inputs.definitions.resolution) {
        Ok(grid) => grid,
        Err(error) => {
            found.errors.push(SeriesError::UnknownId(error.to_string(), "period"));
            return found;
        }
    };
    let mut desk = Desk { inputs, grid, exceptions: Vec::new() };
    let definitions = &inputs.definitions;
    for definition in &definitions.boundaries {
        match boundary::book(&mut desk, definition) {
            Ok(book) => lacks_of_boundary(&desk, definition, &book, &mut found.lacks),
            Err(error) => found.errors.push(error),
        }
    }
    match storage::meters(&desk) {
        Ok(meters) => loads(&mut desk, &meters, &mut found),
        Err(error) => found.errors.push(error),
    }
    for contract in &definitions.contracts {
        match delivery::read(contract, Plants::of_inputs(inputs), grid) {
            Ok(delivery) => lacks_of_contract(grid, contract, &delivery, &mut found.lacks),
            Err(error) => found.errors.push(error),
        }
    }
    found
}

fn loads(desk: &mut Desk<'_>, meters: &[storage::StorageMeter<'_>], found: &mut Obstacles) {
    let inputs = desk.inputs;
    for (index, definition) in SiteIndex::each(&inputs.definitions.sites) {
        let open = site::metered(desk, index, definition, meters).and_then(|(load, channels)| {
            let sources = Sources::new(definition, channels.as_ref());
            missing::list(desk, &load, channels.as_ref(), &sources)
        });
        match open {
            Ok(list) => {
                let spans = pieces::joined(list.into_iter().flat_map(|missing| missing.open).collect());
                if !spans.is_empty() {
                    found.without_load.insert(definition.id.clone(), spans);
                }
            }
            Err(error) => found.errors.push(error),
        }
    }
}

fn lacks_of_contract(grid: Grid, contract: &ContractDef, delivery: &Delivery, lacks: &mut Lacks) {
    // A fixed volume is no matter of hours.
    if contract.annual_wh.is_some() {
        return;
    }
    let open = |index: usize| delivery.wh[index].is_none() && contract.is_valid(grid.start(index));
    add(lacks, Lack::Generation(contract.id.clone()), grid, open);
}

fn lacks_of_boundary(desk: &Desk<'_>, definition: &BoundaryDef, book: &BoundaryBook, lacks: &mut Lacks) {
    let grid = desk.grid;
    let by_default = |index: usize| book.fallback_tier[index] == FallbackTier::DefaultFossil;
    add(lacks, Lack::Factor(definition.id.clone()), grid, by_default);
    let Ok(series) = of_inputs(desk.inputs, definition, grid) else { return };
    let unknown = |index: usize| series.cfe_share.as_ref().is_none_or(|shares| shares[index].is_none());
    add(lacks, Lack::CarbonFreeShare(definition.id.clone()), grid, unknown);
}

fn add(lacks: &mut Lacks, lack: Lack, grid: Grid, is_open: impl Fn(usize) -> bool) {
    let open: Vec<Interval> = (0..grid.len).filter(|index| is_open(*index)).map(|index| grid.interval(index)).collect();
    if !open.is_empty() {
        lacks.entry(lack).or_default().extend(pieces::joined(open));
    }
}
