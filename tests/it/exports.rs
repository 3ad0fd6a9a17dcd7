//! Other people's exports by the command line, into packs, and out of them again.

use crate::packs::{Files, at_path, remade};
use crate::support::{self, Home};
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use std::fmt::Write;

const PORTFOLIO: &str = r#"
[portfolio]
name = "exports"
synthetic = true
resolution = "60min"
ruleset = "hourly-2026"
[[boundary]]
id = "CAISO"
[[boundary]]
id = "DE"
[[boundary]]
id = "GB"
[[boundary]]
id = "PJM"
[[site]]
id = "a"
boundary = "PJM"
it_capacity_mw = 10.0
"#;

/// As an Excel export enters, by ten lines or so.
const MINE: &str = r#"
[source.mine]
kind = "table"
separator = ";"
decimal = ","
estimated = { Status = "E" }
[source.mine.time]
start = "Zeit"
format = "%d.%m.%Y %H:%M"
zone = "Europe/Berlin"
step = "15min"
[[source.mine.series]]
series = "site/a/load"
column = "Wirkleistung [kW]"
unit = "kW"
"#;

fn fixture(path: &str) -> String {
    support::fixture("exports").join(path).display().to_string()
}

/// Each provider's export in one command, told by its header, with as many readings as stand beside it.
#[test]
fn every_export_enters_in_one_command() {
    const SAN_FRANCISCO: &[&str] = &["--series", "site/a/import", "--time-zone", "America/Los_Angeles"];
    for (name, file, said) in [
        ("caiso-lmp", "export.csv", &["--area", "CAISO", "--zone", "TH_NP15_GEN-APND"][..]),
        ("caiso-renewables", "export.csv", &["--area", "CAISO"]),
        ("eia-balance", "export.csv", &["--area", "PJM"]),
        ("electricity-maps", "export.csv", &["--area", "DE"]),
        ("elexon", "export.csv", &["--area", "GB"]),
        ("enedis", "export.csv", &["--series", "site/a/load"]),
        ("entsoe-generation", "export.csv", &["--area", "DE"]),
        ("entsoe-load", "export.csv", &["--area", "DE"]),
        ("green-button", "export.csv", SAN_FRANCISCO),
        ("green-button-xml", "export.xml", &["--series", "site/a/import"]),
        ("nem12", "export.csv", &["--series", "site/a/import"]),
        ("neso-mix", "export.csv", &["--area", "GB"]),
        ("octopus", "export.csv", &["--series", "site/a/load"]),
        ("pjm", "export.csv", &["--area", "PJM"]),
        ("watttime", "export.csv", &["--area", "CAISO"]),
    ] {
        let home = Home::new(PORTFOLIO);
        let path = fixture(&format!("{name}/{file}"));
        let args = [&["ingest", &path, "--format", "json"][..], said].concat();
        let taken = home.run(&args).ok().json();
        let wanted =
            std::fs::read_to_string(fixture(&format!("{name}/expected.csv"))).expect("read").lines().count() - 1;
        assert_eq!(taken["files"][0]["added"], wanted, "{name}: {taken}");
        assert!(taken["files"][0]["taken_as"].as_str().is_some_and(|title| title.contains(name)), "{name}: {taken}");
        // Named, it is the same file under the same form.
        let again = home.run(&[&args[..], &["--source", name]].concat()).ok().json();
        assert_eq!(
            (&again["files"][0]["unchanged"], &again["files"][0]["added"]),
            (&wanted.into(), &0.into()),
            "{name}"
        );
    }
}

/// EIA's columns changed with July 2024: one command takes the files before and after, and no series ends between them.
#[test]
fn across_the_seam_of_eia_no_series_ends() {
    let home = Home::new(PORTFOLIO);
    let before = std::fs::read_to_string(fixture("eia-balance/export-2023.csv")).expect("read");
    let mut lines = before.lines();
    let header = lines.next().expect("a header");
    let hour = lines.find(|line| line.starts_with("PJM,01/01/2023,1,")).expect("an hour");
    // The hour that ends at 04:00 UTC, before the first of the other file.
    let last = hour.replacen("01/01/2023 6:00:00 AM", "07/01/2024 4:00:00 AM", 1);
    home.write("2024-h1.csv", &format!("{header}\n{last}\n"));
    let after = fixture("eia-balance/export.csv");
    let taken = home.run(&["ingest", "2024-h1.csv", &after, "--area", "PJM", "--format", "json"]).ok().json();
    // Eight fuels and the demand of an hour, and what stands beside the other file.
    assert_eq!((&taken["files"][0]["added"], &taken["files"][1]["added"]), (&9.into(), &45.into()));
    let stored = home.stored();
    let series = stored[0].as_array().expect("series");
    for fuel in ["coal", "gas", "nuclear", "oil", "hydro", "solar", "wind", "other", "demand"] {
        let name = format!("grid/PJM/{fuel}");
        let found = series.iter().find(|held| held["series"] == name.as_str()).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(found["from"], "2024-07-01T03:00:00Z", "{name}");
        assert!(found["to"].as_str().is_some_and(|to| to > "2024-07-01T05:00:00Z"), "{found}");
    }
}

