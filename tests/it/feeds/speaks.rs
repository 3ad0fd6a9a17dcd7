//! Providers as their documentation has them, for any period and as of an instant: what a store that follows them is to
//! hold is known beforehand.

use super::cases::is_sent;
use super::gb::{Gb, steps};
use super::server::{Asked, Reply, json, reply};
use reports::received::providers::about::About;
use reports::received::providers::named;
use reports::time::Instant;
use reqwest::Url;

const HOUR: i64 = 3_600;
const EIC: &str = "10Y1001A1001A82H";
/// Counters began at 0 then: 1 January 2026.
const COUNTED_FROM: Instant = Instant::from_seconds(1_767_225_600);
/// They are scraped every five minutes, which is no gap.
const SCRAPE_S: i64 = 300;

/// What is true as of an instant.
#[derive(Debug, Clone, Copy)]
pub struct Says {
    pub now: Instant,
    /// How much more than at first the intervals since then are said to be: 0 before the provider looked again.
    pub more: i64,
    pub since: Instant,
}

/// A provider that tests follow. In its texts `#` is the number of a source.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// Of `[source.<name>]`, beside `kind` and `url`.
    pub source: &'static str,
    pub series: &'static str,
    pub step_s: i64,
    /// A value in the unit of the store.
    pub stored: fn(i64) -> i64,
    answer: fn(Says, &Asked) -> Reply,
}

pub static KINDS: [Kind; 7] = [
    Kind {
        name: "gb",
        source: "area = \"B#\"\nseries = [\"carbon_intensity\"]",
        series: "grid/B#/carbon_intensity",
        step_s: 1_800,
        stored: |grams| grams * 1_000,
        answer: |says, asked| Gb { now: says.now, revised: says.more }.answer(asked),
    },
    Kind {
        name: "electricity-maps",
        source: "zone = \"DE\"\narea = \"B#\"\nseries = [\"carbon_intensity\"]\nsettings = { horizon = \"6\" }",
        series: "grid/B#/carbon_intensity",
        step_s: HOUR,
        stored: |grams| grams * 1_000,
        answer: electricity_maps,
    },
    Kind {
        name: "watttime",
        source: "zone = \"CAISO_NORTH\"\narea = \"B#\"\nsettings = { horizon = \"1\" }",
        series: "grid/B#/marginal_intensity",
        step_s: 300,
        // 453.59237 mg/kWh are a lb/MWh, rounded up.
        stored: |pounds| (pounds * 45_359_237 + 99_999) / 100_000,
        answer: watttime,
    },
    Kind {
        name: "entsoe",
        source: "zone = \"10Y1001A1001A82H\"\narea = \"B#\"\nseries = [\"demand\"]",
        series: "grid/B#/demand",
        step_s: 900,
        // MW over a quarter of an hour.
        stored: |megawatts| megawatts * 250_000,
        answer: entsoe,
    },
    Kind {
        name: "open-meteo",
        source: "series = [\"site/S#/temperature\"]\nsettings = { \"site/S#/temperature\" = \"39.04,-77.49\" }",
        series: "site/S#/temperature",
        step_s: HOUR,
        // Tenths of a degree.
        stored: |tenths| tenths * 100,
        answer: open_meteo,
    },
    Kind {
        name: "prometheus",
        source: "series = [\"site/S#/load\"]\nsettings = { unit = \"J\", \"site/S#/load\" = \"joules_total\" }",
        series: "site/S#/load",
        step_s: HOUR,
        stored: |wh| wh,
        answer: prometheus,
    },
    Kind {
        name: "json",
        source: "series = [\"site/S#/import\"]\n[source.\"F#\".settings]\npath = \"/readings\"\n\
                 query = \"from={from}&to={to}\"\nlist = \"/data\"\nstart = \"/time\"\nstep = \"1h\"\nunit = \"kWh\"\n\
                 \"site/S#/import\" = \"/value\"",
        series: "site/S#/import",
        step_s: HOUR,
        stored: |kwh| kwh * 1_000,
        answer: list,
    },
];

