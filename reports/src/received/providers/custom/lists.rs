//! JSON: a list of items, each with a time and values.

use super::asked::{self, Asked, credential, described};
use super::form::{Columns, form, settings_with};
use crate::received::Refused;
use crate::received::providers::about::{About, Credential, EACH, Setting, settings};
use crate::received::providers::answer::{Answer, Fault, Next};
use crate::received::providers::ask::{Ask, Request, Wanted};
use crate::received::providers::feed::Feed;
use crate::received::providers::json::document;
use crate::received::providers::sink::{AsRows, Sink};
use crate::text::clip;
use serde_json::Value;

static ABOUT: About =
    described(("json", "JSON over HTTP"), "https://www.rfc-editor.org/rfc/rfc6901", "application/json", SETTINGS);

const SETTINGS: &[Setting] = settings_with! {
    optional "list" = "/data": "the JSON pointer to the list of items; without it, the answer is one";
};

/// Columns of the table that a list becomes.
const START: &str = "start";
const END: &str = "end";
const ISSUED: &str = "issued";

pub struct Json;

impl Feed for Json {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn credential(&self, wanted: &Wanted) -> Credential {
        credential(wanted).unwrap_or(Credential::None)
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        asked::check(wanted)?;
        for pointer in pointers(wanted).chain(wanted.setting("list").filter(|list| !list.is_empty())) {
            if !pointer.starts_with('/') {
                return Err(format!("`{}` is not a JSON pointer, such as /value or /intensity/actual", clip(pointer)));
            }
        }
        if let Some(series) = wanted.series.iter().find(|name| wanted.setting(name).is_none()) {
            return Err(format!(
                "nothing says where the value of {series} stands; add \"{series}\" = \"/value\" to its settings"
            ));
        }
        form(wanted, columns(wanted), &[]).map(|_| ())
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        Asked::read(&ask.wanted).map_err(Refused::new)?.requests(ask)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let wanted = &ask.wanted;
        let form = form(wanted, columns(wanted), &[]).map_err(|what| Fault::Asked(Refused::new(what)))?;
        let whole: Value = document(answer.body)?;
        let list = wanted.setting("list").unwrap_or_default();
        let Some(Value::Array(items)) = whole.pointer(list) else {
            let place =
                if list.is_empty() { "the answer".to_string() } else { format!("`{}` of the answer", clip(list)) };
            return Err(Fault::form(format!("{place} is not a list")));
        };
        if items.is_empty() {
            return Ok(Next::NoData("the list is empty".into()));
        }
        let values = || wanted.series.iter().filter_map(move |name| wanted.setting(name));
        if !items.iter().any(|item| values().any(|pointer| item.pointer(pointer).is_some())) {
            let pointers: Vec<String> = values().map(clip).collect();
            return Err(Fault::form(format!("no item of the list has anything at {}", pointers.join(" "))));
        }
        let table = table(wanted, &whole, items).map_err(|e| Fault::form(e.to_string()))?;
        let mut rows = AsRows { covers: request.covers, sink };
        form.read(table.as_slice(), &mut rows).map_err(Fault::Form)?;
        Ok(Next::Done)
    }
}

/// All pointers within an item.
fn pointers(wanted: &Wanted) -> impl Iterator<Item = &str> {
    let own = [START, END, ISSUED].into_iter().filter_map(move |key| wanted.setting(key));
    own.chain(wanted.series.iter().filter_map(move |name| wanted.setting(name)))
}

fn columns(wanted: &Wanted) -> Columns {
    let own = |key: &str| wanted.setting(key).map(|_| key.to_string());
    let values = wanted.series.iter().enumerate().map(|(index, name)| (name.clone(), value_column(index))).collect();
    Columns { start: own(START), end: own(END), issued: own(ISSUED), values }
}

fn value_column(index: usize) -> String {
    format!("value {index}")
}

/// The list as CSV, an item a row.
fn table(wanted: &Wanted, whole: &Value, items: &[Value]) -> Result<Vec<u8>, csv::Error> {
    let is_ms = wanted.setting("format") == Some("unix_ms");
    let times: Vec<&str> = [START, END, ISSUED].into_iter().filter(|key| wanted.setting(key).is_some()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let values = (0..wanted.series.len()).map(value_column);
    writer.write_record(times.iter().map(|key| (*key).to_string()).chain(values))?;
    for item in items {
        for key in &times {
            let pointer = wanted.setting(key).unwrap_or_default();
            // One time of issue may stand beside the list.
            let found = item.pointer(pointer).or_else(|| whole.pointer(pointer).filter(|_| *key == ISSUED));
            // An empty row would be none at all.
            let text = found.map(cell).filter(|text| !text.is_empty()).unwrap_or_else(|| "nothing".into());
            writer.write_field(if is_ms { seconds(&text) } else { text })?;
        }
        for name in &wanted.series {
            let found = wanted.setting(name).and_then(|pointer| item.pointer(pointer));
            writer.write_field(found.map(cell).unwrap_or_default())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

/// A text, a number as it is written, nothing for null; what is neither stays what it is, and is rejected as a value.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Milliseconds as seconds; what has a fraction of one is left as it is, and is none of the seconds that times are.
fn seconds(text: &str) -> String {
    let whole = text.trim().strip_suffix("000").filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit()));
    whole.map_or_else(|| format!("{text} ms"), |whole| if whole.is_empty() { "0".into() } else { whole.to_string() })
}

#[cfg(test)]
mod tests;
