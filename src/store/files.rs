//! Received files, kept as they came, in pieces of a mebibyte.

use super::{Store, Write, values};

pub const CHUNK: usize = 1 << 20;

/// Id of the file with this hash, if it was received before.
pub async fn find(write: &mut Write, sha256: &str) -> sqlx::Result<Option<i64>> {
    write.row("select id from files where sha256 = $1", values![sha256]).await
}

/// Starts a file; its pieces follow with `add_chunk`.
pub async fn add(write: &mut Write, sha256: &str, name: &str, bytes: i64) -> sqlx::Result<i64> {
    let id = write.next("id", "files").await?;
    write.insert("files (id, sha256, name, bytes)", values![id, sha256, name, bytes]).await?;
    Ok(id)
}

pub async fn add_chunk(write: &mut Write, file_id: i64, seq: i64, data: &[u8]) -> sqlx::Result<()> {
    write.insert("file_chunks (file_id, seq, data)", values![file_id, seq, data]).await
}

/// One piece of a received file by its hash; none past the last.
pub async fn piece(store: &Store, sha256: &str, seq: i64) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "select c.data from file_chunks c join files f on f.id = c.file_id where f.sha256 = $1 and c.seq = $2";
    store.row(sql, values![sha256, seq]).await
}
