//! What every pass works with, and one pass: a question asked, answered and kept.

use super::client::Client;
use super::failure::Failure;
use super::gather::{Gathered, gather};
use super::pace::Paces;
use super::tally::Tally;
use crate::clock::Clock;
use crate::ingest::commit::{self, Received, Taken};
use crate::ingest::fetch::RetryPolicy;
use crate::ingest::{Doubt, Options, Outcome, door};
use crate::portfolio::{self, FeedSource, Portfolio};
use crate::store::feeds::{self, Had, State};
use crate::store::portfolios::{self, Recorded};
use crate::store::{Store, Write, stand_ins};
use reports::door::Expected;
use reports::evidence::digest::sha256_hex;
use reports::received::providers::Ask;
use reports::time::Interval;
use reports::words::counted;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;

/// Who asks, for which portfolio, into which store.
#[derive(Debug)]
pub struct Asking {
    pub store: Store,
    pub portfolio: Arc<Portfolio>,
    pub clock: Clock,
    /// The portfolio's: files of credentials are named relative to it.
    pub folder: PathBuf,
    /// How it tries again; tests wait less.
    pub retry: RetryPolicy,
    /// The portfolio's text, as it goes with what is taken in under it.
    pub text: Option<Recorded>,
    /// Turns, which may be taken with others that ask the same providers.
    pub paces: Paces,
    /// What was asked and answered since this process began.
    pub tally: Arc<Tally>,
    /// What readings are held against at the door.
    expected: Expected,
    clients: Mutex<BTreeMap<String, Arc<Client>>>,
}

/// One pass of a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass<'a> {
    pub source: &'a FeedSource,
    pub period: Interval,
    /// What is answered by it.
    pub had: Option<Had>,
    /// Whether answers that did not change need not be sent again.
    pub conditional: bool,
    /// Series that a better source should give, and which.
    pub in_place_of: &'a BTreeMap<String, String>,
    pub options: &'a Options,
}

/// Why a pass came to nothing: the source, or the store.
#[derive(Debug, Error)]
pub(super) enum Lost {
    #[error(transparent)]
    Source(#[from] Failure),
    #[error(transparent)]
    Store(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Lost {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What a pass came to, and what is to be said of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub outcome: Outcome,
    pub note: Option<String>,
    /// The question and its answers, as they are kept.
    pub received: Vec<u8>,
}

impl Asking {
    pub fn new(store: Store, portfolio: Arc<Portfolio>, clock: Clock, folder: PathBuf) -> Self {
        let expected = portfolio::expected(&portfolio);
        Self {
            store,
            portfolio,
            clock,
            folder,
            retry: RetryPolicy::default(),
            text: None,
            paces: Paces::default(),
            tally: Arc::default(),
            expected,
            clients: Mutex::default(),
        }
    }

    /// Who asks for a source: the same for every pass, for it holds what a login gave.
    fn client(&self, source: &FeedSource) -> Result<Arc<Client>, Failure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&source.name) {
            return Ok(client.clone());
        }
        let pace = self.paces.pace(source.feed.about(), &source.url);
        let mut client = Client::new(source, &self.folder, (self.retry, pace, self.clock))?;
        client.tally = self.tally.clone();
        let client = Arc::new(client);
        clients.insert(source.name.clone(), client.clone());
        Ok(client)
    }

    /// Asks, and keeps what is answered.
    pub(super) async fn pass(&self, pass: Pass<'_>) -> Result<Kept, Lost> {
        let Pass { source, period, conditional, in_place_of, .. } = pass;
        let client = self.client(source)?;
        let marks = if conditional { feeds::marks(&self.store, &source.name).await? } else { Vec::new() };
        let ask = Ask { wanted: source.wanted.clone(), period, now: self.clock.now() };
        let checks = (&self.portfolio.definitions, &self.expected);
        let gathered = gather(&client, (source, &ask), &marks, checks).await;
        if let Err(Failure::Denied(_)) = &gathered {
            // Another one may be in its place by the next time.
            self.clients.lock().unwrap_or_else(PoisonError::into_inner).remove(&source.name);
        }
        let mut gathered = gathered?;
        gathered.batch.source = stand_ins::source_of(source.feed.about().name, &source.name, in_place_of);
        Ok(self.keep(pass, gathered).await?)
    }

    /// Rows, answers and which period they answer, all in one transaction; a bad value is left out alone.
    async fn keep(&self, pass: Pass<'_>, gathered: Gathered) -> anyhow::Result<Kept> {
        let Gathered { name, bytes, batch, marks, no_data, .. } = gathered;
        let (record_time, expected, feed) = (Clock::recorded(), self.expected.clone(), pass.source.name.as_str());
        let options = Options { keep_good: true, record_time, expected, ..pass.options.clone() };
        let mut write = self.store.write().await?;
        let received = Received::Bytes(&bytes);
        let Taken { mut outcome, rejects } = commit::run(&mut write, &name, received, &batch, &options).await?;
        outcome.rejected = batch.rejects.len() + rejects.len();
        if outcome.revision.is_none() {
            // Nothing of it stays, names of series neither.
            drop(write);
            write = self.store.write().await?;
        } else {
            outcome.suspects = door::doubts(&mut write, &batch, &options).await?;
            if let Some(text) = &self.text {
                portfolios::add(&mut write, text).await?;
            }
        }
        if let Some(had) = pass.had.filter(|had| had.period.start < had.period.end) {
            feeds::add_range(&mut write, feed, had).await?;
        }
        if pass.conditional {
            feeds::put_marks(&mut write, feed, &marks).await?;
        }
        write.commit().await?;
        let reason = batch.rejects.one().or_else(|| rejects.one()).map(|reject| reject.reason.as_str());
        let left_out = reason.map(|reason| {
            format!("{} left out, such as: {reason}", counted(outcome.rejected, "bad value was", "bad values were"))
        });
        let notes: Vec<String> = left_out.into_iter().chain(suspect(&outcome.suspects)).collect();
        let note = if notes.is_empty() { no_data } else { Some(notes.join("; ")) };
        Ok(Kept { note, outcome, received: bytes })
    }
}

/// What is said of readings that the checks at the door doubt.
fn suspect(doubts: &[Doubt]) -> Option<String> {
    let first = &doubts.first()?.suspect;
    let readings: usize = doubts.iter().map(|doubt| doubt.suspect.readings).sum();
    let (readings, spans) = (counted(readings, "reading is", "readings are"), counted(doubts.len(), "span", "spans"));
    Some(format!("{readings} suspect in {spans}, stored as received, such as: {first}"))
}

/// What a source is asked, whenever it is: of one that asks something else, nothing is had.
fn asks(source: &FeedSource) -> String {
    sha256_hex(format!("{} {} {:?}", source.feed.about().name, source.url, source.wanted).as_bytes())
}

/// How a source stands, under the writer's lock; what it has answered to another question is forgotten.
pub(super) async fn standing(write: &mut Write, source: &FeedSource) -> sqlx::Result<State> {
    let (name, asks) = (source.name.as_str(), asks(source));
    match feeds::locked(write, name).await? {
        Some(state) if state.asks == asks => Ok(state),
        _ => {
            feeds::forget(write, name).await?;
            let state = State { name: name.into(), asks, ..State::default() };
            feeds::put(write, &state).await?;
            Ok(state)
        }
    }
}
