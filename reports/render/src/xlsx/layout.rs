//! The sheet of every interval of every boundary, and where they stand on it, for the formulas that sum them.

use super::sheet::{Column, MAX_ROWS, Sheet, is_exact, put, put_formula};
use super::styles;
use crate::figures::NOT_KNOWN;
use crate::records::{Value, interval_columns, word};
use ids::{BoundaryIndex, Index};
use reports::report::{IntervalRow, Report, Totals};
use rust_xlsxwriter::utility::cell_range_absolute;
use rust_xlsxwriter::{Worksheet, XlsxError};

const CUT: &str = "A sheet ends before these intervals do: these are the first million. `hourmatch report --format csv` \
                   and Parquet hold all.";

reports::named! {
    /// An energy column of the sheet Intervals, by its name among the totals, in the order of [`IntervalRow::figures`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Energy {
        Load = "load_wh",
        Contracted = "contracted_wh",
        Matched = "matched_wh",
        Stored = "stored_wh",
        Surplus = "surplus_wh",
        Unmatched = "unmatched_wh",
        GridCfe = "grid_cfe_wh",
        /// By cancelled certificates; of a report that tells it.
        Backed = "backed_matched_wh",
    }
}

impl Energy {
    /// Its column on the sheet, past boundary and start.
    fn column(self) -> u16 {
        2 + self as u16
    }

    /// Whether the report tells it of every interval.
    pub(super) fn is_reported(self, report: &Report) -> bool {
        let mut rows = report.boundaries.iter().flat_map(|boundary| &boundary.intervals);
        self != Self::Backed || rows.all(|row| row.backed_wh.is_some())
    }

    fn wh(self, row: &IntervalRow) -> i128 {
        i128::from(row.figures()[self as usize].unwrap_or_default())
    }

    pub(super) fn sum(self, rows: &[IntervalRow]) -> i128 {
        rows.iter().map(|row| self.wh(row)).sum()
    }

    /// The sum over every interval of the report.
    pub(super) fn total(self, report: &Report) -> i128 {
        report.boundaries.iter().map(|boundary| self.sum(&boundary.intervals)).sum()
    }
}

/// Rows of the sheet Intervals, if a sheet held them all.
fn interval_rows(report: &Report) -> usize {
    report.boundaries.iter().map(|boundary| boundary.intervals.len()).sum()
}

/// The rows of each boundary's intervals, where formulas may rest on them.
pub(super) struct Layout {
    /// First and last row, counted from 0; empty where there are no formulas.
    blocks: Vec<(u32, u32)>,
    /// Why there are none.
    pub(super) why_not: Option<&'static str>,
    /// Every boundary has the same intervals in the same order.
    aligned: bool,
}

impl Layout {
    pub(super) fn new(report: &Report) -> Self {
        let rows = interval_rows(report);
        let why_not = if report.boundaries.iter().any(|boundary| boundary.intervals.is_empty()) || rows == 0 {
            Some("not recomputed: there are no intervals")
        } else if rows > MAX_ROWS {
            Some("not recomputed: the sheet Intervals does not hold every row")
        } else if !exact(report) {
            Some("not recomputed: past what a spreadsheet holds exactly")
        } else {
            None
        };
        let mut blocks = Vec::new();
        let mut first = 1_u32;
        if why_not.is_none() {
            for boundary in &report.boundaries {
                let count = u32::try_from(boundary.intervals.len()).unwrap_or(u32::MAX);
                blocks.push((first, first + count - 1));
                first += count;
            }
        }
        Self { blocks, why_not, aligned: aligned(report) }
    }

    pub(super) fn is_live(&self) -> bool {
        self.why_not.is_none()
    }

    /// The range of a figure over every interval, from any sheet.
    pub(super) fn range(&self, energy: Energy) -> Option<String> {
        let ((first, _), (_, last)) = (self.blocks.first()?, self.blocks.last()?);
        Some(named(*first, *last, energy))
    }

