//! Figures as text: exact integer formatting, shares floored, what is absent said in words.

use crate::units::floored_six;
use std::fmt::Write as _;

pub const NOT_APPLICABLE: &str = "not applicable";
pub const NOT_SUPPLIED: &str = "not supplied";

/// Which way a figure is cut to the decimals shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Up,
    Down,
}

/// `1234567` as `1,234,567`.
pub fn grouped(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 2);
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
    grouped(i128::try_from(value).unwrap_or(i128::MAX))
}

/// `value / 10^6` with at most six decimals, by integers alone.
pub fn millionths(value: i128, decimals: u32, cut: Cut) -> String {
    let decimals = decimals.min(6);
    let step = 10_i128.pow(6 - decimals);
    let mut units = value.div_euclid(step);
    if cut == Cut::Up && value.rem_euclid(step) != 0 {
        units += 1;
    }
    let one = 10_u128.pow(decimals);
    let (whole, part) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    let sign = if units < 0 { "-" } else { "" };
    let whole = grouped(i128::try_from(whole).unwrap_or(i128::MAX));
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = decimals as usize),
    }
}

/// How Wh are shown as MWh throughout one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Energy {
    decimals: u32,
}

impl Energy {
    /// Decimals that suit the largest figure of the page.
    pub fn for_largest(wh: i128) -> Self {
        let decimals = match wh.unsigned_abs() {
            0..10_000_000 => 6,
            10_000_000..100_000_000_000 => 3,
            _ => 1,
        };
        Self { decimals }
    }

    /// Load and unmatched energy: never shown smaller than it is.
    pub fn up(self, wh: i128) -> String {
        millionths(wh, self.decimals, Cut::Up)
    }

    /// Matched and generated energy: never shown larger than it is.
    pub fn down(self, wh: i128) -> String {
        millionths(wh, self.decimals, Cut::Down)
    }
}

/// Whole grams as tonnes, cut upwards.
pub fn tonnes(grams: Option<i128>) -> Option<String> {
    grams.map(|g| millionths(g, 3, Cut::Up))
}

/// A score of the report as a floored percentage; a text that is no score is shown as it stands.
pub fn percent(score: &str) -> String {
    match parse_score(score) {
        Some(value) => format!("{}.{:02} %", grouped(value / 10_000), value / 100 % 100),
        None => score.to_string(),
    }
}

/// A share of matched energy: 100 % only where nothing is unmatched.
pub fn percent_matched(score: &str, unmatched_wh: i128) -> String {
    match parse_score(score) {
        Some(value) if value >= 1_000_000 && unmatched_wh > 0 => "99.99 %".to_string(),
        _ => percent(score),
    }
}

/// `part / whole`, floored.
pub fn share(part: i128, whole: i128) -> String {
    floored_six(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), |score| percent(&score))
}

/// Millionths of a non-negative decimal such as `0.550000`.
fn parse_score(text: &str) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 20 || !digits(whole) || !digits(part) {
        return None;
    }
    let six: String = part.chars().chain("000000".chars()).take(6).collect();
    Some(whole.parse::<i128>().ok()? * 1_000_000 + six.parse::<i128>().ok()?)
}

/// Text made safe inside SVG and its attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Appends formatted text; writing to a `String` cannot fail.
pub fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_carry_every_figure() {
        assert_eq!(grouped(621_614_820_350), "621,614,820,350");
        assert_eq!((grouped(0), grouped(-1_000)), ("0".into(), "-1,000".into()));
        assert_eq!(millionths(621_614_820_350, 3, Cut::Down), "621,614.820");
        assert_eq!(millionths(621_614_820_350, 3, Cut::Up), "621,614.821");
        assert_eq!(millionths(1_999_999, 0, Cut::Down), "1");
        assert_eq!(millionths(1, 6, Cut::Down), "0.000001");
        assert_eq!(Energy::for_largest(i128::from(i64::MAX)).up(i128::from(i64::MAX)), "9,223,372,036,854.8");
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
        assert_eq!(percent("<b>"), "<b>");
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
    }
}
