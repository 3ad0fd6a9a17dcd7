//! What every pass works with, and one pass: a question asked, answered and kept.

use super::client::Client;
use super::failure::Failure;
use super::gather::gather;
use super::keep::{Beside, Kept, keep};
use super::pace::Paces;
use super::tally::Tally;
use crate::clock::Clock;
use crate::ingest::Options;
use crate::ingest::fetch::RetryPolicy;
use crate::portfolio::{self, FeedSource, Portfolio};
use crate::store::feeds::{self, Had, State};
use crate::store::portfolios::Recorded;
use crate::store::{Store, Write, stand_ins};
use reports::door::Expected;
use reports::evidence::digest::sha256_hex;
use reports::received::providers::Ask;
use reports::time::Interval;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Who asks, for which portfolio, into which store.
#[derive(Debug)]
pub struct Asking {
    pub store: Store,
    pub portfolio: Arc<Portfolio>,
    pub clock: Clock,
    /// The portfolio's: files of credentials are named relative to it.
    pub folder: PathBuf,
    pub retry: RetryPolicy,
    /// The portfolio's text, as it goes with what is taken in under it.
    pub text: Option<Recorded>,
    pub paces: Paces,
    /// What was asked and answered since this process began.
    pub tally: Arc<Tally>,
    /// What readings are held against at the door.
    expected: Expected,
    clients: Mutex<BTreeMap<String, Arc<Client>>>,
}

/// One pass of a source.
#[derive(Debug)]
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
#[derive(Debug)]
pub(super) enum Lost {
    Source(Failure),
    Store(anyhow::Error),
}

impl From<anyhow::Error> for Lost {
    fn from(error: anyhow::Error) -> Self {
        Self::Store(error)
    }
}

impl From<sqlx::Error> for Lost {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<Failure> for Lost {
    fn from(failure: Failure) -> Self {
        Self::Source(failure)
    }
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

    /// Tests wait less.
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// Takes turns with others that ask the same providers.
    pub fn with_paces(self, paces: Paces) -> Self {
        Self { paces, ..self }
    }

    pub fn with_text(self, text: Option<Recorded>) -> Self {
        Self { text, ..self }
    }

    /// Who asks for a source: the same for every pass, for it holds what a login gave.
    fn client(&self, source: &FeedSource) -> Result<Arc<Client>, Failure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&source.name) {
            return Ok(client.clone());
        }
        let pace = self.paces.of(source.feed.about(), &source.url);
        let client = Client::new(source, &self.folder, (self.retry, pace, self.clock))?;
        let client = Arc::new(client.with_tally(self.tally.clone()));
        clients.insert(source.name.clone(), client.clone());
        Ok(client)
    }

    pub(super) async fn pass(&self, pass: Pass<'_>) -> Result<Kept, Lost> {
        let Pass { source, period, had, conditional, in_place_of, options } = pass;
        let client = self.client(source)?;
        let marks = if conditional { feeds::marks(&self.store, &source.name).await? } else { Vec::new() };
        let ask = Ask { wanted: source.wanted.clone(), period, now: self.clock.now() };
        let checks = (&self.portfolio.definitions, &self.expected);
        let gathered = gather(&client, (source, &ask), &marks, checks).await;
        if let Err(Failure::Denied(_)) = &gathered {
            // Another one may be in its place by the next time.
            self.clients.lock().unwrap_or_else(PoisonError::into_inner).remove(&source.name);
        }
        let (text, expected) = (self.text.as_ref(), &self.expected);
        let beside = Beside { had, text, options, expected, marks: conditional };
        let mut gathered = gathered?;
        gathered.batch.source = stand_ins::source_of(source.feed.about().name, &source.name, in_place_of);
        let kept = keep(&self.store, (source.name.as_str(), &gathered), beside).await?;
        Ok(Kept { received: gathered.bytes, ..kept })
    }
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
