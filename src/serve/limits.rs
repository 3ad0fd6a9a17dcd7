//! What clients may take; `docs/service.md` lists these.

use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// For a request's header to arrive, from the connection or the previous answer.
    pub header: Duration,
    /// For a request's body to arrive.
    pub body: Duration,
    /// How long a client may go without reading any of its answer.
    pub write: Duration,
    /// How long the rest of what a client sends is read once its connection has ended.
    pub linger: Duration,
    /// Of one body, and of all that are in memory.
    pub body_bytes: usize,
    pub bodies_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write: Duration::from_secs(30),
            linger: Duration::from_secs(1),
            body_bytes: 16 << 20,
            bodies_bytes: 64 << 20,
        }
    }
}

/// Reports made and sent at a time, the one of the page among them: each holds its books in memory.
pub const REPORTS: usize = 2;
/// How long a report waits for its turn.
pub const REPORT_WAITS: Duration = Duration::from_secs(10);
/// How long a report may take to be sent, however slowly it is read.
pub const REPORT_SENT: Duration = Duration::from_secs(600);
