//! What stands in the way of a report, said all at once and before one is asked for.

use super::desk::Desk;
use super::lacks::{self, Lacks};
use super::missing::{self, Sources};
use super::{boundary, site, storage};
use crate::inputs::Inputs;
use crate::series::{SeriesError, delivery, pieces};
use crate::time::{Grid, Interval};
use std::collections::BTreeMap;

/// What of the readings of a period no report takes, and load they leave out.
#[derive(Debug, Default)]
pub struct Obstacles {
    pub errors: Vec<SeriesError>,
    /// Spans without load of each site that has any, in order of time.
    pub without_load: BTreeMap<String, Vec<Interval>>,
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
            Ok(book) => lacks::of_boundary(&desk, definition, &book, &mut found.lacks),
            Err(error) => found.errors.push(error),
        }
    }
    match storage::meters(&desk) {
        Ok(meters) => loads(&mut desk, &meters, &mut found),
        Err(error) => found.errors.push(error),
    }
    let partial = inputs.ruleset.rules.partial_generation;
    for contract in &definitions.contracts {
        match delivery::read(contract, &inputs.series, definitions.resolution, grid, partial) {
            Ok(delivery) => lacks::of_contract(grid, contract, &delivery, &mut found.lacks),
            Err(error) => found.errors.push(error),
        }
    }
    found
}

fn loads(desk: &mut Desk<'_>, meters: &[storage::Meter<'_>], found: &mut Obstacles) {
    let inputs = desk.inputs;
    for (index, definition) in inputs.definitions.sites.iter().enumerate() {
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
