//! A plan to look at: on a terminal, as CSV and as a page, and what changed since the plan before.

use crate::service::Service;
use crate::support::{HEADER, Home, ONE_SITE, hourly};
use serde_json::Value;
use std::collections::BTreeMap;

const NOW: &str = "2026-01-15T00:00:00Z";

/// Two sites, one of them in New York, and wind in the nights of two weeks.
fn home(work: &str) -> Home {
    let second =
        "\n[[site]]\nid = \"far\"\nboundary = \"A\"\ntime_zone = \"America/New_York\"\nit_capacity_mw = 10.0\n";
    let home = Home::new(&ONE_SITE.replace("[[contract]]", &format!("{second}[[contract]]")));
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    let loads = hourly("site/s/it_load", [4.0; 14 * 24]) + &hourly("site/far/it_load", [2.0; 14 * 24]);
    home.write("r.csv", &format!("{HEADER}{loads}{}", hourly("contract/w/generation", wind)));
    home.run(&["ingest", "r.csv"]).ok();
    add(&home, work);
    home
}

fn add(home: &Home, work: &str) {
    home.write("w.csv", &format!("id,release,deadline,energy_mwh,max_mw,sites\n{work}"));
    home.run(&["work", "import", "w.csv"]).ok();
}

const WORK: &str = "small,2026-01-15T12:00:00Z,2026-01-16T12:00:00Z,6,2,far\n\
    large,2026-01-15T12:00:00Z,2026-01-16T12:00:00Z,24,4,s\n";

fn plan(home: &Home) {
    home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
}

fn shown(home: &Home, args: &[&str]) -> String {
    home.run(&[&["plan", "show", "--now", NOW], args].concat()).ok().out
}

#[test]
fn a_terminal_shows_what_runs_when_at_each_site() {
    let home = home(WORK);
    plan(&home);
    let text = shown(&home, &[]);
    let (far, here) = (text.find("\nfar: 1 piece of work, 6.000 MWh"), text.find("\ns: 1 piece of work, 24.000 MWh"));
    assert!(far.is_some() && here > far, "{text}");
    assert!(text.contains("times in America/New_York") && text.contains("times in UTC"), "{text}");
    // Wind blows from midnight UTC on: 19 h the evening before in New York.
    assert!(text.contains("Thu 15 Jan 19:00") && text.contains("Fri 16 Jan 00:00"), "{text}");
    let large = text.lines().find(|line| line.contains("large")).expect("a row");
    assert!(large.contains("24.000") && large.contains("4.000") && large.contains('█'), "{large}");
    // Nothing was planned before.
    assert!(!text.contains("since plan"), "{text}");
}

#[test]
fn the_largest_come_first_and_the_rest_is_counted() {
    let rows =
        (0..30).map(|k| format!("j{k:02},2026-01-15T00:00:00Z,2026-01-17T00:00:00Z,{},4,s\n", f64::from(1 + k) / 10.0));
    let home = home(&rows.collect::<String>());
    plan(&home);
    let text = shown(&home, &[]);
    assert!(text.contains("j29") && text.contains("j10") && !text.contains("j09"), "{text}");
    assert!(text.find("j29") < text.find("j28") && text.contains("and 10 smaller, 5.500 MWh"), "{text}");
    let all = shown(&home, &["--all"]);
    assert!(all.contains("j00") && !all.contains("smaller"), "{all}");
}

/// Every stretch of the plan is a row, in UTC and in the time of its site.
#[test]
fn csv_has_the_whole_schedule() {
    let home = home(WORK);
    plan(&home);
    let made: Value = serde_json::from_str(&shown(&home, &["--format", "json"])).expect("JSON");
    let text = shown(&home, &["--format", "csv"]);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut energy: BTreeMap<String, f64> = BTreeMap::new();
    let mut count = 0;
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let row = row.expect("a row");
        assert_eq!((row["kind"].as_str(), row["site"] == "far"), ("run", row["work"] == "small"));
        let [utc, local] =
            ["start", "local_start"].map(|name| reports::time::Instant::parse(&row[name]).expect("time"));
        assert_eq!(utc, local, "{row:?}");
        assert!(row["site"] == "s" || row["local_end"].ends_with("-05:00"), "{row:?}");
        *energy.entry(row["work"].clone()).or_default() += row["it_mwh"].parse::<f64>().expect("a number");
        count += 1;
    }
    assert_eq!(count, made["schedule"].as_array().expect("schedule").len());
    assert!((energy["large"] - 24.0).abs() < 1e-6 && (energy["small"] - 6.0).abs() < 1e-6, "{energy:?}");
    // The form follows the file's name.
    home.run(&["plan", "show", "--now", NOW, "-o", "plan.csv"]).ok();
    assert_eq!(home.read("plan.csv"), text);
    home.run(&["plan", "show", "--now", NOW, "-o", "plan.json"]).ok();
    assert_eq!(serde_json::from_str::<Value>(&home.read("plan.json")).expect("JSON"), made);
    home.run(&["plan", "show", "--now", NOW, "-o", "plan.txt"]).ok();
    assert_eq!(home.read("plan.txt"), shown(&home, &[]));
}

