//! US EIA open data, version 2: hourly generation by energy source, demand, and its day-ahead forecast, of form
//! EIA-930.
//!
//! `period` is the UTC hour that ends there. Storage is no generation. Since July 2024 solar and wind with batteries of
//! their own are apart, so that both are sums. An hour of zeros is a gap, which is told from a quiet night only beside
//! all other sources: they are asked for even where one is wanted. No answer says when a forecast was issued: its own
//! time stands for that, and forecasts of hours that are over are left out.

use super::about::{About, Asked, Credential, FUEL, Gives, Limits, Rate};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::json::{decimal, document};
use super::sink::Sink;
use super::sums::{Added, Common, Sums, around};
use crate::inputs::Quality;
use crate::received::Refused;
use crate::text::clip;
use crate::time::{HOUR_S, Instant, Interval};
use crate::units::{Decimal, Unit};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const HORIZON_S: i64 = 2 * 86_400;
/// No page is longer.
const MOST_ROWS: u64 = 5_000;
/// The provider states no longest period; 16 sources in 11 days and the two around are a page.
const LONGEST_S: i64 = 11 * 86_400;

static ABOUT: About = About {
    name: "eia",
    title: "US EIA open data",
    url: Some("https://api.eia.gov"),
    docs: "https://www.eia.gov/opendata/documentation.php",
    licence: "public domain, U.S. Energy Information Administration",
    zone: Asked::Needed("\"PJM\""),
    credential: Credential::Query { name: Cow::Borrowed("api_key") },
    needs_credential: true,
    gives: &[
        Gives { leaf: FUEL, unit: "MWh", resolution_s: HOUR_S, horizon_s: 0 },
        Gives { leaf: "demand", unit: "MWh", resolution_s: HOUR_S, horizon_s: HORIZON_S },
    ],
    limits: Limits {
        span_s: LONGEST_S,
        rates: &[Rate { requests: 5, seconds: 1 }, Rate { requests: 9_000, seconds: 3_600 }],
        ban_s: HOUR_S,
    },
    accept: "application/json",
    types: &["application/json"],
    // Their bodies say what is wrong with the question.
    statuses: &[400, 404],
    every_s: HOUR_S,
    overlap_s: 3 * 86_400,
    settings: &[],
};

const FUELS_PATH: &str = "/v2/electricity/rto/fuel-type-data/data/";
const REGION_PATH: &str = "/v2/electricity/rto/region-data/data/";

/// Energy sources and the fuel they are; storage is none.
static SOURCES: [(&str, Option<&str>); 16] = [
    ("BAT", None),
    ("COL", Some("coal")),
    ("GEO", Some("geothermal")),
    ("NG", Some("gas")),
    ("NUC", Some("nuclear")),
    ("OES", None),
    ("OIL", Some("oil")),
    ("OTH", Some("other")),
    ("PS", None),
    ("SNB", Some("solar")),
    ("SUN", Some("solar")),
    ("UES", None),
    ("UNK", Some("other")),
    ("WAT", Some("hydro")),
    ("WNB", Some("wind")),
    ("WND", Some("wind")),
];

/// Demand, and its day-ahead forecast.
static TYPES: [(&str, Option<&str>); 2] = [("D", Some("demand")), ("DF", Some("demand"))];

#[derive(Deserialize)]
struct Body {
    response: Option<Response>,
    error: Option<Value>,
    code: Option<Value>,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    total: Value,
    frequency: Option<String>,
    data: Vec<Row>,
    warnings: Option<Value>,
}

#[derive(Deserialize)]
struct Row {
    period: String,
    respondent: Option<String>,
    #[serde(alias = "fueltype", rename = "type")]
    code: Option<String>,
    #[serde(default)]
    value: Value,
    #[serde(rename = "value-units")]
    unit: Option<String>,
}

pub struct Eia;

