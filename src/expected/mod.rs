//! What is expected of every series: supplier forecasts by issue time first, then what has been learnt of a series, then
//! the history blend; how far such forecasts have been off, and how far every forecast was; and the work that is still to
//! come. `plan` looks at it once, a backtest at every hour of a year: both see only what was known then.

mod above;
pub mod accuracy;
mod actual;
mod ahead;
pub mod arrivals;
pub mod blend;
pub mod derive;
pub mod errors;
pub mod expect;
mod fallback;
mod hedges;
mod lists;
mod replay;
pub mod ridge;
mod spans;
mod stood_in;
pub mod track;
mod tracks;
pub mod unknown;
pub mod view;
pub mod vintages;
pub mod world;

pub use expect::{Expected, HOURS_PER_DAY, Origin};
pub use world::World;
