//! A store in an SQLite file: whose file it is, how it is opened, and its one writer at a time.

use super::handle::{BUSY, Denied};
use super::lease::{Begun, Pools, READ_WAIT};
use super::schema::APPLICATION_ID;
use super::watch::Watch;
use super::{faults, location, migrate};
use crate::error::{Fault, Kind};
use crate::secret::Secret;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Sqlite, SqliteConnection, SqlitePool};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Tables that a store has, of those made before their header said so.
const OLD_TABLES: [&str; 5] = ["_sqlx_migrations", "files", "readings", "revisions", "series"];
/// How long a reader waits in SQLite: while a log is recovered or folded into the file, never for a writer.
const READ_BUSY: Duration = Duration::from_secs(5);
/// Connections that read. One can write at a time.
const READERS: u32 = 4;

pub(super) async fn open(url: &str) -> anyhow::Result<Pools<SqlitePool>> {
    let plain = plain(url)?;
    refuse_foreign(&plain).await?;
    let working = working(&plain);
    migrate::sqlite(&working.clone().create_if_missing(true)).await?;
    let file = Arc::new(Watch::new(plain.get_filename())?);
    // Connections made later never make a file: one that is gone is not to come back empty.
    let read = pool(READERS, READ_WAIT, &file).connect_lazy_with(working.clone().pragma("query_only", "on"));
    let write = pool(1, BUSY, &file).connect_lazy_with(working.busy_timeout(BUSY));
    Ok(Pools::new(read, write, Some(file)))
}

/// As the url says, and nothing yet that would change a file.
fn plain(url: &str) -> anyhow::Result<SqliteConnectOptions> {
    // `mode=memory` keeps the name of a file, and behind a folder's name `:memory:` is one.
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    if location::sqlite_file(&Secret::from(url))?.is_none() || in_memory {
        return Err(Fault::new("an in-memory store would keep nothing")
            .hint("name a file: sqlite://hourmatch.db")
            .into());
    }
    let options = SqliteConnectOptions::from_str(url)?;
    // In a cache shared between connections, readers wait for writers.
    Ok(options.shared_cache(false).foreign_keys(false).busy_timeout(READ_BUSY).disable_statement_logging())
}

/// With the log beside the file, readers see the last commit whatever a writer does; what is committed is on the disk.
fn working(plain: &SqliteConnectOptions) -> SqliteConnectOptions {
    let options = plain.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    options.pragma("cache_size", CACHE).pragma("journal_size_limit", LARGEST_LOG)
}

/// In KiB where negative, as SQLite has it.
const CACHE: &str = "-65536";
/// What is left of the log once it was folded in, in bytes.
const LARGEST_LOG: &str = "67108864";

fn pool(most: u32, wait: Duration, file: &Arc<Watch>) -> SqlitePoolOptions {
    let file = file.clone();
    SqlitePoolOptions::new().max_connections(most).acquire_timeout(wait).acquire_slow_threshold(wait).before_acquire(
        move |_, about| {
            let same = file.is_of_now(about.age);
            Box::pin(async move { Ok(same) })
        },
    )
}

/// What stands in a file, as far as it says whose it is.
struct Held {
    application_id: i64,
    tables: Vec<String>,
}

impl Held {
    async fn inside(plain: &SqliteConnectOptions) -> sqlx::Result<Self> {
        let mut connection = migrate::connect(plain).await?;
        let held = Self::read(&mut connection).await;
        connection.close().await?;
        held
    }

    async fn read(connection: &mut SqliteConnection) -> sqlx::Result<Self> {
        let application_id = sqlx::query_scalar("pragma application_id").fetch_one(&mut *connection).await?;
        let sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";
        Ok(Self { application_id, tables: sqlx::query_scalar(sql).fetch_all(&mut *connection).await? })
    }

    fn is_ours(&self) -> bool {
        let has = |table: &&str| self.tables.iter().any(|name| name == table);
        self.application_id == APPLICATION_ID || self.application_id == 0 && OLD_TABLES.iter().all(has)
    }

    fn is_empty(&self) -> bool {
        self.application_id == 0 && self.tables.is_empty()
    }
}

/// Refuses a file of another program; one that is empty, or not there yet, is taken. The file stays as it is.
async fn refuse_foreign(plain: &SqliteConnectOptions) -> Result<(), Fault> {
    let path = plain.get_filename();
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(Fault::new("is a folder, not a store").file(path.display()).hint("name a file in it"));
        }
        Ok(metadata) if metadata.len() > 0 => {}
        // What cannot be looked at cannot be opened either, and that is said then.
        _ => return Ok(()),
    }
    let held = Held::inside(plain).await.map_err(|error| faults::problem(&error).file(path.display()))?;
    if held.is_ours() || held.is_empty() {
        return Ok(());
    }
    Err(foreign(path, &held))
}

fn foreign(path: &Path, held: &Held) -> Fault {
    const SHOWN: usize = 5;
    let mut what = "is an SQLite file of another program, not an hourmatch store".to_string();
    if held.application_id != 0 {
        what.push_str(&format!("; its application_id is {:#010x}", held.application_id as u32));
    }
    if !held.tables.is_empty() {
        let more = if held.tables.len() > SHOWN { " and more" } else { "" };
        let names: Vec<&str> = held.tables.iter().take(SHOWN).map(String::as_str).collect();
        what.push_str(&format!("; its tables: {}{more}", names.join(", ")));
    }
    let hint = "name another in [store] url or with --store; a store that does not exist yet is created. This one was left unchanged";
    Fault::new(what).kind(Kind::Stored).file(path.display()).hint(hint)
}

/// Begins the one write transaction there can be.
pub(super) async fn begin(pools: &Pools<SqlitePool>, wait: Duration) -> Result<Begun<Sqlite>, Denied> {
    let mut begun = match pools.writer(wait).await {
        Err(sqlx::Error::PoolTimedOut) => return Err(Denied::Busy),
        begun => begun?,
    };
    let lock_timeout = AssertSqlSafe(format!("pragma busy_timeout = {}", wait.as_millis()));
    sqlx::query(lock_timeout).execute(&mut *begun).await?;
    begun.run("begin immediate").await?;
    Ok(begun)
}

/// What is committed is in the file that stands there, and on its disk.
pub(super) async fn commit(mut begun: Begun<Sqlite>) -> anyhow::Result<()> {
    begun.unmoved()?;
    begun.run("commit").await.map_err(|error| faults::problem(&error))?;
    begun.end();
    Ok(())
}

/// Writes what is not kept, through to the disk: pages that do not fit the cache go into the log at once.
pub(super) async fn try_out(mut begun: Begun<Sqlite>) -> sqlx::Result<()> {
    begun.spoilt = true;
    begun.run("pragma cache_size = 4").await?;
    begun.run("insert into file_chunks (file_id, seq, data) values (-1, -1, zeroblob(65536))").await?;
    begun.run("rollback").await?;
    let cache = AssertSqlSafe(format!("pragma cache_size = {CACHE}"));
    sqlx::query(cache).execute(&mut *begun).await?;
    begun.end();
    Ok(())
}
