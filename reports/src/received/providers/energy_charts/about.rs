//! What Energy-Charts gives, and how it may be asked.

use super::names::bidding_zone;
use crate::received::Label;
use crate::received::providers::about::{About, Asked, Basis, Credential, FUEL, Gives, Limits, Rate, Setting, Signal};
use crate::received::providers::ask::Wanted;
use crate::series::name::is_id;

/// Nothing is published about how long a call may be; this is what one asks.
pub const SPAN_S: i64 = 31 * 86_400;
/// Prices are out a day ahead, for days of local time.
pub const AHEAD_S: i64 = 2 * 86_400;

pub static ABOUT: About = About {
    name: "energy-charts",
    title: "Energy-Charts",
    url: Some("https://api.energy-charts.info"),
    docs: "https://api.energy-charts.info",
    licence: "CC BY 4.0, Energy-Charts.info; each answer with prices states whose they are, some for private use only",
    zone: Asked::Needed("\"de\""),
    credential: Credential::None,
    needs_credential: false,
    gives: &[
        Gives { basis: Basis::Production, ..gives(FUEL, "MW", 0) },
        gives("demand", "MW", 0),
        gives("price", "currency/MWh", AHEAD_S),
    ],
    // It limits how often it is asked, and does not say how; this is what it is asked at most.
    limits: Limits { span_s: SPAN_S, rates: &[Rate { requests: 1, seconds: 1 }], ban_s: 300 },
    accept: "application/json",
    types: &["application/json"],
    statuses: &[404, 422],
    every_s: 1_800,
    // Late producers are added for days.
    overlap_s: 3 * 86_400,
    settings: &[Setting {
        name: "bzn",
        needed: false,
        example: "bzn = \"DE-LU\"",
        meaning: "The bidding zone whose prices are taken; needed where the country has several.",
    }],
};

const fn gives(leaf: &'static str, unit: &'static str, horizon_s: i64) -> Gives {
    Gives {
        leaf,
        unit,
        label: Label::Start,
        signal: Signal::None,
        basis: Basis::None,
        // Quarter-hours or hours, by country and year.
        resolution_s: 0,
        horizon_s,
    }
}

/// Countries are in lower case there.
pub fn country(wanted: &Wanted) -> String {
    wanted.zone.to_ascii_lowercase()
}

/// The bidding zone as stated, or that which the country is.
pub fn zone_of_prices(wanted: &Wanted) -> Option<String> {
    wanted.setting("bzn").map(String::from).or_else(|| bidding_zone(&country(wanted)))
}

/// What is wrong with the zone or the bidding zone.
///
/// # Errors
///
/// In words.
pub fn check(wanted: &Wanted) -> Result<(), String> {
    let country = country(wanted);
    if !(2..=3).contains(&country.len()) || !country.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err("`zone` is not a country, such as `de`".into());
    }
    match zone_of_prices(wanted) {
        Some(zone) if !is_id(&zone) => Err("`bzn` is not a bidding zone, such as `DE-LU`".into()),
        None if wanted.has_leaf("price") => {
            let what =
                "prices are those of a bidding zone, and this country has several: add settings = { bzn = \"...\" }";
            Err(format!("{what}, or name the series without `price`"))
        }
        _ => Ok(()),
    }
}