/// EIA-930 files of two half-years, before and since batteries, pumped storage and geothermal stand apart.
#[test]
fn half_years_of_both_generations_enter_together_and_no_series_ends_between_them() {
    let home = Home::new(PORTFOLIO);
    let header = |sources: &[&str]| {
        let made: Vec<String> = sources.iter().map(|source| format!("Net Generation (MW) from {source}")).collect();
        format!("Balancing Authority,UTC Time at End of Hour,Demand (MW),{}\n", made.join(","))
    };
    let (one, two) = ("without Integrated Battery Storage", "with Integrated Battery Storage");
    let [sun, sun_stored, wind, wind_stored] =
        [("Solar", one), ("Solar", two), ("Wind", one), ("Wind", two)].map(|(of, how)| format!("{of} {how}"));
    let common = ["Coal", "Natural Gas", "Nuclear", "All Petroleum Products"];
    let rest = ["Other Fuel Sources", "Unknown Fuel Sources"];
    let was = [&common[..], &["Hydropower and Pumped Storage", "Solar", "Wind"], &rest].concat();
    let is = ["Hydropower Excluding Pumped Storage", "Pumped Storage", &sun, &sun_stored, &wind, &wind_stored];
    let storage = ["Battery Storage", "Other Energy Storage", "Unknown Energy Storage", "Geothermal"];
    let is = [&common[..], &is, &storage, &rest].concat();
    // PJM's local half-year ends with the hour that ends at 04:00 UTC; 07:00 is an hour of zeros.
    let (mut before, mut since) = (header(&was), header(&is));
    for hour in 2..=4 {
        let _ = writeln!(before, "PJM,07/01/2024 {hour}:00:00 AM,\"90,{hour:03}\",100,200,300,1,50,{hour},6{hour},7,1");
    }
    for hour in 5..=8 {
        let all = format!("\"90,{hour:03}\",100,200,300,1,40,-9,{hour},2,6{hour},3,11,1,1,5,7,1");
        let all = if hour == 7 { ["0"; 17].join(",") } else { all };
        let _ = writeln!(since, "PJM,07/01/2024 {hour}:00:00 AM,{all}");
    }
    home.write("EIA930_BALANCE_2024_Jan_Jun.csv", &before);
    home.write("EIA930_BALANCE_2024_Jul_Dec.csv", &since);
    let files = ["EIA930_BALANCE_2024_Jan_Jun.csv", "EIA930_BALANCE_2024_Jul_Dec.csv"];
    let said = home.run(&["ingest", files[0], files[1], "--area", "PJM", "--format", "json"]).ok().json();
    assert_eq!((&said["files"][0]["added"], &said["files"][1]["added"]), (&27.into(), &30.into()), "{said}");
    let held = home.rows();
    let of = |table: &'static str| held.iter().filter_map(move |row| row.strip_prefix(table)?.strip_prefix(": "));
    let wh = |series: &str| {
        let id = of("series").find_map(|row| row.strip_suffix(&format!(" 'grid/PJM/{series}'"))).expect(series);
        let values = of("readings").filter_map(move |row| row.strip_prefix(id)?.strip_prefix(' '));
        values.map(|row| row.split(' ').nth(2).unwrap_or_default().to_string()).collect::<Vec<_>>()
    };
    let mwh = |values: &[u32]| values.iter().map(|value| format!("{value}000000")).collect::<Vec<_>>();
    assert_eq!(wh("solar"), mwh(&[2, 3, 4, 7, 8, 10]));
    assert_eq!(wh("wind"), mwh(&[62, 63, 64, 68, 69, 71]));
    assert_eq!(wh("hydro"), mwh(&[50, 50, 50, 40, 40, 40]), "pumped storage is none, once it is told apart");
    assert_eq!(wh("demand"), mwh(&[90_002, 90_003, 90_004, 90_005, 90_006, 90_008]));
    assert_eq!(wh("geothermal"), mwh(&[5, 5, 5]));
}

