//! The register as CSV, with the attributes of the EnergyTag scheme, by name in any order.

use super::common::{ContractId, Fault, Records, Rejects, StringRecord, clip};
use super::taking::{Setting, Table, Taking};
use reports::certificates::{Certificate, Status, attribute};
use reports::columns::{Column, column, names, needed, optional};
use reports::received::header::{check_width, column_names};
use reports::time::{Instant, Interval, ends};
use std::io::Read;

/// As exports write them, and `wh`, which may stand in place of `last_wh`.
pub const TABLE: [Column; 16] = [
    column("id", "", "Its id in its registry."),
    optional("issuance", "", "its `id`", "The issuance it is a part of."),
    column("device", "", "The device it was issued for: a `plant`, else a contract's id."),
    column("registry", "", "Where it is kept."),
    column("technology", "", "As the contract states it."),
    column("start", "RFC 3339", "First instant of production, with its offset."),
    column("end", "RFC 3339", "First instant after it."),
    optional("first_wh", "Wh", "1", "The first Wh of the issuance that it covers."),
    optional("last_wh", "Wh", "`first_wh` + `wh` - 1", "The last one; `wh` may stand in its place."),
    optional("status", "", "issued", "What has become of it."),
    optional("owner", "", "none", "Who holds it."),
    optional("beneficiary", "", "none", "For whom it is cancelled."),
    optional("contract", "", "the one its device serves", "The contract it belongs to, of the portfolio."),
    optional("since", "RFC 3339", "when it is read", "Since when it has its status."),
    optional("expires", "RFC 3339", "never", "When it expires."),
    optional("wh", "Wh", "from `last_wh`", "How many Wh it covers. Exports write `last_wh`."),
];
const COLUMNS: [&str; 15] = names(&TABLE, 0);
const WH: &str = TABLE[15].name;
const NEEDED: [&str; 6] = needed(&TABLE);

/// Reads certificates; bad rows go to `rejects`.
pub fn read(reader: impl Read, setting: &Setting<'_>, rejects: Rejects) -> Result<Table, Fault> {
    let mut records = Records::new(reader);
    let header = header(records.header()?, setting.ignored).map_err(|p| p.line(records.header_line()))?;
    Taking::new(rejects).records(records, |record| row(record, &header, setting))
}

/// Names of the columns, in the order of the file.
fn header(record: &StringRecord, ignored: &[&str]) -> Result<Vec<String>, Fault> {
    let known: Vec<&str> = COLUMNS.into_iter().chain([WH]).collect();
    let names = column_names(record, &known, ignored, &format!("columns: {}", COLUMNS.join(",")))?;
    let refuse = |what: String, hint: &str| Err(Fault::new(what).hint(hint));
    let has = |name: &str| names.contains(&name);
    let mut missing: Vec<&str> = NEEDED.into_iter().filter(|name| !has(name)).collect();
    if !has("last_wh") && !has(WH) {
        missing.push("last_wh or wh");
    }
    if !missing.is_empty() {
        let hint = "a certificates file starts with id,device,registry,technology,start,end,wh";
        return refuse(format!("the header lacks {}", missing.join(", ")), hint);
    }
    if has("last_wh") && has(WH) {
        return refuse("the header has both last_wh and wh".into(), "leave one of them out");
    }
    Ok(names.into_iter().map(String::from).collect())
}

/// The time over which energy was produced.
pub(super) fn production(start: Instant, end: Instant) -> Result<Interval, String> {
    let interval = Interval::new(start, end).map_err(|e| e.to_string())?;
    match ends::meant(None, interval, None) {
        Some(whole) => Err(format!("{interval} is almost a whole interval: {}", ends::instead(interval, whole))),
        None => Ok(interval),
    }
}

/// The certificate of a row, and whether it says since when it has its status.
fn row(record: &StringRecord, header: &[String], setting: &Setting<'_>) -> Result<(Certificate, bool), String> {
    check_width(record, header.len())?;
    let field = |name: &str| {
        let at = header.iter().position(|h| h == name)?;
        record.get(at).map(str::trim).filter(|text| !text.is_empty())
    };
    let text = |name: &str| field(name).map(|text| printable(name, text)).transpose();
    let needed = |name: &str| -> Result<String, String> { text(name)?.ok_or_else(|| format!("`{name}` is empty")) };
    let instant = |name: &str| match field(name) {
        Some(text) => Instant::parse(text).map(Some).map_err(|e| format!("{name}: {e}")),
        None => Ok(None),
    };
    let id = needed("id")?;
    let start = instant("start")?.ok_or("`start` is empty")?;
    let interval = production(start, instant("end")?.ok_or("`end` is empty")?)?;
    let (first_wh, last_wh) = range(field("first_wh"), field("last_wh"), field(WH))?;
    let status = match field("status") {
        None => Status::Issued,
        Some(name) => Status::parse(name).ok_or_else(|| {
            let known: Vec<&str> = Status::ALL.iter().map(|s| s.name()).collect();
            format!("status `{}` is not one of {}", clip(name), known.join(" "))
        })?,
    };
    let contract = text("contract")?.map(ContractId::from);
    if let Some(unknown) = contract.as_ref().filter(|id| !setting.contracts.contains(id)) {
        return Err(format!("contract `{unknown}` is not in the portfolio"));
    }
    let (since, expires) = (instant("since")?, instant("expires")?);
    let certificate = Certificate {
        issuance: text("issuance")?.unwrap_or_else(|| id.clone()),
        device: needed("device")?,
        registry: needed("registry")?,
        technology: needed("technology")?,
        start: interval.start,
        end: interval.end,
        first_wh,
        last_wh,
        status,
        owner: text("owner")?.unwrap_or_default(),
        beneficiary: text("beneficiary")?,
        contract,
        since: since.unwrap_or(setting.now),
        expires,
        id,
    };
    Ok((certificate, since.is_some()))
}

/// An attribute as it may be stored.
pub fn printable(name: &str, text: &str) -> Result<String, String> {
    attribute(name, text).map(|()| text.to_string())
}

/// First and last Wh: the last one as given, or counted from the first.
fn range(first: Option<&str>, last: Option<&str>, wh: Option<&str>) -> Result<(i64, i64), String> {
    let integer = |name: &str, text: &str| match text.parse::<i64>() {
        Ok(number) if number >= 1 => Ok(number),
        _ => Err(format!("{name} `{}` is not a whole number of Wh, 1 or more", clip(text))),
    };
    let first = first.map_or(Ok(1), |text| integer("first_wh", text))?;
    let last = match (last, wh) {
        (Some(text), _) => integer("last_wh", text)?,
        (None, Some(text)) => {
            let wh = integer(WH, text)?;
            first.checked_add(wh - 1).ok_or_else(|| format!("Wh {first} and {wh} more pass 2^63-1"))?
        }
        (None, None) => return Err("how many Wh is empty: fill in last_wh or wh".into()),
    };
    if last < first {
        return Err(format!("last_wh {last} lies before first_wh {first}"));
    }
    Ok((first, last))
}

/// The certificates as a file that `read` takes: the columns are their fields, in the same order.
pub fn write(certificates: &[Certificate]) -> anyhow::Result<String> {
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    csv.write_record(COLUMNS)?;
    certificates.iter().try_for_each(|certificate| csv.serialize(certificate))?;
    let bytes = csv.into_inner().map_err(|e| anyhow::anyhow!("the register cannot be written: {e}"))?;
    Ok(String::from_utf8(bytes)?)
}
