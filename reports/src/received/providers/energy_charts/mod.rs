//! Energy-Charts (Fraunhofer ISE): generation by fuel and load of a country, day-ahead prices of a bidding zone. No
//! key.
//!
//! Answers are arrays beside one of times: the starts of quarter-hours or hours, which the times themselves have to
//! tell. Power is MW. Storage is never generation. What is asked for begins a day earlier and ends an hour later, so
//! that the times beside an interval and the parts of a sum are there to be seen. Left out on purpose: the renewable
//! share, which is not the carbon-free share (nuclear, biomass), and flows across borders, which no series holds.

mod names;
#[cfg(test)]
mod tests;

use super::about::{About, Asked, Credential, FUEL, Gives, Limits, Rate, Setting, settings};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::json;
use super::sink::Sink;
use crate::received::forms::steps::{Steps, lengths};
use crate::received::{Refused, Row};
use crate::series::name::{SeriesName, is_id};
use crate::text::clip;
use crate::time::{DAY_S, HOUR_S, Instant, Interval};
use crate::units::{Decimal, Unit};
use ids::BoundaryId;
use names::{Means, bidding_zone, means};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Nothing is published about how long a call may be; this is what one asks.
const SPAN_S: i64 = 31 * 86_400;
/// Prices are out a day ahead, for days of local time.
const AHEAD_S: i64 = 2 * 86_400;

static ABOUT: About = About {
    name: "energy-charts",
    title: "Energy-Charts",
    url: Some("https://api.energy-charts.info"),
    docs: "https://api.energy-charts.info",
    licence: "CC BY 4.0, Energy-Charts.info; each answer with prices states whose they are, some for private use only",
    zone: Asked::Needed("\"de\""),
    credential: Credential::None,
    needs_credential: false,
    gives: &[
        // Quarter-hours or hours, by country and year.
        Gives { leaf: FUEL, unit: "MW", resolution_s: 0, horizon_s: 0 },
        Gives { leaf: "demand", unit: "MW", resolution_s: 0, horizon_s: 0 },
        Gives { leaf: "price", unit: "currency/MWh", resolution_s: 0, horizon_s: AHEAD_S },
    ],
    // It limits how often it is asked, and does not say how; this is what it is asked at most.
    limits: Limits { span_s: SPAN_S, rates: &[Rate { requests: 1, seconds: 1 }], ban_s: 300 },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[404, 422],
    every_s: 1_800,
    // Late producers are added for days.
    overlap_s: 3 * 86_400,
    settings: settings! {
        []
        optional "bzn" = "DE-LU": "The bidding zone whose prices are taken; needed where the country has several.";
    },
};

/// How long intervals may be.
const LENGTHS_S: [i64; 3] = [900, 1_800, HOUR_S];

const POWER: &str = "/public_power";
const PRICE: &str = "/price";

pub struct EnergyCharts;

