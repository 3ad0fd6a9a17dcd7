//! The planner at its edges: each a clear outcome, and the rest planned.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

const NOW: &str = "2026-01-15T00:00Z";
const WINDOW: &str = "2026-01-15T00:00:00Z,2026-01-17T00:00:00Z";

/// A portfolio with a fortnight of history, wind from 00 to 12 h, and a work list.
fn home(toml: &str, header: &str, work: &str) -> Home {
    let home = Home::new(toml);
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    home.write("r.csv", &format!("{HEADER}{}", hourly("contract/w/generation", wind)));
    home.run(&["ingest", "r.csv"]).ok();
    import(&home, header, work);
    home
}

fn import(home: &Home, header: &str, work: &str) {
    home.write("w.csv", &format!("{header}\n{work}"));
    home.run(&["work", "import", "w.csv"]).ok();
}

const ENERGY: &str = "id,release,deadline,energy_mwh,max_mw";
const FINE: &str = "fine,2026-01-15T00:00:00Z,2026-01-17T00:00:00Z,12,6\n";

/// The plan, and what was said beside it.
fn plan(home: &Home, extra: &[&str]) -> (Value, String) {
    let args = ["plan", "--now", NOW, "--horizon", "48h", "--format", "json"];
    let ran = home.run(&[&args[..], extra].concat()).ok();
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    (ran.json(), ran.err)
}

fn hour(value: &Value) -> i64 {
    reports::time::Instant::parse(value.as_str().expect("time")).expect("time").seconds() / 3_600
}

fn rows<'p>(plan: &'p Value, key: &str) -> &'p [Value] {
    plan[key].as_array().unwrap_or_else(|| panic!("{key} of {plan}"))
}

/// MWh of IT energy that a piece is given.
fn placed(plan: &Value, work: &str) -> f64 {
    let mine = rows(plan, "schedule").iter().filter(|s| s["work"] == work);
    mine.map(|s| (hour(&s["end"]) - hour(&s["start"])) as f64 * s["mw"].as_f64().expect("mw")).sum()
}

fn missed<'p>(plan: &'p Value, work: &str) -> Option<&'p str> {
    rows(plan, "missed").iter().find(|m| m["work"] == work).and_then(|m| m["message"].as_str())
}

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
}

#[test]
fn nothing_to_plan() {
    let home = Home::new(ONE_SITE);
    let ran = home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
    assert!(ran.out.contains("optimal") && ran.out.contains("0 pieces of work placed"), "{}", ran.out);
    import(&home, ENERGY, FINE);
    home.run(&["work", "cancel", "fine"]).ok();
    let (made, _) = plan(&home, &[]);
    assert_eq!((made["status"].as_str(), rows(&made, "schedule").len()), (Some("optimal"), 0));
}

#[test]
fn no_forecast() {
    let home = Home::new(ONE_SITE);
    import(&home, ENERGY, FINE);
    let (made, said) = plan(&home, &[]);
    near(placed(&made, "fine"), 12.0);
    for wanted in [
        "contract/w/generation: no data, counted as zero",
        "site/s/it_load: not supplied, the portfolio's it_load_mw, 4 (48 of 48 steps",
        "grid/A/cfe_share: no data",
    ] {
        assert!(said.contains(wanted), "`{wanted}` not in:\n{said}");
    }
    assert_eq!(made["expected"]["matched_share"], "0.000000");
}

/// Prices below zero from 12 to 24 h, by more than carbon is worth to the plan.
fn prices() -> String {
    let start = reports::time::Instant::parse("2026-01-15T00:00:00Z").expect("time");
    let mut text = String::from("series,start,end,value,unit,issued\n");
    for h in 0..48 {
        let [from, to] = [h, h + 1].map(|h| start + 3_600 * h);
        let price = if h % 24 < 12 { 60 } else { -50 };
        writeln!(text, "grid/A/price,{from},{to},{price},currency/MWh,2026-01-14T12:00:00Z").expect("text");
    }
    text
}

#[test]
fn negative_prices() {
    let home = home(ONE_SITE, ENERGY, FINE);
    home.write("p.csv", &prices());
    home.run(&["ingest", "p.csv"]).ok();
    let (made, _) = plan(&home, &[]);
    assert_eq!((made["status"].as_str(), missed(&made, "fine")), (Some("optimal"), None));
    near(placed(&made, "fine"), 12.0);
    // Paid 50 to draw and charged for carbon, against 60 for what the contract delivers in the morning.
    let paid = rows(&made, "schedule").iter().all(|s| hour(&s["start"]) % 24 >= 12);
    assert!(paid, "{}", made["schedule"]);
}

