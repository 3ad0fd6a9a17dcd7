//! Small habits of the command line: questions of `init`, parts in percent, plans compared.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use std::io::Write;
use std::process::Stdio;

fn answered(home: &Home, args: &[&str], answers: &str) -> (Option<i32>, String) {
    let mut child = home
        .command()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    // It may end before it has read everything.
    let _ = child.stdin.take().expect("stdin").write_all(answers.as_bytes());
    let done = child.wait_with_output().expect("ends");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stderr), String::from_utf8_lossy(&done.stdout));
    (done.status.code(), said)
}

#[test]
fn init_asks_and_says_what_comes_next() {
    let home = Home::new("");
    home.write("meters.csv", &format!("{HEADER}{}", hourly("site/berlin/load", [1.0])));
    let export = "datetime_beginning_utc,datetime_beginning_ept,fuel_type,mw,fuel_percentage_of_total,is_renewable\n";
    home.write("gen.csv", export);
    home.write("odd.csv", "Zeit;kWh\n2026-01-01 00:00;2\n2026-01-01 01:00;3\n");
    home.write("notes.txt", "Dear all,\nplease see 4 pages of minutes.\n");
    let answers = "Acme AI\neur\n95%\nberlin\nDE-LU\n\n40\n\n\n10\nn\ny\nsolar\n\n\n30\n\n\n\n";
    let asked = ["init", "--ask", "-c", "asked.toml", "--now", "2026-11-29"];
    let (code, said) = answered(&home, &asked, answers);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("notes.txt"), "what is not data is not proposed: {said}");
    for wanted in [
        "Its time zone [Europe/Berlin]:",
        "Technology: solar, wind, hydro, nuclear, geothermal [wind]:",
        "Year that you have the grid's generation of [2025]:",
        "Another contract? y or n [n]:",
        "asked.toml is valid: 1 boundary, 1 site, 1 contract",
        "note: site berlin: no load",
        "  hourmatch ingest meters.csv\n",
        "  hourmatch ingest gen.csv --area AREA      # PJM Data Miner generation by fuel",
        "  hourmatch ingest --explain odd.csv",
    ] {
        assert!(said.contains(wanted), "`{wanted}` not in: {said}");
    }
    let written = home.read("asked.toml");
    for wanted in
        ["name = \"Acme AI\"", "currency = \"EUR\"", "target = 0.95", "over = \"2025\"", "plan_at = \"0 14 * * *\""]
    {
        assert!(written.contains(wanted), "`{wanted}` not in: {written}");
    }
    // Answers that end leave nothing half-written; nobody is asked who is not at a terminal.
    let (code, said) = answered(&home, &["init", "--ask", "-c", "other.toml"], "fleet\n");
    assert!(code == Some(1) && said.contains("there is no answer to: Currency"), "{said}");
    assert!(!home.path("other.toml").exists());
    home.run(&["init", "--yes", "-o", "x.toml"]).refused("hourmatch init -c x.toml");
    assert!(!home.path("x.toml").exists());
    let (code, said) = answered(&home, &["init", "-c", "third.toml"], "");
    assert!(code == Some(0) && said.contains("edit it, then run `hourmatch check`"), "{said}");
}

#[test]
fn init_asks_again_until_an_answer_can_stand_in_a_portfolio() {
    let home = Home::new("");
    let answers = "fleet\n\n\na\nPJM\n\n10\n\n7\n\n\ny\na\nb\nGB\n\n10\n\n\n\n\n\
                   y\nbiomass\nWind offshore\nfusion\ncoal\nx\nsolar\n\nFR\nGB\n\n\n25:00\n06:30\n";
    let (code, said) = answered(&home, &["init", "--ask", "-c", "asked.toml"], answers);
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        "must be between 1 and 5",
        "has that id already",
        "write one of solar, wind, hydro, nuclear, geothermal",
        "no site is in that area, and energy never crosses areas; write one of PJM, GB",
        "write such as 14:00",
        "asked.toml is valid: 2 boundaries, 2 sites, 1 contract",
    ] {
        assert!(said.contains(wanted), "`{wanted}` not in: {said}");
    }
    assert!(home.read("asked.toml").contains("plan_at = \"30 6 * * *\""), "{said}");
}

