//! What a report is of: period, ruleset, restatement, what is disclosed.

use super::kinds::{
    count, digest, fraction, instant, integer, list, nullable, object, reference, score, text, texts, words,
};
use serde_json::Value;

/// Each by its name in `$defs`.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("period", period()),
        ("ruleset", ruleset()),
        ("restatement", restatement()),
        ("delta", delta()),
        ("disclosure", disclosure()),
        ("stated", stated()),
        ("factor", factor()),
        ("revision", revision()),
        ("exception", exception()),
    ]
}

fn period() -> Value {
    object(
        "The half-open period, on the grid of its resolution.",
        vec![
            ("start", instant("First instant.")),
            ("end", instant("First instant past the period.")),
            ("intervals", count("Intervals in the period.")),
        ],
    )
}

fn ruleset() -> Value {
    object(
        "The rules that produced the figures.",
        vec![
            ("id", text("Such as hourly-2026.")),
            ("version", text("Version of the ruleset.")),
            ("title", text("In words.")),
            (
                "headline",
                words("The score this ruleset puts first.", &["matched_share", "cfe_score", "annual_share_capped"]),
            ),
            ("sha256", digest("Hash of the ruleset as published.")),
        ],
    )
}

fn restatement() -> Value {
    object(
        "Why and by whom the report was made again, and what changed.",
        vec![
            ("reason", text("As stated.")),
            ("actor", text("As stated.")),
            (
                "totals",
                list(
                    "Headline figures that changed, portfolio first, then boundaries; then claims of contracts.",
                    "delta",
                ),
            ),
            ("intervals_changed", count("Intervals whose figures changed.")),
        ],
    )
}

fn delta() -> Value {
    object(
        "One figure before and after.",
        vec![
            ("scope", text("A boundary's id, portfolio, or contract/ and a contract's id.")),
            ("start", text("Start of the interval; empty for totals over the period.")),
            ("figure", text("Name of the figure.")),
            ("before", text("As it was.")),
            ("after", text("As it is.")),
        ],
    )
}

fn disclosure() -> Value {
    object(
        "Page one for an auditor.",
        vec![
            ("stated", reference("stated")),
            ("factors", list("Where factors in use come from.", "factor")),
            ("g_may_include_own_contracts", texts("Boundaries whose grid share may still hold these contracts.")),
            ("limitations", texts("What these figures do not say, every report's and the entity's own.")),
            ("metered_coverage", nullable(score("Load metered by measured, validated or calculated readings."))),
            ("reconciliation_tolerance", score("Part of an invoice that hourly sums may differ by.")),
        ],
    )
}

fn stated() -> Value {
    object(
        "What the reporting entity states; null where it states nothing.",
        vec![
            ("reporting_entity", nullable(text("Name."))),
            ("control_approach", nullable(text("Operational control, financial control or equity share."))),
            ("base_year", nullable(text("Year that later ones are compared with."))),
            (
                "restatement_threshold",
                nullable(fraction("A change of the base year's figures past this part restates it.")),
            ),
            ("gases", nullable(text("Gases covered."))),
            ("warming_potentials", nullable(text("Source of the warming potentials."))),
            ("limitations", texts("What the entity adds to the limitations.")),
        ],
    )
}

fn factor() -> Value {
    object(
        "A factor in use.",
        vec![
            ("subject", text("A boundary, or a fuel or technology of the factor table.")),
            ("what", text("What the factor is for.")),
            ("value", text("With its unit, or by interval.")),
            ("basis", words("What the factor counts.", &["direct", "life-cycle"])),
            ("publication", text("Where it is published, or not stated.")),
            ("year", text("Of what year, or not stated.")),
            ("region", text("Of which region, or not stated.")),
        ],
    )
}

fn revision() -> Value {
    object(
        "A file taken in whose readings or bills were used, or something done to certificates.",
        vec![
            ("recorded", instant("When it was recorded.")),
            ("file_sha256", text("Hash of the file; empty for what was done to certificates.")),
            ("actor", nullable(text("Who recorded it, where stated."))),
            ("reason", nullable(text("Why, where stated."))),
            ("readings", count("Readings used; zero of invoices and certificates.")),
        ],
    )
}

fn exception() -> Value {
    object(
        "Something an auditor should know.",
        vec![
            ("code", text("What kind.")),
            ("series", text("The series it is about.")),
            ("start", instant("From.")),
            ("end", instant("To, half-open.")),
            ("wh", integer("Energy concerned.")),
            ("message", text("In words.")),
        ],
    )
}
