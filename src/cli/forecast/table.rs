//! Errors by lead, for people and for spreadsheets.

use super::document::{Document, Row};
use crate::cli::table;
use crate::expected::accuracy::Figures;
use comfy_table::Table;
use reports::columns::{Column, column, names};
use reports::words::fixed;
use std::fmt::Write;

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
    let number = |value: f64| fixed(value, 3);
    vec![
        f.lead.to_string(),
        f.count.to_string(),
        number(f.mae),
        number(f.bias),
        number(f.rmse),
        percent(f.inside_share),
        percent(f.stated_share),
    ]
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
pub fn csv(document: &Document) -> String {
    let names: [&str; 11] = names(&COLUMNS, 0);
    let mut out = names.join(",");
    out.push('\n');
    let share = |share: Option<f64>| share.map_or(String::new(), |s| fixed(s, 6));
    for row in &document.series {
        let vintages = row.vintages.iter().map(|v| (v.issued.to_string(), &v.by_lead));
        for (issued, figures) in vintages.chain([(String::new(), &row.by_lead)]) {
            for f in figures {
                let _ = writeln!(
                    out,
                    "{},{},{},{issued},{},{},{},{},{},{},{}",
                    row.series,
                    row.source.name(),
                    row.unit,
                    f.lead,
                    f.count,
                    fixed(f.mae, 6),
                    fixed(f.bias, 6),
                    fixed(f.rmse, 6),
                    share(f.inside_share),
                    share(f.stated_share),
                );
            }
        }
    }
    out
}
