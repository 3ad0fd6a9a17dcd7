//! The sheet Charts: the heat map, then every chart in the order of the page.

use super::draw::{HEIGHT, Plot};
use super::heat;
use crate::captions;
use crate::content::Scope;
use crate::content::stretches::mark_note;
use crate::xlsx::sheet::{Cell, put};
use crate::xlsx::styles::Styles;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Pixels of a row that nobody made taller.
const ROW: u32 = 20;

pub(super) fn sheet(scope: &Scope<'_>, plots: &[Plot], styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = begin()?;
    put(&mut sheet, 0, 0, Cell::Text(captions::HEAT), Some(&styles.title))?;
    let mut row = heat::draw(&mut sheet, 1, scope, styles)?;
    if let Some(note) = mark_note(scope) {
        put(&mut sheet, row, 0, Cell::Text(&note), Some(&styles.note))?;
        row += 1;
    }
    for plot in plots {
        row += 1;
        sheet.insert_chart(row, 0, &plot.chart())?;
        row += HEIGHT.div_ceil(ROW);
    }
    Ok(sheet)
}

/// Of a period without intervals.
pub(super) fn empty(styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = begin()?;
    put(&mut sheet, 0, 0, Cell::Text("No charts: the period has no intervals."), Some(&styles.note))?;
    Ok(sheet)
}

fn begin() -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Charts")?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(sheet)
}
