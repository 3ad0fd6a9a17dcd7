//! Answers of Electricity Maps: hours in a list of one of three names, or one hour alone.

use crate::received::Refused;
use crate::received::providers::answer::Fault;
use crate::received::providers::json;
use crate::text::clip;
use crate::time::{HOUR_S, Instant, Interval, RecordTime};
use serde_json::{Map, Value};

/// What the list is called depends on the call.
const LISTS: [&str; 3] = ["history", "data", "forecast"];
/// What is repeated of the provider's words.
const MOST_WORDS: usize = 120;

pub type Fields = Map<String, Value>;

/// An answer, read.
#[derive(Debug)]
pub enum Document {
    Hours(Hours),
    /// In the provider's words.
    NoData(String),
}

#[derive(Debug)]
pub struct Hours {
    /// What holds for all hours.
    about: Fields,
    pub list: Vec<Fields>,
    /// Whether the one hour is the latest, whose time may lie within it.
    alone: bool,
}

/// Reads an answer. Fails on one without hours that does not say why, and one that says there is no such zone.
pub fn read(body: &str, status: u16, zone: &str) -> Result<Document, Fault> {
    let mut about: Fields = json::document(body)?;
    let listed = LISTS.iter().find_map(|name| about.remove(*name));
    let (list, alone) = match listed {
        Some(Value::Array(hours)) => (hours.into_iter().map(fields).collect::<Result<Vec<Fields>, Fault>>()?, false),
        Some(hour @ Value::Object(_)) => (vec![fields(hour)?], true),
        Some(_) => return Err(Fault::form("its hours are not in a list")),
        None if about.contains_key("datetime") => (vec![about.clone()], true),
        None => return without(&about, status, zone),
    };
    Ok(Document::Hours(Hours { about, list, alone }))
}

fn fields(hour: Value) -> Result<Fields, Fault> {
    match hour {
        Value::Object(fields) => Ok(fields),
        _ => Err(Fault::form("its list has an item that is not an hour")),
    }
}

/// Why there are no hours.
fn without(about: &Fields, status: u16, zone: &str) -> Result<Document, Fault> {
    let said = ["message", "error", "detail", "status"].iter().find_map(|key| about.get(*key)?.as_str());
    let said = said.unwrap_or_default();
    let lower = said.to_ascii_lowercase();
    if ["no data", "no recent data", "no-data"].iter().any(|words| lower.contains(words)) {
        return Ok(Document::NoData(said.chars().take(MOST_WORDS).collect()));
    }
    if status == 404 && lower.contains("zone") {
        let refused = Refused::new(format!("Electricity Maps has no zone `{zone}`"));
        return Err(Fault::Asked(refused.hint("its zones are listed at https://app.electricitymaps.com")));
    }
    Err(Fault::form("it lists no hours"))
}

impl Hours {
    /// What an hour states, or else the answer of all of them.
    pub fn text<'a>(&'a self, hour: &'a Fields, key: &str) -> Option<&'a str> {
        [hour, &self.about].into_iter().find_map(|fields| fields.get(key)?.as_str())
    }

    pub fn is_estimated(&self, hour: &Fields) -> bool {
        let stated = hour.get("isEstimated").or_else(|| self.about.get("isEstimated"));
        stated.is_some_and(|stated| matches!(stated, Value::Bool(true)) || stated.as_str() == Some("true"))
    }

    /// Whether what is stated is what was asked for: with no zone, for one, the zone of the caller's address is
    /// answered for.
    pub fn is_of(&self, asked: &[(&str, &str)]) -> Result<(), Fault> {
        for (key, asked) in asked {
            let all = std::iter::once(&self.about).chain(&self.list);
            let mut stated = all.filter_map(|fields| fields.get(*key)?.as_str());
            if let Some(other) = stated.find(|stated| stated != asked) {
                return Err(Fault::form(format!("its `{key}` is `{}`, and `{asked}` was asked for", clip(other))));
            }
        }
        Ok(())
    }

    /// The hour that `datetime` begins.
    pub fn interval(&self, hour: &Fields) -> Result<Interval, String> {
        let text = hour.get("datetime").and_then(Value::as_str).ok_or("an hour has no `datetime`")?;
        let time = RecordTime::parse(text).map_err(|_| format!("`{}` is not an RFC 3339 time", clip(text)))?;
        let start = time.instant().floor(HOUR_S);
        if !self.alone && time != RecordTime::from(start) {
            return Err(format!("`{}` is not on the hour", clip(text)));
        }
        Ok(Interval { start, end: start + HOUR_S })
    }

    /// When it was published, where that is stated.
    pub fn published(&self, hour: &Fields) -> Result<Option<Instant>, String> {
        self.text(hour, "updatedAt").map(json::published).transpose()
    }
}
