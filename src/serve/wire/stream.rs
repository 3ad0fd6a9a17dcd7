//! A connection's bytes: writes that make no progress end, refusals of the HTTP library's own become problem+json, and
//! what a client still sends when it was answered is read away, so that the answer reaches it.

use crate::serve::front::SECURITY_HEADERS;
use crate::serve::limits::Limits;
use crate::serve::problem;
use axum::http::StatusCode;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// Read away at once.
const WASTE: usize = 8 << 10;

#[derive(Debug)]
pub struct Stream {
    io: TokioIo<TcpStream>,
    limits: Limits,
    stalled: Option<Pin<Box<Sleep>>>,
    ending: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub fn new(stream: TcpStream, limits: Limits) -> Self {
        Self { io: TokioIo::new(stream), limits, stalled: None, ending: None }
    }

    /// Ends what stands still for too long.
    fn in_time<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.limits.write)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads until the other side ends too, for a while.
    fn read_away(&self, context: &mut Context<'_>) -> Poll<()> {
        let stream = self.io.inner();
        let mut waste = [0; WASTE];
        loop {
            if ready!(stream.poll_read_ready(context)).is_err() {
                return Poll::Ready(());
            }
            match stream.try_read(&mut waste) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                _ => return Poll::Ready(()),
            }
        }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = match in_place_of(bytes) {
            // Nothing waits to be sent before it, so it goes at once.
            Some(problem) => Pin::new(&mut self.io).poll_write(context, &problem).map_ok(|_| bytes.len()),
            None => Pin::new(&mut self.io).poll_write(context, bytes),
        };
        self.in_time(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = parts {
            return self.poll_write(context, only);
        }
        let polled = Pin::new(&mut self.io).poll_write_vectored(context, parts);
        self.in_time(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_flush(context);
        self.in_time(context, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.ending.is_none() {
            let polled = Pin::new(&mut self.io).poll_shutdown(context);
            ready!(self.in_time(context, polled))?;
            self.ending = Some(Box::pin(sleep(self.limits.linger)));
        }
        let over = self.ending.as_mut().is_none_or(|ending| ending.as_mut().poll(context).is_ready());
        if !over {
            ready!(self.read_away(context));
        }
        Poll::Ready(Ok(()))
    }
}

/// What is sent in place of a refusal that the HTTP library makes by itself of what is no request: that is a head
/// alone, which no answer of ours is.
fn in_place_of(bytes: &[u8]) -> Option<Vec<u8>> {
    const LONGEST: usize = 512;
    if bytes.len() > LONGEST || !bytes.starts_with(b"HTTP/1.") || !bytes.ends_with(b"\r\n\r\n") {
        return None;
    }
    let head = std::str::from_utf8(bytes).ok()?;
    let (first, rest) = head.split_once("\r\n")?;
    let status = StatusCode::from_bytes(first.split(' ').nth(1)?.as_bytes()).ok()?;
    let empty = rest.split("\r\n").any(|line| line.eq_ignore_ascii_case("content-length: 0"));
    (status.is_client_error() && empty).then(|| refusal(status, problem::SEE))
}

/// A whole answer by itself, after which the connection ends.
pub fn refusal(status: StatusCode, hint: &str) -> Vec<u8> {
    let document = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": problem::status_text(status),
        "hint": hint,
        "errors": [{"what": problem::status_text(status), "hint": hint}],
    });
    let body = document.to_string();
    let headers: String = SECURITY_HEADERS.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {}\r\ncontent-length: {}\r\n{headers}connection: close\r\n\r\n",
        problem::TYPE,
        body.len()
    );
    (head + &body).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_without_a_body_is_replaced() {
        let own = b"HTTP/1.1 414 URI Too Long\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        let text = String::from_utf8(in_place_of(own).expect("replaced")).expect("text");
        assert!(text.starts_with("HTTP/1.1 414 URI Too Long\r\ncontent-type: application/problem+json\r\n"), "{text}");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains(&format!("content-length: {}", body.len())));
        let document: serde_json::Value = serde_json::from_str(body).expect("json");
        assert_eq!((&document["status"], document["errors"].as_array().map(Vec::len)), (&414.into(), Some(1)));
        for other in [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..],
            b"HTTP/1.1 404 Not Found\r\ncontent-length: 17\r\n\r\n",
            b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\nmore",
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"0\r\n\r\n",
            b"",
        ] {
            assert_eq!(in_place_of(other), None, "{other:?}");
        }
    }
}
