//! A report as people and programs read it: JSON, CSV, HTML, PDF, XLSX and Parquet.
//!
//! Pure: a report comes in, text or bytes go out, and the same report gives the same bytes. What all forms say alike is
//! decided once: [`names`] of figures, how [`figures`] are cut, what [`page_one`] says, the rows that [`compare`] two
//! periods, the steps of the [`waterfall`], and the [`captions`] of charts.

pub mod captions;
pub mod compare;
pub mod csv;
pub mod figures;
pub mod html;
pub mod json;
#[cfg(test)]
mod labelled;
pub mod meanings;
pub mod names;
pub mod page_one;
pub mod parquet;
pub mod pdf;
#[cfg(test)]
pub(crate) mod sample;
pub mod schema;
pub mod waterfall;
pub mod xlsx;
