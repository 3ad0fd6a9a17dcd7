//! What `ingest` says of readings that the checks at the door doubt.

use crate::cli::context::Context;
use crate::ingest::Doubt;
use reports::words::counted;

/// Spans that are named one by one.
const NAMED: usize = 3;

pub(super) fn warn(context: &Context, file: &str, doubts: &[Doubt]) {
    for Doubt { row, suspect } in doubts.iter().take(NAMED) {
        context.out.say(&format!("warning: {file}:{row}: suspect: {suspect}"));
    }
    let readings: usize = doubts.iter().map(|doubt| doubt.suspect.readings).sum();
    if !doubts.is_empty() {
        context.out.say(&format!(
            "warning: {file}: {} suspect in {}, stored as received: `hourmatch check` lists them",
            counted(readings, "reading", "readings"),
            counted(doubts.len(), "span", "spans")
        ));
    }
}
