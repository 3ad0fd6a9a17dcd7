//! Turns an engine's errors into what happened and what to do, without the engine's text or SQL, except that of our own
//! triggers.

use crate::error::{Fault, Faults, Kind};
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;
use std::error::Error;
use std::io;

/// Primary result codes of SQLite; extended ones hold them in their lowest byte.
mod sqlite {
    pub const ERROR: i32 = 1;
    pub const PERM: i32 = 3;
    pub const BUSY: i32 = 5;
    pub const LOCKED: i32 = 6;
    pub const NOMEM: i32 = 7;
    pub const READONLY: i32 = 8;
    pub const INTERRUPT: i32 = 9;
    pub const IOERR: i32 = 10;
    pub const CORRUPT: i32 = 11;
    pub const FULL: i32 = 13;
    pub const CANTOPEN: i32 = 14;
    pub const PROTOCOL: i32 = 15;
    pub const TOOBIG: i32 = 18;
    pub const NOTADB: i32 = 26;
    /// Extended: a trigger of ours refused a row.
    pub const CONSTRAINT_TRIGGER: i32 = 1_811;
}

const BY_ITSELF: &str = "no restart is needed: it resumes by itself once that is fixed";
const AGAIN: &str = "try again: connections are re-established by themselves";
const DAMAGED: &str = "stop the processes that use it and restore a backup: docs/store.md says how";
const OTHER: &str = "was the store replaced, or changed by hand? `hourmatch migrate` says whether hourmatch made it";
const REPORT: &str = "this is a defect of hourmatch: please report it with what its log says";

const FOREIGN: &str = "the store holds a value that hourmatch did not write";

/// A stored value that stands for nothing, by what it is and where it stands.
pub(super) fn foreign(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(say(Kind::Stored, format!("{FOREIGN}: {what}"), DAMAGED).into())
}

fn say(kind: Kind, what: impl Into<String>, hint: &str) -> Fault {
    Fault::new(what).kind(kind).hint(hint)
}

fn unavailable(what: impl Into<String>, hint: &str) -> Fault {
    say(Kind::Unavailable, what, hint)
}

/// Of a store that was replaced, or changed by hand.
fn unknown_layout() -> Fault {
    say(Kind::Stored, "the store is not laid out as this program has it", OTHER)
}

/// An error of the store, for people: what happened, what to do, and of what kind it is.
pub fn problem(error: &sqlx::Error) -> Fault {
    use sqlx::Error as E;
    match error {
        E::Database(cause) => match code(cause.as_ref()) {
            Code::Sqlite(code) => of_sqlite(code, cause.message()),
            Code::Postgres(state) => of_postgres(&state, cause.message()),
        },
        E::Io(cause) => brought(cause).unwrap_or_else(|| unavailable(silent(cause), AGAIN)),
        E::Migrate(cause) => of_migration(cause),
        E::PoolTimedOut => unavailable(
            "no connection to the store became free in time",
            "try again: all are in use, or the store does not answer",
        ),
        E::PoolClosed => unavailable("the store is being closed", "try again once the service is up"),
        E::WorkerCrashed | E::Protocol(_) => unavailable("the connection to the store broke during an answer", AGAIN),
        E::Tls(_) => unavailable(
            "no encrypted connection to PostgreSQL could be made",
            "check its certificate, and sslmode in the store's url",
        ),
        E::Configuration(_) => say(
            Kind::Input,
            "the store's url cannot be used",
            "write sqlite://hourmatch.db or postgres://user@host/database",
        ),
        E::Decode(cause) => {
            cause.downcast_ref::<Fault>().cloned().unwrap_or_else(|| say(Kind::Stored, FOREIGN, DAMAGED))
        }
        E::ColumnDecode { .. } => say(Kind::Stored, FOREIGN, DAMAGED),
        E::ColumnNotFound(_) | E::ColumnIndexOutOfBounds { .. } | E::TypeNotFound { .. } => unknown_layout(),
        _ => say(Kind::Defect, "the store cannot answer that query", REPORT),
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        problem(&error)
    }
}

/// The same of any error that one of the store's caused; those that say what to do already stay as they are.
pub fn explained(error: anyhow::Error) -> anyhow::Error {
    if error.is::<Fault>() || error.is::<Faults>() {
        return error;
    }
    let Some(problem) = error.chain().find_map(cause) else { return error };
    match problem.kind {
        Kind::Defect | Kind::Stored => tracing::error!("{error:#}"),
        _ => tracing::debug!("{error:#}"),
    }
    problem.into()
}

