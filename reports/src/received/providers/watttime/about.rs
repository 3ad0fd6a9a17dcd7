//! What WattTime gives, and how it may be asked.

use crate::received::Label;
use crate::received::providers::about::{About, Asked, Basis, Credential, Gives, Limits, Rate, Setting, Signal};
use crate::received::providers::ask::Wanted;
use crate::text::clip;

/// The longest period of one call for the past.
pub const SPAN_S: i64 = 32 * 86_400;
pub const STEP_S: i64 = 300;
const LONGEST_HORIZON_H: i64 = 72;

pub static ABOUT: About = About {
    name: "watttime",
    title: "WattTime",
    url: Some("https://api.watttime.org"),
    docs: "https://docs.watttime.org",
    licence: "by contract with WattTime",
    zone: Asked::Needed("\"CAISO_NORTH\""),
    credential: Credential::Login { path: "/login", field: "token" },
    needs_credential: true,
    gives: &[Gives {
        leaf: "marginal_intensity",
        unit: "lb/MWh",
        label: Label::Start,
        signal: Signal::Marginal,
        basis: Basis::None,
        resolution_s: STEP_S,
        horizon_s: LONGEST_HORIZON_H * 3_600,
    }],
    limits: Limits {
        span_s: SPAN_S,
        rates: &[Rate { requests: 10, seconds: 1 }, Rate { requests: 3_000, seconds: 300 }],
        ban_s: 300,
    },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[],
    every_s: STEP_S,
    overlap_s: 86_400,
    settings: &[
        Setting {
            name: "horizon",
            needed: false,
            example: "horizon = \"24\"",
            meaning: "Hours ahead that forecasts are asked: 1 to 72, or 0 for none; 72 unless stated.",
        },
        Setting {
            name: "issues",
            needed: false,
            example: "issues = \"all\"",
            meaning: "`all`: a backfill asks for past forecasts too, but for those of the last two days; else `none`.",
        },
    ],
};

/// How far ahead forecasts are asked; 0 for none.
///
/// # Errors
///
/// In words.
pub fn horizon_h(wanted: &Wanted) -> Result<i64, String> {
    let Some(stated) = wanted.setting("horizon") else { return Ok(LONGEST_HORIZON_H) };
    let hours = stated.parse::<i64>().ok().filter(|hours| (0..=LONGEST_HORIZON_H).contains(hours));
    hours.ok_or_else(|| format!("`horizon` is `{}`, and is a number of hours from 0 to 72", clip(stated)))
}

/// Whether past forecasts are asked for.
///
/// # Errors
///
/// In words.
pub fn asks_issues(wanted: &Wanted) -> Result<bool, String> {
    match wanted.setting("issues") {
        None | Some("none") => Ok(false),
        Some("all") => Ok(true),
        Some(other) => Err(format!("`issues` is `{}`, and may be `all` or `none`", clip(other))),
    }
}
