//! What kind of claim a contract is, for how long, and on which certificates it rests.

use super::known::Known;
use super::walk::Table;
use reports::definitions::{CertificateRule, ContractKind};
use reports::ruleset;
use reports::time::Instant;

pub(super) fn check_annual(table: &Table<'_, '_>, kind: ContractKind, annual_wh: Option<i64>) {
    if annual_wh.is_some() && kind != ContractKind::Legacy {
        let what = "`annual_mwh` belongs to kind = \"legacy\"";
        table.refuse(table.at_key("annual_mwh"), what, "take one of them out");
    }
}

pub(super) fn check_span(table: &Table<'_, '_>, valid_from: Option<Instant>, valid_to: Option<Instant>) {
    if valid_from.zip(valid_to).is_some_and(|(from, to)| to <= from) {
        table.refuse(table.at_key("valid_to"), "valid_to is not after valid_from", "write a later date");
    }
}

/// Unbundled energy is its certificates, and nothing without them.
pub(super) fn certificates(table: &mut Table<'_, '_>, kind: ContractKind) -> CertificateRule {
    let stated = table.choice("certificates");
    match (kind, stated) {
        (ContractKind::Unbundled, Some(CertificateRule::Stated)) => {
            let what = "an unbundled contract consists only of its certificates";
            let hint = "write certificates = \"required\" or leave it out";
            table.refuse(table.at_key("certificates"), what, hint);
            CertificateRule::Required
        }
        (ContractKind::Unbundled, _) => CertificateRule::Required,
        (_, stated) => stated.unwrap_or_default(),
    }
}

/// Certificates that back what their beneficiary allows need somebody they are cancelled for.
pub(super) fn check_beneficiary(table: &Table<'_, '_>, known: &Known<'_>) {
    let by_hour = known.ruleset.is_some_and(|r| r.rules.certificates == ruleset::CertificateRule::Hour);
    if by_hour && !known.entity && table.at_key("beneficiary") == table.at {
        let hint = "add beneficiary = \"Example AI Ltd\", or reporting_entity in [disclosure]";
        let what = "certificates are required, but no beneficiary is stated";
        table.refuse(table.at_key("certificates"), what, hint);
    }
}

/// `2021-6-1` is the same day, but packs hold the text; a year has four digits.
pub(super) fn is_date(text: &str) -> bool {
    text.parse::<chrono::NaiveDate>().is_ok_and(|date| date.to_string() == text && text.len() == 10)
}
