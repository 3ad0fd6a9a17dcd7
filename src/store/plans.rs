//! Plans as documents, newest last. A document is kept gzipped; those of before stand as text.

use super::from_row::Typed;
use super::{Store, Write, gzip, in_write, numbers, on_pool};
use reports::time::Instant;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    pub id: String,
    pub made: Instant,
    pub start: Instant,
    pub end: Instant,
    pub status: String,
    pub input_sha256: String,
    pub document: String,
    /// Changes of work, and reservations made and released, that it was made with.
    pub work_seq: i64,
    pub reservation_seq: i64,
}

/// Stores a plan and makes it the current one; the same plan again only becomes current.
pub async fn add(write: &mut Write, row: &PlanRow) -> sqlx::Result<()> {
    remove(write, &row.id).await?;
    let seq = numbers::next(write, "seq", "plans").await?;
    let packed = gzip::pack(row.document.as_bytes())?;
    let sql = "insert into plans (seq, id, made_s, start_s, end_s, status, input_sha256, document, work_seq, \
        reservation_seq, packed) values ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(seq).bind(&row.id).bind(row.made.seconds()).bind(row.start.seconds()).bind(row.end.seconds())
            .bind(&row.status).bind(&row.input_sha256)
            .bind(row.work_seq).bind(row.reservation_seq).bind(packed.as_slice()).execute(tx).await?;
    });
    Ok(())
}

/// Removes a plan, and all that is kept beside it.
pub(super) async fn remove(write: &mut Write, id: &str) -> sqlx::Result<()> {
    let deletes = [
        "delete from plan_problems where plan = $1",
        "delete from plan_lines where plan = $1",
        "delete from plan_parts where plan = $1",
        "delete from plans where id = $1",
    ];
    for sql in deletes {
        in_write!(write, tx => {
            sqlx::query(sql).bind(id).execute(tx).await?;
        });
    }
    Ok(())
}

/// Nothing where it cannot be unpacked: whoever reads the plan then says that it cannot be read.
fn unpack(packed: &[u8]) -> String {
    gzip::unpack(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

type Columns = Typed<(String, Instant, Instant, Instant, String, String, String, i64, i64, Option<Vec<u8>>)>;

fn row(Typed(columns): Columns) -> PlanRow {
    let (id, made, start, end, status, input_sha256, text, work_seq, reservation_seq, packed) = columns;
    let document = match packed {
        Some(packed) if text.is_empty() => unpack(&packed),
        _ => text,
    };
    PlanRow { id, made, start, end, status, input_sha256, document, work_seq, reservation_seq }
}

const COLUMNS: &str = "select id, made_s, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq, \
    packed from plans";

/// The newest plan, or the one named.
pub async fn get(store: &Store, id: Option<&str>) -> sqlx::Result<Option<PlanRow>> {
    let sql = format!("{COLUMNS} where $1 = '' or id = $1 order by seq desc limit 1");
    let found: Option<Columns> = on_pool!(store, pool => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.unwrap_or("")).fetch_optional(pool).await?
    });
    Ok(found.map(row))
}

/// When a plan was made, and when it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    pub id: String,
    pub made: Instant,
    pub start: Instant,
    pub end: Instant,
}

/// The newest plan of those made by an instant.
pub async fn latest(store: &Store, by: Instant) -> sqlx::Result<Option<Latest>> {
    let sql = "select id, made_s, start_s, end_s from plans where made_s <= $1 order by seq desc limit 1";
    let found: Option<Typed<_>> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(by.seconds()).fetch_optional(pool).await?
    });
    Ok(found.map(|Typed((id, made, start, end))| Latest { id, made, start, end }))
}

/// A plan's place among all.
pub async fn seq(store: &Store, id: &str) -> sqlx::Result<Option<i64>> {
    let sql = "select seq from plans where id = $1";
    Ok(on_pool!(store, pool => sqlx::query_scalar(sql).bind(id).fetch_optional(pool).await?))
}

/// What a list says of a plan; nothing of those stored before lines were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub made: Instant,
    pub start: Instant,
    pub end: Instant,
    pub status: String,
    pub line: Option<String>,
}

