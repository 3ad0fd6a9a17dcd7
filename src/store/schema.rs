//! The schema that this program knows: the same numbers on both engines; and whether a store has it.

use crate::error::{Fault, Kind};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

/// The files of `migrations/`, by number: for each name, what it does to SQLite and to PostgreSQL.
macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        const MIGRATIONS: &[[&str; 3]] = &[$([
            $name,
            include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        ]),*];
    };
}

migrations![
    "0001_store",
    "0002_register",
    "0003_state",
    "0004_portfolios",
    "0005_reservations",
    "0006_slots",
    "0007_retention",
    "0008_plan_parts",
    "0009_withdrawals",
    "0010_feeds",
    "0011_bulk",
    "0012_received",
];

pub(super) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(|[_, sqlite, _]| sqlite));
pub(super) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(|[_, _, postgres]| postgres));

fn migrator(sql: fn([&'static str; 3]) -> &'static str) -> Migrator {
    let migration = |(nth, files): (usize, &[&'static str; 3])| {
        let description = files[0].split_once('_').map_or(files[0], |(_, words)| words).replace('_', " ");
        let sql = sql(*files).into_sql_str();
        Migration::new(nth as i64 + 1, Cow::Owned(description), MigrationType::Simple, sql, false)
    };
    Migrator { migrations: MIGRATIONS.iter().enumerate().map(migration).collect(), ..Migrator::DEFAULT }
}

/// Says in the file's header whose it is: "hmat".
pub(super) const APPLICATION_ID: i64 = 0x686d_6174;

/// Number and checksum of what was done to a store.
pub(super) type Applied = Vec<(i64, Vec<u8>)>;

/// Number of the newest schema that this program knows.
pub(super) fn newest(known: &Migrator) -> i64 {
    known.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Whether nothing is left to do; refuses what a newer program has done.
pub(super) fn is_current(known: &Migrator, applied: &[(i64, Vec<u8>)]) -> Result<bool, Fault> {
    let (held, newest) = (applied.last().map_or(0, |(version, _)| *version), newest(known));
    if held > newest {
        let what =
            format!("the store was written by a newer hourmatch: its schema is number {held}, this program's {newest}");
        let hint = "use that version, or restore a backup made before it. The store was left unchanged";
        return Err(Fault::new(what).kind(Kind::Stored).hint(hint));
    }
    let known = known.iter().map(|migration| (migration.version, &*migration.checksum));
    Ok(known.eq(applied.iter().map(|(version, checksum)| (*version, checksum.as_slice()))))
}

/// What the header of an SQLite file starts with, and where in it stand its `user_version` and `application_id`.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
pub(super) const HEADER: usize = 100;
pub(super) const USER_VERSION: Range<usize> = 60..64;
pub(super) const APPLICATION: Range<usize> = 68..72;

/// Whether a file is a store of this schema, by its header alone: nothing is opened that would make files beside it.
pub(super) fn is_current_file(path: &Path) -> bool {
    let mut header = [0; HEADER];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    let number = |at: Range<usize>| header[at].iter().fold(0, |number, byte| (number << 8) | i64::from(*byte));
    read.is_ok()
        && header.starts_with(MAGIC)
        && number(USER_VERSION) == newest(&SQLITE)
        && number(APPLICATION) == APPLICATION_ID
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is not listed would never be applied.
    #[test]
    fn every_migration_is_listed_under_its_number() {
        for engine in ["sqlite", "postgres"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
            let entries = std::fs::read_dir(folder).expect("migrations");
            let mut files: Vec<String> =
                entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
            files.sort();
            let listed: Vec<String> = MIGRATIONS.iter().map(|[name, ..]| format!("{name}.sql")).collect();
            assert_eq!(listed, files, "{engine}");
        }
        for (nth, [name, ..]) in MIGRATIONS.iter().enumerate() {
            assert!(name.starts_with(&format!("{:04}_", nth + 1)), "{name} is number {}", nth + 1);
        }
    }

    #[test]
    fn what_was_done_is_told_from_what_is_to_do() {
        let all: Applied = SQLITE.iter().map(|m| (m.version, m.checksum.to_vec())).collect();
        assert_eq!(is_current(&SQLITE, &all), Ok(true));
        assert_eq!(is_current(&SQLITE, &all[..1]), Ok(false));
        assert_eq!(is_current(&SQLITE, &[]), Ok(false));
        let mut changed = all.clone();
        changed[0].1[0] ^= 1;
        assert_eq!(is_current(&SQLITE, &changed), Ok(false), "the migrator says what is wrong with it");
        let newer = [all.clone(), vec![(newest(&SQLITE) + 1, vec![0])]].concat();
        let message = is_current(&SQLITE, &newer).expect_err("newer").to_string();
        assert!(message.contains("newer hourmatch") && message.contains("hint: use that version"), "{message}");
    }
}
