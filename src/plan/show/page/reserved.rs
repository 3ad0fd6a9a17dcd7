//! What schedulers have reserved in the plan's time, and what of it the plan knew.

use crate::plan::show::shown::Shown;
use crate::store::reservations::Reservation;
use reports::time::{Instant, Interval};
use reports::words::fixed;
use std::collections::BTreeSet;

pub struct Reserved<'p> {
    pub rows: Vec<Row<'p>>,
    /// Held within the firm load when the plan was made, and no longer told of.
    pub gone: Vec<&'p str>,
}

pub struct Row<'p> {
    pub id: &'p str,
    pub site: &'p str,
    pub start: String,
    pub end: String,
    pub power: String,
    pub gpus: String,
    pub stands: &'static str,
}

impl<'p> Reserved<'p> {
    pub fn new(shown: &Shown<'p>) -> Self {
        let known: BTreeSet<&str> = shown.plan.reserved.iter().map(String::as_str).collect();
        let told: BTreeSet<&str> = shown.beside.reserved.iter().map(|r| r.id.as_str()).collect();
        Self {
            rows: shown.beside.reserved.iter().map(|r| row(shown, r, known.contains(r.id.as_str()))).collect(),
            gone: known.difference(&told).copied().collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.gone.is_empty()
    }
}

fn row<'p>(shown: &Shown<'p>, r: &'p Reservation, known: bool) -> Row<'p> {
    let span = Interval { start: r.start, end: r.end };
    let moment = |at: Instant| shown.zone(&r.site).moment(at, span);
    Row {
        id: &r.id,
        site: shown.site(&r.site),
        start: moment(r.start),
        end: moment(r.end),
        power: fixed(r.mw, 3),
        gpus: r.gpus.map_or_else(String::new, |gpus| gpus.to_string()),
        stands: if known { "within the firm load" } else { "made since the plan" },
    }
}
