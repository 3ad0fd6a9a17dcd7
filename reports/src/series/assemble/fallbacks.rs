//! What a source gave in place of a better one: it counts like any reading, and a report says so.

use super::desk::Desk;
use crate::books::Exception;
use crate::exceptions::FALLBACK_SOURCE;

pub(super) fn note(desk: &mut Desk<'_>) {
    let period = desk.grid.period();
    let given = desk.inputs.fallbacks.iter().map(|fallback| Exception {
        code: FALLBACK_SOURCE,
        series: fallback.series.clone(),
        start: fallback.span.start.max(period.start),
        end: fallback.span.end.min(period.end),
        wh: 0,
        message: fallback.message(),
    });
    desk.exceptions.extend(given);
}
