//! That the document is tagged after PDF/UA-1: nothing stands outside the structure tree but artifacts, fonts are
//! embedded, charts are told in words.

use super::super::canvas::{PAGE_HEIGHT, PAGE_WIDTH};
use super::super::flow::Sheets;
use super::super::tags::{Element, Kid, Tag};
use super::reader::{Marked, marked};
use super::{ENGINE, document, laid, unpacked};
use crate::content::Options;
use crate::english::Energy;
use crate::page_one::limits;
use crate::tests::sample::sample_report;
use reports::report::Report;

/// A report with tables that run over pages, and text in three fonts.
fn long_report() -> Report {
    let mut report = sample_report();
    report.exceptions = vec![report.exceptions[0].clone(); 150];
    report.name = "Halls of \u{6771}\u{4eac}".into();
    report
}

fn drawn(report: &Report) -> (Sheets, Vec<Marked>) {
    let sheets = laid(report, &Options::default());
    let pages = sheets.pages.iter().map(|page| marked(&page.content, &sheets.glyphs)).collect();
    (sheets, pages)
}

fn text_of(element: &Element, pages: &[Marked]) -> String {
    let of = |kid: &Kid| match kid {
        Kid::Content(page, id) => pages[*page].contents[id].clone(),
        Kid::Element(_) => String::new(),
    };
    element.kids.iter().map(of).collect()
}

fn many(bytes: &[u8], part: &str) -> usize {
    bytes.windows(part.len()).filter(|window| *window == part.as_bytes()).count()
}

#[test]
fn all_that_is_drawn_is_tagged_or_an_artifact() {
    let (sheets, pages) = drawn(&long_report());
    assert!(pages.len() > 3);
    for (page, marked) in pages.iter().enumerate() {
        assert!(marked.faults.is_empty(), "page {}: {:?}", page + 1, marked.faults);
        assert!(marked.artifacts.contains("Page "), "the footer of page {}", page + 1);
        let numbers: Vec<i32> = marked.contents.keys().copied().collect();
        let owners = i32::try_from(sheets.pages[page].owners.len()).expect("count");
        assert_eq!(numbers, (0..owners).collect::<Vec<_>>(), "page {}", page + 1);
    }
    assert!(pages.iter().any(|page| page.artifacts.contains(", continued")), "a repeated head says nothing new");
    assert!(pages.iter().all(|page| page.contents.values().all(|text| !text.contains(", continued"))));
}

#[test]
fn marked_content_belongs_to_one_element_and_leads_back_to_it() {
    let (sheets, pages) = drawn(&long_report());
    let mut places = Vec::new();
    for (number, element) in sheets.tree.elements.iter().enumerate() {
        for kid in &element.kids {
            match kid {
                Kid::Content(page, id) => {
                    assert_ne!(element.tag, Tag::Document, "content outside any part");
                    assert_eq!(sheets.pages[*page].owners[usize::try_from(*id).expect("number")], number);
                    places.push((*page, *id));
                }
                Kid::Element(kid) => assert_eq!(sheets.tree.elements[*kid].parent, Some(number)),
            }
        }
    }
    assert!(places.len() > 500, "{}", places.len());
    places.sort_unstable();
    let all = pages.iter().enumerate().flat_map(|(page, marked)| marked.contents.keys().map(move |id| (page, *id)));
    assert_eq!(places, all.collect::<Vec<_>>());
}

#[test]
fn headings_follow_each_other_without_a_gap() {
    let report = long_report();
    let (sheets, pages) = drawn(&report);
    let mut headings = Vec::new();
    for element in &sheets.tree.elements {
        if let Tag::Heading(level) = element.tag {
            headings.push((level, text_of(element, &pages)));
        }
    }
    assert_eq!(headings[0], (1, report.name));
    assert!(headings.windows(2).all(|pair| (2..=pair[0].0 + 1).contains(&pair[1].0)), "{headings:?}");
    let mut rest = headings.iter().filter(|(level, _)| *level == 2).map(|(_, title)| title);
    for mark in sheets.marks.iter().filter(|mark| mark.title != "Summary") {
        assert!(rest.any(|title| *title == mark.title), "{} is no heading, or not in order: {headings:?}", mark.title);
    }
}

