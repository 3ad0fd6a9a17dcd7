//! What charts say in words: titles, units, text alternatives, and that nothing is drawn where there is nothing.

use super::book::Value;
use super::{ENGINE, aimed, book, titled, year};
use crate::content::Options;
use crate::html::page;
use crate::tests::sample::sample_report;

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
fn without_a_target_or_the_grids_share_neither_is_drawn() {
    let mut report = year();
    report.portfolio.cfe_score = None;
    let book = book(&report, &Options::default());
    let charts = book.charts();
    let scores = titled(&charts, "Matched share by local month, portfolio");
    let names: Vec<&str> = scores.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["Matched share"]);
    let cells = book.cells("By month");
    assert!(cells.values().any(|cell| *cell == Value::Text("not supplied".into())));
    assert!(!cells.values().any(|cell| matches!(cell, Value::Text(text) if text.starts_with("Target"))));
}

#[test]
fn a_month_without_load_has_a_gap_and_no_share_of_zero() {
    let mut report = year();
    for row in &mut report.boundaries[0].intervals {
        if ["2025-06", "2025-05-31"].iter().any(|date| row.start.to_string().starts_with(date)) {
            (row.load_wh, row.matched_wh, row.unmatched_wh, row.grid_cfe_wh) = (0, 0, 0, 0);
            row.surplus_wh = row.contracted_wh;
        }
    }
    let book = book(&report, &Options::default());
    let charts = book.charts();
    let scores = titled(&charts, "by local month");
    for series in &scores.series {
        assert_eq!(book.range(&series.values)[5], None, "{}", series.name);
        assert!(!series.remembered.iter().any(|(index, _)| *index == 5), "{}", series.name);
    }
    assert_eq!(book.cells("Charts")[&(4, 7)].text(), "no load");
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
    let period = "Hourly matching report, 2026-03-29 01:00 +01:00 to 2026-03-29 06:00 +02:00";
    assert_eq!(texts, [period, "Matched share, hourly", "61.00 %"]);
}
