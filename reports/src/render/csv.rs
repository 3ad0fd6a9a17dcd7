//! One row per boundary and interval.

use crate::report::Report;
use std::fmt::Write;

pub fn intervals(report: &Report) -> String {
    let mut text =
        String::from("boundary,start,load_wh,contracted_wh,matched_wh,stored_wh,surplus_wh,unmatched_wh,grid_cfe_wh\n");
    for boundary in &report.boundaries {
        for r in &boundary.intervals {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
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
            );
        }
    }
    text
}
