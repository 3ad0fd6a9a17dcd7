//! The computed tables of a pack, as bytes. A pack's maker and its verifier both call this.

use crate::inputs::Inputs;
use crate::report::{Report, ReportError};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Files that are recomputed from `inputs/`.
pub const COMPUTED: [&str; 6] =
    ["allocations.csv", "exceptions.csv", "instruments.csv", "intervals.csv", "results.json", "unmatched.csv"];

/// Computes the report and every table that follows from it.
pub fn compute(inputs: &Inputs) -> Result<(Report, BTreeMap<String, Vec<u8>>), ReportError> {
    let books = crate::series::assemble::books(inputs)?;
    let report = crate::report::compute_from(inputs, &books)?;
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: String| files.insert(path.to_string(), text.into_bytes());
    add("allocations.csv", allocations(&report));
    add("exceptions.csv", exceptions(&report));
    add("instruments.csv", instruments(&report));
    add("intervals.csv", crate::render::csv::intervals(&report));
    add("results.json", results(&report));
    add("unmatched.csv", unmatched(&report, &books));
    Ok((report, files))
}

fn results(report: &Report) -> String {
    // The long tables are files of their own.
    let slim = Report {
        boundaries: report
            .boundaries
            .iter()
            .map(|b| crate::report::BoundaryReport { intervals: Vec::new(), ..b.clone() })
            .collect(),
        allocations: Vec::new(),
        exceptions: Vec::new(),
        ..report.clone()
    };
    let mut text = serde_json::to_string_pretty(&slim).unwrap_or_default();
    text.push('\n');
    text
}

fn allocations(report: &Report) -> String {
    let mut text = String::from("site,contract,start,wh,ledger,rule\n");
    for a in &report.allocations {
        let _ = writeln!(text, "{},{},{},{},{},{}", a.site, a.contract, a.start, a.wh, a.ledger, a.rule);
    }
    text
}

fn instruments(report: &Report) -> String {
    let mut text = String::from("contract,boundary,technology,delivered_wh,allocated_wh,surplus_wh\n");
    for c in &report.contracts {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{}",
            c.id, c.boundary, c.technology, c.delivered_wh, c.allocated_wh, c.surplus_wh
        );
    }
    text
}

fn exceptions(report: &Report) -> String {
    let mut text = String::from("code,series,start,end,wh,message\n");
    for e in &report.exceptions {
        let message = e.message.replace('"', "'");
        let _ = writeln!(text, "{},{},{},{},{},\"{message}\"", e.code, e.series, e.start, e.end, e.wh);
    }
    text
}

fn unmatched(report: &Report, books: &crate::books::Books) -> String {
    let mut text = String::from("boundary,start,wh,factor_mg_per_kwh,tier\n");
    for (boundary, book) in report.boundaries.iter().zip(&books.boundaries) {
        for (t, row) in boundary.intervals.iter().enumerate().filter(|(_, row)| row.unmatched_wh > 0) {
            let (factor, tier) = (book.fallback_mg_per_kwh[t], book.fallback_tier[t].name());
            let _ = writeln!(text, "{},{},{},{factor},{tier}", boundary.id, row.start, row.unmatched_wh);
        }
    }
    text
}

/// Sum of a table's `wh`, `load_wh`, `delivered_wh` or energy `value` column.
pub fn control_total(path: &str, bytes: &[u8]) -> Option<String> {
    if path == crate::evidence::readings::PATH {
        return total(bytes, "value", Some(("unit", "Wh")));
    }
    ["wh", "load_wh", "delivered_wh"].iter().find_map(|column| total(bytes, column, None))
}

fn total(bytes: &[u8], column: &str, only: Option<(&str, &str)>) -> Option<String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().ok()?.clone();
    let at = header.iter().position(|name| name == column)?;
    let only = only.and_then(|(name, value)| Some((header.iter().position(|h| h == name)?, value)));
    let mut sum = 0_i128;
    for record in reader.records() {
        let record = record.ok()?;
        if only.is_none_or(|(index, value)| record.get(index) == Some(value)) {
            sum = sum.checked_add(record.get(at)?.parse().ok()?)?;
        }
    }
    Some(sum.to_string())
}
