//! Rows that a withdrawal reaches: marked, ended, and held again.
//!
//! Withdrawn is the row that came in, for good or until the withdrawal is undone. A row holds where no withdrawal took it
//! and no later row that holds or held takes its place; what changes in that is ended, or copied under the withdrawal.

use super::bulk::{self, RESTORED};
use super::readings::{LONGEST_S, quality_of};
use super::{AssertSqlSafe, Columns, Instant, Interval, Row, Write, values};
use reports::inputs::Point;

/// Rows to mark: those that came in with a revision and are not withdrawn, or those that a withdrawal took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Of(i64),
    By(i64),
}

impl Which {
    /// Of rows that came in; the revision is parameter 1.
    fn matching(self) -> &'static str {
        match self {
            Self::Of(_) => "origin is null and revision = $1 and withdrawn is null",
            Self::By(_) => "origin is null and withdrawn = $1",
        }
    }

    fn revision(self) -> i64 {
        match self {
            Self::Of(id) | Self::By(id) => id,
        }
    }

    /// What rows are marked with from now on.
    fn mark(self, withdrawal: i64) -> Option<i64> {
        match self {
            Self::Of(_) => Some(withdrawal),
            Self::By(_) => None,
        }
    }
}

/// The rows of a series within a span that a withdrawal marks.
#[derive(Debug, Clone, Copy)]
pub struct Marking {
    pub series_id: i64,
    pub which: Which,
    pub span: Interval,
    pub withdrawal: i64,
}

/// A row of a series, current or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// With the revision that it came in.
    pub point: Point,
    /// A copy of a row that came in, from when that held again.
    pub is_copy: bool,
    pub is_current: bool,
    pub is_withdrawn: bool,
}

/// Marks readings, and says where they are, by start.
pub async fn mark(write: &mut Write, marking: Marking) -> sqlx::Result<Vec<Interval>> {
    let Marking { series_id, which, span, withdrawal } = marking;
    let within = format!("series_id = $2 and start_s >= $3 and start_s < $4 and end_s <= $4 and {}", which.matching());
    let sql = format!("select start_s, end_s from readings where {within} order by start_s");
    let values = values![which.revision(), series_id, span.start, span.end, which.mark(withdrawal)];
    let marked = write.rows(AssertSqlSafe(sql), &values[..4]).await?;
    write.run(AssertSqlSafe(format!("update readings set withdrawn = $5 where {within}")), values).await?;
    Ok(marked)
}

/// Start, end, value, quality, revision, row, and then origin, end and withdrawal, where 0 is none.
impl Row for Held {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let columns: (Instant, Instant, i64, i64, i64, i64, i64, i64, i64) = Row::read(row)?;
        let (start, end, value, quality, since, row, origin, until, withdrawn) = columns;
        let is_copy = origin != 0;
        let revision = if is_copy { origin } else { since };
        let quality = quality_of(quality, revision, row)?;
        let point = Point { start, end, value, quality, revision, row };
        Ok(Self { point, is_copy, is_current: until == 0, is_withdrawn: withdrawn != 0 })
    }
}

/// Every row of a series that touches a span: current ones, and all that came in; by start.
pub async fn held(write: &mut Write, series_id: i64, span: Interval) -> sqlx::Result<Vec<Held>> {
    let sql = "select start_s, end_s, value, quality, revision, row_no, coalesce(origin, 0), \
        coalesce(until_revision, 0), coalesce(withdrawn, 0) from readings where series_id = $1 and start_s >= $2 \
        and start_s < $3 and end_s > $4 and (origin is null or until_revision is null) order by start_s, revision";
    write.rows(sql, values![series_id, span.start - LONGEST_S, span.end, span.start]).await
}

/// Ends every current row of a series that starts from one instant up to and including another.
pub async fn end(
    write: &mut Write,
    series_id: i64,
    (first, last): (Instant, Instant),
    withdrawal: i64,
) -> sqlx::Result<()> {
    let sql = "update readings set until_revision = $1 where series_id = $2 and start_s >= $3 and start_s <= $4 \
        and until_revision is null";
    write.run(sql, values![withdrawal, series_id, first, last]).await
}

/// Copies rows that came in: from a withdrawal on they hold again.
pub async fn restore(write: &mut Write, series_id: i64, points: &[Point], withdrawal: i64) -> sqlx::Result<()> {
    let row = |p: &Point| {
        let [start, end] = [p.start, p.end].map(Instant::seconds);
        [series_id, start, end, p.value, p.quality.code(), withdrawal, p.row, p.revision]
    };
    let rows: Vec<[i64; 8]> = points.iter().map(row).collect();
    bulk::insert(write, RESTORED, &rows).await
}

