//! A report as CSV and JSON and, with feature `render`, as HTML, PDF, XLSX and Parquet.

pub mod csv;
#[cfg(feature = "render")]
pub mod html;
pub mod json;
#[cfg(feature = "render")]
pub mod parquet;
#[cfg(feature = "render")]
pub mod pdf;
pub mod schema;
#[cfg(feature = "render")]
pub mod xlsx;
