//! Factors in use, each with where it comes from. A table of factors is cited as its publication, what a boundary
//! supplies by the source it states.

use super::document::FactorReport;
use super::values::FactorValue;
use crate::books::{Books, BoundaryBook, Origin};
use crate::definitions::{BoundaryDef, FactorBasis};
use crate::factors;
use crate::inputs::Inputs;
use crate::ruleset::{ClaimedFactor, FactorSourceRule, FallbackTier, OwnGeneration, Step};
use std::collections::BTreeMap;

pub(super) fn list(inputs: &Inputs, books: &Books) -> Vec<FactorReport> {
    let basis = inputs.definitions.factor_basis;
    let mut list = Vec::new();
    for (book, definition) in books.boundaries.iter().zip(&inputs.definitions.boundaries) {
        of_book(book, definition, inputs.ruleset.rules.factor_source, basis, &mut list);
    }
    for row in inputs.factors.rows() {
        let used = inputs.fuels.values().any(|fuels| fuels.contains(&row.fuel));
        if used {
            let value = FactorValue::MgPerKwh(row.mg_per_kwh(basis));
            list.push(of_table(&row.fuel, "fuel of a grid mix", value, basis));
        }
    }
    claimed(inputs, books, &mut list);
    own_generation(books, &mut list);
    list
}

/// What series and keys of a boundary tell by the source it states, what is weighed by the table of factors by that; a
/// factor of which some intervals are told and others weighed stands twice. Rulesets that cite by boundary take the source
/// that it states, whatever told the factor.
fn of_book(
    book: &BoundaryBook,
    definition: &BoundaryDef,
    rule: FactorSourceRule,
    basis: FactorBasis,
    list: &mut Vec<FactorReport>,
) {
    let supplied = Origin { supplied: true, table: false };
    let table = Origin { supplied: false, table: true };
    let told = Origin { supplied: book.intensity_mg_per_kwh.is_some(), table: false };
    let (intensity, computed, fossil, unstated, supplied_basis) = match rule {
        FactorSourceRule::Boundary => (told, supplied, supplied, supplied, book.factor_basis),
        FactorSourceRule::Origin => (book.origins.intensity, table, book.origins.fossil, table, book.origins.supplied),
    };
    let mut add = |what: &str, origin: Origin, value: Option<i64>| {
        let shown = |by_interval| value.map_or(by_interval, FactorValue::MgPerKwh);
        if origin.supplied {
            list.push(of_boundary(definition, what, shown(FactorValue::ByInterval), supplied_basis));
        }
        if origin.table {
            list.push(of_table(&definition.id, what, shown(FactorValue::OfTheMix), basis));
        }
    };
    add("location-based intensity", intensity, None);
    for (tier, origin) in [
        (FallbackTier::ResidualIntensity, supplied),
        (FallbackTier::ResidualComputed, computed),
        (FallbackTier::FossilIntensity, fossil),
    ] {
        if book.fallback_tier.contains(&tier) {
            add(tier.name(), origin, None);
        }
    }
    if let Some(t) = book.fallback_tier.iter().position(|tier| *tier == FallbackTier::DefaultFossil) {
        let origin = if definition.default_fossil_mg_per_kwh.is_some() { supplied } else { unstated };
        add("default_fossil", origin, Some(book.fallback_mg_per_kwh[t]));
    }
    if let Some(mg) = book.annual_mg_per_kwh {
        add("annual residual", supplied, Some(mg));
    }
}

/// Technologies whose own factor weighs energy claimed under a contract that states none.
fn claimed(inputs: &Inputs, books: &Books, list: &mut Vec<FactorReport>) {
    if inputs.ruleset.rules.claimed_factor == ClaimedFactor::Zero {
        return;
    }
    let basis = inputs.definitions.factor_basis;
    let states_one = |id: &str| {
        let contract = inputs.definitions.contracts.iter().find(|c| c.id == id);
        contract.is_none_or(|contract| contract.ef_mg_per_kwh.is_some())
    };
    let claimed = [Step::Contracts, Step::Legacy, Step::Unbundled];
    let mut technologies: BTreeMap<&str, i64> = BTreeMap::new();
    for instrument in books.instruments.iter().filter(|i| claimed.contains(&i.step) && !states_one(&i.id)) {
        let legacy = inputs.definitions.boundaries[instrument.boundary].legacy_mg_per_kwh;
        if instrument.step != Step::Legacy || legacy.is_none() {
            technologies.insert(&instrument.technology, instrument.ef_mg_per_kwh);
        }
    }
    for (technology, mg) in technologies {
        list.push(of_table(technology, "energy claimed", FactorValue::MgPerKwh(mg), basis));
    }
}

/// Technologies of own generation whose emission is Scope 1: direct, whatever the basis of the rest.
fn own_generation(books: &Books, list: &mut Vec<FactorReport>) {
    if books.rules.own_generation == OwnGeneration::Beside {
        return;
    }
    let own = books.sites.iter().filter_map(|site| site.scope_1.as_ref());
    let known = own.filter_map(|own| own.mg_per_kwh.map(|mg| (own.technology.as_str(), mg)));
    for (technology, mg) in known.collect::<BTreeMap<&str, i64>>() {
        list.push(of_table(technology, "own generation, Scope 1", FactorValue::MgPerKwh(mg), FactorBasis::Direct));
    }
}

fn of_boundary(definition: &BoundaryDef, what: &str, value: FactorValue, basis: FactorBasis) -> FactorReport {
    let source = match &definition.factor_source {
        Some(source) => [&source.publication, &source.year, &source.region].map(String::as_str),
        None => ["not stated"; 3],
    };
    of_source(&definition.id, what, value, basis, source)
}

fn of_table(subject: &str, what: &str, value: FactorValue, basis: FactorBasis) -> FactorReport {
    of_source(subject, what, value, basis, [factors::PUBLICATION, factors::YEAR, factors::REGION])
}

fn of_source(subject: &str, what: &str, value: FactorValue, basis: FactorBasis, source: [&str; 3]) -> FactorReport {
    let [subject, what] = [subject, what].map(String::from);
    let [publication, year, region] = source.map(String::from);
    FactorReport { subject, what, value, basis, publication, year, region }
}
