//! CSV: a table as it comes in files, described by settings, or in a form of `[source.<name>]` or of the program.

use super::asked::{self, Asked, credential, described};
use super::form::{Columns, form, settings_with};
use crate::received::Refused;
use crate::received::forms::{Answers, EXPORTS, Form};
use crate::received::providers::about::{About, Credential, EACH, Setting, settings};
use crate::received::providers::answer::{Answer, Fault, Next};
use crate::received::providers::ask::{Ask, Request, Wanted};
use crate::received::providers::feed::Feed;
use crate::received::providers::sink::{AsRows, Sink};
use crate::text::clip;
use serde_json::Value;

static ABOUT: About =
    described(("csv", "CSV over HTTP"), "https://www.rfc-editor.org/rfc/rfc4180", "text/csv, */*;q=0.5", SETTINGS);

const SETTINGS: &[Setting] = settings_with! {
    optional "form" = "pjm":
        "a form of the program by its name, or one or several as JSON, in place of all that says where things stand";
    optional "separator" = ";": "between fields";
    optional "decimal" = ",": "`.` or `,`";
    optional "thousands" = ".": "between groups of three digits";
};

pub struct Csv;

impl Feed for Csv {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn credential(&self, wanted: &Wanted) -> Credential {
        credential(wanted).unwrap_or(Credential::None)
    }

    fn check(&self, wanted: &Wanted) -> Result<(), String> {
        asked::check(wanted)?;
        if let Some(series) = wanted.series.iter().find(|name| wanted.setting(name).is_none())
            && wanted.setting("form").is_none()
        {
            return Err(format!(
                "nothing says where {series} stands; add \"{series}\" = \"column\" to its settings, or form"
            ));
        }
        forms(wanted).map(|_| ())
    }

    /// A form of the program is written out: its name says nothing to others, nor to the program once it has changed.
    fn kept(&self, wanted: &Wanted) -> Wanted {
        let mut kept = wanted.clone();
        if let (Some(form), Ok(forms)) = (kept.settings.get_mut("form"), forms(wanted)) {
            let texts: Vec<String> = forms.iter().map(Form::to_json).collect();
            *form = if texts.len() == 1 { texts.concat() } else { format!("[{}]", texts.join(",")) };
        }
        kept
    }

    fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        Asked::read(&ask.wanted).map_err(Refused::new)?.requests(ask)
    }

    fn parse(&self, ask: &Ask, request: &Request, answer: &Answer<'_>, sink: &mut dyn Sink) -> Result<Next, Fault> {
        let forms = forms(&ask.wanted).map_err(|what| Fault::Asked(Refused::new(what)))?;
        if answer.body.trim().is_empty() {
            return Ok(Next::NoData("the answer is empty".into()));
        }
        // A provider that changed its header has several; the first one says what lacks where it is none of them.
        let own = forms.iter().find(|form| form.recognises(answer.body.as_bytes())).or_else(|| forms.first());
        let Some(form) = own else { return Err(Fault::form("there is no form to read it by")) };
        let mut rows = AsRows { covers: request.covers, sink };
        form.read(answer.body.as_bytes(), &mut rows).map_err(Fault::Form)?;
        Ok(Next::Done)
    }
}

/// The forms that an answer may have.
fn forms(wanted: &Wanted) -> Result<Vec<Form>, String> {
    let Some(text) = wanted.setting("form") else { return own(wanted).map(|form| vec![form]) };
    if text.trim_start().starts_with(['{', '[']) {
        return stated(text);
    }
    let answers = Answers {
        area: Some(wanted.area.clone()).filter(|area| !area.is_empty()),
        series: wanted.series.first().filter(|_| wanted.series.len() == 1).cloned(),
        time_zone: wanted.setting("time_zone").map(String::from),
        ..Answers::default()
    };
    let named: Vec<_> = EXPORTS.iter().filter(|export| export.name == text).collect();
    if named.is_empty() {
        return Err(format!("form `{}` is not a built-in form; docs/sources.md lists them", clip(text)));
    }
    if let Some(lacks) = named.iter().map(|export| export.lacks(&answers)).find(|lacks| !lacks.is_empty()) {
        return Err(format!(
            "form `{}` needs {}: area, one series or time_zone say it",
            clip(text),
            lacks.join(" and ")
        ));
    }
    named.into_iter().map(|export| export.form(&answers)).collect()
}

/// A form as JSON, or a list of them.
fn stated(text: &str) -> Result<Vec<Form>, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("form is not JSON: {e}"))?;
    let values = match value {
        Value::Array(values) if values.is_empty() => return Err("form is a list of none".into()),
        Value::Array(values) => values,
        one => vec![one],
    };
    let form = |mut value: Value| {
        if let Some(table) = value.as_object_mut() {
            table.entry("kind").or_insert_with(|| "table".into());
        }
        Form::of_json(value).map_err(|what| format!("form: {what}"))
    };
    values.into_iter().map(form).collect()
}

/// The form that settings describe.
fn own(wanted: &Wanted) -> Result<Form, String> {
    if wanted.setting("format") == Some("unix_ms") {
        return Err("format unix_ms is for JSON".into());
    }
    let told = |key: &str| wanted.setting(key).map(String::from);
    let value = |name: &String| wanted.setting(name).map(|column| (name.clone(), column.to_string()));
    let values = wanted.series.iter().filter_map(value).collect();
    let more: Vec<(&str, &str)> =
        ["separator", "decimal", "thousands"].into_iter().filter_map(|key| Some((key, wanted.setting(key)?))).collect();
    form(wanted, Columns { start: told("start"), end: told("end"), issued: told("issued"), values }, &more)
}

#[cfg(test)]
mod tests;
