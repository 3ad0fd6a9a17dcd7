//! Where a store lies, as its engine resolves the url: the files that belong to it.

use crate::error::Fault;
use crate::secret::Secret;
use sqlx::sqlite::SqliteConnectOptions;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Files that a PostgreSQL url may name, and variables that may.
const NAMED: [&str; 7] = ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];
const VARIABLES: [&str; 4] = ["PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGPASSFILE"];

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// The file of an SQLite store, escapes resolved; none of one in memory, or of PostgreSQL.
///
/// # Errors
/// A url that the engine does not understand, or would take for a name of another file. Nothing of it is repeated that
/// may be secret.
pub fn sqlite_file(url: &Secret) -> Result<Option<PathBuf>, Fault> {
    if !is_sqlite(url.expose()) {
        return Ok(None);
    }
    let refuse = |what: &str| Fault::new(format!("store url {url}: {what}")).hint("write sqlite://hourmatch.db");
    let options = SqliteConnectOptions::from_str(url.expose()).map_err(|_| refuse("SQLite does not understand it"))?;
    let file = options.get_filename();
    match file.to_str() {
        Some(name) if name.starts_with("file:sqlx-in-memory-") => Ok(None),
        Some(name) if name.starts_with("file:") => Err(refuse("it names a url within the url")),
        Some("") => Err(refuse("it names no file")),
        _ => Ok(Some(file.to_path_buf())),
    }
}

/// Every file that a store is made of or read with, links followed, there or not.
///
/// # Errors
/// As for [`sqlite_file`].
pub fn files(url: &Secret) -> Result<Vec<PathBuf>, Fault> {
    if let Some(file) = sqlite_file(url)? {
        // The engine names what lies beside a file after what its link leads to.
        let real = file.canonicalize().ok().filter(|real| *real != file);
        let all = [Some(file), real].into_iter().flatten();
        return Ok(all.flat_map(|file| ["", "-wal", "-shm", "-journal"].map(|end| beside(&file, end))).collect());
    }
    if is_sqlite(url.expose()) {
        return Ok(Vec::new());
    }
    let stated = VARIABLES.iter().filter_map(std::env::var_os).map(PathBuf::from);
    Ok(named(url)?.into_iter().chain(stated).collect())
}

/// What SQLite keeps beside a file, by the end of its name.
pub(super) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(end);
    name.into()
}

/// The files that a PostgreSQL url names behind its `?`.
fn named(url: &Secret) -> Result<Vec<PathBuf>, Fault> {
    let parsed = reqwest::Url::parse(url.expose()).map_err(|e| {
        Fault::new(format!("store url {url}: not a valid url: {e}")).hint("write postgres://user@host:5432/database")
    })?;
    let files = parsed.query_pairs().filter(|(key, _)| NAMED.contains(&key.as_ref()));
    Ok(files.map(|(_, file)| PathBuf::from(file.into_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_those_the_engine_opens() {
        let of = |url: &str| files(&Secret::from(url));
        let names = |file: &str| -> Vec<PathBuf> {
            ["", "-wal", "-shm", "-journal"].map(|end| PathBuf::from(format!("{file}{end}"))).to_vec()
        };
        assert_eq!(of("sqlite://no/%41b.db?mode=rwc"), Ok(names("no/Ab.db")));
        assert_eq!(of("sqlite://no/a%3Fb.db"), Ok(names("no/a?b.db")));
        assert_eq!(of("sqlite://:memory:"), Ok(Vec::new()));
        let tls = of("postgres://h/d?sslrootcert=%2Ftmp%2Fca.pem&sslmode=require").expect("known");
        assert!(tls.contains(&PathBuf::from("/tmp/ca.pem")), "{tls:?}");
        for url in [
            "sqlite://file:x.db",
            "sqlite://%66ile:x.db",
            "sqlite://x.db?mode=hunter2",
            "sqlite://x.db?hunter2=1",
            "postgres://u:hunter2@h:none/d",
        ] {
            let what = of(url).expect_err(url).to_string();
            assert!(!what.contains("hunter2"), "{what}");
        }
    }
}