impl Feed for Eia {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        let is_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        match (1..=8).contains(&wanted.zone.len()) && wanted.zone.bytes().all(is_code) {
            true => Ok(()),
            false => Err("`zone` is the code of a balancing authority or region, such as \"PJM\" or \"CISO\"".into()),
        }
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let wanted = &ask.wanted;
        let routes = [(FUELS_PATH, wanted.has_fuel(), 0), (REGION_PATH, wanted.has_leaf("demand"), HORIZON_S)];
        let mut requests = Vec::new();
        for (path, _, ahead_s) in routes.into_iter().filter(|(_, is_wanted, _)| *is_wanted) {
            let last = (ask.now + ahead_s).ceil(HOUR_S);
            let period = Interval { start: ask.period.start.floor(HOUR_S), end: ask.period.end.ceil(HOUR_S).min(last) };
            let parts = parts(period, LONGEST_S)?;
            requests.extend(parts.into_iter().map(|part| page(path, &wanted.zone, part, 0)));
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let body: Body = document(answer.body)?;
        let response = match (body.error, body.response) {
            (Some(error), _) => return Err(refused(answer.status, &error, body.code.as_ref())),
            (None, Some(response)) if answer.status == 200 => response,
            _ => return Err(Fault::form(format!("answered {} without a response", answer.status))),
        };
        if let Some(other) = response.frequency.as_deref().filter(|frequency| *frequency != "hourly") {
            return Err(Fault::form(format!("the answer is `{}`, not hourly in UTC", clip(other))));
        }
        let (rows, next) = whole_hours(&response, request, &ask.wanted.zone)?;
        if rows.is_empty() {
            let warnings = response.warnings.as_ref().map(|said| format!("; {}", words(said))).unwrap_or_default();
            return Ok(Next::NoData(format!("no rows{warnings}")));
        }
        let mut read = Read::new(request);
        for row in rows {
            read.row(row, &ask.wanted.zone, request, sink)?;
        }
        read.give(ask, request.covers, answer, sink)?;
        Ok(next.map_or(Next::Done, Next::Page))
    }
}

/// What is asked for beyond a part: only energy sources add up.
fn asked(path: &str, part: Interval) -> Interval {
    if path == REGION_PATH { part } else { around(part) }
}

/// A request from a row on. Starts and ends name hours by their ends, inclusive.
fn page(path: &str, zone: &str, part: Interval, offset: u64) -> Request {
    let mut request =
        Request::new(path, part).with("frequency", "hourly").with("data[]", "value").with("facets[respondent][]", zone);
    if path == REGION_PATH {
        request = request.with("facets[type][]", "D").with("facets[type][]", "DF");
    }
    let Interval { start, end } = asked(path, part);
    request
        .with("start", format!("{:.13}", start + HOUR_S))
        .with("end", format!("{end:.13}"))
        .with("sort[0][column]", "period")
        .with("sort[0][direction]", "asc")
        .with("offset", offset.to_string())
        .with("length", MOST_ROWS.to_string())
}

/// The rows of a page without those of its last hour where that may go on on the next page, which then begins with it.
fn whole_hours<'r>(
    response: &'r Response,
    request: &Request,
    zone: &str,
) -> Result<(&'r [Row], Option<Request>), Fault> {
    let rows = response.data.as_slice();
    let offset = request.parameter("offset").map_or(Ok(0), str::parse::<u64>);
    let offset = offset.map_err(|_| Fault::form("the request's `offset` is not a number of rows"))?;
    let reached = offset.saturating_add(rows.len() as u64);
    let total = decimal(&response.total).map(|total| total.map(|text| text.parse::<u64>()).transpose());
    let more = match total {
        Ok(Ok(Some(total))) => total > reached,
        Ok(Ok(None)) => rows.len() as u64 >= MOST_ROWS,
        _ => return Err(Fault::form("`total` is not a number of rows")),
    };
    let Some(last) = rows.last().filter(|_| more) else {
        return if more { Err(Fault::form("a page is empty before the total is reached")) } else { Ok((rows, None)) };
    };
    if !rows.is_sorted_by(|one, other| one.period <= other.period) {
        return Err(Fault::form("the rows of a page are not in the order of time, as they were asked for"));
    }
    let kept = rows.partition_point(|row| row.period < last.period);
    if kept == 0 {
        return Err(Fault::form("an hour takes more than a page"));
    }
    let next = page(&request.path, zone, request.covers, offset.saturating_add(kept as u64));
    Ok((&rows[..kept], Some(next)))
}

/// What an error in place of data says.
fn refused(status: u16, error: &Value, code: Option<&Value>) -> Fault {
    let code = error.get("code").or(code).map(words).unwrap_or_default();
    let text = words(error.get("message").unwrap_or(error));
    let what = format!("answered {status}: {code} {text}");
    let lower = what.to_ascii_lowercase();
    if lower.contains("rate_limit") || lower.contains("rate limit") {
        return Fault::Later { what, wait_s: None };
    }
    if lower.contains("api_key") || lower.contains("api key") {
        return Fault::Denied(what);
    }
    match status {
        200 => Fault::form(what),
        _ => Fault::Asked(Refused::new(what).hint("check `zone` of this source")),
    }
}

