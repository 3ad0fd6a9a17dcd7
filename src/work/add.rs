//! Work taken in: the same id and content adds nothing, changed content replaces what has not started, and an id that was
//! cancelled begins anew.

use super::{Serialize, Store, Work, WorkId};
use crate::error::{Fault, Faults};
use crate::store::reservations;
use crate::store::work::{self, Added};
use reports::time::RecordTime;
use std::collections::BTreeSet;

/// What taking in a list did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those that were cancelled under the same id among them.
    pub added: usize,
    pub replaced: usize,
    pub unchanged: usize,
    /// What has started, or is done, is not replaced.
    pub kept: Vec<Kept>,
}

/// A piece that was not replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    pub work: WorkId,
    /// started or done
    pub state: &'static str,
}

impl Kept {
    pub fn message(&self) -> String {
        let Self { work, state } = self;
        format!("{work} is {state} and stays as it is: submit other work under another id, or cancel {work} first")
    }
}

/// Adds all in one transaction.
///
/// # Errors
/// An id that is reserved, and a store that does not answer; nothing is added then.
pub async fn add(store: &Store, list: &[Work], record_time: RecordTime) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let mut write = store.write().await?;
    let reserved = reservations::ending_after(store, record_time.instant()).await?;
    let live: BTreeSet<&str> = reserved.iter().filter(|r| r.released_seq.is_none()).map(|r| r.id.as_str()).collect();
    let taken = |item: &&Work| live.contains(item.id.as_str());
    let twice = |item: &Work| {
        Fault::conflict(format!("`{}` is a reservation: as work it would be counted twice", item.id))
            .hint(format!("release it first: hourmatch reservations release {}", item.id))
    };
    Faults::refuse(list.iter().filter(taken).map(twice))?;
    for item in list {
        match work::put(&mut write, &item.id, &serde_json::to_string(item)?, record_time).await? {
            Added::New => counts.added += 1,
            Added::Unchanged => counts.unchanged += 1,
            Added::Replaced => counts.replaced += 1,
            Added::Started => counts.kept.push(Kept { work: item.id.clone(), state: "started" }),
            Added::Done => counts.kept.push(Kept { work: item.id.clone(), state: "done" }),
        }
    }
    write.commit().await?;
    Ok(counts)
}
