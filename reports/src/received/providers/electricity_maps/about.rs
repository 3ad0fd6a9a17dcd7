//! What Electricity Maps gives, and how it may be asked.

use crate::received::Label;
use crate::received::providers::about::{About, Asked, Basis, Credential, FUEL, Gives, Limits, Rate, Setting, Signal};
use crate::received::providers::ask::Wanted;
use crate::text::clip;
use crate::time::HOUR_S;
use std::borrow::Cow;

/// The longest range of hours in one call.
pub const SPAN_S: i64 = 10 * 86_400;
const HORIZON_S: i64 = 72 * HOUR_S;

/// What settings may say; without one, the first holds.
static CHOICES: [(&str, &[&str]); 4] = [
    ("horizon", &["24", "0", "6", "48", "72"]),
    ("past", &["past-range", "history", "latest"]),
    ("factors", &["lifecycle", "direct"]),
    ("mix", &["power-breakdown", "electricity-mix"]),
];

pub static ABOUT: About = About {
    name: "electricity-maps",
    title: "Electricity Maps",
    url: Some("https://api.electricitymaps.com"),
    docs: "https://app.electricitymaps.com/developer-hub/api/reference",
    licence: "by contract with Electricity Maps, which is to be named",
    zone: Asked::Needed("\"DE\""),
    credential: Credential::Header { name: Cow::Borrowed("auth-token"), before: Cow::Borrowed("") },
    needs_credential: true,
    gives: &[
        hourly("carbon_intensity", "g/kWh", Signal::Average, Basis::Consumption, HORIZON_S),
        hourly("cfe_share", "percent", Signal::None, Basis::Consumption, HORIZON_S),
        hourly("price", "currency/MWh", Signal::None, Basis::None, HORIZON_S),
        hourly(FUEL, "MW", Signal::None, Basis::Production, 0),
    ],
    // Plans differ in how often they may ask, and none is published for all; this is what it is asked at most.
    limits: Limits {
        span_s: SPAN_S,
        rates: &[Rate { requests: 10, seconds: 1 }, Rate { requests: 100, seconds: 60 }],
        ban_s: 3_600,
    },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[404],
    every_s: HOUR_S,
    // Estimates are replaced by measured values for days.
    overlap_s: 3 * 86_400,
    settings: &[
        Setting {
            name: "horizon",
            needed: false,
            example: "horizon = \"72\"",
            meaning: "Hours of forecast that the plan has: 0, 6, 24, 48 or 72; 24 unless stated.",
        },
        Setting {
            name: "past",
            needed: false,
            example: "past = \"history\"",
            meaning: "The call for the past: `past-range`, or for plans without it `history` (24 h) or `latest`.",
        },
        Setting {
            name: "factors",
            needed: false,
            example: "factors = \"direct\"",
            meaning: "Emission factors of the intensity: `lifecycle` unless stated, or `direct`.",
        },
        Setting {
            name: "mix",
            needed: false,
            example: "mix = \"electricity-mix\"",
            meaning: "The call for generation by fuel: `power-breakdown` unless stated, or `electricity-mix`.",
        },
    ],
};

const fn hourly(leaf: &'static str, unit: &'static str, signal: Signal, basis: Basis, horizon_s: i64) -> Gives {
    Gives { leaf, unit, label: Label::Start, signal, basis, resolution_s: HOUR_S, horizon_s }
}

/// What a setting says.
pub fn setting<'w>(wanted: &'w Wanted, name: &str) -> &'w str {
    let choices = CHOICES.iter().find(|(known, _)| *known == name);
    let first = choices.and_then(|(_, choices)| choices.first().copied());
    wanted.setting(name).or(first).unwrap_or_default()
}

/// Whether all settings say what they may.
///
/// # Errors
///
/// Which one does not.
pub fn check(wanted: &Wanted) -> Result<(), String> {
    for (name, choices) in &CHOICES {
        if let Some(stated) = wanted.setting(name).filter(|stated| !choices.contains(stated)) {
            return Err(format!("`{name}` is `{}`, and may be one of {}", clip(stated), choices.join(" ")));
        }
    }
    Ok(())
}
