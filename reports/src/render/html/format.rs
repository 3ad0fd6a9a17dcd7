//! Figures as text: exact integer formatting, shares floored, what is absent said in words.

use super::language::Language;
pub use crate::render::figures::{Cut, NOT_APPLICABLE, NOT_STATED, NOT_SUPPLIED};
use crate::render::figures::{
    Estimated, LITTLE, decimals, hundredths, mass_decimals, matched_hundredths, millionths, share_hundredths,
};
use std::fmt::Write as _;

/// How Wh are shown as MWh throughout one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Energy {
    decimals: u32,
    language: Language,
}

impl Energy {
    /// Decimals that suit the largest figure of the page.
    pub fn for_largest(wh: i128, language: Language) -> Self {
        Self { decimals: decimals(wh), language }
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
        self.language.units(cut.units(wh, self.decimals), self.decimals)
    }

    /// What lies between two figures as shown.
    pub fn change(self, before: i128, after: i128, cut: Cut) -> String {
        self.between((before, cut), (after, cut))
    }

    /// The same of figures that are cut differently.
    pub fn between(self, (before, from): (i128, Cut), (after, to): (i128, Cut)) -> String {
        let units = to.units(after, self.decimals) - from.units(before, self.decimals);
        signed(units, self.language.units(units, self.decimals))
    }
}

/// A change with its sign.
pub fn signed(value: i128, text: String) -> String {
    if value > 0 { format!("+{text}") } else { text }
}

impl Language {
    /// Whole grams as tonnes for a card: with as many decimals as tell something, cut upwards.
    pub fn tonnes_in_short(self, grams: i128) -> String {
        let decimals = mass_decimals(grams);
        self.units(Cut::Up.units(grams, decimals), decimals)
    }

    /// Whole grams as tonnes, cut upwards.
    pub fn tonnes(self, grams: Option<i128>) -> Option<String> {
        grams.map(|g| self.units(Cut::Up.units(g, 3), 3))
    }

    /// Hundredths of a percent as a percentage.
    pub fn percent_of(self, hundredths: i128) -> String {
        format!("{} %", self.units(hundredths, 2))
    }

    /// A score of the report as a floored percentage; a text that is no score is shown as it stands.
    pub fn percent(self, score: &str) -> String {
        hundredths(score).map_or_else(|| score.to_string(), |value| self.percent_of(value))
    }

    /// A score with all its six decimals, as a percentage with four.
    pub fn score(self, score: &str) -> String {
        match millionths(score) {
            Some(value) => format!("{} %", self.units(value, 4)),
            None => score.to_string(),
        }
    }

    /// A share of matched energy: 100 % only where nothing is unmatched.
    pub fn percent_matched(self, score: &str, unmatched_wh: i128) -> String {
        matched_hundredths(score, unmatched_wh).map_or_else(|| score.to_string(), |value| self.percent_of(value))
    }

    /// `part / whole`, floored.
    pub fn share(self, part: i128, whole: i128) -> String {
        share_hundredths(part, whole).map_or_else(|| NOT_APPLICABLE.to_string(), |value| self.percent_of(value))
    }

    /// What of a load nobody metered.
    pub fn estimated(self, share: Option<&str>) -> String {
        match Estimated::parse(share) {
            Estimated::None => "none".to_string(),
            Estimated::Little => LITTLE.to_string(),
            Estimated::Share(share) => self.percent(share),
        }
    }

    /// A stated part such as `0.005` or `1/200` as `0.5 %`; anything else as it stands.
    pub fn part(self, text: &str) -> String {
        let Ok(part) = crate::definitions::Fraction::parse(text) else { return text.to_string() };
        match i128::from(part.numerator) * 100_000_000 {
            top if top % i128::from(part.denominator) == 0 => {
                let (mut value, mut decimals) = (top / i128::from(part.denominator), 6);
                while decimals > 0 && value % 10 == 0 {
                    (value, decimals) = (value / 10, decimals - 1);
                }
                format!("{} %", self.units(value, decimals))
            }
            _ => text.to_string(),
        }
    }
}

