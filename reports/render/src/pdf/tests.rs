//! What the document must hold, and that it is always the same.

use super::flow::Sheets;
use super::{PdfError, sheets};
use crate::content::{self, Options, SiteHours};
use crate::hours::{Slot, Sums};
use crate::tests::sample::{START, named_report, rows, sample_report, six, zone};
use reports::report::{Report, Totals};

mod opened;
mod reader;
mod tagged;

pub(super) use opened::opened;
use opened::unpacked;

const ENGINE: &str = "hourmatch test";

/// The operators of every page, text as letters.
fn shown(report: &Report) -> Vec<String> {
    shown_with(report, &Options::default())
}

fn shown_with(report: &Report, options: &Options) -> Vec<String> {
    let sheets = laid(report, options);
    sheets.pages.iter().map(|page| reader::letters(&page.content, &sheets.glyphs)).collect()
}

fn laid(report: &Report, options: &Options) -> Sheets {
    sheets(&content::document(report, ENGINE, options))
}

fn document(report: &Report, engine: &str) -> Result<Vec<u8>, PdfError> {
    super::document(report, engine, &Options::default())
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
    assert!(!unpacked(&first).windows(13).any(|bytes| bytes == b"/CreationDate"));
}

#[test]
fn letters_of_any_script_are_shown_and_can_be_read_back() {
    let mut report = named("\u{141}\u{f3}d\u{17a} \u{391}\u{3b8}\u{3ae}\u{3bd}\u{3b1} \u{6771}\u{4eac}");
    let glyphs = laid(&report, &Options::default()).glyphs;
    let letters: String = glyphs.values().flat_map(|font| font.values()).collect();
    assert!(report.name.chars().all(|letter| letters.contains(letter)), "{letters}");
    let first = document(&report, ENGINE).expect("document");
    assert_eq!(first, document(&report, ENGINE).expect("document"));
    let plain = document(&sample_report(), ENGINE).expect("document");
    let names = |bytes: &[u8], name: &[u8]| unpacked(bytes).windows(name.len()).any(|part| part == name);
    for name in [&b"+LiberationSans"[..], b"+LiberationSans-Bold", b"/ToUnicode", b"/FontFile2"] {
        assert!(names(&first, name) && names(&plain, name), "{}", String::from_utf8_lossy(name));
    }
    let east_asian = b"+DroidSansFallback";
    assert!(names(&first, east_asian) && !names(&plain, east_asian));
    assert!(first.len() < plain.len() + 60_000, "{} bytes", first.len());
    report.name = "Northfield".into();
    assert!(!names(&document(&report, ENGINE).expect("document"), east_asian), "a font nothing is set in");
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
fn page_one_leads_and_the_rest_follows() {
    let pages = shown(&sample_report());
    let places: Vec<usize> = [
        "(61.00 %)",
        "(Of 0.000600 MWh used, 0.000366 MWh were met",
        "(Against version 1: +1.00 points, from 60.00 %.)",
        "(What limits trust in these figures)",
        "(Every hour of the period)",
    ]
    .map(|text| pages[0].find(text).unwrap_or_else(|| panic!("page one lacks {text}: {}", pages[0])))
    .into();
    assert!(places.is_sorted(), "{places:?}");
    let all = pages.concat();
    for text in ["(74.33 %)", "(70.00 %)", "(1 / 4)", "(Disclosure)", "Control approach", "Warming potentials"] {
        assert!(all.contains(text), "the report lacks {text}");
    }
}

#[test]
fn own_generation_is_told_where_there_is_any() {
    let mut report = sample_report();
    let words = ["(3.33 %)", "(Own generation that is not carbon-free, Scope 1)"];
    let all = shown(&report).concat();
    assert!(words.iter().all(|word| all.contains(word)), "{all}");
    report.portfolio.scope_1_wh = Some(0);
    assert!(!shown(&report).concat().contains(words[1]));
}

#[test]
fn meters_ownership_factors_and_revisions_are_told() {
    let pages = shown(&sample_report()).concat();
    for text in [
        "(Meters, ownership and leased space by site)",
        "(M-1)",
        "(0.2S)",
        "(leased)",
        "(75 %)",
        "(Factors in use: publication, year and region of each)",
        "(Fossil factors <2025>)",
        "(Revisions: files these figures rest on, in the order they were recorded)",
        "(A. Example)",
        "(2026-04-20 08:00:00)",
    ] {
        assert!(pages.contains(text), "no {text}");
    }
}

#[test]
fn what_certificates_back_and_what_was_published_before_is_printed() {
    let pages = shown(&sample_report());
    let all = pages.concat();
    for text in ["(21.66 %)", "(Published before, of other periods)", "backed by cancelled certificates: 65.00 %"] {
        assert!(all.contains(text), "no {text}");
    }
    assert!(!all.contains("Annual volumetric share"), "four hours are no year");
    let mut report = sample_report();
    report.overlaps.clear();
    assert!(!shown(&report).concat().contains("Published before"));
}

#[test]
fn print_holds_every_section_of_the_page_with_its_tables() {
    let (report, options) = (sample_report(), Options::default());
    let document = content::document(&report, ENGINE, &options);
    let page = crate::html::page(&report, ENGINE, &options).expect("page");
    let (all, mut tables) = (shown(&report).concat(), 0);
    for section in document.chapters.iter().flat_map(|chapter| &chapter.sections) {
        assert!(page.contains(&format!("<section id=\"{}\"", section.id)), "the page lacks {}", section.title);
        assert!(all.contains(&format!("({})", section.title)), "print lacks {}", section.title);
        for table in section.tables.iter().filter(|table| !table.lines.is_empty()) {
            assert!(all.contains(&format!("({})", table.caption)), "print lacks {}", table.caption);
            tables += 1;
        }
    }
    assert!(tables > 10, "{tables} tables");
}

#[test]
fn without_load_no_score_is_made_up() {
    let mut report = sample_report();
    report.portfolio = Totals::default();
    report.disclosure.metered_coverage = None;
    report.sites.iter_mut().for_each(|site| site.totals = Totals::default());
    for boundary in &mut report.boundaries {
        boundary.totals = Totals::default();
        for row in &mut boundary.intervals {
            (row.load_wh, row.matched_wh, row.unmatched_wh) = (0, 0, 0);
            row.surplus_wh = row.contracted_wh;
        }
    }
    let pages = shown(&report);
    assert!(pages[0].contains("(not applicable)") && !pages[0].contains("100.00 %"), "{}", pages[0]);
    assert!(pages.iter().any(|page| page.contains("(No interval has load: not applicable.)")));
}

#[test]
fn long_lists_and_long_ids_stay_on_their_pages() {
    let mut report = sample_report();
    let mut row = report.exceptions[0].clone();
    row.series = "contract/".to_string() + &"very-long-".repeat(30);
    report.exceptions = vec![row; 203];
    report.sites[0].id = "a-site-of-an-endless-name-".repeat(20).into();
    let pages = shown(&report);
    assert!(pages.iter().any(|page| page.contains("(and 3 more in the JSON)")));
    assert!(pages.iter().filter(|page| page.contains("half-open, continued)")).count() > 1);
    assert!(pages.iter().all(|page| !page.contains(report.sites[0].id.as_str())), "an id was drawn in full");
}

#[test]
fn no_table_leaves_less_than_three_rows_on_a_page() {
    let mut report = sample_report();
    let row = report.exceptions[0].clone();
    let mut broken = 0;
    for many in 20..64 {
        report.exceptions = vec![row.clone(); many];
        let pages = shown(&report);
        let counts: Vec<usize> = pages.iter().map(|page| page.matches("(profile_used)").count()).collect();
        let filled: Vec<usize> = counts.into_iter().filter(|rows| *rows > 0).collect();
        assert_eq!(filled.iter().sum::<usize>(), many);
        assert!(filled.iter().all(|rows| *rows >= 3), "{many} rows: {filled:?}");
        broken += usize::from(filled.len() > 1);
    }
    assert!(broken > 0, "every table stayed on its page");
}

#[test]
fn commands_stand_in_quotation_marks_and_years_of_long_periods_are_told_apart() {
    let all = shown(&sample_report()).concat();
    assert!(all.contains("\u{201c}hourmatch pack") && !all.contains('`'), "{all}");
    let first = zone("Europe/Berlin").day_start("2025-03-01".parse().expect("date"));
    let mut report = sample_report();
    report.period.start = first;
    report.period.end = first + 500 * 86_400;
    report.boundaries[0].intervals = rows(first, &[(100, 50); 500 * 24]);
    let all = shown(&report).concat();
    assert!(["(Mar 2025)", "(Jan 2026)"].iter().all(|label| all.contains(label)));
}

#[test]
fn a_year_with_clock_changes_stays_small() {
    let first = zone("Europe/Berlin").day_start("2026-01-01".parse().expect("date"));
    let mut report = sample_report();
    let pairs: Vec<(i64, i64)> = (0..8_760_i64).map(|hour| (100_000_000, hour * 7_919_123 % 150_000_000)).collect();
    report.period.start = first;
    report.period.end = first + 8_760 * 3_600;
    report.boundaries[0].intervals = rows(first, &pairs);
    let pages = shown(&report);
    for text in ["(23 h)", "(25 h)", "clocks skip 02:00", "comes twice"] {
        assert!(pages.iter().any(|page| page.contains(text)), "{text}");
    }
    let size = document(&report, ENGINE).expect("document").len();
    // The year stands twice: once for the portfolio, once for its boundary.
    assert!(size < 700_000, "{size} bytes");
}

#[test]
fn boundaries_and_sites_have_pages_with_maps_by_their_own_clock() {
    let mut report = sample_report();
    report.sites[1].time_zone = zone("America/New_York");
    let sums = Sums { load: 100, matched: 50, unmatched: 50, ..Sums::default() };
    let slots = (0..4).map(|hour| Slot { start: START + 3_600 * hour, sums }).collect();
    let options = Options { sites: vec![SiteHours { id: "hall-2".into(), slots }], ..Options::default() };
    let pages = shown_with(&report, &options);
    let page = |title: &str| pages.iter().find(|page| page.contains(title)).unwrap_or_else(|| panic!("no {title}"));
    let map = "by day and hour in";
    for (title, place, zone) in [
        ("(Boundary DE<b>)", "DE<b>", "Europe/Berlin"),
        ("(Boundary FR)", "FR", "America/New_York"),
        ("(Site hall-2)", "hall-2", "America/New_York"),
    ] {
        assert!(page(title).contains(&format!("(Matched share of load, {place}, {map} {zone})")), "{title}");
    }
    let days = |text: &str| text.matches("Mean MW by hour in").count();
    assert_eq!(days(&pages.concat()), 1, "the average day of a boundary stands on its page on screens alone");
    assert!(days(&crate::html::page(&report, ENGINE, &options).expect("page")) > 3);
    let without_hours = page("(Site hall-1)");
    assert!(!without_hours.contains(map) && without_hours.contains("(Claims of the instruments of its boundary)"));
}

#[test]
fn the_period_before_stands_beside_this_one() {
    let report = sample_report();
    assert!(!shown(&report).iter().any(|page| page.contains("(Against the period before)")));
    let mut before = report.clone();
    before.portfolio.matched_share = six(500_000);
    before.boundaries.remove(1);
    let options = Options { previous: Some(Box::new(before)), ..Options::default() };
    let pages = shown_with(&report, &options);
    for text in ["(Against the period before)", "(+11.00 points)", "(not in the report)"] {
        assert!(pages.iter().any(|page| page.contains(text)), "no {text}");
    }
}

#[test]
fn long_titles_break_and_nothing_unstated_is_strung_together() {
    let name = "A portfolio of halls and plants with a name that is much longer than any line of a title can be, in the \
                north and in the south of the country, under several suppliers, since 2021";
    let mut report = named(name);
    report.disclosure.stated.base_year = None;
    report.disclosure.stated.restatement_threshold = None;
    let pages = shown(&report);
    assert!(pages[0].contains("north"), "the middle of the name is cut");
    let all = pages.concat();
    assert!(all.contains("(Restatement threshold)") && !all.contains("restated past"));
}

#[test]
fn days_and_months_with_estimated_data_are_marked() {
    let mut report = sample_report();
    assert!(!shown(&report).concat().contains("(2026-03-29*)"));
    report.exceptions[0].code = "estimated_load".into();
    let all = shown(&report).concat();
    for text in ["(2026-03-29*)", "(bar above: a day with estimated, missing or suspect data)"] {
        assert!(all.contains(text), "no {text}");
    }
}

#[test]
fn sites_and_contracts_go_by_their_names() {
    let named = named_report();
    let all = shown(&named).concat();
    for text in ["Site <i>North hall", "(<i>North hall ", "(hall-2)", "Coastal wind"] {
        assert!(all.contains(text), "no {text}");
    }
    let plain = shown(&sample_report()).concat();
    assert!(!plain.contains("North hall") && plain.contains("(Site hall-1)"), "{plain}");
}
