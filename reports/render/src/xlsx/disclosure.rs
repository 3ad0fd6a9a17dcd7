//! Page one: what the entity states, what the figures do not say.

use super::columns::{Column, Kind};
use super::sheet::{Cell, Sheet};
use super::styles::Styles;
use crate::{content, names};
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

const STATED: [Column; 2] = [Column::new("item", Kind::Text), Column::new("statement", Kind::Long)];

const LIMITATIONS: [Column; 1] = [Column::new("limitation", Kind::Long)];

pub(super) fn stated(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Disclosure", &[], &STATED, styles)?;
    for fact in content::disclosed(report) {
        sheet.row(&[Cell::Text(fact.name), Cell::Text(&fact.value)])?;
    }
    sheet.finish("Nothing is disclosed.", styles)
}

pub(super) fn limitations(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Limitations", &[], &LIMITATIONS, styles)?;
    for limitation in &names::limitations(report) {
        sheet.row(&[Cell::Text(limitation)])?;
    }
    sheet.finish("No limitations are stated.", styles)
}
