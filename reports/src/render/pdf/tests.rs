//! What the document must hold, and that it is always the same.

use super::frame::Frame;
use super::{document, sheets};
use crate::render::html::sample::{rows, sample_report};
use crate::report::{Report, Totals};
use crate::time::{Zone, format_instant};

const ENGINE: &str = "hourmatch test";

/// The text operators of every page, as written before compression.
fn shown(report: &Report) -> Vec<String> {
    let frame = Frame::of(report).expect("frame");
    sheets(&frame, ENGINE).pages.iter().map(|page| String::from_utf8_lossy(page).into_owned()).collect()
}

fn named(name: &str) -> Report {
    Report { name: name.into(), ..sample_report() }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let first = document(&sample_report(), ENGINE).expect("document");
    assert!(first.starts_with(b"%PDF-1.7"));
    assert!(first.ends_with(b"%%EOF") || first.ends_with(b"%%EOF\n"));
    assert_eq!(first, document(&sample_report(), ENGINE).expect("document"));
    assert!(!first.windows(13).any(|bytes| bytes == b"/CreationDate"));
}

#[test]
fn every_page_names_the_report_and_its_number() {
    let pages = shown(&named("Northfield Halls"));
    assert!(pages.len() > 1);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("(Northfield Halls)"), "page {}", index + 1);
        assert!(page.contains(&format!("(Page {} of {})", index + 1, pages.len())));
        assert!(page.contains("(Synthetic data)"));
        assert!(!page.contains("NaN") && !page.contains("inf "));
    }
}

#[test]
fn page_one_puts_the_scores_side_by_side_and_discloses() {
    let page = shown(&sample_report()).swap_remove(0);
    for text in
        ["(61.00 %)", "(74.33 %)", "(70.00 %)", "(1 / 4)", "(Disclosure)", "Control approach", "Warming potentials"]
    {
        assert!(page.contains(text), "page one lacks {text}");
    }
}

#[test]
fn without_load_no_score_is_made_up() {
    let mut report = sample_report();
    report.portfolio = Totals::default();
    report.disclosure.metered_coverage = None;
    for boundary in &mut report.boundaries {
        boundary.totals = Totals::default();
        for row in &mut boundary.intervals {
            (row.load_wh, row.matched_wh, row.unmatched_wh) = (0, 0, 0);
            row.surplus_wh = row.contracted_wh;
        }
    }
    let pages = shown(&report);
    assert!(pages[0].contains("(not applicable)") && !pages[0].contains("100.00 %"));
    assert!(pages.iter().any(|page| page.contains("(No interval has load: not applicable.)")));
}

#[test]
fn long_lists_and_long_ids_stay_on_their_pages() {
    let mut report = sample_report();
    let mut row = report.exceptions[0].clone();
    row.series = "contract/".to_string() + &"very-long-".repeat(30);
    report.exceptions = vec![row; 203];
    report.sites[0].id = "a-site-of-an-endless-name-".repeat(20);
    let pages = shown(&report);
    assert!(pages.iter().any(|page| page.contains("(and 3 more in the CSV)")));
    assert!(pages.iter().filter(|page| page.contains("half-open, continued)")).count() > 1);
    assert!(pages.iter().all(|page| !page.contains(&report.sites[0].id)), "an id was drawn in full");
}

#[test]
fn a_year_with_clock_changes_stays_small() {
    let zone = Zone::parse("Europe/Berlin").expect("zone");
    let first = zone.day_start("2026-01-01".parse().expect("date"));
    let mut report = sample_report();
    let pairs: Vec<(i64, i64)> = (0..8_760_i64).map(|hour| (100_000_000, hour * 7_919_123 % 150_000_000)).collect();
    report.period.start = format_instant(first);
    report.period.end = format_instant(first + 8_760 * 3_600);
    report.boundaries[0].intervals = rows(first, &pairs);
    let pages = shown(&report);
    for text in ["(23 h)", "(25 h)", "clocks skip 02:00", "comes twice"] {
        assert!(pages.iter().any(|page| page.contains(text)), "{text}");
    }
    let size = document(&report, ENGINE).expect("document").len();
    assert!(size < 400_000, "{size} bytes");
}

#[test]
fn a_zone_nobody_knows_is_an_error() {
    let report = Report { time_zone: "Mars/Olympus".into(), ..sample_report() };
    assert!(document(&report, ENGINE).is_err());
}
