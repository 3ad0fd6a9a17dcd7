//! The portfolio file: boundaries, sites, contracts, policy. Definitions only; what arrives is rows.

mod boundaries;
mod checked;
pub mod contracts;
pub mod curves;
mod disclosure;
mod feeds;
mod file;
mod head;
pub mod keys;
mod known;
mod links;
pub mod parse;
pub mod planning;
mod plants;
pub mod policy;
mod profile;
mod retention;
mod sharing;
mod sites;
mod sources;
pub mod storage;
pub mod template;
mod terms;
mod text;
mod values;
pub mod walk;

pub use boundaries::BoundaryPlan;
pub use checked::Portfolio;
pub use feeds::{FeedSource, TokenFrom};
pub use parse::{load, parse};
pub use planning::Planning;
pub use policy::{CarbonBasis, Metric, Period, Policy, Scope, Target};
pub use retention::Retention;
pub use sites::SitePlan;
pub use storage::StoragePlan;
