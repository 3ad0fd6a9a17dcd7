//! Text that others wrote: what may stand in a name or a table, and how it is shown to people.
//!
//! A name with line breaks, escapes or bidirectional marks could write a verdict of its own onto a terminal. Whatever
//! reaches one goes through [`visible`] or [`Visible`].

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use strsim::levenshtein;

/// Whether a character moves, hides or reorders what stands around it: controls, line and paragraph separators,
/// bidirectional and invisible format marks.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line for people: line breaks and controls as `\n` and `\x1b`, other hidden characters as `<U+202E>`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| show(c, &mut shown));
    Cow::Owned(shown)
}

fn show(c: char, into: &mut String) {
    // Writing to a String cannot fail.
    let _ = match c {
        '\n' => write!(into, "\\n"),
        '\r' => write!(into, "\\r"),
        '\t' => write!(into, "\\t"),
        c if c.is_ascii_control() => write!(into, "\\x{:02x}", u32::from(c)),
        c if is_hidden(c) => write!(into, "<U+{:04X}>", u32::from(c)),
        c => write!(into, "{c}"),
    };
}

/// Text of several lines on its way to people: line ends stay, everything else is as [`visible`] shows it.
#[derive(Debug)]
pub struct Visible<W> {
    inner: W,
    /// The first bytes of a character that is not complete.
    begun: Vec<u8>,
}

impl<W: Write> Visible<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, begun: Vec::new() }
    }
}

fn show_lines(text: &str, into: &mut String) {
    for c in text.chars() {
        if c == '\n' {
            into.push(c);
        } else {
            show(c, into);
        }
    }
}

fn show_bytes(bytes: &[u8], into: &mut String) {
    for byte in bytes {
        let _ = write!(into, "\\x{byte:02x}");
    }
}

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = std::mem::take(&mut self.begun);
        held.extend_from_slice(bytes);
        let mut rest = held.as_slice();
        let mut shown = String::with_capacity(rest.len());
        while !rest.is_empty() {
            let Err(error) = std::str::from_utf8(rest) else {
                show_lines(std::str::from_utf8(rest).unwrap_or_default(), &mut shown);
                break;
            };
            let (good, bad) = rest.split_at(error.valid_up_to());
            show_lines(std::str::from_utf8(good).unwrap_or_default(), &mut shown);
            let Some(len) = error.error_len() else {
                // The rest of the character comes with the next bytes.
                self.begun = bad.to_vec();
                break;
            };
            show_bytes(&bad[..len], &mut shown);
            rest = &bad[len..];
        }
        self.inner.write_all(shown.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut shown = String::new();
        show_bytes(&std::mem::take(&mut self.begun), &mut shown);
        self.inner.write_all(shown.as_bytes())?;
        self.inner.flush()
    }
}

/// One line of text with something to read in it and nothing hidden.
pub fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(is_hidden)
}

/// The same where it stands in a table without quotes.
pub fn is_cell(text: &str) -> bool {
    is_line(text) && text.len() <= LONGEST_CELL && !text.contains([',', '"'])
}

const LONGEST_CELL: usize = 200;

/// What a spreadsheet takes for the start of a formula, and what it skips before one.
const BEGINS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A cell of a table that people open in a spreadsheet: what would begin a formula has `'` before it. Numbers and ids stay as
/// they are: letters, digits, `-`, `_` and `.` call nothing.
pub fn no_formula(cell: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if cell.starts_with(BEGINS) && !cell.bytes().all(plain) { Cow::Owned(format!("'{cell}")) } else { cell.into() }
}

/// JSON of a type as the text that it is shown as and parsed from.
macro_rules! json_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text: String = serde::Deserialize::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use json_as_text;

/// The first characters of what somebody wrote, for a message.
pub fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Characters of the longest word that others are compared with.
const LONGEST_WORD: usize = 64;

/// The known word closest to what was written, if it is close.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word: String = word.chars().take(LONGEST_WORD).collect();
    let (edits, near) = known.iter().map(|candidate| (levenshtein(&word, candidate), *candidate)).min()?;
    (edits <= 1 + word.len() / 4).then_some(near)
}

/// What to do about a name that nobody knows: take the one that was meant, or else what is said of all there are.
pub fn did_you_mean(word: &str, known: &[&str], otherwise: impl FnOnce() -> String) -> String {
    nearest(word, known).map_or_else(otherwise, |near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORGED: &str = "one\norigin proved\u{1b}[2K\u{202e}eno\u{85}\u{2028}\r\t\u{7f}é";
    const SHOWN: &str = "one\\norigin proved\\x1b[2K<U+202E>eno<U+0085><U+2028>\\r\\t\\x7fé";

    #[test]
    fn what_hides_is_shown_and_what_reads_is_left_alone() {
        assert_eq!(visible(FORGED), SHOWN);
        for plain in ["", "Ashburn 1", "東京 🏭", "می\u{200c}خواهم", "<U+202E>"] {
            assert!(matches!(visible(plain), Cow::Borrowed(text) if text == plain), "{plain}");
            assert!(plain.is_empty() || is_line(plain), "{plain}");
        }
        for odd in [FORGED, " ", "a\u{200b}", "\u{feff}a", "a\u{2067}b", "tab\t"] {
            assert!(!is_line(odd) && !is_cell(odd), "{odd:?}");
        }
        for quoted in ["a,b", "a\"b", &"a".repeat(201)] {
            assert!(is_line(quoted) && !is_cell(quoted), "{quoted}");
        }
    }

    #[test]
    fn lines_stay_lines_however_their_bytes_arrive() {
        let mut bytes = format!("{FORGED}\n").into_bytes();
        bytes.extend([0xff, b'a', 0xe2, 0x82]);
        let wanted = format!("{}\n\\xffa\\xe2\\x82", SHOWN.replacen("\\n", "\n", 1));
        for size in [1, 2, 3, 7, 100] {
            let mut shown = Vec::new();
            let mut out = Visible::new(&mut shown);
            bytes.chunks(size).for_each(|chunk| out.write_all(chunk).expect("memory"));
            out.flush().expect("memory");
            assert_eq!(String::from_utf8(shown).expect("text"), wanted, "by {size}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, wanted) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+49 30", "'+49 30"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("\t=1", "'\t=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
        ] {
            assert_eq!(no_formula(cell), wanted);
        }
        for cell in ["", "-5", "-0.25", "-a_1", "a=1", "Example AI Ltd", "'=1"] {
            assert!(matches!(no_formula(cell), Cow::Borrowed(text) if text == cell), "{cell}");
        }
    }

    #[test]
    fn near_words_are_offered() {
        assert_eq!(nearest("resolutoin", &["name", "resolution"]), Some("resolution"));
        assert_eq!(nearest("colour", &["name", "resolution"]), None);
    }
}
