//! What was gathered, into the store: rows, answers, and which period they answer, all in one transaction.

use super::gather::Gathered;
use crate::clock::Clock;
use crate::ingest::commit::{self, Received};
use crate::ingest::{Doubt, Options, Outcome, door};
use crate::store::Store;
use crate::store::feeds::{self, Had};
use crate::store::portfolios::{self, Recorded};
use reports::door::Expected;
use reports::words::counted;

/// What goes into the store beside the rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'a> {
    /// What is answered by this.
    pub had: Option<Had>,
    /// The portfolio's text, which goes with what is taken in under it.
    pub text: Option<&'a Recorded>,
    pub options: &'a Options,
    /// What the readings are held against.
    pub expected: &'a Expected,
    /// Whether the marks of these answers take the place of those before.
    pub marks: bool,
}

/// What a pass came to, and what is to be said of it.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    pub outcome: Outcome,
    pub note: Option<String>,
    /// The question and its answers, as they are kept.
    pub received: Vec<u8>,
}

/// Keeps a pass: all of it or nothing. A bad value is left out, and the others are taken.
pub(super) async fn keep(
    store: &Store,
    (feed, gathered): (&str, &Gathered),
    beside: Beside<'_>,
) -> anyhow::Result<Kept> {
    let expected = beside.expected.clone();
    let options = Options { keep_good: true, record_time: Clock::recorded(), expected, ..beside.options.clone() };
    let mut write = store.write().await?;
    let (batch, received) = (&gathered.batch, Received::Bytes(&gathered.bytes));
    let committed = commit::run(&mut write, &gathered.name, received, batch, &options).await?;
    let mut outcome = committed.outcome;
    outcome.rejected = batch.rejects.len() + committed.conflicts.len();
    if outcome.revision.is_none() {
        // Nothing of it stays, names of series neither.
        drop(write);
        write = store.write().await?;
    } else {
        outcome.suspects = door::doubts(&mut write, batch, &options).await?;
        if let Some(text) = beside.text {
            portfolios::add(&mut write, text).await?;
        }
    }
    if let Some(had) = beside.had.filter(|had| had.period.start < had.period.end) {
        feeds::add_range(&mut write, feed, had).await?;
    }
    if beside.marks {
        feeds::put_marks(&mut write, feed, &gathered.marks).await?;
    }
    write.commit().await?;
    let reason = batch.rejects.one().or_else(|| committed.conflicts.one()).map(|reject| reject.reason.as_str());
    let left_out = reason.map(|reason| {
        format!("{} left out, such as: {reason}", counted(outcome.rejected, "bad value was", "bad values were"))
    });
    let notes: Vec<String> = left_out.into_iter().chain(suspect(&outcome.suspects)).collect();
    let note = if notes.is_empty() { gathered.no_data.clone() } else { Some(notes.join("; ")) };
    Ok(Kept { note, outcome, received: Vec::new() })
}

/// What is said of readings that the checks at the door doubt.
fn suspect(doubts: &[Doubt]) -> Option<String> {
    let first = &doubts.first()?.suspect;
    let readings: usize = doubts.iter().map(|doubt| doubt.suspect.readings).sum();
    let (readings, spans) = (counted(readings, "reading is", "readings are"), counted(doubts.len(), "span", "spans"));
    Some(format!("{readings} suspect in {spans}, stored as received, such as: {first}"))
}
