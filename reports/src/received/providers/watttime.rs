//! WattTime v3: the marginal emissions rate of a region (`co2_moer`) in points of five minutes, past, ahead, and as it
//! was forecast in the past.
//!
//! Both ends of a period are inclusive: the last point that is asked for begins a step before the end. Values are
//! lb/MWh; the token of a login is valid for 30 minutes. A forecast's time of issue is its `generated_at`.

use super::about::{About, Asked, Credential, Gives, Limits, Rate, Setting, settings};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::json;
use super::sink::Sink;
use crate::inputs::Quality;
use crate::received::{Refused, Row};
use crate::series::name::{GridLeaf, SeriesName};
use crate::text::clip;
use crate::time::{DAY_S, Instant, Interval};
use crate::units::Unit;
use serde::Deserialize;

/// The longest period of one call for the past.
const SPAN_S: i64 = 32 * 86_400;
const STEP_S: i64 = 300;
const LONGEST_HORIZON_H: i64 = 72;

static ABOUT: About = About {
    name: "watttime",
    title: "WattTime",
    url: Some("https://api.watttime.org"),
    docs: "https://docs.watttime.org",
    licence: "by contract with WattTime",
    zone: Asked::Needed("\"CAISO_NORTH\""),
    credential: Credential::Login { path: "/login", field: "token" },
    needs_credential: true,
    gives: &[Gives {
        leaf: "marginal_intensity",
        unit: "lb/MWh",
        resolution_s: STEP_S,
        horizon_s: LONGEST_HORIZON_H * 3_600,
    }],
    limits: Limits {
        span_s: SPAN_S,
        rates: &[Rate { requests: 10, seconds: 1 }, Rate { requests: 3_000, seconds: 300 }],
        ban_s: 300,
    },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[],
    every_s: STEP_S,
    overlap_s: 86_400,
    settings: settings! {
        []
        optional "horizon" = "24": "Hours ahead that forecasts are asked: 1 to 72, or 0 for none; 72 unless stated.";
        optional "issues" = "all":
            "`all`: a backfill asks for past forecasts too, but for those of the last two days; else `none`.";
    },
};

const SIGNAL: &str = "co2_moer";
/// As the answer states the unit.
const UNIT: &str = "lbs_co2_per_mwh";
/// Issues that are younger were taken as they were made.
const OLD_S: i64 = 2 * DAY_S;

const PAST: &str = "/v3/historical";
const AHEAD: &str = "/v3/forecast";
const ISSUES: &str = "/v3/forecast/historical";

pub struct WattTime;

#[derive(Deserialize)]
#[serde(expecting = "a list of data and its meta")]
struct Answered<T> {
    data: Vec<T>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Issue {
    generated_at: String,
    forecast: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    point_time: String,
    value: serde_json::Value,
    /// Whether the provider lacked data of its own for it.
    imputed_data_used: Option<bool>,
}

#[derive(Deserialize)]
struct Meta {
    region: Option<String>,
    signal_type: Option<String>,
    units: String,
    data_point_period_seconds: Option<i64>,
    generated_at: Option<String>,
    #[serde(default)]
    warnings: Vec<serde_json::Value>,
}

impl Feed for WattTime {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        horizon_h(wanted)?;
        asks_issues(wanted).map(|_| ())
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let horizon_h = horizon_h(&ask.wanted).map_err(Refused::new)?;
        if !ask.wanted.has_leaf("marginal_intensity") {
            return Ok(Vec::new());
        }
        let now = ask.now.floor(STEP_S);
        let (start, end) = (ask.period.start.floor(STEP_S), ask.period.end.ceil(STEP_S));
        let region = ask.wanted.zone.as_str();
        let asked = |path: &str, covers: Interval| {
            Request::new(path, covers).with("region", region).with("signal_type", SIGNAL)
        };
        let between = |request: Request, part: Interval| {
            request.with("start", part.start.to_string()).with("end", (part.end - STEP_S).to_string())
        };
        let mut requests = Vec::new();
        for part in parts(Interval { start, end: end.min(now) }, SPAN_S)? {
            requests.push(between(asked(PAST, part), part).with("include_imputed_marker", "true"));
        }
        let reach = now + horizon_h * 3_600;
        let ahead = Interval { start: start.max(now), end: end.min(reach) };
        if ahead.start < ahead.end {
            let hours = (ahead.end - now + 3_599) / 3_600;
            requests.push(asked(AHEAD, ahead).with("horizon_hours", hours.to_string()));
        }
        if asks_issues(&ask.wanted).map_err(Refused::new)? {
            for part in parts(Interval { start, end: end.min(now - OLD_S) }, DAY_S)? {
                requests.push(between(asked(ISSUES, part), part).with("horizon_hours", horizon_h.to_string()));
            }
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let series = SeriesName::grid(&ask.wanted.area, GridLeaf::MarginalIntensity);
        let (meta, count) = match request.path.as_str() {
            path @ (PAST | AHEAD) => {
                let Answered { data, meta } = json::document::<Answered<Point>>(answer.body)?;
                let reader = Reader::new(&meta, ask, &series, Some(request.covers))?;
                let issued = if path == AHEAD { Some(meta.issued()?) } else { None };
                data.iter().for_each(|point| reader.read(point, issued, sink));
                (meta, data.len())
            }
            ISSUES => {
                let Answered { data, meta } = json::document::<Answered<Issue>>(answer.body)?;
                // What it covers are times of issue: their forecasts reach beyond.
                let reader = Reader::new(&meta, ask, &series, None)?;
                for Issue { generated_at, forecast } in &data {
                    let issued = json::published(generated_at).map_err(Fault::form)?;
                    if (request.covers.start..request.covers.end).contains(&issued) {
                        forecast.iter().for_each(|point| reader.read(point, Some(issued), sink));
                    }
                }
                (meta, data.len())
            }
            _ => return Err(Fault::form(format!("`{request}` is not a request of this feed"))),
        };
        Ok(if count == 0 { Next::NoData(meta.words()) } else { Next::Done })
    }
}

/// How far ahead forecasts are asked; 0 for none.
fn horizon_h(wanted: &Wanted) -> Result<i64, String> {
    let Some(stated) = wanted.setting("horizon") else { return Ok(LONGEST_HORIZON_H) };
    let hours = stated.parse::<i64>().ok().filter(|hours| (0..=LONGEST_HORIZON_H).contains(hours));
    hours.ok_or_else(|| format!("`horizon` is `{}`, and is a number of hours from 0 to 72", clip(stated)))
}

/// Whether past forecasts are asked for.
fn asks_issues(wanted: &Wanted) -> Result<bool, String> {
    match wanted.setting("issues") {
        None | Some("none") => Ok(false),
        Some("all") => Ok(true),
        Some(other) => Err(format!("`issues` is `{}`, and may be `all` or `none`", clip(other))),
    }
}

impl Meta {
    fn issued(&self) -> Result<Instant, Fault> {
        let stated = self.generated_at.as_deref().ok_or_else(|| Fault::form("it has no `generated_at`"))?;
        json::published(stated).map_err(Fault::form)
    }

