//! What the workbook must hold, read out of its parts.

use super::allocations::tests::allocations;
use super::{Allocations, workbook};
use crate::content::Options;
use crate::tests::sample::{sample_report, six};
use reports::matching::Ledger;
use reports::report::{Disclosed, Report, Totals};
use std::io::{Cursor, Read};

const ENGINE: &str = "hourmatch test";

fn bytes(report: &Report) -> Vec<u8> {
    workbook(report, &Allocations::default(), ENGINE, &Options::default()).expect("workbook")
}

/// A part of the package as text.
fn part_of(bytes: Vec<u8>, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

fn part(report: &Report, name: &str) -> String {
    part_of(bytes(report), name)
}

/// A sheet by its place, from 1.
fn sheet(report: &Report, place: usize) -> String {
    part(report, &format!("xl/worksheets/sheet{place}.xml"))
}

fn strings(report: &Report) -> String {
    part(report, "xl/sharedStrings.xml")
}

fn empty() -> Report {
    Report {
        restatement: None,
        disclosure: Disclosed::default(),
        portfolio: Totals::default(),
        boundaries: Vec::new(),
        sites: Vec::new(),
        contracts: Vec::new(),
        storage: Vec::new(),
        reconciliations: Vec::new(),
        revisions: Vec::new(),
        files: Vec::new(),
        exceptions: Vec::new(),
        ..sample_report()
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let first = bytes(&sample_report());
    assert!(first.starts_with(b"PK\x03\x04"));
    assert_eq!(first, bytes(&sample_report()));
    assert!(part(&sample_report(), "docProps/core.xml").contains("1980-01-01T00:00:00Z"));
}

#[test]
fn headline_figures_are_formulas_that_agree_with_the_audit() {
    let summary = sheet(&sample_report(), 1);
    for cell in [
        "<f>SUM(Intervals!$C$2:$C$9)</f><v>600</v>",
        "<f>(SUM(Intervals!$E$2:$E$9))/SUM(Intervals!$C$2:$C$9)</f><v>0.61</v>",
        "<f>(SUM(Intervals!$J$2:$J$9))/SUM(Intervals!$C$2:$C$9)</f>",
        "<f>SUM(Intervals!$J$2:$J$9)</f><v>130</v>",
        "<f>SUMPRODUCT(--((Intervals!$C$2:$C$5+Intervals!$C$6:$C$9)&gt;0))</f><v>4</v>",
    ] {
        assert!(summary.contains(cell), "no {cell} in {summary}");
    }
    assert!(summary.contains("<v>agrees</v>"));
    assert!(!summary.contains("<v>differs</v>"), "{summary}");
    assert!(!sheet(&sample_report(), 7).contains("<v>differs</v>"));
}

#[test]
fn a_figure_the_sheets_do_not_bear_out_is_said_to_differ() {
    let mut report = sample_report();
    report.portfolio.matched_share = six(620_000);
    assert!(sheet(&report, 1).contains("<v>differs</v>"));
    let mut report = sample_report();
    report.contracts[1].allocated_wh += 1;
    assert!(sheet(&report, 1).contains("<v>differs</v>"));
    assert!(!sheet(&report, 7).contains("<v>differs</v>"));
}

#[test]
fn allocations_bear_out_what_is_matched() {
    let rows = [(300, Ledger::Matching), (66, Ledger::Matching), (50, Ledger::Inventory)];
    let with = |total| workbook(&sample_report(), &allocations(&rows, total), ENGINE, &Options::default());
    let summary = part_of(with(3).expect("workbook"), "xl/worksheets/sheet1.xml");
    let formula = "SUMIFS(Allocations!$D$2:$D$4,Allocations!$E$2:$E$4,\"matching\")";
    assert!(summary.contains(&format!("<f>{formula}</f><v>366</v>")), "{summary}");
    assert!(!summary.contains("<v>differs</v>"));
    let cut = with(4).expect("workbook");
    assert!(!part_of(cut.clone(), "xl/worksheets/sheet1.xml").contains("SUMIFS"));
    assert!(part_of(cut, "xl/sharedStrings.xml").contains("The first 3 of 4 allocations"));
}

#[test]
fn the_period_before_has_a_sheet_of_exact_figures() {
    let report = sample_report();
    assert!(!part(&report, "xl/workbook.xml").contains("name=\"Comparison\""));
    let mut before = report.clone();
    before.portfolio.matched_share = six(500_000);
    before.portfolio.load_wh = 500;
    let options = Options { previous: Some(Box::new(before)), ..Options::default() };
    let bytes = workbook(&report, &Allocations::default(), ENGINE, &options).expect("workbook");
    assert!(part_of(bytes.clone(), "xl/workbook.xml").contains("name=\"Comparison\""));
    let sheet = part_of(bytes, "xl/worksheets/sheet14.xml");
    for value in ["<v>0.5</v>", "<v>0.61</v>", "<v>0.11</v>", "<v>100</v>"] {
        assert!(sheet.contains(value), "no {value} in {sheet}");
    }
}

#[test]
fn overlaps_have_a_sheet_and_figures_their_names_of_the_period() {
    let mut report = sample_report();
    assert!(part(&report, "xl/workbook.xml").contains("name=\"Overlaps\""));
    let strings = strings(&report);
    for text in ["Volumetric share over the period, capped", "Unmatched: never contracted", "certified in part"] {
        assert!(strings.contains(text), "no {text}");
    }
    assert!(!strings.contains("Annual share"));
    report.overlaps.clear();
    assert!(!part(&report, "xl/workbook.xml").contains("name=\"Overlaps\""));
}

#[test]
fn the_first_sheet_says_what_page_one_says() {
    let strings = strings(&sample_report());
    for text in [
        "Of 0.000600 MWh used, 0.000366 MWh were met in the same hour and grid",
        "Against version 1: +1.00 points, from 60.00 %.",
        "64.28 % of generation is profiled or estimated, not metered",
        "default fossil factor of 900 g/kWh",
    ] {
        assert!(strings.contains(text), "no {text}");
    }
}

#[test]
fn emissions_say_that_no_formula_stands_behind_them() {
    assert!(strings(&sample_report()).contains("No formula: factors are by interval"));
}

#[test]
fn intervals_have_a_total_their_filter_leaves_alone() {
    let intervals = sheet(&sample_report(), 10);
    assert!(intervals.contains("<f>SUM(Intervals!$H$2:$H$9)</f><v>234</v>"));
    assert!(intervals.contains("<autoFilter ref=\"A1:J9\"/>"));
    assert!(intervals.contains("<v>46110</v>"), "2026-03-29 as a day number");
}

#[test]
fn text_is_never_a_formula_nor_markup() {
    let mut report = sample_report();
    report.name = "=HYPERLINK(\"http://example.invalid\")".into();
    report.sites[0].id = "=1+1".into();
    report.exceptions[0].message = "<r><t>markup</t></r>".into();
    for place in 1..=18 {
        let sheet = sheet(&report, place);
        assert!(!sheet.contains("HYPERLINK") && !sheet.contains("<f>1+1"), "sheet {place}");
    }
    let strings = strings(&report);
    assert!(strings.contains("=HYPERLINK(") && strings.contains("<t>=1+1</t>"));
    assert!(strings.contains("&lt;r&gt;&lt;t&gt;markup") && !strings.contains("<t>markup"));
}

#[test]
fn what_floating_point_would_round_is_text_and_not_recomputed() {
    let mut report = sample_report();
    report.boundaries[0].intervals[0].load_wh = i64::MAX;
    assert!(strings(&report).contains("<t>9223372036854775807</t>"));
    let summary = sheet(&report, 1);
    assert!(!summary.contains("<f>"), "{summary}");
}

#[test]
fn an_empty_report_has_every_sheet_and_says_what_is_missing() {
    let report = empty();
    let workbook = part(&report, "xl/workbook.xml");
    for name in ["Summary", "Boundaries", "Contracts", "Intervals", "Reconciliations", "Allocations", "Limitations"] {
        assert!(workbook.contains(&format!("name=\"{name}\"")), "{name}");
    }
    assert!(!workbook.contains("name=\"Restatement\""));
    let strings = strings(&report);
    for line in ["No boundary is in this report.", "No exceptions.", "not recomputed: there are no intervals"] {
        assert!(strings.contains(line), "{line}");
    }
}

#[test]
fn a_text_longer_than_a_cell_is_cut() {
    let mut report = sample_report();
    report.exceptions[0].message = "long ".repeat(10_000);
    assert!(strings(&report).contains('…'));
}
