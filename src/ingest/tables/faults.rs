//! What is wrong with a table that is no text.

use crate::error::Fault;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// What a call of the Parquet reader returns. It is another's, and trusts who wrote a file: what it panics at is a damaged
/// file. Our own code stays outside, where a panic is a defect.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| damaged_parquet())
}

/// The same of a call that may refuse.
pub(super) fn answered<T, E>(call: impl FnOnce() -> Result<T, E>) -> Result<T, Fault> {
    guarded(call)?.map_err(|_| damaged_parquet())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_is_a_damaged_file() {
        assert_eq!(guarded(|| 1), Ok(1));
        assert_eq!(guarded(|| -> u8 { panic!("as the reader does") }), Err(damaged_parquet()));
        assert_eq!(answered(|| Err::<u8, ()>(())), Err(damaged_parquet()));
    }
}
