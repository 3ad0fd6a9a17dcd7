//! Certificates of a file as they are taken: each once, and no more than a file may hold.

use super::common::{Certificate, ContractId, Fault, Records, Rejects, StringRecord};
use reports::received::records::{Found, NOT_TEXT};
use reports::time::{Instant, Zone};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;

/// No file of certificates is longer: a year of 100 devices, hour by hour.
pub(super) const MOST: usize = 1_000_000;

/// A certificate and the line it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    pub certificate: Certificate,
    /// Whether the file says since when it has its status.
    pub since_stated: bool,
}

impl Row {
    /// Whether the row says of a certificate what is known of it.
    pub fn says(&self, held: &Certificate) -> bool {
        let since = if self.since_stated { self.certificate.since } else { held.since };
        Certificate { since, ..self.certificate.clone() } == *held
    }
}

/// Good rows, and bad ones with their reason.
#[derive(Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
    pub rejects: Rejects,
    /// What is no fault and yet to be known.
    pub notes: Vec<String>,
}

/// What rows are read against.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Since when a certificate has its status, where the file does not say.
    pub now: Instant,
    /// Contracts there are.
    pub contracts: &'a [ContractId],
    /// Columns that say nothing of a certificate, as those of a reject file.
    pub ignored: &'a [&'a str],
    /// The zone of its hours, the registry and the technology, where the user states what the file does not.
    pub zone: Option<Zone>,
    pub registry: Option<&'a str>,
    pub technology: Option<&'a str>,
    /// The technology of a device that the portfolio knows.
    pub device: &'a dyn Fn(&str) -> Option<String>,
}

impl Setting<'_> {
    /// What a device is, or why nobody knows.
    pub(super) fn technology(&self, device: &str) -> Result<String, String> {
        self.technology.map(String::from).or_else(|| (self.device)(device)).ok_or_else(|| {
            format!(
                "device `{device}` is not a plant or contract of the portfolio, and the file does not say what it is: \
                 write plant = \"{device}\" in its contract, or say --technology"
            )
        })
    }
}

/// A table as it fills.
#[derive(Debug)]
pub(super) struct Taking {
    pub table: Table,
    /// The line in which each id stands first.
    lines: BTreeMap<String, u64>,
}

impl Taking {
    pub(super) fn new(rejects: Rejects) -> Self {
        Self { table: Table { rejects, ..Table::default() }, lines: BTreeMap::new() }
    }

    /// Takes the rest of the records, each as `row` reads it.
    pub(super) fn records(
        mut self,
        mut records: Records<impl Read>,
        row: impl Fn(&StringRecord) -> Result<(Certificate, bool), String>,
    ) -> Result<Table, Fault> {
        let mut record = StringRecord::new();
        while let Some(found) = records.read(&mut record)? {
            match found {
                Found::Bytes(line) => self.reject(line, NOT_TEXT),
                Found::Text(line) => self.take(line, row(&record))?,
            }
        }
        Ok(self.table)
    }

    fn reject(&mut self, line: u64, reason: impl Into<String>) {
        self.table.rejects.push(line, reason);
    }

    /// Takes what was read of a line: a certificate and whether the file says since when it has its status, or why it
    /// is none. Refuses a file that holds more certificates than are taken.
    pub(super) fn take(&mut self, line: u64, read: Result<(Certificate, bool), String>) -> Result<(), Fault> {
        let sound = read.and_then(|read| match read.0.fault() {
            Some(reason) => Err(reason),
            None => Ok(read),
        });
        let (certificate, since_stated) = match sound {
            Ok(read) => read,
            Err(reason) => {
                self.reject(line, reason);
                return Ok(());
            }
        };
        match self.lines.entry(certificate.id.clone()) {
            Entry::Occupied(earlier) => {
                let reason = format!("certificate `{}` is already in line {}", certificate.id, earlier.get());
                self.table.rejects.push(line, reason);
            }
            Entry::Vacant(_) if self.table.rows.len() >= MOST => {
                let what = format!("holds more than {MOST} certificates");
                return Err(Fault::new(what).line(line).hint("split the file, and import each part"));
            }
            Entry::Vacant(place) => {
                place.insert(line);
                self.table.rows.push(Row { line, certificate, since_stated });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::certificates::Status;

    fn certificate(id: &str) -> Certificate {
        Certificate {
            id: id.into(),
            issuance: id.into(),
            device: "buckeye".into(),
            registry: "M-RETS".into(),
            technology: "wind".into(),
            start: Instant::FIRST,
            end: Instant::FIRST + 3_600,
            first_wh: 1,
            last_wh: 10,
            status: Status::Issued,
            owner: String::new(),
            beneficiary: None,
            contract: None,
            since: Instant::FIRST,
            expires: None,
        }
    }

    #[test]
    fn the_first_of_several_is_taken_and_the_others_name_its_line() {
        let mut taking = Taking::new(Rejects::all());
        for (line, id) in [(2, "a"), (3, "b"), (4, "a"), (5, "a")] {
            taking.take(line, Ok((certificate(id), line == 3))).expect("few");
        }
        taking.take(6, Err("is none".into())).expect("few");
        let Table { rows, rejects, notes } = taking.table;
        let taken: Vec<_> = rows.iter().map(|row| (row.line, row.certificate.id.as_str(), row.since_stated)).collect();
        assert_eq!(taken, [(2, "a", false), (3, "b", true)]);
        let said: Vec<_> = rejects.problems("f").0.into_iter().map(|problem| (problem.line, problem.what)).collect();
        let again = "certificate `a` is already in line 2".to_string();
        assert_eq!(said, [(Some(4), again.clone()), (Some(5), again), (Some(6), "is none".into())]);
        assert!(notes.is_empty());
    }
}
