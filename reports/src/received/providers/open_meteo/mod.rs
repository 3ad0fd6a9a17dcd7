//! Open-Meteo: outside temperature, hour by hour, from weather models; for `pue_by_temperature`, never audited.
//!
//! Two kinds, for they are two addresses: the forecast, which goes back 92 days as well, and the archive, which is some
//! days behind. A temperature is that of the hour's start and stands for the hour that begins there. Neither states when
//! it was made, so a forecast is issued when it is answered.

use super::about::{ANY, About, Asked, Credential, EACH, Gives, Limits, Rate, Setting, settings};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::json::{decimal, document};
use super::sink::Sink;
use crate::inputs::Quality;
use crate::received::{Refused, Row};
use crate::series::name::{Group, SiteLeaf, parts as parts_of};
use crate::text::clip;
use crate::time::{DAY_S, HOUR_S, Instant, Interval};
use crate::units::{Decimal, Rounding, Unit};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the forecast keeps of the past.
const KEPT_S: i64 = 92 * DAY_S;
/// Today and the fifteen days after it.
const AHEAD_S: i64 = 16 * DAY_S;
/// Two weeks of one variable count as one request.
const SPAN_S: i64 = 14 * DAY_S;

const FORECAST_GIVES: Gives = Gives { leaf: ANY, unit: "C", resolution_s: HOUR_S, horizon_s: 15 * DAY_S };
const ARCHIVE_GIVES: Gives = Gives { horizon_s: 0, ..FORECAST_GIVES };

static FORECAST: About =
    about(("open-meteo", "Open-Meteo forecast", "https://api.open-meteo.com"), &[FORECAST_GIVES], HOUR_S, DAY_S);
static ARCHIVE: About = about(
    ("open-meteo-archive", "Open-Meteo archive", "https://archive-api.open-meteo.com"),
    &[ARCHIVE_GIVES],
    DAY_S,
    10 * DAY_S,
);

