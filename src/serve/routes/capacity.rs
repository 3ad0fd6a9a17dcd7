//! `/v1/capacity`

use super::query::{App, Asked, Deserialize, Failure, IntoParams, IntoResponse, Json, Query, State, given};
use crate::clock::parse_when;
use crate::windows::capacity::{self, Ask};
use ids::SiteId;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Site of the curve
    #[param(value_type = String)]
    site: SiteId,
    /// Start, RFC 3339; by default the step that contains now
    from: Option<String>,
    /// End, exclusive; by default the end of the plan
    to: Option<String>,
}

/// The power a scheduler of its own may use in each step, by the current plan.
#[utoipa::path(get, path = "/v1/capacity", params(Params), responses(
    (status = 200, description = "caps by step, in IT MW and accelerators"),
    (status = 400, description = "what is wrong with the request, as problem+json"),
    (status = 404, description = "there is no plan yet")
))]
pub async fn capacity(State(app): State<App>, params: Asked<Params>) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| Failure::query(&e, "/v1/capacity?site=ashburn&from=&to="))?;
    let now = app.clock.now();
    let when = |text: Option<String>| given(text).map(|t| parse_when(&t, now, app.portfolio.zone)).transpose();
    let ask = Ask { now, site: params.site, from: when(params.from)?, to: when(params.to)? };
    Ok(Json(capacity::answer(&app.desk, &ask).await?))
}
