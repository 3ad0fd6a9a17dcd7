//! Answers as they are kept: a question and all that was answered, one JSON object a line.
//!
//! The first line states the question, each other one a request without its secrets, and what came back. The body is
//! kept whole with its SHA-256. Whoever has the file can read every value out of it again, by the same code that took it
//! in.

use super::answer::{Answer, Fault};
use super::ask::{Ask, Request, Wanted};
use super::sink::Numbered;
use super::table::named;
use crate::digest::sha256_hex;
use crate::received::{Refused, Rows};
use crate::time::{Instant, Interval};
use crate::words::io_reason;
use ids::BoundaryId;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufRead, Read};

/// What the first line begins with.
const FORM: &str = "hourmatch/exchange/1";
/// No answer is larger, unpacked.
pub const LARGEST_BODY: usize = 32 << 20;
/// Nor a line: quotes and line ends take two bytes in it.
const LONGEST_LINE: usize = (2 * LARGEST_BODY) + (1 << 20);

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub request: Request,
    pub status: u16,
    pub content_type: String,
    pub fetched: Instant,
    pub published: Option<Instant>,
    pub body: String,
}

impl Exchange {
    pub fn answer(&self) -> Answer<'_> {
        Answer {
            status: self.status,
            content_type: &self.content_type,
            body: &self.body,
            fetched: self.fetched,
            published: self.published,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    received: String,
    kind: String,
    area: BoundaryId,
    zone: String,
    series: Vec<String>,
    settings: BTreeMap<String, String>,
    from: String,
    to: String,
    now: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    path: Cow<'a, str>,
    query: Cow<'a, [(String, String)]>,
    from: String,
    to: String,
    status: u16,
    #[serde(rename = "type")]
    content_type: Cow<'a, str>,
    fetched: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    sha256: String,
    body: Cow<'a, str>,
}

/// Whether a line is the first of such a file.
pub fn begins(line: &[u8]) -> bool {
    let first = format!("{{\"received\":\"{FORM}\"");
    line.starts_with(first.as_bytes())
}

/// The first line, with its end.
pub fn head(kind: &str, ask: &Ask) -> String {
    let Wanted { area, zone, series, settings } = ask.wanted.clone();
    let [from, to, now] = [ask.period.start, ask.period.end, ask.now].map(|at| at.to_string());
    line_of(&Head { received: FORM.into(), kind: kind.into(), area, zone, series, settings, from, to, now })
}

/// The line of an answer, with its end.
///
/// # Errors
/// One that is longer than a line may be.
pub fn line(exchange: &Exchange) -> Result<String, Refused> {
    let Exchange { request, status, content_type, fetched, published, body } = exchange;
    let line = line_of(&Line {
        path: request.path.as_str().into(),
        query: request.query.as_slice().into(),
        from: request.covers.start.to_string(),
        to: request.covers.end.to_string(),
        status: *status,
        content_type: content_type.as_str().into(),
        fetched: fetched.to_string(),
        published: published.map(|at| at.to_string()),
        sha256: sha256_hex(body.as_bytes()),
        body: body.as_str().into(),
    });
    match line.len() > LONGEST_LINE {
        true => Err(Refused::new(format!("the answer takes {} bytes to keep, and at most {LONGEST_LINE}", line.len()))),
        false => Ok(line),
    }
}

fn line_of(value: &impl Serialize) -> String {
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// Reads the values of a kept file, of which the first line was read already.
///
/// # Errors
/// Where the file is not what was kept, or holds what is no answer of its feed.
pub fn replay(first: &[u8], mut rest: impl BufRead, rows: &mut impl Rows) -> Result<(), Refused> {
    let head: Head = serde_json::from_slice(first).map_err(|e| Refused::new(e.to_string()).line(1))?;
    let Head { received, kind, area, zone, series, settings, from, to, now } = head;
    if received != FORM {
        return Err(Refused::new("its first line is that of another form").line(1));
    }
    let feed = named(&kind).ok_or_else(|| Refused::new("was received from a feed that is not known").line(1))?;
    let instant = |text: &str, line: u64| Instant::parse(text).map_err(|e| Refused::new(e.to_string()).line(line));
    let period = Interval { start: instant(&from, 1)?, end: instant(&to, 1)? };
    let ask = Ask { wanted: Wanted { area, zone, series, settings }, period, now: instant(&now, 1)? };
    let (mut row, mut number, mut text) = (0, 1, Vec::new());
    loop {
        number += 1;
        text.clear();
        let read = rest.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut text);
        read.map_err(|e| Refused::new(io_reason(&e)))?;
        if text.is_empty() {
            return Ok(());
        }
        if text.len() > LONGEST_LINE {
            return Err(Refused::new(format!("is longer than {LONGEST_LINE} bytes")).line(number));
        }
        let exchange = exchange(&text).map_err(|what| Refused::new(what).line(number))?;
        let mut sink = Numbered::from(row, &ask.wanted.series, rows);
        let parsed = feed.parse(&ask, &exchange.request, &exchange.answer(), &mut sink);
        row = sink.last();
        parsed.map_err(|fault: Fault| Refused::new(fault.to_string()).line(number))?;
    }
}

/// One line, whose body is what its hash says.
fn exchange(line: &[u8]) -> Result<Exchange, String> {
    let Line { path, query, from, to, status, content_type, fetched, published, sha256, body } =
        serde_json::from_slice(line).map_err(|e| e.to_string())?;
    if sha256_hex(body.as_bytes()) != sha256 {
        return Err("its body is not the one that its hash is of".into());
    }
    let instant = |text: &str| Instant::parse(text).map_err(|e| e.to_string());
    let covers = Interval { start: instant(&from)?, end: instant(&to)? };
    let published = published.as_deref().map(instant).transpose()?;
    Ok(Exchange {
        request: Request { path: path.into_owned(), query: query.into_owned(), covers },
        status,
        content_type: content_type.into_owned(),
        fetched: instant(&fetched)?,
        published,
        body: body.into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;

    const BODY: &str = r#"{"data":[
        {"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z","intensity":{"forecast":266,"actual":263,"index":"moderate"}},
        {"from":"2018-01-20T12:30Z","to":"2018-01-20T13:00Z","intensity":{"forecast":270,"actual":null,"index":"moderate"}}]}"#;

    fn kept() -> String {
        let start = Instant::parse("2018-01-20T12:00:00Z").expect("time");
        let period = Interval { start, end: start + 3_600 };
        let wanted = Wanted { area: "GB".into(), series: vec!["grid/GB/carbon_intensity".into()], ..Wanted::default() };
        let ask = Ask { wanted, period, now: start + 1_800 };
        let request = named("gb").expect("a feed").requests(&ask).expect("asked").remove(0);
        let exchange = Exchange {
            request,
            status: 200,
            content_type: "application/json".into(),
            fetched: start + 1_800,
            published: None,
            body: BODY.into(),
        };
        head("gb", &ask) + &line(&exchange).expect("short")
    }

    fn read(kept: &str) -> Result<Taken, String> {
        let (first, rest) = kept.split_once('\n').expect("lines");
        assert!(begins(first.as_bytes()));
        let mut taken = Taken::default();
        replay(first.as_bytes(), rest.as_bytes(), &mut taken).map_err(|refused| refused.to_string())?;
        Ok(taken)
    }

    #[test]
    fn what_was_kept_gives_the_same_values_again() {
        let taken = read(&kept()).expect("read");
        assert_eq!(taken.readings["grid/GB/carbon_intensity"], [263_000]);
        assert_eq!(taken.forecasts["grid/GB/carbon_intensity"].iter().map(|(_, v)| *v).collect::<Vec<_>>(), [270_000]);
    }

    #[test]
    fn a_kept_answer_that_was_changed_is_refused() {
        for (from, to, wanted) in [
            ("263,", "264,", "line 2: its body is not the one"),
            ("\"kind\":\"gb\"", "\"kind\":\"xx\"", "line 1: was received from a feed that is not known"),
            ("/intensity/", "/density/", "line 2: `GET /density/"),
            ("\"status\":200", "\"status\":200,\"more\":1", "line 2: unknown field"),
            ("2018-01-20T13:00:00Z", "soon", "is not an RFC 3339 time"),
        ] {
            let changed = kept().replacen(from, to, 1);
            assert_ne!(changed, kept(), "{from}");
            let error = read(&changed).expect_err(wanted);
            assert!(error.contains(wanted), "`{wanted}` not in {error}");
        }
        assert!(!begins(br#"{"data":[]}"#));
    }
}