#[test]
fn a_part_done_may_be_in_percent_and_plans_are_compared() {
    let home = Home::new(ONE_SITE);
    let wind = (0..48).map(|hour| f64::from(hour % 7));
    home.write("r.csv", &format!("{HEADER}{}", hourly("contract/w/generation", wind)));
    home.run(&["ingest", "r.csv"]).ok();
    home.write("w.csv", "id,release,deadline,energy_mwh,max_mw\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,10,4\n");
    home.run(&["work", "import", "w.csv"]).ok();
    let now = ["--now", "2026-01-01T00:00:00Z", "--horizon", "24h"];
    home.run(&["plan", "diff", "--now", now[1]]).refused("there is no plan yet");
    home.run(&[&["plan"][..], &now].concat()).ok();
    home.run(&["plan", "diff", "--now", now[1]]).refused("no plan is stored from before");
    home.run(&["work", "update", "a", "--done", "20%", "--state", "running", "--now", now[1]]).ok();
    let list = home.run(&["work", "list", "--format", "json"]).ok().json();
    assert!(list.to_string().contains("\"done\":0.2"), "{list}");
    for wrong in ["120%", "-1%", "%", "a"] {
        let ran = home.run(&["work", "update", "a", &format!("--done={wrong}")]);
        assert_ne!(ran.code, 0, "{wrong}: {}", ran.err);
    }
    home.write("w2.csv", "id,release,deadline,energy_mwh,max_mw\nb,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,30,6\n");
    home.run(&["work", "import", "w2.csv"]).ok();
    home.run(&[&["plan"][..], &now].concat()).ok();
    let diff = home.run(&["plan", "diff", "--now", now[1]]).ok().out;
    assert!(diff.starts_with("since plan p-") && diff.contains("  new: b"), "{diff}");
    let json = home.run(&["plan", "diff", "--now", now[1], "--format", "json"]).ok().json();
    assert_eq!((&json["schema"], &json["new"][0]), (&"hourmatch/plan-diff/1".into(), &"b".into()));
    // What was reported is said as reported.
    home.run(&["work", "cancel", "b"]).ok();
    home.run(&["work", "update", "a", "--state", "done", "--now", now[1]]).ok();
    home.run(&[&["plan"][..], &now].concat()).ok();
    let diff = home.run(&["plan", "diff", "--now", now[1]]).ok().out;
    assert!(
        diff.contains("1 done, 1 cancelled") && diff.contains("  cancelled: b") && !diff.contains("gone"),
        "{diff}"
    );
    let json = home.run(&["plan", "diff", "--now", now[1], "--format", "json"]).ok().json();
    let of = |key: &str| json[key].to_string();
    assert_eq!((of("done"), of("cancelled"), of("gone")), ("[\"a\"]".into(), "[\"b\"]".into(), "[]".into()));
}

/// A time is written in a work list as on the command line.
#[test]
fn work_lists_take_times_as_the_command_line_does() {
    let home = Home::new(&ONE_SITE.replace("synthetic = true", "synthetic = true\ntime_zone = \"Europe/Berlin\""));
    let add = ["work", "add", "x", "--energy-mwh", "1", "--max-mw", "1"];
    home.run(&[&add[..], &["--release", "2025-11-12", "--deadline", "2025-11-13T06:00Z"]].concat()).ok();
    home.write(
        "w.csv",
        "id,release,deadline,energy_mwh,max_mw\ny,2025-11-12,2025-11-13T06:00Z,1,1\nz,2025-11,2025-11-13T06Z,1,1\n",
    );
    home.run(&["work", "import", "w.csv"]).ok();
    let list = home.run(&["work", "list", "--format", "json"]).ok().json();
    let of = |at: usize| (list["work"][at]["work"]["release"].clone(), list["work"][at]["work"]["deadline"].clone());
    let ends = "2025-11-13T06:00:00Z";
    assert_eq!((of(0), of(1)), (("2025-11-11T23:00:00Z".into(), ends.into()), of(0)));
    assert_eq!(of(2), ("2025-10-31T23:00:00Z".into(), ends.into()));
    for wrong in ["now+6h", "tomorrow", "2025-13-01", "2025-11-12T00:00"] {
        home.write("w.csv", &format!("id,release,deadline,energy_mwh\nb,{wrong},2027-01-01,1\n"));
        home.run(&["work", "import", "w.csv"]).refused("release: ");
    }
}

