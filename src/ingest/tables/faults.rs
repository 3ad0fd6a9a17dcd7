//! What is wrong with a table that is no text.

use crate::error::Fault;

/// The longest CSV a table may make: a year of minutes with 20 columns is half of it.
pub(super) const MOST_TEXT: usize = 256 << 20;

/// More than is read.
pub(super) fn too_large() -> Fault {
    Fault::new(format!("makes more than {} MB of CSV", MOST_TEXT >> 20)).hint("split it into shorter periods")
}

pub(super) fn damaged_workbook(what: &str) -> Fault {
    Fault::new(format!("is a damaged workbook: {what}")).hint("save it again, or save its sheet as CSV UTF-8")
}

pub(super) fn damaged_parquet() -> Fault {
    Fault::new("is a damaged Parquet file").hint("write it again, or write it as CSV UTF-8")
}
