//! Tables as new users had them: what is proposed names their places, and takes their rows.

use super::{Place, Places, Proposal, propose};
use crate::received::tests::taken::Taken;

fn place<Id: From<&'static str>>(id: &'static str, boundary: &str, time_zone: &str) -> Place<Id> {
    Place { id: id.into(), name: None, boundary: boundary.into(), time_zone: time_zone.into() }
}

fn places(file: &str) -> Places {
    Places {
        file: file.into(),
        currency: "EUR".into(),
        time_zone: "Europe/Berlin".into(),
        sites: vec![place("ashburn", "PJM", "America/New_York"), place("frankfurt", "DE-LU", "Europe/Berlin")],
        contracts: vec![place("nordsee", "DE-LU", ""), place("solar-va", "PJM", "")],
        boundaries: vec![place("DE-LU", "", ""), place("PJM", "", "")],
    }
}

/// What is proposed for a file, and what it takes: values in their base unit by series, and rejected lines.
fn taken(file: &str, bytes: &[u8]) -> (Proposal, Taken) {
    let proposal = propose(bytes, bytes, &places(file)).unwrap_or_else(|| panic!("nothing for {file}"));
    let form = proposal.form().unwrap_or_else(|e| panic!("{e}: {}", proposal.text));
    let mut taken = Taken::default();
    form.read(bytes, &mut taken).unwrap_or_else(|e| panic!("{e}: {}", proposal.text));
    assert_eq!(taken.rejects, [], "{}", proposal.text);
    (proposal, taken)
}

#[track_caller]
fn has(proposal: &Proposal, lines: &[&str]) {
    for line in lines {
        assert!(proposal.text.contains(line), "{line}: {}", proposal.text);
    }
}

#[test]
fn a_spreadsheet_in_windows_1252_with_a_total_is_taken_as_proposed() {
    let text = b"Lastgang;;;\r\nDatum;Uhrzeit;Wirkleistung Bezug (kW);G\xfcltigkeit\r\n\
        26.10.2025;01:30;1.000,00;g\xfcltig\r\n26.10.2025;02:00;1.000,00;g\xfcltig\r\n26.10.2025;02:30;1.000,00;g\xfcltig\r\n\
        26.10.2025;02:00;1.000,00;g\xfcltig\r\n26.10.2025;02:30;1.000,00;g\xfcltig\r\n26.10.2025;03:00;1.000,00;g\xfcltig\r\n\
        Summe;;6.000,00;\r\n";
    let (proposal, taken) = taken("frankfurt_lastgang.csv", text);
    has(
        &proposal,
        &[
            "encoding = \"cp1252\"",
            "ignore = { \"Datum\" = \"Summe\" }",
            "zone = \"Europe/Berlin\"",
            "series = \"site/frankfurt/load\"",
        ],
    );
    assert_eq!(taken.readings["site/frankfurt/load"], [500_000; 6]);
}

#[test]
fn prices_and_fuels_are_of_the_grid_and_clocks_tell_the_zone() {
    let mut text = String::from(
        "\u{feff}Datum von;Datum bis;Wind [MWh];Erdgas [MWh];Steinkohle [MWh];Braunkohle [MWh];Preis [\u{20ac}/MWh]\n",
    );
    for span in ["01:00;26.10.2025 02:00", "02:00;26.10.2025 02:00", "02:00;26.10.2025 03:00"] {
        text += &format!("26.10.2025 {span};1.500,25;2,5;3,5;4,5;80,5\n");
    }
    let (proposal, taken) = taken("DE-LU.csv", text.as_bytes());
    has(
        &proposal,
        &["zone = \"Europe/Berlin\"", "column = [\"Steinkohle [MWh]\", \"Braunkohle [MWh]\"]", "unit = \"EUR/MWh\""],
    );
    let leaves: Vec<&str> = taken.readings.keys().map(String::as_str).collect();
    assert_eq!(leaves, ["grid/DE-LU/coal", "grid/DE-LU/gas", "grid/DE-LU/price", "grid/DE-LU/wind"]);
    assert_eq!(taken.readings["grid/DE-LU/coal"], [8_000_000; 3]);
}

