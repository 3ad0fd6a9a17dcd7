//! The heat map, and charts whose every figure is a cell of the workbook: the sheet Charts and the two it draws from.

mod averages;
mod draw;
mod heat;
mod periods;
#[cfg(test)]
mod tests;

use super::sheet::put;
use super::styles;
use crate::captions;
use crate::content::stretches::{Stretches, mark_note};
use crate::content::{Options, Scope, View};
use crate::page_one::Target;
use crate::records::word;
use draw::{HEIGHT, Plot};
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Targets of the portfolio that are drawn.
const MOST_TARGETS: usize = 6;

/// Charts first; without intervals that sheet alone, which says so.
pub(super) fn sheets(report: &Report, options: &Options) -> Result<Vec<Worksheet>, XlsxError> {
    let view = View::new(report);
    let scope = view.portfolio();
    if scope.days.is_empty() {
        let mut sheet = begin()?;
        put(&mut sheet, 0, 0, word("No charts: the period has no intervals."), Some(&styles::NOTE))?;
        return Ok(vec![sheet]);
    }
    let stretches = Stretches::new(&scope);
    let targets = targets(options);
    let (by_period, mut plots) = periods::sheet(&view, &stretches, &targets)?;
    let (by_hour, day) = averages::sheet(&scope)?;
    // As the page has them: the average day stands before the balance.
    plots.insert(1, day);
    Ok(vec![page(&scope, &plots)?, by_period, by_hour])
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

/// Pixels of a row that nobody made taller.
const ROW: u32 = 20;

/// The sheet Charts: the heat map, then every chart in the order of the page.
fn page(scope: &Scope<'_>, plots: &[Plot]) -> Result<Worksheet, XlsxError> {
    let mut sheet = begin()?;
    put(&mut sheet, 0, 0, word(captions::HEAT), Some(&styles::TITLE))?;
    let mut row = heat::draw(&mut sheet, 1, scope)?;
    if let Some(note) = mark_note(scope) {
        put(&mut sheet, row, 0, word(&note), Some(&styles::NOTE))?;
        row += 1;
    }
    for plot in plots {
        row += 1;
        sheet.insert_chart(row, 0, &plot.chart())?;
        row += HEIGHT.div_ceil(ROW);
    }
    Ok(sheet)
}

fn begin() -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Charts")?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(sheet)
}
