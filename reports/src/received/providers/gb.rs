//! GB Carbon Intensity (NESO): national intensity and generation mix in half-hours, no key.
//!
//! Both are averages of what is used. `actual` is null ahead of time and for the last one or two half-hours. The service
//! keeps no history of its forecasts and states no time of issue, so the time of the answer is theirs.

use super::about::{About, Asked, Credential, Gives, Limits, Rate};
use super::answer::{Answer, Fault, Next};
use super::ask::{Ask, Request, parts};
use super::feed::Feed;
use super::sink::{AsRows, Sink};
use crate::received::{Refused, gb};
use crate::time::{DAY_S, HALF_HOUR_S, Interval};

const HORIZON_S: i64 = 2 * DAY_S;
const LONGEST_CALL_S: i64 = 14 * DAY_S;

static ABOUT: About = About {
    name: "gb",
    title: "GB Carbon Intensity",
    url: Some("https://api.carbonintensity.org.uk"),
    docs: "https://carbon-intensity.github.io/api-definitions/",
    licence: "CC BY 4.0, National Energy System Operator",
    zone: Asked::Never,
    credential: Credential::None,
    needs_credential: false,
    gives: &[
        Gives { leaf: "carbon_intensity", unit: "g/kWh", resolution_s: HALF_HOUR_S, horizon_s: HORIZON_S },
        Gives { leaf: "cfe_share", unit: "percent", resolution_s: HALF_HOUR_S, horizon_s: 0 },
    ],
    // It publishes no limit; this is what it is asked at most.
    limits: Limits { span_s: LONGEST_CALL_S, rates: &[Rate { requests: 10, seconds: 1 }], ban_s: 60 },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[],
    every_s: HALF_HOUR_S,
    overlap_s: DAY_S,
    settings: &[],
};

pub struct Gb;

const INTENSITY: &str = "/intensity/";
const GENERATION: &str = "/generation/";

impl Feed for Gb {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let last = (ask.now + HORIZON_S).ceil(HALF_HOUR_S);
        let period = Interval { start: ask.period.start.floor(HALF_HOUR_S), end: ask.period.end.ceil(HALF_HOUR_S) };
        let mut requests = Vec::new();
        // Of the mix there is no forecast.
        let kinds = [("carbon_intensity", INTENSITY, last), ("cfe_share", GENERATION, ask.now.ceil(HALF_HOUR_S))];
        for (_, path, most) in kinds.into_iter().filter(|(leaf, ..)| ask.wanted.has_leaf(leaf)) {
            for part in parts(Interval { end: period.end.min(most), ..period }, LONGEST_CALL_S)? {
                // As the service takes times: `2018-01-20T12:00Z`.
                requests.push(Request::new(format!("{path}{:.16}Z/{:.16}Z", part.start, part.end), part));
            }
        }
        Ok(requests)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let (area, period) = (&ask.wanted.area, request.covers);
        let (body, mut rows) = (answer.body, AsRows { covers: period, sink });
        let parsed = match &request.path {
            path if path.starts_with(INTENSITY) => gb::parse_intensity(body, area, period, answer.fetched, &mut rows),
            path if path.starts_with(GENERATION) => gb::parse_generation(body, area, period, &mut rows),
            _ => return Err(Fault::form(format!("`{request}` is not a request of this feed"))),
        };
        parsed.map(|()| Next::Done).map_err(Fault::Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::providers::ask::Wanted;
    use crate::time::Instant;

    fn question(from: &str, to: &str, now: &str) -> Ask {
        let at = |text: &str| Instant::parse(text).expect("time");
        let series = ["grid/A/carbon_intensity", "grid/A/cfe_share"].map(String::from).to_vec();
        let wanted = Wanted { area: "A".into(), series, ..Wanted::default() };
        Ask { wanted, period: Interval { start: at(from), end: at(to) }, now: at(now) }
    }

    #[test]
    fn forecasts_are_asked_two_days_ahead_and_the_mix_until_now() {
        let ask = question("2026-01-20T12:10:00Z", "2026-02-01T00:00:00Z", "2026-01-20T13:10:00Z");
        let lines: Vec<String> = Gb.requests(&ask).expect("asked").iter().map(ToString::to_string).collect();
        let wanted = [
            "GET /intensity/2026-01-20T12:00Z/2026-01-22T13:30Z",
            "GET /generation/2026-01-20T12:00Z/2026-01-20T13:30Z",
        ];
        assert_eq!(lines, wanted);
        let long = question("1970-01-01T00:00:00Z", "1970-01-29T00:30:00Z", "2026-01-20T13:10:00Z");
        let lines: Vec<String> = Gb.requests(&long).expect("asked").iter().map(ToString::to_string).collect();
        assert_eq!(lines.iter().filter(|line| line.starts_with("GET /intensity/")).count(), 3, "at most 14 days each");
        assert_eq!(lines[0], "GET /intensity/1970-01-01T00:00Z/1970-01-15T00:00Z");
        let past = question("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-01-20T13:10:00Z");
        assert_eq!(Gb.requests(&past), Ok(Vec::new()), "farther than it forecasts");
    }
}
