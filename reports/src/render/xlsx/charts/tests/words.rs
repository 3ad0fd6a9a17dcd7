//! What charts say in words: titles, units, text alternatives, and that nothing is drawn where there is nothing.

use super::{ENGINE, aimed, book, year};
use crate::render::html::{Options, page};
use crate::render::sample::sample_report;

#[test]
fn charts_say_in_words_what_they_show_and_in_which_unit() {
    let report = year();
    let book = book(&report, &aimed());
    let charts = book.charts();
    let axes: Vec<[&str; 2]> = charts.iter().map(|chart| [1, 2].map(|title| chart.titles[title].as_str())).collect();
    let expected = [
        ["Month in Europe/Berlin", "Share of load, %"],
        ["Hour in Europe/Berlin", "MW"],
        ["Month in Europe/Berlin", "MWh"],
    ];
    assert_eq!(axes, expected);
    let alternatives = book.alternatives();
    assert_eq!(alternatives.len(), 3);
    for (chart, words) in charts.iter().zip(&alternatives) {
        assert!(words.starts_with(&chart.titles[0]) && words.ends_with('.'), "{words}");
        assert!(words.encode_utf16().count() <= 255, "{words}");
    }
    assert!(alternatives[0].contains("Matched share from "), "{alternatives:?}");
}

#[test]
fn page_and_workbook_call_charts_and_parts_the_same() {
    let report = year();
    let html = page(&report, ENGINE, &aimed()).expect("page");
    let book = book(&report, &aimed());
    let charts = book.charts();
    for chart in &charts[1..] {
        assert!(html.contains(&chart.titles[0]), "{}", chart.titles[0]);
        for series in &chart.series {
            assert!(html.contains(&series.name), "{}", series.name);
        }
    }
    let cells = book.cells("Charts");
    assert!(html.contains(cells[&(1, 1)].text()) && html.contains(cells[&(2, 1)].text()));
}

#[test]
fn a_period_without_intervals_says_so_instead_of_drawing() {
    let mut report = year();
    report.boundaries.clear();
    let book = book(&report, &aimed());
    assert!(book.charts().is_empty() && !book.sheets().contains(&"By month".to_string()));
    assert_eq!(book.cells("Charts")[&(1, 1)].text(), "No charts: the period has no intervals.");
}

#[test]
fn the_headline_opens_the_first_sheet() {
    let cells = book(&sample_report(), &Options::default()).cells("Summary");
    let texts: Vec<&str> = [(2, 1), (5, 1), (5, 2)].map(|place| cells[&place].text()).to_vec();
    assert_eq!(texts, ["Hourly matching report, 29 March 2026", "Matched share, hourly", "61.00 %"]);
}
