//! Work whose pool, site, account, curve or forerunner has left is refused by name and planned nowhere else; an id that
//! was cancelled begins anew.

use crate::running::runs;
use crate::support::Home;
use crate::unknown::{TOML, at, list, near, plan, reason, rows, schedule};
use serde_json::Value;

/// Two sites, of which the second is larger: whatever may run anywhere would.
const SECOND: &str = "[[site]]\nid = \"t\"\nboundary = \"A\"\nit_capacity_mw = 40.0\nit_load_mw = 1.0\n";
const POOLS: &str =
    "[[pool]]\nid = \"h100\"\nsite = \"s\"\ncount = 1000\n[[pool]]\nid = \"a100\"\nsite = \"t\"\ncount = 1000\n";
const TERMS: &str = "[[account]]\nid = \"team\"\n[[account]]\nid = \"other\"\n[[curve]]\nid = \"own\"\n\
    points = [[0.5, 0.63], [0.75, 0.82], [1.0, 1.0]]\n";

fn missed<'p>(plan: &'p Value, work: &str) -> Option<(&'p str, f64, &'p str)> {
    let found = list(plan, "missed").iter().find(|m| m["work"] == work)?;
    let text = |key: &str| found[key].as_str().expect("text");
    Some((text("code"), found["missed_mwh"].as_f64().expect("MWh"), text("message")))
}

fn import(home: &Home, text: &str) {
    home.write("w.csv", text);
    home.run(&["work", "import", "w.csv"]).ok();
}

#[test]
fn what_names_something_gone_is_refused_by_name() {
    let all = format!("{TOML}{SECOND}{POOLS}{TERMS}");
    let home = Home::new(&all);
    let span = format!("{},{}", at(0), at(48));
    let columns = "id,kind,sites,release,deadline,energy_mwh,max_mw,pool,gpus,hours,account,curve";
    import(
        &home,
        &format!(
            "{columns}\npool,batch,,{span},,,h100,100,2,,\nsite,batch,s,{span},8,2,,,,,\n\
             team,batch,,{span},,,a100,100,2,team,\nown,training,,{span},,,a100,50,4,,own\n\
             either,batch,s|t,{span},8,2,,,,,\nfine,batch,t,{span},8,2,,,,,\n"
        ),
    );
    let before = plan(&home, 0, 48);
    assert!(list(&before, "missed").is_empty(), "{}", before["missed"]);
    let only = |terms: &str| TERMS.replace(terms, "");
    let site = TOML.find("[[site]]").map(|from| TOML[from..].to_string()).expect("a site");
    let cases: [(String, &str, &str, f64, &str); 4] = [
        // 100 of 1.3 kW for two hours, as its portfolio does not say otherwise any more.
        (
            all.replace(POOLS.split("[[pool]]\nid = \"a100\"").next().expect("the first"), ""),
            "pool",
            "no_pool",
            0.26,
            "`h100`",
        ),
        (
            all.replace(&site, "").replace("site = \"s\"", "site = \"t\""),
            "site",
            "no_site",
            8.0,
            "its site `s` is not in the portfolio any more",
        ),
        (all.replace(TERMS, &only("[[account]]\nid = \"team\"\n")), "team", "no_account", 0.26, "its account `team`"),
        (
            all.replace(TERMS, &only(&TERMS[TERMS.find("[[curve]]").expect("a curve")..])),
            "own",
            "no_curve",
            0.26,
            "`own`",
        ),
    ];
    for (toml, work, code, mwh, part) in cases {
        home.write("hourmatch.toml", &toml);
        let made = plan(&home, 0, 48);
        let found = missed(&made, work).unwrap_or_else(|| panic!("{work}: {}", made["missed"]));
        assert_eq!(found.0, code, "{work}");
        near(found.1, mwh);
        assert!(found.2.starts_with(&format!("{work}: ")) && found.2.contains(part), "{}", found.2);
        assert!(schedule(&made, work).is_empty(), "{work} is planned elsewhere");
        assert_eq!(missed(&made, "fine"), None);
        assert_eq!(missed(&made, "either"), None, "one of its sites is enough");
        let said = home.run(&["plan", "--now", &at(0), "--horizon", "48h", "--dry-run"]).ok();
        assert!(said.err.contains(&format!("missed: {work}: ")), "{}", said.err);
    }
    // Put back, it is planned as before.
    home.write("hourmatch.toml", &all);
    assert!(list(&plan(&home, 0, 48), "missed").is_empty());
}

