//! hourmatch, the application: the only crate that opens anything.
//!
//! Data flows one way: [`ingest`] → [`store`] → [`work`] → [`plan`] → [`windows`] and [`serve`], and from the
//! store to [`audit`]. Stages meet in stored rows, never in each other's code. See ARCHITECTURE.md.

pub mod audit;
pub mod backtest;
pub mod cli;
pub mod clock;
pub mod error;
pub mod expected;
pub mod feeds;
pub mod ingest;
pub mod jobs;
pub mod outputs;
pub mod plan;
pub mod portfolio;
pub mod register;
pub mod rejects;
pub mod secret;
pub mod serve;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod windows;
pub mod work;

/// Program and version, as documents name it.
pub const ENGINE: &str = concat!("hourmatch ", env!("CARGO_PKG_VERSION"));