fn cause(error: &(dyn Error + 'static)) -> Option<Fault> {
    if let Some(error) = error.downcast_ref::<sqlx::Error>() {
        return Some(problem(error));
    }
    // What went through a reader or a writer of files.
    let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inside.and_then(|inside| inside.downcast_ref::<sqlx::Error>()).map(problem)
}

/// A problem through functions that know the engines' errors alone.
pub(super) fn carried(problem: Fault) -> sqlx::Error {
    sqlx::Error::Io(io::Error::other(problem))
}

fn brought(error: &io::Error) -> Option<Fault> {
    error.get_ref().and_then(|inside| inside.downcast_ref::<Fault>()).cloned()
}

fn silent(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => {
            "PostgreSQL does not answer: nothing listens there"
        }
        io::ErrorKind::TimedOut => "PostgreSQL does not answer in time",
        _ => "the connection to PostgreSQL was lost",
    }
}

/// Whether another writer holds the store.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    match error.as_database_error().map(code) {
        Some(Code::Sqlite(code)) => matches!(code & 0xff, sqlite::BUSY | sqlite::LOCKED),
        Some(Code::Postgres(state)) => state == "55P03",
        None => false,
    }
}

/// Whether it passes within seconds: a server on its way down or up, a file that is being recovered.
pub(super) fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => brought(cause).is_none(),
        sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => match code(cause.as_ref()) {
            Code::Sqlite(code) => matches!(code & 0xff, sqlite::BUSY | sqlite::LOCKED | sqlite::PROTOCOL),
            Code::Postgres(state) => state.starts_with("57P") || state.starts_with("08") || state == "53300",
        },
        _ => false,
    }
}

/// Whether the connection was lost, so that nobody knows what became of what was asked.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => {
            matches!(code(cause.as_ref()), Code::Postgres(state) if state.starts_with("57P"))
        }
        _ => false,
    }
}

/// An error's number on SQLite, its SQLSTATE on PostgreSQL.
enum Code {
    Sqlite(i32),
    Postgres(String),
}

