//! Bytes of a received file as text: gzip by its magic bytes, UTF-16 by its mark, no record longer than a limit.

use super::encoding::{Decoded, UTF8_MARK};
use super::lines::Lines;
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, Read};

/// A longer record is none of a table that is read here, however many lines it goes over.
const LONGEST_RECORD: usize = 64 * 1024;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Text unpacks to at most this many times its bytes, and a little more for small files: no table is squeezed further.
const SQUEEZED: u64 = 1_000;
const SLACK: u64 = 4 << 20;

/// What bytes may unpack to.
pub fn unpacked(bytes: u64) -> u64 {
    bytes.saturating_mul(SQUEEZED).saturating_add(SLACK)
}

/// The text of a file, unpacked where it is gzip, as UTF-8 where a byte order mark says that it is UTF-16.
///
/// # Errors
/// Where the first bytes cannot be read.
pub fn plain<'a>(mut raw: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match raw.fill_buf()?.starts_with(&GZIP) {
        true => Box::new(Decoded::marked(MultiGzDecoder::new(raw))),
        false => Box::new(Decoded::marked(raw)),
    })
}

/// Gives no more than so many bytes, and says so.
#[derive(Debug)]
pub struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Bounded<R> {
    pub fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most }
    }

    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        let over = || io::Error::new(io::ErrorKind::InvalidData, "unpacks to more bytes than it may hold");
        self.left = self.left.checked_sub(n as u64).ok_or_else(over)?;
        Ok(n)
    }
}

/// The most bytes between a `<` and the next `>`: a reader of XML holds attributes against each other.
pub fn longest_tag(xml: &[u8]) -> usize {
    let (mut longest, mut start) = (0, None);
    for (at, byte) in xml.iter().enumerate() {
        match (byte, start) {
            (b'<', None) => start = Some(at),
            (b'>', Some(from)) => {
                longest = longest.max(at - from);
                start = None;
            }
            _ => {}
        }
    }
    start.map_or(longest, |from| longest.max(xml.len() - from))
}

/// Where the bytes read so far end within a record, as CSV is read here: a quote opens a field only at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a field.
    Start,
    /// In a field without quotes, or behind the closing one.
    Plain,
    Quoted,
    /// At a quote within quotes: the closing one, or the first of two that stand for one.
    Quote,
}

impl Place {
    #[inline]
    fn after(self, byte: u8, separator: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Quoted, _) | (Self::Quote | Self::Start, b'"') => Self::Quoted,
            (_, b'\r' | b'\n') => Self::Start,
            _ if byte == separator => Self::Start,
            _ => Self::Plain,
        }
    }
}

/// Fails on a record longer than the limit, before anyone holds it in memory: a quote that is never closed makes one of
/// all that follows it.
#[derive(Debug)]
pub struct ShortRecords<R> {
    inner: R,
    most: usize,
    separator: u8,
    place: Place,
    length: usize,
    lines: Lines,
    /// The line that the record starts in.
    began: u64,
    /// Bytes of a byte order mark that the text began with so far; none once it is past.
    mark: Option<usize>,
}

impl<R: Read> ShortRecords<R> {
    pub fn new(inner: R) -> Self {
        Self::with_limit(inner, LONGEST_RECORD)
    }

    /// With a limit of its own.
    pub fn with_limit(inner: R, most: usize) -> Self {
        Self {
            inner,
            most,
            separator: b',',
            place: Place::Start,
            length: 0,
            lines: Lines::counted(),
            began: 1,
            mark: Some(0),
        }
    }

    /// With another byte than a comma between fields.
    pub(super) fn separated(self, separator: u8) -> Self {
        Self { separator, ..self }
    }

    /// For a reader who asks in which line each record begins.
    pub(super) fn lined(inner: R) -> Self {
        Self { lines: Lines::remembered(), ..Self::new(inner) }
    }

    /// The line in which the record begins that comes at this byte, behind empty lines or at once.
    pub(super) fn line_at(&mut self, byte: u64) -> Option<u64> {
        self.lines.beginning(byte)
    }
}

impl<R: Read> Read for ShortRecords<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        buffer[..read].iter().try_for_each(|byte| self.pass(*byte))?;
        Ok(read)
    }
}