#[test]
fn a_job_that_runs_at_a_site_that_left_runs_nowhere_else() {
    let all = format!("{TOML}{SECOND}");
    let home = Home::new(&all);
    import(&home, &format!("id,release,deadline,energy_mwh,max_mw,divisible\nj,{},{},12,2,false\n", at(0), at(48)));
    home.run(&["work", "update", "j", "--state", "running", "--site", "t", "--now", &at(0)]).ok();
    let before = plan(&home, 2, 24);
    assert_eq!((runs(&before, "j"), list(&before, "schedule")[0]["site"].as_str()), (vec![(2, 6)], Some("t")));
    home.write("hourmatch.toml", TOML);
    let made = plan(&home, 2, 24);
    let (code, mwh, message) = missed(&made, "j").expect("refused");
    assert_eq!((code, schedule(&made, "j")), ("no_site", vec![]));
    near(mwh, 8.0);
    assert!(message.contains("last reported at `t`, which is not in the portfolio any more"), "{message}");
    // Windows take no room at another site for it either.
    let now = at(2);
    let args = ["windows", "--duration", "1h", "--mw", "9", "--now", &now, "--top", "1", "--format", "json"];
    let found = home.run(&args).ok().json();
    assert_eq!(found["run_now"]["start"], now.as_str(), "{found}");
}

#[test]
fn what_waits_for_nothing_that_is_there_is_refused_by_name() {
    let home = Home::new(TOML);
    let span = format!("{},{}", at(0), at(48));
    let columns = "id,release,deadline,energy_mwh,max_mw,after";
    import(&home, &format!("{columns}\na,{span},4,2,\nb,{span},4,2,a\nc,{span},4,2,never\n"));
    let made = plan(&home, 0, 48);
    assert_eq!(missed(&made, "b"), None);
    let (code, mwh, message) = missed(&made, "c").expect("refused");
    assert_eq!((code, mwh), ("no_after", 4.0));
    assert!(message.contains("c waits for never, and there is no such work"), "{message}");
    home.run(&["work", "cancel", "a"]).ok();
    let made = plan(&home, 0, 48);
    let (code, _, message) = missed(&made, "b").expect("refused");
    assert_eq!((code, schedule(&made, "b")), ("after_cancelled", vec![]));
    assert!(message.contains("b waits for a, which was cancelled: submit that again"), "{message}");
    // Done work is what it waits for, however long ago it was released.
    import(&home, &format!("{columns}\na,{span},4,2,\nnever,{},{},1,1,\n", at(-200 * 24), at(-199 * 24)));
    home.run(&["work", "update", "never", "--state", "done", "--now", &at(0)]).ok();
    let made = plan(&home, 0, 48);
    assert!(list(&made, "missed").is_empty(), "{}", made["missed"]);
    assert!(!schedule(&made, "b").is_empty() && !schedule(&made, "c").is_empty());
}

#[test]
fn a_reservation_of_what_is_gone_is_said() {
    let all = format!("{TOML}{SECOND}{POOLS}");
    let home = Home::new(&all);
    plan(&home, 0, 48);
    let now = at(0);
    let reserve = |id: &str, draw: &[&str], site: &str| {
        let args = ["windows", "--duration", "4h", "--site", site, "--now", &now, "--reserve", id];
        home.run(&[&args[..], draw].concat()).ok();
    };
    reserve("power", &["--mw", "2"], "t");
    reserve("gpus", &["--gpus", "100"], "s");
    assert!(reason(&plan(&home, 0, 48), "reservation_no_site").is_none());
    let without = all.replace(SECOND, "").replace(POOLS, "");
    home.write("hourmatch.toml", &without);
    let made = plan(&home, 0, 48);
    for (code, id, part) in [
        ("reservation_no_site", "power", "site `t` is not in the portfolio any more, so it takes no room"),
        ("reservation_no_pool", "gpus", "pool `h100` is not in the portfolio any more, so its power is counted"),
    ] {
        let said = reason(&made, code).unwrap_or_else(|| panic!("{code}: {}", made["reasons"]));
        let message = said["message"].as_str().expect("text");
        assert_eq!(said["subject"], id);
        assert!(message.contains(part) && message.contains(&format!("release {id}")), "{message}");
    }
    home.run(&["reservations", "release", "power", "--now", &at(0)]).ok();
    assert!(reason(&plan(&home, 0, 48), "reservation_no_site").is_none());
}

