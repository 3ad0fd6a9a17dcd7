//! One file, one commit, one revision. Record times strictly increase.

use super::{RecordTime, Store, Write, values};
use reports::inputs::Revision;
use std::collections::BTreeMap;

/// Who recorded a file and why, where they say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stated<'a> {
    pub actor: Option<&'a str>,
    pub reason: Option<&'a str>,
}

/// Adds a revision recorded at `max(now, last + 1 us)`; its id and that time.
pub async fn add(
    write: &mut Write,
    record_time: RecordTime,
    file_id: i64,
    source: &str,
    delay_s: i64,
    stated: Stated<'_>,
) -> sqlx::Result<(i64, RecordTime)> {
    let (id, recorded) = next(write, record_time).await?;
    let into = "revisions (id, recorded_us, file_id, source, delay_s, actor, reason)";
    write.insert(into, values![id, recorded, file_id, source, delay_s, stated.actor, stated.reason]).await?;
    Ok((id, recorded))
}

/// Id and record time of the next revision.
pub(super) async fn next(write: &mut Write, record_time: RecordTime) -> sqlx::Result<(i64, RecordTime)> {
    let (last_id, last_record): (i64, RecordTime) =
        write.one("select coalesce(max(id), 0), coalesce(max(recorded_us), 0) from revisions", values![]).await?;
    Ok((last_id + 1, record_time.max(last_record.plus_micros(1))))
}

/// The form in a source such as `pjm {...}`: others name what their files say themselves.
fn form_of(source: &str) -> Option<String> {
    let (_, form) = source.split_once(' ')?;
    form.starts_with('{').then(|| form.to_string())
}

/// The last revision that a file was taken in with as this source, and whether anything was withdrawn since.
pub async fn taken(write: &mut Write, sha256: &str, source: &str) -> sqlx::Result<Option<(i64, bool)>> {
    let sql = "select max(r.id) from revisions r join files f on f.id = r.file_id \
        where f.sha256 = $1 and r.source = $2 and r.withdraws is null";
    let found: Option<i64> = write.one(sql, values![sha256, source]).await?;
    let Some(id) = found else { return Ok(None) };
    let sql = "select cast(count(*) as bigint) from revisions where id > $1 and withdraws is not null";
    let withdrawals: i64 = write.one(sql, values![id]).await?;
    Ok(Some((id, withdrawals > 0)))
}

/// The last revision recorded at or before a record time; 0 when there was none.
pub async fn last_at(store: &Store, recorded: RecordTime) -> sqlx::Result<i64> {
    store.one("select coalesce(max(id), 0) from revisions where recorded_us <= $1", values![recorded]).await
}

/// Every revision with the file it came from.
pub async fn all(store: &Store) -> sqlx::Result<BTreeMap<i64, Revision>> {
    let sql = "select r.id, r.recorded_us, f.name, f.sha256, r.actor, r.reason, r.source \
        from revisions r join files f on f.id = r.file_id order by r.id";
    let revision = |(id, recorded, file_name, file_sha256, actor, reason, source): (_, _, _, _, _, _, String)| {
        (id, Revision { id, recorded, file_name, file_sha256, actor, reason, form: form_of(&source) })
    };
    Ok(store.rows(sql, values![]).await?.into_iter().map(revision).collect())
}
