//! The named scores of page one. They answer different questions and never mix.

use super::figures::{
    NOT_APPLICABLE, NOT_SUPPLIED, count, grouped, matched, percent, percent_or_none, tonnes_in_short,
};
use super::frame::Frame;
use crate::figures::{of_some, own_generation};
use crate::names;
use reports::report::{Report, Totals};

/// One score: its name, its figure and a line of plain meaning.
pub struct Score {
    pub name: &'static str,
    pub value: String,
    pub meaning: String,
}

fn score(name: &'static str, value: String, meaning: impl Into<String>) -> Score {
    Score { name, value, meaning: meaning.into() }
}

/// The score with what of it cancelled certificates back, where the report tells.
fn with_backed(score: Score, frame: &Frame<'_>, field: &str) -> Score {
    match names::backed(&frame.report.portfolio, field) {
        None => score,
        Some(of) => {
            let backed = of.sentence(percent, |wh| frame.energy.down(wh));
            Score { meaning: format!("{} {}.", score.meaning, capital(&backed)), ..score }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The score the ruleset puts first.
pub fn headline(frame: &Frame<'_>) -> Score {
    let report = frame.report;
    with_backed(first(frame), frame, &report.ruleset.headline)
}

fn first(frame: &Frame<'_>) -> Score {
    let report = frame.report;
    let totals = &report.portfolio;
    match report.ruleset.headline.as_str() {
        "cfe_score" => score(
            "CFE score",
            cfe_score(totals),
            "Matched energy plus the grid's own carbon-free share of what was left, over load. Not a claim on \
             contracts.",
        ),
        "annual_share_capped" => score(
            frame.names.volumetric_capped(),
            percent_or_none(totals.annual_share_capped.as_ref()),
            "Contracted energy over load of the whole period, each boundary counting at most its own load. It says \
             nothing about hours.",
        ),
        _ => score(
            "Matched share, hourly",
            matched_share(totals),
            "Load covered by contracted or own carbon-free supply in the same interval and the same market boundary.",
        ),
    }
}

/// The shares beside the headline, which is left out.
pub fn shares(frame: &Frame<'_>) -> Vec<Score> {
    let report = frame.report;
    let totals = &report.portfolio;
    let capped = percent_or_none(totals.annual_share_capped.as_ref());
    let volumetric = score(
        frame.names.volumetric(),
        percent_or_none(totals.annual_share.as_ref()),
        format!("Contracted over load. Capped: {capped}."),
    );
    let mut scores = vec![with_backed(volumetric, frame, "annual_share")];
    if matches!(report.ruleset.headline.as_str(), "cfe_score" | "annual_share_capped") {
        let matched = score("Matched share, hourly", matched_share(totals), "In the same interval and boundary.");
        scores.push(with_backed(matched, frame, "matched_share"));
    }
    if report.ruleset.headline != "cfe_score" {
        let cfe = score("CFE score", cfe_score(totals), "Matched, plus the grid's part of the rest.");
        scores.push(with_backed(cfe, frame, "cfe_score"));
    }
    let backed = totals.backed.as_ref().map_or_else(String::new, |figures| match figures.intervals_fully_backed {
        Some(full) => format!(" Backed in full by cancelled certificates: {}.", count(full)),
        None => format!(" Backed in full: none ({}).", names::NO_CERTIFICATES),
    });
    let full = format!("Nothing unmatched in any boundary.{backed}");
    scores.push(score("Intervals fully matched / with load", fully_matched(totals), full));
    scores.push(score(
        "Matched share, metered only",
        percent_or_none(totals.matched_metered_share.as_ref()),
        "Matched, neither estimated nor profiled, over all load.",
    ));
    scores
}

/// The inventories in t CO2e, each by its own method.
pub fn emissions(frame: &Frame<'_>) -> Vec<Score> {
    let report = frame.report;
    let emissions = &report.portfolio.emissions;
    let mass = |name, grams: Option<i128>, meaning: &str| {
        let exactly = grams.map_or_else(|| meaning.to_string(), |g| format!("{meaning} {} g.", grouped(g)));
        score(name, tonnes_in_short(grams), exactly)
    };
    let mut scores = vec![
        mass("Location-based, t\u{a0}CO2e", emissions.location_based_g, "What was purchased, at the grid average."),
        mass(frame.names.market_based_t(), emissions.market_based_annual_g, ""),
        mass("Market-based hourly (draft), t\u{a0}CO2e", emissions.market_based_hourly_g, ""),
    ];
    let claims = [(1, "market_based_annual_g"), (2, "market_based_hourly_g")];
    for (place, field) in claims {
        if let Some(score) = scores.get_mut(place) {
            score.meaning = format!("{}{}", score.meaning, claimed(frame, field)).trim().to_string();
        }
    }
    if emissions.market_based_hourly_without_legacy_g.is_some() {
        let grams = emissions.market_based_hourly_without_legacy_g;
        scores.push(mass("Hourly (draft) without legacy, t\u{a0}CO2e", grams, "As if there were no legacy contracts."));
    }
    scores.push(upstream(report));
    scores
}

/// What of the Wh counted under contracts is backed, short enough for a card.
fn claimed(frame: &Frame<'_>, field: &str) -> String {
    match names::backed(&frame.report.portfolio, field) {
        Some(names::Of::Part(wh, claimed)) if claimed > 0 => {
            format!(" Certificates for {} of {} MWh.", frame.energy.down(wh), frame.energy.down(claimed))
        }
        Some(names::Of::Part(..)) => " Nothing counted under contracts.".to_string(),
        Some(_) => format!(" Certificates: none ({}).", names::NO_CERTIFICATES),
        None => String::new(),
    }
}

/// What the sites burned for themselves; empty where they did not.
pub fn own(report: &Report) -> Vec<Score> {
    let totals = &report.portfolio;
    let Some(wh) = own_generation(totals) else { return Vec::new() };
    let emission = match totals.emissions.scope_1_g.flatten() {
        Some(grams) => {
            (tonnes_in_short(Some(grams)), format!("Direct, part of no figure above. {} g.", grouped(grams)))
        }
        None => (NOT_SUPPLIED.to_string(), "Its technology has no factor in the table.".to_string()),
    };
    vec![
        score(
            "Of load, served before any contract",
            of_some(totals.scope_1_share.as_deref(), percent),
            format!("Own generation that is not carbon-free: {} Wh.", grouped(wh)),
        ),
        score("Scope 1 emission of it, t\u{a0}CO2e", emission.0, emission.1),
    ]
}

fn upstream(report: &Report) -> Score {
    let name = "Upstream (Scope 3), t\u{a0}CO2e";
    match report.portfolio.emissions.upstream_g {
        Some(grams) => score(
            name,
            tonnes_in_short(Some(grams)),
            format!("Life-cycle less direct; added to nothing. {} g.", grouped(grams)),
        ),
        None if report.factor_basis == "life-cycle" => {
            score(name, NOT_APPLICABLE.into(), "Life-cycle factors hold it already.")
        }
        None => score(name, NOT_SUPPLIED.into(), "A factor it needs was never supplied."),
    }
}

pub fn matched_share(totals: &Totals) -> String {
    matched(totals.matched_share.as_ref(), totals.unmatched_wh)
}

/// Without load there is no score; without a grid share none was supplied.
pub fn cfe_score(totals: &Totals) -> String {
    match &totals.cfe_score {
        Some(score) => percent(score),
        None if totals.load_wh == 0 => NOT_APPLICABLE.to_string(),
        None => NOT_SUPPLIED.to_string(),
    }
}

/// `3 551 / 8 760`.
pub fn fully_matched(totals: &Totals) -> String {
    match totals.intervals_with_load {
        0 => NOT_APPLICABLE.to_string(),
        with_load => format!("{} / {}", count(totals.intervals_fully_matched), count(with_load)),
    }
}
