//! What most of the files beside it work with.

pub(super) use crate::error::{Fault, Kind};
pub(super) use crate::plan::{Plan, draws};
pub(super) use crate::portfolio::Portfolio;
pub(super) use ids::{AccountId, Index, PoolId, SiteId, SiteIndex};
pub(super) use reports::time::{Grid, Instant, Interval};
pub(super) use serde::Serialize;
