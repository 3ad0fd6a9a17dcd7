//! Parquet files and workbooks: the CSV they are kept as, by the command line, into packs, and what is refused.

use crate::packs::at_path;
use crate::support::{self, Home};
use hourmatch::ingest::tables;
use rust_xlsxwriter::{Format, Workbook};
use std::io::{Cursor, Seek, Write};
use std::path::PathBuf;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const PORTFOLIO: &str = r#"
[portfolio]
name = "tables"
synthetic = true
resolution = "60min"
ruleset = "hourly-2026"
[[boundary]]
id = "A"
[[site]]
id = "a"
boundary = "A"
it_capacity_mw = 10.0
[source.mine]
kind = "table"
estimated = { Status = "E" }
[source.mine.time]
start = "Zeit"
zone = "Europe/Berlin"
step = "15min"
[[source.mine.series]]
series = "site/a/load"
column = "Wirkleistung [kW]"
unit = "kW"
"#;

fn fixture(name: &str) -> PathBuf {
    support::fixture("tables").join(name)
}

fn path(name: &str) -> String {
    fixture(name).display().to_string()
}

fn csv(name: &str, sheet: Option<&str>) -> String {
    let table = tables::read(&fixture(name), sheet).unwrap_or_else(|e| panic!("{e}")).expect("a table");
    String::from_utf8(table.csv).expect("text")
}

fn refusal(bytes: &[u8], sheet: Option<&str>) -> String {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("rewound");
    match tables::read_file(file, sheet) {
        Err(problem) => problem.to_string(),
        Ok(table) => panic!("taken: {table:?}"),
    }
}

