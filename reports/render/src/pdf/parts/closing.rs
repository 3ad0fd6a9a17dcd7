//! The last pages: exceptions, limitations, what the scores mean.

use crate::names::{self, Certified, Names};
use crate::pdf::figures::{count, grouped, minute};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::table::{Table, figure, id, text};
use crate::pdf::text::{BODY, STRONG};

/// Rows of exceptions shown; the CSV table of exceptions has all of them.
const EXCEPTIONS: usize = 200;

pub fn exceptions(flow: &mut Flow, frame: &Frame<'_>) {
    let all = &frame.report.exceptions;
    let lede = match all.len() {
        0 => "None recorded.".to_string(),
        1 => "One thing an auditor should know.".to_string(),
        many => format!("{} things an auditor should know.", count(many)),
    };
    flow.section("Exceptions", &lede);
    let mut table = Table::new(
        "Exceptions in order of time, UTC, half-open",
        &[text("Code"), id("Series"), text("From"), text("To"), figure("Energy, Wh"), text("What happened")],
    );
    for row in all.iter().take(EXCEPTIONS) {
        table.row(vec![
            row.code.clone(),
            row.series.clone(),
            minute(&row.start),
            minute(&row.end),
            grouped(i128::from(row.wh)),
            row.message.clone(),
        ]);
    }
    table.draw(flow);
    if all.len() > EXCEPTIONS {
        flow.note(&format!("and {} more in the CSV table of exceptions", count(all.len() - EXCEPTIONS)));
    }
}

const MEANINGS: [(&str, &str); 4] = [
    (
        "Matched share",
        "Energy of contracts, own generation and re-issued storage discharge allocated to load in the same interval \
         and boundary, over load.",
    ),
    (
        "CFE score",
        "Matched energy plus the grid's carbon-free share of what is left in each interval, over load. It credits \
         energy nobody contracted.",
    ),
    ("Intervals fully matched", "Intervals with load in which nothing is unmatched in any boundary."),
    ("Location-based", "What was purchased, own generation used on site left out, at the grid's average intensity."),
];
const UPSTREAM: (&str, &str) =
    ("Upstream", "Life-cycle less direct factors of the grid energy used. Scope 3, part of no other figure.");
const OWN: (&str, &str) = (
    "Own generation, Scope 1",
    "What sites generate for themselves and is not carbon-free: it serves load before any contract does, at direct \
     factors, and is part of no other figure.",
);

/// Those that depend on the period and on certificates among them.
fn meanings(names: Names) -> Vec<(&'static str, &'static str)> {
    let volumetric = "Contracted energy of the whole period over its load, whenever it was generated; it may exceed 100 %. \
                      Capped, no boundary counts more than its own load.";
    let market_based = match names.certified {
        Certified::All => {
            "Contracts at their own factor and the rest at the residual mix or a fossil factor: over the period under the \
             Scope 2 Guidance of 2015, hour by hour under its draft revision, which is not in force."
        }
        Certified::Partly | Certified::None => {
            "Contracts at their own factor and the rest at the residual mix or a fossil factor. The Scope 2 Guidance of \
             2015 counts a contract only where its certificates are cancelled, so the figure over the period is not by \
             it; the hourly one follows its draft revision, which is not in force."
        }
    };
    let backed = "What certificates back that are cancelled for the beneficiary: in each interval at most what the device's \
                  meter shows and what was allocated. The rest is matched, not claimable.";
    let mut list = MEANINGS.to_vec();
    list.extend([
        (names.volumetric(), volumetric),
        ("Market-based", market_based),
        UPSTREAM,
        OWN,
        ("Backed by cancelled certificates", backed),
    ]);
    list
}

/// A page of its own, so that it can be read and filed by itself.
pub fn limitations(flow: &mut Flow, frame: &Frame<'_>) {
    flow.page_break();
    flow.section("Limitations", "What these figures do not say.");
    let limitations = names::limitations(frame.report);
    if limitations.is_empty() {
        flow.note("None are stated.");
    }
    flow.points(BODY, &limitations);
    flow.subheading("What the scores mean", 40.0);
    for (name, meaning) in meanings(frame.names) {
        flow.need(STRONG.leading() * 3.0);
        flow.paragraph(STRONG, name);
        flow.paragraph(BODY, meaning);
        flow.space(3.0);
    }
    flow.subheading("How to check this report", 40.0);
    flow.paragraph(
        BODY,
        "The evidence pack of the same period and version holds every reading, factor and rule behind these figures. \
         The program hourmatch-verify reads the pack offline, computes every figure again and names the first that \
         differs.",
    );
    flow.space(3.0);
    flow.paragraph(
        BODY,
        "Energy is counted in whole watt-hours. Shares are rounded down for display, and show 100 % only where \
         nothing is left unmatched; load, unmatched energy and emissions are rounded up.",
    );
}
