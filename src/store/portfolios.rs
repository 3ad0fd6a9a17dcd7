//! Portfolio texts as commands found them. Record times strictly increase.

use super::from_row::{Typed, from_row};
use super::{Store, Write, in_write, on_pool};
use reports::time::RecordTime;

/// A portfolio's text and when it was found; the hash is that of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub recorded: RecordTime,
    pub sha256: String,
    pub actor: Option<String>,
    pub content: String,
}

from_row!(Recorded { recorded = "recorded_us", sha256, actor, content });

/// Hash of the last text; none where there is none.
pub async fn last_sha256(store: &Store) -> sqlx::Result<Option<String>> {
    let sql = "select sha256 from portfolios order by seq desc limit 1";
    Ok(on_pool!(store, pool => sqlx::query_scalar(sql).fetch_optional(pool).await?))
}

/// Adds a text, recorded at `max(recorded, last + 1 us)`; nothing where it is the last one already.
pub async fn add(write: &mut Write, text: &Recorded) -> sqlx::Result<()> {
    let sql = "select seq, recorded_us, sha256 from portfolios order by seq desc limit 1";
    let last: Option<Typed<(i64, RecordTime, String)>> =
        in_write!(write, tx => sqlx::query_as(sql).fetch_optional(tx).await?);
    let (last_seq, last_record) = match last {
        Some(Typed((_, _, sha256))) if sha256 == text.sha256 => return Ok(()),
        Some(Typed((seq, recorded, _))) => (seq, recorded),
        None => (0, RecordTime::default()),
    };
    let sql = "insert into portfolios (seq, recorded_us, sha256, actor, content) values ($1, $2, $3, $4, $5)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(last_seq + 1).bind(text.recorded.max(last_record.plus_micros(1)).micros()).bind(&text.sha256)
            .bind(&text.actor).bind(&text.content).execute(tx).await?;
    });
    Ok(())
}

/// The last text recorded at or before a record time.
pub async fn at(store: &Store, recorded: RecordTime) -> sqlx::Result<Option<Recorded>> {
    let sql = "select recorded_us, sha256, actor, content from portfolios where recorded_us <= $1 \
        order by seq desc limit 1";
    Ok(on_pool!(store, pool => sqlx::query_as(sql).bind(recorded.micros()).fetch_optional(pool).await?))
}
