//! Every series of a portfolio over a span, in memory, and what of it is expected at any instant in the span.
//!
//! `plan` looks at it once, a backtest at every hour of a year: both see only what was known then.

mod above;
mod actual;
mod ahead;
mod fallback;
mod hedges;
mod lists;
mod loaded;
mod replay;
mod spans;
mod stood_in;
mod tracks;

pub use loaded::{LEARN_DAYS, Span, World};
