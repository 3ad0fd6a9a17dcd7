//! Suppliers' bills, bitemporal: a later row of the same number and site replaces the earlier, which stays.

use super::{Columns, RecordTime, Row, Store, Write, values};
use ids::SiteId;
use reports::inputs::Invoice;

/// A bill and a revision.
impl Row for (Invoice, i64) {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (invoice, site, start, end, wh, revision) = Row::read(row)?;
        Ok((Invoice { invoice, site, start, end, wh }, revision))
    }
}

/// A bill that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub bill: Invoice,
    /// Of its row: from this revision on it holds.
    pub revision: i64,
    /// The revision that it came in.
    pub came: i64,
}

impl Row for Standing {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        let (bill, revision) = Row::read(row)?;
        Ok(Self { bill, revision, came: row.nth(6)? })
    }
}

/// The bill that holds for a number and site.
pub async fn current(write: &mut Write, number: &str, site: &SiteId) -> sqlx::Result<Option<Standing>> {
    let sql = "select invoice, site, start_s, end_s, wh, revision, coalesce(origin, revision) from invoices \
        where invoice = $1 and site = $2 and until_revision is null";
    write.row(sql, values![number, site]).await
}

/// Stores a bill; the row of an earlier revision that it replaces ends.
pub async fn put(
    write: &mut Write,
    bill: &Invoice,
    replaces: Option<i64>,
    revision: i64,
    row: i64,
) -> sqlx::Result<()> {
    if let Some(old) = replaces {
        let sql = "update invoices set until_revision = $1 where invoice = $2 and site = $3 and revision = $4";
        write.run(sql, values![revision, &bill.invoice, &bill.site, old]).await?;
    }
    let into = "invoices (invoice, site, start_s, end_s, wh, revision, row_no)";
    write.insert(into, values![&bill.invoice, &bill.site, bill.start, bill.end, bill.wh, revision, row]).await
}

/// The bills as they stood at a record time, sorted, each with the revision that it came in; `RecordTime::END` is now.
pub async fn recorded(store: &Store, recorded: RecordTime) -> sqlx::Result<Vec<(Invoice, i64)>> {
    let sql = "select i.invoice, i.site, i.start_s, i.end_s, i.wh, coalesce(i.origin, i.revision) from invoices i \
        join revisions v on v.id = i.revision left join revisions u on u.id = i.until_revision \
        where v.recorded_us <= $1 and (u.recorded_us is null or u.recorded_us > $1)";
    let mut bills: Vec<(Invoice, i64)> = store.rows(sql, values![recorded]).await?;
    // Collations differ between engines; numbers compare bytewise.
    bills.sort();
    Ok(bills)
}
