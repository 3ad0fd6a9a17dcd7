//! The geometry of charts, worked out once: marks on a plane that pens of HTML and PDF draw.
//!
//! No meaning rests on colour alone: parts also differ in pattern or lightness, and in place.

pub mod axis;
pub mod bars;
pub mod curve;
pub mod fall;
pub mod heat;
pub mod multiples;
pub mod scene;
pub mod stack;
