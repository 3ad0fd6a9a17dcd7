//! Electricity Maps v3: intensity and carbon-free share of what is used in a zone, generation by fuel, day-ahead
//! prices.
//!
//! Intensity and share are flow-traced: they count imports, and so are on a consumption basis. Values are estimates at
//! first and revised for days. Forecasts state when they were made (`updatedAt`). Prices ahead mix published ones with
//! the provider's own forecast, so all of them are taken as forecasts until they are past. What storage gives back is
//! no generation.

mod document;
#[cfg(test)]
mod tests;

use super::about::{About, Asked, Credential, FUEL, Gives, Limits, Rate, Setting, settings};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, Wanted, parts};
use super::feed::Feed;
use super::json;
use super::sink::Sink;
use crate::inputs::Quality;
use crate::received::{Refused, Row};
use crate::series::name::SeriesName;
use crate::text::clip;
use crate::time::{HOUR_S, Instant, Interval};
use crate::units::Unit;
use document::{Document, Fields, Hours};
use std::borrow::Cow;

/// The longest range of hours in one call.
const SPAN_S: i64 = 10 * 86_400;
const HORIZON_S: i64 = 72 * HOUR_S;

/// What settings may say; without one, the first holds.
static CHOICES: [(&str, &[&str]); 4] = [
    ("horizon", &["24", "0", "6", "48", "72"]),
    ("past", &["past-range", "history", "latest"]),
    ("factors", &["lifecycle", "direct"]),
    ("mix", &["power-breakdown", "electricity-mix"]),
];

static ABOUT: About = About {
    name: "electricity-maps",
    title: "Electricity Maps",
    url: Some("https://api.electricitymaps.com"),
    docs: "https://app.electricitymaps.com/developer-hub/api/reference",
    licence: "by contract with Electricity Maps, which is to be named",
    zone: Asked::Needed("\"DE\""),
    credential: Credential::Header { name: Cow::Borrowed("auth-token"), before: Cow::Borrowed("") },
    needs_credential: true,
    gives: &[
        Gives { leaf: "carbon_intensity", unit: "g/kWh", resolution_s: HOUR_S, horizon_s: HORIZON_S },
        Gives { leaf: "cfe_share", unit: "percent", resolution_s: HOUR_S, horizon_s: HORIZON_S },
        Gives { leaf: "price", unit: "currency/MWh", resolution_s: HOUR_S, horizon_s: HORIZON_S },
        Gives { leaf: FUEL, unit: "MW", resolution_s: HOUR_S, horizon_s: 0 },
    ],
    // Plans differ in how often they may ask, and none is published for all; this is what it is asked at most.
    limits: Limits {
        span_s: SPAN_S,
        rates: &[Rate { requests: 10, seconds: 1 }, Rate { requests: 100, seconds: 60 }],
        ban_s: 3_600,
    },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[404],
    every_s: HOUR_S,
    // Estimates are replaced by measured values for days.
    overlap_s: 3 * 86_400,
    settings: settings! {
        []
        optional "horizon" = "72": "Hours of forecast that the plan has: 0, 6, 24, 48 or 72; 24 unless stated.";
        optional "past" = "history":
            "The call for the past: `past-range`, or for plans without it `history` (24 h) or `latest`.";
        optional "factors" = "direct": "Emission factors of the intensity: `lifecycle` unless stated, or `direct`.";
        optional "mix" = "electricity-mix":
            "The call for generation by fuel: `power-breakdown` unless stated, or `electricity-mix`.";
    },
};

pub struct ElectricityMaps;

/// One kind of call.
struct Call {
    leaf: &'static str,
    path: &'static str,
    /// Where an hour has its value.
    keys: &'static [&'static str],
    has_forecast: bool,
}

const fn call(leaf: &'static str, path: &'static str, keys: &'static [&'static str], has_forecast: bool) -> Call {
    Call { leaf, path, keys, has_forecast }
}

static CALLS: [Call; 5] = [
    call("carbon_intensity", "/v3/carbon-intensity/", &["carbonIntensity", "value"], true),
    call("cfe_share", "/v3/carbon-free-energy/", &["value"], true),
    call("price", "/v3/price-day-ahead/", &["value"], true),
    call(FUEL, "/v3/power-breakdown/", &["powerProductionBreakdown"], false),
    call(FUEL, "/v3/electricity-mix/", &["mix"], false),
];

const FORECAST: &str = "forecast";
/// What `horizonHours` may be.
const HORIZONS_H: [i64; 4] = [6, 24, 48, 72];

/// What the provider calls fuels; `unknown` is `other` here.
const FUELS: &str = "biomass coal gas geothermal hydro nuclear oil solar unknown wind";
/// Words in the names of what is no generation: storage either way, and flows between zones.
const NO_GENERATION: [&str; 3] = ["charge", "storage", "flows"];

