//! Plans as documents, newest last.

use super::{Store, Write, in_write, on_pool};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    pub id: String,
    pub made_s: i64,
    pub start_s: i64,
    pub end_s: i64,
    pub status: String,
    pub input_sha256: String,
    pub document: String,
    /// Changes of work, and reservations made and released, that it was made with.
    pub work_seq: i64,
    pub reservation_seq: i64,
}

/// Stores a plan and makes it the current one; the same plan again only becomes current.
pub async fn add(write: &mut Write, row: &PlanRow) -> sqlx::Result<()> {
    let deletes = [
        "delete from plan_problems where plan = $1",
        "delete from plan_parts where plan = $1",
        "delete from plans where id = $1",
    ];
    for sql in deletes {
        in_write!(write, tx => {
            sqlx::query(sql).bind(&row.id).execute(tx).await?;
        });
    }
    let (seq,): (i64,) = in_write!(write, tx => {
        sqlx::query_as("select coalesce(max(seq), 0) + 1 from plans").fetch_one(tx).await?
    });
    let sql = "insert into plans (seq, id, made_s, start_s, end_s, status, input_sha256, document, work_seq, \
        reservation_seq) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(seq).bind(&row.id).bind(row.made_s).bind(row.start_s).bind(row.end_s)
            .bind(&row.status).bind(&row.input_sha256).bind(&row.document)
            .bind(row.work_seq).bind(row.reservation_seq).execute(tx).await?;
    });
    Ok(())
}

type Columns = (String, i64, i64, i64, String, String, String, i64, i64);

fn row(columns: Columns) -> PlanRow {
    let (id, made_s, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq) = columns;
    PlanRow { id, made_s, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq }
}

const COLUMNS: &str = "select id, made_s, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq \
    from plans";

/// The newest plan, or the one named.
pub async fn get(store: &Store, id: Option<&str>) -> sqlx::Result<Option<PlanRow>> {
    let sql = format!("{COLUMNS} where $1 = '' or id = $1 order by seq desc limit 1");
    let found: Option<Columns> = on_pool!(store, pool => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.unwrap_or("")).fetch_optional(pool).await?
    });
    Ok(found.map(row))
}

/// Which plan is the current one.
pub async fn current_id(store: &Store) -> sqlx::Result<Option<String>> {
    let sql = "select id from plans order by seq desc limit 1";
    let found: Option<(String,)> = on_pool!(store, pool => sqlx::query_as(sql).fetch_optional(pool).await?);
    Ok(found.map(|row| row.0))
}

/// A plan without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub id: String,
    pub made_s: i64,
    pub start_s: i64,
    pub end_s: i64,
    /// Changes of work that it was made with.
    pub work_seq: i64,
}

/// Plans that touch a span, newest last.
pub async fn heads(store: &Store, start_s: i64, end_s: i64) -> sqlx::Result<Vec<Head>> {
    let sql = "select id, made_s, start_s, end_s, work_seq from plans where start_s < $1 and end_s > $2 order by seq";
    let found: Vec<(String, i64, i64, i64, i64)> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(end_s).bind(start_s).fetch_all(pool).await?
    });
    let head = |(id, made_s, start_s, end_s, work_seq)| Head { id, made_s, start_s, end_s, work_seq };
    Ok(found.into_iter().map(head).collect())
}

/// Ids of the newest plans, newest first, at most `limit` of them.
pub async fn newest(store: &Store, limit: i64) -> sqlx::Result<Vec<String>> {
    let sql = "select id from plans order by seq desc limit $1";
    let found: Vec<(String,)> = on_pool!(store, pool => sqlx::query_as(sql).bind(limit).fetch_all(pool).await?);
    Ok(found.into_iter().map(|row| row.0).collect())
}

/// What later plans read of a plan: parts by the start of the time each covers.
pub async fn add_parts(write: &mut Write, plan: &str, parts: &[(i64, Vec<u8>)]) -> sqlx::Result<()> {
    for (start_s, content) in parts {
        in_write!(write, tx => {
            sqlx::query("insert into plan_parts (plan, start_s, content) values ($1, $2, $3)")
                .bind(plan).bind(*start_s).bind(content.as_slice()).execute(tx).await?;
        });
    }
    Ok(())
}

/// Parts of a plan that start before an instant, in order; none of plans that were stored without.
pub async fn parts(store: &Store, plan: &str, until_s: i64) -> sqlx::Result<Vec<Vec<u8>>> {
    let sql = "select content from plan_parts where plan = $1 and start_s < $2 order by start_s";
    let found: Vec<(Vec<u8>,)> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(plan).bind(until_s).fetch_all(pool).await?
    });
    Ok(found.into_iter().map(|row| row.0).collect())
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
    let found: Option<(Vec<u8>,)> = on_pool!(store, pool => {
        sqlx::query_as("select content from plan_problems where plan = $1").bind(plan).fetch_optional(pool).await?
    });
    Ok(found.map(|row| row.0))
}