#[derive(Deserialize)]
struct Power {
    unix_seconds: Vec<i64>,
    production_types: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    name: String,
    data: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Prices {
    unix_seconds: Vec<i64>,
    price: Vec<serde_json::Value>,
    unit: String,
}

#[derive(Deserialize)]
struct Refusal {
    detail: serde_json::Value,
}

impl Feed for EnergyCharts {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        let country = country(wanted);
        if !(2..=3).contains(&country.len()) || !country.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Err("`zone` is not a country, such as `de`".into());
        }
        match zone_of_prices(wanted) {
            Some(zone) if !is_id(&zone) => Err("`bzn` is not a bidding zone, such as `DE-LU`".into()),
            None if wanted.has_leaf("price") => Err(
                "prices are those of a bidding zone, and this country has several: add settings = { bzn = \"...\" }, or \
                 name the series without `price`"
                    .into(),
            ),
            _ => Ok(()),
        }
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let now = ask.now.ceil(HOUR_S);
        let (start, end) = (ask.period.start.floor(HOUR_S), ask.period.end.ceil(HOUR_S));
        let minute = |instant: Instant| instant.max(Instant::FIRST).to_string().replace(":00Z", "Z");
        let asked = |path: &str, (key, of): (&str, &str), covers: Interval| {
            Request::new(path, covers)
                .with(key, of)
                .with("start", minute(covers.start - DAY_S))
                .with("end", minute(covers.end + HOUR_S))
        };
        let mut requests = Vec::new();
        if ask.wanted.has_fuel() || ask.wanted.has_leaf("demand") {
            let country = country(&ask.wanted);
            for part in parts(Interval { start, end: end.min(now) }, SPAN_S)? {
                requests.push(asked(POWER, ("country", &country), part));
            }
        }
        if let Some(zone) = zone_of_prices(&ask.wanted).filter(|_| ask.wanted.has_leaf("price")) {
            for part in parts(Interval { start, end: end.min(now + AHEAD_S) }, SPAN_S)? {
                requests.push(asked(PRICE, ("bzn", &zone), part));
            }
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        if answer.status != 200 {
            return refusal(request, answer);
        }
        let area = &ask.wanted.area;
        let count = match request.path.as_str() {
            POWER => {
                let power: Power = json::document(answer.body)?;
                // What has not ended is not measured.
                let covers = Interval { end: request.covers.end.min(answer.fetched), ..request.covers };
                self::power(&power, (area, covers), sink)?;
                power.unix_seconds.len()
            }
            PRICE => {
                let prices: Prices = json::document(answer.body)?;
                self::prices(&prices, (area, request.covers), sink)?;
                prices.unix_seconds.len()
            }
            _ => return Err(Fault::form(format!("`{request}` is not a request of this feed"))),
        };
        Ok(if count == 0 { Next::NoData("the list of times is empty".into()) } else { Next::Done })
    }
}

/// Countries are in lower case there.
fn country(wanted: &Wanted) -> String {
    wanted.zone.to_ascii_lowercase()
}

/// The bidding zone as stated, or that which the country is.
fn zone_of_prices(wanted: &Wanted) -> Option<String> {
    wanted.setting("bzn").map(String::from).or_else(|| bidding_zone(&country(wanted)))
}

/// An answer that is none: there are no data, or no such place.
fn refusal(request: &Request, answer: &Answer<'_>) -> Result<Next, Fault> {
    let Refusal { detail } = json::document(answer.body)?;
    match (answer.status, detail.as_str()) {
        (404, Some(words)) if words != "Not Found" => Ok(Next::NoData(words.chars().take(120).collect())),
        (422, _) => {
            let refused = Refused::new(format!("Energy-Charts refuses `{request}`"));
            Err(Fault::Asked(refused.hint("api.energy-charts.info lists its countries and bidding zones")))
        }
        _ => Err(Fault::form(format!("it answers with status {}", answer.status))),
    }
}

/// Values of each series, in the order of their names.
fn power(power: &Power, (area, covers): (&BoundaryId, Interval), sink: &mut dyn Sink) -> Result<(), Fault> {
    let times = &power.unix_seconds;
    let mut leaves: BTreeMap<&str, Vec<&Kind>> = BTreeMap::new();
    for kind in &power.production_types {
        if kind.data.len() != times.len() {
            let (values, times) = (kind.data.len(), times.len());
            return Err(Fault::form(format!("`{}` has {values} values for {times} times", clip(&kind.name))));
        }
        match means(&kind.name) {
            Means::Leaf(leaf) => leaves.entry(leaf).or_default().push(kind),
            Means::Nothing => {}
            Means::Unknown => sink.reject(format!("`{}` is not a known production type", clip(&kind.name))),
        }
    }
    let intervals = intervals(times, covers, sink)?;
    // A part without any value for a day is of something that the country does not have; for less, it may be late.
    let is_long = times.last().zip(times.first()).is_some_and(|(last, first)| last - first >= DAY_S);
    for (leaf, mut parts) in leaves {
        parts.retain(|kind| !is_long || kind.data.iter().any(|value| !value.is_null()));
        let series = SeriesName::of_boundary(area, leaf);
        for (index, interval) in intervals.iter().filter(|_| !parts.is_empty()) {
            match sum(&parts, *index) {
                Ok(Some(value)) => sink.put(Row::new(&series, *interval, &value.to_string(), Unit::MW)),
                Ok(None) => sink.unknown("Energy-Charts does not know a part of it"),
                Err(what) => sink.reject(format!("{series}: {interval}: {what}")),
            }
        }
    }
    Ok(())
}

