//! Promises about every format, and the report that tests write.

mod labelled;
pub mod sample;
