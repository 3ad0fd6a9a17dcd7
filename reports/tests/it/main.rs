//! Promises on random portfolios, and a second computation of them.

mod backed;
mod corrections;
mod exports;
mod independent;
mod meters;
mod properties;
mod rerun;
mod streamed;
mod support;
mod wide;
