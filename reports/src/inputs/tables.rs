//! Tables of inputs as packs and digests hold them.

use super::Invoice;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

fn to_io(error: csv::Error) -> io::Error {
    io::Error::other(error)
}

/// A table with its header even where it has no rows.
pub(crate) fn table<T: Serialize>(out: &mut dyn Write, header: &[&str], rows: &[T]) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
    writer.write_record(header).map_err(to_io)?;
    for row in rows {
        writer.serialize(row).map_err(to_io)?;
    }
    writer.flush()
}

/// A row of `inputs/invoices.csv`.
#[derive(Serialize, Deserialize)]
pub(crate) struct InvoiceRow {
    pub(crate) invoice: String,
    pub(crate) site: String,
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) wh: i64,
}

pub(crate) fn invoices(list: &[Invoice], out: &mut dyn Write) -> io::Result<()> {
    let row = |i: &Invoice| InvoiceRow {
        invoice: i.invoice.clone(),
        site: i.site.clone(),
        start: i.start.to_string(),
        end: i.end.to_string(),
        wh: i.wh,
    };
    table(out, &["invoice", "site", "start", "end", "wh"], &list.iter().map(row).collect::<Vec<_>>())
}
