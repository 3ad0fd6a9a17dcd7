//! A report as CSV, JSON and, with feature `render`, a self-contained HTML page.

pub mod csv;
#[cfg(feature = "render")]
pub mod html;
pub mod json;