    /// What the provider says of an answer without points.
    fn words(&self) -> String {
        let said = self.warnings.iter().find_map(|warning| warning.get("message")?.as_str());
        said.unwrap_or("the list of points is empty").chars().take(120).collect()
    }
}

/// Reads the points of one answer.
struct Reader<'a> {
    series: &'a SeriesName,
    covers: Option<Interval>,
    period_s: i64,
}

impl<'a> Reader<'a> {
    /// Only answers about what was asked for are read.
    fn new(meta: &Meta, ask: &Ask, series: &'a SeriesName, covers: Option<Interval>) -> Result<Self, Fault> {
        let stated = [("region", &meta.region, ask.wanted.zone.as_str()), ("signal_type", &meta.signal_type, SIGNAL)];
        for (key, stated, asked) in stated {
            if let Some(other) = stated.as_deref().filter(|stated| *stated != asked) {
                return Err(Fault::form(format!("its `{key}` is `{}`, and `{asked}` was asked for", clip(other))));
            }
        }
        if meta.units != UNIT {
            return Err(Fault::form(format!("values are in `{}`, not in `{UNIT}`", clip(&meta.units))));
        }
        let period_s = meta.data_point_period_seconds.unwrap_or(STEP_S);
        if !(STEP_S..=3_600).contains(&period_s) || 3_600 % period_s != 0 {
            return Err(Fault::form(format!("its points are {period_s} s apart")));
        }
        Ok(Self { series, covers, period_s })
    }

    fn read(&self, point: &Point, issued: Option<Instant>, sink: &mut dyn Sink) {
        let interval = match Instant::parse(&point.point_time) {
            Ok(start) if start.is_on(self.period_s) => Interval { start, end: start + self.period_s },
            Ok(_) => {
                let (time, period_s) = (clip(&point.point_time), self.period_s);
                return sink.reject(format!("`{time}` does not begin a step of {period_s} s"));
            }
            Err(error) => return sink.reject(error.to_string()),
        };
        // Forecasts of what is over by the time they were made are none.
        let is_over = issued.is_some_and(|at| at >= interval.end);
        if is_over || self.covers.is_some_and(|covers| !covers.contains(interval)) {
            return;
        }
        let imputed = point.imputed_data_used == Some(true);
        let quality = if imputed { Quality::Estimated } else { Quality::Calculated };
        match json::decimal(&point.value) {
            Ok(Some(text)) => {
                sink.put(Row::new(self.series, interval, &text, Unit::LB_PER_MWH).quality(quality).issued(issued))
            }
            Ok(None) => sink.unknown("WattTime does not know it"),
            Err(what) => sink.reject(format!("{}: {interval}: the value {what}", self.series)),
        }
    }
}

#[cfg(test)]
mod tests;