#[test]
fn a_backtest_says_what_it_leaves_out() {
    let all = format!("{TOML}{POOLS}").replace("[[pool]]\nid = \"a100\"\nsite = \"t\"\ncount = 1000\n", "");
    let home = Home::new(&all);
    home.write("r.csv", &rows("site/s/it_load", -72..120, "MW", false, |_| 1.0));
    home.write("p.csv", &rows("grid/A/price", -72..120, "currency/MWh", false, |h| 30.0 + (h % 5) as f64));
    home.run(&["ingest", "r.csv", "p.csv"]).ok();
    let columns = "id,release,deadline,energy_mwh,max_mw,pool,gpus,hours";
    let span = format!("{},{}", at(0), at(24));
    import(&home, &format!("{columns}\na,{span},4,2,,,\nb,{span},,,h100,100,2\n"));
    home.write("hourmatch.toml", TOML);
    home.direct("update work set content = 'x' where id = 'a'");
    let (from, to) = (at(0), at(24));
    let args = ["backtest", "--from", &from, "--to", &to, "--strategy", "asap", "--format", "json"];
    let done = home.run(&args).ok();
    let notes = done.json()["notes"].clone();
    let told: Vec<(&str, &str)> = notes
        .as_array()
        .expect("notes")
        .iter()
        .map(|n| (n["code"].as_str().expect("code"), n["subject"].as_str().expect("subject")))
        .filter(|n| ["work_unreadable", "no_pool"].contains(&n.0))
        .collect();
    assert_eq!(told, [("work_unreadable", "a"), ("no_pool", "b")]);
    assert_eq!(done.json()["pieces_of_work"], 0);
}

#[test]
fn what_is_stored_and_cannot_be_read_is_never_taken_for_nothing() {
    let home = Home::new(TOML);
    home.write("r.csv", &rows("site/s/it_load", -72..0, "MW", false, |_| 1.0));
    home.write("p.csv", &rows("grid/A/price", 0..72, "currency/MWh", true, |h| 20.0 + (h % 9) as f64));
    home.run(&["ingest", "r.csv", "p.csv"]).ok();
    import(&home, &format!("id,release,deadline,energy_mwh,max_mw\na,{},{},8,2\n", at(0), at(40)));
    home.run(&["work", "update", "a", "--state", "running", "--site", "s", "--now", &at(0)]).ok();
    // A report: what it says beside the columns is not lost without a word, the rest counts, and the next report heals it.
    for damaged in ["'{'", "x'ff'"] {
        assert!(home.direct(&format!("update work_reports set content = {damaged}")) > 0);
        let made = plan(&home, 1, 48);
        let message = reason(&made, "report_unreadable").expect("said")["message"].to_string();
        let remedy = "report it anew: hourmatch work update a --state running";
        assert!(message.contains("the last report of stored work a, of ") && message.contains(remedy), "{message}");
        assert!(list(&made, "schedule").iter().any(|row| row["work"] == "a"), "{}", made["schedule"]);
        home.run(&["work", "update", "a", "--done", "0.5", "--now", &at(1)]).ok();
        let healed = plan(&home, 1, 48);
        assert!(reason(&healed, "report_unreadable").is_none(), "{}", healed["reasons"]);
    }
    // One in an unknown state may be over: it is in no plan until its state is reported.
    assert_eq!(home.direct("update work set state = 'asleep'"), 1);
    let message = reason(&plan(&home, 1, 48), "work_unreadable").expect("said")["message"].to_string();
    assert!(message.contains("so it may be over") && message.contains("hourmatch work update a --state"), "{message}");
    home.run(&["work", "update", "a", "--done", "0.5", "--now", &at(2)]).refused("unknown state `asleep`");
    home.run(&["work", "update", "a", "--state", "running", "--now", &at(2)]).ok();
    assert!(reason(&plan(&home, 2, 48), "work_unreadable").is_none());
    // A reading's quality: a code that none has is no gap.
    assert!(home.direct("update readings set quality = 9") > 0);
    let refused = home.run(&["plan", "--now", &at(1), "--horizon", "48h"]);
    refused.refused("the store holds a value that hourmatch did not write: row ").refused("has the quality 9");
}

