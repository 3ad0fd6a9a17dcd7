//! Calls of the Parquet reader. It is another's, and trusts who wrote a file: what it panics at is a damaged file. Our own
//! code stays outside, where a panic is a defect.

use super::faults::damaged_parquet;
use crate::error::Fault;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a call returns.
///
/// # Errors
/// Where it panics.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| damaged_parquet())
}

/// The same of a call that may refuse.
///
/// # Errors
/// Where it panics or refuses.
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