impl Kind {
    pub fn about(&self) -> &'static About {
        named(self.name).expect("a feed").about()
    }

    /// To whoever has the credential.
    pub fn answer(&self, says: Says, asked: &Asked) -> Reply {
        let about = self.about();
        match about.needs_credential && !is_sent(&about.credential, asked) {
            true => reply(401, "application/json", "{}"),
            false => (self.answer)(says, asked),
        }
    }

    /// `[source.F<number>]`.
    pub fn table(&self, number: usize, (url, every_s): (&str, i64)) -> String {
        let token = if self.about().needs_credential { "token_file = \"token\"\n" } else { "" };
        let head = format!(
            "[source.F#]\nkind = \"{}\"\nurl = \"{url}\"\nevery = \"{every_s}s\"\n{token}{}\n",
            self.name, self.source
        );
        head.replace('#', &number.to_string())
    }
}

impl Says {
    /// Of the interval that begins then.
    pub fn value(self, start: Instant, step_s: i64) -> i64 {
        let more = if start >= self.since { self.more } else { 0 };
        100 + start.seconds().div_euclid(step_s).rem_euclid(97) + more
    }

    /// As it was before it was looked at again: forecasts stay as they were issued.
    fn forecast(self, start: Instant, step_s: i64) -> i64 {
        Self { more: 5, since: Instant::from_seconds(i64::MIN), ..self }.value(start, step_s)
    }

    /// Starts of the intervals of a period that are over.
    fn over(self, (from, to): (Instant, Instant), step_s: i64) -> impl Iterator<Item = Instant> {
        steps(from.ceil(step_s), to.min(self.now - step_s + 1), step_s)
    }
}

/// A parameter of the query, decoded.
fn parameter(asked: &Asked, name: &str) -> String {
    let url = Url::parse(&format!("http://host/?{}", asked.query)).expect("a query");
    let value = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    value.unwrap_or_else(|| panic!("{} has no {name}", asked.query))
}

fn instant(asked: &Asked, name: &str) -> Instant {
    Instant::parse(&parameter(asked, name)).expect("a time")
}

