//! What most of the files beside it work with.

pub(super) use super::blend;
pub(super) use super::expect::{Expected, HOURS_PER_DAY, Origin, Values};
pub(super) use super::grid_series::GridSeries;
pub(super) use crate::store::Store;
pub(super) use ids::{BoundaryId, BoundaryIndex, ContractIndex, Index, SiteIndex};
pub(super) use reports::inputs::{Point, SeriesMap};
pub(super) use reports::series::name::{ContractLeaf, GridLeaf, PoolLeaf, SeriesName, SiteLeaf, StorageLeaf};
pub(super) use reports::time::{Grid, Instant, Interval};
