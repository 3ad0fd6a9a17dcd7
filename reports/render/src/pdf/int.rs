//! Whole numbers as a file states them.

/// No document has as many of anything as `i32` counts: its tables, and so its pages, are limited.
pub fn int(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