    /// The same over one boundary's.
    pub(super) fn block(&self, boundary: BoundaryIndex, energy: Energy) -> Option<String> {
        self.blocks.get(boundary.get()).map(|(first, last)| named(*first, *last, energy))
    }

    /// Boundaries' ranges added up interval by interval: `a+b+c`; none where they do not line up or are too many.
    pub(super) fn side_by_side(&self, energy: Energy) -> Option<String> {
        // A formula ends at 8 192 characters.
        if !self.aligned || self.blocks.is_empty() || self.blocks.len() > 60 {
            return None;
        }
        let ranges: Vec<String> = self.blocks.iter().map(|(first, last)| named(*first, *last, energy)).collect();
        Some(ranges.join("+"))
    }
}

fn named(first: u32, last: u32, energy: Energy) -> String {
    format!("Intervals!{}", cell_range_absolute(first, energy.column(), last, energy.column()))
}

fn aligned(report: &Report) -> bool {
    let Some((first, others)) = report.boundaries.split_first() else { return false };
    others
        .iter()
        .all(|boundary| boundary.intervals.iter().map(|row| row.start).eq(first.intervals.iter().map(|row| row.start)))
}

/// Whether every figure that formulas use is a number on its sheet.
fn exact(report: &Report) -> bool {
    let boundaries = report.boundaries.iter().all(|boundary| {
        exact_totals(&boundary.totals)
            && boundary.intervals.iter().all(|row| row.figures().into_iter().flatten().all(|wh| is_exact(wh.into())))
    });
    boundaries
        && exact_totals(&report.portfolio)
        && report.sites.iter().all(|site| exact_totals(&site.totals))
        && report.contracts.iter().all(|contract| is_exact(contract.allocated_wh))
}

fn exact_totals(totals: &Totals) -> bool {
    let figures = [
        totals.load_wh,
        totals.metered_load_wh,
        totals.contracted_wh,
        totals.matched_wh,
        totals.stored_wh,
        totals.reissued_wh,
        totals.surplus_wh,
        totals.unmatched_wh,
        totals.grid_cfe_wh,
    ];
    figures.into_iter().all(is_exact)
}

/// Every interval, and below them their sums as formulas.
pub(super) fn intervals(report: &Report, layout: &Layout) -> Result<Worksheet, XlsxError> {
    let notes: &[&str] = if interval_rows(report) > MAX_ROWS { &[CUT] } else { &[] };
    let columns: Vec<Column> = interval_columns().collect();
    let mut sheet = Sheet::begin("Intervals", notes, &columns)?;
    let rows = report.boundaries.iter().flat_map(|boundary| boundary.intervals.iter().map(move |row| (boundary, row)));
    for (boundary, row) in rows.take(MAX_ROWS) {
        let head = [word(&boundary.id), Value::Instant(row.start)];
        let figures = row.figures().map(|wh| wh.map_or(word(NOT_KNOWN), |wh| Value::Integer(wh.into())));
        sheet.row(head.into_iter().chain(figures))?;
    }
    if layout.is_live() {
        totals(&mut sheet, report, layout)?;
    }
    sheet.finish("No intervals: the report has no boundary.")
}

fn totals(sheet: &mut Sheet, report: &Report, layout: &Layout) -> Result<(), XlsxError> {
    let row = sheet.after();
    put(sheet.inner(), row, 0, word("Total"), Some(&styles::TOTAL_LABEL))?;
    put(sheet.inner(), row, 1, word(""), Some(&styles::TOTAL_LABEL))?;
    for energy in Energy::ALL.into_iter().filter(|energy| energy.is_reported(report)) {
        if let Some(range) = layout.range(energy) {
            let result = energy.total(report).to_string();
            put_formula(sheet.inner(), row, energy.column(), &format!("=SUM({range})"), &result, &styles::TOTAL)?;
        }
    }
    Ok(())
}
