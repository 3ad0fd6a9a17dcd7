//! Portfolio texts as commands found them. Record times strictly increase.

use super::{RecordTime, Store, Write, from_row, values};

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
    store.row("select sha256 from portfolios order by seq desc limit 1", values![]).await
}

/// Adds a text, recorded at `max(recorded, last + 1 us)`; nothing where it is the last one already.
pub async fn add(write: &mut Write, text: &Recorded) -> sqlx::Result<()> {
    let sql = "select seq, recorded_us, sha256 from portfolios order by seq desc limit 1";
    let last: Option<(i64, RecordTime, String)> = write.row(sql, values![]).await?;
    let (last_seq, last_record) = match last {
        Some((_, _, sha256)) if sha256 == text.sha256 => return Ok(()),
        Some((seq, recorded, _)) => (seq, recorded),
        None => (0, RecordTime::default()),
    };
    let into = "portfolios (seq, recorded_us, sha256, actor, content)";
    let recorded = text.recorded.max(last_record.plus_micros(1));
    write.insert(into, values![last_seq + 1, recorded, &text.sha256, &text.actor, &text.content]).await
}

/// The last text recorded at or before a record time.
pub async fn at(store: &Store, recorded: RecordTime) -> sqlx::Result<Option<Recorded>> {
    let sql = "select recorded_us, sha256, actor, content from portfolios where recorded_us <= $1 \
        order by seq desc limit 1";
    store.row(sql, values![recorded]).await
}
