//! Page one: what the entity states, where factors come from, and what the figures do not say.

use super::document::{Disclosed, RevisionReport};
use super::factors_in_use;
use crate::books::Books;
use crate::inputs::Inputs;
use crate::inventory::AnnualClaims;
use crate::matching::score::Scores;
use crate::ruleset::OwnGeneration;
use crate::units::Floored;

/// `files` are those of readings and bills, and what was done to certificates; `annual` on what the annual inventory's
/// claims rest, where the ruleset tells.
pub fn collect(
    inputs: &Inputs,
    books: &Books,
    scores: &Scores,
    files: &[RevisionReport],
    annual: Option<AnnualClaims>,
) -> Disclosed {
    let definitions = &inputs.definitions;
    let may_include =
        definitions.boundaries.iter().filter(|b| b.cfe_includes_own_contracts).map(|b| b.id.clone()).collect();
    let tolerance = definitions.reconciliation_tolerance;
    Disclosed {
        stated: definitions.disclosure.clone(),
        factors: factors_in_use::list(inputs, books),
        g_may_include_own_contracts: may_include,
        limitations: limitations(inputs, books, files, annual),
        metered_coverage: Floored::new(scores.portfolio.quality.load.metered(), scores.portfolio.metered_load),
        reconciliation_tolerance: Floored::new(tolerance.numerator.into(), tolerance.denominator.into())
            .unwrap_or_default(),
    }
}

/// Which rules the market-based inventories follow: the guidance in force counts what certificates are cancelled for.
fn guidance(annual: Option<AnnualClaims>) -> String {
    let Some(AnnualClaims { claimed, backed }) = annual else {
        return "The hourly market-based inventory follows a draft; the annual one follows the Scope 2 Guidance of 2015."
            .into();
    };
    let period: String = match (claimed, backed) {
        (0, _) => {
            "the one over the period follows the Scope 2 Guidance of 2015 and counts nothing under contracts".into()
        }
        (claimed, backed) if backed >= claimed => format!(
            "the one over the period follows the Scope 2 Guidance of 2015: certificates are cancelled for all {claimed} \
             Wh that it counts under contracts"
        ),
        _ => format!(
            "the one over the period does not follow the Scope 2 Guidance of 2015, which counts contracts whose \
             certificates are cancelled: of {claimed} Wh that it counts under contracts they are for {backed}"
        ),
    };
    format!("The hourly market-based inventory follows a draft; {period}.")
}

/// Of a CFE score: forms that show none leave it out.
pub const CFE_MAY_COUNT_TWICE: &str =
    "The grid's carbon-free share may still hold energy of these contracts: the CFE score may count it twice.";

/// What holds of every report, what this one's data adds, and what the entity adds.
fn limitations(inputs: &Inputs, books: &Books, files: &[RevisionReport], annual: Option<AnnualClaims>) -> Vec<String> {
    let mut list: Vec<String> = [
        "Matching compares metered energy by interval inside a market boundary; it does not trace electrons, and it says nothing of congestion inside the boundary.",
        "Average factors describe what was consumed, not what a change in load would have caused; marginal effects are not part of this report.",
    ]
    .map(String::from)
    .to_vec();
    list.push(guidance(annual));
    let mut when = |holds: bool, text: &str| {
        if holds {
            list.push(text.to_string());
        }
    };
    when(inputs.definitions.synthetic, "All data are synthetic: generated, of no real site.");
    when(inputs.definitions.boundaries.iter().any(|b| b.cfe_includes_own_contracts), CFE_MAY_COUNT_TWICE);
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
    when(
        books.sites.iter().any(|s| s.scope_1.is_some()) && books.rules.own_generation == OwnGeneration::First,
        "Own generation that is not carbon-free serves load before any contract; its Scope 1 emission is that of what was used on site, not of what was exported.",
    );
    when(
        inputs.applies_ownership(),
        "Equity share: every emission figure is multiplied by the ownership share of its site; energy and scores are not.",
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
