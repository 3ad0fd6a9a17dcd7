//! How sources stand, for metrics and the page: read from the store once in a few seconds, however many ask.

use crate::clock::Stopwatch;
use crate::feeds::status::{self, Status};
use crate::portfolio::Portfolio;
use crate::store::Store;
use reports::time::Instant;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Seconds for which an answer holds: a month of readings is counted for it.
const HOLDS_S: f64 = 5.0;

/// The last answer, and since when it holds. Who asks meanwhile waits for the one that is being made.
#[derive(Debug, Default)]
pub struct Sources(Mutex<Option<(Stopwatch, Arc<Vec<Status>>)>>);

impl Sources {
    /// Every source that is followed or was asked, by name.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn stand(&self, store: &Store, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Arc<Vec<Status>>> {
        let mut last = self.0.lock().await;
        if let Some((_, list)) = last.as_ref().filter(|(since, _)| since.seconds() < HOLDS_S) {
            return Ok(list.clone());
        }
        let list = Arc::new(status::all(store, portfolio, now).await?);
        *last = Some((Stopwatch::start(), list.clone()));
        Ok(list)
    }
}
