//! `intervals.csv`: the figures of each boundary, interval by interval.

use super::document::Report;
use std::io::{self, Write};

/// The last one is told by some rulesets only: packs of the others stay as they are.
pub const COLUMNS: [&str; 10] = [
    "boundary",
    "start",
    "load_wh",
    "contracted_wh",
    "matched_wh",
    "stored_wh",
    "surplus_wh",
    "unmatched_wh",
    "grid_cfe_wh",
    "backed_wh",
];

/// The table of intervals as text, as packs have it.
pub fn text(report: &Report) -> String {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail, and everything written is text.
    let _ = write(report, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// By boundary, then start.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let has_backed = report.portfolio.backed.is_some();
    writeln!(out, "{}", COLUMNS[..COLUMNS.len() - usize::from(!has_backed)].join(","))?;
    for boundary in &report.boundaries {
        for r in &boundary.intervals {
            write!(
                out,
                "{},{},{},{},{},{},{},{},{}",
                boundary.id,
                r.start,
                r.load_wh,
                r.contracted_wh,
                r.matched_wh,
                r.stored_wh,
                r.surplus_wh,
                r.unmatched_wh,
                r.grid_cfe_wh
            )?;
            match has_backed {
                true => writeln!(out, ",{}", r.backed_wh.map_or_else(String::new, |wh| wh.to_string()))?,
                false => writeln!(out)?,
            }
        }
    }
    Ok(())
}
