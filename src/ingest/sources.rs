//! Kinds of files, each read by the source of its provider in `reports::received`; the network is elsewhere.

use super::batch::Batch;
use super::files;
use crate::error::{Fault, Faults};
use ids::BoundaryId;
use reports::received::feeds::{Feed, Told};
use reports::received::forms::Form;
use reports::received::{Ends, Records, Refused, Rows, invoices, readings};
use std::io::{self, Read};
use std::path::Path;

/// A kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Readings, or invoices where the header says so.
    Readings { ends: Ends },
    /// A public source, about the boundary it is taken in for.
    Feed { feed: Feed, area: BoundaryId, told: Told },
    /// A form that comes with the program or stands in the portfolio, by its name.
    Form { name: String, form: Form },
}

impl Source {
    /// Reads a file into an empty batch; bad rows go to its `rejects`.
    pub fn read(&self, path: &Path, progress: bool, mut batch: Batch) -> Result<Batch, Faults> {
        let mut opened = files::open(path, progress)?;
        batch.source = self.descriptor();
        self.text(&mut opened.reader, &mut batch).map_err(|refused| Fault::from(refused).file(path.display()))?;
        if let (Self::Readings { ends }, false) = (self, batch.invoices.is_empty()) {
            batch.source = format!("invoices{}", ends.suffix());
        }
        // Whatever is left of it too, so that the hash covers the whole file.
        io::copy(&mut opened.reader, &mut io::sink()).map_err(|e| files::unreadable(&e, path))?;
        opened.bar.finish_and_clear();
        (batch.sha256, batch.bytes) = opened.digested.finish();
        Ok(batch)
    }

    /// The same for anyone who takes rows.
    pub fn read_into(&self, path: &Path, rows: &mut impl Rows) -> Result<(), Fault> {
        let mut opened = files::open(path, false)?;
        self.text(&mut opened.reader, rows).map_err(|refused| Fault::from(refused).file(path.display()))
    }

    fn text(&self, text: impl Read, rows: &mut impl Rows) -> Result<(), Refused> {
        match self {
            Self::Readings { ends } => {
                let mut records = Records::new(text);
                // The two forms of our own are told apart by their header.
                match invoices::recognises(records.header()?) {
                    true => invoices::read(&mut records, *ends, rows),
                    false => readings::read(&mut records, *ends, rows),
                }
            }
            Self::Feed { feed, area, told } => feed.read(&mut Records::new(text), area, *told, rows),
            Self::Form { form, .. } => form.read(text, rows),
        }
    }

    pub fn form(&self) -> Option<&Form> {
        match self {
            Self::Form { form, .. } => Some(form),
            Self::Readings { .. } | Self::Feed { .. } => None,
        }
    }

    /// What it is, for people.
    pub fn title(&self) -> String {
        match self {
            Self::Readings { .. } => "readings or invoices in hourmatch's own form".into(),
            Self::Feed { feed, .. } => format!("{}, `{}`", feed.about().title, feed.about().name),
            Self::Form { name, .. } => format!("`{name}`"),
        }
    }

    /// Form and options, as revisions name them.
    fn descriptor(&self) -> String {
        match self {
            // The same rows with other ends are other readings.
            Self::Readings { ends } => format!("readings{}", ends.suffix()),
            Self::Feed { feed, area, told } => {
                let label = told.label.map(|label| format!(" {label:?}")).unwrap_or_default();
                // The same numbers captured at another time are another vintage.
                let issued = told.issued.map(|at| format!(" {at}")).unwrap_or_default();
                format!("{} {area}{label}{issued}", feed.about().name)
            }
            // Whole, so that a pack can say what the rows mean.
            Self::Form { name, form } => format!("{name} {}", form.to_json()),
        }
    }
}
