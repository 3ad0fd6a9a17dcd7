//! How numbers and dates are written in reports, which are in English: `12,345.67`, `1 March 2022`, `2022-03-01`.

use crate::figures::{
    Cut, LITTLE, NOT_APPLICABLE, NOT_STATED, decimals, hundredths, mass_decimals, matched_hundredths, millionths,
    pointed, share_hundredths, share_hundredths_up,
};
use chrono::{Datelike, NaiveDate};
use reports::report::Report;

/// How Wh are shown as MWh throughout one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Energy {
    decimals: u32,
}

impl Energy {
    /// Decimals that suit the largest figure of the report.
    pub fn new(report: &Report) -> Self {
        Self::for_largest(report.portfolio.load_wh.max(report.portfolio.contracted_wh))
    }

    fn for_largest(wh: i128) -> Self {
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
        units(cut.units(wh, self.decimals), self.decimals)
    }

    /// What lies between two figures as shown.
    pub fn change(self, before: i128, after: i128, cut: Cut) -> String {
        self.between((before, cut), (after, cut))
    }

    /// The same of figures that are cut differently.
    pub fn between(self, (before, from): (i128, Cut), (after, to): (i128, Cut)) -> String {
        let change = to.units(after, self.decimals) - from.units(before, self.decimals);
        signed(change, units(change, self.decimals))
    }
}

/// A change with its sign.
pub fn signed(value: i128, text: String) -> String {
    if value > 0 { format!("+{text}") } else { text }
}

/// A distance between two shares, in hundredths of a percent.
pub fn points(hundredths: i128) -> String {
    format!("{} points", units(hundredths, 2))
}

/// The same as a change.
pub fn points_changed(hundredths: i128) -> String {
    signed(hundredths, points(hundredths))
}

/// What was stated, or that it was not.
pub fn stated(value: Option<&String>) -> String {
    value.filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| NOT_STATED.to_string())
}

/// `1234567` as `1,234,567`.
pub fn integer(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 2 + 1);
    if value < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count as `8,760`.
pub fn count(value: usize) -> String {
    integer(i128::try_from(value).unwrap_or(i128::MAX))
}

/// `units / 10^decimals`.
pub fn units(units: i128, decimals: u32) -> String {
    pointed(units, decimals, |whole| integer(i128::try_from(whole).unwrap_or(i128::MAX)))
}

/// The size of a number of a chart, with so many decimals.
pub fn float(value: f64, decimals: usize) -> String {
    decimal(&format!("{:.decimals$}", value.abs()))
}

/// A plain decimal such as `1234.5`; anything else as it stands.
pub fn decimal(text: &str) -> String {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    match whole.parse::<i128>() {
        Ok(number) if digits(whole) && digits(part) => match part {
            "" => integer(number),
            _ => format!("{}.{part}", integer(number)),
        },
        _ => text.to_string(),
    }
}

/// A decimal with its unit, such as `900.000 g/kWh`.
pub fn measure(text: &str) -> String {
    text.split_once(' ').map_or_else(|| decimal(text), |(number, unit)| format!("{} {unit}", decimal(number)))
}

/// Whole grams as tonnes for a card: with as many decimals as tell something, cut upwards.
pub fn tonnes_in_short(grams: i128) -> String {
    let decimals = mass_decimals(grams);
    units(Cut::Up.units(grams, decimals), decimals)
}

/// Whole grams as tonnes, cut upwards.
pub fn tonnes(grams: Option<i128>) -> Option<String> {
    grams.map(|g| units(Cut::Up.units(g, 3), 3))
}

/// Hundredths of a percent as a percentage.
pub fn percent_of(hundredths: i128) -> String {
    format!("{} %", units(hundredths, 2))
}

/// A score of the report as a floored percentage; a text that is no score is shown as it stands.
pub fn percent(score: &str) -> String {
    hundredths(score).map_or_else(|| score.to_string(), percent_of)
}

/// A score with all its six decimals, as a percentage with four.
pub fn score(score: &str) -> String {
    millionths(score).map_or_else(|| score.to_string(), |value| format!("{} %", units(value, 4)))
}

/// A share of matched energy: 100 % only where nothing is unmatched.
pub fn percent_matched(score: &str, unmatched_wh: i128) -> String {
    matched_hundredths(score, unmatched_wh).map_or_else(|| score.to_string(), percent_of)
}

/// `part / whole`, floored.
pub fn share(part: i128, whole: i128) -> String {
    share_hundredths(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), percent_of)
}

/// The same rounded up, of a part that is never shown smaller than it is.
pub fn share_up(part: i128, whole: i128) -> String {
    share_hundredths_up(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), percent_of)
}

/// What of a site's load nobody metered: a floored share would hide a little of it.
pub fn estimated(share: Option<&str>) -> String {
    match share.map(|share| (share, millionths(share))) {
        None | Some((_, Some(0))) => "none".to_string(),
        Some((_, Some(1..100))) => LITTLE.to_string(),
        Some((share, _)) => percent(share),
    }
}

/// A share of what there is some of: floored to nothing it would say that there is none.
pub fn of_some(share: Option<&str>) -> String {
    match share.map(|share| (share, millionths(share))) {
        None => NOT_APPLICABLE.to_string(),
        Some((_, Some(0..100))) => LITTLE.to_string(),
        Some((share, _)) => percent(share),
    }
}

/// A stated part such as `0.005` or `1/200` as `0.5 %`; anything else as it stands.
pub fn part(text: &str) -> String {
    let Ok(part) = reports::definitions::Fraction::parse(text) else { return text.to_string() };
    match i128::from(part.numerator) * 100_000_000 {
        top if top % i128::from(part.denominator) == 0 => {
            let (mut value, mut decimals) = (top / i128::from(part.denominator), 6);
            while decimals > 0 && value % 10 == 0 {
                (value, decimals) = (value / 10, decimals - 1);
            }
            format!("{} %", units(value, decimals))
        }
        _ => text.to_string(),
    }
}

