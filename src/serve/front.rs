//! A request from the wire to its answer: whether it is for us, its body within limits, a handler that may panic, and
//! the headers that every answer has.

use super::gate::Gate;
use super::limits::Limits;
use super::problem::{Failure, translated};
use super::seats::{Answering, Seat};
use crate::error::{Fault, Kind};
use crate::telemetry::Counts;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What every answer says to browsers; a page of ours says more.
pub const SECURITY_HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cache-control", "no-store"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Memory is given to bodies by the KiB.
const ROOM: usize = 1 << 10;

#[derive(Debug)]
pub struct Front {
    router: TowerToHyperService<Router>,
    gate: Gate,
    pub(super) limits: Limits,
    pub(super) counts: Arc<Counts>,
    /// Memory that bodies may take together.
    room: Arc<Semaphore>,
}

impl Front {
    pub fn new(router: Router, gate: Gate, limits: Limits, counts: Arc<Counts>) -> Self {
        let room = Arc::new(Semaphore::new(limits.bodies_bytes / ROOM));
        Self { router: TowerToHyperService::new(router), gate, limits, counts, room }
    }

    pub async fn answer(&self, request: Request<Incoming>, seat: Arc<Seat>) -> Response {
        let method = request.method().clone();
        let answered = self.answered(request, &seat).await;
        let mut response = translated(answered.unwrap_or_else(IntoResponse::into_response), &method);
        for (name, value) in SECURITY_HEADERS {
            response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
        }
        response
    }

    async fn answered(&self, request: Request<Incoming>, seat: &Arc<Seat>) -> Result<Response, Failure> {
        seat.heard();
        self.gate.check(&request)?;
        let (parts, body) = request.into_parts();
        // As long as the handler has the body, its room is taken.
        let (bytes, _room) = self.received(body, seat).await?;
        let answering = seat.answering();
        let asked = format!("{} {}", parts.method, parts.uri.path());
        let handled = Box::pin(self.router.call(Request::from_parts(parts, Body::from(bytes))));
        match caught(handled).await {
            Ok(Ok(response)) => Ok(response.map(|body| Body::new(Attended { body, _answering: answering }))),
            Err(panic) => {
                self.counts.panicked(&asked, &*panic);
                Err(Failure::defect())
            }
        }
    }

    /// The whole body, within its time and its size.
    async fn received(&self, body: Incoming, seat: &Seat) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Failure> {
        if body.is_end_stream() {
            return Ok((Bytes::new(), None));
        }
        if body.size_hint().lower() > self.limits.body_bytes as u64 {
            return Err(self.too_large());
        }
        tokio::time::timeout(self.limits.body, self.frames(body, seat)).await.unwrap_or_else(|_| {
            let what = format!("the body did not arrive within {:?}", self.limits.body);
            Err(Failure::new(StatusCode::REQUEST_TIMEOUT, what, "send it faster, or split it"))
        })
    }

    async fn frames(&self, mut body: Incoming, seat: &Seat) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Failure> {
        let (mut bytes, mut room): (Vec<u8>, _) = (Vec::new(), None);
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|_| {
                Failure::from(Fault::new("the body is incomplete, or not as announced").hint("send it again"))
            })?;
            // What follows a body in chunks is nobody's here.
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > self.limits.body_bytes {
                return Err(self.too_large());
            }
            self.make_room(&mut room, bytes.len() + data.len())?;
            bytes.extend_from_slice(&data);
            seat.heard();
        }
        Ok((bytes.into(), room))
    }

    /// As much memory as a body has come to.
    fn make_room(&self, room: &mut Option<OwnedSemaphorePermit>, bytes: usize) -> Result<(), Failure> {
        let held = room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = u32::try_from(bytes.div_ceil(ROOM).saturating_sub(held)).unwrap_or(u32::MAX);
        let Ok(more) = self.room.clone().try_acquire_many_owned(wanted) else {
            let what = "the bodies of other requests take all the memory set aside for them";
            return Err(Fault::new(what).kind(Kind::Unavailable).hint("ask again in a moment").into());
        };
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }

    fn too_large(&self) -> Failure {
        let hint =
            format!("at most {} bytes; a long list of work may be sent in several requests", self.limits.body_bytes);
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large", hint)
    }
}

/// What a future comes to, or its panic.
async fn caught<F: Future>(mut future: Pin<Box<F>>) -> Result<F::Output, Box<dyn Any + Send>> {
    let poll = |context: &mut Context<'_>| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(polled) => polled.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    };
    poll_fn(poll).await
}

/// A body that is being sent: as long as it is, the request is being answered.
struct Attended {
    body: Body,
    _answering: Answering,
}

impl hyper::body::Body for Attended {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
