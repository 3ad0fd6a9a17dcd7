//! Bad input on every subcommand: a clear error, exit 1, and an unchanged store.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use std::io::Write;

fn home() -> Home {
    let home = Home::new(ONE_SITE);
    home.write("good.csv", &format!("{HEADER}{}", hourly("site/s/load", [1.0; 48])));
    home.run(&["ingest", "good.csv"]).ok();
    home
}

#[test]
fn files_that_are_no_readings() {
    let home = home();
    let before = home.stored();
    let row = |value: &str| format!("{HEADER}site/s/load,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,{value},MWh\n");
    let cases: [(&str, Vec<u8>, &str); 15] = [
        ("empty", Vec::new(), "is empty"),
        ("header", b"time,load\n1,2\n".to_vec(), "header:1: its header matches no known source"),
        ("columns", b"series,start,end,load\n1,2\n".to_vec(), "unknown column `load`"),
        ("lacking", b"series,start,end,value\n".to_vec(), "the header lacks unit"),
        ("nan", row("NaN").into_bytes(), "`NaN` is not a decimal number"),
        ("huge", row("1e400").into_bytes(), "too large"),
        ("negative", row("-1").into_bytes(), "must not be negative"),
        ("twice", format!("{}{}", row("1"), &row("1")[HEADER.len()..]).into_bytes(), "is the same interval as line 2"),
        (
            "overlap",
            format!("{}site/s/load,2026-02-01T00:30:00Z,2026-02-01T01:30:00Z,1,MWh\n", row("1")).into_bytes(),
            "overlaps the interval of line 2",
        ),
        ("local", row("1").replace("T00:00:00Z", "T00:00:00").into_bytes(), "has no UTC offset"),
        ("skipped", row("1").replace("2026-02-01T00:00:00Z", "2026-03-29T02:30").into_bytes(), "has no UTC offset"),
        ("backwards", row("1").replace("2026-02-01T01", "2026-01-31T01").into_bytes(), "is not after the start"),
        ("binary", (0..=255).cycle().take(10_000).collect(), ""),
        ("series", row("1").replace("site/s/load", "site/s/lode").into_bytes(), "is not a series"),
        ("unit", row("1").replace("MWh", "share").into_bytes(), "measures a share"),
    ];
    for (name, bytes, wanted) in cases {
        std::fs::write(home.path(name), bytes).expect("written");
        let ran = home.run(&["ingest", name]).refused(wanted);
        assert!(ran.err.contains(name), "{name} is not named in {}", ran.err);
        assert_eq!(before, home.stored(), "{name} changed the store");
    }
}

#[test]
fn a_line_of_two_gigabytes_is_not_held_in_memory() {
    let home = home();
    let before = home.stored();
    let file = std::fs::File::create(home.path("long.csv.gz")).expect("made");
    let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gz.write_all(HEADER.as_bytes()).expect("written");
    let chunk = vec![b'a'; 1 << 20];
    for _ in 0..2_048 {
        gz.write_all(&chunk).expect("written");
    }
    gz.finish().expect("finished");
    home.run(&["ingest", "long.csv.gz"]).refused("line 2 is longer than");
    assert_eq!(before, home.stored());
}

