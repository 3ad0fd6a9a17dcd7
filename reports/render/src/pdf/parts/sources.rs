//! Where figures come from: factors with their publications, files with who gave them.

use crate::pdf::figures::{count, recorded, stated};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::table::{Table, figure, id, text};

/// Files listed; the evidence pack has all of them.
const LISTED: usize = 200;

pub fn factors(flow: &mut Flow, frame: &Frame<'_>) {
    let factors = &frame.report.disclosure.factors;
    flow.section("Emission factors", "Factors in use, with the publication, year and region they hold for.");
    if factors.is_empty() {
        flow.note("No factors are stated.");
        return;
    }
    let mut table = Table::new(
        "Factors",
        &[
            id("Subject"),
            text("What"),
            figure("Value"),
            text("Basis"),
            text("Publication"),
            text("Year"),
            text("Region"),
        ],
    );
    for factor in factors {
        let shown = |value: &String| stated(Some(value));
        table.row(vec![
            factor.subject.clone(),
            factor.what.clone(),
            factor.value.clone(),
            shown(&factor.basis),
            shown(&factor.publication),
            shown(&factor.year),
            shown(&factor.region),
        ]);
    }
    table.draw(flow);
}

pub fn revisions(flow: &mut Flow, frame: &Frame<'_>) {
    let revisions = &frame.report.files;
    flow.section(
        "Files behind these figures",
        "One file is one revision: nothing is overwritten, corrections come as later files.",
    );
    if revisions.is_empty() {
        flow.note("No files are listed.");
        return;
    }
    let mut table = Table::new(
        "Revisions",
        &[text("Recorded, UTC"), id("SHA-256 of the file"), text("Actor"), text("Reason"), figure("Readings")],
    );
    for revision in revisions.iter().take(LISTED) {
        table.row(vec![
            recorded(&revision.recorded),
            revision.file_sha256.clone(),
            stated(revision.actor.as_ref()),
            stated(revision.reason.as_ref()),
            count(usize::try_from(revision.readings).unwrap_or(usize::MAX)),
        ]);
    }
    table.draw(flow);
    if revisions.len() > LISTED {
        flow.note(&format!("and {} more in the evidence pack", count(revisions.len() - LISTED)));
    }
}
