//! `/healthz`

/// Says that the process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "the process answers", body = String)))]
pub async fn healthz() -> &'static str {
    "ok\n"
}
