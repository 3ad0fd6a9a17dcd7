//! The first hour of somebody new: from the portfolio that `init` writes to a plan and a pack of their own three sites, with
//! files as their utility, their grid operator and their spreadsheet wrote them. Built from README and docs alone.

use crate::support::{HEADER, Home, verifier};
use std::fmt::Write;

/// Ten days of January, by the hour; all data is synthetic.
const HOURS: u32 = 240;
const NOW: &str = "2026-01-11T00:00:00Z";

/// Two more sites, and a form for the spreadsheet of the second: README.md and docs/sources.md.
const ADDED: &str = r#"
[[site]]
id = "columbus"
boundary = "PJM"
time_zone = "America/New_York"
it_capacity_mw = 40.0
grid_limit_mw = 60.0
pue = 1.25
it_load_mw = 20.0

[[site]]
id = "newark"
boundary = "PJM"
time_zone = "America/New_York"
it_capacity_mw = 10.0
grid_limit_mw = 15.0
pue = 1.3
it_load_mw = 5.0
"#;

fn clock(hour: u32, shift: u32) -> (u32, u32) {
    let at = hour + 24 - shift;
    (at / 24, at % 24)
}

/// `gen_by_fuel` of PJM's Data Miner.
fn grid() -> String {
    let mut text = String::from(
        "datetime_beginning_utc,datetime_beginning_ept,fuel_type,mw,fuel_percentage_of_total,is_renewable\n",
    );
    for hour in 0..HOURS {
        let (day, of_day) = clock(hour, 0);
        let (twelve, half) = (if of_day % 12 == 0 { 12 } else { of_day % 12 }, if of_day < 12 { "AM" } else { "PM" });
        let sun = if (13..22).contains(&of_day) { 4_000 } else { 0 };
        for (fuel, mw) in
            [("Coal", 14_000), ("Gas", 36_000), ("Nuclear", 32_000), ("Solar", sun), ("Wind", 3_000 + 20 * of_day)]
        {
            let _ = writeln!(text, "1/{day}/2026 {twelve}:00:00 {half},,{fuel},{mw},,");
        }
    }
    text
}

/// The spreadsheet of a facility, in local time and with a decimal comma.
fn spreadsheet() -> String {
    let mut text = String::from("Load report;;\n\nTime;Total [kW];State\n");
    for hour in 5..HOURS {
        // Five hours behind UTC throughout January.
        let (day, of_day) = clock(hour, 5);
        let _ = writeln!(text, "{day:02}.01.2026 {of_day:02}:00;{},5;ok", 24_000 + 100 * of_day);
    }
    text
}

/// Green Button CSV of a utility.
fn utility() -> String {
    let mut text = String::from("Name,EXAMPLE AI\n\nTYPE,DATE,START TIME,END TIME,USAGE (kWh),COST,NOTES\n");
    for hour in 5..HOURS {
        let (day, of_day) = clock(hour, 5);
        let _ = writeln!(text, "Electric usage,2026-01-{day:02},{of_day:02}:00,{of_day:02}:59,6500,$1.00,");
    }
    text
}

/// Hourly rows in hourmatch's own form.
fn own(series: &str, unit: &str, mw: impl Fn(u32) -> f64) -> String {
    let mut text = String::new();
    for hour in 0..HOURS {
        let ((day, of_day), (next, of_next)) = (clock(hour, 0), clock(hour + 1, 0));
        let span = format!("2026-01-{day:02}T{of_day:02}:00:00Z,2026-01-{next:02}T{of_next:02}:00:00Z");
        let _ = writeln!(text, "{series},{span},{},{unit}", mw(of_day));
    }
    text
}

