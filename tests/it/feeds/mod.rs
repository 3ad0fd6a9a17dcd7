//! Feeds against a local server that speaks their shapes and has every fault.

mod backfill;
mod checked;
mod client;
mod day;
mod elsewhere;
mod fallback;
mod faults;
mod follow;
mod gb;
mod grids;
mod prometheus;
mod providers;
pub mod server;
mod shown;
mod taken;