#[test]
fn generation_is_of_the_contract_that_the_file_names_and_flows_are_told_apart() {
    let sun = "Date/Time (local),Gen (MW),Status\n7/14/2025 1:00 PM,10,OK\n7/14/2025 2:00 PM,11,OK\n7/14/2025 3:00 PM,12,OK\n";
    let (proposal, _) = taken("solar_va_local.csv", sun.as_bytes());
    has(&proposal, &["series = \"contract/solar-va/generation\"", "zone = \"America/New_York\""]);
    let meter = "Start,End,Delivered kWh,Received kWh\n2025-07-04 01:00,2025-07-04 02:00,5,0\n\
        2025-07-04 02:00,2025-07-04 03:00,6,1\n";
    let (proposal, _) = taken("ashburn.csv", meter.as_bytes());
    has(&proposal, &["series = \"site/ashburn/import\"", "series = \"site/ashburn/export\""]);
}

#[test]
fn a_long_table_is_told_apart_by_its_cells_and_what_is_no_energy_is_passed_over() {
    let mut text = String::from("data_center\tinterval_start_utc\tinterval_end_utc\tmetric\tvalue\n");
    for hour in 10..14 {
        for (place, mw) in [("frankfurt", 10), ("IAD3", 41)] {
            let span = format!("2025-10-12 {hour}:00:00\t2025-10-12 {}:00:00", hour + 1);
            text += &format!("{place}\t{span}\tit_power_mw\t{mw}.5\n{place}\t{span}\tpue\t1.21\n");
        }
    }
    let (proposal, taken) = taken("fleet.tsv", text.as_bytes());
    has(
        &proposal,
        &[
            "ignore = { \"metric\" = \"pue\" }",
            "zone = \"UTC\"",
            "where = { \"data_center\" = \"IAD3\", \"metric\" = \"it_power_mw\" }",
            "unit = \"MW\"",
        ],
    );
    assert!(!proposal.open.iter().any(|open| open.contains("time zone")), "{:?}", proposal.open);
    assert_eq!(taken.readings["site/frankfurt/it_load"], [10_500_000; 4]);
    assert_eq!(taken.readings.len(), 2, "{}", proposal.text);
}

#[test]
fn epochs_units_behind_numbers_and_days_across_are_seen() {
    let epochs = "ts_ms,power_kw\n1760306400000,18000.5\n1760310000000,18001\n1760313600000,18002\n";
    let (proposal, taken_of) = taken("nordsee_epoch.csv", epochs.as_bytes());
    has(&proposal, &["format = \"epoch-ms\"", "step = \"1h\"", "series = \"contract/nordsee/generation\""]);
    assert_eq!(taken_of.readings["contract/nordsee/generation"], [18_000_500, 18_001_000, 18_002_000]);
    let units = "Time,frankfurt hall 2\n2026-01-01 00:00:00,18.0 MW\n2026-01-01 01:00:00,18.5 MW\n";
    let (proposal, taken_of) = taken("panel.csv", units.as_bytes());
    has(&proposal, &["suffix = \"MW\"", "unit = \"MW\""]);
    assert_eq!(taken_of.readings["site/frankfurt/load"], [18_000_000, 18_500_000]);
    let hours: Vec<String> = (1..=24).map(|hour| format!("HE{hour:02}")).collect();
    let row = |day: &str| format!("{day},{}\n", (0..24).map(|hour| format!("{hour}.5")).collect::<Vec<_>>().join(","));
    let matrix = format!("Date,{}\n{}{}", hours.join(","), row("10/13/2025"), row("10/14/2025"));
    let (proposal, taken_of) = taken("PJM_price_matrix.csv", matrix.as_bytes());
    has(&proposal, &["across = true", "step = \"1h\"", "zone = \"America/New_York\"", "unit = \"EUR/MWh\""]);
    let prices = &taken_of.readings["grid/PJM/price"];
    assert_eq!((prices.len(), prices[0], prices[47]), (48, 500_000, 23_500_000));
}

#[test]
fn names_that_stand_twice_are_joined_with_what_stands_above() {
    let text = "Report,,\n,ashburn,frankfurt\nTime,kWh,kWh\n2026-01-01 00:00,1,2\n2026-01-01 01:00,3,4\n";
    let (proposal, taken) = taken("two.csv", text.as_bytes());
    has(&proposal, &["header_rows = 2", "column = \"ashburn kWh\""]);
    assert_eq!(taken.readings["site/frankfurt/load"], [2_000, 4_000]);
}
