//! Faults of a transport, whatever is transported.

use super::server::{Manner, Reply, reply};
use std::io::Write;
use std::sync::OnceLock;
use std::time::Duration;

/// What a pass comes to that meets a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// An error: the fault lasts.
    Failed,
    /// An error, and nobody is asked for a while.
    Ban,
    /// It is tried again, and taken.
    Taken,
    /// The same where a login gives another token; else an error.
    Renewed,
}

#[derive(Debug)]
pub struct Fault {
    pub what: &'static str,
    /// An honest answer made into a faulty one; beside it the address of a stranger.
    pub spoil: fn(Reply, &str) -> Reply,
    pub ends: Ends,
    /// What the error says; nothing where a feed says it in words of its own.
    pub says: &'static str,
    /// For those who keep others waiting.
    pub timeout: Option<Duration>,
}

impl Fault {
    pub fn lasts(&self) -> bool {
        matches!(self.ends, Ends::Failed | Ends::Ban)
    }

    pub fn tries(&self) -> usize {
        if self.lasts() { 1 } else { 2 }
    }

    /// `renews` says whether the request carries the token of a login.
    pub fn passes(&self, renews: bool) -> bool {
        self.ends == Ends::Taken || (self.ends == Ends::Renewed && renews)
    }
}

const fn fault(what: &'static str, ends: Ends, says: &'static str, spoil: fn(Reply, &str) -> Reply) -> Fault {
    Fault { what, spoil, ends, says, timeout: None }
}

fn status(status: u16) -> Reply {
    reply(status, "text/plain", "")
}

fn half(said: Reply) -> Reply {
    let bytes = said.body.len() / 2;
    said.manner(Manner::Truncated(bytes))
}

/// A MiB of blanks takes a KiB on the way: 40 of them are more than an answer may hold.
fn bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..40 {
            gz.write_all(&[b' '; 1 << 20]).expect("memory");
        }
        gz.finish().expect("memory")
    })
}

pub static FAULTS: [Fault; 13] = [
    fault("a ban for an hour", Ends::Ban, "answered 429", |_, _| status(429).header("retry-after", "3600")),
    fault("a ban of unknown length", Ends::Ban, "answered 429", |_, _| status(429)),
    fault("too often just now", Ends::Taken, "", |_, _| status(429).header("retry-after", "0")),
    fault("a burst of 503", Ends::Taken, "", |_, _| status(503).header("retry-after", "0")),
    fault("500 and no end", Ends::Failed, "answered 500", |_, _| status(500)),
    fault("half a body, once", Ends::Taken, "", |said, _| half(said)),
    fault("half a body", Ends::Failed, "broke off", |said, _| half(said)),
    Fault {
        timeout: Some(Duration::from_millis(300)),
        ..fault("a slow drip", Ends::Failed, "answer within", |said, _| {
            said.manner(Manner::Drip(Duration::from_secs(5)))
        })
    },
    fault("a page for people", Ends::Failed, "", |_, _| reply(200, "text/html", "<html><body>Back soon</body></html>")),
    fault("a redirect to a stranger", Ends::Failed, "redirecting to another host or in a loop", |_, stranger| {
        status(302).header("location", stranger)
    }),
    fault("a decompression bomb", Ends::Failed, "the answer is larger than 33554432 bytes", |said, _| {
        Reply { body: bomb().to_vec(), ..said }.header("content-encoding", "gzip")
    }),
    fault("an expired token", Ends::Renewed, "", |_, _| status(401)),
    fault("a token that is refused", Ends::Failed, "", |_, _| status(401)),
];
