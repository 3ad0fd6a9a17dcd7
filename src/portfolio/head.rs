//! `[portfolio]`: what the whole file goes by.

use super::file::File;
use super::values::line;
use super::walk::Table;
use reports::definitions::FactorBasis;
use reports::ruleset::Ruleset;
use reports::time::{Resolution, Zone};

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

pub(super) fn read(file: &mut File<'_>, root: &mut Table<'_, '_>) -> Head {
    let mut head = Head { currency: "USD".into(), ..Head::default() };
    let Some(mut table) = root.table(file, "portfolio") else {
        file.refuse(0, "there is no [portfolio]", "add [portfolio] with name = \"...\"");
        return head;
    };
    table.name = "[portfolio]".into();
    head.name = table.needed_string(file, "name").and_then(|(name, at)| line(file, "[portfolio]", "name", name, at));
    head.synthetic = table.boolean(file, "synthetic").unwrap_or(false);
    if let Some((currency, at)) = table.string(file, "currency") {
        if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) {
            head.currency = currency;
        } else {
            file.refuse(at, format!("currency `{currency}` is not a three-letter code"), "write currency = \"USD\"");
        }
    }
    head.resolution = match table.string(file, "resolution") {
        None => Some(Resolution::HOUR),
        Some((text, at)) => Resolution::parse(&text)
            .map_err(|error| file.refuse(at, error.to_string(), "write resolution = \"60min\""))
            .ok(),
    };
    head.zone = zone(file, &mut table, Zone::UTC);
    let ruleset = table.string(file, "ruleset");
    let (id, at) = ruleset.unwrap_or_else(|| ("hourly-2026".into(), table.at));
    head.ruleset = match Ruleset::named(&id) {
        Ok((ruleset, _)) => Some(ruleset),
        Err(error) => {
            let hint = "write ruleset = \"hourly-2026\" for its newest version, \"hourly-2026@2\" to stay with one";
            file.refuse(at, error.to_string(), hint);
            None
        }
    };
    head.ruleset_name = id;
    let default = head.ruleset.as_ref().map(|ruleset| ruleset.rules.factor_basis).unwrap_or_default();
    head.factor_basis = table.choice(file, "factor_basis").and_then(FactorBasis::parse).unwrap_or(default);
    table.close(file);
    head
}

/// `time_zone = "..."` of the portfolio or a site.
pub(super) fn zone(file: &mut File<'_>, table: &mut Table<'_, '_>, default: Zone) -> Option<Zone> {
    match table.string(file, "time_zone") {
        None => Some(default),
        Some((name, at)) => Zone::parse(&name)
            .map_err(|error| {
                let hint = match name.as_str() {
                    "EST" | "EDT" => "write \"America/New_York\"",
                    _ => "write a name such as \"Europe/Berlin\" or \"America/New_York\"",
                };
                file.refuse(at, format!("{}: {error}", table.name), hint);
            })
            .ok(),
    }
}
