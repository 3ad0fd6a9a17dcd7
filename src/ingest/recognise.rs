//! What a file is, as its first bytes tell.

use super::files;
use crate::error::Fault;
use reports::received::encoding::Encoding;
use reports::received::feeds::Feed;
use reports::received::forms::{Export, Form, recognised};
use reports::received::{Records, invoices, readings};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// A header stands in these, behind whatever an export says of itself.
const FIRST: u64 = 64 << 10;
/// Rows below a table stand in these.
const LAST: usize = 4 << 10;

/// What a file may be, as far as its header tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The line of its first row.
    pub line: u64,
    /// In our own form: readings or invoices, though its header may have faults.
    pub own: bool,
    pub feeds: Vec<Feed>,
    /// Exports that the program has forms of.
    pub exports: Vec<Export>,
    /// Forms of the portfolio, by name.
    pub forms: Vec<String>,
}

impl Recognised {
    /// Names for `--source`, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.forms.iter().map(String::as_str).collect();
        names.extend(self.exports.iter().map(|export| export.name));
        names.extend(self.feeds.iter().map(|feed| feed.about().name));
        names.dedup();
        names
    }
}

/// The first bytes of a file, unpacked.
pub fn first(path: &Path) -> Result<Vec<u8>, Fault> {
    let mut first = Vec::new();
    let opened = files::open(path, false)?;
    let read = opened.reader.take(FIRST).read_to_end(&mut first);
    read.map_err(|e| files::unreadable(&e, path))?;
    if first.starts_with(b"PK\x03\x04") {
        return Err(Fault::new("is a workbook or another archive")
            .file(path.display())
            .hint("unpack it, or save its sheet as CSV UTF-8"));
    }
    Ok(first)
}

/// The last bytes of a file, unpacked: rows of totals stand there.
pub fn last(path: &Path) -> Result<Vec<u8>, Fault> {
    let mut opened = files::open(path, false)?;
    let mut last: Vec<u8> = Vec::new();
    let mut chunk = vec![0; LAST];
    loop {
        let read = opened.reader.read(&mut chunk).map_err(|e| files::unreadable(&e, path))?;
        if read == 0 {
            return Ok(last);
        }
        last.extend_from_slice(&chunk[..read]);
        last.drain(..last.len().saturating_sub(LAST));
    }
}

/// What the first bytes of a file are.
pub fn recognise(first: &[u8], forms: &BTreeMap<String, Form>) -> Recognised {
    let mut records = Records::new(first);
    let header = records.header().cloned();
    let is_text = header.is_ok();
    let header = header.unwrap_or_default();
    let own = readings::resembles(&header) || invoices::recognises(&header);
    let line = records.header_line();
    if own {
        return Recognised { line, own, ..Recognised::default() };
    }
    let found = Recognised {
        line,
        own,
        feeds: Feed::ALL.iter().copied().filter(|feed| feed.recognises(&header)).collect(),
        exports: recognised(first),
        forms: forms.iter().filter(|(_, form)| form.recognises(first)).map(|(name, _)| name.clone()).collect(),
    };
    // What cannot be read is said by whoever tries; what is no UTF-8 may be described.
    let own = !is_text && found.names().is_empty() && Encoding::likely(first).is_utf8();
    Recognised { own, ..found }
}