#[test]
fn what_a_file_needs_is_said_and_what_it_is_not_too() {
    let home = Home::new(&format!("{PORTFOLIO}{MINE}"));
    let pjm = fixture("pjm/export.csv");
    home.run(&["ingest", &pjm]).refused("needs --area").refused("PJM Data Miner");
    home.run(&["ingest", &pjm, "--area", "MISO"]).refused("`MISO` is not a boundary");
    home.run(&["ingest", &pjm, "--source", "octopus", "--series", "site/a/load"]).refused("it looks like PJM");
    home.run(&["ingest", &pjm, "--source", "pjmm"]).refused("did you mean `pjm`?");
    home.run(&["ingest", &pjm, "--area", "PJM", "--series", "site/a/load"]).refused("--series does not apply to");
    home.run(&["ingest", &fixture("nem12/export.csv")]).refused("needs --site, or --series");
    home.run(&["ingest", &fixture("nem12/export.csv"), "--site", "b"]).refused("site `b` is not in the portfolio");
    home.run(&["ingest", &fixture("entsoe-load/wrong-cet.csv"), "--area", "DE"])
        .refused("resembles `entsoe-load`, but the header lacks `Time (UTC)`");
    // Of another area than is said, whether the file names it in its rows or in its header.
    for (file, named) in [
        ("entsoe-load/export-2.csv", "BZN|DE-LU"),
        ("entsoe-load/export-cet.csv", "BZN|DE-LU"),
        ("entsoe-load/export.csv", "BZN|DE-LU"),
        ("entsoe-generation/export.csv", "Germany (DE)"),
        ("entsoe-generation/export-2.csv", "BZN|DE-LU"),
    ] {
        let file = fixture(file);
        home.run(&["ingest", &file, "--area", "GB"])
            .refused(&format!("is of area `{named}`, not of `GB`"))
            .refused(&format!("--zone \"{named}\""));
        home.run(&["ingest", &file, "--area", "DE", "--zone", "FR"]).refused(&format!("`{named}`, not of `FR`"));
    }
    let german = fixture("entsoe-load/export-2.csv");
    home.run(&["ingest", &german, "--area", "GB", "--zone", "BZN|DE-LU"]).ok();
    home.run(&["ingest", &fixture("elexon/export.csv"), "--area", "GB", "--zone", "GB"])
        .refused("--zone does not apply to");
    home.run(&["ingest", &fixture("electricity-maps/wrong-daily.csv"), "--area", "DE"]).refused("1440 min apart");
    home.write("other.csv", "when,what\n2026-01-01T00:00:00Z,5\n");
    home.run(&["ingest", "other.csv"]).refused("no known source").refused("--explain");
    home.write("near.csv", "sries,start,end,value,unit\n");
    home.run(&["ingest", "near.csv"]).refused("did you mean `series`?");
}

/// A quarter-hourly load in the form above: the night in which clocks go back, and three estimates.
fn load() -> String {
    let mut text = String::from("Lastgang Musterwerk;;\n\nZeit;Wirkleistung [kW];Status\n");
    let clock = (0..3).chain(2..24).flat_map(|hour| [0, 15, 30, 45].map(|minute| (hour, minute)));
    for (at, (hour, minute)) in clock.enumerate() {
        let status = if at < 3 { "E" } else { "W" };
        let _ = writeln!(text, "25.10.2026 {hour:02}:{minute:02};{},25;{status}", 1_000 + at);
    }
    text
}

/// Generation by fuel in the hours of that day.
fn fuels() -> String {
    let mut text = String::from(
        "datetime_beginning_utc,datetime_beginning_ept,fuel_type,mw,fuel_percentage_of_total,is_renewable\n",
    );
    for hour in 0..26 {
        let (day, of_day) = if hour < 2 { (24, 22 + hour) } else { (25, hour - 2) };
        let (twelve, half) = (if of_day % 12 == 0 { 12 } else { of_day % 12 }, if of_day < 12 { "AM" } else { "PM" });
        for (fuel, mw) in
            [("Coal", 100 + hour), ("Gas", 200), ("Nuclear", 300), ("Wind", 50 + 2 * hour), ("Storage", -5)]
        {
            let _ = writeln!(text, "10/{day}/2026 {twelve}:00:00 {half},,{fuel},{mw},,");
        }
    }
    text
}

