//! What every part of the books is made from, and where each notes what an auditor should know.

use crate::definitions::{Definitions, SiteDef, Timeline};
use crate::exceptions::{self, ExceptionRow};
use crate::inputs::Inputs;
use crate::series::name::Group;
use crate::series::resample::{Over, Why};
use crate::series::{SeriesError, cut};
use crate::time::{Grid, Interval};
use crate::words::length;
use ids::{BoundaryId, BoundaryIndex, Index, SiteId, SiteIndex};

pub(super) struct Desk<'a> {
    pub inputs: &'a Inputs,
    pub grid: Grid,
    pub exceptions: Vec<ExceptionRow>,
}

impl Desk<'_> {
    pub(super) fn note(&mut self, index: usize, code: &'static str, series: &str, wh: i64, message: &str) {
        self.note_span(code, series, self.grid.interval(index), wh, message);
    }

    pub(super) fn note_span(
        &mut self,
        code: &'static str,
        series: &str,
        span: Interval,
        wh: i64,
        message: impl Into<String>,
    ) {
        let Interval { start, end } = span;
        let (code, series, message) = (code.into(), series.into(), message.into());
        self.exceptions.push(ExceptionRow { code, series, start, end, wh, message });
    }

    /// Spans nobody metered of intervals whose rest adds up, one line each with its length.
    pub(super) fn note_parts(&mut self, series: &str, gaps: &[Interval]) {
        for gap in gaps {
            let long = length(gap.duration_s());
            let message = format!("generation not metered for {long}: what is there of the interval adds up");
            self.note_span(exceptions::PARTIAL_GENERATION, series, *gap, 0, message);
        }
    }

    /// What the checks at the door doubt, and what a source gave in place of a better one: it counts as received, and a
    /// report says so.
    pub(super) fn note_doubts(&mut self) {
        let (inputs, period) = (self.inputs, self.grid.period());
        let within = |span: Interval| Interval { start: span.start.max(period.start), end: span.end.min(period.end) };
        for doubted in &inputs.suspects {
            let (code, span) = (doubted.check.name(), within(doubted.span));
            self.note_span(code, &doubted.series, span, doubted.wh, &doubted.message);
        }
        for given in &inputs.fallbacks {
            self.note_span(exceptions::FALLBACK_SOURCE, &given.series, within(given.span), 0, given.message());
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
}

pub(super) fn site_index(definitions: &Definitions, id: &SiteId) -> Result<SiteIndex, SeriesError> {
    let found = SiteIndex::find(&definitions.sites, |site| site.id == *id);
    found.ok_or_else(|| SeriesError::UnknownId(id.to_string(), "site"))
}

pub(super) fn boundary_index(definitions: &Definitions, id: &BoundaryId) -> Result<BoundaryIndex, SeriesError> {
    let found = BoundaryIndex::find(&definitions.boundaries, |boundary| boundary.id == *id);
    found.ok_or_else(|| SeriesError::UnknownId(id.to_string(), "boundary"))
}

/// The boundary a site lies in, per interval.
pub(super) fn boundary_timeline(desk: &Desk<'_>, site: &SiteDef) -> Result<Timeline<BoundaryIndex>, SeriesError> {
    let mut line = Timeline::always(boundary_index(&desk.inputs.definitions, &site.boundary)?);
    for change in &site.boundary_changes {
        let index = boundary_index(&desk.inputs.definitions, &change.value)?;
        if !change.from.is_on(desk.grid.step_s) {
            let span = Interval { start: change.from, end: change.from + desk.grid.step_s };
            let series = Group::Site.subject(&site.id);
            let remedy = cut::resolution_at(change.from).map(cut::resolution_line).unwrap_or_default();
            return Err(SeriesError::Straddles { series, interval: span, minutes: desk.grid.step_s / 60, remedy });
        }
        // From the interval that starts at or after it.
        let offset = (change.from - desk.grid.start + desk.grid.step_s - 1).div_euclid(desk.grid.step_s);
        line.change(usize::try_from(offset.max(0)).unwrap_or(0), index);
    }
    Ok(line)
}
