//! Providers as their documentation has them, for any period and as of an instant: what a store that follows them is to
//! hold is known beforehand.

use super::cases::is_sent;
use super::gb::Gb;
use super::server::{Asked, Reply, json, reply};
use reports::received::providers::about::About;
use reports::received::providers::named;
use reports::time::Instant;
use reqwest::Url;

const HOUR: i64 = 3_600;
const EIC: &str = "10Y1001A1001A82H";
/// Counters began at 0 then: 1 January 2026.
const COUNTED_FROM_S: i64 = 1_767_225_600;
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
        100 + start.div_euclid(step_s).rem_euclid(97) + more
    }

    /// As it was before it was looked at again: forecasts stay as they were issued.
    fn forecast(self, start: Instant, step_s: i64) -> i64 {
        Self { more: 5, since: Instant::MIN, ..self }.value(start, step_s)
    }

    /// Starts of the intervals of a period that are over.
    fn over(self, (from, to): (i64, i64), step_s: i64) -> impl Iterator<Item = i64> {
        (next(from, step_s)..to.min(self.now - step_s + 1)).step_by(step_s as usize)
    }
}

/// The first multiple of a length that is not before an instant.
fn next(at: Instant, step_s: i64) -> i64 {
    (at + step_s - 1).div_euclid(step_s) * step_s
}

/// A parameter of the query, decoded.
fn parameter(asked: &Asked, name: &str) -> String {
    let url = Url::parse(&format!("http://host/?{}", asked.query)).expect("a query");
    let value = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    value.unwrap_or_else(|| panic!("{} has no {name}", asked.query))
}

fn instant(asked: &Asked, name: &str) -> i64 {
    Instant::parse(&parameter(asked, name)).expect("a time")
}

