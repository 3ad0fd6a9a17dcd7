//! What kind of claim a contract is, for how long, and on which certificates it rests.

use super::file::File;
use super::known::Known;
use super::values::{instant, mega, text};
use super::walk::Table;
use reports::definitions::{CertificateRule, ContractKind};
use reports::ruleset;
use reports::time::Instant;

pub(super) struct Terms {
    pub kind: ContractKind,
    pub shaped_w: Option<i64>,
    pub annual_wh: Option<i64>,
    pub capacity_w: Option<i64>,
    pub valid_from: Option<Instant>,
    pub valid_to: Option<Instant>,
    pub certificates: CertificateRule,
    pub registry: Option<String>,
    pub beneficiary: Option<String>,
    pub commissioned: Option<String>,
    pub meter: Option<String>,
    pub accuracy_class: Option<String>,
}

pub(super) fn terms(file: &mut File<'_>, table: &mut Table<'_, '_>, known: &Known<'_>) -> Terms {
    let kind = kind(file, table);
    let shaped_w = mega(file, table, "shaped_mw");
    let annual_wh = mega(file, table, "annual_mwh");
    let capacity_w = mega(file, table, "capacity_mw");
    if annual_wh.is_some() && kind != ContractKind::Legacy {
        let what = format!("{}: `annual_mwh` belongs to kind = \"legacy\"", table.name);
        file.refuse(table.at_key("annual_mwh"), what, "take one of them out");
    }
    let valid_from = instant(file, table, "valid_from", known.time);
    let valid_to = instant(file, table, "valid_to", known.time);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to <= from
    {
        let what = format!("{}: valid_to is not after valid_from", table.name);
        file.refuse(table.at_key("valid_to"), what, "write a later date");
    }
    let certificates = certificates(file, table, kind);
    let registry = text(file, table, "registry");
    let beneficiary = text(file, table, "beneficiary");
    if certificates == CertificateRule::Required && beneficiary.is_none() {
        check_beneficiary(file, table, known);
    }
    Terms {
        kind,
        shaped_w,
        annual_wh,
        capacity_w,
        valid_from,
        valid_to,
        certificates,
        registry,
        beneficiary,
        commissioned: commissioned(file, table),
        meter: text(file, table, "meter"),
        accuracy_class: text(file, table, "accuracy_class"),
    }
}

fn kind(file: &mut File<'_>, table: &mut Table<'_, '_>) -> ContractKind {
    table.choice(file, "kind").and_then(ContractKind::parse).unwrap_or(ContractKind::Hourly)
}

/// Unbundled energy is its certificates, and nothing without them.
fn certificates(file: &mut File<'_>, table: &mut Table<'_, '_>, kind: ContractKind) -> CertificateRule {
    let stated = table.choice(file, "certificates").map(|rule| match rule {
        "required" => CertificateRule::Required,
        _ => CertificateRule::Stated,
    });
    match (kind, stated) {
        (ContractKind::Unbundled, Some(CertificateRule::Stated)) => {
            let what = format!("{}: an unbundled contract consists only of its certificates", table.name);
            file.refuse(table.at_key("certificates"), what, "write certificates = \"required\" or leave it out");
            CertificateRule::Required
        }
        (ContractKind::Unbundled, _) => CertificateRule::Required,
        (_, stated) => stated.unwrap_or_default(),
    }
}

/// Certificates that back what their beneficiary allows need somebody they are cancelled for.
fn check_beneficiary(file: &mut File<'_>, table: &Table<'_, '_>, known: &Known<'_>) {
    let by_hour = known.ruleset.is_some_and(|r| r.rules.certificates == ruleset::CertificateRule::Hour);
    if by_hour && !known.entity && table.at_key("beneficiary") == table.at {
        let what = format!("{}: certificates are required, but no beneficiary is stated", table.name);
        let hint = "add beneficiary = \"Example AI Ltd\", or reporting_entity in [disclosure]";
        file.refuse(table.at_key("certificates"), what, hint);
    }
}

fn commissioned(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<String> {
    let (text, at) = table.string(file, "commissioned")?;
    // `2021-6-1` is the same day, but packs hold the text; a year has four digits.
    let date = text.parse::<chrono::NaiveDate>().ok().filter(|date| date.to_string() == text && text.len() == 10);
    if date.is_none() {
        let what = format!("{}: commissioned `{text}` is not a date", table.name);
        file.refuse(at, what, "write commissioned = \"2021-06-01\"");
        return None;
    }
    Some(text)
}
