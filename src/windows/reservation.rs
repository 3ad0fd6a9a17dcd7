//! Reservations as they are shown: where, when, how much, and where they stand.

use crate::store::reservations::Reservation;
use reports::time::{Instant, RecordTime};
use serde::Serialize;

pub const SCHEMA: &str = "hourmatch/reservations/1";

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reserved {
    pub id: String,
    /// reserved, started, done or released.
    pub state: &'static str,
    pub site: String,
    pub start: Instant,
    pub end: Instant,
    /// IT megawatts.
    pub mw: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    pub made: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Instant>,
}

/// A list of them, as a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct List {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub now: Instant,
    pub reservations: Vec<Reserved>,
    /// Where the next page begins; left out where all are listed, or none is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Reserved {
    pub fn new(r: &Reservation, now: Instant) -> Self {
        Self {
            id: r.id.clone(),
            state: state_name(r, now),
            site: r.site.clone(),
            start: r.start,
            end: r.end,
            mw: r.mw,
            pool: r.pool.clone(),
            gpus: r.gpus,
            account: r.account.clone(),
            made: r.made_at.instant(),
            released: r.released.map(RecordTime::instant),
        }
    }
}

/// Where one stands: by the clock, unless it was released.
fn state_name(r: &Reservation, now: Instant) -> &'static str {
    if r.released_seq.is_some() {
        "released"
    } else if now >= r.end {
        "done"
    } else if now >= r.start {
        "started"
    } else {
        "reserved"
    }
}
