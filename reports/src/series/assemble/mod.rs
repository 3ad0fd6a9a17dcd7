//! Canonical readings to books: every series on the grid, every gap named.

mod boundary;
mod certificates;
mod contract;
mod link;
mod missing;
mod negative;
mod obstacles;
mod onsite;
mod purchases;
mod site;
mod storage;

pub use obstacles::{Obstacles, obstacles_of};

use super::resample::{Over, Why};
use super::{SeriesError, cut};
use crate::books::{Books, Exception, merge_exceptions};
use crate::definitions::{Definitions, Timeline};
use crate::inputs::Inputs;
use crate::time::{Grid, Interval};

/// What every part of the books is made from.
pub(super) struct Desk<'a> {
    pub inputs: &'a Inputs,
    pub grid: Grid,
    pub exceptions: Vec<Exception>,
}

impl Desk<'_> {
    fn definitions(&self) -> &Definitions {
        &self.inputs.definitions
    }

    fn note(&mut self, index: usize, code: &'static str, series: &str, wh: i64, message: &str) {
        self.exceptions.push(Exception::at(self.grid, index, code, series, wh, message));
    }

    /// Spans nobody metered of intervals whose rest adds up, one line each with its length.
    fn note_parts(&mut self, series: &str, gaps: &[Interval], what: &str) {
        for gap in gaps {
            let long = length(gap.duration_s());
            self.exceptions.push(Exception {
                code: "partial_generation",
                series: series.into(),
                start_s: gap.start_s,
                end_s: gap.end_s,
                wh: 0,
                message: format!("{what} not metered for {long}: what is there of the interval adds up"),
            });
        }
    }

    /// Intervals with parts of readings that were spread flat.
    fn note_spread(&mut self, code: &'static str, series: &str, over: impl Iterator<Item = Over>) {
        for (index, wh, why) in over {
            let message = match why {
                Why::Longer => "reading longer than the resolution: spread flat",
                Why::OffGrid => "reading off the hours of UTC: spread flat",
            };
            self.note(index, code, series, wh, message);
        }
    }

    /// Index of the interval that starts at or after an instant.
    fn index_from(&self, instant_s: i64) -> usize {
        let offset = (instant_s - self.grid.start_s + self.grid.step_s - 1).div_euclid(self.grid.step_s);
        usize::try_from(offset.max(0)).unwrap_or(0)
    }
}

/// Builds the books of a period; missing load blocks unless the portfolio estimates it.
pub fn books(inputs: &Inputs) -> Result<Books, SeriesError> {
    let grid = Grid::over(inputs.period, inputs.definitions.resolution)
        .map_err(|e| SeriesError::UnknownId(e.to_string(), "period"))?;
    let mut desk = Desk { inputs, grid, exceptions: Vec::new() };
    let definitions = &inputs.definitions;
    let mut boundaries = Vec::with_capacity(definitions.boundaries.len());
    for definition in &definitions.boundaries {
        boundaries.push(boundary::book(&mut desk, definition)?);
    }
    let meters = storage::meters(&desk)?;
    let mut sites = Vec::with_capacity(definitions.sites.len());
    let mut instruments = Vec::with_capacity(definitions.contracts.len());
    let mut own = Vec::new();
    for (index, definition) in definitions.sites.iter().enumerate() {
        let (book, generation) = site::book(&mut desk, index, definition, &meters)?;
        own.extend(generation);
        sites.push(book);
    }
    for definition in &definitions.contracts {
        instruments.push(contract::instrument(&mut desk, definition, &sites)?);
    }
    instruments.extend(own);
    for index in 0..definitions.boundaries.len() {
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
    books.exceptions = merge_exceptions(desk.exceptions);
    Ok(books)
}

pub(super) fn find<'a>(
    mut ids: impl Iterator<Item = &'a String>,
    id: &str,
    what: &'static str,
) -> Result<usize, SeriesError> {
    ids.position(|known| known == id).ok_or_else(|| SeriesError::UnknownId(id.to_string(), what))
}

fn boundary_index(definitions: &Definitions, id: &str) -> Result<usize, SeriesError> {
    find(definitions.boundaries.iter().map(|b| &b.id), id, "boundary")
}

/// `15 min`, or seconds where it is no whole minutes.
fn length(seconds: i64) -> String {
    if seconds % 60 == 0 { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

/// The boundary a site lies in, per interval.
fn boundary_timeline(desk: &Desk<'_>, site: &crate::definitions::SiteDef) -> Result<Timeline<usize>, SeriesError> {
    let mut line = Timeline::always(boundary_index(desk.definitions(), &site.boundary)?);
    for change in &site.boundary_changes {
        let index = boundary_index(desk.definitions(), &change.value)?;
        let off_grid = change.from.rem_euclid(desk.grid.step_s) != 0;
        if off_grid {
            let span = Interval { start_s: change.from, end_s: change.from + desk.grid.step_s };
            let series = format!("site/{}", site.id);
            let remedy = cut::resolution_at(change.from).map(cut::resolution_line).unwrap_or_default();
            return Err(SeriesError::Straddles { series, interval: span, minutes: desk.grid.step_s / 60, remedy });
        }
        line.change(desk.index_from(change.from), index);
    }
    Ok(line)
}
