//! `/v1/windows`

use super::query::{App, Asked, Deserialize, Failure, IntoParams, IntoResponse, Json, Query, State, given};
use crate::clock::{Clock, parse_duration, parse_when};
use crate::error::Fault;
use crate::portfolio::Portfolio;
use crate::windows::{Ask, Draw, answer};
use ids::{AccountId, PoolId, SiteId};

/// What a scheduler asks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// How long the job runs, such as 4h
    duration: String,
    /// IT power it draws, in MW; this or gpus
    mw: Option<f64>,
    /// Accelerators it runs on, instead of its power
    gpus: Option<u32>,
    /// Their pool, at a site with several
    #[param(value_type = Option<String>)]
    pool: Option<PoolId>,
    /// Account whose quota they count against
    #[param(value_type = Option<String>)]
    account: Option<AccountId>,
    /// Only this site
    #[param(value_type = Option<String>)]
    site: Option<SiteId>,
    /// Earliest start, RFC 3339
    after: Option<String>,
    /// Latest end, RFC 3339
    before: Option<String>,
    /// How many windows to return
    top: Option<usize>,
}

impl Params {
    pub(super) fn ask(self, portfolio: &Portfolio, clock: Clock) -> Result<Ask, Fault> {
        let now = clock.now();
        let when = |text: Option<String>| given(text).map(|t| parse_when(&t, now, portfolio.zone)).transpose();
        Ok(Ask {
            now,
            duration_s: parse_duration(&self.duration)?,
            draw: Draw::parse(self.mw, self.gpus, given(self.pool))?,
            account: given(self.account),
            site: given(self.site),
            after: when(self.after)?,
            before: when(self.before)?,
            top: self.top.unwrap_or(3),
        })
    }
}

/// Ranks windows by the current plan. Asking reserves nothing: `POST /v1/reservations` does.
#[utoipa::path(get, path = "/v1/windows", params(Params), responses(
    (status = 200, description = "windows, ranked; flagged where it fell back"),
    (status = 400, description = "what is wrong with the request, as problem+json")
))]
pub async fn windows(State(app): State<App>, params: Asked<Params>) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| {
        let text = e.body_text();
        let hint = if text.contains("`reserve`") {
            "asking reserves nothing: POST /v1/reservations reserves a window under an id"
        } else {
            "/v1/windows?duration=4h&mw=2&site=&after=&before="
        };
        Failure::query(&e, hint)
    })?;
    Ok(Json(answer(&app.desk, &params.ask(&app.portfolio, app.clock)?).await?))
}