#[test]
fn times_periods_and_names() {
    let home = home();
    let before = home.stored();
    let cases: [(&[&str], &str); 16] = [
        (&["report", "--from", "2026-03-29T02:30", "--to", "2026-04-01"], "has no UTC offset"),
        (&["report", "--from", "2026-01-02", "--to", "2026-01-01"], "is not after --from"),
        (&["report", "--from", "2026-01-01T00:10Z", "--to", "2026-01-02"], "does not lie on the 60-minute UTC grid"),
        (&["report", "--from", "2027-01-01", "--to", "2027-01-02"], "have no load reading"),
        (&["pack", "--from", "2026-01-01", "--to", "2026-01-02"], "a pack is a folder"),
        (&["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "good.csv"], "is not a folder to write to"),
        (&["plan", "--horizon", "0h"], "shorter than one step"),
        (&["plan", "--strategy", "magic"], "is not known"),
        (&["plan", "show", "p-none"], "there is no plan"),
        (&["windows", "--duration", "4", "--mw", "2"], "is not a duration"),
        (&["windows", "--duration", "4h", "--mw", "NaN"], "is not a positive number"),
        (&["windows", "--duration", "4h", "--mw", "1", "--site", "nowhere"], "is not in the portfolio"),
        (&["work", "cancel", "nothing"], "there is no work"),
        (&["work", "add", "a/b", "--energy-mwh", "1", "--deadline", "now+1d"], "is not an id"),
        (&["work", "add", "a", "--energy-mwh", "inf", "--deadline", "now+1d"], "is not a positive number"),
        (&["serve", "--listen", "0.0.0.0:8080"], "can be reached from other machines"),
    ];
    for (args, wanted) in cases {
        home.run(args).refused(wanted);
        let mut json: Vec<&str> = args.to_vec();
        json.extend(["--format", "json"]);
        let ran = home.run(&json);
        if ran.code == 1 {
            let error: serde_json::Value = serde_json::from_str(ran.err.lines().last().unwrap_or("")).expect(&ran.err);
            assert!(error["error"]["what"].is_string());
        }
    }
    // Everything that is wrong with a question, and who was meant.
    let asked = home.run(&["windows", "--duration", "40d", "--mw", "1", "--site", "nowhere"]);
    asked.refused("is not between a second and 31 days").refused("site `nowhere` is not in the portfolio");
    assert_eq!(before, home.stored());
    assert_eq!(home.run(&["plan", "--no-such-flag"]).code, 2);
    assert_eq!(home.run(&["nonsense"]).code, 2);
}

#[test]
fn work_lists() {
    let home = home();
    let before = home.stored();
    let header = "id,release,deadline,energy_mwh\n";
    for (name, text, wanted) in [
        ("w1.csv", "", "is empty"),
        ("w2.csv", "id,when\n", "unknown column `when`"),
        ("w3.csv", "id,release,deadline,energy_mwh,gpu\n", "did you mean `gpus`?"),
        (
            "w4.csv",
            &format!("{header}a,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,NaN\n"),
            "energy_mwh is not a finite number",
        ),
        ("w5.csv", &format!("{header}a,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z,1\n"), "is not after the release"),
        ("w6.csv", &format!("{header}a,2026-01-01T00:00:00,2026-01-02T00:00:00Z,1\n"), "has no UTC offset"),
        (
            "w7.csv",
            "id,release,deadline\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z\n",
            "neither `energy_mwh` nor `gpus`",
        ),
        ("w8.csv", "id,id,release,deadline\n", "occurs twice"),
        (
            "w9.csv",
            "id,kind,release,deadline,max_mw,hours,class\na,training,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,5,9,gold\n",
            "class `gold` is not one of firm, flex-1",
        ),
        (
            "w10.csv",
            "id,release,deadline,energy_mwh,preempt\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,5,perhaps\n",
            "preempt `perhaps` is not never",
        ),
        (
            "w11.csv",
            "id,release,deadline,pool,gpus,hours\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,h100,8,2\n",
            "pool `h100` is not in the portfolio; pools: there is none",
        ),
        (
            "w12.csv",
            "id,release,deadline,energy_mwh,miss_price_per_mwh\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,5,100000\n",
            "is not below the event price",
        ),
    ] {
        home.write(name, text);
        let ran = home.run(&["work", "import", name]).refused(wanted);
        assert!(ran.err.contains(name), "{}", ran.err);
    }
    assert_eq!(before, home.stored());
}

#[test]
fn a_store_that_is_none() {
    let home = Home::new(ONE_SITE);
    home.write("hourmatch.db", "this is not a database, whatever its name says\n");
    home.run(&["plan"]).refused("hourmatch store");
    home.run(&["check", "--store", "mysql://x"]).refused("neither SQLite nor PostgreSQL");
    home.run(&["plan", "--store", "postgres://nobody@127.0.0.1:1/none"]).refused("PostgreSQL does not answer");
}

#[test]
fn a_foreign_folder_is_left_alone() {
    let home = Home::new(ONE_SITE);
    std::fs::create_dir(home.path("mine")).expect("folder");
    home.write("mine/thesis.txt", "years of work");
    home.run(&["demo", "mine"]).refused("nothing was changed");
    assert_eq!(home.read("mine/thesis.txt"), "years of work");
}
