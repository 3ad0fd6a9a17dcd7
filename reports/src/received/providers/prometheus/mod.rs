//! Prometheus and what speaks like it (Thanos, Mimir, VictoriaMetrics): energy of meters, from their raw samples.
//!
//! A range selector at an instant, `metric[7h]`, answers with every sample and its own time, without a limit of points;
//! `query_range` gives values at the times of a step, and at most 11 000 of them. The last interval is known once there
//! is a sample after it.

mod energy;
mod settings;

use self::energy::{Energy, Sample, Says, wh};
use self::settings::{LONGEST_SPAN_S, SETTINGS, Settings};
use super::about::{ANY, About, Asked, Credential, Gives, Limits, Rate};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::json::{decimal, document};
use super::sink::Sink;
use crate::inputs::Quality;
use crate::received::{Refused, Row};
use crate::series::name::kind_of;
use crate::time::Interval;
use crate::units::{Decimal, Rounding, Unit, UnitError};
use serde::Deserialize;
use serde_json::Number;
use std::borrow::Cow;
use std::collections::BTreeMap;

static ABOUT: About = About {
    name: "prometheus",
    title: "Prometheus",
    url: None,
    docs: "https://prometheus.io/docs/prometheus/latest/querying/api/",
    licence: "your own data",
    zone: Asked::Never,
    credential: Credential::Header { name: Cow::Borrowed("authorization"), before: Cow::Borrowed("Bearer ") },
    needs_credential: false,
    gives: &[Gives { leaf: ANY, unit: "Wh", resolution_s: 0, horizon_s: 0 }],
    // Its own server has no limit; this is what it is asked at most.
    limits: Limits { span_s: LONGEST_SPAN_S, rates: &[Rate { requests: 10, seconds: 1 }], ban_s: 60 },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[400, 422],
    every_s: 900,
    overlap_s: 6 * 3_600,
    settings: SETTINGS,
};

/// Errors that pass.
const PASSING: [&str; 5] = ["timeout", "canceled", "unavailable", "internal", "too_many_requests"];

pub struct Prometheus;

#[derive(Deserialize)]
struct Said {
    status: String,
    data: Option<Data>,
    #[serde(rename = "errorType", default)]
    kind: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    kind: String,
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    values: Vec<(Number, serde_json::Value)>,
}

