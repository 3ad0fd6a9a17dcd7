//! `/`: today's plan and the heat map so far.

use crate::serve::App;
use crate::serve::pages;
use crate::serve::problem::Failure;
use axum::extract::State;
use axum::response::{Html, IntoResponse};

pub async fn page(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    Ok(Html(pages::today(&app).await?))
}
