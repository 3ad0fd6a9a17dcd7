//! Fresh tables against those of a pack, line by line, without holding either.

use super::files::{Files, Finding, Sink};
use std::cell::RefCell;
use std::io::{self, BufRead, Read, Write};
use std::rc::Rc;

/// No line of a table is longer.
const LONGEST_LINE: u64 = 1 << 20;

/// Takes fresh tables and keeps the first difference of each.
pub struct Comparing<'a> {
    files: &'a dyn Files,
    findings: Rc<RefCell<Vec<Finding>>>,
}

impl<'a> Comparing<'a> {
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, findings: Rc::default() }
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.findings.take()
    }
}

impl<'a> Sink for Comparing<'a> {
    type File = Side<'a>;

    fn create(&mut self, path: &str) -> io::Result<Side<'a>> {
        let packed = self.files.open(path).ok();
        if packed.is_none() {
            self.findings.borrow_mut().push(Finding::new(path, "is missing"));
        }
        Ok(Side {
            path: path.into(),
            packed,
            fresh: Vec::new(),
            header: String::new(),
            line: 0,
            findings: Rc::clone(&self.findings),
        })
    }

    fn close(&mut self, mut file: Side<'a>) -> io::Result<()> {
        if !file.fresh.is_empty() {
            let rest = std::mem::take(&mut file.fresh);
            file.check(&rest)?;
        }
        let Some(packed) = &mut file.packed else { return Ok(()) };
        let mut more = Vec::new();
        packed.by_ref().take(1).read_to_end(&mut more)?;
        if !more.is_empty() {
            let what = format!("has lines beyond the {} that its inputs give", file.line);
            self.findings.borrow_mut().push(Finding::new(&file.path, what));
        }
        Ok(())
    }
}

/// One table on both sides.
pub struct Side<'a> {
    path: String,
    /// None once it differed, or was never there.
    packed: Option<Box<dyn BufRead + 'a>>,
    fresh: Vec<u8>,
    header: String,
    line: usize,
    findings: Rc<RefCell<Vec<Finding>>>,
}

impl Side<'_> {
    fn check(&mut self, fresh: &[u8]) -> io::Result<()> {
        let Some(packed) = &mut self.packed else { return Ok(()) };
        let mut was = Vec::with_capacity(fresh.len());
        // A longer line is another line in any case.
        packed.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut was)?;
        if self.line == 0 {
            self.header = String::from_utf8_lossy(fresh).trim_end().to_string();
        }
        if was != fresh {
            let what = difference(&self.path, self.line, &self.header, &was, fresh);
            self.findings.borrow_mut().push(Finding::new(&self.path, what));
            self.packed = None;
        }
        self.line += 1;
        Ok(())
    }
}

impl Write for Side<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|b| *b == b'\n') {
            let mut line = std::mem::take(&mut self.fresh);
            line.extend_from_slice(&rest[..=at]);
            self.check(&line)?;
            rest = &rest[at + 1..];
        }
        self.fresh.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The first line that differs, with its column where the file is a table.
fn difference(path: &str, line: usize, header: &str, was: &[u8], is: &[u8]) -> String {
    let (was, is) = (String::from_utf8_lossy(was), String::from_utf8_lossy(is));
    let (was, is) = (was.trim_end_matches('\n'), is.trim_end_matches('\n'));
    if was.is_empty() {
        return format!("ends after {line} lines; its inputs give more, next: {is}");
    }
    if path.ends_with(".csv") && line > 0 {
        let names: Vec<&str> = header.split(',').collect();
        let mut cells = was.split(',').zip(is.split(',')).enumerate();
        if let Some((column, (was, fresh))) = cells.find(|(_, (was, is))| was != is) {
            let name = names.get(column).unwrap_or(&"?");
            let about: Vec<&str> = is.split(',').take(column.clamp(1, 3)).collect();
            return format!("row {line} ({}), {name}: the pack says {was}, its inputs give {fresh}", about.join(" "));
        }
    }
    let clean = |text: &str| text.trim().trim_end_matches(',').to_string();
    format!("line {}: the pack says {}, its inputs give {}", line + 1, clean(was), clean(is))
}
