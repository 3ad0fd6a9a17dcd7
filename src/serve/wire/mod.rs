//! Connections: one task for each, with a time limit on everything that a client may leave open.

mod stream;
#[cfg(test)]
mod tests;

use super::front::Front;
use super::problem::status;
use super::seats::{Seat, Seats};
use crate::error::Kind;
use crate::telemetry::Counts;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use std::convert::Infallible;
use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use stream::{Stream, refusal};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// Longest head that the HTTP library reads; the gate refuses shorter ones, and says so better.
const HEAD: usize = 128 << 10;
/// Before the next try where the system gives no connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Answers until it is asked to stop, and then until every answer under way is sent.
pub async fn serve(listener: TcpListener, front: Arc<Front>, mut stopping: watch::Receiver<bool>) {
    let seats = Seats::new(front.limits.connections, front.counts.clone());
    let mut connections = JoinSet::new();
    let stop = stopping.clone();
    loop {
        tokio::select! {
            () = asked(&mut stopping) => break,
            Some(ended) = connections.join_next() => note(&front.counts, ended),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => match seats.take() {
                    Some(seat) => {
                        connections.spawn(connection(stream, seat, front.clone(), stop.clone()));
                    }
                    None => refuse(stream),
                },
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    seats.make_room();
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        note(&front.counts, ended);
    }
}

async fn asked(stopping: &mut watch::Receiver<bool>) {
    // Whoever could ask is gone: that is an answer too.
    let _ = stopping.wait_for(|stop| *stop).await;
}

fn note(counts: &Counts, ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        counts.panicked("a connection", &*panic);
    }
}

/// Every seat is being answered: says so, and ends the connection.
fn refuse(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write_all(&refusal(status(Kind::Unavailable), "ask again in a moment"));
    }
}

async fn connection(stream: TcpStream, seat: Arc<Seat>, front: Arc<Front>, mut stopping: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let limits = front.limits;
    let stream = Stream::new(stream, limits);
    let mine = seat.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (front, seat) = (front.clone(), mine.clone());
        async move { Ok::<_, Infallible>(front.answer(request, seat).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header).max_buf_size(HEAD);
    let mut connection = pin!(http.serve_connection(stream, service));
    tokio::select! {
        ended = connection.as_mut() => return log_end(ended),
        () = seat.leave() => return,
        () = asked(&mut stopping) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        ended = connection.as_mut() => log_end(ended),
        () = seat.leave() => {}
    }
}

fn log_end(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!("a connection ended: {error}");
    }
}
