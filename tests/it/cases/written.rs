//! One reading in every way in which spreadsheets and scripts write it: taken for what it says, or refused with what is
//! wrong. Nothing in between.

use crate::support::{HEADER, Home, ONE_SITE, Ran};

const HOUR: &str = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";

/// A site behind a connection of 12 MW.
fn home() -> Home {
    Home::new(&ONE_SITE.replace("it_capacity_mw = 10.0", "it_capacity_mw = 10.0\ngrid_limit_mw = 12.0"))
}

fn ingest(home: &Home, bytes: &[u8]) -> Ran {
    std::fs::write(home.path("t.csv"), bytes).expect("written");
    home.run(&["ingest", "t.csv"])
}

/// Wh of load in the first hour.
fn load(home: &Home) -> i64 {
    let hour = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T01:00Z", "--format", "json"];
    let report = home.run(&[&["report"], &hour[..]].concat()).ok().json();
    report["boundaries"][0]["intervals"][0]["load_wh"].as_i64().expect("Wh")
}

fn one(value: &str, unit: &str) -> String {
    format!("{HEADER}site/s/load,{HOUR},{value},{unit}\n")
}

#[test]
fn what_is_taken_says_what_was_written() {
    let quoted = one("5.25", "MWh").replace(',', "\",\"").replace('\n', "\"\n\"");
    let quoted = format!("\"{}", quoted.trim_end_matches('"'));
    for (what, text) in [
        ("plain", one("5.25", "MWh")),
        ("in quotes", quoted),
        ("lines that end with a carriage return", one("5.25", "MWh").replace('\n', "\r")),
        ("a byte order mark", format!("\u{feff}{}", one("5.25", "MWh")).replace('\n', "\r\n")),
        ("an exponent", one("5.25E+03", "kWh")),
        ("mean power", one("5250", "kW")),
        ("empty lines", one("5.25", "MWh").replace('\n', "\n\n")),
        ("three decimals where they can be nothing else", one("5.250", "MWh")),
    ] {
        let home = home();
        let taken = ingest(&home, text.as_bytes()).ok();
        assert!(taken.err.contains("1 reading added in 1 series"), "{what}: {}", taken.err);
        assert_eq!(load(&home), 5_250_000, "{what}");
    }
    // As Excel saves "Unicode text": UTF-16, which its mark says.
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide = format!("\u{feff}{}", one("5.25", "MWh")).encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let home = home();
        ingest(&home, &wide).ok();
        assert_eq!(load(&home), 5_250_000, "UTF-16");
    }
}

#[test]
fn what_may_mean_something_else_is_refused_and_nothing_is_kept() {
    let plain = one("5.25", "MWh");
    let latin = format!("{HEADER}site/z_rich/load,{HOUR},5.25,MWh\n").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|byte| if byte == b'_' { 0xfc } else { byte }).collect();
    let semicolons = plain.replace(',', ";").replace("5.25", "5,25");
    let wide = plain.replace("unit\n", "unit,,,\n").replace("MWh\n", "MWh,,,\n");
    for (bytes, said) in [
        (semicolons.clone().into_bytes(), "t.csv:1: its columns are separated by semicolons"),
        (format!("sep=;\n{semicolons}").into_bytes(), "its columns are separated by semicolons"),
        (format!("sep=,\n{plain}").into_bytes(), "t.csv:1: its first line is not part of the table"),
        (plain.replace(',', "\t").into_bytes(), "its columns are separated by tabs"),
        (one("\"5,250.5\"", "kWh").into_bytes(), "t.csv:2: `5,250.5` is not a decimal number"),
        (one("\"5,25\"", "MWh").into_bytes(), "`5,25` is not a decimal number"),
        (one("1.234.567", "Wh").into_bytes(), "`1.234.567` is not a decimal number"),
        (one("5\u{a0}250", "kWh").into_bytes(), "is not a decimal number"),
        (one("5.250", "kWh").into_bytes(), "would be 5.250 MW, which fits the grid_limit_mw of site s"),
        (latin, "t.csv:2: the row is not UTF-8 text"),
        (wide.into_bytes(), "t.csv:1: column 6 has no name"),
        (format!("{plain},,,,\n").into_bytes(), "t.csv:3: the row is empty"),
        (plain.replace("series,start,end,value,unit", "Series,Start,End,Value,Unit").into_bytes(), "in another case"),
        (one("n/e", "MWh").into_bytes(), "`n/e` is not a decimal number"),
        (one("", "MWh").into_bytes(), "`` is not a decimal number"),
        (one("NaN", "MWh").into_bytes(), "`NaN` is not a decimal number"),
        (one("-", "MWh").into_bytes(), "`-` is not a decimal number"),
        (one("5.25", "mwh").into_bytes(), "unknown unit `mwh`"),
        (one("5.25", "GWh").into_bytes(), "unknown unit `GWh`"),
        (b"PK\x03\x04 and nothing that can be unpacked".to_vec(), "is a damaged workbook"),
    ] {
        let home = home();
        ingest(&home, &bytes).refused(said);
        assert!(home.run(&["check"]).ok().out.contains("holds no readings yet"), "{said}");
    }
}

#[test]
fn points_that_may_stand_between_thousands_are_asked_about() {
    let rows = |values: [&str; 3], unit: &str| -> String {
        let row = |(hour, value): (usize, &&str)| {
            format!("site/s/load,2026-01-01T0{hour}:00:00Z,2026-01-01T0{}:00:00Z,{value},{unit}\n", hour + 1)
        };
        format!("{HEADER}{}", values.iter().enumerate().map(row).collect::<String>())
    };
    let grouped = rows(["950", "5.250", "11.900"], "kWh");
    let refused = ingest(&home(), grouped.as_bytes());
    refused.refused("t.csv:3: site/s/load: 0.005 MW").refused("write 5250 or 5.25 in place of 5.250");

    // One number that is no group of thousands says it for the file; so does a size that fits as it stands.
    for (values, unit, wh) in [
        (["950", "5.250", "0.500"], "kWh", 950_000),
        (["950", "5.250", "11.9"], "kWh", 950_000),
        (["4.900", "5.250", "11.900"], "MWh", 4_900_000),
        (["4.900", "5.250", "12.001"], "kWh", 4_900),
    ] {
        let home = home();
        ingest(&home, rows(values, unit).as_bytes()).ok();
        assert_eq!(load(&home), wh, "{values:?} {unit}");
    }

    // Rows of another series can be kept.
    let home = home();
    home.write("t.csv", &format!("{grouped}grid/A/price,{HOUR},31.125,currency/MWh\n"));
    let kept = home.run(&["ingest", "t.csv", "--reject", "bad.csv"]).ok();
    assert!(kept.err.contains("2 readings added, 2 rows rejected"), "{}", kept.err);
}
