//! What a feed asks and makes of answers, in words: for tests of the feeds.

use crate::inputs::Invoice;
use crate::received::providers::{Answer, Ask, Fault, Feed, Next, Numbered, Request, Wanted};
use crate::received::{Row, Rows};
use crate::time::{Instant, Interval};

/// Rows as `leaf start minutes value quality`, values in base units, and `issued` of forecasts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Trial {
    pub(crate) rows: Vec<String>,
    pub(crate) rejects: Vec<String>,
    /// Values that the provider does not know.
    pub(crate) unknown: usize,
}

impl Rows for Trial {
    fn push(&mut self, row: Row<'_>) {
        let leaf = row.series.rsplit('/').next().unwrap_or_default();
        let (start, minutes) = (row.interval.start, row.interval.duration_s() / 60);
        let issued = row.issued.map(|(at, _)| format!(" issued {at}")).unwrap_or_default();
        match row.base() {
            Ok(value) => {
                self.rows.push(format!("{leaf} {start} {minutes} {value} {}{issued}", row.quality.name()));
            }
            Err(reason) => self.rejects.push(reason),
        }
    }

    fn bill(&mut self, _: Invoice, _: u64) {
        self.rejects.push("an invoice".into());
    }

    fn reject(&mut self, _: u64, reason: impl Into<String>) {
        self.rejects.push(reason.into());
    }

    fn leave_out(&mut self, _: u64, _: &'static str) {
        self.unknown += 1;
    }
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).expect("time")
}

/// Asks for series of the boundary `A`, from, to and at a time.
pub(crate) fn question(zone: &str, leaves: &[&str], [from, to, now]: [&str; 3], settings: &[(&str, &str)]) -> Ask {
    let series = leaves.iter().map(|leaf| format!("grid/A/{leaf}")).collect();
    let settings = settings.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect();
    let wanted = Wanted { area: "A".into(), zone: zone.into(), series, settings };
    Ask { wanted, period: Interval { start: at(from), end: at(to) }, now: at(now) }
}

/// The requests of a question as they are printed.
pub(crate) fn lines(feed: &dyn Feed, ask: &Ask) -> Vec<String> {
    feed.requests(ask).expect("asked").iter().map(ToString::to_string).collect()
}

/// What comes of an answer that arrives when the pass begins.
pub(crate) fn read(feed: &dyn Feed, ask: &Ask, request: &Request, body: &str) -> Result<(Next, Trial), Fault> {
    read_status(feed, ask, request, (200, body))
}

pub(crate) fn read_status(
    feed: &dyn Feed,
    ask: &Ask,
    request: &Request,
    (status, body): (u16, &str),
) -> Result<(Next, Trial), Fault> {
    let mut trial = Trial::default();
    let answer = Answer { status, content_type: "application/json", body, fetched: ask.now, published: None };
    let next = feed.parse(ask, request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut trial))?;
    Ok((next, trial))
}

/// Why nothing of an answer is taken; panics where something is.
pub(crate) fn fault(feed: &dyn Feed, ask: &Ask, request: &Request, body: &str) -> String {
    read(feed, ask, request, body).expect_err(body).to_string()
}

/// Every way to cut an answer off is refused, and none of it is a panic.
pub(crate) fn refuses_cut_off(feed: &dyn Feed, ask: &Ask, request: &Request, body: &str) {
    for (end, _) in body.trim_end().char_indices() {
        assert!(matches!(read(feed, ask, request, &body[..end]), Err(Fault::Form(_))), "cut off at {end}");
    }
}