/// A value for people.
fn words(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    text.chars().take(200).collect()
}

/// The values of an hour by the provider's code.
type Hour = BTreeMap<&'static str, Vec<Option<Decimal>>>;

/// Codes, and the leaf that each is a part of.
type Codes = [(&'static str, Option<&'static str>)];

/// Rows by hour.
struct Read {
    codes: &'static Codes,
    /// So many of them are zero together where there is a gap: all generation, demand by itself, and its forecast.
    alike: usize,
    hours: BTreeMap<Instant, Hour>,
    unknown: BTreeSet<String>,
}

impl Read {
    fn new(request: &Request) -> Self {
        let (codes, alike): (&'static Codes, usize) =
            if request.path == REGION_PATH { (&TYPES, 1) } else { (&SOURCES, SOURCES.len()) };
        Self { codes, alike, hours: BTreeMap::new(), unknown: BTreeSet::new() }
    }

    fn row(&mut self, row: &Row, zone: &str, request: &Request, sink: &mut dyn Sink) -> Result<(), Fault> {
        if let Some(unit) = row.unit.as_deref().filter(|unit| *unit != "megawatthours") {
            return Err(Fault::form(format!("values are in `{}`, not in megawatthours", clip(unit))));
        }
        let end = Instant::parse(&format!("{}:00:00Z", row.period)).ok().filter(|_| row.period.len() == 13);
        let Some(end) = end else {
            sink.reject(format!("period `{}` is not an hour of UTC such as 2022-10-31T11", clip(&row.period)));
            return Ok(());
        };
        if let Some(other) = row.respondent.as_deref().filter(|respondent| *respondent != zone) {
            self.unknown.insert(format!("rows of `{}`, not of `{zone}`", clip(other)));
            return Ok(());
        }
        let interval = Interval { start: end - HOUR_S, end };
        if !asked(&request.path, request.covers).contains(interval) {
            return Ok(());
        }
        let code = row.code.as_deref().unwrap_or("");
        let Some(&(code, _)) = self.codes.iter().find(|(known, _)| *known == code) else {
            self.unknown.insert(format!("`{}` is not known: it counts nowhere", clip(code)));
            return Ok(());
        };
        let parsed = decimal(&row.value)
            .and_then(|text| text.as_deref().map(Decimal::parse).transpose().map_err(|e| e.to_string()));
        let value = parsed.unwrap_or_else(|what| {
            if request.covers.contains(interval) {
                sink.reject(format!("{code} of {interval}: {what}"));
            }
            None
        });
        self.hours.entry(end).or_default().entry(code).or_default().push(value);
        Ok(())
    }

    fn give(self, ask: &Ask, within: Interval, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<(), Fault> {
        for fault in self.unknown {
            sink.reject(fault);
        }
        let asked = answer.published.unwrap_or(answer.fetched);
        let (mut made, mut expected) = (Sums::default(), Sums::default());
        for (end, mut hour) in self.hours {
            let interval = Interval { start: end - HOUR_S, end };
            for alike in self.codes.chunks(self.alike) {
                let there = alike.iter().filter(|(_, leaf)| leaf.is_some());
                let mut known = there.filter_map(|(code, _)| hour.get(code)).flatten().flatten();
                if known.next().is_some_and(|first| first.is_zero()) && known.all(|value| value.is_zero()) {
                    hour.retain(|code, _| !alike.iter().any(|(known, _)| known == code));
                    if within.contains(interval) {
                        sink.unknown("all zeros, which is a gap");
                    }
                }
            }
            for &(code, leaf) in self.codes {
                let (Some(leaf), Some(values)) = (leaf, hour.get(code)) else { continue };
                let sums = if code == "DF" { &mut expected } else { &mut made };
                for value in values {
                    if sums.add(leaf, code, interval, *value) == Added::Differs && within.contains(interval) {
                        sink.reject(format!("{code} of {interval} is there twice, with different values"));
                    }
                }
            }
        }
        let (area, unit, quality) = (&ask.wanted.area, Unit::MWH, Quality::Measured);
        for (sums, issued) in [(made, None), (expected, Some(asked))] {
            sums.give(&Common { area, unit, quality, within, issued, asked }, sink);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