/// `Jan`.
pub fn short_month(date: NaiveDate) -> String {
    date.format("%b").to_string()
}

/// `Mon`.
pub fn weekday(date: NaiveDate) -> String {
    date.format("%a").to_string()
}

/// `1 January 2022`.
pub fn date(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month_year(date))
}

/// `1 Jan`.
pub fn day_month(date: NaiveDate) -> String {
    format!("{} {}", date.day(), short_month(date))
}

/// `January 2022`.
pub fn month_year(date: NaiveDate) -> String {
    format!("{} {}", date.format("%B"), date.year())
}

/// `2022-01-01`.
pub fn numeric_date(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// `2026-03-29 00:00` of an instant in UTC on the minute; anything else as it stands.
pub fn minute(instant: &str) -> String {
    instant.strip_suffix(":00Z").map_or_else(|| instant.to_string(), |start| start.replacen('T', " ", 1))
}

/// `2026-03-29 00:00:00.000001` of a record time, without a fraction that is zero.
pub fn recorded(instant: &str) -> String {
    let text = instant.trim_end_matches('Z').replacen('T', " ", 1);
    match text.split_once('.') {
        Some((whole, part)) if part.bytes().all(|digit| digit == b'0') => whole.to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_in_english() {
        let of = |text: &str| text.parse::<NaiveDate>().expect("date");
        assert_eq!(date(of("2022-03-01")), "1 March 2022");
        assert_eq!(day_month(of("2022-12-31")), "31 Dec");
        assert_eq!(month_year(of("2022-05-01")), "May 2022");
        assert_eq!(numeric_date(of("2022-03-01")), "2022-03-01");
        assert_eq!([weekday(of("2022-01-03")), weekday(of("2022-01-09"))], ["Mon", "Sun"]);
        assert_eq!(measure("900.250 g/kWh"), "900.250 g/kWh");
        assert_eq!(measure("1234.5 g/kWh"), "1,234.5 g/kWh");
        assert_eq!(measure("by interval"), "by interval");
        assert_eq!(minute("2026-03-29T00:15:00Z"), "2026-03-29 00:15");
        assert_eq!(minute("2026-03-29T00:15:07Z"), "2026-03-29T00:15:07Z");
        assert_eq!(recorded("2026-03-29T00:15:07.000000Z"), "2026-03-29 00:15:07");
        assert_eq!(recorded("2026-03-29T00:15:07.000001Z"), "2026-03-29 00:15:07.000001");
    }

    #[test]
    fn integers_carry_every_figure() {
        assert_eq!(integer(621_614_820_350), "621,614,820,350");
        assert_eq!((integer(0), integer(-1_000)), ("0".into(), "-1,000".into()));
        assert_eq!(units(1_234_567, 2), "12,345.67");
        assert_eq!(units(Cut::Down.units(621_614_820_350, 3), 3), "621,614.820");
        assert_eq!(units(Cut::Up.units(621_614_820_350, 3), 3), "621,614.821");
        assert_eq!(units(Cut::Down.units(1_999_999, 0), 0), "1");
        assert_eq!(units(Cut::Down.units(1, 6), 6), "0.000001");
        assert_eq!([26_809_374_295, 912_345_678, 613].map(tonnes_in_short), ["26,810", "912.4", "0.001"]);
    }

    #[test]
    fn energy_is_shown_with_as_many_decimals_as_suit_the_largest() {
        let most = i128::from(i64::MAX);
        assert_eq!(Energy::for_largest(most).up(most), "9,223,372,036,854.8");
        assert_eq!(Energy::for_largest(20_000_000).change(2_000_001, 1_000_000, Cut::Up), "-1.001");
        assert_eq!((points(2_900), points_changed(-5)), ("29.00 points".into(), "-0.05 points".into()));
        assert_eq!(points_changed(110), "+1.10 points");
    }

    #[test]
    fn shares_are_floored_and_never_made_whole() {
        assert_eq!(percent("0.999999"), "99.99 %");
        assert_eq!(percent("0.550000"), "55.00 %");
        assert_eq!(percent("12.345678"), "1,234.56 %");
        assert_eq!(percent_matched("1.000000", 1), "99.99 %");
        assert_eq!(percent_matched("1.000000", 0), "100.00 %");
        assert_eq!(share(0, 0), NOT_APPLICABLE);
        assert_eq!(share(9_999_999, 10_000_000), "99.99 %");
        assert_eq!((share_up(1, 3), share(2, 3)), ("33.34 %".into(), "66.66 %".into()));
        assert_eq!(percent("<b>"), "<b>");
        assert_eq!(score("0.999999"), "99.9999 %");
    }

    #[test]
    fn a_little_of_a_share_is_told_from_nothing() {
        assert_eq!((estimated(None), estimated(Some("0.000000"))), ("none".into(), "none".into()));
        assert_eq!((estimated(Some("0.000020")), estimated(Some("0.125000"))), (LITTLE.into(), "12.50 %".into()));
        assert_eq!((of_some(None), of_some(Some("0.000000"))), (NOT_APPLICABLE.into(), LITTLE.into()));
        assert_eq!((of_some(Some("0.000099")), of_some(Some("0.000100"))), (LITTLE.into(), "0.01 %".into()));
    }

    #[test]
    fn stated_parts_are_exact_or_as_they_stand() {
        for (text, shown) in [("0.005", "0.5 %"), ("1/200", "0.5 %"), ("1.000000", "100 %"), ("1/3", "1/3"), ("x", "x")]
        {
            assert_eq!(part(text), shown);
        }
    }
}
