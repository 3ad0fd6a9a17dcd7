//! What most subcommands work with.

pub(super) use super::context::{Context, Format};
pub(super) use super::output::Exit;
pub(super) use super::stated::Stated;
pub(super) use super::table::{self, if_any, row};
pub(super) use crate::clock::{Clock, parse_duration, parse_when};
pub(super) use crate::error::{Fault, Faults, Kind};
pub(super) use crate::outputs::Paths;
pub(super) use crate::portfolio::Portfolio;
pub(super) use crate::store::Store;
pub(super) use clap::{Args, Subcommand, ValueEnum};
pub(super) use ids::{AccountId, BoundaryId, PoolId, SiteId, WorkId};
pub(super) use reports::time::{Instant, Interval, RecordTime, Zone};
pub(super) use reports::words::{counted, fixed, io_reason};
pub(super) use serde_json::json;
