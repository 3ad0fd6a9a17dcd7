//! A report as CSV and JSON and, with feature `render`, as HTML, PDF, XLSX and Parquet.

#[cfg(feature = "render")]
pub mod captions;
pub mod compare;
pub mod csv;
pub mod figures;
#[cfg(feature = "render")]
pub mod html;
pub mod json;
#[cfg(all(test, feature = "render"))]
mod labelled;
pub mod meanings;
pub mod names;
#[cfg(feature = "render")]
pub mod page_one;
#[cfg(feature = "render")]
pub mod parquet;
#[cfg(feature = "render")]
pub mod pdf;
#[cfg(all(test, feature = "render"))]
pub(crate) mod sample;
pub mod schema;
pub mod waterfall;
#[cfg(feature = "render")]
pub mod xlsx;