#[test]
fn a_pack_carries_the_forms_and_its_rows_are_read_by_them() {
    let home = Home::new(&format!("{PORTFOLIO}{MINE}"));
    home.write("load.csv", &load());
    home.write("gen_by_fuel.csv", &fuels());
    let taken = home.run(&["ingest", "load.csv", "--format", "json"]).ok().json();
    assert_eq!(
        (&taken["files"][0]["added"], &taken["files"][0]["taken_as"]),
        (&100.into(), &"`mine` of the portfolio".into())
    );
    home.run(&["ingest", "gen_by_fuel.csv", "--area", "PJM"]).ok();
    // The form is that of then, whatever the portfolio says since.
    home.write("hourmatch.toml", &format!("{PORTFOLIO}{}", MINE.replace("\"kW\"\n", "\"MW\"\n")));
    let period = ["--from", "2026-10-24T22:00Z", "--to", "2026-10-25T23:00Z"];
    let report = home.run(&[&["report", "--format", "json"][..], &period].concat()).ok().json();
    // 1 000.25 kW and one more each quarter of an hour, 25 hours: rounded up each.
    let wh: u64 = (0..100).map(|at: u64| ((1_000 + at) * 1_000 + 250).div_ceil(4)).sum();
    assert_eq!(report["portfolio"]["load_wh"], wh);
    home.run(&[&["pack", "-o", "pack"][..], &period].concat()).ok();
    home.run(&["verify", "pack"]).ok();
    let files = at_path(&home.path("pack"));
    let books = String::from_utf8(files["inputs/books.json"].clone()).expect("text");
    assert!(books.contains("\"Wirkleistung [kW]\"") && books.contains("\"datetime_beginning_utc\""), "{books}");
    // Another form than the file was read by is found out, even by someone who makes all figures anew.
    for (was, is) in [
        ("\"unit\": \"kW\"", "\"unit\": \"MW\""),
        ("\"start\": [\n            \"Zeit\"", "\"end\": [\n            \"Zeit\""),
        ("\"Europe/Berlin\"", "\"Europe/Paris\""),
        ("\"Coal\"", "\"Gas\""),
        ("\"15min\"", "\"30min\""),
    ] {
        assert!(books.contains(was), "{was}");
        let mut forged = files.clone();
        forged.insert("inputs/books.json".into(), books.replacen(was, is, 1).into_bytes());
        let verdict = verify::verify(&Files(remade(forged)), &Trust::default());
        let same = was == "\"Europe/Berlin\"";
        assert_eq!(verdict.is_ok(), same, "{was}: {:?}", verdict.err());
    }
}

#[test]
fn a_table_that_nobody_knows_is_explained_and_then_taken_as_proposed() {
    let home = Home::new(PORTFOLIO);
    home.write("load.csv", &load());
    let said = home.run(&["ingest", "--explain", "load.csv"]).ok();
    let proposal: String =
        said.out.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
    assert!(said.out.contains("as they would be read"), "{}", said.out);
    assert_eq!(
        home.run(&["check", "--format", "json"]).json()["series"].as_array().map(Vec::len),
        Some(0),
        "nothing is taken"
    );
    let form = proposal.replace("site/SITE/load", "site/a/load").replace("zone = \"UTC\"", "zone = \"Europe/Berlin\"");
    home.write("hourmatch.toml", &format!("{PORTFOLIO}\n{form}"));
    let taken = home.run(&["ingest", "load.csv", "--source", "mine", "--format", "json"]).ok().json();
    assert_eq!(taken["files"][0]["added"], 100);
    // A known one says what it is.
    let known = home.run(&["ingest", "--explain", &fixture("pjm/export.csv"), "--area", "PJM"]).ok();
    assert!(known.out.contains("PJM Data Miner") && known.out.contains("kind = \"table\""), "{}", known.out);
    home.write(
        "plant.csv",
        "Time,Device,Temp [C],Load kW\n2026-01-01 00:00,4711,7,10\n2026-01-01 01:00,4711,8,11\n\
        2026-01-01 02:00,4711,9,12\n",
    );
    let mixed = home.run(&["ingest", "--explain", "plant.csv"]).ok().out;
    let left_out =
        "Left out:\n  - `Device`: the same number in every row, as of an id\n  - `Temp [C]`: a temperature\n";
    assert!(mixed.contains(left_out) && mixed.matches("series = \"site/").count() == 1, "{mixed}");
    home.write("weather.csv", "Time,Temp [C]\n2026-01-01 00:00,7\n2026-01-01 01:00,8\n");
    home.run(&["ingest", "--explain", "weather.csv"]).refused("no column that may be energy").refused("a temperature");
    home.run(&["ingest", "--explain", "hourmatch.toml"]).refused("no row with a time and a number");
}