/// The sum of parts; none where one of them is not known.
fn sum(parts: &[&Kind], index: usize) -> Result<Option<Decimal>, String> {
    let mut sum = Decimal::ZERO;
    for Kind { name, data } in parts {
        let Some(value) = data.get(index) else { return Ok(None) };
        let Some(text) = json::decimal(value).map_err(|what| format!("`{}` {what}", clip(name)))? else {
            return Ok(None);
        };
        let value = Decimal::parse(&text).map_err(|e| e.to_string())?;
        sum = sum.plus(value).map_err(|e| e.to_string())?;
    }
    Ok(Some(sum))
}

fn prices(prices: &Prices, (area, covers): (&BoundaryId, Interval), sink: &mut dyn Sink) -> Result<(), Fault> {
    if prices.price.len() != prices.unix_seconds.len() {
        let (values, times) = (prices.price.len(), prices.unix_seconds.len());
        return Err(Fault::form(format!("there are {values} prices for {times} times")));
    }
    // `EUR / MWh`.
    let stated: String = prices.unit.split_whitespace().collect();
    let unit = Unit::parse(&stated).ok().filter(|unit| unit.currency.is_some());
    let unit = unit.ok_or_else(|| Fault::form(format!("prices are in `{}`", clip(&prices.unit))))?;
    let series = SeriesName::of_boundary(area, "price");
    for (index, interval) in intervals(&prices.unix_seconds, covers, sink)? {
        match json::decimal(&prices.price[index]) {
            Ok(Some(text)) => sink.put(Row::new(&series, interval, &text, unit)),
            Ok(None) => sink.unknown("Energy-Charts does not know it"),
            Err(what) => sink.reject(format!("{series}: {interval}: the price {what}")),
        }
    }
    Ok(())
}

/// The intervals that begin at the times, of those that were asked for, with their places; the times beside each tell
/// how long it is.
fn intervals(times: &[i64], covers: Interval, sink: &mut dyn Sink) -> Result<Vec<(usize, Interval)>, Fault> {
    if !times.windows(2).all(|pair| pair[0] < pair[1]) {
        return Err(Fault::form("its times do not ascend"));
    }
    let times: Vec<Instant> = times.iter().copied().map(Instant::from_seconds).collect();
    if times.iter().any(|at| !(Instant::FIRST..=Instant::LAST - HOUR_S).contains(at)) {
        return Err(Fault::form("its times are no seconds since 1970"));
    }
    let mut lengths = lengths(&times, &Steps::from_lengths(&LENGTHS_S), false);
    // Behind a hole the last time has nothing beside it that tells.
    if let [.., before, last] = lengths.as_mut_slice()
        && last != before
    {
        *last = None;
    }
    let mut found = Vec::new();
    for (index, (start, length_s)) in times.into_iter().zip(lengths).enumerate() {
        if !(covers.start..covers.end).contains(&start) {
            continue;
        }
        match length_s.filter(|length_s| start.is_on(*length_s)) {
            Some(length_s) => {
                let interval = Interval { start, end: start + length_s };
                found.extend(covers.contains(interval).then_some((index, interval)));
            }
            None => sink.reject(format!("the times beside {start} do not tell how long its interval is")),
        }
    }
    Ok(found)
}
