//! Anybody's JSON or CSV over HTTP: what to ask for, and where time and value stand, are settings of the source.
//!
//! JSON becomes rows of a table, so that both are read by the forms of files: offsets, local times and clock changes,
//! labels, decimals and missing values are understood alike.

mod asked;
mod form;
mod lists;
mod tables;

pub use lists::Json;
pub use tables::Csv;
