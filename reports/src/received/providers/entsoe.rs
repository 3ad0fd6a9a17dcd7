//! ENTSO-E Transparency Platform: generation by type, load, day-ahead prices, and the day-ahead forecasts of load, wind
//! and solar.
//!
//! Pumped and other storage is no generation, and what a plant takes in for itself (`outBiddingZone`) is none either. A
//! document is made when it is asked for: what it forecasts is issued then, and forecasts of the past are not asked
//! for, because nobody can tell any more when they were issued. Prices are those of the coupled auction, sequence 1.

use super::about::{About, Asked, Credential, FUEL, Gives, Limits, Rate};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::market::{self, Curve, Curves, Market};
use super::sink::Sink;
use super::sums::{Added, Common, Sums, around};
use crate::inputs::Quality;
use crate::received::Refused;
use crate::text::clip;
use crate::time::{DAY_S, HOUR_S, Instant, Interval};
use crate::units::{Decimal, Unit};
use std::borrow::Cow;
use std::collections::BTreeSet;

const HORIZON_S: i64 = 2 * DAY_S;
/// The provider takes a year; generation of two months has up to some 20 MB.
const LONGEST_S: i64 = 365 * DAY_S;
const MIX_S: i64 = 60 * DAY_S;
const BAN_S: i64 = 600;
/// 1 October 2025 in Brussels: the coupled auction has quarter-hours since, and had hours before.
const QUARTERS_SINCE: Instant = Instant::from_seconds(1_759_269_600);

static ABOUT: About = About {
    name: "entsoe",
    title: "ENTSO-E Transparency Platform",
    url: Some("https://web-api.tp.entsoe.eu"),
    docs: "https://documenter.getpostman.com/view/7009892/2s93JtP3F6",
    licence: "CC BY 4.0 for most data, ENTSO-E Transparency Platform",
    zone: Asked::Needed("\"10Y1001A1001A82H\""),
    credential: Credential::Query { name: Cow::Borrowed("securityToken") },
    needs_credential: true,
    gives: &[
        Gives { leaf: FUEL, unit: "MW", resolution_s: 0, horizon_s: HORIZON_S },
        Gives { leaf: "demand", unit: "MW", resolution_s: 0, horizon_s: HORIZON_S },
        Gives { leaf: "price", unit: "EUR/MWh", resolution_s: 0, horizon_s: HORIZON_S },
    ],
    limits: Limits { span_s: LONGEST_S, rates: &[Rate { requests: 400, seconds: 60 }], ban_s: BAN_S },
    accept: "application/xml, text/xml",
    types: &["text/xml", "application/xml"],
    // It refuses questions by an acknowledgement with 400.
    statuses: &[400],
    every_s: 900,
    overlap_s: 3 * DAY_S,
    settings: &[],
};

/// A data item.
struct Item {
    document: &'static str,
    process: &'static str,
    /// Parameters that name the area.
    area: &'static [&'static str],
    span_s: i64,
    says: Says,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// What was; until now.
    Past,
    /// What is expected; from now on.
    Ahead,
    /// Known ahead, and no forecast.
    Both,
}

static ITEMS: [Item; 5] = [
    Item { document: "A75", process: "A16", area: &["in_Domain"], span_s: MIX_S, says: Says::Past },
    Item { document: "A69", process: "A01", area: &["in_Domain"], span_s: LONGEST_S, says: Says::Ahead },
    Item { document: "A65", process: "A16", area: &["outBiddingZone_Domain"], span_s: LONGEST_S, says: Says::Past },
    Item { document: "A65", process: "A01", area: &["outBiddingZone_Domain"], span_s: LONGEST_S, says: Says::Ahead },
    Item { document: "A44", process: "", area: &["in_Domain", "out_Domain"], span_s: LONGEST_S, says: Says::Both },
];

/// Fuels and the production types of each; storage is none.
static TYPES: [(Option<&str>, &[&str]); 11] = [
    (Some("biomass"), &["B01"]),
    (Some("coal"), &["B02", "B03", "B05", "B08"]),
    (Some("gas"), &["B04"]),
    (Some("oil"), &["B06", "B07"]),
    (Some("geothermal"), &["B09"]),
    (None, &["B10", "B25"]),
    (Some("hydro"), &["B11", "B12"]),
    (Some("other"), &["B13", "B15", "B17", "B20"]),
    (Some("nuclear"), &["B14"]),
    (Some("solar"), &["B16"]),
    (Some("wind"), &["B18", "B19"]),
];

