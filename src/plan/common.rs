//! What most of the files beside it work with.

pub(super) use super::codes;
pub(super) use super::document::{Plan, Reason, tidy};
pub(super) use super::schedule::Placement;
pub(super) use super::snapshot::Snapshot;
pub(super) use crate::error::Fault;
pub(super) use crate::portfolio::{Metric, Period, Portfolio, Target};
pub(super) use crate::store::reservations::Reservation;
pub(super) use crate::store::{Store, plans};
pub(super) use crate::work::history::Planned;
pub(super) use crate::work::item::Item;
pub(super) use crate::work::standing::Standing;
pub(super) use crate::work::state::Phase;
pub(super) use ids::{
    BoundaryId, BoundaryIndex, ContractIndex, Index, ItemIndex, JobIndex, RunIndex, SiteId, SiteIndex, StorageId,
    StorageIndex, WorkId, WorkIndex,
};
pub(super) use render::html::put;
pub(super) use reports::report::Totals;
pub(super) use reports::time::{DAY_S, Grid, HOUR_S, Instant, Interval, Zone};
pub(super) use reports::words::{counted, fixed, signed};
pub(super) use serde::{Deserialize, Serialize};
pub(super) use solver::{Job, Limits, Outcome, PreviousPlan, Problem, Progress, SolveError, Status};
