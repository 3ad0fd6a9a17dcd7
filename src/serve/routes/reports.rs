//! `/v1/reports`

use crate::audit::{portfolios, settle};
use crate::clock::{parse_period, parse_when};
use crate::portfolio::Portfolio;
use crate::serve::App;
use crate::serve::problem::Failure;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State, rejection::QueryRejection};
use axum::http::header;
use axum::response::IntoResponse;
use futures_core::Stream;
use reports::render::json;
use reports::report::Computed;
use serde::Deserialize;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Start of the period: RFC 3339 or a date
    from: String,
    /// End of the period, itself not included
    to: String,
    /// With what had been recorded by then
    as_of: Option<String>,
}

/// The matching report of a period.
#[utoipa::path(
    get,
    path = "/v1/reports",
    params(Params),
    responses(
        (status = 200, description = "the report"),
        (status = 400, description = "what stands in its way, as problem+json")
    )
)]
pub async fn report(
    State(app): State<App>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params
        .map_err(|e| crate::error::Problem::new(e.body_text()).hint("/v1/reports?from=2022-01-01&to=2023-01-01"))?;
    let now_s = app.clock.now_s();
    let as_of = params.as_of.map(|t| parse_when(&t, now_s, app.portfolio.zone)).transpose()?;
    let then = portfolios::at(&app.store, &app.portfolio, as_of).await?;
    if let Some(said) = &then.said {
        tracing::info!("{said}");
    }
    let portfolio: &Portfolio = &then.portfolio;
    let period = parse_period(&params.from, &params.to, now_s, portfolio.zone, portfolio.resolution())?;
    let (_, computed) = settle::report(&app.store, portfolio, period, as_of).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], streamed(computed)))
}

/// Bytes of a piece, and pieces that wait to be read.
const PIECE: usize = 1 << 16;
const WAITING: usize = 8;

/// The document as it is written: a year of many sites is more text than anybody should hold.
fn streamed(computed: Computed) -> Body {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut out = io::BufWriter::with_capacity(PIECE, Sender(sender));
        // It fails only where the reader is gone, who needs no answer.
        let _ = json::write(&computed, crate::ENGINE, &mut out).and_then(|()| out.flush());
    });
    Body::from_stream(Pieces(receiver))
}

struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

struct Sender(mpsc::Sender<io::Result<Bytes>>);

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
