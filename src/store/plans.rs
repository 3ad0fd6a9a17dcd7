//! Plans as documents, newest last. A document is kept gzipped; those of before stand as text.

use super::{AssertSqlSafe, Columns, Instant, Row, Store, Write, from_row, gzip, values};

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
    let seq = write.next("seq", "plans").await?;
    let packed = gzip::pack(row.document.as_bytes())?;
    let into = format!("plans (seq, {COLUMNS})");
    let values = values! {
        seq, &row.id, row.made, row.start, row.end, &row.status, &row.input_sha256, "", row.work_seq,
        row.reservation_seq, &packed,
    };
    write.insert(&into, values).await
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
        write.run(sql, values![id]).await?;
    }
    Ok(())
}

/// A document that cannot be unpacked is empty: whoever reads the plan then says that it cannot be read.
impl Row for PlanRow {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (id, made, start, end, status, input_sha256) = Row::read(row)?;
        let (text, packed): (String, Option<Vec<u8>>) = (row.nth(6)?, row.nth(9)?);
        let unpack = |packed| gzip::unpack(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let document = match packed {
            Some(packed) if text.is_empty() => unpack(&packed).unwrap_or_default(),
            _ => text,
        };
        let (work_seq, reservation_seq) = (row.nth(7)?, row.nth(8)?);
        Ok(Self { id, made, start, end, status, input_sha256, document, work_seq, reservation_seq })
    }
}

const COLUMNS: &str = "id, made_s, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq, packed";

/// The newest plan, or the one named.
pub async fn get(store: &Store, id: Option<&str>) -> sqlx::Result<Option<PlanRow>> {
    let sql = format!("select {COLUMNS} from plans where $1 = '' or id = $1 order by seq desc limit 1");
    store.row(AssertSqlSafe(sql), values![id.unwrap_or("")]).await
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

from_row!(Head { id, made = "made_s", start = "start_s", end = "end_s", work_seq });

/// The newest plan of those made by an instant.
pub async fn latest(store: &Store, by: Instant) -> sqlx::Result<Option<Head>> {
    let sql = "select id, made_s, start_s, end_s, work_seq from plans where made_s <= $1 order by seq desc limit 1";
    store.row(sql, values![by]).await
}

/// A plan's place among all.
pub async fn seq(store: &Store, id: &str) -> sqlx::Result<Option<i64>> {
    store.row("select seq from plans where id = $1", values![id]).await
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

from_row!(Line { id, made = "made_s", start = "start_s", end = "end_s", status, line = "content" });

/// The newest plans before a place, newest first, at most `limit` of them.
pub async fn lines(store: &Store, before_seq: i64, limit: i64) -> sqlx::Result<Vec<Line>> {
    let sql = "select p.id as id, p.made_s as made_s, p.start_s as start_s, p.end_s as end_s, p.status as status, \
        l.content as content from plans p left join plan_lines l on l.plan = p.id where p.seq < $1 \
        order by p.seq desc limit $2";
    store.rows(sql, values![before_seq, limit]).await
}

/// What lists are to say of a plan.
pub async fn add_line(write: &mut Write, plan: &str, content: &str) -> sqlx::Result<()> {
    write.put("plan_lines", "plan, content", values![plan, content]).await
}

/// Plans that touch a span, newest last.
pub async fn heads(store: &Store, start: Instant, end: Instant) -> sqlx::Result<Vec<Head>> {
    let sql = "select id, made_s, start_s, end_s, work_seq from plans where start_s < $1 and end_s > $2 order by seq";
    store.rows(sql, values![end, start]).await
}

/// Ids of the newest plans of those made by an instant, newest first, at most `limit` of them.
pub async fn newest(store: &Store, by: Instant, limit: i64) -> sqlx::Result<Vec<String>> {
    store.rows("select id from plans where made_s <= $1 order by seq desc limit $2", values![by, limit]).await
}

/// What later plans read of a plan: parts by the start of the time each covers.
pub async fn add_parts(write: &mut Write, plan: &str, parts: &[(Instant, Vec<u8>)]) -> sqlx::Result<()> {
    for (start, content) in parts {
        write.insert("plan_parts (plan, start_s, content)", values![plan, *start, content]).await?;
    }
    Ok(())
}

/// Parts of a plan that start before an instant, in order; none of plans that were stored without.
pub async fn parts(store: &Store, plan: &str, until: Instant) -> sqlx::Result<Vec<Vec<u8>>> {
    let sql = "select content from plan_parts where plan = $1 and start_s < $2 order by start_s";
    store.rows(sql, values![plan, until]).await
}

/// Newest plans that can still be explained: older problems make room for them.
const PROBLEMS_KEPT: i64 = 100;

/// What a stored plan was made of.
pub async fn add_problem(write: &mut Write, plan: &str, content: &[u8]) -> sqlx::Result<()> {
    write.insert("plan_problems (plan, content)", values![plan, content]).await?;
    let sql = "delete from plan_problems where plan not in (select id from plans order by seq desc limit $1)";
    write.run(sql, values![PROBLEMS_KEPT]).await
}

pub async fn problem(store: &Store, plan: &str) -> sqlx::Result<Option<Vec<u8>>> {
    store.row("select content from plan_problems where plan = $1", values![plan]).await
}
