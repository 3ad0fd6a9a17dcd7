//! The portfolio file: boundaries, sites, contracts, policy. It holds definitions only; data arrives as rows.

pub mod absent;
mod boundaries;
mod bounds;
mod checked;
mod common;
pub mod contracts;
pub mod curves;
mod feeds;
mod file;
mod head;
pub mod keys;
mod known;
pub mod parse;
pub mod planning;
pub mod policy;
mod profile;
mod retention;
mod sharing;
mod sites;
mod sources;
pub mod storage;
pub mod template;
mod text;
mod values;
pub mod walk;

pub use boundaries::BoundaryPlan;
pub use bounds::expected;
pub use checked::Portfolio;
pub use feeds::{FeedSource, TokenFrom};
pub use parse::{load, parse};
pub use planning::Planning;
pub use policy::{CarbonBasis, Metric, Period, Policy, Scope, Target};
pub use retention::Retention;
pub use sites::SitePlan;
pub use storage::StoragePlan;
