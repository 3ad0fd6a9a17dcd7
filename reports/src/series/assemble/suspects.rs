//! What the checks at the door doubt, and what a source gave in place of a better one: it counts as received, and a
//! report says so.

use super::desk::Desk;
use crate::exceptions::FALLBACK_SOURCE;
use crate::time::Interval;

pub(super) fn note(desk: &mut Desk<'_>) {
    let (inputs, period) = (desk.inputs, desk.grid.period());
    let within = |span: Interval| Interval { start: span.start.max(period.start), end: span.end.min(period.end) };
    for doubted in &inputs.suspects {
        let (code, span) = (doubted.check.name(), within(doubted.span));
        desk.note_span(code, &doubted.series, span, doubted.wh, &doubted.message);
    }
    for given in &inputs.fallbacks {
        desk.note_span(FALLBACK_SOURCE, &given.series, within(given.span), 0, given.message());
    }
}
