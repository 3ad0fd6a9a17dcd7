//! `/`: today's plan and the heat map so far.

use crate::serve::app::App;
use crate::serve::pages;
use crate::serve::problem::Failure;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};

/// The page alone may run its scripts and styles, which carry the nonce of this one answer; it loads nothing, and asks
/// only this service.
pub async fn page(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("the system provides no random bytes: {e}"))?;
    let nonce = hex::encode(bytes);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let page = pages::today(&app, &nonce).await?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)))
}
