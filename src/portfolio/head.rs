//! `[portfolio]`, what the whole file goes by, and `[disclosure]`, what the reporting entity states on page one.

use super::common::{Resolution, Table, Zone};
use super::values::{fraction, line, text, texts};
use reports::definitions::{ControlApproach, Disclosure, FactorBasis};
use reports::ruleset::{Ownership, Ruleset};

/// What could be read of it; a part that is missing was refused.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub name: Option<String>,
    pub synthetic: bool,
    pub currency: String,
    pub resolution: Option<Resolution>,
    pub zone: Option<Zone>,
    pub ruleset: Option<Ruleset>,
    /// As written: with a version where the portfolio pins one.
    pub ruleset_name: String,
    pub factor_basis: FactorBasis,
}

pub(super) fn read(root: &mut Table<'_, '_>) -> Head {
    let mut head = Head { currency: "USD".into(), ..Head::default() };
    let Some(mut table) = root.table("portfolio") else {
        root.file.refuse(0, "there is no [portfolio]", "add [portfolio] with name = \"...\"");
        return head;
    };
    table.name = "[portfolio]".into();
    head.name = table.needed_string("name").and_then(|(name, at)| line(&table, "name", name, at));
    head.synthetic = table.boolean("synthetic").unwrap_or(false);
    if let Some((currency, at)) = table.string("currency") {
        if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) {
            head.currency = currency;
        } else {
            let what = format!("currency `{currency}` is not a three-letter code");
            table.file.refuse(at, what, "write currency = \"USD\"");
        }
    }
    head.resolution = match table.string("resolution") {
        None => Some(Resolution::HOUR),
        Some((text, at)) => Resolution::parse(&text)
            .map_err(|error| table.file.refuse(at, error.to_string(), "write resolution = \"60min\""))
            .ok(),
    };
    head.zone = zone(&mut table, Zone::UTC);
    let ruleset = table.string("ruleset");
    let (id, at) = ruleset.unwrap_or_else(|| ("hourly-2026".into(), table.at));
    head.ruleset = match Ruleset::named(&id) {
        Ok((ruleset, _)) => Some(ruleset),
        Err(error) => {
            let hint = "write ruleset = \"hourly-2026\" for its newest version, \"hourly-2026@2\" to stay with one";
            table.file.refuse(at, error.to_string(), hint);
            None
        }
    };
    head.ruleset_name = id;
    let default = head.ruleset.as_ref().map(|ruleset| ruleset.rules.factor_basis).unwrap_or_default();
    head.factor_basis = table.choice("factor_basis").unwrap_or(default);
    table.close();
    head
}

/// `time_zone = "..."` of the portfolio or a site.
pub(super) fn zone(table: &mut Table<'_, '_>, default: Zone) -> Option<Zone> {
    match table.string("time_zone") {
        None => Some(default),
        Some((name, at)) => Zone::parse(&name)
            .map_err(|error| {
                let hint = match name.as_str() {
                    "EST" | "EDT" => "write \"America/New_York\"",
                    _ => "write a name such as \"Europe/Berlin\" or \"America/New_York\"",
                };
                table.refuse(at, error, hint);
            })
            .ok(),
    }
}

/// What is stated, and whether somebody is named who reports, be the name refused or not.
pub(super) fn disclosure(root: &mut Table<'_, '_>, ruleset: Option<&Ruleset>) -> (Disclosure, bool) {
    let Some(mut table) = root.table("disclosure") else { return (Disclosure::default(), false) };
    table.name = "[disclosure]".into();
    let named = table.at_key("reporting_entity") != table.at;
    let disclosure = Disclosure {
        reporting_entity: text(&mut table, "reporting_entity"),
        control_approach: control_approach(&mut table, ruleset),
        base_year: text(&mut table, "base_year"),
        restatement_threshold: fraction(&mut table, "restatement_threshold"),
        gases: text(&mut table, "gases"),
        warming_potentials: text(&mut table, "warming_potentials"),
        limitations: texts(&mut table, "limitations"),
    };
    table.close();
    (disclosure, named)
}

/// One of the three there are, where the ruleset applies ownership shares under one of them; any text under older ones.
fn control_approach(table: &mut Table<'_, '_>, ruleset: Option<&Ruleset>) -> Option<String> {
    let stated = text(table, "control_approach")?;
    if let Some(ruleset) = ruleset.filter(|ruleset| ruleset.rules.ownership == Ownership::Applied)
        && ControlApproach::read(&stated).is_none()
    {
        let known = ControlApproach::ALL.map(|approach| format!("\"{}\"", approach.name()));
        let what = format!("control_approach `{stated}` is not known to ruleset {}", ruleset.pinned());
        let hint = format!("write {}, or pin an older ruleset", known.join(" or "));
        table.refuse(table.at_key("control_approach"), what, hint);
    }
    Some(stated)
}