#[test]
fn negative_prices_with_a_battery() {
    let battery = "[[storage]]\nid = \"b\"\nsite = \"s\"\ncharge_mw = 2.0\ndischarge_mw = 2.0\nenergy_mwh = 4.0\n";
    let home = home(&format!("{ONE_SITE}{battery}"), ENERGY, FINE);
    home.write("p.csv", &prices());
    home.run(&["ingest", "p.csv"]).ok();
    for strategy in ["lp", "asap", "clean-first"] {
        let (made, _) = plan(&home, &["--strategy", strategy]);
        near(placed(&made, "fine"), 12.0);
        for step in rows(&made, "storage") {
            let mw = |key: &str| step[key].as_f64().expect("mw");
            let (charged, given) = (mw("charge_clean_mw") + mw("charge_grid_mw"), mw("discharge_mw"));
            assert!(charged < 1e-6 || given < 1e-6, "both at once: {step}");
        }
    }
}

#[test]
fn zero_capacity() {
    let none = ONE_SITE.replace("it_capacity_mw = 10.0", "it_capacity_mw = 0.0").replace("it_load_mw = 4.0", "");
    let other = "[[site]]\nid = \"t\"\nboundary = \"A\"\nit_capacity_mw = 10.0\n";
    let header = "id,sites,release,deadline,energy_mwh,max_mw";
    let home =
        home(&format!("{none}{other}"), header, &format!("a,s,{WINDOW},24,6\nb,t,{WINDOW},24,6\nc,,{WINDOW},24,6\n"));
    let (made, said) = plan(&home, &[]);
    let message = missed(&made, "a").expect("missed");
    assert!(message.contains("site s has no room at all"), "{message}");
    assert!(message.ends_with("from 2026-01-15 00:00 +00:00 to 2026-01-17 00:00 +00:00"), "{message}");
    assert!(said.contains("missed: work a misses 24.000 MWh"), "{said}");
    let explained = home.run(&["explain", "a", "--now", NOW]).ok().out;
    assert_eq!(explained.matches("24.000 MWh").count(), 1, "what is missed is said once: {explained}");
    near(placed(&made, "b"), 24.0);
    near(placed(&made, "c"), 24.0);
}

#[test]
fn deadlines_in_the_past() {
    let past =
        "past,2026-01-10T00:00:00Z,2026-01-14T00:00:00Z,5,6\nnow,2026-01-14T00:00:00Z,2026-01-15T00:00:00Z,5,6\n";
    let (made, said) = plan(&home(ONE_SITE, ENERGY, &format!("{past}{FINE}")), &[]);
    for (work, wanted) in [
        ("past", "past: its deadline 2026-01-14T00:00:00Z has passed"),
        ("now", "now: its deadline 2026-01-15T00:00:00Z has passed"),
    ] {
        assert_eq!(missed(&made, work), Some(wanted));
        assert!(said.contains(wanted), "{said}");
    }
    near(placed(&made, "fine"), 12.0);
}

/// One row in twenty is bad, each in one of six ways.
fn long_list() -> (Vec<u8>, BTreeSet<u64>) {
    let mut list = format!("{ENERGY}\n").into_bytes();
    let mut bad = BTreeSet::new();
    for i in 0..10_000_u64 {
        let (release, due) = (format!("2026-01-15T{:02}:00:00Z", i % 24), "2026-01-16T23:00:00Z");
        let row = match (i % 20 == 7).then_some(i / 20 % 6) {
            None => format!("j{i},{release},{due},0.005,0.01"),
            Some(0) => format!("j{i},{release},2026-01-14T23:00:00Z,0.005,0.01"),
            Some(1) => format!("j{i},{release},{due},NaN,0.01"),
            Some(2) => format!("j{i},{release},{due},0.005"),
            Some(3) => format!("j{i},2026-01-15T00:00:00,{due},0.005,0.01"),
            Some(4) => format!("j/{i},{release},{due},0.005,0.01"),
            _ => format!("j{},{release},{due},0.005,0.01", i - 1),
        };
        if i % 20 == 7 {
            bad.insert(i + 2);
        }
        list.extend(row.bytes());
        list.push(b'\n');
    }
    (list, bad)
}

