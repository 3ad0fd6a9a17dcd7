//! What is expected: supplier forecasts by issue time first, then the history blend.

pub mod blend;
pub mod expect;

pub use expect::{Expected, Origin, expect};
