//! Feeds against a local server that speaks their shapes and has every fault.

mod backfill;
mod beside;
mod cases;
mod checked;
mod client;
mod day;
mod elsewhere;
mod every;
mod fallback;
mod faults;
mod faulty;
mod follow;
mod gb;
mod grids;
mod prometheus;
mod providers;
mod secrets;
pub mod server;
mod shown;
mod speaks;
mod taken;
