//! Figures as text: exact integer formatting, shares floored, what is absent said in words.

use super::english;
use crate::figures::decimals;
pub use crate::figures::{Cut, NOT_APPLICABLE, NOT_STATED, NOT_SUPPLIED};
use std::fmt::Write as _;

/// How Wh are shown as MWh throughout one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Energy {
    decimals: u32,
}

impl Energy {
    /// Decimals that suit the largest figure of the page.
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
        english::units(cut.units(wh, self.decimals), self.decimals)
    }

    /// What lies between two figures as shown.
    pub fn change(self, before: i128, after: i128, cut: Cut) -> String {
        self.between((before, cut), (after, cut))
    }

    /// The same of figures that are cut differently.
    pub fn between(self, (before, from): (i128, Cut), (after, to): (i128, Cut)) -> String {
        let units = to.units(after, self.decimals) - from.units(before, self.decimals);
        signed(units, english::units(units, self.decimals))
    }
}

/// A change with its sign.
pub fn signed(value: i128, text: String) -> String {
    if value > 0 { format!("+{text}") } else { text }
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

    #[test]
    fn energy_is_shown_with_as_many_decimals_as_suit_the_largest() {
        let most = i128::from(i64::MAX);
        assert_eq!(Energy::for_largest(most).up(most), "9,223,372,036,854.8");
        assert_eq!(Energy::for_largest(20_000_000).change(2_000_001, 1_000_000, Cut::Up), "-1.001");
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
    }

    #[test]
    fn long_ids_break_after_their_separators() {
        assert!(!is_long("contract-a") && is_long("contract/north-hall-solar-a") && !is_long(&"\u{e9}".repeat(24)));
        assert_eq!(breaking("a-b/<c>"), "a-<wbr>b/<wbr>&#60;c&#62;");
        assert_eq!(breaking("carbon-free, of what was left"), "carbon-free, of what was left");
    }
}
