//! This process: which portfolio file, which store, which address. Flag, then environment, then file.

use crate::error::Fault;
use crate::secret::Secret;
use etcetera::BaseStrategy;
use std::path::{Path, PathBuf};

pub const DEFAULT_CONFIG: &str = "hourmatch.toml";
pub const DEFAULT_STORE: &str = "sqlite://hourmatch.db";
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Where this account keeps what can be made again, such as an unfinished backtest; none where it has no home.
pub fn cache_folder() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("hourmatch"))
}

/// Store URL; a relative SQLite path is relative to the portfolio file.
pub fn store_url(flag: Option<&Secret>, file: Option<&Secret>, config: &Path) -> Result<Secret, Fault> {
    let default = Secret::from(DEFAULT_STORE);
    let given = flag.or(file).unwrap_or(&default);
    let url = given.expose();
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(given.clone());
    }
    if let Some((scheme, _)) = url.split_once(':')
        && ["sqlite", "postgres", "postgresql"].contains(&scheme.to_ascii_lowercase().as_str())
        && scheme != scheme.to_ascii_lowercase()
    {
        let what = format!("store url `{given}`: its scheme is not in lower case");
        return Err(Fault::new(what).hint(format!("write {}:", scheme.to_ascii_lowercase())));
    }
    let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) else {
        return Err(Fault::new(format!("store url `{given}` is neither SQLite nor PostgreSQL"))
            .hint("write sqlite://hourmatch.db or postgres://user@host/database"));
    };
    // Names of files are printed; what looks like a password would be too.
    if path.split('/').next().and_then(|first| first.split_once('@')).is_some_and(|(user, _)| user.contains(':')) {
        return Err(Fault::new("the store url names a user and a password: an SQLite file has none")
            .hint("write sqlite://hourmatch.db, or postgres:// if a server is meant"));
    }
    Ok(Secret::new(format!("sqlite://{}", beside(config, path)?)))
}

/// The path part of a URL, relative to the folder of a file. Names of folders are no part of a URL: what means something
/// in one is escaped in them.
fn beside(file: &Path, path: &str) -> Result<String, Fault> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Some(folder) = folder.filter(|_| !path.starts_with('/')) else { return Ok(path.into()) };
    let folder = folder.to_str().ok_or_else(|| {
        let hint = "write the whole path of the store in its url, or rename the folder";
        Fault::new("its folder's name is not UTF-8").file(file.display()).hint(hint)
    })?;
    let folder = folder.trim_end_matches('/').replace('%', "%25").replace('?', "%3F");
    Ok(format!("{folder}/{path}"))
}

/// The URL of an SQLite file.
pub fn sqlite_url(file: &Path) -> Result<Secret, Fault> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Ok(Secret::new(format!("sqlite://{}", beside(file, name)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_lies_beside_its_portfolio_whatever_the_folder_is_called() {
        let url = |store: &str, config: &str| {
            store_url(Some(&Secret::from(store)), None, Path::new(config)).map(|url| url.expose().to_string())
        };
        for (store, config, wanted) in [
            ("sqlite://h.db", "hourmatch.toml", "sqlite://h.db"),
            ("sqlite:h.db?mode=rw", "a/p.toml", "sqlite://a/h.db?mode=rw"),
            ("sqlite://h%41.db", "a?b/50%41/p.toml", "sqlite://a%3Fb/50%2541/h%41.db"),
            ("sqlite:///x/h.db", "a/p.toml", "sqlite:///x/h.db"),
            ("sqlite://h.db", "/p.toml", "sqlite:///h.db"),
            ("postgres://u:p@h/d", "a/p.toml", "postgres://u:p@h/d"),
        ] {
            assert_eq!(url(store, config), Ok(wanted.into()), "{store}");
        }
        let refused = url("mysql://u:hunter2@h/d", "p.toml").expect_err("refused").to_string();
        assert!(refused.contains("mysql://…@h/d") && !refused.contains("hunter2"), "{refused}");
        let demo = sqlite_url(Path::new("a?b/hourmatch.db")).expect("a url");
        assert_eq!(demo.expose(), "sqlite://a%3Fb/hourmatch.db");
    }
}
