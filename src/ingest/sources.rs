//! Kinds of files, each read by the source of its provider in `reports::received`; the network is elsewhere.

use super::batch::Batch;
use super::{commit, files};
use crate::error::{Problem, Problems};
use crate::rejects::Rejects;
use reports::received::{Ends, Label, Refused, eia930, invoices, neso, readings};
use reports::time::format_instant;
use std::io::Read;
use std::path::Path;

/// A kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Readings, or invoices where the header says so.
    Readings {
        ends: Ends,
    },
    Eia930 {
        area: String,
        label: Label,
    },
    /// One captured forecast of GB carbon intensity.
    Neso {
        area: String,
        issued_s: i64,
    },
}

impl Source {
    /// Reads a file; bad rows go to `rejects`.
    pub fn read(&self, path: &Path, progress: bool, rejects: Rejects) -> Result<Batch, Problems> {
        let mut opened = files::open(path, progress)?;
        let mut batch = Batch { source: self.descriptor(), rejects, ..Batch::default() };
        let mut csv = csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 16).from_reader(&mut opened.reader);
        let read = match self {
            Self::Readings { ends } => own_form(&mut csv, *ends, &mut batch),
            Self::Eia930 { area, label } => eia930::read(&mut csv, area, *label, &mut batch),
            Self::Neso { area, issued_s } => neso::read(&mut csv, area, *issued_s, &mut batch),
        };
        drop(csv);
        let named = |refused: Refused| Problem::from(refused).file(path.display());
        read.map_err(named)?;
        commit::finish(&mut batch, opened, path)?;
        Ok(batch)
    }

    /// Form and options, as revisions name them.
    fn descriptor(&self) -> String {
        match self {
            // The same rows with other ends are other readings.
            Self::Readings { ends } => format!("readings{}", ends.suffix()),
            Self::Eia930 { area, label } => format!("eia930 {area} {label:?}"),
            // The same numbers captured at another time are another vintage.
            Self::Neso { area, issued_s } => format!("neso {area} {}", format_instant(*issued_s)),
        }
    }
}

/// The two forms of our own, told apart by their header.
fn own_form(csv: &mut csv::Reader<impl Read>, ends: Ends, batch: &mut Batch) -> Result<(), Refused> {
    if invoices::recognises(csv.headers().map_err(|e| Refused::of_csv(&e))?) {
        batch.source = format!("invoices{}", ends.suffix());
        return invoices::read(csv, ends, batch);
    }
    readings::read(csv, ends, batch)
}