fn page(home: &Home) -> String {
    home.run(&["plan", "show", "--now", NOW, "-o", "plan.html"]).ok();
    home.read("plan.html")
}

#[test]
fn the_page_stands_alone_and_leaves_nothing_out() {
    let rows = (0..300).map(|k| format!("j{k:03},2026-01-15T00:00:00Z,2026-01-17T00:00:00Z,0.5,4,s|far\n"));
    let home = home(&rows.collect::<String>());
    plan(&home);
    let made: Value = serde_json::from_str(&shown(&home, &["--format", "json"])).expect("JSON");
    let placed: std::collections::BTreeSet<(&str, &str)> = made["schedule"]
        .as_array()
        .expect("schedule")
        .iter()
        .map(|row| (row["work"].as_str().expect("work"), row["site"].as_str().expect("site")))
        .collect();
    let page = page(&home);
    assert_eq!(page.matches("<tr data-also=").count(), placed.len());
    for k in 0..300 {
        assert!(page.contains(&format!(">j{k:03}<")), "j{k:03} is left out");
    }
    for outside in ["http:", "https:", " src=", "<link", "<img", " style=", "nonce"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for part in [
        "as submitted",
        "Facility load of A",
        "IT power at far",
        "Price of IT energy at s",
        "USD/MWh",
        "Synthetic data",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    assert!(!page.contains("NaN") && !page.contains(">inf"), "a figure is none");
    assert_eq!(page, self::page(&home), "the same plan has the same page");
}

#[test]
fn what_changed_since_the_plan_before_is_said() {
    let home = home(&format!("{WORK}done,2026-01-15T12:00:00Z,2026-01-16T12:00:00Z,3,3,s\n"));
    plan(&home);
    // The wind comes twelve hours later than it was expected to, one job ends and another comes.
    let rows = (0..48).map(|h| {
        let at = |h: i64| (reports::time::Instant::parse(NOW).expect("time") + 3_600 * h).to_string();
        format!(
            "contract/w/generation,{},{},{},MWh,2026-01-14T23:00:00Z\n",
            at(h),
            at(h + 1),
            if h < 36 { 0.0 } else { 9.0 }
        )
    });
    home.write("f.csv", &format!("series,start,end,value,unit,issued\n{}", rows.collect::<String>()));
    home.run(&["ingest", "f.csv"]).ok();
    home.run(&["work", "update", "done", "--state", "done", "--now", NOW]).ok();
    add(&home, "late,2026-01-15T12:00:00Z,2026-01-16T22:00:00Z,2,2,s\n");
    add(&home, &WORK.replace("2026-01-16T12:00:00Z", "2026-01-17T00:00:00Z").replace("large,", "large-2,"));
    plan(&home);
    let text = shown(&home, &[]);
    let summary = text.lines().find(|line| line.starts_with("since plan p-")).expect("what changed");
    assert!(summary.contains("new") && summary.contains("1 done") && !summary.contains("gone"), "{text}");
    assert!(text.contains("  done: done"), "{text}");
    let moved = text.lines().find(|line| line.starts_with("  moved small: ")).unwrap_or_else(|| panic!("{text}"));
    assert!(moved.contains(" MWh from far ") && moved.contains(" USD/MWh to far Fri 16 Jan "), "{moved}");
    assert!(text.lines().any(|line| line.starts_with("  new: ") && line.contains("late")), "{text}");
    let page = page(&home);
    assert!(page.contains("Changes since the previous plan") && page.contains("1 reported done"), "{page}");
}

#[test]
fn stored_plans_are_listed_newest_first() {
    let home = home(WORK);
    home.run(&["plan", "list"]).ok();
    plan(&home);
    home.run(&["plan", "--now", NOW, "--horizon", "24h"]).ok();
    let list = home.run(&["plan", "list", "--site", "far", "--format", "json"]).ok().json();
    let ends: Vec<&str> = list["plans"].as_array().expect("plans").iter().filter_map(|p| p["end"].as_str()).collect();
    assert_eq!(ends, ["2026-01-16T00:00:00Z", "2026-01-17T00:00:00Z"]);
    let newest = list["plans"][0]["id"].as_str().expect("an id");
    let older = home.run(&["plan", "list", "--before", newest]).ok().out;
    assert!(older.contains("2026-01-17T00:00:00Z") && !older.contains(newest), "{older}");
    home.run(&["plan", "list", "--limit", "0"]).refused("limit 0 is not between 1 and 1000");
}

/// The service shows the same page, with why there is no newer plan first.
#[test]
fn the_service_shows_the_plan_and_why_there_is_no_newer_one() {
    let home = home(WORK);
    plan(&home);
    let service = Service::start(&home, "2026-01-15T01:00:00Z");
    let page = service.get("/").body;
    for part in ["Today's plan", ">large<", ">small<", "IT power at far", "data-plan=\"p-"] {
        assert!(page.contains(part), "{part}");
    }
    service.stop();
    let service = Service::start(&home, "2027-01-15T01:00:00Z");
    service.until("a plan that fails", |service| service.get("/").body.contains("planning failed at 2027-01-15"));
    let page = service.get("/").body;
    assert!(page.contains("no data since") && page.contains("has ended"), "{page}");
    service.stop();
}