fn code(error: &(dyn DatabaseError + 'static)) -> Code {
    let text = error.code().unwrap_or_default();
    match error.try_downcast_ref::<SqliteError>() {
        Some(_) => Code::Sqlite(text.parse().unwrap_or(sqlite::ERROR)),
        None => Code::Postgres(text.into_owned()),
    }
}

fn of_sqlite(code: i32, message: &str) -> Fault {
    use Kind::{Conflict, Defect, Input, Stored};
    if code == sqlite::CONSTRAINT_TRIGGER {
        return say(Conflict, message, "see what the store already holds");
    }
    match code & 0xff {
        sqlite::FULL => unavailable(
            "the disk that holds the store is full: nothing of this was stored",
            "free some space there; writing then resumes without a restart",
        ),
        sqlite::IOERR => {
            let what =
                format!("the disk that holds the store failed (SQLite error {code}): nothing of this was stored");
            unavailable(what, "look at the system's log, and at quotas of that disk; once it is fixed, writing resumes")
        }
        sqlite::BUSY | sqlite::LOCKED | sqlite::PROTOCOL => unavailable(
            "the store is busy: another process holds it",
            "try again; `fuser -v` on the store's file shows the process that holds it",
        ),
        sqlite::READONLY | sqlite::PERM => unavailable(
            "the store's file, or its folder, may not be written to: nothing of this was stored",
            "let the user who runs hourmatch write both; it then resumes by itself",
        ),
        sqlite::CANTOPEN => unavailable(
            "the store's file cannot be opened",
            "does it exist, may the user who runs hourmatch open it and its folder, is the disk full?",
        ),
        sqlite::CORRUPT => say(Stored, "the store's file is damaged", DAMAGED),
        sqlite::NOTADB => say(
            Stored,
            "the store's file is not an SQLite database, so not an hourmatch store",
            "name another in [store] url or with --store; one that does not exist yet is made",
        ),
        sqlite::NOMEM => unavailable("there is not enough memory for that query", BY_ITSELF),
        sqlite::INTERRUPT => unavailable("the store was interrupted", AGAIN),
        sqlite::TOOBIG => say(Input, "it is larger than the store takes", "send it in parts"),
        sqlite::ERROR if message.starts_with("no such ") => unknown_layout(),
        _ => say(Defect, format!("the store refused the query (SQLite error {code})"), REPORT),
    }
}

fn of_postgres(state: &str, message: &str) -> Fault {
    match state {
        "P0001" => say(Kind::Conflict, message, "see what the store already holds"),
        "42P01" | "42703" => unknown_layout(),
        "53100" => unavailable(
            "PostgreSQL's disk is full: nothing of this was stored",
            "free some space there; writing then resumes without a restart",
        ),
        "53300" => unavailable("PostgreSQL has no free connection", "try again, or raise max_connections"),
        "55P03" => {
            unavailable("the store is busy: another writer holds it", "try again; docs/store.md says how to find it")
        }
        "57014" => unavailable(
            "PostgreSQL took too long, and the query was cancelled",
            "ask for less at once, or try again when the server is less busy",
        ),
        "25006" => unavailable(
            "PostgreSQL takes no writes: it is a standby, or read-only",
            "point the store's url at the primary server; it resumes by itself once that takes writes",
        ),
        "25P03" => unavailable(
            "PostgreSQL ended an idle transaction: nothing of it was stored",
            "try again when this machine is less busy",
        ),
        "28000" | "28P01" => unavailable("PostgreSQL refuses the user or the password", "check the store's url"),
        "3D000" => unavailable("PostgreSQL has no such database", "create it, or check the store's url"),
        "42501" => unavailable(
            "PostgreSQL does not let this user do that",
            "grant the user the database and its tables; it then resumes by itself",
        ),
        _ => of_postgres_class(state),
    }
}

fn of_postgres_class(state: &str) -> Fault {
    let (kind, what, hint) = match state.get(..2).unwrap_or_default() {
        "22" | "54" => (Kind::Input, "PostgreSQL cannot store that", "is it text with a zero byte, or too large?"),
        "08" | "57" | "58" => (Kind::Unavailable, "PostgreSQL ended the connection", AGAIN),
        "40" => (Kind::Unavailable, "two writers collided in PostgreSQL, and this one was undone", AGAIN),
        "53" => (Kind::Unavailable, "PostgreSQL is out of memory, disk or connections", BY_ITSELF),
        "XX" => (Kind::Stored, "PostgreSQL's data is damaged", DAMAGED),
        _ => (Kind::Defect, "the store refused what it was asked", REPORT),
    };
    say(kind, format!("{what} (PostgreSQL {state})"), hint)
}

/// Why a schema could not be brought up to date.
pub(super) fn of_migration(error: &MigrateError) -> Fault {
    match error {
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)
            if problem(cause).kind == Kind::Unavailable =>
        {
            problem(cause)
        }
        other => say(
            Kind::Stored,
            format!("the store's schema cannot be brought up to date: {other}"),
            "is it an hourmatch store, written by this version or an older one?",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_passes_through_the_engines_errors() {
        let gone = Fault::new("gone").kind(Kind::Unavailable).hint("put it back");
        let error = carried(gone.clone());
        assert_eq!(problem(&error), gone);
        assert!(!passes(&error), "whoever waits for it waits in vain");
        let error = explained(anyhow::Error::from(error).context("while reading"));
        assert_eq!(error.downcast_ref::<Fault>(), Some(&gone));
    }

    #[test]
    fn what_says_what_to_do_stays_and_what_is_no_error_of_the_store_too() {
        let mine = explained(Fault::new("mine").into());
        assert_eq!(mine.to_string(), "mine");
        assert_eq!(explained(anyhow::anyhow!("other")).to_string(), "other");
        let packed = anyhow::Error::from(io::Error::other(sqlx::Error::PoolClosed));
        let kind = explained(packed).downcast_ref::<Fault>().map(|problem| problem.kind);
        assert_eq!(kind, Some(Kind::Unavailable));
    }

    #[test]
    fn each_code_has_its_kind() {
        let of = |code| of_sqlite(code, "no such thing").kind;
        // SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_BUSY_RECOVERY, SQLITE_READONLY_DIRECTORY, SQLITE_CANTOPEN.
        for code in [13, 778, 261, 1_544, 14] {
            assert_eq!(of(code), Kind::Unavailable, "{code}");
        }
        // SQLITE_CORRUPT_VTAB, SQLITE_NOTADB, SQLITE_ERROR for want of a table.
        for code in [267, 26, 1] {
            assert_eq!(of(code), Kind::Stored, "{code}");
        }
        assert_eq!((of(1_811), of(18), of(2_067)), (Kind::Conflict, Kind::Input, Kind::Defect));
        let of = |state| of_postgres(state, "no").kind;
        for state in ["57P01", "57P03", "53100", "53300", "55P03", "57014", "25006", "25P03", "40001", "08006", "28P01"]
        {
            assert_eq!(of(state), Kind::Unavailable, "{state}");
        }
        assert_eq!((of("XX001"), of("42P01"), of("P0001")), (Kind::Stored, Kind::Stored, Kind::Conflict));
        assert_eq!((of("22021"), of("23505"), of("")), (Kind::Input, Kind::Defect, Kind::Defect));
    }

    #[test]
    fn no_message_holds_what_an_engine_said() {
        let secret = "insert into work values ('s3cret')";
        for code in [1, 13, 19, 26, 778] {
            assert!(!of_sqlite(code, secret).to_string().contains("s3cret"), "{code}");
        }
        for state in ["23505", "42601", "57014", "XX000"] {
            assert!(!of_postgres(state, secret).to_string().contains("s3cret"), "{state}");
        }
    }
}