#[test]
fn ten_thousand_rows_of_which_one_in_twenty_is_bad() {
    let home = home(ONE_SITE, ENERGY, "");
    let (list, bad) = long_list();
    std::fs::write(home.path("long.csv"), list).expect("written");
    let before = home.stored();
    let refused = home.run(&["work", "import", "long.csv", "--format", "json"]).refused("long.csv");
    let errors: Value = serde_json::from_str(refused.err.lines().last().unwrap_or("")).expect(&refused.err);
    let named = rows(&errors, "errors").iter().map(|e| e["line"].as_u64().expect("line"));
    assert_eq!(named.collect::<BTreeSet<u64>>(), bad);
    assert_eq!(before, home.stored(), "one bad row refuses a list that is not told to keep the rest");
    let kept = home.run(&["work", "import", "long.csv", "--reject", "bad.csv", "--format", "json"]).ok();
    assert_eq!((&kept.json()["added"], &kept.json()["rejected"]), (&9_500.into(), &500.into()));
    assert!(kept.err.contains("500 rows rejected: bad.csv"), "{}", kept.err);
    // Rows of the file as they stood: a short one is short still, the line stands last but one.
    let mut flexible = csv::ReaderBuilder::new().flexible(true).from_path(home.path("bad.csv")).expect("rejects");
    let lines = flexible.records().map(|r| {
        let row = r.expect("row");
        assert!(!row[row.len() - 1].is_empty(), "no reason: {row:?}");
        row[row.len() - 2].parse::<u64>().expect("line")
    });
    assert_eq!(lines.collect::<BTreeSet<u64>>(), bad);
    let (made, _) = plan(&home, &[]);
    let pieces: BTreeSet<&str> = rows(&made, "schedule").iter().filter_map(|s| s["work"].as_str()).collect();
    assert_eq!((pieces.len(), rows(&made, "missed").len()), (9_500, 0));
    // Corrected, the file of rejects is taken as it is.
    let corrected = "id,release,deadline,energy_mwh,max_mw,reject_line,reject_reason\n\
        j27,2026-01-15T03:00:00Z,2026-01-16T23:00:00Z,0.005,0.01,29,energy_mwh is not a finite number\n";
    home.write("corrected.csv", corrected);
    let again = home.run(&["work", "import", "corrected.csv", "--format", "json"]).ok();
    assert_eq!(again.json()["added"], 1);
}

#[test]
fn a_row_that_is_no_text_is_one_bad_row() {
    let home = home(ONE_SITE, ENERGY, "");
    let list = format!("{ENERGY}\na,{WINDOW},1,1\nb?,{WINDOW},1,1\nc,{WINDOW},1,1\n");
    let bytes: Vec<u8> = list.bytes().map(|b| if b == b'?' { 0xff } else { b }).collect();
    std::fs::write(home.path("u.csv"), bytes).expect("written");
    home.run(&["work", "import", "u.csv"]).refused("u.csv:3: the row is not UTF-8 text");
    let kept = home.run(&["work", "import", "u.csv", "--reject", "bad.csv", "--format", "json"]).ok();
    assert_eq!((&kept.json()["added"], &kept.json()["rejected"]), (&2.into(), &1.into()));
}

/// A pool of 1000 and two runs of 800 that cannot both have it.
fn factory(curve: &str) -> String {
    format!(
        "{}[[pool]]\nid = \"p\"\nsite = \"s\"\ncount = 1000\n[[curve]]\nid = \"own\"\npoints = {curve}\n",
        ONE_SITE.replace("it_load_mw = 4.0", "it_load_mw = 1.0")
    )
}

const RUNS: &str = "id,kind,release,deadline,pool,gpus,hours,curve";
const CONCAVE: &str = "[[0.5, 0.63], [0.75, 0.82], [1.0, 1.0]]";