#[test]
fn a_form_of_the_portfolio_that_cannot_be_is_refused_with_its_line() {
    for (was, is, why) in [
        ("kind = \"table\"", "kind = \"tabel\"", "source.mine"),
        ("unit = \"kW\"", "unit = \"kg\"", "unknown unit `kg`"),
        ("unit = \"kW\"", "unit = \"g/kWh\"", "measures a carbon intensity"),
        ("step = \"15min\"\n", "", "time needs step"),
        ("step = \"15min\"", "step = \"soon\"", "is not a length of time"),
        ("Europe/Berlin", "Europe/Bonn", "Europe/Bonn"),
        ("site/a/load", "site/a/lode", "site/a/lode"),
        ("separator", "seperator", "seperator"),
        ("[source.mine]", "[source.pjm]", "comes with the program"),
        ("%d.%m.%Y %H:%M", "%d.%m.%Y %Q", "not a pattern"),
    ] {
        let home = Home::new(&format!("{PORTFOLIO}{}", MINE.replacen(was, is, 1)));
        let refused = home.run(&["check"]).refused(why);
        assert!(
            refused.err.contains("hourmatch.toml:") || refused.out.contains("hourmatch.toml:"),
            "{is}: {}",
            refused.err
        );
    }
}

#[test]
fn rejected_rows_of_an_export_are_corrected_and_taken_in() {
    let home = Home::new(&format!("{PORTFOLIO}{MINE}"));
    let bad = load().replacen("1001,25;", "1001.25;", 1).replacen("1050,25;", "x;", 1);
    home.write("load.csv", &bad);
    home.run(&["ingest", "load.csv"]).refused("load.csv:5");
    let kept = home.run(&["ingest", "load.csv", "--reject", "bad.csv", "--format", "json"]).ok().json();
    assert_eq!((&kept["files"][0]["added"], &kept["rejected"]), (&98.into(), &2.into()));
    let rows = home.read("bad.csv");
    assert!(rows.starts_with("Lastgang Musterwerk;;\n") && rows.contains("Status;reject_line;reject_reason"), "{rows}");
    home.write("corrected.csv", &rows.replace("1001.25;", "1001,25;").replace(";x;", ";1050,25;"));
    let corrected = home.run(&["ingest", "corrected.csv", "--format", "json"]).ok().json();
    assert_eq!(corrected["files"][0]["added"], 2);
    home.run(&["ingest", &fixture("nem12/export.csv"), "--site", "a", "--reject", "bad.csv"])
        .refused("works only with tables");
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    use std::io::Write;
    let home = Home::new(&format!("{PORTFOLIO}{MINE}"));
    let fed = |text: &str, args: &[&str]| {
        let mut child = home
            .command()
            .args(args)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("starts");
        child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("fed");
        crate::support::Ran::from(child.wait_with_output().expect("ends"))
    };
    let taken = fed(&load(), &["ingest", "-", "--format", "json"]).ok().json();
    assert_eq!((&taken["files"][0]["added"], &taken["files"][0]["file"]), (&100.into(), &"standard-input".into()));
    fed("series,start,end,value,unit\nx,y,z,1,MWh\n", &["ingest", "-"]).refused("standard input:2");
    fed("", &["ingest", "-"]).refused("standard input: is empty");
}

#[test]
fn what_is_no_text_is_refused_with_what_to_save_it_as() {
    let home = Home::new(PORTFOLIO);
    std::fs::write(home.path("load.xlsx"), b"PK\x03\x04\xff and more").expect("written");
    home.run(&["ingest", "load.xlsx"]).refused("is a damaged workbook").refused("CSV UTF-8");
    std::fs::write(home.path("latin.csv"), b"series,start,end,value,unit,qualit\xe4t\n").expect("written");
    home.run(&["ingest", "latin.csv"]).refused("is not UTF-8 text").refused("CSV UTF-8");
    home.run(&["ingest", "-", "-"]).refused("standard input is named twice");
}
