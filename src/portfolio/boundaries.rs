//! `[[boundary]]`: market areas, and what their grid's figures rest on.

use super::file::File;
use super::values::{milligrams, text};
use super::walk::Table;
use reports::definitions::{BoundaryDef, FactorBasis, FactorSource};
use reports::text::did_you_mean;
use std::collections::BTreeSet;

/// What planning needs of a boundary beyond its definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoundaryPlan {
    /// Used where no price series exists.
    pub price_per_mwh: Option<f64>,
}

pub(super) fn read(file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<(BoundaryDef, BoundaryPlan, usize)> {
    let id = table.named_by_id(file, "boundary");
    let price_per_mwh = table.number(file, "price_per_mwh");
    let mut grams = |file: &mut File<'_>, key| table.number(file, key).map(milligrams);
    let default_fossil_mg_per_kwh = grams(file, "default_fossil_g_per_kwh");
    let sss_mg_per_kwh = grams(file, "sss_g_per_kwh");
    let legacy_mg_per_kwh = grams(file, "legacy_g_per_kwh");
    let annual_residual_mg_per_kwh = grams(file, "annual_residual_g_per_kwh");
    let cfe_basis = table.choice(file, "cfe_basis").unwrap_or("production").to_string();
    let cfe_includes_own_contracts = table.boolean(file, "cfe_includes_own_contracts").unwrap_or(true);
    let factor_basis = table.choice(file, "factor_basis").and_then(FactorBasis::parse);
    let factor_source = table.table(file, "factor_source").and_then(|t| source(file, t));
    let at = table.at;
    table.close(file);
    let definition = BoundaryDef {
        id: id?,
        cfe_basis,
        cfe_includes_own_contracts,
        default_fossil_mg_per_kwh,
        sss_mg_per_kwh,
        legacy_mg_per_kwh,
        annual_residual_mg_per_kwh,
        factor_basis,
        factor_source,
    };
    Some((definition, BoundaryPlan { price_per_mwh }, at))
}

fn source(file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<FactorSource> {
    let mut part = |file: &mut File<'_>, key: &'static str| {
        table.needs(file, key);
        text(file, &mut table, key)
    };
    let publication = part(file, "publication");
    let year = part(file, "year");
    let region = part(file, "region");
    table.close(file);
    Some(FactorSource { publication: publication?, year: year?, region: region? })
}

/// `boundary = "..."` or another key that names one; it must be defined.
pub(super) fn reference(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    key: &'static str,
    known: &BTreeSet<String>,
) -> Option<String> {
    let (id, at) = table.needed_name(file, key, known.first().map(String::as_str))?;
    Some(defined(file, table, (id, at), known))
}

/// `boundary = "..."` of a site, which has one even without a grid.
pub(super) fn of_site(file: &mut File<'_>, table: &mut Table<'_, '_>, known: &BTreeSet<String>) -> Option<String> {
    let hint = format!("add boundary = \"{}\"; a site off the grid needs a [[boundary]] of its own", first(known));
    let named = table.needed_string_or(file, "boundary", hint)?;
    Some(defined(file, table, named, known))
}

fn first(known: &BTreeSet<String>) -> &str {
    known.iter().next().map_or("PJM", String::as_str)
}

/// The boundary a key names, refused where there is none such.
fn defined(file: &mut File<'_>, table: &Table<'_, '_>, (id, at): (String, usize), known: &BTreeSet<String>) -> String {
    if !known.contains(&id) {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = did_you_mean(&id, &names, || {
            format!("add [[boundary]] with id = \"{id}\", or use one of: {}", names.join(" "))
        });
        file.refuse(at, format!("{}: boundary `{id}` is not defined", table.name), hint);
    }
    id
}
