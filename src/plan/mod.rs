//! Turns expected series and open work into a plan: `run` makes it from a `Snapshot` in memory, `make` loads and stores.

pub mod accept;
pub mod assemble;
pub mod basis;
pub mod bounds;
pub mod candidates;
pub mod codes;
mod common;
pub mod current;
mod difference;
pub mod document;
pub mod draws;
pub mod explain;
pub mod flexible;
pub mod listing;
mod make;
pub mod parts;
pub mod past;
pub mod problem;
mod request;
pub mod run;
pub mod schedule;
pub mod score;
mod search_log;
pub mod show;
pub mod snapshot;
pub mod time_limit;
pub mod todate;
mod values;
mod write;

pub use current::{load, read};
pub use document::Plan;
pub use make::{keep, kept, make};
pub use request::{Request, Strategy};
pub use run::Made;
pub use snapshot::Snapshot;
