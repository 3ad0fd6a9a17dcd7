//! A store opened, written to by one at a time, probed and closed.

use super::handle::{BUSY, Denied, Store, Write};
use super::{faults, postgres, schema, sqlite, values};
use crate::error::{Fault, Kind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// No probe takes longer.
const LONGEST: Duration = Duration::from_secs(2);
/// How long a probe waits for other writers.
const WAIT: Duration = Duration::from_secs(1);

impl Store {
    /// Opens a store, creating an SQLite file and bringing the schema up to date.
    ///
    /// # Errors
    /// A file of another program, a schema of a newer one, a server that does not answer; nothing is changed then.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("postgres") {
            return Ok(Self::Postgres(postgres::open(url).await?));
        }
        Ok(Self::Sqlite(sqlite::open(url).await?))
    }

    /// The newest migration applied, and the newest this version knows.
    pub async fn schema(&self) -> anyhow::Result<(i64, i64)> {
        let sql = "select max(version) from _sqlx_migrations where success";
        let applied: Option<i64> = self.one(sql, values![]).await?;
        let known = match self {
            Self::Sqlite(_) => &schema::SQLITE,
            Self::Postgres(_) => &schema::POSTGRES,
        };
        Ok((applied.unwrap_or(0), schema::newest(known)))
    }

    /// The file the store is, where it is one.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(pools) => Some(pools.read.connect_options().get_filename().to_path_buf()),
            Self::Postgres(_) => None,
        }
    }

    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Starts the one write transaction there can be, once those before it are done.
    pub async fn write(&self) -> anyhow::Result<Write> {
        self.write_within(BUSY).await
    }

    /// The same for who will not wait as long for other writers.
    pub async fn write_within(&self, wait: Duration) -> anyhow::Result<Write> {
        let begun = self.begin(wait).await;
        if begun.is_ok() || wait >= BUSY {
            self.turned_away().store(matches!(begun, Err(Denied::Busy)), Ordering::Relaxed);
        }
        begun.map_err(|denied| match denied {
            Denied::Busy => self.busy(wait).into(),
            Denied::Fault(problem) => problem.into(),
        })
    }

    async fn begin(&self, wait: Duration) -> Result<Write, Denied> {
        Ok(match self {
            Self::Sqlite(pools) => Write::Sqlite(sqlite::begin(pools, wait).await?),
            Self::Postgres(pools) => Write::Postgres(postgres::begin(pools, wait).await?),
        })
    }

    fn busy(&self, wait: Duration) -> Fault {
        let what = format!("the store is busy: other writers have held it for {} s", wait.as_secs());
        let hint =
            "wait until they are done; reads go on. docs/store.md says how to find and end the process that holds it";
        Fault::new(what).kind(Kind::Unavailable).hint(hint)
    }

    /// Whether the last who wanted to write was turned away by another.
    fn turned_away(&self) -> &AtomicBool {
        match self {
            Self::Sqlite(pools) => &pools.turned_away,
            Self::Postgres(pools) => &pools.turned_away,
        }
    }

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
        let _: i64 = self.one("select count(*) from _sqlx_migrations", values![]).await?;
        match self.begin(WAIT).await {
            Ok(Write::Sqlite(begun)) => Ok(sqlite::try_out(begun).await?),
            Ok(Write::Postgres(begun)) => Ok(postgres::try_out(begun).await?),
            Err(Denied::Busy) if self.turned_away().load(Ordering::Relaxed) => Err(self.busy(BUSY).into()),
            Err(Denied::Busy) => Ok(()),
            Err(Denied::Fault(problem)) => Err(problem.into()),
        }
    }

    /// Closes connections, so that SQLite folds its log back into the file.
    pub async fn close(self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(pools) => pools.close().await,
        }
    }
}

impl Write {
    /// Makes all of it stand, or none of it.
    ///
    /// # Errors
    /// A [`Fault`] that says that nothing of it stands, or, where a server went away at the very end, that nobody knows.
    pub async fn commit(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(begun) => sqlite::commit(begun).await,
            Self::Postgres(begun) => postgres::commit(begun).await,
        }
    }
}
