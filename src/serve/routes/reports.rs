//! `/v1/reports`

use super::query::{App, Asked, Deserialize, Failure, IntoParams, IntoResponse, Query, State};
use crate::audit::portfolios;
use crate::clock::{parse_period, parse_when};
use crate::serve::limits::REPORT_SENT;
use crate::serve::turns::{self, Turn};
use crate::telemetry::Counts;
use axum::body::{Body, Bytes};
use axum::http::header;
use futures_core::Stream;
use render::json;
use reports::report::Computed;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Start of the period: RFC 3339 or a date
    from: String,
    /// End of the period, exclusive
    to: String,
    /// As recorded at this time
    as_of: Option<String>,
}

/// The matching report of a period.
#[utoipa::path(get, path = "/v1/reports", params(Params), responses(
    (status = 200, description = "the report"),
    (status = 400, description = "why it cannot be made, as problem+json"),
    (status = 503, description = "too many reports are being made, as problem+json")
))]
pub async fn report(State(app): State<App>, params: Asked<Params>) -> Result<impl IntoResponse, Failure> {
    let Query(params) = params.map_err(|e| Failure::query(&e, "/v1/reports?from=2022-01-01&to=2023-01-01"))?;
    let now = app.clock.now();
    let as_of = params.as_of.map(|t| parse_when(&t, now, app.portfolio.zone)).transpose()?;
    let then = portfolios::at(&app.store, &app.portfolio, as_of).await?;
    if let Some(note) = &then.note {
        tracing::info!("{note}");
    }
    let period = parse_period(&params.from, &params.to, now, then.portfolio.zone, then.portfolio.resolution())?;
    let turn = turns::wait(&app).await?;
    let (computed, turn) = turns::report(&app, then.portfolio.into_owned(), period, as_of, turn).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], streamed(computed, turn, app.counts.clone())))
}

/// Bytes of a piece, and pieces that wait to be read.
const PIECE: usize = 1 << 16;
const WAITING: usize = 8;

/// The document as it is written: a year of many sites is more text than anybody should hold. Until it is sent it has
/// its turn; what is cut short ends the connection, so that no part passes for the whole.
fn streamed(computed: Computed, turn: Turn, counts: Arc<Counts>) -> Body {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let cut = sender.clone();
        let written = catch_unwind(AssertUnwindSafe(|| {
            let mut out = io::BufWriter::with_capacity(PIECE, Sender(sender));
            json::write(&computed, crate::ENGINE, &mut out).and_then(|()| out.flush())
        }));
        match written {
            Ok(Ok(())) => {}
            // It fails only where the reader is gone, who needs no answer.
            Ok(Err(error)) => drop(cut.blocking_send(Err(error))),
            Err(panic) => {
                counts.panicked("writing a report", &*panic);
                drop(cut.blocking_send(Err(io::Error::other("the report was cut short"))));
            }
        }
    });
    Body::from_stream(Pieces { receiver, until: Box::pin(sleep(REPORT_SENT)), _turn: turn })
}

struct Pieces {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    until: Pin<Box<Sleep>>,
    _turn: Turn,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.until.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
        }
        self.receiver.poll_recv(context)
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
