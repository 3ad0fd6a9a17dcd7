//! Deferrable work as rows; the content is the parsed work item as JSON.

use super::{Store, Write, in_write, on_pool};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRow {
    pub id: String,
    pub content: String,
    pub state: String,
}

/// What adding one item did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    New,
    Unchanged,
    Replaced,
    /// Started, done or cancelled work is not replaced by changed content.
    Kept,
}

pub const QUEUED: &str = "queued";
pub const CANCELLED: &str = "cancelled";

pub async fn put(write: &mut Write, id: &str, content: &str, now_us: i64) -> sqlx::Result<Added> {
    let found: Option<(String, String)> = in_write!(write, tx => {
        sqlx::query_as("select content, state from work where id = $1").bind(id).fetch_optional(tx).await?
    });
    match found {
        None => {
            in_write!(write, tx => {
                sqlx::query("insert into work (id, content, state, added_us) values ($1, $2, $3, $4)")
                    .bind(id).bind(content).bind(QUEUED).bind(now_us).execute(tx).await?;
            });
            Ok(Added::New)
        }
        Some((old, state)) if old == content && state != CANCELLED => Ok(Added::Unchanged),
        Some((_, state)) if state != QUEUED => Ok(Added::Kept),
        Some(_) => {
            in_write!(write, tx => {
                sqlx::query("update work set content = $1, added_us = $2 where id = $3")
                    .bind(content).bind(now_us).bind(id).execute(tx).await?;
            });
            Ok(Added::Replaced)
        }
    }
}

/// False when there is no such work.
pub async fn set_state(write: &mut Write, id: &str, state: &str) -> sqlx::Result<bool> {
    let changed = in_write!(write, tx => {
        sqlx::query("update work set state = $1 where id = $2").bind(state).bind(id).execute(tx).await?.rows_affected()
    });
    Ok(changed > 0)
}

pub async fn all(store: &Store) -> sqlx::Result<Vec<WorkRow>> {
    let sql = "select id, content, state from work order by id";
    let rows: Vec<(String, String, String)> = on_pool!(store, pool => sqlx::query_as(sql).fetch_all(pool).await?);
    // Collations differ between engines; ids compare bytewise.
    let mut rows: Vec<WorkRow> = rows.into_iter().map(|(id, content, state)| WorkRow { id, content, state }).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}