pub struct Entsoe;

impl Item {
    fn is_wanted(&self, wanted: &Wanted) -> bool {
        match self.document {
            "A75" => wanted.has_fuel(),
            "A69" => wanted.has_leaf("solar") || wanted.has_leaf("wind"),
            "A65" => wanted.has_leaf("demand"),
            _ => wanted.has_leaf("price"),
        }
    }

    fn is_of(&self, request: &Request) -> bool {
        request.parameter("documentType") == Some(self.document)
            && request.parameter("processType").unwrap_or("") == self.process
    }

    /// The part of a period that it may say something of, in whole hours.
    fn period(&self, ask: &Ask) -> Interval {
        let ahead_s = if self.says == Says::Past { 0 } else { HORIZON_S };
        let (mut start, end) = (ask.period.start.floor(HOUR_S), ask.period.end.ceil(HOUR_S));
        if self.says == Says::Ahead {
            start = start.max(ask.now.floor(HOUR_S));
        }
        Interval { start, end: end.min((ask.now + ahead_s).ceil(HOUR_S)) }
    }

    /// What is asked for beyond a part of it: only types of plants add up.
    fn asked(&self, part: Interval) -> Interval {
        if ["A75", "A69"].contains(&self.document) { around(part) } else { part }
    }

    fn request(&self, zone: &str, part: Interval) -> Request {
        let mut request = Request::new("/api", part).with("documentType", self.document);
        if !self.process.is_empty() {
            request = request.with("processType", self.process);
        }
        for &parameter in self.area {
            request = request.with(parameter, zone);
        }
        let Interval { start, end } = self.asked(part);
        request.with("periodStart", stamp(start)).with("periodEnd", stamp(end))
    }

    /// Leaf and part that a curve is of; none for what is left out.
    fn part(&self, curve: &Curve) -> Result<Option<(&'static str, &'static str)>, String> {
        match self.document {
            "A65" => return Ok(Some(("demand", "A65"))),
            "A44" => {
                let coupled = curve.sequence.as_deref().is_none_or(|sequence| sequence == "1");
                let daily = curve.contract.as_deref().is_none_or(|contract| contract == "A01");
                return Ok((coupled && daily).then_some(("price", "A44")));
            }
            // What is taken out of the grid.
            _ if curve.into.is_none() && curve.out_of.is_some() => return Ok(None),
            _ => {}
        }
        let code = curve.psr_type.as_deref().unwrap_or("");
        let mut known = TYPES.iter().flat_map(|(fuel, codes)| codes.iter().map(move |code| (fuel, *code)));
        match known.find(|(_, known)| *known == code) {
            Some((fuel, known)) => Ok(fuel.map(|fuel| (fuel, known))),
            None => Err(format!("production type `{}` is not known: it counts nowhere", clip(code))),
        }
    }
}

/// `202601012300`: whole hours of UTC.
fn stamp(instant: Instant) -> String {
    instant.to_string().chars().filter(char::is_ascii_digit).take(12).collect()
}

impl Feed for Entsoe {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        let is_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        match wanted.zone.len() == 16 && wanted.zone.bytes().all(is_code) {
            true => Ok(()),
            false => Err("`zone` is an EIC of 16 characters, such as \"10Y1001A1001A82H\" for Germany".into()),
        }
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let mut requests = Vec::new();
        for item in ITEMS.iter().filter(|item| item.is_wanted(&ask.wanted)) {
            let parts = parts(item.period(ask), item.span_s)?;
            requests.extend(parts.into_iter().map(|part| item.request(&ask.wanted.zone, part)));
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let item = ITEMS.iter().find(|item| item.is_of(request));
        let item = item.ok_or_else(|| Fault::form(format!("`{request}` is not a request of this feed")))?;
        let read = match market::read(answer.body, item.asked(request.covers))? {
            Market::Acknowledgement { code, text } => return acknowledged(answer.status, &code, &text),
            Market::Curves(read) => read,
        };
        let process = read.process.as_deref().unwrap_or(item.process);
        if (read.kind.as_str(), process) != (item.document, item.process) || answer.status != 200 {
            let (kind, status) = (clip(&read.kind), answer.status);
            return Err(Fault::form(format!("`{request}` was answered {status} by a document of type `{kind}`")));
        }
        if read.curves.is_empty() {
            return Ok(Next::NoData("the document holds no time series".into()));
        }
        let made = read.created.or(answer.published).unwrap_or(answer.fetched);
        give(ask, item, &read, (request.covers, made), sink)?;
        Ok(Next::Done)
    }
}

