//! The heat map, and charts whose every figure is a cell of the workbook: the sheet Charts and the two it draws from.

mod averages;
mod draw;
mod heat;
mod page;
mod periods;
#[cfg(test)]
mod tests;

use super::styles::Styles;
use crate::content::stretches::Stretches;
use crate::content::{Options, View};
use crate::hours::portfolio_slots;
use crate::page_one::Target;
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Targets of the portfolio that are drawn.
const MOST_TARGETS: usize = 6;

/// Charts first; without intervals that sheet alone, which says so.
pub(super) fn sheets(report: &Report, options: &Options, styles: &Styles) -> Result<Vec<Worksheet>, XlsxError> {
    // A zone or an instant nobody can read is no reason to withhold the figures.
    let Ok(view) = View::new(report) else { return Ok(Vec::new()) };
    let Ok(slots) = portfolio_slots(&report.boundaries) else { return Ok(Vec::new()) };
    let scope = view.scope("", "portfolio", slots, &report.portfolio);
    if scope.days.is_empty() {
        return Ok(vec![page::empty(styles)?]);
    }
    let stretches = Stretches::new(&scope);
    let targets = targets(options);
    let (by_period, mut plots) = periods::sheet(&view, &scope, &stretches, &targets, styles)?;
    let (by_hour, day) = averages::sheet(&scope, styles)?;
    // As the page has them: the average day stands before the balance.
    plots.insert(1, day);
    Ok(vec![page::sheet(&scope, &plots, styles)?, by_period, by_hour])
}

/// The portfolio's own, each once.
fn targets(options: &Options) -> Vec<&Target> {
    let mut targets: Vec<&Target> = Vec::new();
    for target in options.targets.iter().filter(|target| target.boundary.is_none()) {
        if targets.len() < MOST_TARGETS && !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}