impl<R> ShortRecords<R> {
    fn pass(&mut self, byte: u8) -> io::Result<()> {
        self.lines.pass(byte);
        if let Some(at) = self.mark {
            // The mark is no part of the first field, which may start with a quote behind it, nor of its line.
            let (held, whole) = (UTF8_MARK.get(at) == Some(&byte), at + 1 == UTF8_MARK.len());
            self.mark = (held && !whole).then_some(at + 1);
            if held && whole {
                self.lines.marked();
            }
            if held {
                return Ok(());
            }
        }
        let quoted = self.place == Place::Quoted;
        self.place = self.place.after(byte, self.separator);
        if matches!(byte, b'\n' | b'\r') && !quoted {
            (self.length, self.began) = (0, self.lines.line());
            return Ok(());
        }
        self.length += 1;
        if self.length <= self.most {
            return Ok(());
        }
        let (began, lines, most) = (self.began, self.lines.line() - self.began + 1, self.most);
        let what = match lines {
            1 => format!("line {began} is longer than {most} bytes"),
            _ => format!(
                "the row that starts in line {began} spans {lines} lines and is longer than {most} bytes: is a quote \
                 left open?"
            ),
        };
        Err(io::Error::new(io::ErrorKind::InvalidData, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        ShortRecords::new(plain(bytes)?).read_to_string(&mut text)?;
        Ok(text)
    }

    fn squeezed(text: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(text).expect("memory");
        gz.finish().expect("memory")
    }

    #[test]
    fn gzip_is_known_by_its_bytes_and_long_lines_are_refused() {
        let one = squeezed(b"a,b\n1,2\n");
        assert_eq!(text(&one).expect("read"), "a,b\n1,2\n");
        assert_eq!(text(&[one.clone(), one].concat()).expect("read"), "a,b\n1,2\na,b\n1,2\n", "member by member");
        assert_eq!(text(b"a,b\n").expect("read"), "a,b\n");
        let line = |n: usize| [vec![b'a'; n], b"\nb\n".to_vec()].concat();
        assert!(text(&line(LONGEST_RECORD)).is_ok());
        let message = text(&line(LONGEST_RECORD + 1)).expect_err("too long").to_string();
        assert_eq!(message, "line 1 is longer than 65536 bytes");
    }

    /// RFC 1952: behind the deflated bytes stand their CRC-32 and their length, four bytes each.
    #[test]
    fn gzip_that_is_cut_or_changed_is_refused() {
        let rows: String = (0..2_000).map(|row| format!("{row},{}\n", row * row)).collect();
        let whole = squeezed(rows.as_bytes());
        assert_eq!(text(&whole).expect("read"), rows);
        for cut in [whole.len() - 1, whole.len() - 8, whole.len() - 9, whole.len() / 2, 11, 10, 3] {
            assert!(text(&whole[..cut]).is_err(), "cut at {cut} of {}", whole.len());
        }
        for back in 1..=8 {
            let mut changed = whole.clone();
            let at = changed.len() - back;
            changed[at] ^= 1;
            assert!(text(&changed).is_err(), "byte {back} from the end");
        }
        for tail in [&b"x"[..], b"\x1f", b"\x1f\x8b", b"rows,and,more\n"] {
            assert!(text(&[&whole[..], tail].concat()).is_err(), "{tail:?} behind it");
        }
    }

    #[test]
    fn nothing_unpacks_to_more_than_its_bytes_can_hold() {
        let blank = squeezed(&vec![b'\n'; 64 << 20]);
        assert!(unpacked(blank.len() as u64) > 64 << 20, "a thousand to one is as far as deflate goes");
        let most = 1 << 20;
        let mut bounded = Bounded::new(plain(blank.as_slice()).expect("gzip"), most);
        let error = io::copy(&mut bounded, &mut io::sink()).expect_err("a bomb");
        assert_eq!(error.to_string(), "unpacks to more bytes than it may hold");
        assert_eq!(unpacked(u64::MAX), u64::MAX);
    }

    /// What the csv crate takes for one record is one here.
    #[test]
    fn records_end_where_the_reader_ends_them() {
        for rows in [
            "a,b\n1,2\n",
            "a,b\r\n1,2\r\n",
            "a\rb\rc",
            "\"a\nb\",c\nd\n",
            "\"a\"\"\n\"\"b\"\nc\n",
            "a\"b\nc\"d\n",
            "\"a\"b\"\nc\n",
            "a,\"b\r\n\"\"\n",
            "\u{feff}\"a\nb\"\nc\n",
            "\u{feff}a\n",
            "\"\"\n\"\"\"\"\n",
            "a,\"\n\",b\n\n\nc",
            "x \"y\n\"\nz",
        ] {
            let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rows.as_bytes());
            let read = csv.byte_records().filter(Result::is_ok).count();
            let mut counting = ShortRecords::new(io::empty());
            let mut counted = 0;
            for byte in rows.bytes() {
                let before = counting.length;
                counting.pass(byte).expect("short");
                counted += usize::from(before == 0 && counting.length == 1);
            }
            assert_eq!(counted, read, "{rows:?}");
        }
    }

    #[test]
    fn a_quote_that_is_left_open_is_no_record_of_all_that_follows() {
        let rows = "1,2\n".repeat(LONGEST_RECORD);
        assert!(text(rows.as_bytes()).is_ok());
        let message = |head: &str| text(format!("a,b\n{head}{rows}").as_bytes()).expect_err("too long").to_string();
        for head in ["\"", "x,\"", "\"x\"\"y", "\r\n\"", "\u{e9},\"", "x\r\"", "x\r\n\""] {
            let message = message(head);
            assert!(message.ends_with("is longer than 65536 bytes: is a quote left open?"), "{message}");
            let line = if head.contains('\r') { 3 } else { 2 };
            assert!(message.starts_with(&format!("the row that starts in line {line} spans ")), "{message}");
        }
        // A quote within a field is a character like others.
        for head in ["x\"", "x,y\"", "\"x\"y\""] {
            assert!(text(format!("a,b\n{head}{rows}").as_bytes()).is_ok(), "{head}");
        }
    }
}
