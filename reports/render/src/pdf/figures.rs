//! Figures as text in print: digits grouped by thin spaces, shares floored, what is absent said in words.

pub use crate::figures::{Cut, NOT_APPLICABLE, NOT_STATED, NOT_SUPPLIED, hundredths, with_figures};
use crate::figures::{
    Estimated, LITTLE, decimals, mass_decimals, matched_hundredths, share_hundredths, share_hundredths_up,
};
use crate::names::{Names, Unit, named};
use reports::definitions::Fraction;

/// Between groups of three digits.
const THIN: char = '\u{2009}';

/// `8 760`.
pub fn count(value: usize) -> String {
    grouped(i128::try_from(value).unwrap_or(i128::MAX))
}

/// `621 614 820 350`.
pub fn grouped(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "\u{2212}" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    text
}

/// `units / 10^decimals`.
fn scaled(units: i128, decimals: u32) -> String {
    let one = 10_u128.pow(decimals);
    let (whole, part) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    let sign = if units < 0 { "\u{2212}" } else { "" };
    let whole = grouped(i128::try_from(whole).unwrap_or(i128::MAX));
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = decimals as usize),
    }
}

/// `value / 10^6` with one to six decimals, by integers alone.
fn millionths(value: i128, decimals: u32, cut: Cut) -> String {
    scaled(cut.units(value, decimals), decimals.min(6))
}

/// What lies between two figures as shown.
fn between(before: i128, after: i128, decimals: u32, cut: Cut) -> String {
    let units = cut.units(after, decimals) - cut.units(before, decimals);
    format!("{}{}", if units > 0 { "+" } else { "" }, scaled(units, decimals.min(6)))
}

/// Wh as MWh, with the same decimals throughout one document.
#[derive(Debug, Clone, Copy)]
pub struct Mwh {
    decimals: u32,
}

impl Mwh {
    /// Decimals that suit the largest figure.
    pub fn for_largest(wh: i128) -> Self {
        Self { decimals: decimals(wh) }
    }

    /// Load and unmatched energy: never shown smaller than it is.
    pub fn up(self, wh: i128) -> String {
        self.shown(wh, Cut::Up)
    }

    /// Matched and generated energy: never shown larger than it is.
    pub fn down(self, wh: i128) -> String {
        self.shown(wh, Cut::Down)
    }

    pub fn shown(self, wh: i128, cut: Cut) -> String {
        millionths(wh, self.decimals, cut)
    }

    /// What lies between two figures as shown.
    pub fn change(self, before: i128, after: i128, cut: Cut) -> String {
        between(before, after, self.decimals, cut)
    }
}

/// Whole grams as tonnes, rounded up; in words where a factor was never supplied.
pub fn tonnes(grams: Option<i128>) -> String {
    grams.map_or_else(|| NOT_SUPPLIED.to_string(), |grams| millionths(grams, 3, Cut::Up))
}

/// The same for a card: with as many decimals as tell something.
pub fn tonnes_in_short(grams: Option<i128>) -> String {
    grams.map_or_else(|| NOT_SUPPLIED.to_string(), |grams| millionths(grams, mass_decimals(grams), Cut::Up))
}

/// What lies between two masses as shown.
pub fn tonnes_change(before: i128, after: i128) -> String {
    between(before, after, 3, Cut::Up)
}

/// `29.00`.
pub fn two_decimals(hundredths: i128) -> String {
    scaled(hundredths, 2)
}

/// mg/kWh as g/kWh, exactly.
pub fn g_per_kwh(mg_per_kwh: i64) -> String {
    millionths(i128::from(mg_per_kwh) * 1_000, 3, Cut::Up)
}

/// `5500` as `55.00 %`.
pub fn percent_of_hundredths(value: i128) -> String {
    format!("{} %", two_decimals(value))
}

/// A score of the report as a floored percentage; a text that is no score is shown as it stands.
pub fn percent(score: &str) -> String {
    hundredths(score).map_or_else(|| score.to_string(), percent_of_hundredths)
}

/// A score, or that there is no load to score.
pub fn percent_or_none(score: Option<&String>) -> String {
    score.map_or_else(|| NOT_APPLICABLE.to_string(), |score| percent(score))
}

/// The matched share: 100 % only where nothing is unmatched.
pub fn matched(score: Option<&String>, unmatched_wh: i128) -> String {
    let Some(score) = score else { return NOT_APPLICABLE.to_string() };
    matched_hundredths(score, unmatched_wh).map_or_else(|| score.clone(), percent_of_hundredths)
}

/// `part / whole` as a floored percentage.
pub fn share(part: i128, whole: i128) -> String {
    share_hundredths(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), percent_of_hundredths)
}

/// The same rounded up, of a part that is never shown smaller than it is.
pub fn share_up(part: i128, whole: i128) -> String {
    share_hundredths_up(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), percent_of_hundredths)
}

