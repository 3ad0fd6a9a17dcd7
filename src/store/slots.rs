//! Planning times: which is owed, and who is at it.

use super::{AssertSqlSafe, Instant, RecordTime, Store, Write, from_row, values};
use crate::clock::Clock;
use std::sync::Arc;

/// The planning times of one site, or of the plan that must cover now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub name: String,
    /// The newest that is owed; none: nothing is.
    pub due: Option<Instant>,
    /// The newest that was planned, or had passed when it was first looked at.
    pub done: Instant,
    /// How often the one owed was tried in vain.
    pub tries: i64,
    /// Not tried again before then; wall time, as is all of who holds it.
    pub again: RecordTime,
    /// Who is at it, and until when unless renewed.
    pub holder: Option<String>,
    pub until: RecordTime,
}

from_row!(Slot {
    name, due = "due_s", done = "done_s", tries, again = "again_us", holder, until = "until_us",
});

const COLUMNS: &str = "name, due_s, done_s, tries, again_us, holder, until_us";

/// What this process goes by as a holder.
pub fn holder() -> Arc<str> {
    let mut bytes = [0; 8];
    // Without random bytes the process and the instant tell it apart.
    let _ = getrandom::fill(&mut bytes);
    format!("{}-{}-{}", std::process::id(), Clock::recorded().micros(), hex::encode(bytes)).into()
}

fn select() -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("select {COLUMNS} from slots"))
}

/// Collations differ between engines; names compare bytewise.
fn sorted(mut list: Vec<Slot>) -> Vec<Slot> {
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

pub async fn all(store: &Store) -> sqlx::Result<Vec<Slot>> {
    Ok(sorted(store.rows(select(), values![]).await?))
}

/// The same under the writer's lock: nobody else takes one meanwhile.
pub async fn locked(write: &mut Write) -> sqlx::Result<Vec<Slot>> {
    Ok(sorted(write.rows(select(), values![]).await?))
}

pub async fn put(write: &mut Write, slot: &Slot) -> sqlx::Result<()> {
    let values = values![&slot.name, slot.due, slot.done, slot.tries, slot.again, &slot.holder, slot.until];
    write.put("slots", COLUMNS, values).await
}

/// Renews the slots of a holder; how many those are.
pub async fn renew(write: &mut Write, holder: &str, until: RecordTime) -> sqlx::Result<u64> {
    write.reached("update slots set until_us = $1 where holder = $2", values![until, holder]).await
}

/// Lets go of what a holder has; it stays owed.
pub async fn release(write: &mut Write, holder: &str) -> sqlx::Result<()> {
    write.run("update slots set holder = null, until_us = 0 where holder = $1", values![holder]).await
}