/// How many forecast values are to be marked, and the time they reach over.
pub async fn forecasts_of(write: &mut Write, marking: Marking) -> sqlx::Result<Option<(i64, Interval)>> {
    let Marking { series_id, which, span, .. } = marking;
    let sql = format!(
        "select cast(count(*) as bigint), min(start_s), max(end_s) from forecasts where series_id = $2 \
         and start_s >= $3 and start_s < $4 and end_s <= $4 and {}",
        which.matching()
    );
    let (count, start, end): (i64, Option<Instant>, Option<Instant>) =
        write.one(AssertSqlSafe(sql), values![which.revision(), series_id, span.start, span.end]).await?;
    let extent = start.zip(end).map(|(start, end)| Interval { start, end });
    Ok(extent.map(|extent| (count, extent)))
}

/// Marks them, ends those that hold no more, and has others hold again.
pub async fn forecasts(write: &mut Write, marking: Marking) -> sqlx::Result<()> {
    let Marking { series_id, which, span, withdrawal } = marking;
    let mark = format!(
        "update forecasts set withdrawn = $5 where series_id = $2 and start_s >= $3 and start_s < $4 and end_s <= $4 \
         and {}",
        which.matching()
    );
    let values = values![which.revision(), series_id, span.start, span.end, which.mark(withdrawal)];
    write.run(AssertSqlSafe(mark), values).await?;
    let end = "update forecasts as c set until_revision = $1 where c.series_id = $2 and c.start_s >= $3 \
        and c.start_s < $4 and c.until_revision is null and exists (select 1 from forecasts o \
        where o.series_id = c.series_id and o.start_s = c.start_s and o.issued_s = c.issued_s \
        and o.quantile_ppm = c.quantile_ppm and o.origin is null \
        and (o.revision = coalesce(c.origin, c.revision) and o.withdrawn is not null \
        or o.revision > coalesce(c.origin, c.revision) and o.withdrawn is null))";
    let back = "insert into forecasts (series_id, start_s, issued_s, quantile_ppm, revision, end_s, value, row_no, origin) \
        select o.series_id, o.start_s, o.issued_s, o.quantile_ppm, cast($1 as bigint), o.end_s, o.value, o.row_no, \
        o.revision from forecasts o where o.series_id = $2 and o.start_s >= $3 and o.start_s < $4 \
        and o.origin is null and o.withdrawn is null and not exists (select 1 from forecasts n \
        where n.series_id = o.series_id and n.start_s = o.start_s and n.issued_s = o.issued_s \
        and n.quantile_ppm = o.quantile_ppm \
        and (n.until_revision is null or n.origin is null and n.withdrawn is null and n.revision > o.revision))";
    for sql in [end, back] {
        write.run(sql, values![withdrawal, series_id, span.start, span.end]).await?;
    }
    Ok(())
}

/// Marks the bills that lie within a span, ends those that hold no more, and has others hold again; how many were marked
/// and how many hold again.
pub async fn invoices(write: &mut Write, which: Which, span: Interval, withdrawal: i64) -> sqlx::Result<(u64, u64)> {
    let mark =
        format!("update invoices set withdrawn = $4 where start_s >= $2 and end_s <= $3 and {}", which.matching());
    let values = values![which.revision(), span.start, span.end, which.mark(withdrawal)];
    let marked = write.reached(AssertSqlSafe(mark), values).await?;
    if marked == 0 {
        return Ok((0, 0));
    }
    let end = "update invoices as c set until_revision = $1 where c.until_revision is null and exists (\
        select 1 from invoices o where o.invoice = c.invoice and o.site = c.site and o.origin is null \
        and (o.revision = coalesce(c.origin, c.revision) and o.withdrawn is not null \
        or o.revision > coalesce(c.origin, c.revision) and o.withdrawn is null))";
    write.run(end, values![withdrawal]).await?;
    let back = "insert into invoices (invoice, site, start_s, end_s, wh, revision, row_no, origin) \
        select o.invoice, o.site, o.start_s, o.end_s, o.wh, cast($1 as bigint), o.row_no, o.revision from invoices o \
        where o.origin is null and o.withdrawn is null and not exists (select 1 from invoices n \
        where n.invoice = o.invoice and n.site = o.site \
        and (n.until_revision is null or n.origin is null and n.withdrawn is null and n.revision > o.revision))";
    Ok((marked, write.reached(back, values![withdrawal]).await?))
}
