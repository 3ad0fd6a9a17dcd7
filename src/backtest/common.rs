//! What most of the files beside it work with.

pub(super) use super::ran::Ran;
pub(super) use super::request::{Request, Strategy};
pub(super) use super::stage::{Piece, Stage};
pub(super) use crate::work::standing::Standing;
pub(super) use ids::{Index, SiteIndex};
pub(super) use reports::time::{Grid, Instant};
pub(super) use reports::words::fixed;
pub(super) use serde::Serialize;
