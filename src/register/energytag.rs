//! Granular certificate bundles as registries of the EnergyTag scheme list them, CSV or JSON, by the names of its
//! standard (version 2) and of its registry API.

use super::common::{Certificate, Fault, Instant, Records, Rejects, Status, StringRecord, clip};
use super::csv::{printable, production};
use super::taking::{Setting, Table, Taking};
use reports::received::header::{check_width, plain};
use serde_json::Value;
use std::io::Read;

const START: &str = "production_starting_interval";
const END: &str = "production_ending_interval";
/// Names of the same attribute, the newest first.
const STATUS: [&str; 2] = ["certificate_bundle_status", "certificate_status"];
const FIRST: [&str; 2] = ["certificate_bundle_id_range_start", "bundle_id_range_start"];
const LAST: [&str; 2] = ["certificate_bundle_id_range_end", "bundle_id_range_end"];

/// Lists of bundles in answers of a registry.
const LISTS: [&str; 3] = ["granular_certificate_bundles", "filtered_certificate_bundles", "certificate_bundles"];
const LARGEST: u64 = 128 << 20;

pub(super) fn is_json(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
    text.starts_with(b"{") || text.starts_with(b"[")
}

pub(super) fn recognises(header: &StringRecord) -> bool {
    [START, END].iter().all(|name| header.iter().any(|cell| plain(cell) == *name))
}

pub(super) fn read(reader: impl Read, setting: &Setting<'_>, rejects: Rejects) -> Result<Table, Fault> {
    let mut records = Records::new(reader);
    let header: Vec<String> = records.header()?.iter().map(|name| plain(name).to_string()).collect();
    let line = records.header_line();
    let twice = header.iter().enumerate().find(|(at, name)| !name.is_empty() && header[..*at].contains(name));
    if let Some((_, name)) = twice {
        return Err(Fault::new(format!("column `{}` appears twice", clip(name))).line(line).hint("leave one out"));
    }
    Taking::new(rejects).records(records, |record| {
        check_width(record, header.len())?;
        let field = |name: &str| {
            let at = header.iter().position(|held| held == name)?;
            record.get(at).map(str::trim).filter(|text| !is_none(text)).map(String::from)
        };
        bundle(&field, setting)
    })
}

/// As registries write what is not there.
fn is_none(text: &str) -> bool {
    matches!(text, "" | "None" | "null" | "NaN" | "nan")
}

