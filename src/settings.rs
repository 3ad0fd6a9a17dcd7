//! This process: which portfolio file, which store, which address. Flag, then environment, then file.

use crate::error::Problem;
use std::path::{Path, PathBuf};

pub const DEFAULT_CONFIG: &str = "hourmatch.toml";
pub const DEFAULT_STORE: &str = "sqlite://hourmatch.db";
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// `-c FILE`, else HOURMATCH_CONFIG, else ./hourmatch.toml; never upwards.
pub fn config_path(flag: Option<&Path>) -> PathBuf {
    flag.map_or_else(|| PathBuf::from(DEFAULT_CONFIG), Path::to_path_buf)
}

/// Store URL; a relative SQLite path is relative to the portfolio file.
pub fn store_url(flag: Option<&str>, file: Option<&str>, config: &Path) -> Result<String, Problem> {
    let url = flag.or(file).unwrap_or(DEFAULT_STORE);
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(url.to_string());
    }
    let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) else {
        return Err(Problem::new(format!("store url `{url}` is neither SQLite nor PostgreSQL"))
            .hint("write sqlite://hourmatch.db or postgres://user@host/database"));
    };
    let base = config.parent().unwrap_or(Path::new(""));
    let joined = base.join(path);
    Ok(format!("sqlite://{}", joined.display()))
}
