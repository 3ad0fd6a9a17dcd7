//! Whether the store can be read and written to, without changing it.

use super::handle::{BUSY, Denied, Store, Write, on_pool};
use super::{faults, postgres, sqlite};
use crate::error::{Fault, Kind};
use std::time::Duration;

const LONGEST: Duration = Duration::from_secs(2);
/// How long a probe waits for other writers.
const WAIT: Duration = Duration::from_secs(1);

impl Store {
    /// A read, and a write that is rolled back; done within two seconds. A store that another writer holds is well, until
    /// somebody had to be turned away for it.
    ///
    /// # Errors
    /// What is wrong with it, as a [`Fault`].
    pub async fn probe(&self) -> anyhow::Result<()> {
        match tokio::time::timeout(LONGEST, self.try_out()).await {
            Ok(done) => done.map_err(faults::explained),
            Err(_) => {
                let what = format!("the store does not answer within {} s", LONGEST.as_secs());
                Err(Fault::new(what).kind(Kind::Unavailable).hint("docs/store.md says what may block it").into())
            }
        }
    }

    async fn try_out(&self) -> anyhow::Result<()> {
        let sql = "select count(*) from _sqlx_migrations";
        let (_,): (i64,) = on_pool!(self, pool => sqlx::query_as(sql).fetch_one(pool).await?);
        match self.begin(WAIT).await {
            Ok(Write::Sqlite(begun)) => Ok(sqlite::try_out(begun).await?),
            Ok(Write::Postgres(begun)) => Ok(postgres::try_out(begun).await?),
            Err(Denied::Busy) if self.turned_away() => Err(self.busy(BUSY).into()),
            Err(Denied::Busy) => Ok(()),
            Err(Denied::Fault(problem)) => Err(problem.into()),
        }
    }
}
