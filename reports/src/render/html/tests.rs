//! What the page must say, and must never say.

use super::page;
use super::sample::{rows, sample_report};
use crate::report::{Report, Totals};
use crate::time::Zone;

fn html(report: &Report) -> String {
    page(report, "hourmatch test").expect("page")
}

#[test]
fn every_number_is_named() {
    let html = html(&sample_report());
    for name in [
        "Matched share, hourly",
        "CFE score",
        "Annual volumetric share",
        "Annual volumetric share, capped",
        "Intervals fully matched / intervals with load",
        "Location-based",
        "Market-based, annual (2015 guidance)",
        "Market-based, hourly (draft)",
        "hourly-2026",
        "Synthetic data",
        "Europe/Berlin",
        "production",
        "hourmatch-verify",
    ] {
        assert!(html.contains(name), "the page lacks {name}");
    }
    for value in ["55.00 %", "68.25 %", "67.50 %", "1 / 4", "not supplied", "Exactly 601 g."] {
        assert!(html.contains(value), "the page lacks {value}");
    }
}

#[test]
fn almost_all_is_not_all() {
    let mut report = sample_report();
    report.portfolio.matched_share = Some("0.999999".into());
    let html = html(&report);
    assert!(html.contains("<dd class=\"value\">99.99 %</dd>"));
    assert!(!html.contains("<dd class=\"value\">100"));
}

#[test]
fn names_are_escaped_and_nothing_is_fetched() {
    let html = html(&sample_report());
    assert!(!html.contains("<script>alert") && !html.contains("profile <script>") && !html.contains("DE<b>"));
    assert!(!html.contains("http://") && !html.contains("https://"));
    for fetched in [" src=", "<link", "@import", "url(\"", "url('"] {
        assert!(!html.contains(fetched), "the page has {fetched}");
    }
}

#[test]
fn no_load_is_not_applicable() {
    let mut report = sample_report();
    report.portfolio = Totals::default();
    for boundary in &mut report.boundaries {
        boundary.totals = Totals::default();
        for row in &mut boundary.intervals {
            (row.load_wh, row.matched_wh, row.unmatched_wh) = (0, 0, 0);
            row.surplus_wh = row.contracted_wh;
        }
    }
    let html = html(&report);
    assert!(html.contains("<dd class=\"value\">not applicable</dd>"));
    assert!(!html.contains("<dd class=\"value\">100"));
}

#[test]
fn local_days_of_the_page_keep_their_hours() {
    for (date, cells) in [("2026-03-29", 23), ("2026-10-25", 25)] {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let mut report = sample_report();
        let pairs = vec![(100_i64, 50_i64); cells];
        report.period.start = crate::time::format_instant(span.start_s);
        report.period.end = crate::time::format_instant(span.end_s);
        report.period.intervals = cells;
        report.boundaries[0].intervals = rows(span.start_s, &pairs);
        let html = html(&report);
        assert_eq!(html.matches("h1v1h-1z").count(), cells, "{date}");
        assert!(html.contains(&format!("{date} ({cells} h)")));
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(html(&sample_report()), html(&sample_report()));
}

#[test]
fn long_lists_of_exceptions_are_capped() {
    let mut report = sample_report();
    let row = report.exceptions[0].clone();
    report.exceptions = vec![row; 203];
    let html = html(&report);
    assert!(html.contains("and 3 more in the JSON"));
    assert_eq!(html.matches(">profile_used<").count(), 200);
}

#[test]
fn a_year_stays_small() {
    let mut report = sample_report();
    let pairs: Vec<(i64, i64)> = (0..8_760_i64).map(|hour| (100_000_000, hour * 7_919_123 % 150_000_000)).collect();
    report.period.end = crate::time::format_instant(1_774_742_400 + 8_760 * 3_600);
    report.boundaries[0].intervals = rows(1_774_742_400, &pairs);
    let size = html(&report).len();
    assert!(size < 800_000, "{size} bytes");
}

#[test]
fn a_zone_nobody_knows_is_an_error() {
    let mut report = sample_report();
    report.time_zone = "Mars/Olympus".into();
    assert!(page(&report, "hourmatch test").is_err());
}
