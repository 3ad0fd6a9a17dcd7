//! `[[boundary]]` and `[[link]]`: market areas, what their grid's figures rest on, and which are adjacent.

use super::common::{BoundaryId, File, Serialize, Table, did_you_mean};
use super::values::{milligrams, text};
use reports::definitions::{BoundaryDef, FactorSource, LinkDef};
use std::collections::BTreeSet;

/// What planning needs of a boundary beyond its definition.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct BoundaryPlan {
    /// Used where no price series exists.
    pub price_per_mwh: Option<f64>,
}

pub(super) fn read(mut table: Table<'_, '_>) -> Option<(BoundaryDef, BoundaryPlan, usize)> {
    let id = table.named_by_id("boundary");
    let price_per_mwh = table.number("price_per_mwh");
    let mut grams = |key| table.number(key).map(milligrams);
    let default_fossil_mg_per_kwh = grams("default_fossil_g_per_kwh");
    let sss_mg_per_kwh = grams("sss_g_per_kwh");
    let legacy_mg_per_kwh = grams("legacy_g_per_kwh");
    let annual_residual_mg_per_kwh = grams("annual_residual_g_per_kwh");
    let cfe_basis = table.choice("cfe_basis").unwrap_or_else(|| "production".into());
    let cfe_includes_own_contracts = table.boolean("cfe_includes_own_contracts").unwrap_or(true);
    let factor_basis = table.choice("factor_basis");
    let factor_source = table.table("factor_source").and_then(source);
    let at = table.at;
    table.close();
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

fn source(mut table: Table<'_, '_>) -> Option<FactorSource> {
    let mut part = |key: &'static str| {
        table.needs(key);
        text(&mut table, key)
    };
    let publication = part("publication");
    let year = part("year");
    let region = part("region");
    table.close();
    Some(FactorSource { publication: publication?, year: year?, region: region? })
}

/// `boundary = "..."` or another key that names one; it must be defined.
pub(super) fn reference(
    table: &mut Table<'_, '_>,
    key: &'static str,
    known: &BTreeSet<BoundaryId>,
) -> Option<BoundaryId> {
    let named = table.needed_name(key, known.first().map(BoundaryId::as_str))?;
    Some(defined(table, named, known))
}

/// `boundary = "..."` of a site, which has one even without a grid.
pub(super) fn of_site(table: &mut Table<'_, '_>, known: &BTreeSet<BoundaryId>) -> Option<BoundaryId> {
    let first = known.first().map_or("PJM", BoundaryId::as_str);
    let hint = format!("add boundary = \"{first}\"; a site off the grid needs a [[boundary]] of its own");
    let named = table.needed_string_or("boundary", hint)?;
    Some(defined(table, named, known))
}

/// The boundary a key names, refused where there is none such.
fn defined(table: &Table<'_, '_>, (id, at): (String, usize), known: &BTreeSet<BoundaryId>) -> BoundaryId {
    if !known.contains(id.as_str()) {
        let names: Vec<&str> = known.iter().map(BoundaryId::as_str).collect();
        let hint = did_you_mean(&id, &names, || {
            format!("add [[boundary]] with id = \"{id}\", or use one of: {}", names.join(" "))
        });
        table.refuse(at, format!("boundary `{id}` is not defined"), hint);
    }
    id.into()
}

/// Adjacent boundaries, between which energy passes in hours that pass the price test.
pub(super) fn link(mut table: Table<'_, '_>, known: &BTreeSet<BoundaryId>) -> Option<(LinkDef, usize)> {
    let from = reference(&mut table, "from", known);
    let to = reference(&mut table, "to", known);
    let nonpositive_price_passes = table.boolean("nonpositive_price_passes").unwrap_or(false);
    let (file, at) = (table.file, table.at);
    table.close();
    let link = LinkDef { from: from?, to: to?, nonpositive_price_passes };
    if link.from == link.to {
        file.refuse(at, format!("[[link]] leads from {} to itself", link.from), "name two boundaries");
    }
    Some((link, at))
}

/// Each pair at most once.
pub(super) fn unique_links(file: &File<'_>, links: &[(LinkDef, usize)]) {
    let mut seen = BTreeSet::new();
    for (link, at) in links {
        if !seen.insert((&link.from, &link.to)) {
            file.refuse(*at, format!("[[link]] {link} is defined twice"), "keep one of them");
        }
    }
}
