//! The report as a PDF document for auditors: A4, bookmarks, page numbers, charts as vectors.
//!
//! Pure: bytes out, without dates or random ids, so the same report gives the same bytes. The file carries the glyphs it
//! shows of its fonts, and is tagged after PDF/UA-1: what is drawn either belongs to an element of the structure tree or
//! is an artifact, since there is no pen for anything else.

mod canvas;
mod chart;
mod columns;
mod cover;
mod embed;
mod file;
mod flow;
mod fonts;
mod layout;
mod metadata;
mod numbers;
mod objects;
mod scene;
mod section;
mod structure;
mod tags;
#[cfg(test)]
mod tests;
mod text;

use crate::content::{self, Document, Options};
use flow::{Flow, Sheets};
use reports::report::Report;
use text::{BODY, STRONG};

/// Why there is no document: the embedded font cannot be cut down to the letters of the report.
#[derive(Debug, thiserror::Error)]
#[error("the embedded font cannot be cut down to the letters of the report: {0}")]
pub struct PdfError(#[from] subsetter::Error);

/// The whole document; `engine` is the name and version of the program that wrote it.
pub fn document(report: &Report, engine: &str, options: &Options) -> Result<Vec<u8>, PdfError> {
    let document = content::document(report, engine, options);
    let title = format!("{}: hourly matching report, {}", report.name, document.span);
    let subject = format!(
        "Version {} under ruleset {}{}",
        report.version,
        document.ruleset,
        if report.synthetic { "; synthetic data" } else { "" }
    );
    let author = report.disclosure.stated.reporting_entity.as_deref();
    let meta = metadata::Meta { title: &title, author, subject: &subject, engine };
    Ok(file::write(&meta, &sheets(&document))?)
}

/// The pages before they are packed into a file.
fn sheets(document: &Document) -> Sheets {
    let mut flow = Flow::start();
    cover::draw(&mut flow, document);
    // What follows a page of its own does not share it.
    let mut apart = false;
    for part in document.chapters.iter().flat_map(|chapter| &chapter.sections) {
        if apart || part.page {
            flow.page_break();
        }
        section::draw(&mut flow, part);
        apart = part.page;
    }
    method(&mut flow, document);
    flow.finish(document)
}

/// How the figures come about, and where they come from.
fn method(flow: &mut Flow, document: &Document) {
    let ruleset = &document.ruleset;
    flow.section(
        "Method",
        &format!("Computed under ruleset {ruleset}. The same inputs under the same ruleset give the same figures."),
        0.0,
    );
    for (name, text) in &document.method {
        flow.need(STRONG.leading() * 3.0);
        flow.paragraph(STRONG, name);
        flow.paragraph(BODY, &quoted(text));
        flow.space(3.0);
    }
    flow.space(6.0);
    section::facts(flow, &document.provenance);
}

/// Text between backticks, which is typed, in quotation marks.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 16);
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            quoted.push(if index % 2 == 1 { '\u{201c}' } else { '\u{201d}' });
        }
        quoted.push_str(part);
    }
    quoted
}
