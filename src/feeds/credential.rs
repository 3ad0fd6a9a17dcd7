//! Credentials: from the environment or a file, when they are needed, and nowhere else.

use super::failure::Failure;
use crate::portfolio::{FeedSource, TokenFrom};
use crate::secret::Token;
use reports::words::io_reason;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// No credential is longer, nor a bundle of certificates.
const LONGEST: u64 = 8 << 10;
const LONGEST_CA: u64 = 4 << 20;

/// The credential of a source; none where it names no place of one.
pub(super) fn token(source: &FeedSource, folder: &Path) -> Result<Option<Token>, Failure> {
    let text = match &source.token {
        TokenFrom::Nowhere => return Ok(None),
        TokenFrom::Env(name) => std::env::var(name)
            .map_err(|_| Failure::denied(format!("the environment variable {name} is not set, or is not text")))?,
        TokenFrom::File(path) => {
            let path = folder.join(path);
            let read = bytes(&path, LONGEST).and_then(|bytes| {
                String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "is not UTF-8 text"))
            });
            read.map_err(|e| Failure::denied(format!("{} cannot be read: {}", path.display(), io_reason(&e))))?
        }
    };
    let text = text.trim();
    match text.is_empty() || text.contains(char::is_control) {
        true => Err(Failure::denied("the credential is empty, or more than one line")),
        false => Ok(Some(Token::new(text))),
    }
}

/// Certificates to trust, as PEM.
pub(super) fn certificates(source: &FeedSource, folder: &Path) -> Result<Vec<u8>, Failure> {
    let Some(path) = &source.ca_file else { return Ok(Vec::new()) };
    let path = folder.join(path);
    bytes(&path, LONGEST_CA)
        .map_err(|e| Failure::refused(format!("{} cannot be read: {}", path.display(), io_reason(&e))))
}

fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::new(io::ErrorKind::InvalidData, format!("is longer than {most} bytes"))),
        false => Ok(bytes),
    }
}