#[test]
fn nothing_is_never_less_than_nothing() {
    let home = Home::new(ONE_SITE);
    home.write("r.csv", &format!("{HEADER}{}", hourly("contract/w/generation", (0..48).map(|_| 1.0))));
    home.run(&["ingest", "r.csv"]).ok();
    let now = ["--now", "2026-01-01T00:00:00Z"];
    let planned = home.run(&[&["plan", "--horizon", "24h"][..], &now].concat()).ok().out;
    assert!(planned.contains("0 pieces of work, 0.000 MWh of IT energy"), "{planned}");
    let page = home.run(&[&["plan", "show", "--format", "html"][..], &now].concat()).ok().out;
    for text in [planned, page] {
        let zero = ["-0.0", "-0 ", "-0%", "−0"].into_iter().find(|zero| text.contains(zero));
        assert_eq!(zero, None, "{text}");
    }
}

#[test]
fn a_hint_that_many_share_stands_once() {
    let home = Home::new(ONE_SITE);
    let row = |value: &str| format!("site/s/load,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,{value},MWh\n");
    home.write("r.csv", &format!("{HEADER}{}{}{}", row("x"), row("y"), row("z")));
    let ran = home.run(&["ingest", "r.csv"]);
    assert_eq!((ran.code, ran.err.matches("hint: ").count()), (1, 1), "{}", ran.err);
    assert!(ran.err.contains("r.csv:2:") && ran.err.contains("r.csv:4:"), "{}", ran.err);
}

/// What a name ends in is what stands in the file, or there is no file.
#[test]
fn an_output_is_what_its_name_ends_in_or_is_refused() {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 0.5]) + &hourly("contract/w/generation", [0.5, 0.75]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    let day = ["--from", "2026-01-01", "--to", "2026-01-01T02:00Z"];
    let now = ["--now", "2026-01-01T00:00Z"];
    let refused: [(Vec<&str>, &str, &str); 9] = [
        (vec!["check"], "check.csv", "it writes text (.txt, or no ending), .json"),
        ([&["plan", "show"][..], &now].concat(), "plan.xlsx", ".json, .csv, .html"),
        ([&["plan", "show"][..], &now].concat(), "plan.pdf", ".json, .csv, .html"),
        ([&["plan", "diff"][..], &now].concat(), "d.csv", "it writes text (.txt, or no ending), .json"),
        ([&["report"][..], &day].concat(), "r.docx", ".html, .pdf, .xlsx, .parquet"),
        ([&["report"][..], &day].concat(), "r.csv.gz", ".html, .pdf, .xlsx, .parquet"),
        (vec!["completions", "bash"], "bash.json", "it writes text"),
        ([&["pack"][..], &day].concat(), "p2.zip", "-o DIR or -o FILE.tar.zst"),
        ([&["pack"][..], &day].concat(), "p2.json", "-o DIR or -o FILE.tar.zst"),
    ];
    for (args, file, wanted) in refused {
        home.run(&[&args[..], &["-o", file]].concat()).refused(wanted);
        assert!(!home.path(file).exists(), "{file}");
    }
    home.run(&["check", "-o", "check.json"]).ok();
    assert!(home.read("check.json").starts_with("{\n"), "an answer that is JSON under that name");
    for name in ["check.txt", "check", "check.2026-01"] {
        home.run(&["check", "-o", name]).ok();
        assert!(home.read(name).contains(" is valid"), "{name}");
    }
    // Who asks for a form gets it under any name.
    let csv = [&["report", "--format", "csv"][..], &day].concat();
    let printed = home.run(&csv).ok().out;
    home.run(&[&csv[..], &["-o", "r.docx"]].concat()).ok();
    assert_eq!(home.read("r.docx"), printed);
}
