//! Page one: what the entity states, what the figures do not say.

use super::columns::{Column, Kind};
use super::sheet::{Cell, Sheet};
use super::styles::Styles;
use crate::names;
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

const STATED: [Column; 2] = [Column::new("item", Kind::Text), Column::new("statement", Kind::Long)];

const LIMITATIONS: [Column; 1] = [Column::new("limitation", Kind::Long)];

pub(super) fn stated(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let disclosed = &report.disclosure;
    let stated = &disclosed.stated;
    let threshold = stated.restatement_threshold.map(|part| part.to_string());
    let own = disclosed.g_may_include_own_contracts.join(", ");
    let mut sheet = Sheet::begin("Disclosure", &[], &STATED, styles)?;
    for (item, cell) in [
        ("Reporting entity", Cell::stated(stated.reporting_entity.as_deref())),
        ("Control approach", Cell::stated(stated.control_approach.as_deref())),
        ("Base year", Cell::stated(stated.base_year.as_deref())),
        ("Restatement threshold", Cell::stated(threshold.as_deref())),
        ("Gases", Cell::stated(stated.gases.as_deref())),
        ("Warming potentials", Cell::stated(stated.warming_potentials.as_deref())),
        ("Load that is metered", Cell::Text(disclosed.metered_coverage.as_deref().unwrap_or("not applicable"))),
        ("Tolerance of reconciliations", Cell::Text(&disclosed.reconciliation_tolerance)),
        ("Grid shares that may hold own contracts", Cell::Text(if own.is_empty() { "none" } else { &own })),
    ] {
        sheet.row(&[Cell::Text(item), cell])?;
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
