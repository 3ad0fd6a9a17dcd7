//! Texts that are not UTF-8: UTF-16, and Windows-1252, as spreadsheets save tables.

use crate::named::named;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};

named! {
    /// How a text is written, where no byte order mark says so; by the names that forms state.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Encoding {
        #[default]
        #[serde(rename = "utf-8")]
        Utf8 = "utf-8",
        /// Windows-1252, of which Latin-1 is a part.
        #[serde(rename = "cp1252")]
        Cp1252 = "cp1252",
        /// The byte order is that in which the first character is one of ASCII.
        #[serde(rename = "utf-16")]
        Utf16 = "utf-16",
    }
}

/// 0x80 to 0x9f; the five that stand for nothing are control characters, as browsers have it. From 0xa0 it is Latin-1.
const WINDOWS: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

/// The mark that says a text is UTF-8.
pub const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
/// In place of half a character: the row that it stands in is no text.
const NO_TEXT: u8 = 0xff;
const CHUNK: usize = 16 * 1024;
/// Bytes in which a text without mark shows that it is UTF-16.
const LOOKED_AT: usize = 512;

impl Encoding {
    pub fn is_utf8(&self) -> bool {
        *self == Self::Utf8
    }

    /// What the first bytes of a text most likely are; they may end within a character.
    pub fn likely(first: &[u8]) -> Self {
        let head = &first[..first.len().min(LOOKED_AT)];
        let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        if head.len() >= 4 && zeros(0).max(zeros(1)) > head.len() / 4 {
            return Self::Utf16;
        }
        match std::str::from_utf8(first) {
            Err(error) if error.error_len().is_some() => Self::Cp1252,
            _ => Self::Utf8,
        }
    }
}

/// How the bytes of a text are read, once its first ones are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    AsIs,
    Windows,
    Wide { little: bool },
}

impl Way {
    /// A mark tells before anything that is stated.
    fn recognise(head: &[u8], stated: Encoding) -> Self {
        match head {
            [0xff, 0xfe, ..] => Self::Wide { little: true },
            [0xfe, 0xff, ..] => Self::Wide { little: false },
            _ if head.starts_with(&UTF8_MARK) => Self::AsIs,
            _ => match stated {
                Encoding::Utf8 => Self::AsIs,
                Encoding::Cp1252 => Self::Windows,
                Encoding::Utf16 => Self::Wide { little: head.first() != Some(&0) },
            },
        }
    }
}

/// A text as UTF-8. A byte order mark stays, as that of UTF-8.
#[derive(Debug)]
pub struct Decoded<R> {
    inner: R,
    stated: Encoding,
    way: Option<Way>,
    /// Bytes that are no whole character yet.
    raw: Vec<u8>,
    /// Text that nobody has read yet, from this byte.
    out: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    pub fn new(inner: R, stated: Encoding) -> Self {
        let (raw, out) = (Vec::new(), Vec::new());
        Self { inner, stated, way: None, raw, out, at: 0, ended: false }
    }

    /// The same where nothing but a byte order mark tells.
    pub fn marked(inner: R) -> Self {
        Self::new(inner, Encoding::Utf8)
    }