/// A registry's list of bundles, an object that holds one, or one bundle; in place of a line, each has its number.
pub(super) fn read_json(reader: impl Read, setting: &Setting<'_>, rejects: Rejects) -> Result<Table, Fault> {
    let refuse = |what: String| Fault::new(what).hint("give certificate bundles as the registry lists them");
    let mut text = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut text).map_err(|_| refuse("cannot be read".into()))?;
    if text.len() as u64 > LARGEST {
        return Err(refuse(format!("is larger than {} MB", LARGEST >> 20)).hint("split it into shorter periods"));
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| refuse("is not JSON".into()).line(u64::try_from(error.line()).unwrap_or(1)))?;
    let list = match value {
        Value::Array(list) => list,
        Value::Object(mut object) if !object.contains_key(START) => {
            let list = LISTS.iter().find_map(|name| object.remove(*name));
            match list {
                Some(Value::Array(list)) => list,
                _ => return Err(refuse(format!("holds no list of bundles: {}", LISTS.join(", ")))),
            }
        }
        one => vec![one],
    };
    let mut taking = Taking::new(rejects);
    for (at, value) in list.iter().enumerate() {
        let field = |name: &str| match value.get(name)? {
            Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(is) => Some(is.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        taking.take(at as u64 + 1, bundle(&field, setting))?;
    }
    Ok(taking.table)
}

type Field<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The certificate of a bundle; no bundle says since when it has its status.
fn bundle(field: &Field<'_>, setting: &Setting<'_>) -> Result<(Certificate, bool), String> {
    let text = |name: &str| field(name).map(|text| printable(name, &text)).transpose();
    let needed = |name: &str| -> Result<String, String> { text(name)?.ok_or_else(|| format!("`{name}` is empty")) };
    if let Some(carrier) = field("energy_carrier").filter(|carrier| !carrier.eq_ignore_ascii_case("electricity")) {
        return Err(format!("is of {}, not of electricity", clip(&carrier)));
    }
    let stored = field("is_storage").is_some_and(|is| matches!(is.to_lowercase().as_str(), "true" | "1"));
    if stored || field("storage_id").is_some() {
        return Err("is of what a storage unit discharged: hourmatch accounts for storage itself".into());
    }
    let device = needed("device_id")?;
    let interval = production(instant(&needed(START)?, START)?, instant(&needed(END)?, END)?)?;
    let (first_wh, last_wh) = range(field)?;
    let registry = match (setting.registry, text("issuing_body")?) {
        (Some(registry), _) => registry.to_string(),
        (None, Some(body)) => body,
        (None, None) => return Err("`issuing_body` is empty: say the registry with --registry".into()),
    };
    let technology = match text("energy_source")? {
        Some(source) => technology(&source),
        None => setting.technology(&device)?,
    };
    let issuance = text("issuance_id")?.unwrap_or_else(|| format!("{device} {}", interval.start));
    let issuance = format!("{registry} {issuance}").replace([',', '"'], " ");
    let expires = field("expiry_datestamp").map(|text| instant(&text, "expiry_datestamp")).transpose()?;
    let certificate = Certificate {
        id: format!("{issuance} {first_wh}-{last_wh}"),
        issuance,
        device,
        registry,
        technology,
        start: interval.start,
        end: interval.end,
        first_wh,
        last_wh,
        status: status(&STATUS.iter().find_map(|name| field(name)).unwrap_or_default())?,
        owner: text("account_id")?.map(|account| format!("account {account}")).unwrap_or_default(),
        beneficiary: text("beneficiary")?,
        contract: None,
        since: setting.now,
        // It can be cancelled until then, and no more at that instant.
        expires: expires.map(|expires| expires - 1),
    };
    Ok((certificate, false))
}

/// Wh of the issuance, from 1: certificates are numbered from 0 or more, and each is of `face_value` Wh.
fn range(field: &Field<'_>) -> Result<(i64, i64), String> {
    let number = |names: &[&str]| {
        let (name, text) = names.iter().find_map(|name| Some((*name, field(name)?)))?;
        let number = text.parse::<i64>().ok().filter(|number| *number >= 0);
        Some(number.ok_or_else(|| format!("{name} `{}` is not an integer", clip(&text))))
    };
    let needed = |names: &[&str]| number(names).unwrap_or_else(|| Err(format!("`{}` is empty", names[0])));
    let (first, last) = (needed(&FIRST)?, needed(&LAST)?);
    let face = number(&["face_value"]).unwrap_or(Ok(1))?;
    let count = last.checked_sub(first).and_then(|more| more.checked_add(1)).filter(|count| *count >= 1);
    let count = count.ok_or_else(|| format!("its certificates {first} to {last} are none"))?;
    if let Some(quantity) = number(&["bundle_quantity"]).transpose()?.filter(|quantity| *quantity != count) {
        return Err(format!("bundle_quantity is {quantity}, and certificates {first} to {last} are {count}"));
    }
    if face < 1 {
        return Err(format!("face_value {face} is not a whole number of Wh, 1 or more"));
    }
    let wh = |count: i64| count.checked_mul(face);
    match (wh(first), last.checked_add(1).and_then(wh)) {
        (Some(before), Some(last)) => Ok((before + 1, last)),
        _ => Err(format!("certificates {first} to {last} of {face} Wh each pass 2^63-1 Wh")),
    }
}

fn status(text: &str) -> Result<Status, String> {
    match text.to_lowercase().as_str() {
        "active" => Ok(Status::Issued),
        // What is claimed was cancelled for it.
        "cancelled" | "claimed" => Ok(Status::Cancelled),
        "expired" => Ok(Status::Expired),
        "withdrawn" => Ok(Status::Withdrawn),
        "locked" | "reserved" => {
            Err(format!("is {}: import it once its registry has it as active or cancelled", text.to_lowercase()))
        }
        _ => Err(format!("status `{}` is not one of Active, Cancelled, Claimed, Expired, Withdrawn", clip(text))),
    }
}

/// As contracts name it.
fn technology(source: &str) -> String {
    match source.to_lowercase().as_str() {
        "solar_pv" | "solar pv" => "solar".into(),
        other => other.into(),
    }
}

/// UTC, with or without saying so; a day is its first instant.
fn instant(text: &str, name: &str) -> Result<Instant, String> {
    let spaced = text.replacen(' ', "T", 1);
    let whole = spaced.strip_suffix(".000000").or_else(|| spaced.strip_suffix(".000")).unwrap_or(&spaced);
    let ways = [whole.to_string(), format!("{whole}Z"), format!("{whole}T00:00:00Z")];
    let found = ways.iter().find_map(|way| Instant::parse(way).ok());
    found.ok_or_else(|| format!("{name} `{}` is not a time", clip(text)))
}
