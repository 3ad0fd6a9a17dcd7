//! Text made safe, in SVG and in HTML.

use std::fmt::Write as _;

/// Text made safe inside SVG and its attributes.
pub fn escape(text: &str) -> String {
    replaced(text, ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"])
}

/// As templates make text safe.
pub fn safe(text: &str) -> String {
    replaced(text, ["&#38;", "&#60;", "&#62;", "&#34;", "&#39;"])
}

fn replaced(text: &str, [and, less, greater, double, single]: [&str; 5]) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str(and),
            '<' => safe.push_str(less),
            '>' => safe.push_str(greater),
            '"' => safe.push_str(double),
            '\'' => safe.push_str(single),
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
    const SEPARATORS: [char; 6] = ['-', '_', '.', '/', ':', '@'];
    if text.contains(' ') {
        return safe(text);
    }
    let parts = text.split_inclusive(SEPARATORS);
    parts.map(|part| safe(part) + if part.ends_with(SEPARATORS) { "<wbr>" } else { "" }).collect()
}

/// Appends formatted text; writing to a `String` cannot fail.
pub fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

/// Text between backticks as code, all of it made safe.
pub fn coded(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    for (index, part) in text.split('`').enumerate() {
        let (open, close) = if index % 2 == 1 { ("<code>", "</code>") } else { ("", "") };
        put(&mut html, format_args!("{open}{}{close}", safe(part)));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_made_safe_and_what_is_typed_is_code() {
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
        assert_eq!(coded("Run `a <b>`, then c."), "Run <code>a &#60;b&#62;</code>, then c.");
    }

    #[test]
    fn long_ids_break_after_their_separators() {
        assert!(!is_long("contract-a") && is_long("contract/north-hall-solar-a") && !is_long(&"\u{e9}".repeat(24)));
        assert_eq!(breaking("a-b/<c>"), "a-<wbr>b/<wbr>&#60;c&#62;");
        assert_eq!(breaking("carbon-free, of what was left"), "carbon-free, of what was left");
    }
}