    /// Reads on, or finds the end.
    fn chunk(&mut self) -> io::Result<()> {
        let mut chunk = [0; CHUNK];
        loop {
            match self.inner.read(&mut chunk) {
                Ok(0) => self.ended = true,
                Ok(read) => self.raw.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }

    fn begin(&mut self) -> io::Result<Way> {
        if let Some(way) = self.way {
            return Ok(way);
        }
        while self.raw.len() < UTF8_MARK.len() && !self.ended {
            self.chunk()?;
        }
        let way = Way::recognise(&self.raw, self.stated);
        self.way = Some(way);
        self.decode(way);
        Ok(way)
    }

    /// Makes text of the bytes that are there.
    fn decode(&mut self, way: Way) {
        let raw = std::mem::take(&mut self.raw);
        match way {
            Way::AsIs => self.out = raw,
            Way::Windows => raw.into_iter().for_each(|byte| self.push(windows(byte))),
            Way::Wide { little } => self.wide(&raw, little),
        }
    }

    fn wide(&mut self, raw: &[u8], little: bool) {
        let read = if little { u16::from_le_bytes } else { u16::from_be_bytes };
        let mut units: Vec<u16> = raw.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        // The first half of a character that UTF-16 writes in two waits for the other.
        units.pop_if(|last| (0xd800..=0xdbff).contains(last));
        self.raw = raw[2 * units.len()..].to_vec();
        for character in char::decode_utf16(units) {
            match character {
                Ok(character) => self.push(character),
                Err(_) => self.out.push(NO_TEXT),
            }
        }
        if self.ended && !self.raw.is_empty() {
            self.raw.clear();
            self.out.push(NO_TEXT);
        }
    }

    fn push(&mut self, character: char) {
        self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let way = self.begin()?;
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            match (self.ended, way) {
                (true, _) => return Ok(0),
                // Past its first bytes there is nothing to do.
                (false, Way::AsIs) => return self.inner.read(buffer),
                (false, _) => {
                    self.chunk()?;
                    self.decode(way);
                }
            }
        }
        let read = buffer.len().min(self.out.len() - self.at);
        buffer[..read].copy_from_slice(&self.out[self.at..self.at + read]);
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time: characters are cut anywhere.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn text(bytes: &[u8], stated: Encoding) -> Vec<u8> {
        let read = |mut decoded: Box<dyn Read + '_>| {
            let mut text = Vec::new();
            decoded.read_to_end(&mut text).expect("memory");
            text
        };
        let whole = read(Box::new(Decoded::new(bytes, stated)));
        assert_eq!(read(Box::new(Decoded::new(Dripping(bytes), stated))), whole, "{bytes:?}");
        whole
    }

    fn wide(text: &str, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    }

    #[test]
    fn a_mark_tells_whatever_is_stated() {
        let marked = "\u{feff}Z\u{e4}hler;\u{20ac}/MWh;\u{1f50c}\n";
        for stated in [Encoding::Utf8, Encoding::Cp1252, Encoding::Utf16] {
            for bytes in [
                marked.as_bytes().to_vec(),
                wide(marked, u16::to_le_bytes),
                wide(marked, u16::to_be_bytes),
                marked.repeat(1_200).into_bytes(),
                wide(&marked.repeat(1_200), u16::to_le_bytes),
            ] {
                let wanted = if bytes.len() > 1_000 { marked.repeat(1_200) } else { marked.into() };
                assert_eq!(text(&bytes, stated), wanted.as_bytes(), "{stated:?}");
            }
        }
    }

    #[test]
    fn without_a_mark_a_text_is_what_is_stated() {
        let plain = "Z\u{e4}hler;\u{20ac}\u{2013}\n";
        assert_eq!(text(b"Z\xe4hler;\x80\x96\n", Encoding::Cp1252), plain.as_bytes());
        assert_eq!(text(&wide(plain, u16::to_le_bytes), Encoding::Utf16), plain.as_bytes());
        assert_eq!(text(&wide(plain, u16::to_be_bytes), Encoding::Utf16), plain.as_bytes());
        assert_eq!(text(b"Z\xe4hler", Encoding::Utf8), b"Z\xe4hler", "as it is: its row is rejected");
        for stated in [Encoding::Utf8, Encoding::Cp1252, Encoding::Utf16] {
            assert_eq!(text(b"", stated), b"");
        }
    }

    #[test]
    fn half_a_character_is_no_text() {
        let high = [b'a', 0, 0x3d, 0xd8, b'b', 0];
        assert_eq!(text(&high, Encoding::Utf16), b"a\xffb");
        assert_eq!(text(&high[..4], Encoding::Utf16), b"a\xff");
        assert_eq!(text(&[b'a', 0, 0x00, 0xdc, b'b', 0, b'c'], Encoding::Utf16), b"a\xffb\xff");
    }

    #[test]
    fn what_a_text_is_shows_in_its_first_bytes() {
        for (bytes, wanted) in [
            (&b"Zeit;kW\n"[..], Encoding::Utf8),
            ("Z\u{e4}hler;kW\n".as_bytes(), Encoding::Utf8),
            (b"Zeit;kW;g\xc3", Encoding::Utf8),
            (b"Z\xe4hler;kW\n", Encoding::Cp1252),
            (b"Z\0e\0i\0t\0", Encoding::Utf16),
            (b"\0Z\0e\0i\0t", Encoding::Utf16),
            (b"", Encoding::Utf8),
        ] {
            assert_eq!(Encoding::likely(bytes), wanted, "{bytes:?}");
        }
    }
}
