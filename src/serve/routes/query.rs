//! What every route works with: what is asked, in an address and in a body, and what answers.

pub(super) use crate::serve::app::App;
pub(super) use crate::serve::problem::Failure;
pub(super) use axum::Json;
pub(super) use axum::extract::{Path, Query, State};
pub(super) use axum::response::IntoResponse;
pub(super) use serde::Deserialize;
pub(super) use utoipa::IntoParams;

use crate::error::Fault;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use std::ops::Deref;

pub(super) type Asked<T> = Result<Query<T>, QueryRejection>;
pub(super) type Body<T> = Result<Json<T>, JsonRejection>;
/// The id of something, as a part of the path.
pub(super) type Id<T = String> = Result<Path<T>, PathRejection>;

/// How many rows a page of a list has, unless asked otherwise, and at most.
const LISTED: usize = 1_000;
const MOST_LISTED: usize = 10_000;

/// A parameter that is empty is left out.
pub(super) fn given<T: Deref<Target = str>>(text: Option<T>) -> Option<T> {
    text.filter(|text| !text.is_empty())
}

pub(super) fn limit(asked: Option<usize>) -> Result<usize, Fault> {
    let limit = asked.unwrap_or(LISTED);
    let what = format!("limit {limit} is not between 1 and {MOST_LISTED}");
    Fault::refuse_if(!(1..=MOST_LISTED).contains(&limit), &what, "limit=100")?;
    Ok(limit)
}
