//! A report's long tables as Parquet: one table per file, with metadata that names the report it belongs to.

mod allocations;
mod error;
mod identity;
mod intervals;
mod table;
#[cfg(test)]
mod tests;

pub use allocations::allocations;
pub use error::ParquetError;
pub use intervals::intervals;
pub use table::{Cell, Column, Kind, ROWS_PER_GROUP, TableWriter};
