//! A report as CSV, JSON and, with feature `render`, a self-contained HTML page.

pub mod csv;
#[cfg(feature = "render")]
pub mod html;
pub mod json;
#[cfg(feature = "render")]
pub mod parquet;
#[cfg(feature = "render")]
pub mod pdf;
pub mod schema;
