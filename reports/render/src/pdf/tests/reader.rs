//! Reads content streams back: their tokens, their text, and to which marked content it belongs.

use super::super::canvas::resource;
use super::super::fonts::{Font, Glyphs};
use std::collections::BTreeMap;

enum Token {
    /// A string: glyph numbers of two bytes each.
    Text(Vec<u8>),
    /// Everything else.
    Word(String),
}

/// What a page shows, by the number of its marked content.
#[derive(Default)]
pub struct Marked {
    pub contents: BTreeMap<i32, String>,
    pub artifacts: String,
    /// Operators that paint outside marked content, and marks that are nested or never end.
    pub faults: Vec<String>,
}

/// The operators of a page in order, text as letters in parentheses.
pub fn letters(stream: &[u8], glyphs: &Glyphs) -> String {
    let mut words = Vec::new();
    for (token, font) in with_fonts(stream) {
        words.push(match token {
            Token::Word(word) => word,
            Token::Text(codes) => format!("({})", text(&codes, font, glyphs)),
        });
    }
    words.join(" ")
}

pub fn marked(stream: &[u8], glyphs: &Glyphs) -> Marked {
    let mut marked = Marked::default();
    // None outside; inside, the number, or none for an artifact.
    let mut open: Option<Option<i32>> = None;
    let (mut number, mut before) = (None, String::new());
    for (token, font) in with_fonts(stream) {
        let word = match token {
            Token::Text(codes) => {
                let text = text(&codes, font, glyphs);
                match open {
                    Some(Some(id)) => marked.contents.entry(id).or_default().push_str(&text),
                    Some(None) => marked.artifacts.push_str(&text),
                    None => marked.faults.push(text),
                }
                continue;
            }
            Token::Word(word) => word,
        };
        match word.as_str() {
            "BDC" | "BMC" => {
                if open.is_some() {
                    marked.faults.push("nested".into());
                }
                open = Some(number.take());
                if let Some(Some(id)) = open
                    && marked.contents.insert(id, String::new()).is_some()
                {
                    marked.faults.push(format!("MCID {id} twice"));
                }
            }
            "EMC" => open = None,
            "Tj" | "TJ" | "f" | "S" | "f*" | "B" | "b" | "s" | "Do" if open.is_none() => {
                marked.faults.push(word.clone())
            }
            _ if before == "/MCID" => number = word.parse().ok(),
            _ => {}
        }
        before = word;
    }
    if open.is_some() {
        marked.faults.push("never ends".into());
    }
    marked
}

/// Tokens with the font that is set.
fn with_fonts(stream: &[u8]) -> Vec<(Token, Option<Font>)> {
    let mut set = None;
    let mut list = Vec::new();
    for token in tokens(stream) {
        if let Token::Word(word) = &token {
            let named =
                Font::ALL.into_iter().find(|font| word.as_bytes().strip_prefix(b"/") == Some(resource(*font).0));
            set = named.or(set);
        }
        list.push((token, set));
    }
    list
}

fn text(codes: &[u8], font: Option<Font>, glyphs: &Glyphs) -> String {
    let shown = &glyphs[&font.expect("a font is set")];
    codes.chunks_exact(2).map(|code| shown[&u16::from_be_bytes([code[0], code[1]])]).collect()
}

fn tokens(stream: &[u8]) -> Vec<Token> {
    let mut list = Vec::new();
    let mut rest = stream;
    while let Some((first, after)) = rest.split_first() {
        match first {
            b'(' => {
                let (codes, left) = literal(after);
                list.push(Token::Text(codes));
                rest = left;
            }
            b'<' if after.first() != Some(&b'<') => {
                let end = after.iter().position(|byte| *byte == b'>').expect("an end of the string");
                list.push(Token::Text(hex::decode(&after[..end]).expect("hexadecimal digits")));
                rest = &after[end + 1..];
            }
            b'<' | b'>' => {
                list.push(Token::Word(String::from_utf8_lossy(&rest[..2]).into_owned()));
                rest = &rest[2..];
            }
            b'[' | b']' => {
                list.push(Token::Word(char::from(*first).to_string()));
                rest = after;
            }
            blank if blank.is_ascii_whitespace() => rest = after,
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"()<>[]/".contains(byte);
                let end = 1 + after.iter().position(ends).unwrap_or(after.len());
                list.push(Token::Word(String::from_utf8_lossy(&rest[..end]).into_owned()));
                rest = &rest[end..];
            }
        }
    }
    list
}

/// A string in parentheses, of which the first is read, and what follows it.
fn literal(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut bytes, mut depth) = (Vec::new(), 1);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'\\' => {
                let octal = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(*byte)).count();
                if octal > 0 {
                    let digits = std::str::from_utf8(&rest[..octal]).expect("digits");
                    bytes.push(u8::from_str_radix(digits, 8).expect("a byte"));
                    rest = &rest[octal..];
                    continue;
                }
                bytes.push(match rest[0] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
                rest = &rest[1..];
            }
            b')' if depth == 1 => return (bytes, rest),
            byte => {
                depth += i32::from(*byte == b'(') - i32::from(*byte == b')');
                bytes.push(*byte);
            }
        }
    }
    panic!("a string without an end");
}

#[test]
fn streams_are_read_as_they_are_written() {
    let glyphs = Glyphs::from([(Font::Sans, BTreeMap::from([(0x2829, 'a'), (0x5c01, 'b'), (0x00ff, 'c')]))]);
    let stream = b"/P<</MCID 0>>BDC\n/F1 9 Tf[(\\(\\)\\\\\\001)7<00FF>]TJ EMC\n0 0 m S";
    assert_eq!(letters(stream, &glyphs), "/P << /MCID 0 >> BDC /F1 9 Tf [ (ab) 7 (c) ] TJ EMC 0 0 m S");
    let marked = marked(stream, &glyphs);
    assert_eq!(marked.contents, BTreeMap::from([(0, "abc".to_string())]));
    assert_eq!((marked.artifacts.as_str(), marked.faults), ("", vec!["S".to_string()]));
}
