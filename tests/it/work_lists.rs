//! Work files of real schedulers: what is taken, what is refused and what is said of it.

use crate::running::runs;
use crate::support::Home;
use crate::unknown::{POOL, TOML, at, list, near, plan, schedule};
use serde_json::Value;

#[test]
fn small_work_is_planned_and_missed_like_any_other() {
    // One accelerator for half an hour is 0.65 kWh; 0.5 kWh that cannot be drawn in time is missed.
    let home = Home::new(&format!("{TOML}{POOL}"));
    let columns = "id,release,deadline,energy_mwh,max_mw,pool,gpus,hours";
    let (open, short) = (format!("{},{}", at(0), at(24)), format!("{},{}", at(0), at(1)));
    home.write(
        "w.csv",
        &format!("{columns}\none,{open},,,h100,1,0.5\nsome,{open},0.0005,,,,\nnone,{short},0.0005,0.0001,,,\n"),
    );
    home.run(&["work", "import", "w.csv"]).ok();
    let made = plan(&home, 0, 24);
    let mwh = |work: &str| -> f64 { schedule(&made, work).iter().map(|s| (s.1 - s.0) as f64 * s.2).sum() };
    assert_eq!(runs(&made, "one").len(), 1, "{}", made["schedule"]);
    [("one", 0.000_65), ("some", 0.000_5), ("none", 0.000_1)]
        .iter()
        .for_each(|(work, wanted)| near(mwh(work), *wanted));
    let missed: Vec<&Value> = list(&made, "missed").iter().collect();
    assert_eq!(missed.len(), 1, "{missed:?}");
    assert_eq!(missed[0]["work"], "none");
    near(missed[0]["missed_mwh"].as_f64().expect("MWh"), 0.0004);
}

const WORK: &str = "id,kind,release,deadline,energy_mwh,pool,gpus,hours\n";

#[test]
fn work_lists_of_real_schedulers() {
    let home = Home::new(&format!("{TOML}{POOL}"));
    let span = format!("{},{}", at(0), at(24));
    let row = |id: &str, rest: &str| format!("{WORK}{id},batch,{span},{rest}\n");
    for (name, text, wanted) in [
        ("zero", row("z", "0,,,"), "zero:2: energy_mwh 0 is not a positive number"),
        ("hours", row("z", ",h100,10,0"), "hours:2: hours 0 is not a positive number"),
        ("huge", row("z", "1e300,,,"), "energy_mwh 1e300 is not a positive number up to 1e9"),
        ("negative", row("z", "-5,,,"), "energy_mwh -5 is not a positive number"),
        (
            "part",
            row("z", ",h100,1.5,2"),
            "gpus 1.5 is not a whole number of accelerators; slices of one are counted as a pool",
        ),
        ("big", row("z", ",h100,2000,5"), "it wants more GPUs than pool `h100` has, 1000"),
        ("slurm", row("12345_[1-10]", "5,,,"), "it holds `[`: use ASCII letters, digits, `-`, `_` and `.`, at most 64"),
        ("kueue", row("ns/train-job", "5,,,"), "a scheduler's own name goes into scheduler_ref"),
        ("accent", row("entraînement", "5,,,"), "`entraînement` is not an id, it holds `î`"),
        ("long", row(&"x".repeat(70), "5,,,"), "it has 70 characters"),
        ("escape", row("a\u{1b}[2Jb", "5,,,"), "`a\\u{1b}[2Jb` is not an id, it holds `\\u{1b}`"),
        (
            "local",
            format!("{WORK}z,batch,2026-05-11T09:00:00,{},5,,,\n", at(24)),
            "has no UTC offset; write 2026-03-29T01:30:00Z or 2026-03-29T03:30:00+02:00; in UTC that is 2026-05-11T09:00:00Z",
        ),
        ("backwards", format!("{WORK}z,batch,{},{},5,,,\n", at(24), at(0)), "is not after the release"),
        ("comma", row("z", "\"5,5\",,,"), "energy_mwh `5,5` is not a number: write a point, such as 5.5"),
        ("clock", row("z", ",h100,8,1-00:00:00"), "hours `1-00:00:00` is not a number: write hours as such"),
        (
            "semicolons",
            row("z", "5,,,").replace(',', ";"),
            "semicolons:1: the columns are separated by semicolons\n  hint: separate columns by commas",
        ),
        ("tabs", row("z", "5,,,").replace(',', "\t"), "the columns are separated by tabs"),
        (
            "twice",
            format!("{}z,batch,{span},7,,,\n", row("z", "5,,,")),
            "twice:3: work `z` is already in line 2, with other terms: keep one of them",
        ),
    ] {
        home.write(name, &text);
        home.run(&["work", "import", name]).refused(wanted);
        assert!(home.run(&["work", "list", "--format", "json"]).json()["work"].as_array().expect("work").is_empty());
    }
    // The same row again adds nothing; a byte order mark, carriage returns and blanks around names are no columns.
    let same = format!("{}z,batch,{span},5,,,\n", row("z", "5,,,"));
    home.write("same.csv", &same);
    let ran = home.run(&["work", "import", "same.csv", "--format", "json"]).ok().json();
    assert_eq!((&ran["added"], &ran["unchanged"], &ran["rejected"]), (&1.into(), &1.into(), &0.into()));
    let windows =
        format!("\u{feff}{}", row("y", "5,,,").replace('\n', "\r\n").replace("kind,release", "kind, release"));
    home.write("windows.csv", &windows);
    assert_eq!(home.run(&["work", "import", "windows.csv", "--format", "json"]).ok().json()["added"], 1);
}

