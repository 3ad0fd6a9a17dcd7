//! The form of a table from the settings of a source, and its rows as the values of one request.

use crate::received::forms::Form;
use crate::received::providers::ask::Wanted;
use serde_json::{Value, json};

/// What a source of any of these kinds takes, with what one of them takes beside that.
macro_rules! settings_with {
    ($($own:tt)*) => { settings! {
        [optional "\"site/ashburn/import\" = \"/value\"":
            "where the value of each series stands: a JSON pointer within an item, or a column"]
        optional "unit" = "kWh": "of the values";
        needed "path" = "/v1/readings": "from the address on; `{from}` and `{to}` stand for the period";
        optional "query" = "meter=7&from={from}&to={to}": "what follows the `?`, not encoded; no credential";
        optional "from_to" = "iso":
            "how they are written, in UTC: iso minute digits date last_date (the last day itself) unix unix_ms";
        optional "span" = "31d": "the longest period of one request";
        optional "horizon" = "48h": "how far ahead of now is asked for; without it, nothing is";
        $($own)*
        optional "start" = "/time": "where the start of an interval stands, like a value";
        optional "end" = "/until": "where its end stands; alone, times are labels of ends";
        optional "step" = "15min": "how long an interval is, where only one of both is there";
        optional "format" = "%d.%m.%Y %H:%M":
            "of times, as strftime writes it, or unix or unix_ms; without it, ISO 8601";
        optional "time_zone" = "UTC": "of times without offset";
        optional "issued" = "/published":
            "where the time of issue of a forecast stands; without it, values are readings";
        optional "quality" = "measured": "of readings";
        optional "auth" = "header:X-API-Key":
            "where the credential goes: bearer, basic, header:NAME or query:NAME";
    } };
}
pub(super) use settings_with;

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
pub fn form(wanted: &Wanted, columns: Columns, more: &[(&str, &str)]) -> Result<Form, String> {
    let unit = wanted.setting("unit").ok_or("it states no unit; add unit = \"kWh\" to its settings")?;
    let quality = wanted.setting("quality").unwrap_or("measured");
    let Columns { start, end, issued, values } = columns;
    let series = values
        .into_iter()
        .map(|(series, column)| json!({"series": series, "column": column, "unit": unit, "quality": quality}));
    let format = match wanted.setting("format") {
        Some("unix" | "unix_ms") => Some("%s"),
        other => other,
    };
    let (step, zone) = (wanted.setting("step"), wanted.setting("time_zone"));
    let time = json!({"start": start, "end": end, "format": format, "step": step, "zone": zone});
    let series: Value = series.collect();
    let mut table = json!({"kind": "table", "time": stated(time), "series": series, "issued": issued});
    for (key, text) in more {
        table[*key] = json!(text);
    }
    Form::of_json(stated(table))
}

/// What an object states: without what is null.
fn stated(mut object: Value) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
    object
}
