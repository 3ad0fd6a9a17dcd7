//! Suppliers' bills, bitemporal: a later row of the same number and site replaces the earlier, which stays.

use super::from_row::Typed;
use super::{Store, Write, in_write, on_pool};
use reports::inputs::Invoice;
use reports::time::{Instant, RecordTime};

type Columns = (String, String, Instant, Instant, i64);

fn invoice((invoice, site, start, end, wh): Columns) -> Invoice {
    Invoice { invoice, site, start, end, wh }
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

/// The bill that holds for a number and site.
pub async fn current(write: &mut Write, number: &str, site: &str) -> sqlx::Result<Option<Standing>> {
    let sql = "select invoice, site, start_s, end_s, wh, revision, coalesce(origin, revision) from invoices \
        where invoice = $1 and site = $2 and until_revision is null";
    let found: Option<Typed<_>> = in_write!(write, tx => {
        sqlx::query_as(sql).bind(number).bind(site).fetch_optional(tx).await?
    });
    let standing = |Typed((number, site, start, end, wh, revision, came))| Standing {
        bill: invoice((number, site, start, end, wh)),
        revision,
        came,
    };
    Ok(found.map(standing))
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
        in_write!(write, tx => {
            sqlx::query(sql).bind(revision).bind(&bill.invoice).bind(&bill.site).bind(old).execute(tx).await?;
        });
    }
    let sql = "insert into invoices (invoice, site, start_s, end_s, wh, revision, row_no) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    in_write!(write, tx => {
        sqlx::query(sql)
            .bind(&bill.invoice).bind(&bill.site).bind(bill.start.seconds()).bind(bill.end.seconds())
            .bind(bill.wh).bind(revision).bind(row).execute(tx).await?;
    });
    Ok(())
}

/// The bills as they stood at a record time, sorted, each with the revision that it came in; `RecordTime::END` is now.
pub async fn recorded(store: &Store, recorded: RecordTime) -> sqlx::Result<Vec<(Invoice, i64)>> {
    let sql = "select i.invoice, i.site, i.start_s, i.end_s, i.wh, coalesce(i.origin, i.revision) from invoices i \
        join revisions v on v.id = i.revision left join revisions u on u.id = i.until_revision \
        where v.recorded_us <= $1 and (u.recorded_us is null or u.recorded_us > $1)";
    let rows: Vec<Typed<_>> = on_pool!(store, pool => {
        sqlx::query_as(sql).bind(recorded.micros()).fetch_all(pool).await?
    });
    // Collations differ between engines; numbers compare bytewise.
    let with_revision =
        |Typed((number, site, start, end, wh, revision))| (invoice((number, site, start, end, wh)), revision);
    let mut bills: Vec<(Invoice, i64)> = rows.into_iter().map(with_revision).collect();
    bills.sort();
    Ok(bills)
}