/// The newest plans before a place, newest first, at most `limit` of them.
pub async fn lines(store: &Store, before_seq: i64, limit: i64) -> sqlx::Result<Vec<Line>> {
    let sql = "select p.id, p.made_s, p.start_s, p.end_s, p.status, l.content \
        from plans p left join plan_lines l on l.plan = p.id where p.seq < $1 order by p.seq desc limit $2";
    let found: Vec<Typed<_>> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(before_seq).bind(limit).fetch_all(pool).await?
    });
    let line = |Typed((id, made, start, end, status, line))| Line { id, made, start, end, status, line };
    Ok(found.into_iter().map(line).collect())
}

/// What lists are to say of a plan.
pub async fn add_line(write: &mut Write, plan: &str, content: &str) -> sqlx::Result<()> {
    let sql = "insert into plan_lines (plan, content) values ($1, $2) \
        on conflict (plan) do update set content = excluded.content";
    in_write!(write, tx => {
        sqlx::query(sql).bind(plan).bind(content).execute(tx).await?;
    });
    Ok(())
}

/// A plan without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub id: String,
    pub made: Instant,
    pub start: Instant,
    pub end: Instant,
    /// Changes of work that it was made with.
    pub work_seq: i64,
}

/// Plans that touch a span, newest last.
pub async fn heads(store: &Store, start: Instant, end: Instant) -> sqlx::Result<Vec<Head>> {
    let sql = "select id, made_s, start_s, end_s, work_seq from plans where start_s < $1 and end_s > $2 order by seq";
    let found: Vec<Typed<_>> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(end.seconds()).bind(start.seconds()).fetch_all(pool).await?
    });
    let head = |Typed((id, made, start, end, work_seq))| Head { id, made, start, end, work_seq };
    Ok(found.into_iter().map(head).collect())
}

/// Ids of the newest plans of those made by an instant, newest first, at most `limit` of them.
pub async fn newest(store: &Store, by: Instant, limit: i64) -> sqlx::Result<Vec<String>> {
    let sql = "select id from plans where made_s <= $1 order by seq desc limit $2";
    Ok(on_pool!(store, pool => sqlx::query_scalar(sql).bind(by.seconds()).bind(limit).fetch_all(pool).await?))
}

/// What later plans read of a plan: parts by the start of the time each covers.
pub async fn add_parts(write: &mut Write, plan: &str, parts: &[(Instant, Vec<u8>)]) -> sqlx::Result<()> {
    for (start, content) in parts {
        in_write!(write, tx => {
            sqlx::query("insert into plan_parts (plan, start_s, content) values ($1, $2, $3)")
                .bind(plan).bind(start.seconds()).bind(content.as_slice()).execute(tx).await?;
        });
    }
    Ok(())
}

/// Parts of a plan that start before an instant, in order; none of plans that were stored without.
pub async fn parts(store: &Store, plan: &str, until: Instant) -> sqlx::Result<Vec<Vec<u8>>> {
    let sql = "select content from plan_parts where plan = $1 and start_s < $2 order by start_s";
    Ok(on_pool!(store, pool => sqlx::query_scalar(sql).bind(plan).bind(until.seconds()).fetch_all(pool).await?))
}

/// Newest plans that can still be explained: older problems make room for them.
const PROBLEMS_KEPT: i64 = 100;

/// What a stored plan was made of.
pub async fn add_problem(write: &mut Write, plan: &str, content: &[u8]) -> sqlx::Result<()> {
    in_write!(write, tx => {
        sqlx::query("insert into plan_problems (plan, content) values ($1, $2)")
            .bind(plan).bind(content).execute(tx).await?;
    });
    let sql = "delete from plan_problems where plan not in (select id from plans order by seq desc limit $1)";
    in_write!(write, tx => {
        sqlx::query(sql).bind(PROBLEMS_KEPT).execute(tx).await?;
    });
    Ok(())
}

pub async fn problem(store: &Store, plan: &str) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "select content from plan_problems where plan = $1";
    Ok(on_pool!(store, pool => sqlx::query_scalar(sql).bind(plan).fetch_optional(pool).await?))
}