const fn about(
    (name, title, url): (&'static str, &'static str, &'static str),
    gives: &'static [Gives],
    every_s: i64,
    overlap_s: i64,
) -> About {
    About {
        name,
        title,
        url: Some(url),
        docs: "https://open-meteo.com/en/docs",
        licence: "CC BY 4.0, Open-Meteo; without a key for non-commercial use",
        zone: Asked::Never,
        credential: Credential::Query { name: Cow::Borrowed("apikey") },
        needs_credential: false,
        gives,
        limits: Limits {
            span_s: SPAN_S,
            rates: &[
                Rate { requests: 600, seconds: 60 },
                Rate { requests: 5_000, seconds: 3_600 },
                Rate { requests: 10_000, seconds: 86_400 },
            ],
            ban_s: 60,
        },
        accept: "application/json",
        types: &["application/json"],
        statuses: &[400],
        every_s,
        overlap_s,
        settings: settings! {
            [needed "\"site/ashburn/temperature\" = \"39.04,-77.49\"":
                "latitude and longitude of each site, in degrees"]
        },
    }
}

/// One of the two.
#[derive(Debug)]
pub struct OpenMeteo {
    is_archive: bool,
}

impl OpenMeteo {
    pub const FORECAST: Self = Self { is_archive: false };
    pub const ARCHIVE: Self = Self { is_archive: true };
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    error: bool,
    #[serde(default)]
    reason: String,
    utc_offset_seconds: Option<i64>,
    hourly_units: Option<Units>,
    hourly: Option<Hourly>,
}

#[derive(Deserialize)]
struct Units {
    temperature_2m: String,
}

#[derive(Deserialize)]
struct Hourly {
    time: Vec<serde_json::Value>,
    temperature_2m: Vec<serde_json::Value>,
}

impl Feed for OpenMeteo {
    fn about(&self) -> &'static About {
        if self.is_archive { &ARCHIVE } else { &FORECAST }
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        for series in &wanted.series {
            let temperature =
                |(group, _, leaf): (Group, &str, &str)| group == Group::Site && leaf == SiteLeaf::Temperature.name();
            if !parts_of(series).is_some_and(temperature) {
                return Err(format!("{series} is not a temperature of a site, such as site/ashburn/temperature"));
            }
            wanted.setting(series).map_or(Ok(()), |text| coordinates(text).map(|_| ()))?;
        }
        Ok(())
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let today = ask.now.floor(DAY_S);
        let last = if self.is_archive { today } else { today + AHEAD_S };
        let end = ask.period.end.ceil(DAY_S).min(last);
        let period = Interval { start: ask.period.start.floor(DAY_S), end };
        if !self.is_archive && period.start < today - KEPT_S {
            return Err(Refused::new(format!("the forecast goes back to {}", today - KEPT_S))
                .hint("fetch what is older with a source of kind = \"open-meteo-archive\""));
        }
        let path = if self.is_archive { "/v1/archive" } else { "/v1/forecast" };
        let told = ask.wanted.series.iter().filter_map(|name| ask.wanted.setting(name));
        let places = told.map(coordinates).collect::<Result<BTreeSet<_>, String>>().map_err(Refused::new)?;
        let mut requests = Vec::new();
        for (latitude, longitude) in places {
            for part in parts(period, SPAN_S)? {
                let request = Request::new(path, part)
                    .with("latitude", latitude)
                    .with("longitude", longitude)
                    .with("hourly", "temperature_2m")
                    .with("timezone", "UTC")
                    .with("timeformat", "unixtime")
                    .with("start_date", format!("{:.10}", part.start))
                    .with("end_date", format!("{:.10}", part.end - DAY_S));
                requests.push(request);
            }
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let place = request.parameter("latitude").zip(request.parameter("longitude"));
        let is_there = |name: &&String| {
            let told = ask.wanted.setting(name).and_then(|text| coordinates(text).ok());
            told.is_some() && told == place
        };
        let series: Vec<&String> = ask.wanted.series.iter().filter(is_there).collect();
        if series.is_empty() {
            return Err(Fault::form(format!("`{request}` is not a request of this feed")));
        }
        let Hourly { time, temperature_2m } = hourly(answer.body)?;
        for (time, value) in time.iter().zip(&temperature_2m) {
            let interval = match hour(time) {
                Ok(interval) if request.covers.contains(interval) => interval,
                Ok(_) => continue,
                Err(reason) => {
                    sink.reject(reason);
                    continue;
                }
            };
            match decimal(value) {
                Ok(Some(text)) => {
                    for name in &series {
                        let issued = Some(answer.fetched).filter(|at| *at < interval.end);
                        let value = Row::new(name, interval, &text, Unit::CELSIUS).quality(Quality::Estimated);
                        sink.put(value.issued(issued));
                    }
                }
                Ok(None) => sink.unknown("null"),
                Err(what) => sink.reject(format!("the temperature of {interval} {what}")),
            }
        }
        Ok(Next::Done)
    }
}

/// The hours of an answer, in UTC and degrees Celsius.
fn hourly(body: &str) -> Result<Hourly, Fault> {
    let Said { error, reason, utc_offset_seconds, hourly_units, hourly } = document(body)?;
    if error {
        let what: String = reason.chars().take(200).collect();
        return Err(match what.contains("limit exceeded") {
            true => Fault::Later { what, wait_s: None },
            false => Fault::Asked(Refused::new(format!("the request is refused: {what}"))),
        });
    }
    let (Some(0), Some(units), Some(hourly)) = (utc_offset_seconds, hourly_units, hourly) else {
        return Err(Fault::form("the answer has no hours, or others than in UTC"));
    };
    if units.temperature_2m != "°C" {
        return Err(Fault::form(format!("temperatures are in `{}`, not in °C", clip(&units.temperature_2m))));
    }
    if hourly.time.len() != hourly.temperature_2m.len() {
        return Err(Fault::form("the answer has not as many temperatures as hours"));
    }
    Ok(hourly)
}

/// The hour that begins at a time, in seconds since 1970 or as `2026-01-20T07:00`.
fn hour(time: &serde_json::Value) -> Result<Interval, String> {
    let start = match time.as_str() {
        Some(text) => Instant::parse_minute(&format!("{text}Z")).ok(),
        None => time.as_i64().map(Instant::from_seconds),
    };
    // Years are checked with the interval.
    let hour = start.filter(|start| start.is_on(HOUR_S)).map(|start| Interval { start, end: start + HOUR_S });
    hour.filter(|hour| hour.duration_s() == HOUR_S)
        .ok_or_else(|| format!("`{}` is not the start of an hour", clip(&time.to_string())))
}

/// Latitude and longitude as they were written, both in their range.
fn coordinates(text: &str) -> Result<(&str, &str), String> {
    let within = |text: &str, most: i64| {
        let degrees = Decimal::parse(text).and_then(|it| it.scaled(1_000_000, 1, Rounding::Nearest));
        degrees.is_ok_and(|degrees| (-most * 1_000_000..=most * 1_000_000).contains(&degrees))
    };
    let pair = text.split_once(',').map(|(latitude, longitude)| (latitude.trim(), longitude.trim()));
    pair.filter(|(latitude, longitude)| within(latitude, 90) && within(longitude, 180))
        .ok_or_else(|| format!("`{}` is not a latitude and longitude such as 39.04,-77.49", clip(text)))
}

#[cfg(test)]
mod tests;
