//! A report's long tables as Parquet: one table per file, with metadata that names the report it belongs to.

mod table;
mod tables;
#[cfg(test)]
mod tests;

pub use table::ParquetError;
pub use tables::{allocations, intervals};
