//! What a file is read by.

use super::args::Ingest;
use crate::error::Fault;
use crate::ingest::recognise::Recognised;
use crate::ingest::sources::Source;
use crate::portfolio::Portfolio;

/// What a file is read by, and what to say of it where its header told.
pub(super) struct Chosen {
    pub source: Source,
    pub taken_as: Option<String>,
    /// The form of an export, as a portfolio would state it.
    pub text: Option<String>,
}

impl Chosen {
    pub(super) fn by_name(source: Source) -> Self {
        Self { source, taken_as: None, text: None }
    }
}

/// ``PJM Data Miner generation by fuel, `pjm` ``.
pub(super) fn title(name: &str, found: &Recognised) -> String {
    let exports = found.exports.iter().map(|export| (export.name, export.title));
    let feeds = found.feeds.iter().map(|feed| (feed.about().name, feed.about().title));
    match exports.chain(feeds).find(|(known, _)| *known == name) {
        Some((name, title)) => format!("{title}, `{name}`"),
        None => format!("`{name}` of the portfolio"),
    }
}

/// The boundary that a file's rows belong to.
pub(super) fn area(args: &Ingest, source: &str, portfolio: &Portfolio) -> Result<String, Fault> {
    let area = args.area.clone().ok_or_else(|| {
        Fault::new(format!("--source {source} needs --area"))
            .hint(format!("name the boundary the file belongs to: {}", portfolio.boundary_ids().join(" ")))
    })?;
    portfolio.check_area(&area)?;
    Ok(area)
}
