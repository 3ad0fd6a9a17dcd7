//! The report document, with the program that made it.

use crate::report::Report;

pub fn document(report: &Report, engine: &str) -> serde_json::Result<String> {
    let named = Report { engine: Some(engine.into()), ..report.clone() };
    let mut text = serde_json::to_string_pretty(&named)?;
    text.push('\n');
    Ok(text)
}
