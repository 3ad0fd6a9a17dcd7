//! Display names in every form that people read, ids alone in those that programs read.

use super::sample::{named_report, sample_report};
use crate::content::{Options, SiteHours};
use crate::html::page;
use crate::xlsx::{Allocations, workbook};
use crate::{hours, json};
use reports::report::Report;
use std::io::{Cursor, Read};

const ENGINE: &str = "hourmatch test";

/// A part of the workbook as text.
fn part(report: &Report, name: &str) -> String {
    let bytes = workbook(report, &Allocations::default(), ENGINE, &Options::default()).expect("workbook");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_page_shows_names_with_ids_where_a_row_or_a_part_is_about_them() {
    let slots = hours::portfolio_slots(&sample_report().boundaries);
    let hours = SiteHours { id: "hall-1".into(), slots };
    let options = Options { sites: vec![hours], ..Options::default() };
    let page = page(&named_report(), ENGINE, &options).expect("page");
    assert!(!page.contains("<i>"), "a name is markup");
    for part in [
        ">Site &#60;i&#62;North hall (hall-1)</h2>",
        ">Site hall-2</h2>",
        "Coastal wind (wind-b)",
        "stand behind the claims of: Coastal wind.",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    assert!(!page.contains(">wind-b<") && !page.contains(">hall-1<"), "an id without its name");
}

#[test]
fn a_workbook_has_names_beside_ids_and_formulas_that_still_agree() {
    let (plain, named) = (sample_report(), named_report());
    let (before, summary) = (part(&plain, "xl/worksheets/sheet1.xml"), part(&named, "xl/worksheets/sheet1.xml"));
    // A column more, and only where there are names.
    assert!(before.contains("<f>SUM(Contracts!$G$2:$G$5)</f>") && !before.contains("Contracts!$H"), "{before}");
    assert!(summary.contains("<f>SUM(Contracts!$H$2:$H$5)</f>"), "{summary}");
    assert!(summary.contains("<v>agrees</v>") && !summary.contains("<v>differs</v>"), "{summary}");
    let strings = part(&named, "xl/sharedStrings.xml");
    for text in ["<t>name</t>", "<t>Coastal wind</t>", "<t>wind-b</t>", "&lt;i&gt;North hall", "<t>hall-1</t>"] {
        assert!(strings.contains(text), "no {text} in {strings}");
    }
}

#[test]
fn documents_for_programs_hold_ids_alone() {
    let of = |report: &Report| json::document(report, ENGINE).expect("JSON");
    assert_eq!(of(&named_report()), of(&sample_report()));
    assert_eq!(serde_json::to_string(&named_report()).ok(), serde_json::to_string(&sample_report()).ok());
}
