//! Text as a cell may hold it.

use std::borrow::Cow;

/// Excel's limit is 32 767 UTF-16 units; one is kept for the space below.
const LONGEST: usize = 32_766;

/// The text, cut to what a cell takes. Written as a string it is never a formula, whatever it starts with.
pub(super) fn cell_text(text: &str) -> Cow<'_, str> {
    let fits = text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST;
    let text = if fits { Cow::Borrowed(text) } else { Cow::Owned(cut(text)) };
    // The writer takes a string in these tags for formatted text and copies it as markup.
    if text.starts_with("<r>") && text.ends_with("</r>") { Cow::Owned(format!("{text} ")) } else { text }
}

fn cut(text: &str) -> String {
    let mut units = 1;
    let mut short: String = text
        .chars()
        .take_while(|letter| {
            units += letter.len_utf16();
            units <= LONGEST
        })
        .collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_as_it_is_unless_it_is_too_long_or_markup() {
        assert_eq!(cell_text("=1+1"), "=1+1");
        assert_eq!(cell_text("<r><t>x</t></r>"), "<r><t>x</t></r> ");
        assert_eq!(cell_text(&"a".repeat(LONGEST)).len(), LONGEST);
        let cut = cell_text(&"𝄞".repeat(LONGEST)).into_owned();
        assert!(cut.encode_utf16().count() <= LONGEST && cut.ends_with('…'));
    }
}
