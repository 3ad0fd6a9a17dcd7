//! Bytes of a received file as text: gzip by its magic bytes, no line longer than a limit.

use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, Read};

/// A longer line is no CSV of readings.
pub const LONGEST_LINE: usize = 64 * 1024;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of a file, unpacked where it is gzip.
///
/// # Errors
///
/// Where the first bytes cannot be read.
pub fn plain<'a>(mut raw: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let text: Box<dyn Read + 'a> =
        if raw.fill_buf()?.starts_with(&GZIP) { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    Ok(text)
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

/// Fails on a line longer than the limit, before anyone holds it in memory.
#[derive(Debug)]
pub struct ShortLines<R> {
    inner: R,
    length: usize,
    line: u64,
}

impl<R: Read> ShortLines<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, length: 0, line: 1 }
    }
}

impl<R: Read> Read for ShortLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut rest = &buffer[..read];
        while let Some(at) = rest.iter().position(|b| *b == b'\n') {
            self.check(at)?;
            self.length = 0;
            self.line += 1;
            rest = &rest[at + 1..];
        }
        self.length += rest.len();
        self.check(0)?;
        Ok(read)
    }
}

impl<R> ShortLines<R> {
    fn check(&self, more: usize) -> io::Result<()> {
        if self.length + more > LONGEST_LINE {
            let what = format!("line {} is longer than {LONGEST_LINE} bytes", self.line);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        ShortLines::new(plain(bytes)?).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn gzip_is_known_by_its_bytes_and_long_lines_are_refused() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(b"a,b\n1,2\n").expect("memory");
        let one = gz.finish().expect("memory");
        assert_eq!(text(&one).expect("read"), "a,b\n1,2\n");
        assert_eq!(text(&[one.clone(), one].concat()).expect("read"), "a,b\n1,2\na,b\n1,2\n", "member by member");
        assert_eq!(text(b"a,b\n").expect("read"), "a,b\n");
        let line = |n: usize| [vec![b'a'; n], b"\nb\n".to_vec()].concat();
        assert!(text(&line(LONGEST_LINE)).is_ok());
        let said = text(&line(LONGEST_LINE + 1)).expect_err("too long").to_string();
        assert_eq!(said, "line 1 is longer than 65536 bytes");
    }
}
