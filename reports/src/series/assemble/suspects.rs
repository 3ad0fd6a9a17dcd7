//! What the checks at the door doubt: it counts as received, and a report says so.

use super::desk::Desk;
use crate::books::Exception;

pub(super) fn note(desk: &mut Desk<'_>) {
    let period = desk.grid.period();
    let doubted = desk.inputs.suspects.iter().map(|suspect| Exception {
        code: suspect.check.code(),
        series: suspect.series.clone(),
        start_s: suspect.span.start_s.max(period.start_s),
        end_s: suspect.span.end_s.min(period.end_s),
        wh: suspect.wh,
        message: suspect.message.clone(),
    });
    desk.exceptions.extend(doubted);
}
