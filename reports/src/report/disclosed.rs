//! Page one: what the entity states, where factors come from, and what the figures do not say.

use super::{Disclosed, FactorReport, RevisionReport};
use crate::books::Books;
use crate::definitions::BoundaryDef;
use crate::factors;
use crate::inputs::Inputs;
use crate::matching::score::Scores;
use crate::ruleset::FallbackTier;
use crate::units::floored_six;

/// `files` are those of readings and bills, and what was done to certificates.
pub fn of(inputs: &Inputs, books: &Books, scores: &Scores, files: &[RevisionReport]) -> Disclosed {
    let definitions = &inputs.definitions;
    let may_include =
        definitions.boundaries.iter().filter(|b| b.cfe_includes_own_contracts).map(|b| b.id.clone()).collect();
    let tolerance = definitions.reconciliation_tolerance;
    Disclosed {
        stated: definitions.disclosure.clone(),
        factors: factors(inputs, books),
        g_may_include_own_contracts: may_include,
        limitations: limitations(inputs, books, files),
        metered_coverage: floored_six(scores.portfolio.quality.load.metered(), scores.portfolio.metered_load),
        reconciliation_tolerance: floored_six(tolerance.numerator.into(), tolerance.denominator.into())
            .unwrap_or_default(),
    }
}

fn factors(inputs: &Inputs, books: &Books) -> Vec<FactorReport> {
    let basis = inputs.definitions.factor_basis;
    let mut list = Vec::new();
    for (book, definition) in books.boundaries.iter().zip(&inputs.definitions.boundaries) {
        let mut supplied =
            |what: &str, value: String| list.push(of_boundary(definition, what, value, book.factor_basis.name()));
        if book.intensity_mg_per_kwh.is_some() {
            supplied("location-based intensity", "by interval".into());
        }
        for tier in [FallbackTier::ResidualIntensity, FallbackTier::ResidualComputed, FallbackTier::FossilIntensity] {
            if book.fallback_tier.contains(&tier) {
                supplied(tier.name(), "by interval".into());
            }
        }
        if let Some(t) = book.fallback_tier.iter().position(|tier| *tier == FallbackTier::DefaultFossil) {
            supplied("default_fossil", grams(book.fallback_mg_per_kwh[t]));
        }
        if let Some(mg) = book.annual_mg_per_kwh {
            supplied("annual residual", grams(mg));
        }
    }
    for row in inputs.factors.rows() {
        let used = inputs.fuels.values().any(|fuels| fuels.contains(&row.fuel));
        if used {
            list.push(FactorReport {
                subject: row.fuel.clone(),
                what: "fuel of a grid mix".into(),
                value: grams(row.mg_per_kwh(basis)),
                basis: basis.name().into(),
                publication: factors::PUBLICATION.into(),
                year: factors::YEAR.into(),
                region: factors::REGION.into(),
            });
        }
    }
    list
}

fn of_boundary(definition: &BoundaryDef, what: &str, value: String, basis: &str) -> FactorReport {
    let stated = |value: Option<&String>| value.cloned().unwrap_or_else(|| "not stated".into());
    let source = definition.factor_source.as_ref();
    FactorReport {
        subject: definition.id.clone(),
        what: what.into(),
        value,
        basis: basis.into(),
        publication: stated(source.map(|s| &s.publication)),
        year: stated(source.map(|s| &s.year)),
        region: stated(source.map(|s| &s.region)),
    }
}

fn grams(mg: i64) -> String {
    format!("{}.{:03} g/kWh", mg / 1_000, mg % 1_000)
}

/// What holds of every report, what this one's data adds, and what the entity adds.
fn limitations(inputs: &Inputs, books: &Books, files: &[RevisionReport]) -> Vec<String> {
    let mut list: Vec<String> = [
        "Matching compares metered energy by interval inside a market boundary; it does not trace electrons, and it says nothing of congestion inside the boundary.",
        "Average factors describe what was consumed, not what a change in load would have caused; marginal effects are not part of this report.",
        "The hourly market-based inventory follows a draft; the annual one follows the Scope 2 Guidance of 2015.",
    ]
    .map(String::from)
    .to_vec();
    let mut when = |holds: bool, text: &str| {
        if holds {
            list.push(text.to_string());
        }
    };
    when(inputs.definitions.synthetic, "All data are synthetic: generated, of no real site.");
    when(
        inputs.definitions.boundaries.iter().any(|b| b.cfe_includes_own_contracts),
        "The grid's carbon-free share may still hold energy of these contracts: the CFE score may count it twice.",
    );
    when(
        books.sites.iter().any(|s| !s.estimated.load_wh.is_empty()),
        "Part of the load is estimated; it is counted as load and never matched.",
    );
    when(
        inputs.definitions.contracts.iter().any(|c| c.profile.is_some()),
        "Some plants are scaled from a regional profile where they have no meter of their own.",
    );
    when(
        books.storage.iter().any(|s| !s.opening_known),
        "Storage without a state of charge at the start: its opening charge is the least the readings allow, none of it clean.",
    );
    let received: Vec<&RevisionReport> = files.iter().filter(|file| !file.file_sha256.is_empty()).collect();
    let unexplained = received.iter().filter(|file| file.actor.is_none() && file.reason.is_none()).count();
    if unexplained > 0 {
        list.push(format!(
            "{unexplained} of {} received files were recorded without an actor or a reason.",
            received.len()
        ));
    }
    list.extend(inputs.definitions.disclosure.limitations.iter().cloned());
    list
}