impl Feed for ElectricityMaps {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        for (name, choices) in &CHOICES {
            if let Some(stated) = wanted.setting(name).filter(|stated| !choices.contains(stated)) {
                return Err(format!("`{name}` is `{}`, and may be one of {}", clip(stated), choices.join(" ")));
            }
        }
        Ok(())
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let now = ask.now.floor(HOUR_S);
        let period = Interval { start: ask.period.start.floor(HOUR_S), end: ask.period.end.ceil(HOUR_S) };
        let ahead_h = ahead_h(ask);
        let mut requests = Vec::new();
        for call in CALLS.iter().filter(|call| call.is_wanted(&ask.wanted)) {
            let ahead_h = ahead_h.filter(|_| call.has_forecast);
            // The hour that runs is the forecast's, where there is one.
            let seam = if ahead_h.is_some() { now } else { ask.now.ceil(HOUR_S) };
            requests.extend(call.past(ask, Interval { end: period.end.min(seam), ..period })?);
            // From the hour that runs to the horizon there is one hour more than it has.
            let reach = ahead_h.map_or(now, |hours| now + (hours + 1) * HOUR_S);
            let covers = Interval { start: period.start.max(now), end: period.end.min(reach) };
            if let Some(hours) = ahead_h.filter(|_| covers.start < covers.end) {
                requests.push(call.request(FORECAST, ask, covers).with("horizonHours", hours.to_string()));
            }
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let named = CALLS.iter().find_map(|call| Some((call, request.path.strip_prefix(call.path)?)));
        let (call, which) = named.ok_or_else(|| Fault::form(format!("`{request}` is not a request of this feed")))?;
        let hours = match document::read(answer.body, answer.status, &ask.wanted.zone)? {
            Document::Hours(hours) => hours,
            Document::NoData(words) => return Ok(Next::NoData(words)),
        };
        let mut asked = vec![("zone", ask.wanted.zone.as_str())];
        let others = ["temporalGranularity", "emissionFactorType"].into_iter();
        asked.extend(others.filter_map(|key| Some((key, request.parameter(key)?))));
        hours.is_of(&asked)?;
        let reader = Reader { ask, request, answer, hours: &hours, call, is_forecast: which == FORECAST };
        for hour in &hours.list {
            reader.read(hour, sink)?;
        }
        Ok(if hours.list.is_empty() { Next::NoData("the list of hours is empty".into()) } else { Next::Done })
    }
}

/// What a setting says.
fn setting<'w>(wanted: &'w Wanted, name: &str) -> &'w str {
    let choices = CHOICES.iter().find(|(known, _)| *known == name);
    let first = choices.and_then(|(_, choices)| choices.first().copied());
    wanted.setting(name).or(first).unwrap_or_default()
}

/// How far ahead to ask: the shortest horizon that reaches the end of the period, of those that the source may ask.
fn ahead_h(ask: &Ask) -> Option<i64> {
    let most_h: i64 = setting(&ask.wanted, "horizon").parse().unwrap_or(0);
    let needed_s = ask.period.end - ask.now.floor(HOUR_S);
    if needed_s <= 0 {
        return None;
    }
    let may: Vec<i64> = HORIZONS_H.into_iter().filter(|hours| *hours <= most_h).collect();
    may.iter().find(|hours| (**hours + 1) * HOUR_S >= needed_s).or(may.last()).copied()
}

impl Call {
    fn is_wanted(&self, wanted: &Wanted) -> bool {
        match self.leaf {
            FUEL => wanted.has_fuel() && self.path.contains(setting(wanted, "mix")),
            leaf => wanted.has_leaf(leaf),
        }
    }

    fn request(&self, which: &str, ask: &Ask, covers: Interval) -> Request {
        let request = Request::new(format!("{}{which}", self.path), covers)
            .with("zone", ask.wanted.zone.as_str())
            .with("temporalGranularity", "hourly");
        match self.path {
            "/v3/carbon-intensity/" => request.with("emissionFactorType", setting(&ask.wanted, "factors")),
            // What is generated in the zone, not what is used there.
            "/v3/electricity-mix/" => request.with("flowTraced", "false"),
            _ => request,
        }
    }

    fn past(&self, ask: &Ask, period: Interval) -> Result<Vec<Request>, Refused> {
        let which = setting(&ask.wanted, "past");
        // Beside ranges there are calls for the last day and for the last hour, however that began.
        let back_s = match which {
            "history" => 25 * HOUR_S,
            "latest" => 2 * HOUR_S,
            _ => {
                let ranges = parts(period, SPAN_S)?.into_iter().map(|part| {
                    let [start, end] = [part.start, part.end].map(|at| at.to_string());
                    self.request(which, ask, part).with("start", start).with("end", end)
                });
                return Ok(ranges.collect());
            }
        };
        let start = period.start.max(ask.now.ceil(HOUR_S) - back_s);
        let covers = Interval { start, ..period };
        Ok(if start < period.end { vec![self.request(which, ask, covers)] } else { Vec::new() })
    }
}

