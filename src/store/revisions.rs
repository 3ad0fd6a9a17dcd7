//! One file, one commit, one revision. Record times strictly increase.

use super::from_row::Typed;
use super::{Store, Write, in_write, on_pool};
use reports::inputs::Revision;
use reports::time::RecordTime;
use std::collections::BTreeMap;

/// Who recorded a file and why, where they say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stated<'a> {
    pub actor: Option<&'a str>,
    pub reason: Option<&'a str>,
}

/// Adds a revision recorded at `max(now, last + 1 us)`.
pub async fn add(
    write: &mut Write,
    record_time: RecordTime,
    file_id: i64,
    source: &str,
    delay_s: i64,
    stated: Stated<'_>,
) -> sqlx::Result<Revision> {
    let (id, recorded) = next(write, record_time).await?;
    let sql = "insert into revisions (id, recorded_us, file_id, source, delay_s, actor, reason) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(id).bind(recorded.micros()).bind(file_id).bind(source).bind(delay_s)
            .bind(stated.actor).bind(stated.reason).execute(tx).await?;
    });
    Ok(Revision {
        id,
        recorded,
        file_name: source.into(),
        file_sha256: String::new(),
        actor: stated.actor.map(String::from),
        reason: stated.reason.map(String::from),
        form: form_of(source),
    })
}

/// Id and record time of the next revision.
pub(super) async fn next(write: &mut Write, record_time: RecordTime) -> sqlx::Result<(i64, RecordTime)> {
    let Typed((last_id, last_record)): Typed<(i64, RecordTime)> = in_write!(write, tx => {
        sqlx::query_as("select coalesce(max(id), 0), coalesce(max(recorded_us), 0) from revisions").fetch_one(tx).await?
    });
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
    let found: Option<i64> = in_write!(write, tx => {
        sqlx::query_scalar(sql).bind(sha256).bind(source).fetch_one(tx).await?
    });
    let Some(id) = found else { return Ok(None) };
    let sql = "select cast(count(*) as bigint) from revisions where id > $1 and withdraws is not null";
    let withdrawals: i64 = in_write!(write, tx => sqlx::query_scalar(sql).bind(id).fetch_one(tx).await?);
    Ok(Some((id, withdrawals > 0)))
}

/// The last revision recorded at or before a record time; 0 when there was none.
pub async fn last_at(store: &Store, recorded: RecordTime) -> sqlx::Result<i64> {
    let sql = "select coalesce(max(id), 0) from revisions where recorded_us <= $1";
    Ok(on_pool!(store, pool => sqlx::query_scalar(sql).bind(recorded.micros()).fetch_one(pool).await?))
}

type Columns = Typed<(i64, RecordTime, String, String, Option<String>, Option<String>, String)>;

/// Every revision with the file it came from.
pub async fn all(store: &Store) -> sqlx::Result<BTreeMap<i64, Revision>> {
    let sql = "select r.id, r.recorded_us, f.name, f.sha256, r.actor, r.reason, r.source \
        from revisions r join files f on f.id = r.file_id order by r.id";
    let rows: Vec<Columns> = on_pool!(store, pool => sqlx::query_as(sql).fetch_all(pool).await?);
    let revision = |Typed((id, recorded, file_name, file_sha256, actor, reason, source)): Columns| {
        (id, Revision { id, recorded, file_name, file_sha256, actor, reason, form: form_of(&source) })
    };
    Ok(rows.into_iter().map(revision).collect())
}
