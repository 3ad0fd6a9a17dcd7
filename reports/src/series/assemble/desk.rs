//! What every part of the books is made from, and where each notes what an auditor should know.

use crate::books::Exception;
use crate::definitions::{Definitions, SiteDef, Timeline};
use crate::exceptions;
use crate::inputs::Inputs;
use crate::series::name::Group;
use crate::series::resample::{Over, Why};
use crate::series::{SeriesError, cut};
use crate::time::{Grid, Instant, Interval};

pub(super) struct Desk<'a> {
    pub inputs: &'a Inputs,
    pub grid: Grid,
    pub exceptions: Vec<Exception>,
}

impl Desk<'_> {
    pub(super) fn definitions(&self) -> &Definitions {
        &self.inputs.definitions
    }

    pub(super) fn note(&mut self, index: usize, code: &'static str, series: &str, wh: i64, message: &str) {
        self.exceptions.push(Exception::at(self.grid, index, code, series, wh, message));
    }

    /// Spans nobody metered of intervals whose rest adds up, one line each with its length.
    pub(super) fn note_parts(&mut self, series: &str, gaps: &[Interval], what: &str) {
        for gap in gaps {
            let long = length(gap.duration_s());
            self.exceptions.push(Exception {
                code: exceptions::PARTIAL_GENERATION,
                series: series.into(),
                start: gap.start,
                end: gap.end,
                wh: 0,
                message: format!("{what} not metered for {long}: what is there of the interval adds up"),
            });
        }
    }

    /// Intervals with parts of readings that were spread flat.
    pub(super) fn note_spread(&mut self, code: &'static str, series: &str, over: impl Iterator<Item = Over>) {
        for (index, wh, why) in over {
            let message = match why {
                Why::Longer => "reading longer than the resolution: spread flat",
                Why::OffGrid => "reading off the hours of UTC: spread flat",
            };
            self.note(index, code, series, wh, message);
        }
    }

    /// Index of the interval that starts at or after an instant.
    fn index_from(&self, instant: Instant) -> usize {
        let offset = (instant - self.grid.start + self.grid.step_s - 1).div_euclid(self.grid.step_s);
        usize::try_from(offset.max(0)).unwrap_or(0)
    }
}

pub(super) fn find<'a>(
    mut ids: impl Iterator<Item = &'a String>,
    id: &str,
    what: &'static str,
) -> Result<usize, SeriesError> {
    ids.position(|known| known == id).ok_or_else(|| SeriesError::UnknownId(id.to_string(), what))
}

pub(super) fn boundary_index(definitions: &Definitions, id: &str) -> Result<usize, SeriesError> {
    find(definitions.boundaries.iter().map(|b| &b.id), id, "boundary")
}

/// `15 min`, or seconds where it is no whole minutes.
fn length(seconds: i64) -> String {
    if seconds % 60 == 0 { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

/// The boundary a site lies in, per interval.
pub(super) fn boundary_timeline(desk: &Desk<'_>, site: &SiteDef) -> Result<Timeline<usize>, SeriesError> {
    let mut line = Timeline::always(boundary_index(desk.definitions(), &site.boundary)?);
    for change in &site.boundary_changes {
        let index = boundary_index(desk.definitions(), &change.value)?;
        if !change.from.is_on(desk.grid.step_s) {
            let span = Interval { start: change.from, end: change.from + desk.grid.step_s };
            let series = Group::Site.subject(&site.id);
            let remedy = cut::resolution_at(change.from).map(cut::resolution_line).unwrap_or_default();
            return Err(SeriesError::Straddles { series, interval: span, minutes: desk.grid.step_s / 60, remedy });
        }
        line.change(desk.index_from(change.from), index);
    }
    Ok(line)
}