#[test]
fn what_limits_trust_is_a_list() {
    let report = long_report();
    let (sheets, pages) = drawn(&report);
    let elements = &sheets.tree.elements;
    let title = "What limits trust in these figures";
    let heading = elements.iter().position(|element| text_of(element, &pages) == title).expect("a heading");
    let list = &elements[heading + 1];
    let limits = limits(&report, Energy::new(&report));
    assert!(limits.len() > 1, "{}", limits.len());
    assert_eq!((&list.tag, list.kids.len()), (&Tag::Points, limits.len()));
}

#[test]
fn charts_are_told_in_words_and_tables_are_regular() {
    let (sheets, pages) = drawn(&long_report());
    let elements = &sheets.tree.elements;
    let rows_of = |element: &Element| -> Vec<Vec<usize>> {
        let of = |element: &Element| -> Vec<usize> {
            let elements = element.kids.iter().filter_map(|kid| match kid {
                Kid::Element(kid) => Some(*kid),
                Kid::Content(..) => None,
            });
            elements.collect()
        };
        of(element).into_iter().filter(|kid| elements[*kid].tag == Tag::Row).map(|row| of(&elements[row])).collect()
    };
    let (mut figures, mut tables) = (0, 0);
    for element in elements {
        match &element.tag {
            Tag::Figure { alt, area } => {
                figures += 1;
                assert!(alt.len() > 30 && alt.ends_with('.'), "{alt}");
                assert!(area.x >= 0.0 && area.right() <= PAGE_WIDTH && area.foot() <= PAGE_HEIGHT, "{area:?}");
            }
            Tag::Table => {
                tables += 1;
                let rows = rows_of(element);
                assert!(rows.len() > 1 && rows.iter().all(|row| row.len() == rows[0].len()));
                assert!(rows[0].iter().all(|cell| elements[*cell].tag == Tag::Head));
                assert!(rows[0].iter().any(|cell| !text_of(&elements[*cell], &pages).is_empty()));
                assert!(rows[1..].iter().flatten().all(|cell| elements[*cell].tag == Tag::Cell));
            }
            _ => {}
        }
    }
    assert!(figures >= 7 && tables >= 5, "{figures} figures, {tables} tables");
}

#[test]
fn the_file_says_that_it_is_tagged_and_carries_its_fonts() {
    let report = long_report();
    let (sheets, _) = drawn(&report);
    let bytes = unpacked(&document(&report, ENGINE).expect("document"));
    let fonts = many(&bytes, "/CIDFontType2");
    assert_eq!((fonts, many(&bytes, "/FontFile2"), many(&bytes, "/Type0")), (3, 3, 3));
    assert_eq!(many(&bytes, "/Helvetica") + many(&bytes, "/Type1"), 0);
    let once = [
        "<pdfuaid:part>1</pdfuaid:part>",
        "/Marked true",
        "/DisplayDocTitle true",
        "/Lang",
        "/ParentTree",
        "/Metadata ",
    ];
    for part in once {
        assert_eq!(many(&bytes, part), 1, "{part}");
    }
    let pages = sheets.pages.len();
    assert_eq!((many(&bytes, "/StructParents "), many(&bytes, "/Tabs/S")), (pages, pages));
    let elements = &sheets.tree.elements;
    let figures = elements.iter().filter(|element| matches!(element.tag, Tag::Figure { .. })).count();
    let heads = elements.iter().filter(|element| element.tag == Tag::Head).count();
    assert_eq!(many(&bytes, "/Type/StructElem"), elements.len());
    assert_eq!((many(&bytes, "/Alt"), many(&bytes, "/Scope/Column")), (figures, heads));
}
