//! Promises on random portfolios, and a second computation of them.

mod independent;
mod properties;
mod support;
