//! `/v1/plans`

use super::query::{App, Asked, Deserialize, Failure, Id, IntoParams, IntoResponse, Json, Path, Query, State, given};
use crate::plan;
use crate::plan::current::{no_plan, none_yet};
use crate::plan::listing::{self, Page};
use axum::http::header;
use ids::SiteId;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only plans for this site
    #[param(value_type = Option<String>)]
    site: Option<SiteId>,
    /// How many of the newest plans to search, 1 to 1000; by default 50
    limit: Option<i64>,
    /// Only plans older than this one: `next` of the previous page
    before: Option<String>,
}

/// The newest plans, newest first, each with its objective, its bound and the gap between them.
#[utoipa::path(get, path = "/v1/plans", params(Params), responses(
    (status = 200, description = "a line for each plan"),
    (status = 400, description = "what is wrong with the request, as problem+json"),
    (status = 404, description = "there is no plan with the id in `before`")
))]
pub async fn plan_list(State(app): State<App>, params: Asked<Params>) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| Failure::query(&e, "/v1/plans?site=ashburn&limit=20"))?;
    let page = Page::new(params.limit, given(params.before))?;
    Ok(Json(listing::list(&app.store, &app.portfolio, given(params.site).as_ref(), &page).await?))
}

/// The current plan, whole, as it was stored.
#[utoipa::path(get, path = "/v1/plans/current", responses(
    (status = 200, description = "the plan"),
    (status = 404, description = "there is no plan yet")
))]
pub async fn current(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let now = app.clock.now();
    match plan::current::current(&app.store, now).await? {
        Some(found) => Ok(document(found.row.document)),
        None => {
            let newest = plan::current::newest(&app.store, now).await.map_err(anyhow::Error::from)?;
            Err(none_yet(newest.ignored).into())
        }
    }
}

/// A plan by its id, whole, as it was stored.
#[utoipa::path(get, path = "/v1/plans/{id}", params(("id" = String, Path, description = "Id of the plan")), responses(
    (status = 200, description = "the plan"),
    (status = 404, description = "there is no such plan")
))]
pub async fn plan(State(app): State<App>, id: Id) -> Result<impl IntoResponse, Failure> {
    let Path(id) = id.map_err(|e| Failure::path(&e))?;
    match plan::current::named(&app.store, &id).await? {
        Some((_, stored)) => Ok(document(stored)),
        None => Err(no_plan(&id).into()),
    }
}

fn document(text: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text)
}
