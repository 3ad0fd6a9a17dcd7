//! For tests: a question to a feed, and what it makes of an answer.

use crate::inputs::Invoice;
use crate::received::providers::{Answer, Ask, Fault, Feed, Next, Numbered, Request, Wanted};
use crate::received::{Row, Rows};
use crate::time::{Instant, Interval};

/// What came out of an answer: `wind 2024-07-01T04:00 +60 = 65000000`, with ` @` and the time of issue behind a
/// forecast.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub rows: Vec<String>,
    pub rejects: Vec<String>,
    pub left_out: Vec<&'static str>,
}

impl Seen {
    /// The rows of a leaf, without it.
    pub fn leaf(&self, leaf: &str) -> Vec<&str> {
        self.rows.iter().filter_map(|row| row.strip_prefix(leaf)?.strip_prefix(' ')).collect()
    }
}

impl Rows for Seen {
    fn push(&mut self, row: Row<'_>) {
        let base = row.base().unwrap_or_else(|reason| panic!("{}: {reason}", row.series));
        let leaf = row.series.rsplit('/').next().unwrap_or_default();
        let minute = |instant: Instant| instant.to_string()[..16].to_string();
        let issued = row.issued.map_or(String::new(), |(issued, _)| format!(" @{issued}"));
        let minutes = row.interval.duration_s() / 60;
        self.rows.push(format!("{leaf} {} +{minutes} = {base}{issued}", minute(row.interval.start)));
    }

    fn bill(&mut self, _: Invoice, _: u64) {
        unreachable!("feeds give no invoices");
    }

    fn reject(&mut self, _: u64, reason: impl Into<String>) {
        self.rejects.push(reason.into());
    }

    fn leave_out(&mut self, _: u64, why: &'static str) {
        self.left_out.push(why);
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}:00Z")).expect("time")
}

/// For leaves of area `A`; times as `2026-01-01T00:00`.
pub fn question(zone: &str, leaves: &[&str], [from, to, now]: [&str; 3]) -> Ask {
    let series = leaves.iter().map(|leaf| format!("grid/A/{leaf}")).collect();
    let wanted = Wanted { area: "A".into(), zone: zone.into(), series, ..Wanted::default() };
    Ask { wanted, period: Interval { start: at(from), end: at(to) }, now: at(now) }
}

/// An answer that came at the time of the question.
pub fn read(feed: &dyn Feed, ask: &Ask, request: &Request, (status, body): (u16, &str)) -> (Result<Next, Fault>, Seen) {
    let mut seen = Seen::default();
    let answer = Answer { status, content_type: "", body, fetched: ask.now, published: None };
    let next = feed.parse(ask, request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut seen));
    (next, seen)
}

/// The same, of what must not be taken: in words.
pub fn fault(feed: &dyn Feed, ask: &Ask, request: &Request, answer: (u16, &str)) -> String {
    match read(feed, ask, request, answer).0 {
        Err(Fault::Form(refused)) => format!("form: {refused}"),
        Err(Fault::Asked(refused)) => format!("asked: {refused}"),
        Err(Fault::Denied(what)) => format!("denied: {what}"),
        Err(Fault::Later { what, wait_s }) => format!("later {wait_s:?}: {what}"),
        Ok(Next::NoData(what)) => format!("no data: {what}"),
        Ok(next) => panic!("taken: {next:?}"),
    }
}
