//! Rejected rows: any number of them in bounded memory.
//!
//! If a bad row refuses the whole file, the first bad rows are named and the rest counted. If bad rows go to a file of
//! their own, those beyond some thousand wait in temporary files, sorted by line, and come back in that order.

use crate::error::{Fault, Faults};
use crate::outputs::temporary;
use reports::words::counted;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub line: u64,
    pub reason: String,
}

impl Reject {
    pub fn problem(&self, file: &str) -> Fault {
        Fault::new(self.reason.clone())
            .file(file)
            .line(self.line)
            .hint("`--reject FILE` takes the other rows and writes this one to FILE")
    }
}

/// Bad rows that are named when none may be bad.
const NAMED: usize = 1_000;
/// Rows held in memory before they go to a file.
const HELD: usize = 50_000;
/// Files before they are merged into one.
const RUNS: usize = 32;

/// Rows that were not taken, by the order they were found in until they are read back.
#[derive(Debug)]
pub struct Rejects {
    held: Vec<Reject>,
    /// Rows that went to files, each sorted by line.
    runs: Vec<File>,
    count: usize,
    /// How many are remembered; none: all of them.
    most: Option<usize>,
    spill_at: usize,
    failed: Option<io::Error>,
}

impl Default for Rejects {
    fn default() -> Self {
        Self::all()
    }
}

impl Extend<Reject> for Rejects {
    fn extend<T: IntoIterator<Item = Reject>>(&mut self, rejects: T) {
        rejects.into_iter().for_each(|reject| self.push(reject.line, reject.reason));
    }
}

impl Rejects {
    pub fn all() -> Self {
        Self { held: Vec::new(), runs: Vec::new(), count: 0, most: None, spill_at: HELD, failed: None }
    }

    /// Every row where the good ones are kept; else as many as are named when one bad row refuses the whole file.
    pub fn for_file(keep_good: bool) -> Self {
        if keep_good { Self::all() } else { Self::first(NAMED) }
    }

    /// So many are kept to be named; the rest are counted.
    pub fn first(most: usize) -> Self {
        Self { most: Some(most), ..Self::all() }
    }

    pub fn push(&mut self, line: u64, reason: impl Into<String>) {
        self.push_with(line, || reason.into());
    }

    /// The same where the reason is only put into words if somebody will read it.
    pub fn push_with(&mut self, line: u64, reason: impl FnOnce() -> String) {
        self.count += 1;
        if self.most.is_some_and(|most| self.held.len() >= most) || self.failed.is_some() {
            return;
        }
        self.held.push(Reject { line, reason: reason() });
        if self.most.is_none() && self.held.len() >= self.spill_at {
            self.failed = self.spill().err();
        }
    }

    /// How many there are, the ones that are only counted among them.
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One that is remembered, as an example.
    pub fn one(&self) -> Option<&Reject> {
        self.held.first()
    }

    pub fn append(&mut self, mut other: Self) {
        self.count += other.count;
        self.failed = self.failed.take().or(other.failed.take());
        self.runs.append(&mut other.runs);
        self.held.append(&mut other.held);
    }

    /// Whether every row is still there to be read back.
    ///
    /// # Errors
    /// Where a temporary file could not be written.
    pub fn check(&mut self) -> io::Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }

    /// Those that are remembered, for the file they stand in, and how many more there are.
    pub fn problems(&self, file: &str) -> Faults {
        let mut named: Vec<&Reject> = self.held.iter().collect();
        named.sort_by_key(|reject| reject.line);
        let mut problems: Vec<Fault> = named.into_iter().map(|reject| reject.problem(file)).collect();
        let more = self.count - problems.len();
        if more > 0 {
            problems.push(Fault::new(format!("and {}", counted(more, "more row", "more rows"))).file(file));
        }
        Faults(problems)
    }

    /// Hands the rows out, by line; nothing is left but their number.
    ///
    /// # Errors
    /// Where a temporary file cannot be read, or could not be written before.
    pub fn by_line(&mut self) -> io::Result<ByLine> {
        self.check()?;
        let mut sources: Vec<Source> = Vec::new();
        for mut file in std::mem::take(&mut self.runs) {
            file.seek(SeekFrom::Start(0))?;
            sources.push(Source::File(BufReader::new(file)));
        }
        let mut held = std::mem::take(&mut self.held);
        held.sort_by_key(|reject| reject.line);
        sources.push(Source::Memory(held.into_iter()));
        ByLine::new(sources)
    }

    fn spill(&mut self) -> io::Result<()> {
        let mut held = std::mem::take(&mut self.held);
        held.sort_by_key(|reject| reject.line);
        self.runs.push(written(held.into_iter().map(Ok))?);
        if self.runs.len() >= RUNS {
            let merged = self.by_line()?;
            self.runs.push(written(merged)?);
        }
        Ok(())
    }
}

