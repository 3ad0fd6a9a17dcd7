//! `intervals.csv`: the figures of each boundary, interval by interval.

use super::document::Report;
use super::values::Figure;
use std::io::{self, Write};

/// Energies in the order of [`IntervalRow::figures`](super::IntervalRow::figures). The last one is told by some
/// rulesets only: packs of the others stay as they are.
pub const FIGURES: [Figure; 8] = [
    Figure::LoadWh,
    Figure::ContractedWh,
    Figure::MatchedWh,
    Figure::StoredWh,
    Figure::SurplusWh,
    Figure::UnmatchedWh,
    Figure::GridCfeWh,
    Figure::BackedWh,
];

/// All columns, those of every ruleset.
pub fn columns() -> impl Iterator<Item = &'static str> {
    ["boundary", "start"].into_iter().chain(FIGURES.map(Figure::name))
}

/// The table of intervals as text, as packs have it.
pub fn text(report: &Report) -> String {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail, and everything written is text.
    let _ = write(report, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// By boundary, then start.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let told = FIGURES.len() - usize::from(report.portfolio.backed.is_none());
    writeln!(out, "boundary,start,{}", FIGURES.map(Figure::name)[..told].join(","))?;
    for boundary in &report.boundaries {
        for row in &boundary.intervals {
            write!(out, "{},{}", boundary.id, row.start)?;
            for figure in &row.figures()[..told] {
                match figure {
                    Some(wh) => write!(out, ",{wh}")?,
                    None => write!(out, ",")?,
                }
            }
            writeln!(out)?;
        }
    }
    Ok(())
}
