//! What the checks at the door doubt: it counts as received, and a report says so.

use super::desk::Desk;
use crate::books::Exception;

pub(super) fn note(desk: &mut Desk<'_>) {
    let period = desk.grid.period();
    let doubted = desk.inputs.suspects.iter().map(|suspect| Exception {
        code: suspect.check.code(),
        series: suspect.series.clone(),
        start: suspect.span.start.max(period.start),
        end: suspect.span.end.min(period.end),
        wh: suspect.wh,
        message: suspect.message.clone(),
    });
    desk.exceptions.extend(doubted);
}