fn electricity_maps(says: Says, asked: &Asked) -> Reply {
    let hour = |at: Instant, value: i64| {
        format!(r#"{{"zone":"DE","carbonIntensity":{value},"datetime":"{}","isEstimated":false}}"#, at.to_string())
    };
    let (list, hours): (&str, Vec<String>) = match asked.path.as_str() {
        "/v3/carbon-intensity/past-range" => {
            let period = (instant(asked, "start"), instant(asked, "end"));
            ("data", says.over(period, HOUR).map(|at| hour(at, says.value(at, HOUR))).collect())
        }
        "/v3/carbon-intensity/forecast" => {
            let ahead: i64 = parameter(asked, "horizonHours").parse().expect("hours");
            let first_s = says.now.div_euclid(HOUR) * HOUR;
            let hours = (0..=ahead).map(|at| first_s + at * HOUR);
            ("forecast", hours.map(|at| hour(at, says.forecast(at, HOUR))).collect())
        }
        _ => return reply(404, "application/json", "{}"),
    };
    let updated = (says.now.div_euclid(300) * 300).to_string();
    json(format!(r#"{{"zone":"DE","updatedAt":"{updated}","{list}":[{}]}}"#, hours.join(",")))
}

fn watttime(says: Says, asked: &Asked) -> Reply {
    const STEP: i64 = 300;
    let point = |at: Instant, value: i64| format!(r#"{{"point_time":"{}","value":{value}}}"#, at.to_string());
    let made = says.now.div_euclid(STEP) * STEP;
    let points: Vec<String> = match asked.path.as_str() {
        "/login" => return json(r#"{"token":"no-token-of-anybody"}"#),
        // Both ends are inclusive.
        "/v3/historical" => {
            let period = (instant(asked, "start"), instant(asked, "end") + 1);
            says.over(period, STEP).map(|at| point(at, says.value(at, STEP))).collect()
        }
        "/v3/forecast" => {
            let hours: i64 = parameter(asked, "horizon_hours").parse().expect("hours");
            let starts = (made..made + hours * HOUR).step_by(STEP as usize);
            starts.map(|at| point(at, says.forecast(at, STEP))).collect()
        }
        _ => return reply(404, "application/json", "{}"),
    };
    let (points, made) = (points.join(","), made.to_string());
    json(format!(
        r#"{{"data":[{points}],"meta":{{"data_point_period_seconds":300,"region":"CAISO_NORTH","warnings":[],
        "signal_type":"co2_moer","units":"lbs_co2_per_mwh","generated_at":"{made}"}}}}"#
    ))
}

/// `202601200000`.
fn stamp(text: &str) -> i64 {
    let at = |from: usize, to: usize| text.get(from..to).expect("digits");
    let (day, time) = ((at(0, 4), at(4, 6), at(6, 8)), (at(8, 10), at(10, 12)));
    let text = format!("{}-{}-{}T{}:{}:00Z", day.0, day.1, day.2, time.0, time.1);
    Instant::parse(&text).expect("a time")
}

fn entsoe(says: Says, asked: &Asked) -> Reply {
    const STEP: i64 = 900;
    let [from, to] = ["periodStart", "periodEnd"].map(|name| stamp(&parameter(asked, name)));
    let is_load = (parameter(asked, "documentType"), parameter(asked, "processType")) == ("A65".into(), "A16".into());
    let quarters: Vec<i64> = if is_load { says.over((from, to), STEP).collect() } else { Vec::new() };
    let (Some(first), Some(last)) = (quarters.first(), quarters.last()) else {
        let text = "<Reason><code>999</code><text>No matching data found</text></Reason>";
        let document = format!("<Acknowledgement_MarketDocument>{text}</Acknowledgement_MarketDocument>");
        return reply(200, "text/xml", document);
    };
    let minute = |at: Instant| format!("{}Z", &at.to_string()[..16]);
    let point = |(position, at): (usize, &i64)| {
        let quantity = says.value(*at, STEP);
        format!("<Point><position>{}</position><quantity>{quantity}</quantity></Point>", position + 1)
    };
    let points: String = quarters.iter().enumerate().map(point).collect();
    let (made, start, end) = (says.now.to_string(), minute(*first), minute(last + STEP));
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
    let hours = (day("start_date")..day("end_date") + 24 * HOUR).step_by(HOUR as usize);
    // Hours ahead are forecast anew each time.
    let degrees = hours.clone().map(|at| says.value(at, HOUR)).map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    let (times, degrees): (Vec<String>, Vec<String>) = (hours.map(|at| at.to_string()).collect(), degrees.collect());
    json(format!(
        r#"{{"utc_offset_seconds":0,"hourly_units":{{"time":"unixtime","temperature_2m":"°C"}},"hourly":{{"time":[{}],
        "temperature_2m":[{}]}}}}"#,
        times.join(","),
        degrees.join(",")
    ))
}

fn prometheus(says: Says, asked: &Asked) -> Reply {
    let (query, until) = (parameter(asked, "query"), parameter(asked, "time").parse::<i64>().expect("seconds"));
    let range = query.strip_prefix("joules_total[").and_then(|rest| rest.strip_suffix("s]")).expect("a range");
    let from = until - range.parse::<i64>().expect("seconds");
    let counted = |at: Instant| -> i64 {
        let hour_s = at.div_euclid(HOUR) * HOUR;
        let whole: i64 = (COUNTED_FROM_S..hour_s).step_by(HOUR as usize).map(|hour_s| says.value(hour_s, HOUR)).sum();
        whole * HOUR + says.value(hour_s, HOUR) * (at - hour_s)
    };
    let scrapes = (next(from, SCRAPE_S)..until.min(says.now) + 1).step_by(SCRAPE_S as usize);
    let samples: Vec<String> = scrapes.map(|at| format!("[{at},\"{}\"]", counted(at))).collect();
    let result = match samples.is_empty() {
        true => String::new(),
        false => format!(r#"{{"metric":{{"instance":"meter"}},"values":[{}]}}"#, samples.join(",")),
    };
    json(format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{result}]}}}}"#))
}

fn list(says: Says, asked: &Asked) -> Reply {
    let period = (instant(asked, "from"), instant(asked, "to"));
    let item = |at: Instant| format!(r#"{{"time":"{}","value":{}}}"#, at.to_string(), says.value(at, HOUR));
    let items: Vec<String> = says.over(period, HOUR).map(item).collect();
    json(format!(r#"{{"data":[{}]}}"#, items.join(",")))
}
