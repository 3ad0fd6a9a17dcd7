//! The form of a table from the settings of a source, and its rows as the values of one request.

use crate::received::forms::Form;
use crate::received::providers::about::{EACH, Setting};
use crate::received::providers::ask::Wanted;
use crate::received::providers::sink::{Sink, Value};
use crate::time::Interval;
use serde_json::{Map, json};

pub const EACH_VALUE: Setting = Setting {
    name: EACH,
    needed: false,
    example: "\"site/ashburn/import\" = \"/value\"",
    meaning: "where the value of each series stands: a JSON pointer within an item, or a column",
};
pub const PATH: Setting = Setting {
    name: "path",
    needed: true,
    example: "path = \"/v1/readings\"",
    meaning: "from the address on; `{from}` and `{to}` stand for the period",
};
pub const QUERY: Setting = Setting {
    name: "query",
    needed: false,
    example: "query = \"meter=7&from={from}&to={to}\"",
    meaning: "what follows the `?`, not encoded; no credential",
};
pub const FROM_TO: Setting = Setting {
    name: "from_to",
    needed: false,
    example: "from_to = \"iso\"",
    meaning: "how they are written, in UTC: iso minute digits date last_date (the last day itself) unix unix_ms",
};
pub const SPAN: Setting =
    Setting { name: "span", needed: false, example: "span = \"31d\"", meaning: "the longest period of one request" };
pub const HORIZON: Setting = Setting {
    name: "horizon",
    needed: false,
    example: "horizon = \"48h\"",
    meaning: "how far ahead of now is asked for; without it, nothing is",
};
pub const AUTH: Setting = Setting {
    name: "auth",
    needed: false,
    example: "auth = \"header:X-API-Key\"",
    meaning: "where the credential goes: bearer, basic, header:NAME or query:NAME",
};
pub const UNIT: Setting = Setting { name: "unit", needed: false, example: "unit = \"kWh\"", meaning: "of the values" };
pub const START: Setting = Setting {
    name: "start",
    needed: false,
    example: "start = \"/time\"",
    meaning: "where the start of an interval stands, like a value",
};
pub const END: Setting = Setting {
    name: "end",
    needed: false,
    example: "end = \"/until\"",
    meaning: "where its end stands; alone, times are labels of ends",
};
pub const STEP: Setting = Setting {
    name: "step",
    needed: false,
    example: "step = \"15min\"",
    meaning: "how long an interval is, where only one of both is there",
};
pub const FORMAT: Setting = Setting {
    name: "format",
    needed: false,
    example: "format = \"%d.%m.%Y %H:%M\"",
    meaning: "of times, as strftime writes it, or unix or unix_ms; without it, ISO 8601",
};
pub const TIME_ZONE: Setting =
    Setting { name: "time_zone", needed: false, example: "time_zone = \"UTC\"", meaning: "of times without offset" };
pub const ISSUED: Setting = Setting {
    name: "issued",
    needed: false,
    example: "issued = \"/published\"",
    meaning: "where the time of issue of a forecast stands; without it, values are readings",
};
pub const QUALITY: Setting =
    Setting { name: "quality", needed: false, example: "quality = \"measured\"", meaning: "of readings" };

/// Names of the columns of a table that a source describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub start: Option<String>,
    pub end: Option<String>,
    pub issued: Option<String>,
    /// Each series and its column.
    pub values: Vec<(String, String)>,
}

/// The form of such a table; `more` are other keys of it.
///
/// # Errors
///
/// What cannot be, in words.
pub fn form(wanted: &Wanted, columns: Columns, more: &[(&str, &str)]) -> Result<Form, String> {
    let unit = wanted.setting("unit").ok_or("it states no unit; add unit = \"kWh\" to its settings")?;
    let quality = wanted.setting("quality").unwrap_or("measured");
    let Columns { start, end, issued, values } = columns;
    let series = values
        .into_iter()
        .map(|(series, column)| json!({"series": series, "column": column, "unit": unit, "quality": quality}));
    let mut time = Map::new();
    let format = match wanted.setting("format") {
        Some("unix" | "unix_ms") => Some("%s"),
        other => other,
    };
    let texts = [("start", start.as_deref()), ("end", end.as_deref()), ("format", format)];
    let told = [("step", wanted.setting("step")), ("zone", wanted.setting("time_zone"))];
    for (key, text) in texts.into_iter().chain(told) {
        time.extend(text.map(|text| (key.to_string(), json!(text))));
    }
    let mut table = Map::new();
    table.insert("kind".into(), json!("table"));
    table.insert("time".into(), json!(time));
    table.insert("series".into(), series.collect());
    table.extend(issued.map(|issued| ("issued".to_string(), json!(issued))));
    table.extend(more.iter().map(|(key, text)| ((*key).to_string(), json!(text))));
    Form::of_json(json!(table))
}

/// Hands on the values whose intervals begin within what a request asks for: of two requests that touch, each value
/// belongs to one.
pub struct Within<'s> {
    pub covers: Interval,
    pub sink: &'s mut dyn Sink,
}

impl Sink for Within<'_> {
    fn put(&mut self, value: Value<'_>) {
        if (self.covers.start..self.covers.end).contains(&value.interval.start) {
            self.sink.put(value);
        }
    }

    fn reject(&mut self, reason: String) {
        self.sink.reject(reason);
    }

    fn unknown(&mut self, why: &'static str) {
        self.sink.unknown(why);
    }
}
