//! The report as one HTML page that stands alone: no script, style, font or image from elsewhere.
//!
//! The portfolio comes first, then a section for each boundary and each site, then what an auditor turns to. Charts are
//! inline SVG, each with its figures in a table; the one script adds a readout to the heat maps, and everything reads
//! without it. [`heat_map_svg`] serves other pages too, with [`CHART_CSS`].

mod markup;
mod svg;
#[cfg(test)]
mod tests;
mod text;

pub use markup::heat_map_json;
pub use text::{escape, put};

use crate::charts::heat::{heat, in_words};
use crate::content::{Document, Options, document};
use crate::hours::Day;
use askama::Template;
use reports::report::Report;
use std::collections::BTreeSet;
use svg::Words;
use text::coded;

/// Colours and strokes of the charts, light and dark.
pub const CHART_CSS: &str = include_str!("../../templates/charts.css");
const PAGE_CSS: &str = include_str!("../../templates/report.css");
/// Says of what is wider than its place that it scrolls, and reads the heat map under the pointer.
pub const PAGE_JS: &str = include_str!("../../templates/report.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    report: Document,
    /// Headings, and what stands below them as HTML.
    method: Vec<(&'static str, String)>,
    chart_css: &'static str,
    page_css: &'static str,
    page_js: &'static str,
}

/// The whole page; `engine` is the name and version of the program that wrote it.
pub fn page(report: &Report, engine: &str, options: &Options) -> askama::Result<String> {
    let report = document(report, engine, options);
    let method = report.method.iter().map(|(title, text)| (*title, coded(text))).collect();
    let page = Page { report, method, chart_css: CHART_CSS, page_css: PAGE_CSS, page_js: PAGE_JS };
    page.render()
}

/// Matched share of load per local hour, as one SVG.
pub fn heat_map_svg(days: &[Day]) -> String {
    let about = in_words(days);
    let words = Words { id: "heat", title: "Matched share of load by local day and hour", desc: &about };
    svg::svg(&heat(days, days.len(), &BTreeSet::new()), words)
}
