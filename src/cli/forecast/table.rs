//! Errors of forecasts by series and lead: as a document, for people and for spreadsheets.

use crate::cli::common::{Instant, fixed, row, table};
use crate::expected::accuracy::Figures;
use comfy_table::Table;
use reports::columns::{Column, column};
use serde::Serialize;
use std::fmt::Write;

/// Where forecasts of a series come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Supplier,
    BuiltIn,
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Self::Supplier => "supplier",
            Self::BuiltIn => "built-in",
        }
    }
}

/// Errors of one series' forecasts from one source.
#[derive(Debug, Serialize)]
pub struct Row {
    pub series: String,
    pub source: Source,
    pub unit: &'static str,
    pub issues: usize,
    /// Forecast intervals that nothing was measured of, or not yet.
    pub without_actual: usize,
    pub by_lead: Vec<Figures>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vintages: Vec<Vintage>,
}

#[derive(Debug, Serialize)]
pub struct Vintage {
    pub issued: Instant,
    pub by_lead: Vec<Figures>,
}

#[derive(Debug, Serialize)]
pub struct Document {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub from: Instant,
    pub to: Instant,
    pub series: Vec<Row>,
}

pub fn text(document: &Document) -> String {
    let mut out = String::new();
    for row in &document.series {
        // Writing to a String cannot fail.
        let (issues, source) = (row.issues, row.source.name());
        let _ = writeln!(out, "{}: {issues} {source} forecasts, errors in {}", row.series, row.unit);
        let _ = writeln!(out, "{}", one(row));
    }
    out
}

fn one(row: &Row) -> Table {
    let [mae, bias, rmse] = ["MAE", "bias", "RMSE"].map(|name| format!("{name} {}", row.unit));
    let mut header = vec!["lead".to_string(), "values".into(), mae, bias, rmse, "inside".into(), "stated".into()];
    if !row.vintages.is_empty() {
        header.insert(0, "issued".into());
    }
    let columns = header.len();
    let mut table = table::new(header, columns - 6..columns);
    for vintage in &row.vintages {
        for figures in &vintage.by_lead {
            table.add_row([vec![vintage.issued.to_string()], cells(figures)].concat());
        }
    }
    for figures in &row.by_lead {
        let all = if row.vintages.is_empty() { Vec::new() } else { vec!["all".to_string()] };
        table.add_row([all, cells(figures)].concat());
    }
    table
}

fn cells(f: &Figures) -> Vec<String> {
    let percent = |share: Option<f64>| share.map_or("-".into(), |s| format!("{} %", fixed(100.0 * s, 1)));
    let [mae, bias, rmse] = [f.mae, f.bias, f.rmse].map(|error| fixed(error, 3));
    row![f.lead, f.count, mae, bias, rmse, percent(f.inside_share), percent(f.stated_share)].into()
}

pub const COLUMNS: [Column; 11] = [
    column("series", "", "The series that was forecast."),
    column("source", "", "`supplier`, or `built-in`: made again as if no supplier had forecast."),
    column("unit", "", "Of the errors."),
    column("issued", "RFC 3339", "With `--vintages`: the forecast's issue; empty where all stand together."),
    column("lead", "", "How far ahead, in hours."),
    column("count", "count", "Hours compared."),
    column("mae", "as `unit` says", "Mean absolute error."),
    column("bias", "as `unit` says", "Mean of forecast less actual."),
    column("rmse", "as `unit` says", "Root of the mean square error."),
    column("inside_share", "share", "Part of the hours that lay in the stated band; empty without one."),
    column("stated_share", "share", "Part that the band was stated to hold."),
];

/// One line for each series, source, vintage where asked for, and lead; `issued` is empty where all stand together.
pub fn csv(document: &Document) -> anyhow::Result<String> {
    let share = |share: Option<f64>| share.map_or(String::new(), |s| fixed(s, 6));
    let rows = document.series.iter().flat_map(|row| {
        let vintages = row.vintages.iter().map(|v| (v.issued.to_string(), &v.by_lead));
        let all = vintages.chain([(String::new(), &row.by_lead)]);
        all.flat_map(move |(issued, figures)| {
            figures.iter().map(move |f| {
                let [mae, bias, rmse] = [f.mae, f.bias, f.rmse].map(|error| fixed(error, 6));
                let (source, inside, stated) = (row.source.name(), share(f.inside_share), share(f.stated_share));
                row![row.series, source, row.unit, issued, f.lead, f.count, mae, bias, rmse, inside, stated]
            })
        })
    });
    table::csv(&COLUMNS, rows)
}