#[test]
fn a_newcomer_gets_from_init_to_a_plan_and_a_pack_of_their_own() {
    let home = Home::new("");
    std::fs::remove_file(home.path("hourmatch.toml")).expect("a folder without a portfolio");
    home.run(&["init"]).ok();
    let written = home.read("hourmatch.toml");
    // Their solar plant is metered, so no profile stands in for it.
    let metered = written.replace("profile = { series = \"grid/PJM/solar\", mean_mw = 50.0, over = \"2022\" }\n", "");
    assert_ne!(metered, written);
    home.write("hourmatch.toml", &format!("{metered}{ADDED}"));

    // What is needed is said before anything is there.
    let checked = home.run(&["check", "--now", NOW]).ok();
    for lack in [
        "site ashburn: no load",
        "site columbus: no load",
        "site newark: no load",
        "contract solar-a: no generation",
        "contract wind-a: no generation",
        "boundary PJM: no data about its grid",
    ] {
        assert!(checked.out.contains(lack), "{lack}: {}", checked.out);
    }

    home.write("gen_by_fuel.csv", &grid());
    home.run(&["ingest", "gen_by_fuel.csv"]).refused("--area PJM");
    home.run(&["ingest", "gen_by_fuel.csv", "--area", "PJM"]).ok();
    home.write("newark.csv", &utility());
    home.run(&["ingest", "newark.csv", "--series", "site/newark/load", "--time-zone", "America/New_York"]).ok();

    // A spreadsheet that nobody knows: its form is proposed, completed and added.
    home.write("columbus.csv", &spreadsheet());
    home.run(&["ingest", "columbus.csv"]).refused("--explain");
    let explained = home.run(&["ingest", "--explain", "columbus.csv"]).ok().out;
    let form: String = explained
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .fold(String::new(), |text, line| text + line + "\n");
    let form = form.replace("SITE", "columbus").replace("zone = \"UTC\"", "zone = \"America/New_York\"");
    home.write("hourmatch.toml", &format!("{metered}{ADDED}\n{form}"));
    home.run(&["ingest", "columbus.csv"]).ok();

    let sun = |of_day: u32| if (13..22).contains(&of_day) { 80.0 } else { 0.0 };
    let rows = own("site/ashburn/load", "MW", |_| 70.0)
        + &own("contract/solar-a/generation", "MW", sun)
        + &own("plant/buckeye/generation", "MW", |of_day| 60.0 + f64::from(of_day));
    home.write("meters.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "meters.csv"]).ok();

    let checked = home.run(&["check", "--now", NOW]).ok().out;
    assert!(!checked.contains("no load:") && !checked.contains("no generation"), "{checked}");

    home.write(
        "jobs.csv",
        "id,kind,sites,release,deadline,energy_mwh\n\
         embed,batch,ashburn,2026-01-11T00:00:00Z,2026-01-12T00:00:00Z,60\n\
         index,batch,columbus,2026-01-11T00:00:00Z,2026-01-13T00:00:00Z,100\n\
         tune,batch,newark,2026-01-11T00:00:00Z,2026-01-12T00:00:00Z,20\n",
    );
    home.run(&["work", "import", "jobs.csv", "--now", NOW]).ok();
    home.run(&["plan", "--now", NOW, "--horizon", "72h"]).ok();
    let shown = home.run(&["plan", "show", "--now", NOW]).ok().out;
    for name in ["ashburn", "columbus", "newark", "embed", "index", "tune"] {
        assert!(shown.contains(name), "{name}: {shown}");
    }
    home.run(&["windows", "--duration", "4h", "--mw", "2", "--now", NOW]).ok();

    let period = ["--from", "2026-01-02T00:00Z", "--to", "2026-01-10T00:00Z"];
    let report = home.run(&[&["report", "--format", "json"][..], &period].concat()).ok().json();
    // 8 days: 70 MW, 24 000.5 kW and 100 more each hour of the day, 6 500 kWh.
    let columbus: u64 = (0..24).map(|of_day: u64| 24_000_500 + 100_000 * of_day).sum::<u64>() * 8;
    assert_eq!(report["portfolio"]["load_wh"], 70_000_000 * 192 + columbus + 6_500_000 * 192);
    home.run(&[&["pack", "-o", "pack"][..], &period].concat()).ok();
    let verified = std::process::Command::new(verifier()).arg(home.path("pack")).output().expect("runs");
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(verified.status.success() && said.contains("3 files were read by a form"), "{said}");
}
