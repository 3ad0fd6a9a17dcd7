//! What charts draw, read out of the workbook: every series names cells, and these hold the report's figures, summed
//! here from its intervals once more.

mod book;
mod words;

use crate::content::Options;
use crate::page_one::Target;
use crate::tests::sample::{rows, sample_report, six, zone};
use crate::xlsx::{Allocations, workbook};
use book::{Book, Chart, Value};
use chrono::{Datelike, NaiveDate};
use ids::BoundaryId;
use reports::report::{BoundaryReport, ExceptionRow, IntervalRow, Listed, Period, Report, Totals};
use reports::time::Instant;
use std::collections::BTreeMap;

const ENGINE: &str = "hourmatch test";
const ZONE: &str = "Europe/Berlin";

/// Hours from one local day up to another: some matched in full, some in part, some not at all.
fn report_of(from: &str, to: &str) -> Report {
    let [start, end] = [from, to].map(|date| zone(ZONE).day_start(date.parse().expect("date")));
    let hours = (end - start) / 3_600;
    let pair = |hour: i64| (1_000_000 + 7_001 * (hour % 24), 900_001 * (hour % 3) + 13 * (hour % 700));
    let mut intervals = rows(start, &(0..hours).map(pair).collect::<Vec<_>>());
    intervals.iter_mut().for_each(|row| row.grid_cfe_wh = row.unmatched_wh / 4);
    let sum = |part: fn(&IntervalRow) -> i64| intervals.iter().map(|row| i128::from(part(row))).sum::<i128>();
    let totals = Totals {
        load_wh: sum(|row| row.load_wh),
        contracted_wh: sum(|row| row.contracted_wh),
        matched_wh: sum(|row| row.matched_wh),
        unmatched_wh: sum(|row| row.unmatched_wh),
        surplus_wh: sum(|row| row.surplus_wh),
        grid_cfe_wh: sum(|row| row.grid_cfe_wh),
        cfe_score: six(500_000),
        ..Totals::default()
    };
    let intervals_of = usize::try_from(hours).expect("hours");
    Report {
        period: Period { start, end, intervals: intervals_of },
        portfolio: totals.clone(),
        boundaries: vec![BoundaryReport { id: "DE".into(), fallback_tier: Listed(Vec::new()), totals, intervals }],
        time_zone: zone(ZONE),
        restatement: None,
        unmatched: None,
        sites: Vec::new(),
        contracts: Vec::new(),
        storage: Vec::new(),
        overlaps: Vec::new(),
        exceptions: Vec::new(),
        ..sample_report()
    }
}

fn aimed() -> Options {
    let target = |boundary: Option<&str>, cfe_score| Target {
        boundary: boundary.map(BoundaryId::from),
        cfe_score,
        hundredths: 9_000,
    };
    let targets = vec![target(None, true), target(Some("DE"), false), target(None, true)];
    Options { targets, ..Options::default() }
}

fn book(report: &Report, options: &Options) -> Book {
    Book::new(workbook(report, &Allocations::default(), ENGINE, options).expect("workbook"))
}

/// Load, matched, unmatched, surplus and the grid's part, with how many intervals they are of.
type Expected = ([i128; 5], i64);

/// The same by a key of the local day and hour.
fn sums<K: Ord>(report: &Report, key: impl Fn(NaiveDate, u32) -> K) -> BTreeMap<K, Expected> {
    let zone = zone(ZONE);
    let mut sums: BTreeMap<K, Expected> = BTreeMap::new();
    for row in report.boundaries.iter().flat_map(|boundary| &boundary.intervals) {
        let (all, count) = sums.entry(key(zone.date(row.start), zone.minute_of_day(row.start) / 60)).or_default();
        let parts = [row.load_wh, row.matched_wh, row.unmatched_wh, row.surplus_wh, row.grid_cfe_wh];
        all.iter_mut().zip(parts).for_each(|(sum, wh)| *sum += i128::from(wh));
        *count += 1;
    }
    sums
}

/// Hundredths of a percent, floored.
fn share(part: i128, whole: i128) -> f64 {
    (part * 10_000).div_euclid(whole) as f64 / 10_000.0
}