/// A workbook of one sheet, `Load`, that is what its XML makes it.
pub fn workbook(sheet: &[u8]) -> Vec<u8> {
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let link = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{KIND}/{kind}\" Target=\"{target}\"/>")
    };
    let links = [link("a", "worksheet", "s.xml"), link("b", "sharedStrings", "t.xml"), link("c", "styles", "f.xml")];
    let parts = [
        (
            "xl/workbook.xml",
            format!("<workbook xmlns:r=\"{KIND}\"><sheets><sheet name=\"Load\" r:id=\"a\"/></sheets></workbook>"),
        ),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{}</Relationships>", links.concat())),
        ("xl/t.xml", "<sst><si><t>series</t></si><si><t>a,b</t></si></sst>".into()),
        ("xl/f.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>".into()),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in &parts {
        archive.start_file(*name, options).expect("started");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.start_file("xl/s.xml", options).expect("started");
    archive.write_all(sheet).expect("written");
    archive.finish().expect("finished").into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    workbook(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes())
}

/// Made by hand, with what stands beside each as text.
#[test]
fn tables_become_the_text_that_stands_beside_them() {
    for (name, wanted) in [
        ("lastgang.xlsx", "lastgang-expected.csv"),
        ("since-1904.xlsx", "since-1904-expected.csv"),
        ("kinds.parquet", "kinds-expected.csv"),
        ("readings-none.parquet", "readings-expected.csv"),
        ("readings-snappy.parquet", "readings-expected.csv"),
        ("readings-gzip.parquet", "readings-expected.csv"),
        ("readings-zstd.parquet", "readings-expected.csv"),
    ] {
        let wanted = std::fs::read_to_string(fixture(wanted)).expect("read");
        assert_eq!(csv(name, None), wanted, "{name}");
    }
    assert_eq!(csv("lastgang.xlsx", Some("lists")), "lists\n", "a hidden sheet, by its name");
    assert_eq!(tables::read(&fixture("readings-expected.csv"), None), Ok(None), "text is not a table");
}

#[test]
fn what_cannot_be_read_is_refused_with_the_cell_and_a_remedy() {
    for (name, sheet, why) in [
        ("load.xlsx", None, "has several sheets with data: `Notes`, `Load`"),
        ("load.xlsx", Some("Lod"), "has no sheet `Lod`"),
        ("lastgang.xlsx", Some("Empty"), "its sheet `Empty` is empty"),
        ("formula.xlsx", None, "cell B2 of its sheet `Load` has a formula without a value"),
        ("nested.parquet", None, "holds lists or further columns"),
        ("readings-snappy.parquet", Some("Load"), "has no sheets"),
        ("readings-expected.csv", Some("Load"), "has no sheets"),
    ] {
        let problem = tables::read(&fixture(name), sheet).expect_err(name);
        assert!(problem.to_string().contains(why) && problem.hint.is_some(), "{name}: {problem}");
    }
    for (rows, why) in [
        ("", "has no sheet with data"),
        ("<row r=\"1\"><c t=\"s\"><v>2</v></c></row>", "refers to a text that is not there"),
        ("<row r=\"1\"><c><v>1,5</v></c></row>", "is not a number but `1,5`"),
        ("<row r=\"1\"><c><v>inf</v></c></row>", "is not a number but `inf`"),
        ("<row r=\"1\"><c t=\"b\"><v>2</v></c></row>", "neither true nor false"),
        ("<row r=\"1\"><c t=\"x\"><v>2</v></c></row>", "of an unknown kind"),
        ("<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>", "row 1 of its sheet `Load` has a cell at A2"),
        ("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "has a cell at XFE1"),
        ("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", "has a cell at A1"),
        ("<row r=\"1\"><c r=\"AAAAAAAA1\"><v>1</v></c></row>", "has a cell at AAAAAAAA1"),
        ("<row r=\"1\"><c r=\"\u{e9}1\"><v>1</v></c></row>", "has a cell at \u{e9}1"),
        ("<row r=\"2\"/><row r=\"2\"/>", "what follows row 2 is not a row below it"),
        ("<row r=\"1048577\"/>", "is not a row below it"),
        ("<row r=\"99999999999\"/>", "is not a row below it"),
        ("<row>", "is not XML"),
    ] {
        let said = refusal(&sheet(rows), None);
        assert!(said.contains(why), "{rows}: {said}");
    }
    // The codec behind the column's path, gzip, made brotli and lz4.
    let gzip = std::fs::read(fixture("readings-gzip.parquet")).expect("read");
    let path = b"\x19\x18\x06series\x15\x04";
    let at = gzip.windows(path.len()).position(|bytes| bytes == path).expect("a codec") + path.len() - 1;
    for (codec, name) in [(8, "brotli"), (10, "lz4")] {
        let mut other = gzip.clone();
        other[at] = codec;
        let said = refusal(&other, None);
        assert!(said.contains(&format!("its column `series` is compressed with {name}")), "{said}");
        assert!(said.contains("compression=\"zstd\" in pandas"), "{said}");
    }
    // Said to be zstd, it is no such.
    let mut other = gzip.clone();
    other[at] = 12;
    assert!(refusal(&other, None).contains("damaged Parquet"));
    let whole = sheet("<row><c><v>1</v></c></row>");
    assert!(refusal(&whole[..whole.len() / 2], None).contains("damaged workbook"));
    assert!(refusal(b"PK\x03\x04", None).contains("damaged workbook"));
    assert!(refusal(b"PAR1\0\0\0\0PAR1", None).contains("damaged Parquet"));
    assert!(refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", None).contains("old workbook"));
}

/// No file is larger in memory than it is allowed to be.
#[test]
fn what_unpacks_to_too_much_is_refused() {
    let blanks = sheet(&" ".repeat(129 << 20));
    assert!(blanks.len() < 1 << 20, "a bomb: {} bytes", blanks.len());
    assert!(refusal(&blanks, None).contains("unpacks to more than 128 MB"));
    let far: String = (2..40_000).map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>")).collect();
    let wide = sheet(&format!("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>{far}"));
    assert!(refusal(&wide, None).contains("makes more than 256 MB of CSV"));
    let tag = format!("<row {}/>", (0..20_000).map(|at| format!("a{at}=\"\" ")).collect::<String>());
    assert!(refusal(&sheet(&tag), None).contains("an element that is too long"));
}

/// A day as a spreadsheet saves it: in the form of the portfolio, told by its header, and in a pack as text.
#[test]
fn a_workbook_enters_by_a_form_and_a_pack_holds_its_text() {
    let home = Home::new(PORTFOLIO);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Lastgang 2026").expect("named");
    let time = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    sheet.write(0, 0, "Lastgang Musterwerk").expect("written");
    for (column, name) in ["Zeit", "Wirkleistung [kW]", "Status"].into_iter().enumerate() {
        sheet.write(2, column as u16, name).expect("written");
    }
    for quarter in 0..96_u32 {
        let row = 3 + quarter;
        // 7 January 2026 is day 46029; each cell adds a quarter of an hour to it.
        sheet.write_with_format(row, 0, 46_029.0 + f64::from(quarter) / 96.0, &time).expect("written");
        sheet.write(row, 1, f64::from(1_000 + quarter) + 0.25).expect("written");
        sheet.write(row, 2, if quarter < 3 { "E" } else { "W" }).expect("written");
    }
    workbook.save(home.path("lastgang.xlsx")).expect("saved");
    // What is proposed for a table that nobody knows is proposed for a sheet too, and names what the user named.
    let other = Home::new(PORTFOLIO.split("[source.mine]").next().expect("a portfolio"));
    std::fs::copy(home.path("lastgang.xlsx"), other.path("lastgang.xlsx")).expect("copied");
    let proposed = other.run(&["ingest", "--explain", "lastgang.xlsx", "--sheet", "Lastgang 2026"]).ok().out;
    for wanted in [
        "column = \"Wirkleistung [kW]\"",
        "line 4: site/a/load 2026-01-07T00:00:00Z 2026-01-07T00:15:00Z 250063 Wh",
        "Then: hourmatch ingest lastgang.xlsx --sheet 'Lastgang 2026' --source mine",
    ] {
        assert!(proposed.contains(wanted), "{wanted}: {proposed}");
    }
    let taken = home.run(&["ingest", "lastgang.xlsx", "--format", "json"]).ok();
    let said = "lastgang.xlsx: sheet `Lastgang 2026` is kept as CSV; the store and packs hold that text";
    assert!(taken.err.contains(said), "{}", taken.err);
    let file = &taken.json()["files"][0];
    assert_eq!((&file["added"], &file["file"]), (&96.into(), &"lastgang.xlsx#Lastgang 2026.csv".into()));
    let again = home.run(&["ingest", "lastgang.xlsx", "--source", "mine", "--format", "json"]).ok();
    assert_eq!(again.json()["files"][0]["unchanged"], 96);
    assert!(!again.err.contains("kept as CSV"), "nothing is: {}", again.err);

    let period = ["--from", "2026-01-06T23:00Z", "--to", "2026-01-07T23:00Z"];
    let report = home.run(&[&["report", "--format", "json"][..], &period].concat()).ok().json();
    let wh: u64 = (0..96).map(|at: u64| ((1_000 + at) * 1_000 + 250).div_ceil(4)).sum();
    assert_eq!(report["portfolio"]["load_wh"], wh);
    home.run(&[&["pack", "-o", "pack"][..], &period].concat()).ok();
    home.run(&["verify", "pack"]).ok();
    let files = at_path(&home.path("pack"));
    let text = "Lastgang Musterwerk,,\n\nZeit,Wirkleistung [kW],Status\n2026-01-07 00:00:00,1000.25,E\n";
    let kept = files.iter().filter(|(path, _)| path.starts_with("inputs/received/"));
    assert!(kept.into_iter().any(|(_, bytes)| bytes.starts_with(text.as_bytes())), "{:?}", files.keys());
}

#[test]
fn parquet_files_and_sheets_enter_like_other_files() {
    let home = Home::new(PORTFOLIO);
    let taken = home.run(&["ingest", &path("readings-snappy.parquet"), "--format", "json"]).ok();
    assert!(taken.err.contains("the table is kept as CSV"), "{}", taken.err);
    let file = &taken.json()["files"][0];
    assert_eq!((&file["added"], &file["file"]), (&3.into(), &"readings-snappy.parquet.csv".into()));
    // The same table otherwise compressed is the same text.
    for codec in ["none", "gzip", "zstd"] {
        let file = path(&format!("readings-{codec}.parquet"));
        let same = &home.run(&["ingest", &file, "--format", "json"]).ok().json()["files"][0];
        assert_eq!((&same["unchanged"], &same["revision"]), (&3.into(), &serde_json::Value::Null), "{codec}");
    }

    home.run(&["ingest", &path("load.xlsx")]).refused("has several sheets with data").refused("--sheet NAME");
    home.run(&["ingest", &path("load.xlsx"), "--sheet", "Notes"]).refused("no known source");
    let said = home.run(&["ingest", &path("load.xlsx"), "--sheet", "load", "--format", "json"]).ok();
    assert_eq!(said.json()["files"][0]["added"], 2);
    assert!(said.err.contains("load.xlsx:2: site/columbus/load: not in the portfolio"), "{}", said.err);

    // A bad row is named by the row of the sheet.
    home.run(&["ingest", &path("since-1904.xlsx")]).refused("since-1904.xlsx:1");
}