fn cancelled_ids_begin_anew(home: &Home) {
    home.write("p.csv", &rows("grid/A/price", 0..72, "currency/MWh", true, |h| 20.0 + (h % 9) as f64));
    home.run(&["ingest", "p.csv"]).ok();
    let work = |mwh: u32| {
        format!("id,release,deadline,energy_mwh,max_mw\na,{},{},{mwh},3\nb,{},{},6,3\n", at(0), at(40), at(0), at(40))
    };
    let import = |mwh: u32, hour: i64| {
        home.write("w.csv", &work(mwh));
        home.run(&["work", "import", "w.csv", "--now", &at(hour), "--format", "json"]).ok()
    };
    let placed =
        |plan: &Value, work: &str| -> f64 { schedule(plan, work).iter().map(|s| (s.1 - s.0) as f64 * s.2).sum() };
    import(12, 0);
    let first = plan(home, 0, 48);
    near(placed(&first, "a"), 12.0);
    home.run(&["work", "update", "a", "--state", "running", "--done", "0.5", "--site", "s", "--now", &at(3)]).ok();
    home.run(&["work", "cancel", "a", "--now", &at(4)]).ok();
    home.run(&["work", "update", "a", "--state", "running", "--now", &at(4)]).refused("it was cancelled");
    // Again, with other terms: nothing of before counts, neither reports nor what plans had had it do.
    let again = import(9, 4).json();
    assert_eq!((&again["added"], &again["unchanged"], &again["kept"]), (&1.into(), &1.into(), &0.into()));
    let told = home.run(&["work", "list", "--format", "json"]).ok().json();
    let a = list(&told, "work").iter().find(|w| w["work"]["id"] == "a").expect("listed");
    assert_eq!((&a["state"], &a["done"], &a["site"]), (&"queued".into(), &Value::Null, &Value::Null));
    assert_eq!((&a["reported"], &a["last_checkpoint"]), (&Value::Null, &Value::Null));
    let made = plan(home, 8, 48);
    near(placed(&made, "a"), 9.0);
    // Reports of its new life count from nothing.
    home.run(&["work", "update", "a", "--state", "running", "--site", "s", "--now", &at(8)]).ok();
    let told = home.run(&["work", "list", "--state", "running", "--format", "json"]).ok().json();
    assert_eq!(list(&told, "work")[0]["done"], Value::Null);
    // The history keeps every report there was, and that it began anew.
    assert_eq!(home.direct("update work_reports set seq = seq where work = 'a'"), 3);
    // What is done is kept, and said.
    home.run(&["work", "update", "a", "--state", "done", "--now", &at(9)]).ok();
    let kept = import(7, 9);
    assert_eq!((&kept.json()["kept"], &kept.json()["kept_work"][0]["state"]), (&1.into(), &"done".into()));
    assert!(kept.err.contains("a is done and stays as it is"), "{}", kept.err);
    assert!(schedule(&plan(home, 10, 48), "a").is_empty());
}

#[test]
fn a_cancelled_id_on_sqlite() {
    cancelled_ids_begin_anew(&Home::new(TOML));
}

#[test]
fn a_cancelled_id_on_postgres() {
    if let Some(home) = Home::on_postgres(TOML) {
        cancelled_ids_begin_anew(&home);
    }
}
