//! The report as a PDF document for auditors: A4, bookmarks, page numbers, charts as vectors.
//!
//! Pure: bytes out, without dates or random ids, so the same report gives the same bytes. The file carries the glyphs it
//! shows of its fonts, and is tagged after PDF/UA-1: what is drawn either belongs to an element of the structure tree or
//! is an artifact, since there is no pen for anything else.

mod balance;
mod canvas;
mod charts;
mod columns;
mod cover;
mod disclosure;
mod embed;
mod error;
mod facts;
mod figures;
mod file;
mod flow;
mod fonts;
mod footer;
mod frame;
mod int;
mod layout;
mod metadata;
mod numbers;
mod objects;
mod origins;
pub(super) mod palette;
mod parts;
mod scores;
mod structure;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod text;

pub use error::PdfError;

use crate::html::Options;
use flow::{Flow, Sheets};
use footer::Footer;
use frame::Frame;
use parts::{boundaries, checks, closing, compare, contracts, pages, sites, sources, storage};
use reports::report::Report;

/// The whole document; `engine` is the name and version of the program that wrote it. Of the options it takes what is set
/// beside the report.
pub fn document(report: &Report, engine: &str, options: &Options) -> Result<Vec<u8>, PdfError> {
    let frame = Frame::new(report, options)?;
    let sheets = sheets(&frame, engine)?;
    let title = format!("{}: hourly matching report, {}", report.name, frame.span);
    let subject = format!(
        "Version {} under ruleset {} version {}{}",
        report.version,
        report.ruleset.id,
        report.ruleset.version,
        if report.synthetic { "; synthetic data" } else { "" }
    );
    let author = report.disclosure.stated.reporting_entity.as_deref();
    let meta = metadata::Meta { title: &title, author, subject: &subject, engine };
    Ok(file::write(&meta, &sheets)?)
}

/// The pages before they are packed into a file.
fn sheets(frame: &Frame<'_>, engine: &str) -> Result<Sheets, PdfError> {
    let mut flow = Flow::start();
    cover::draw(&mut flow, frame);
    balance::draw(&mut flow, frame);
    charts::waterfall::draw(&mut flow, frame);
    charts::duration::draw(&mut flow, frame);
    charts::day::draw(&mut flow, frame);
    charts::months::draw(&mut flow, frame);
    charts::sources::draw(&mut flow, frame);
    boundaries::draw(&mut flow, frame);
    sites::draw(&mut flow, frame);
    contracts::draw(&mut flow, frame);
    storage::draw(&mut flow, frame);
    pages::boundaries(&mut flow, frame)?;
    pages::sites(&mut flow, frame)?;
    flow.page_break();
    disclosure::draw(&mut flow, frame, engine);
    compare::draw(&mut flow, frame);
    checks::restatement(&mut flow, frame);
    checks::overlaps(&mut flow, frame);
    checks::reconciliations(&mut flow, frame);
    sources::factors(&mut flow, frame);
    sources::revisions(&mut flow, frame);
    closing::exceptions(&mut flow, frame);
    closing::limitations(&mut flow, frame);
    Ok(flow.finish(&Footer::new(frame)))
}
