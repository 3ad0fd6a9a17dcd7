//! The forms of a report: what each holds, and what each refuses rather than passes over.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly};

const PERIOD: [&str; 5] = ["report", "--from", "2026-01-01T02:00Z", "--to", "2026-01-01T04:00Z"];

fn home() -> Home {
    let home = Home::new(ONE_SITE);
    let load = [1.0, 0.5, 0.2500004, 0.75];
    let readings = hourly("site/s/load", load) + &hourly("contract/w/generation", [0.5, 0.75, 0.2, 1.0]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home
}

fn report(home: &Home, more: &[&str]) -> Ran {
    home.run(&[&PERIOD[..], more].concat())
}

#[test]
fn an_option_a_form_has_no_use_for_is_refused() {
    let home = home();
    for (options, wanted) in [
        ("--format csv --compare", "--format html | pdf | xlsx"),
        ("--format json --compare", "--compare does not apply"),
        ("--format html --table sites", "--format csv | parquet"),
        ("--format parquet -o r.parquet --table sites", "Parquet has no table of sites"),
    ] {
        let options: Vec<&str> = options.split(' ').collect();
        report(&home, &options).refused(wanted);
    }
    assert_eq!(report(&home, &["--format", "csv", "--table", "readings"]).code, 2);
    assert!(!home.path("r.parquet").exists());
}

#[test]
fn a_report_is_in_one_language_as_a_whole() {
    let home = home();
    for language in ["de", "fr", "EN"] {
        let ran = report(&home, &["--format", "html", "-o", "r.html", "--language", language]);
        assert_eq!(ran.code, 2, "{language}");
        assert!(ran.err.contains("reports are in English only") && ran.err.contains("--format xlsx"), "{}", ran.err);
    }
    assert!(!home.path("r.html").exists());
    let page = report(&home, &["--format", "html", "--language", "en"]).ok().out;
    assert_eq!(page, report(&home, &["--format", "html"]).ok().out);
    report(&home, &["--format", "pdf", "-o", "r.pdf", "--language", "en"]).ok();
}

#[test]
fn tables_come_one_a_file() {
    let home = home();
    let csv = |table: &str| report(&home, &["--format", "csv", "--table", table]).ok().out;
    assert_eq!(report(&home, &["--format", "csv"]).ok().out, csv("intervals"));
    let allocations = csv("allocations");
    let lines: Vec<&str> = allocations.lines().collect();
    assert_eq!(lines.first(), Some(&"site,contract,start,wh,ledger,rule"));
    assert_eq!(lines.get(1), Some(&"s,w,2026-01-01T02:00:00Z,200000,matching,proportional"));
    assert_eq!(lines.len(), 5);
    for (table, start) in [
        ("sites", "site,boundary,time_zone,"),
        ("boundaries", "boundary,fallback_tier,load_wh,"),
        ("contracts", "contract,kind,boundary,"),
        ("exceptions", "code,series,start,end,wh,message"),
    ] {
        assert!(csv(table).starts_with(start), "{table}");
    }
    report(&home, &["--format", "parquet", "--table", "allocations", "-o", "a.parquet"]).ok();
    let parquet = std::fs::read(home.path("a.parquet")).expect("written");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn the_period_before_stands_beside_this_one_in_every_form_that_compares() {
    let home = home();
    for form in ["html", "pdf", "xlsx"] {
        let file = format!("r.{form}");
        let plain = format!("plain.{form}");
        report(&home, &["--format", form, "-o", &plain]).ok();
        report(&home, &["--format", form, "-o", &file, "--compare"]).ok();
        let size = |name: &str| std::fs::metadata(home.path(name)).expect("written").len();
        assert!(size(&file) > size(&plain), "{form}");
    }
    assert!(home.read("r.html").contains("Against the period before"));
}

/// 1 000 000.4 Wh of load are one more at ingest, and no form shows less of them, nor more of what was supplied.
#[test]
fn the_text_is_cut_as_every_form_is() {
    let home = home();
    let text = report(&home, &[]).ok().out;
    let line = |name: &str| text.lines().find(|line| line.contains(name)).expect("a line").to_string();
    assert!(line("load MWh").contains("1.000001"), "{text}");
    assert!(line("matched MWh").contains("0.950000") && line("unmatched MWh").contains("0.050001"), "{text}");
    let html = report(&home, &["--format", "html"]).ok().out;
    assert!(html.contains("1.000001") && html.contains("0.050001"));
}

/// Import 40, own gas 60, wind 200 MWh: every form says what gas served and emitted, and so does the pack.
#[test]
fn own_generation_and_purchases_stand_in_every_form() {
    let gas = "it_load_mw = 4.0\nonsite_technology = \"gas\"";
    let home = Home::new(&ONE_SITE.replacen("it_load_mw = 4.0", gas, 1));
    let rows = [("site/s/import", 40.0), ("site/s/onsite_generation", 60.0), ("contract/w/generation", 200.0)];
    let readings: String = rows.iter().map(|(series, mwh)| hourly(series, [*mwh])).collect();
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    let period = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T01:00Z"];
    let form = |more: &[&str]| home.run(&[&["report"][..], &period[..], more].concat()).ok().out;
    let text = form(&[]);
    for (name, value) in [
        ("purchased MWh", "40.000"),
        ("matched MWh", "40.000"),
        ("own generation, Scope 1, MWh", "60.000"),
        ("own generation, Scope 1, of load", "0.600000"),
        ("own generation (Scope 1)", "22.2 t CO2e (22200000 g)"),
    ] {
        let line = text.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name} in {text}"));
        assert!(line.contains(value), "{line}");
    }
    assert!(form(&["--format", "html"]).contains("Load served by own generation, Scope 1"));
    for table in ["sites", "boundaries"] {
        let csv = form(&["--format", "csv", "--table", table]);
        let (head, row) = csv.trim_end().split_once('\n').expect("a row");
        assert!(head.ends_with(",purchased_wh,storage_losses_wh,scope_1_wh,scope_1_share,scope_1_g"), "{head}");
        assert!(row.ends_with(",40000000,0,60000000,0.600000,22200000"), "{row}");
    }
    for file in ["r.pdf", "r.xlsx"] {
        form(&["--format", &file[2..], "-o", file]);
    }
    home.run(&[&["pack"][..], &period[..], &["-o", "pack"][..]].concat()).ok();
    home.run(&["verify", "pack"]).ok();
    let hour = "s,2026-01-01T00:00:00Z,A,100000000,100000000,40000000,60000000,40000000,0,40000000,measured\n";
    assert!(home.read("pack/site_intervals.csv").ends_with(hour));
    let own = "s,A,2026-01-01T00:00:00Z,60000000,0,scope_1,site/s/onsite_generation\n";
    assert!(home.read("pack/unmatched.csv").ends_with(own));
}

/// Rows of the text form: their names, and the portfolio's figures.
fn cells(text: &str) -> Vec<(String, String)> {
    let rows = text.lines().filter_map(|line| line.strip_prefix('│'));
    let cells =
        rows.map(|row| row.split('┆').map(|cell| cell.trim_matches(['│', ' ']).to_string()).collect::<Vec<_>>());
    cells.map(|row| (row[0].clone(), row[1].clone())).collect()
}

/// Loads of 1 and 1 MWh, 0.5 and 1.25 of wind: 0.5 and 1 are matched, 0.25 is surplus. Certificates over 0.4 and 2 are
/// cancelled: they back 0.4 of the first hour; in the second all 1.25 that the meter shows, of which 1 was used.
#[test]
fn the_text_says_what_is_backed_beside_each_figure() {
    let home = Home::new(&ONE_SITE.replace("technology = \"wind\"", "technology = \"wind\"\nbeneficiary = \"us\""));
    let rows = hourly("site/s/load", [1.0, 1.0]) + &hourly("contract/w/generation", [0.5, 1.25]);
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
    let run = |command: &str| home.run(&[command, "--from", "2026-01-01T00:00Z", "--to", "2026-01-01T02:00Z"]).ok();
    let none = cells(&run("report").out);
    let backed = |rows: &[(String, String)], name: &str| {
        let at = rows.iter().position(|(row, _)| row == name).unwrap_or_else(|| panic!("no {name} in {rows:?}"));
        assert_eq!(rows[at + 1].0, "backed by cancelled certificates", "{name}");
        rows[at + 1].1.clone()
    };
    for name in ["matched share (hourly)", "volumetric share over the period", "market-based, hourly (draft)"] {
        assert_eq!(backed(&none, name), "no certificates known");
    }
    assert_eq!(backed(&none, "market-based, over the period (not certified)"), "no certificates known");
    let head = "id,device,registry,technology,start,end,wh,status,beneficiary\n";
    let first = "h0,w,R,wind,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,400000,cancelled,us\n";
    let second = "h1,w,R,wind,2026-01-01T01:00:00Z,2026-01-01T02:00:00Z,2000000,cancelled,us\n";
    home.write("c.csv", &format!("{head}{first}{second}"));
    home.run(&["certificates", "import", "c.csv"]).ok();
    let text = run("report").out;
    let some = cells(&text);
    for (name, wanted) in [
        ("matched share (hourly)", "0.700000"),
        ("CFE score", "not applicable"),
        ("volumetric share over the period", "0.825000"),
        ("market-based, over the period (certified in part)", "1.650000 of 1.750000 MWh"),
        ("market-based, hourly (draft)", "1.400000 of 1.500000 MWh"),
    ] {
        assert_eq!(backed(&some, name), wanted, "{name}");
    }
    let why =
        "never contracted 0.250000, contracted at other hours 0.250000, contracted elsewhere in the hour 0.000000";
    assert!(text.contains(why), "{text}");
    let settled = run("settle").err;
    assert!(settled.contains("1 of 2 intervals with load fully matched; 2 of 2 intervals allocated anew"), "{settled}");
}

/// A calendar year has annual figures; a year less an hour has figures of its period.
#[test]
fn only_a_calendar_year_has_annual_figures() {
    let home = Home::new(ONE_SITE);
    let rows = hourly("site/s/load", [1.0; 8_760]) + &hourly("contract/w/generation", [0.5; 8_760]);
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
    let names = |to: &str| {
        let text = home.run(&["report", "--from", "2026-01-01", "--to", to]).ok().out;
        cells(&text).into_iter().map(|(name, _)| name).collect::<Vec<String>>()
    };
    let (year, less) = (names("2027-01-01"), names("2026-12-31T23:00Z"));
    let has = |names: &[String], name: &str| names.iter().any(|row| row == name);
    assert!(has(&year, "annual volumetric share") && has(&year, "market-based, annual (not certified)"), "{year:?}");
    assert!(!less.iter().any(|name| name.contains("annual")), "{less:?}");
    assert!(has(&less, "volumetric share over the period"), "{less:?}");
}