/// What was stated, or that it was not.
pub fn stated(value: Option<&String>) -> String {
    value.filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| NOT_STATED.to_string())
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

/// Letters past which an id or a path may break over lines.
const UNBROKEN: usize = 24;

/// Whether a text may break inside, not to push columns out of view.
pub fn is_long(text: &str) -> bool {
    text.len() > UNBROKEN && text.chars().count() > UNBROKEN
}

/// A long text made safe in HTML, with places to break after the separators of an id; they are not copied with it.
/// Where there are blanks, it breaks at those.
pub fn breaking(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() * 2);
    let is_id = !text.contains(' ');
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&#38;"),
            '<' => safe.push_str("&#60;"),
            '>' => safe.push_str("&#62;"),
            '"' => safe.push_str("&#34;"),
            '\'' => safe.push_str("&#39;"),
            '-' | '_' | '.' | '/' | ':' | '@' if is_id => {
                safe.push(letter);
                safe.push_str("<wbr>");
            }
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

    const EN: Language = Language::En;

    #[test]
    fn integers_carry_every_figure() {
        assert_eq!(EN.integer(621_614_820_350), "621,614,820,350");
        assert_eq!((EN.integer(0), EN.integer(-1_000)), ("0".into(), "-1,000".into()));
        assert_eq!(EN.units(Cut::Down.units(621_614_820_350, 3), 3), "621,614.820");
        assert_eq!(EN.units(Cut::Up.units(621_614_820_350, 3), 3), "621,614.821");
        assert_eq!(EN.units(Cut::Down.units(1_999_999, 0), 0), "1");
        assert_eq!(EN.units(Cut::Down.units(1, 6), 6), "0.000001");
        let tonnes = [26_809_374_295, 912_345_678, 613].map(|grams| EN.tonnes_in_short(grams));
        assert_eq!(tonnes, ["26,810", "912.4", "0.001"]);
        let most = i128::from(i64::MAX);
        assert_eq!(Energy::for_largest(most, EN).up(most), "9,223,372,036,854.8");
        assert_eq!(Energy::for_largest(20_000_000, EN).change(2_000_001, 1_000_000, Cut::Up), "-1.001");
    }

    #[test]
    fn shares_are_floored_and_never_made_whole() {
        assert_eq!(EN.percent("0.999999"), "99.99 %");
        assert_eq!(EN.percent("0.550000"), "55.00 %");
        assert_eq!(EN.percent("12.345678"), "1,234.56 %");
        assert_eq!(EN.percent_matched("1.000000", 1), "99.99 %");
        assert_eq!(EN.percent_matched("1.000000", 0), "100.00 %");
        assert_eq!(EN.share(0, 0), NOT_APPLICABLE);
        assert_eq!(EN.share(9_999_999, 10_000_000), "99.99 %");
        assert_eq!(EN.percent("<b>"), "<b>");
        assert_eq!(EN.score("0.999999"), "99.9999 %");
        assert_eq!(Language::De.percent("0.550000"), "55,00 %");
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
    }

    #[test]
    fn long_ids_break_after_their_separators() {
        assert!(!is_long("contract-a") && is_long("contract/north-hall-solar-a") && !is_long(&"\u{e9}".repeat(24)));
        assert_eq!(breaking("a-b/<c>"), "a-<wbr>b/<wbr>&#60;c&#62;");
        assert_eq!(breaking("carbon-free, of what was left"), "carbon-free, of what was left");
    }

    #[test]
    fn stated_parts_are_exact_or_as_they_stand() {
        for (text, shown) in [("0.005", "0.5 %"), ("1/200", "0.5 %"), ("1.000000", "100 %"), ("1/3", "1/3"), ("x", "x")]
        {
            assert_eq!(EN.part(text), shown);
        }
    }
}
