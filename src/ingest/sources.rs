//! Kinds of files, each read by the source of its provider in `reports::received`; the network is elsewhere.

use super::batch::Batch;
use super::files;
use crate::error::{Problem, Problems};
use crate::rejects::Rejects;
use reports::received::feeds::{Feed, Told};
use reports::received::{Ends, Records, Refused, invoices, readings};
use reports::time::format_instant;
use reports::words::io_reason;
use std::io::Read;
use std::path::Path;

/// A kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Readings, or invoices where the header says so.
    Readings { ends: Ends },
    /// A public source, about the boundary it is taken in for.
    Feed { feed: Feed, area: String, told: Told },
}

impl Source {
    /// Reads a file; bad rows go to `rejects`.
    pub fn read(&self, path: &Path, progress: bool, rejects: Rejects) -> Result<Batch, Problems> {
        let mut opened = files::open(path, progress)?;
        let mut batch = Batch { source: self.descriptor(), rejects, ..Batch::default() };
        let mut records = Records::new(&mut opened.reader);
        let read = match self {
            Self::Readings { ends } => own_form(&mut records, *ends, &mut batch),
            Self::Feed { feed, area, told } => feed.read(&mut records, area, *told, &mut batch),
        };
        drop(records);
        let named = |refused: Refused| Problem::from(refused).file(path.display());
        read.map_err(named)?;
        finish(&mut batch, opened, path)?;
        Ok(batch)
    }

    /// Form and options, as revisions name them.
    fn descriptor(&self) -> String {
        match self {
            // The same rows with other ends are other readings.
            Self::Readings { ends } => format!("readings{}", ends.suffix()),
            Self::Feed { feed, area, told } => {
                let label = told.label.map(|label| format!(" {label:?}")).unwrap_or_default();
                // The same numbers captured at another time are another vintage.
                let issued = told.issued_s.map(|at_s| format!(" {}", format_instant(at_s))).unwrap_or_default();
                format!("{} {area}{label}{issued}", feed.about().name)
            }
        }
    }
}

/// The two forms of our own, told apart by their header.
fn own_form(records: &mut Records<impl Read>, ends: Ends, batch: &mut Batch) -> Result<(), Refused> {
    if invoices::recognises(records.header()?) {
        batch.source = format!("invoices{}", ends.suffix());
        return invoices::read(records, ends, batch);
    }
    readings::read(records, ends, batch)
}

/// Parses nothing and drains the rest of a reader, for sources that stop early.
fn finish(batch: &mut Batch, mut opened: files::Opened, path: &Path) -> Result<(), Problem> {
    let broken = |e: std::io::Error| Problem::new(format!("cannot be read: {}", io_reason(&e))).file(path.display());
    files::drain(&mut opened.reader).map_err(broken)?;
    opened.bar.finish_and_clear();
    (batch.sha256, batch.bytes) = opened.digested.finish();
    Ok(())
}
