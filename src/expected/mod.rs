//! What to expect of every series: suppliers' forecasts by issue time first, then forecasts learnt from the series' past,
//! then the history blend. Also how far these forecasts were off, and the work that is still to come.
//!
//! A plan looks at a [`World`] once, a backtest at every hour of a year, and accuracy at every issue made again: all three
//! see only what was known then.

pub mod accuracy;
mod actual;
mod ahead;
pub mod arrivals;
pub mod blend;
mod boundary;
pub mod codes;
mod common;
mod derive;
mod expect;
mod grid_series;
mod hedges;
mod note;
pub mod quantiles;
mod replay;
mod ridge;
mod supplied;
mod track;
mod tracks;
mod unknown;
mod view;
pub mod vintages;
mod world;

pub use derive::counts;
pub use expect::{Expected, Origin};
pub use note::Reason;
pub use unknown::Gaps;
pub use view::{BoundaryExpectation, Hedge, View};
pub use world::{Span, World};