fn written(rejects: impl Iterator<Item = io::Result<Reject>>) -> io::Result<File> {
    let mut out = BufWriter::with_capacity(1 << 16, temporary::scratch()?);
    for reject in rejects {
        let Reject { line, reason } = reject?;
        out.write_all(&line.to_le_bytes())?;
        out.write_all(&(reason.len() as u64).to_le_bytes())?;
        out.write_all(reason.as_bytes())?;
    }
    out.into_inner().map_err(|error| error.into_error())
}

#[derive(Debug)]
enum Source {
    Memory(std::vec::IntoIter<Reject>),
    File(BufReader<File>),
}

impl Source {
    fn next(&mut self) -> io::Result<Option<Reject>> {
        let reader = match self {
            Self::Memory(rest) => return Ok(rest.next()),
            Self::File(reader) => reader,
        };
        let mut number = [0_u8; 8];
        match reader.read_exact(&mut number) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let line = u64::from_le_bytes(number);
        reader.read_exact(&mut number)?;
        let mut reason = Vec::new();
        reader.take(u64::from_le_bytes(number)).read_to_end(&mut reason)?;
        Ok(Some(Reject { line, reason: String::from_utf8_lossy(&reason).into_owned() }))
    }
}

/// Rows by line, merged from wherever they lie; of one line in the order they were found in.
#[derive(Debug)]
pub struct ByLine {
    /// Each with its next row.
    sources: Vec<(Option<Reject>, Source)>,
}

impl ByLine {
    fn new(sources: Vec<Source>) -> io::Result<Self> {
        let begun = |mut source: Source| -> io::Result<(Option<Reject>, Source)> { Ok((source.next()?, source)) };
        Ok(Self { sources: sources.into_iter().map(begun).collect::<io::Result<_>>()? })
    }
}

impl Iterator for ByLine {
    type Item = io::Result<Reject>;

    fn next(&mut self) -> Option<io::Result<Reject>> {
        let waiting = self.sources.iter_mut().filter(|(next, _)| next.is_some());
        let (next, source) = waiting.min_by_key(|(next, _)| next.as_ref().map(|reject| reject.line))?;
        let found = next.take();
        match source.next() {
            Ok(after) => *next = after,
            Err(error) => return Some(Err(error)),
        }
        found.map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rejects: &mut Rejects) -> Vec<(u64, String)> {
        let rows = rejects.by_line().expect("readable").collect::<io::Result<Vec<Reject>>>().expect("read");
        rows.into_iter().map(|reject| (reject.line, reject.reason)).collect()
    }

    #[test]
    fn any_number_comes_back_by_line() {
        // Files of three rows, merged over and over: 1 000 rows are some ten merges.
        for count in [0_u64, 1, 2, 3, 4, 100, 1_000] {
            let mut rejects = Rejects { spill_at: 3, ..Rejects::all() };
            // 7 919 is prime to every count: each line once, in no order.
            let line = |i: u64| i * 7_919 % count.max(1);
            (0..count).for_each(|i| rejects.push(line(i), format!("row \u{e9} {}", line(i))));
            assert_eq!(rejects.len() as u64, count);
            assert!(rejects.held.len() < 3 && rejects.runs.len() < RUNS, "{count}");
            let wanted: Vec<(u64, String)> = (0..count).map(|line| (line, format!("row \u{e9} {line}"))).collect();
            assert_eq!(lines(&mut rejects), wanted, "{count}");
        }
    }

    #[test]
    fn of_one_line_the_first_reason_comes_first() {
        let mut rejects = Rejects { spill_at: 2, ..Rejects::all() };
        for (line, reason) in [(9, "a"), (5, "b"), (5, "c"), (9, "d"), (5, "e")] {
            rejects.push(line, reason);
        }
        let reasons: Vec<String> = lines(&mut rejects).into_iter().map(|(_, reason)| reason).collect();
        assert_eq!(reasons, ["b", "c", "e", "a", "d"]);
        assert_eq!(rejects.len(), 5, "their number stays");
    }

    #[test]
    fn what_two_hold_comes_back_together() {
        let (mut one, mut two) = (Rejects { spill_at: 2, ..Rejects::all() }, Rejects::all());
        for line in [8, 2, 5] {
            one.push(line, "one");
        }
        two.extend([7, 5, 1].map(|line| Reject { line, reason: "two".into() }));
        one.append(two);
        let found: Vec<(u64, String)> = lines(&mut one);
        let found: Vec<(u64, &str)> = found.iter().map(|(line, reason)| (*line, reason.as_str())).collect();
        assert_eq!(found, [(1, "two"), (2, "one"), (5, "one"), (5, "two"), (7, "two"), (8, "one")]);
        assert_eq!(one.len(), 6);
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let mut rejects = Rejects::first(2);
        for line in [7, 3, 1, 9] {
            rejects.push(line, format!("bad {line}"));
        }
        let Faults(list) = rejects.problems("f.csv");
        let listed: Vec<(Option<u64>, &str)> = list.iter().map(|p| (p.line, p.what.as_str())).collect();
        assert_eq!(listed, [(Some(3), "bad 3"), (Some(7), "bad 7"), (None, "and 2 more rows")]);
        assert_eq!(Rejects::first(2).problems("f.csv"), Faults(Vec::new()));
    }
}