fn electricity_maps(says: Says, asked: &Asked) -> Reply {
    let hour = |at: Instant, value: i64| {
        format!(r#"{{"zone":"DE","carbonIntensity":{value},"datetime":"{at}","isEstimated":false}}"#)
    };
    let (list, hours): (&str, Vec<String>) = match asked.path.as_str() {
        "/v3/carbon-intensity/past-range" => {
            let period = (instant(asked, "start"), instant(asked, "end"));
            ("data", says.over(period, HOUR).map(|at| hour(at, says.value(at, HOUR))).collect())
        }
        "/v3/carbon-intensity/forecast" => {
            let ahead: i64 = parameter(asked, "horizonHours").parse().expect("hours");
            let first = says.now.floor(HOUR);
            let hours = (0..=ahead).map(|later| first + later * HOUR);
            ("forecast", hours.map(|at| hour(at, says.forecast(at, HOUR))).collect())
        }
        _ => return reply(404, "application/json", "{}"),
    };
    let updated = says.now.floor(300);
    json(format!(r#"{{"zone":"DE","updatedAt":"{updated}","{list}":[{}]}}"#, hours.join(",")))
}

fn watttime(says: Says, asked: &Asked) -> Reply {
    const STEP: i64 = 300;
    let point = |at: Instant, value: i64| format!(r#"{{"point_time":"{at}","value":{value}}}"#);
    let made = says.now.floor(STEP);
    let points: Vec<String> = match asked.path.as_str() {
        "/login" => return json(r#"{"token":"no-token-of-anybody"}"#),
        // Both ends are inclusive.
        "/v3/historical" => {
            let period = (instant(asked, "start"), instant(asked, "end") + 1);
            says.over(period, STEP).map(|at| point(at, says.value(at, STEP))).collect()
        }
        "/v3/forecast" => {
            let hours: i64 = parameter(asked, "horizon_hours").parse().expect("hours");
            let starts = steps(made, made + hours * HOUR, STEP);
            starts.map(|at| point(at, says.forecast(at, STEP))).collect()
        }
        _ => return reply(404, "application/json", "{}"),
    };
    let points = points.join(",");
    json(format!(
        r#"{{"data":[{points}],"meta":{{"data_point_period_seconds":300,"region":"CAISO_NORTH","warnings":[],
        "signal_type":"co2_moer","units":"lbs_co2_per_mwh","generated_at":"{made}"}}}}"#
    ))
}

/// `202601200000`.
fn stamp(text: &str) -> Instant {
    let at = |from: usize, to: usize| text.get(from..to).expect("digits");
    let (day, time) = ((at(0, 4), at(4, 6), at(6, 8)), (at(8, 10), at(10, 12)));
    let text = format!("{}-{}-{}T{}:{}:00Z", day.0, day.1, day.2, time.0, time.1);
    Instant::parse(&text).expect("a time")
}

fn entsoe(says: Says, asked: &Asked) -> Reply {
    const STEP: i64 = 900;
    let [from, to] = ["periodStart", "periodEnd"].map(|name| stamp(&parameter(asked, name)));
    let is_load = (parameter(asked, "documentType"), parameter(asked, "processType")) == ("A65".into(), "A16".into());
    let quarters: Vec<Instant> = if is_load { says.over((from, to), STEP).collect() } else { Vec::new() };
    let (Some(first), Some(last)) = (quarters.first(), quarters.last()) else {
        let text = "<Reason><code>999</code><text>No matching data found</text></Reason>";
        let document = format!("<Acknowledgement_MarketDocument>{text}</Acknowledgement_MarketDocument>");
        return reply(200, "text/xml", document);
    };
    let minute = |at: Instant| format!("{}Z", &at.to_string()[..16]);
    let point = |(position, at): (usize, &Instant)| {
        let quantity = says.value(*at, STEP);
        format!("<Point><position>{}</position><quantity>{quantity}</quantity></Point>", position + 1)
    };
    let points: String = quarters.iter().enumerate().map(point).collect();
    let (made, start, end) = (says.now, minute(*first), minute(*last + STEP));
    reply(
        200,
        "text/xml",
        format!(
            "<GL_MarketDocument><type>A65</type><process.processType>A16</process.processType>\
             <createdDateTime>{made}</createdDateTime><TimeSeries><mRID>1</mRID><businessType>A04</businessType>\
             <outBiddingZone_Domain.mRID codingScheme=\"A01\">{EIC}</outBiddingZone_Domain.mRID>\
             <quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name><curveType>A03</curveType><Period>\
             <timeInterval><start>{start}</start><end>{end}</end></timeInterval><resolution>PT15M</resolution>{points}\
             </Period></TimeSeries></GL_MarketDocument>"
        ),
    )
}

fn open_meteo(says: Says, asked: &Asked) -> Reply {
    let day = |name: &str| Instant::parse(&format!("{}T00:00:00Z", parameter(asked, name))).expect("a day");
    let hours = steps(day("start_date"), day("end_date") + 24 * HOUR, HOUR);
    // Hours ahead are forecast anew each time.
    let degrees = hours.clone().map(|at| says.value(at, HOUR)).map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    let (times, degrees): (Vec<String>, Vec<String>) =
        (hours.map(|at| at.seconds().to_string()).collect(), degrees.collect());
    json(format!(
        r#"{{"utc_offset_seconds":0,"hourly_units":{{"time":"unixtime","temperature_2m":"°C"}},"hourly":{{"time":[{}],
        "temperature_2m":[{}]}}}}"#,
        times.join(","),
        degrees.join(",")
    ))
}

fn prometheus(says: Says, asked: &Asked) -> Reply {
    let query = parameter(asked, "query");
    let until = Instant::from_seconds(parameter(asked, "time").parse().expect("seconds"));
    let range = query.strip_prefix("joules_total[").and_then(|rest| rest.strip_suffix("s]")).expect("a range");
    let from = until - range.parse::<i64>().expect("seconds");
    let counted = |at: Instant| -> i64 {
        let hour = at.floor(HOUR);
        let whole: i64 = steps(COUNTED_FROM, hour, HOUR).map(|start| says.value(start, HOUR)).sum();
        whole * HOUR + says.value(hour, HOUR) * (at - hour)
    };
    let scrapes = steps(from.ceil(SCRAPE_S), until.min(says.now) + 1, SCRAPE_S);
    let samples: Vec<String> = scrapes.map(|at| format!("[{},\"{}\"]", at.seconds(), counted(at))).collect();
    let result = match samples.is_empty() {
        true => String::new(),
        false => format!(r#"{{"metric":{{"instance":"meter"}},"values":[{}]}}"#, samples.join(",")),
    };
    json(format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{result}]}}}}"#))
}

fn list(says: Says, asked: &Asked) -> Reply {
    let period = (instant(asked, "from"), instant(asked, "to"));
    let item = |at: Instant| format!(r#"{{"time":"{at}","value":{}}}"#, says.value(at, HOUR));
    let items: Vec<String> = says.over(period, HOUR).map(item).collect();
    json(format!(r#"{{"data":[{}]}}"#, items.join(",")))
}
