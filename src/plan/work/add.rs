//! Work taken in: the same id and content adds nothing, changed content replaces what has not started.

use super::Work;
use crate::error::{Kind, Problem, Problems};
use crate::store::Store;
use crate::store::reservations;
use crate::store::work::{self, Added};
use serde::Serialize;
use std::collections::BTreeSet;

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
/// An id that is reserved, and a store that does not answer; nothing is added then.
pub async fn add(store: &Store, list: &[Work], now_us: i64) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let mut write = store.write().await?;
    let reserved = reservations::ending_after(store, now_us.div_euclid(1_000_000)).await?;
    let live: BTreeSet<&str> = reserved.iter().filter(|r| r.released_seq.is_none()).map(|r| r.id.as_str()).collect();
    let taken = |item: &&Work| live.contains(item.id.as_str());
    let twice = |item: &Work| {
        Problem::new(format!("`{}` is reserved: as work it would take its room twice", item.id))
            .kind(Kind::Conflict)
            .hint(format!("release it first: hourmatch reservations release {}", item.id))
    };
    let problems: Vec<Problem> = list.iter().filter(taken).map(twice).collect();
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
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