impl Feed for Prometheus {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn credential(&self, wanted: &Wanted) -> Credential {
        match wanted.setting("auth") {
            Some("basic") => Credential::Basic,
            _ => ABOUT.credential.clone(),
        }
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        settings::check(wanted)
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let settings = Settings::read(&ask.wanted).map_err(Refused::new)?;
        let step_s = settings.resolution.seconds();
        let end = settings.resolution.at_or_after(ask.period.end).min(ask.now.floor(step_s));
        let period = Interval { start: ask.period.start.floor(step_s), end };
        let mut requests = Vec::new();
        for selector in ask.wanted.series.iter().filter_map(|name| ask.wanted.setting(name)) {
            for part in parts(period, settings.span_s)? {
                let until = part.end + settings.gap_s;
                let request = Request::new("/api/v1/query", part).with("query", settings.query(selector, part));
                requests.push(request.with("time", until.seconds().to_string()));
            }
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let settings = Settings::read(&ask.wanted).map_err(|what| Fault::Asked(Refused::new(what)))?;
        let asks = |name: &&String| {
            let query = ask.wanted.setting(name).map(|selector| settings.query(selector, request.covers));
            query.is_some() && query.as_deref() == request.parameter("query")
        };
        let covers = request.covers;
        let whole = covers.duration_s() <= LONGEST_SPAN_S && covers.start.is_on(settings.resolution.seconds());
        let Some(series) = ask.wanted.series.iter().find(asks).filter(|_| whole) else {
            return Err(Fault::form(format!("`{request}` is not a request of this feed")));
        };
        let result = result(answer.body)?;
        if result.is_empty() {
            return Ok(Next::NoData("no series of that name has samples".into()));
        }
        let mut energy = Energy::new(covers, settings.resolution.seconds(), settings.says, settings.gap_s);
        for samples in meters(&settings, covers, result)?.values() {
            energy.add(samples);
        }
        let round = kind_of(series).map_or(Rounding::Up, |kind| kind.round);
        for (interval, known) in energy.intervals(settings.meters) {
            match known {
                Some(millijoules) => {
                    let value = wh(millijoules, round).to_string();
                    sink.put(Row::new(series, interval, &value, Unit::WH).quality(Quality::Calculated));
                }
                None => sink.unknown("a gap in the samples of a meter"),
            }
        }
        Ok(Next::Done)
    }
}

/// The series of an answer.
fn result(body: &str) -> Result<Vec<Series>, Fault> {
    let Said { status, data, kind, error, warnings } = document(body)?;
    let error: String = error.chars().take(200).collect();
    if status != "success" {
        if PASSING.contains(&kind.as_str()) {
            return Err(Fault::Later { what: format!("answered with an error: {error}"), wait_s: None });
        }
        let hint = "check the metric and its labels; where an answer is too large, shorten `span`";
        return Err(Fault::Asked(Refused::new(format!("the query is refused: {error}")).hint(hint)));
    }
    // Where one of several servers does not answer, the others' series would pass for all.
    if let Some(warning) = warnings.first() {
        let warning: String = warning.chars().take(200).collect();
        return Err(Fault::Later { what: format!("answered in part: {warning}"), wait_s: None });
    }
    match data {
        Some(Data { kind, result }) if kind == "matrix" => Ok(result),
        _ => Err(Fault::form("the answer has no matrix of samples")),
    }
}

/// Samples by meter, in the order of their times.
type Meters = BTreeMap<BTreeMap<String, String>, Vec<Sample>>;

fn meters(settings: &Settings<'_>, covers: Interval, result: Vec<Series>) -> Result<Meters, Fault> {
    let mut meters = Meters::new();
    let gap_ms = settings.gap_s * 1_000;
    let near = covers.start.seconds() * 1_000 - gap_ms..=covers.end.seconds() * 1_000 + gap_ms;
    for Series { mut metric, values } in result {
        if let Some(label) = settings.by.iter().find(|label| !metric.contains_key(**label)) {
            return Err(Fault::Asked(Refused::new(format!("a series has no label `{label}`, which `by` names"))));
        }
        if !settings.by.is_empty() {
            metric.retain(|label, _| settings.by.contains(&label.as_str()));
        }
        let samples = meters.entry(metric).or_default();
        for (at, value) in values {
            samples.extend(sample(settings, &at, &value)?.filter(|sample| near.contains(&sample.at_ms)));
        }
    }
    for samples in meters.values_mut() {
        samples.sort_unstable();
        samples.dedup();
        if samples.windows(2).any(|two| two[0].at_ms == two[1].at_ms) {
            let what = "a meter has two values at one time";
            let hint = "name the labels that tell meters apart in `by`, and select one scrape of each";
            return Err(Fault::Asked(Refused::new(what).hint(hint)));
        }
    }
    Ok(meters)
}

/// A sample; none of what is not known: NaN, infinity, a counter below zero, what is too large to be energy.
fn sample(settings: &Settings<'_>, at: &Number, value: &serde_json::Value) -> Result<Option<Sample>, Fault> {
    let scaled = |text: &str, by: i128| Decimal::parse(text).and_then(|it| it.scaled(by, 1, Rounding::Nearest));
    let at_ms = scaled(&at.to_string(), 1_000).map_err(|_| Fault::form(format!("`{at}` is not a time")))?;
    let text = decimal(value).map_err(|what| Fault::form(format!("the value at {at} {what}")))?;
    let Some(text) = text.filter(|text| !text.trim_start_matches(['+', '-']).eq_ignore_ascii_case("inf")) else {
        return Ok(None);
    };
    match scaled(&text, settings.milli) {
        Ok(value) if settings.says == Says::Counter && value < 0 => Ok(None),
        Ok(value) => Ok(Some(Sample { at_ms, value })),
        Err(UnitError::OutOfRange(_)) => Ok(None),
        Err(error) => Err(Fault::form(format!("the value at {at}: {error}"))),
    }
}

#[cfg(test)]
mod tests;