/// Of the chart whose title holds some words, every series by name: its categories and its values, both from cells.
fn drawn(book: &Book, chart: &Chart) -> BTreeMap<String, (Vec<String>, Vec<f64>)> {
    let read = |series: &book::Series| {
        let names = book.range(&series.categories).iter().flatten().map(|name| name.text().to_string()).collect();
        let values: Vec<f64> = book.range(&series.values).iter().flatten().map(Value::number).collect();
        let remembered: Vec<f64> = series.remembered.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, remembered, "{}: what the chart remembers is what its cells hold", series.name);
        (series.name.clone(), (names, values))
    };
    chart.series.iter().map(read).collect()
}

fn titled<'a>(charts: &'a [Chart], words: &str) -> &'a Chart {
    charts.iter().find(|chart| chart.titles[0].contains(words)).unwrap_or_else(|| panic!("no {words} in {charts:?}"))
}

fn assert_near(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{what}: {found} is not {expected}");
    }
}

/// Energy and scores, of the stretches that a period is told by.
fn assert_stretches(report: &Report, expected: &[Expected], names: &[&str], word: &str) {
    let book = book(report, &aimed());
    let charts = book.charts();
    let of = |part: fn(&[i128; 5]) -> f64| expected.iter().map(|(sums, _)| part(sums)).collect::<Vec<f64>>();
    let energy = drawn(&book, titled(&charts, &format!("Matched, unmatched and surplus energy by local {word}")));
    assert_near(&energy["matched"].1, &of(|sums| sums[1] as f64 / 1e6), "matched");
    assert_near(&energy["unmatched (with matched: the load)"].1, &of(|sums| sums[2] as f64 / 1e6), "unmatched");
    assert_near(&energy["surplus, below the line"].1, &of(|sums| -(sums[3] as f64) / 1e6), "surplus");
    let scores = drawn(&book, titled(&charts, &format!("by local {word} against the target, portfolio")));
    assert_near(&scores["Matched share"].1, &of(|sums| share(sums[1], sums[0])), "matched share");
    assert_near(&scores["CFE score"].1, &of(|sums| share(sums[1] + sums[4], sums[0])), "CFE score");
    assert_near(&scores["Target: 90.00 % CFE score"].1, &of(|_| 0.9), "target");
    assert_eq!(scores.len(), 3, "a target of one boundary is not the portfolio's, and the same one is drawn once");
    for (name, (categories, _)) in energy.iter().chain(&scores) {
        assert_eq!(categories, names, "{name}");
    }
}

const MONTHS: [&str; 12] = [
    "January 2025",
    "February 2025*",
    "March 2025",
    "April 2025",
    "May 2025",
    "June 2025",
    "July 2025",
    "August 2025",
    "September 2025",
    "October 2025",
    "November 2025",
    "December 2025",
];

/// A year with an hour of estimated load in February.
fn year() -> Report {
    let mut report = report_of("2025-01-01", "2026-01-01");
    report.exceptions.push(ExceptionRow {
        code: "estimated_load".into(),
        series: "site/hall-1/load".into(),
        start: Instant::parse("2025-02-03T04:00:00Z").expect("an instant"),
        end: Instant::parse("2025-02-03T05:00:00Z").expect("an instant"),
        wh: 1,
        message: String::new(),
    });
    report
}

#[test]
fn a_year_is_drawn_by_month_from_cells_that_hold_its_figures() {
    let report = year();
    let months: Vec<Expected> = sums(&report, |date, _| date.month()).into_values().collect();
    assert_stretches(&report, &months, &MONTHS, "month");
    let book = book(&report, &aimed());
    assert_eq!(book.sheets()[..4], ["Summary", "Charts", "By month", "By hour"]);
    let said = |sheet: &str| {
        let cells = book.cells(sheet);
        cells
            .values()
            .any(|cell| matches!(cell, Value::Text(text) if text.starts_with("* estimated, missing or suspect data")))
    };
    assert!(said("Charts") && said("By month"), "the mark is explained");
    let total: f64 = months.iter().map(|(sums, _)| sums[0] as f64).sum::<f64>() / 1e6;
    let cells = book.cells("By month");
    let (place, _) = cells.iter().find(|(_, cell)| **cell == Value::Text("Total".into())).expect("totals");
    assert!((cells[&(place.0, 2)].number() - total).abs() < 1e-6);
    assert!(book.sheet("By month").contains(&format!("<f>SUM(B{}:B{})</f>", place.0 - 12, place.0 - 1)));
}