/// Why there is no document. Code 999 says all of it, so the words are read.
fn acknowledged(status: u16, code: &str, text: &str) -> Result<Next, Fault> {
    let what = format!("answered {status} with reason {code}: {text}");
    let lower = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["no matching data"]) {
        return Ok(Next::NoData(text.to_string()));
    }
    if says(&["security token", "securitytoken", "unauthorized", "authentication", "not authorized"]) {
        return Err(Fault::Denied(what));
    }
    if says(&["requests per minute", "too many requests", "max allowed requests"]) {
        return Err(Fault::Later { what, wait_s: Some(BAN_S) });
    }
    let refused = ["invalid", "not valid", "exceed", "mandatory", "not allowed", "unsupported", "missing"];
    if status == 200 && code == "999" && !says(&refused) {
        return Ok(Next::NoData(text.to_string()));
    }
    Err(Fault::Asked(Refused::new(what).hint("check `zone` and the series of this source")))
}

fn give(
    ask: &Ask,
    item: &Item,
    read: &Curves,
    (within, made): (Interval, Instant),
    sink: &mut dyn Sink,
) -> Result<(), Fault> {
    let (mut faults, mut points, mut unit) = (BTreeSet::new(), Vec::new(), None);
    for curve in &read.curves {
        let taken = [&curve.into, &curve.out_of].into_iter().flatten().all(|area| *area == ask.wanted.zone);
        let part = match item.part(curve) {
            _ if !taken => Err("a time series is of another area than was asked for".into()),
            part => part,
        };
        let Some((leaf, part)) = part.unwrap_or_else(|fault| {
            faults.insert(fault);
            None
        }) else {
            continue;
        };
        let own = unit_of(item, curve)?;
        if *unit.get_or_insert(own) != own {
            faults.insert("a time series is in another unit or currency than those before it".into());
            continue;
        }
        faults.extend(curve.faults.iter().map(|fault| format!("{leaf} ({part}): {fault}")));
        let ranked = |(interval, value)| (rank(item, curve.step_s, interval), (leaf, part), interval, value);
        points.extend(curve.points.iter().map(|(interval, value)| ranked((*interval, value))));
    }
    // The sort keeps the order of the document among equals.
    points.sort_by_key(|(rank, ..)| *rank);
    let mut sums = Sums::default();
    for (_, (leaf, part), interval, value) in points {
        let decimal = value.as_deref().map(Decimal::parse).transpose();
        let fault = match (sums.add(leaf, part, interval, decimal.clone().unwrap_or_default()), decimal) {
            _ if !within.contains(interval) => continue,
            (_, Err(error)) => error.to_string(),
            (Added::Differs, _) => "is there twice, with different values".into(),
            (Added::Overlaps, _) => {
                sink.unknown("lies over values of another resolution");
                continue;
            }
            (Added::Taken, _) => continue,
        };
        sink.reject(format!("{leaf} ({part}) of {interval}: {fault}"));
    }
    for fault in faults {
        sink.reject(fault);
    }
    if let Some(unit) = unit {
        let issued = (item.says == Says::Ahead).then_some(made);
        let (area, quality) = (&ask.wanted.area, Quality::Measured);
        sums.give(&Common { area, unit, quality, within, issued, asked: made }, sink);
    }
    Ok(())
}

/// Which of two curves over one another counts: the finer one, but of prices before quarter-hours were coupled the
/// hour.
fn rank(item: &Item, step_s: i64, interval: Interval) -> i64 {
    if item.document == "A44" && interval.start < QUARTERS_SINCE { -step_s } else { step_s }
}

fn unit_of(item: &Item, curve: &Curve) -> Result<Unit, Fault> {
    let unit = curve.unit.as_deref().unwrap_or("");
    let name = match (item.document, unit, curve.currency.as_deref()) {
        ("A44", "MWH", Some(currency)) => format!("{currency}/MWh"),
        ("A44", ..) => String::new(),
        (_, "MAW", _) => "MW".into(),
        _ => String::new(),
    };
    Unit::parse(&name).map_err(|_| Fault::form(format!("unit `{}` is not the documented one", clip(unit))))
}

#[cfg(test)]
mod tests;