/// What of a load nobody metered.
pub fn estimated(share: Option<&str>) -> String {
    match Estimated::parse(share) {
        Estimated::None => "none".to_string(),
        Estimated::Little => LITTLE.to_string(),
        Estimated::Share(share) => percent(share),
    }
}

/// A figure of a restatement: its name, and how to write it. Shares have all their decimals, since the last may change.
pub fn restated(figure: &str, names: Names) -> (&str, fn(&str) -> String) {
    match named(figure, names) {
        (name, Unit::Share) => (name, exact_percent),
        (name, Unit::Integer | Unit::Text) => (name, as_written),
    }
}

fn exact_percent(score: &str) -> String {
    crate::figures::millionths(score).map_or_else(|| score.to_string(), |value| format!("{} %", scaled(value, 4)))
}

/// A part as written, `1/200` or `0.005`, as an exact percentage where four decimals hold it, else as it stands.
pub fn ratio(text: &str) -> String {
    Fraction::parse(text).map_or_else(|_| text.to_string(), fraction)
}

/// The same of a parsed fraction.
pub fn fraction(value: Fraction) -> String {
    let (top, bottom) = (i128::from(value.numerator) * 1_000_000, i128::from(value.denominator).max(1));
    if top % bottom != 0 {
        return value.to_string();
    }
    let text = format!("{}.{:04}", top / bottom / 10_000, top / bottom % 10_000);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Whole numbers grouped, any other text as it stands.
pub fn as_written(text: &str) -> String {
    text.parse::<i128>().map_or_else(|_| text.to_string(), grouped)
}

/// A number for an axis.
pub fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let whole = as_written(whole);
    if part.is_empty() { whole } else { format!("{whole}.{part}") }
}

/// `2026-03-29 00:00` of an instant in UTC on the minute; anything else as it stands.
pub fn minute(instant: &str) -> String {
    match instant.strip_suffix(":00Z") {
        Some(start) => start.replacen('T', " ", 1),
        None => instant.to_string(),
    }
}

/// `2026-03-29 00:00:00.000001` of a record time, without a fraction that is zero.
pub fn recorded(instant: &str) -> String {
    let text = instant.trim_end_matches('Z').replacen('T', " ", 1);
    match text.split_once('.') {
        Some((whole, part)) if part.bytes().all(|digit| digit == b'0') => whole.to_string(),
        _ => text,
    }
}

/// What may be left out, in words where it is.
pub fn stated(value: Option<&String>) -> String {
    value.filter(|text| !text.is_empty()).map_or_else(|| NOT_STATED.to_string(), String::clone)
}

pub fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stand_apart_and_shares_stay_exact() {
        assert_eq!(grouped(1_234_567), "1\u{2009}234\u{2009}567");
        assert_eq!(Mwh::for_largest(0).up(1_500_000), "1.500000");
        assert_eq!(Mwh::for_largest(20_000_000).up(20_000_001), "20.001");
        assert_eq!(Mwh::for_largest(20_000_000).down(20_000_999), "20.000");
        assert_eq!((share(9_999_999, 10_000_000), share(0, 0)), ("99.99 %".into(), NOT_APPLICABLE.into()));
        assert_eq!(percent("12.345678"), "1\u{2009}234.56 %");
        assert_eq!((ratio("1/200"), ratio("0.005"), ratio("1/1")), ("0.5 %".into(), "0.5 %".into(), "100 %".into()));
        assert_eq!((ratio("1/3"), ratio("half"), ratio("0")), ("1/3".into(), "half".into(), "0 %".into()));
        assert_eq!(g_per_kwh(368_567), "368.567");
        assert_eq!(tonnes_in_short(Some(26_809_374_295)), "26\u{2009}810");
        assert_eq!((two_decimals(2_900), two_decimals(-5)), ("29.00".into(), "\u{2212}0.05".into()));
        assert_eq!(decimal(1_234.5, 1), "1\u{2009}234.5");
        assert_eq!(minute("2026-03-29T00:15:00Z"), "2026-03-29 00:15");
        assert_eq!(minute("2026-03-29T00:15:07Z"), "2026-03-29T00:15:07Z");
        assert_eq!(recorded("2026-03-29T00:15:07.000000Z"), "2026-03-29 00:15:07");
        assert_eq!(recorded("2026-03-29T00:15:07.000001Z"), "2026-03-29 00:15:07.000001");
    }

    #[test]
    fn almost_all_is_not_all() {
        assert_eq!(matched(Some(&"1.000000".to_string()), 1), "99.99 %");
        assert_eq!(matched(None, 0), NOT_APPLICABLE);
        assert_eq!(stated(Some(&String::new())), NOT_STATED);
    }
}
