//! What an answer may be: what the portfolio's parser takes, so that whatever is answered makes a portfolio.

use crate::portfolio::keys::file::FILE;
use crate::portfolio::keys::kinds::Section;
use chrono::NaiveTime;
use ids::BoundaryId;
use reports::ruleset::Ruleset;
use reports::series::name::is_id;
use reports::text::is_line;
use reports::time::Zone;

/// The ruleset of a new portfolio.
pub const RULESET: &str = "hourly-2026";

/// Technologies of a contract that needs no factor of its own.
pub fn technologies() -> Vec<String> {
    Ruleset::named(RULESET).map(|(ruleset, _)| ruleset.carbon_free).unwrap_or_default()
}

pub fn technology(text: &str) -> Result<String, String> {
    let (known, word) = (technologies(), text.to_ascii_lowercase());
    if known.contains(&word) {
        return Ok(word);
    }
    Err(format!(
        "is not carbon-free under ruleset {RULESET}; write one of {}; add a contract of another kind to the file, with \
         its ef_g_per_kwh",
        known.join(", ")
    ))
}

pub fn name(text: &str) -> Result<String, String> {
    if is_line(text) { Ok(text.into()) } else { Err("write one line of text".into()) }
}

pub fn id<T: for<'t> From<&'t str>>(text: &str) -> Result<T, String> {
    let wanted = "use letters, digits, `-`, `_` and `.`, at most 64 of them, and no `.` at the start";
    if is_id(text) { Ok(text.into()) } else { Err(wanted.into()) }
}

/// An id that none of `taken` is.
pub fn new_id<'a, T: for<'t> From<&'t str>>(text: &str, mut taken: impl Iterator<Item = &'a str>) -> Result<T, String> {
    if taken.any(|other| other == text) { Err("has that id already; write another".into()) } else { id(text) }
}

pub fn currency(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    let fits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if fits { Ok(code) } else { Err("three letters, such as USD".into()) }
}

pub fn yes(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("y or n".into()),
    }
}

pub fn zone(text: &str) -> Result<String, String> {
    Zone::parse(text).map(|_| text.into()).map_err(|error| format!("{error}; such as America/New_York"))
}

/// Of these areas; energy never crosses one.
pub fn area_of(text: &str, areas: &[&str]) -> Result<BoundaryId, String> {
    let none = || format!("no site is in that area, and energy never crosses areas; write one of {}", areas.join(", "));
    areas.contains(&text).then(|| text.into()).ok_or_else(none)
}

/// A year that a base period may be.
pub fn year(text: &str) -> Result<String, String> {
    let year = text.parse::<i32>().ok().filter(|year| (1971..=9998).contains(year) && text.len() == 4);
    if year.is_some() { Ok(text.into()) } else { Err("four digits, such as 2025".into()) }
}

/// A share of 1 from one in percent, with or without the sign.
pub fn percent(text: &str) -> Result<f64, String> {
    let percent = number(text.trim_end_matches('%'), 0.0)?;
    let share = percent / 100.0;
    if share <= 1.0 { Ok(share) } else { Err("more than 100 percent".into()) }
}

/// When to plan each day, as cron writes it; none for never.
pub fn plan_at(text: &str) -> Result<Option<String>, String> {
    if matches!(text.to_ascii_lowercase().as_str(), "n" | "no" | "never") {
        return Ok(None);
    }
    let time =
        NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "write such as 14:00, or n for never".to_string())?;
    Ok(Some(format!("{} {} * * *", time.format("%-M"), time.format("%-H"))))
}

/// A number above one, within what a key of a site takes.
pub fn of_site(key: &str, text: &str, above: f64) -> Result<f64, String> {
    within(FILE.below("site"), key, text, above)
}

/// The same of a contract's profile.
pub fn mean_mw(text: &str) -> Result<f64, String> {
    within(FILE.below("contract").and_then(|contract| contract.below("profile")), "mean_mw", text, 0.0)
}

fn within(section: Option<&'static Section>, key: &str, text: &str, above: f64) -> Result<f64, String> {
    let value = number(text, above)?;
    let (low, high) = section.map_or((f64::NEG_INFINITY, f64::INFINITY), |section| section.range(key));
    if (low..=high).contains(&value) { Ok(value) } else { Err(format!("must be between {low} and {high}")) }
}

fn number(text: &str, above: f64) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value > above => Ok(value),
        Ok(_) => Err(format!("must be above {}", above.max(0.0).round())),
        Err(_) => Err("is not a number; write such as 12.5".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_what_the_parser_takes() {
        assert_eq!(technology("Wind"), Ok("wind".into()));
        for wrong in ["biomass", "Wind offshore", "", "gas"] {
            let why = technology(wrong).expect_err(wrong);
            assert!(why.contains("solar, wind, hydro, nuclear, geothermal"), "{why}");
        }
        assert_eq!(name("Acme AI"), Ok("Acme AI".into()));
        assert!(name(" ").is_err() && name("a\u{202e}b").is_err());
        assert!(of_site("pue", "5.1", 0.0).expect_err("too much").contains("between 1 and 5"));
        assert!(of_site("it_capacity_mw", "1e9", 0.0).is_err() && mean_mw("2e6").is_err() && mean_mw("0").is_err());
        assert!(year("1970").is_err() && year("9999").is_err() && year("+202").is_err() && year("2025").is_ok());
        assert_eq!(plan_at("14:05"), Ok(Some("5 14 * * *".into())));
        assert_eq!(plan_at("never"), Ok(None));
        assert!(plan_at("25:00").is_err() && plan_at("").is_err());
        assert!(area_of("FR", &["PJM", "GB"]).expect_err("no site").ends_with("one of PJM, GB"));
    }
}
