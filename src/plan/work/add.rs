//! Work taken in: the same id and content adds nothing, changed content replaces what has not started.

use super::Work;
use crate::store::Store;
use crate::store::work::{self, Added};
use serde::Serialize;

/// What taking in a list did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub added: usize,
    pub replaced: usize,
    pub unchanged: usize,
    /// Started, done or cancelled work is not replaced.
    pub kept: usize,
}

/// Adds all in one transaction.
///
/// # Errors
/// A store that does not answer; nothing is added then.
pub async fn add(store: &Store, list: &[Work], now_us: i64) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let mut write = store.write().await?;
    for item in list {
        match work::put(&mut write, &item.id, &serde_json::to_string(item)?, now_us).await? {
            Added::New => counts.added += 1,
            Added::Unchanged => counts.unchanged += 1,
            Added::Replaced => counts.replaced += 1,
            Added::Kept => counts.kept += 1,
        }
    }
    write.commit().await?;
    Ok(counts)
}
