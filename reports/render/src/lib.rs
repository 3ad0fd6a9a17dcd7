//! Writes a report in every format: JSON, CSV, HTML, PDF, XLSX and Parquet.
//!
//! Pure: a report comes in, text or bytes go out, and the same report gives the same bytes. Forms for people lay out one
//! [`content`]: its words, tables and [`charts`] are decided once, with the [`names`] of figures, how [`figures`] are cut
//! and written in [`english`], what [`page_one`] says, the rows that [`compare`] two periods, and the steps of the
//! [`waterfall`]. Forms for programs write the same [`records`].

pub mod captions;
pub mod charts;
pub mod compare;
pub mod content;
pub mod csv;
pub mod english;
pub mod figures;
pub mod hours;
pub mod html;
pub mod json;
pub mod meanings;
pub mod names;
pub mod page_one;
mod palette;
pub mod parquet;
pub mod pdf;
pub mod records;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod waterfall;
pub mod xlsx;
