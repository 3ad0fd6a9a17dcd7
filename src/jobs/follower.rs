//! Following within the service: a task that is started again whatever ends it, and never stands in the way of answers.

use crate::feeds::asking::Asking;
use crate::feeds::follow::Follower;
use crate::feeds::tally::Tally;
use crate::telemetry::Counts;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Between a panic and the next start.
const PAUSE: Duration = Duration::from_secs(5);

/// Who follows the portfolio's sources.
#[derive(Debug, Clone)]
pub struct Following(Follower);

impl Following {
    pub fn new(asking: Asking) -> Self {
        Self(Follower::new(asking))
    }

    /// What was asked and answered since this process began.
    pub fn tally(&self) -> &Tally {
        self.0.tally()
    }

    /// Runs until it is dropped.
    pub async fn run(self, counts: Arc<Counts>) {
        loop {
            // Dropped with this, the task ends.
            let mut task = JoinSet::new();
            task.spawn(self.0.clone().run());
            match task.join_next().await {
                Some(Err(error)) if error.is_panic() => counts.panicked("following", &*error.into_panic()),
                _ => tracing::error!("following ended, which it never should"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Lets go of what was being asked: it is asked again by whoever comes next.
    ///
    /// # Errors
    /// Where the store cannot be written to.
    pub async fn release(&self) -> anyhow::Result<()> {
        self.0.release().await
    }
}