#[test]
fn jobs_that_fit_no_whole_steps_say_so() {
    let home = Home::new(&format!("{TOML}{POOL}"));
    let half = |hour: i64| at(hour).replace(":00:00Z", ":30:00Z");
    home.write(
        "w.csv",
        &format!(
            "{WORK}long,batch,{},{},,h100,100,5\nedge,batch,{},{},,h100,100,3\noff,batch,{},{},,h100,100,2.5\n",
            at(0),
            at(3),
            at(45),
            at(48),
            half(0),
            half(3)
        ),
    );
    home.run(&["work", "import", "w.csv"]).ok();
    let made = plan(&home, 0, 48);
    let missed = |work: &str| {
        let found = list(&made, "missed").iter().find(|m| m["work"] == work);
        found.and_then(|m| m["message"].as_str()).map(String::from)
    };
    let say = |id: &str, steps: i64, room: i64| {
        format!(
            "{id}: it takes {steps} steps of 60 min, but only {room} whole steps lie between its release and its \
             deadline"
        )
    };
    assert_eq!((missed("long"), missed("off")), (Some(say("long", 5, 3)), Some(say("off", 3, 2))));
    assert_eq!(runs(&made, "edge"), [(45, 48)]);
}

/// 30 units of 16 accelerators at 1.3 kW for 2 h: 480 of them, 0.624 MW, 1.248 MWh, at the one site of their pool.
#[test]
fn an_array_is_listed_as_all_its_units_at_its_pools_site() {
    let second = "[[site]]\nid = \"other\"\nboundary = \"A\"\nit_capacity_mw = 10.0\n";
    let home = Home::new(&format!("{TOML}{POOL}{second}"));
    let span = format!("{},{}", at(0), at(24));
    home.write(
        "w.csv",
        &format!("id,release,deadline,energy_mwh,pool,gpus,hours,count\na,{span},,h100,16,2,30\nb,{span},4,,,,\n"),
    );
    home.run(&["work", "import", "w.csv"]).ok();
    let text = home.run(&["work", "list"]).ok().out;
    let cells = |id: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.starts_with(&format!("│ {id} "))).expect("a row");
        line.trim_matches('│').split('┆').map(|cell| cell.trim().to_string()).collect()
    };
    assert_eq!(cells("a")[6..], ["30", "1.248", "0.624", "480", "s"], "{text}");
    assert_eq!((cells("b")[6].as_str(), cells("b")[10].as_str()), ("1", "all"), "{text}");
    assert!(text.contains("are of all units together"), "{text}");
    let there = home.run(&["work", "list", "--site", "other", "--format", "json"]).ok().json();
    let ids: Vec<&Value> = list(&there, "work").iter().map(|row| &row["work"]["id"]).collect();
    assert_eq!(ids, ["b"]);
}