#[test]
fn a_month_is_drawn_by_day_and_its_heat_map_has_the_hours_of_the_clock() {
    let report = report_of("2026-03-01", "2026-04-01");
    let days = sums(&report, |date, _| date);
    let names: Vec<String> = days.keys().map(NaiveDate::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_stretches(&report, &days.into_values().collect::<Vec<_>>(), &names, "day");
    let book = book(&report, &aimed());
    assert_eq!(book.sheets()[2], "By day");
    let cells = book.cells("Charts");
    let by_hour = sums(&report, |date, hour| (hour, date.day()));
    for (hour, day) in (0..24).flat_map(|hour| (1..=31).map(move |day| (hour, day))) {
        let found = cells.get(&(4 + hour, 1 + day)).map(Value::number);
        let expected = by_hour.get(&(hour, day)).map(|(sums, _)| share(sums[1], sums[0]));
        assert_eq!(found, expected, "{hour} h of day {day}");
    }
    assert!(!cells.contains_key(&(4 + 2, 1 + 29)), "clocks skip 2 h on the 29th");
    assert!(book.sheet("Charts").contains("<conditionalFormatting sqref=\"B4:AF27\">"));
}

#[test]
fn the_heat_map_of_a_year_is_by_month_in_the_colours_of_the_page() {
    let report = year();
    let book = book(&report, &Options::default());
    let (charts, cells) = (book.sheet("Charts"), book.cells("Charts"));
    for ((hour, month), (sums, _)) in sums(&report, |date, hour| (hour, date.month())) {
        assert_eq!(cells[&(4 + hour, 1 + month)].number(), share(sums[1], sums[0]), "{hour} h in month {month}");
    }
    assert_eq!((cells[&(3, 3)].text(), cells[&(4, 1)].text()), ("Feb 2025*", "00:00\u{2013}01:00"));
    assert!(charts.contains("sqref=\"B4:M27\"") && charts.contains("<formula>NOT(ISNUMBER(B4))</formula>"));
    assert_eq!(charts.matches("<cfRule ").count(), 8);
    let colours = book.part("xl/styles.xml");
    for colour in ["F1DFC3", "D8DFC4", "B5CEB5", "80B4A6", "489496", "1F6D7E", "0A3A52"] {
        assert!(colours.contains(&format!("FF{colour}")), "{colour}");
    }
}

#[test]
fn the_average_day_is_mean_power_by_hour_of_the_clock() {
    let report = year();
    let book = book(&report, &aimed());
    let hours: Vec<Expected> = sums(&report, |_, hour| hour).into_values().collect();
    let mean = |part: usize, sign: f64| -> Vec<f64> {
        hours.iter().map(|(sums, count)| sign * sums[part] as f64 / *count as f64 / 1e6).collect()
    };
    let day = drawn(&book, titled(&book.charts(), "Mean MW by hour in Europe/Berlin, portfolio"));
    assert_near(&day["matched"].1, &mean(1, 1.0), "matched");
    assert_near(&day["unmatched (with matched: the load)"].1, &mean(2, 1.0), "unmatched");
    assert_near(&day["surplus, below the line"].1, &mean(3, -1.0), "surplus");
    assert_eq!((day["matched"].0.len(), day["matched"].0[23].as_str()), (24, "23:00\u{2013}24:00"));
}

#[test]
fn the_same_report_with_charts_gives_the_same_bytes() {
    for report in [year(), report_of("2026-03-01", "2026-04-01")] {
        let bytes = || workbook(&report, &Allocations::default(), ENGINE, &aimed()).expect("workbook");
        let first = bytes();
        assert!(first == bytes());
    }
}