/// Reads the hours of one answer.
struct Reader<'a> {
    ask: &'a Ask,
    request: &'a Request,
    answer: &'a Answer<'a>,
    hours: &'a Hours,
    call: &'a Call,
    is_forecast: bool,
}

impl Reader<'_> {
    fn read(&self, hour: &Fields, sink: &mut dyn Sink) -> Result<(), Fault> {
        let keys = self.call.keys;
        let Some(stated) = keys.iter().find_map(|key| hour.get(*key)) else {
            return Err(Fault::form(format!("an hour has no `{}`", keys.join("` or `"))));
        };
        let (interval, issued) = match self.hours.interval(hour).and_then(|at| Ok((at, self.issued(hour, at)?))) {
            Ok(times) => times,
            Err(reason) => {
                sink.reject(reason);
                return Ok(());
            }
        };
        // Forecasts of what is over by the time they were made are none.
        if !self.request.covers.contains(interval) || issued.is_some_and(|at| at >= interval.end) {
            return Ok(());
        }
        let unit = unit(self.call.leaf, self.hours.text(hour, "unit"))?;
        let blank = Row::new("", interval, "", unit).quality(self.quality(hour)).issued(issued);
        match stated {
            _ if self.call.leaf != FUEL => self.put(blank, self.call.leaf, stated, sink),
            serde_json::Value::Object(mix) => self.mix(blank, mix, sink),
            serde_json::Value::Null => sink.unknown("Electricity Maps knows no generation"),
            _ => sink.reject(format!("{interval}: the mix is not a table of fuels")),
        }
        Ok(())
    }

    /// A value of an hour, all of which is known but its series and what is stated.
    fn put(&self, blank: Row<'_>, leaf: &str, stated: &serde_json::Value, sink: &mut dyn Sink) {
        let series = SeriesName::of_boundary(&self.ask.wanted.area, leaf);
        match json::decimal(stated) {
            Ok(Some(text)) => sink.put(Row { series: &series, value: &text, ..blank }),
            Ok(None) => sink.unknown("Electricity Maps does not know it"),
            Err(what) => sink.reject(format!("{series}: {}: the value {what}", blank.interval)),
        }
    }

    /// Fuels in one order, then what nobody knows.
    fn mix(&self, blank: Row<'_>, mix: &Fields, sink: &mut dyn Sink) {
        for name in FUELS.split(' ') {
            if let Some(stated) = mix.get(name) {
                self.put(blank, if name == "unknown" { "other" } else { name }, stated, sink);
            }
        }
        let known = |name: &str| {
            FUELS.split(' ').any(|fuel| fuel == name) || NO_GENERATION.iter().any(|word| name.contains(word))
        };
        let mut others: Vec<&str> = mix.keys().map(String::as_str).filter(|name| !known(name)).collect();
        others.sort_unstable();
        for name in others {
            sink.reject(format!("`{}` is not a known fuel of Electricity Maps", clip(name)));
        }
    }

    /// When a value was published that is a forecast: because it was asked for as one, or because its hour is not
    /// over. A price of the hour that runs is a fact.
    fn issued(&self, hour: &Fields, interval: Interval) -> Result<Option<Instant>, String> {
        let runs = interval.end > self.answer.fetched && self.call.leaf != "price";
        if !self.is_forecast && !runs {
            return Ok(None);
        }
        let published = self.hours.published(hour)?;
        Ok(Some(published.unwrap_or(self.answer.published.unwrap_or(self.answer.fetched))))
    }

    fn quality(&self, hour: &Fields) -> Quality {
        match self.call.leaf {
            _ if self.hours.is_estimated(hour) => Quality::Estimated,
            "carbon_intensity" | "cfe_share" => Quality::Calculated,
            _ => Quality::Measured,
        }
    }
}

/// The unit of values, which prices must state.
fn unit(leaf: &str, stated: Option<&str>) -> Result<Unit, Fault> {
    let stated: Option<String> = stated.map(|unit| unit.split_whitespace().collect());
    let name = match (leaf, stated.as_deref()) {
        ("carbon_intensity", None) => "g/kWh",
        ("carbon_intensity", Some(unit)) if unit.starts_with("gCO") && unit.ends_with("/kWh") => "g/kWh",
        ("cfe_share", None | Some("%")) => "percent",
        (FUEL, None | Some("MW")) => "MW",
        ("price", Some(unit)) if Unit::parse(unit).is_ok_and(|unit| unit.currency.is_some()) => unit,
        (_, None) => return Err(Fault::form("prices have no unit")),
        (_, Some(unit)) => return Err(Fault::form(format!("values are in `{}`", clip(unit)))),
    };
    Unit::parse(name).map_err(|e| Fault::form(e.to_string()))
}