#[test]
fn a_curve_that_is_not_concave() {
    let work = "t,training,2026-01-15T00:00:00Z,2026-01-16T00:00:00Z,p,800,10,own\n";
    let bent = home(&factory("[[0.5, 0.63], [0.75, 0.81], [1.0, 1.0]]"), RUNS, work);
    let (made, said) = plan(&bent, &[]);
    assert!(said.contains("t: curve own was made concave, its worst point lowered by 0.010 (the portfolio)"), "{said}");
    assert!(rows(&made, "schedule").iter().any(|s| s["work"] == "t"));
    assert_eq!(missed(&made, "t"), None);
    let (_, said) = plan(&home(&factory(CONCAVE), RUNS, work), &[]);
    assert!(!said.contains("made concave"), "{said}");
    let broken = Home::new(&factory("[[0.5, 0.63], [0.75, 0.75], [1.0, 1.0]]"));
    broken
        .run(&["plan", "--now", NOW])
        .refused("curve own: it is not concave: a point would have to be lowered by 0.130");
}

/// Accelerators held in the fullest hour.
fn most_gpus(plan: &Value) -> u64 {
    let held = |h: i64| -> u64 {
        let on = rows(plan, "schedule").iter().filter(|s| (hour(&s["start"])..hour(&s["end"])).contains(&h));
        on.map(|s| s["gpus"].as_u64().unwrap_or(0)).sum()
    };
    let start = hour(&plan["start"]);
    (start..start + 48).map(held).max().unwrap_or(0)
}

#[test]
fn no_strategy_gives_out_more_gpus_than_a_pool_has() {
    let run = |id: &str| format!("{id},training,2026-01-15T00:00:00Z,2026-01-16T00:00:00Z,p,800,10,own\n");
    let twice = run("t1") + &run("t2");
    let home = home(&factory(CONCAVE), RUNS, &twice);
    for strategy in ["asap", "clean-first", "lp"] {
        let (made, said) = plan(&home, &["--strategy", strategy, "--dry-run"]);
        assert_eq!(most_gpus(&made), 800, "{strategy}: {}", made["schedule"]);
        for run in ["t1", "t2"] {
            assert_eq!(missed(&made, run), None, "{strategy}: one after the other they fit: {said}");
        }
    }
    // With a third there is no time for all: the one left out is named.
    import(&home, RUNS, &run("t3"));
    for strategy in ["asap", "clean-first"] {
        let (made, said) = plan(&home, &["--strategy", strategy, "--dry-run"]);
        assert!(most_gpus(&made) <= 1_000, "{strategy}: {}", made["schedule"]);
        assert!(!rows(&made, "missed").is_empty() && said.contains("missed: "), "{strategy}: {said}");
    }
}

#[test]
fn accelerators_that_are_all_away() {
    let home = home(&factory(CONCAVE), RUNS, &format!("t,training,{WINDOW},p,800,20,own\n"));
    let away =
        format!("series,start,end,value,unit,issued\npool/p/available_gpus,{WINDOW},0,gpus,2026-01-14T00:00:00Z\n");
    home.write("away.csv", &away);
    home.run(&["ingest", "away.csv"]).ok();
    for strategy in ["asap", "lp"] {
        let (made, said) = plan(&home, &["--strategy", strategy, "--dry-run"]);
        assert_eq!(most_gpus(&made), 0, "{strategy}: {}", made["schedule"]);
        assert!(missed(&made, "t").is_some() && said.contains("missed: t"), "{strategy}: {said}");
    }
}

#[test]
fn an_inverted_price_ladder() {
    let policy = |line: &str| Home::new(&format!("{ONE_SITE}[policy]\n{line}\n"));
    for (line, wanted) in [
        ("event_price_per_mwh = 10.0", "the price ladder is inverted: event_price_per_mwh 10 is not above"),
        ("miss_price_per_mwh = 100.0", "the price ladder is inverted: miss_price_per_mwh 100 is not above"),
        ("shortfall_price_per_mwh = 5000.0", "is not above shortfall_price_per_mwh 5000"),
        ("carbon_price_per_t = -1.0", "`carbon_price_per_t` is out of range"),
    ] {
        let ran = policy(line).run(&["plan", "--now", NOW]).refused(wanted);
        assert!(ran.err.contains("hourmatch.toml:17: "), "{}", ran.err);
    }
    // Exporting must not pay better than matching at one's own site: it is capped, and said.
    let home = home(&format!("{ONE_SITE}[policy]\ncarbon_price_per_t = 0.0\n"), ENERGY, FINE);
    home.write("p.csv", &prices().replace("-50", "60"));
    home.run(&["ingest", "p.csv"]).ok();
    let (made, said) = plan(&home, &[]);
    assert!(said.contains("surplus sells for no more than matching it saves: price plus carbon"), "{said}");
    near(placed(&made, "fine"), 12.0);
}
