//! The exit status is true to what the store holds, whatever becomes of the answer; outputs are proved before the store
//! changes; what is killed leaves nothing behind.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly};
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

const NOW: &str = "2026-01-15T00:00Z";

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Standard output is a full disk.
    Full,
    /// It is closed.
    Closed,
    /// Whoever read it is gone.
    Ended,
    /// `-o` names a full device.
    FullFile,
}

const FAULTS: [Fault; 4] = [Fault::Full, Fault::Closed, Fault::Ended, Fault::FullFile];

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Reads, and answers on standard output.
    Reads,
    /// Writes to the store, and answers.
    Writes,
    /// Changes no row: what it has made lies elsewhere, or was there already.
    Makes,
}

use Does::{Makes, Reads, Writes};

/// A store that every command has something to do in.
fn home() -> Home {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0; 14 * 24]) + &hourly("contract/w/generation", [0.5; 14 * 24]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.write("more.csv", &format!("{HEADER}{}", hourly("site/s/it_load", [1.0])));
    let bad = "site/s/it_load,2026-01-01T03:00:00Z,2026-01-01T04:00:00Z,NaN,MWh\n";
    home.write("bad.csv", &format!("{HEADER}{bad}{}", hourly("site/s/it_load", [1.0])));
    let work = "id,release,deadline,energy_mwh\na,2026-01-15T00:00:00Z,2026-01-17T00:00:00Z,1\n";
    home.write("w.csv", work);
    home.write("w2.csv", &work.replace("\na,", "\nb,"));
    home.write("w3.csv", &format!("{}c,2026,2026,1\n", work.replace("\na,", "\nb,")));
    let hour = "wind,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,9\n";
    let certificates = format!("id,device,registry,technology,start,end,wh\ng,w,R,{hour}");
    home.write("gc.csv", &certificates);
    home.write("gc2.csv", &certificates.replace("\ng,w", "\nh,x"));
    home.write("gc3.csv", &format!("{}i,w,R,wind,2026,2026,1\n", certificates.replace("\ng,w", "\nh,x")));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&["work", "import", "w.csv", "--now", NOW]).ok();
    home.run(&["certificates", "import", "gc.csv"]).ok();
    home.run(&["keys", "new", "k"]).ok();
    home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
    home.run(&["windows", "--duration", "1h", "--mw", "1", "--reserve", "held", "--now", NOW]).ok();
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "p"]).ok();
    home
}

/// Every command that answers, as JSON where people are told on standard error only.
const COMMANDS: [(Does, &str); 35] = [
    (Reads, "check"),
    (Reads, "forecast accuracy --from 2026-01-01 --to 2026-01-02 --format csv"),
    (Reads, "work list"),
    (Reads, "plan show"),
    (Reads, "plan --dry-run --horizon 48h"),
    (Reads, "explain a"),
    (Reads, "backtest --from 2026-01-14 --to 2026-01-15 --strategy asap --every 24h"),
    (Reads, "windows --duration 1h --mw 1"),
    (Reads, "reservations list"),
    (Reads, "capacity --site s"),
    (Reads, "certificates list"),
    (Reads, "certificates history g"),
    (Reads, "certificates export"),
    (Reads, "report --from 2026-01-01 --to 2026-01-02"),
    (Reads, "report --from 2026-01-01 --to 2026-01-02 --format json"),
    (Reads, "report --from 2026-01-01 --to 2026-01-02 --format xlsx"),
    (Reads, "keys show k"),
    (Reads, "pack-request p"),
    (Reads, "verify p"),
    (Reads, "verify p --format json"),
    (Reads, "--help"),
    (Writes, "ingest more.csv --format json"),
    (Writes, "work add x --energy-mwh 1 --deadline now+1d --format json"),
    (Writes, "work import w2.csv --format json"),
    (Writes, "work update a --state done --format json"),
    (Writes, "work cancel a --format json"),
    (Writes, "plan --horizon 24h"),
    (Writes, "windows --duration 2h --mw 1 --reserve job"),
    (Writes, "reservations release held --format json"),
    (Writes, "certificates import gc2.csv --format json"),
    (Writes, "certificates split g --at 4 --format json"),
    (Writes, "certificates cancel g --beneficiary X --format json"),
    (Writes, "settle --from 2026-01-02 --to 2026-01-03"),
    (Makes, "migrate --format json"),
    (Makes, "keys new another"),
];

/// Runs a command into a fault.
fn into(home: &Home, line: &str, fault: Fault) -> Ran {
    let mut args: Vec<&str> = line.split(' ').collect();
    if line != "--help" {
        args.extend(["--now", NOW]);
    }
    if fault == Fault::FullFile {
        args.extend(["-o", "/dev/full"]);
    }
    let mut command = match fault {
        Fault::Closed => {
            let mut shell = Command::new("sh");
            shell.current_dir(home.path("")).env_remove("HOURMATCH_STORE");
            shell.args(["-c", "exec \"$0\" \"$@\" >&-", env!("CARGO_BIN_EXE_hourmatch")]);
            shell
        }
        _ => home.command(),
    };
    command.args(&args).stderr(Stdio::piped());
    match fault {
        Fault::Full => command.stdout(File::options().write(true).open("/dev/full").expect("opens")),
        Fault::Ended => {
            let (reader, writer) = std::io::pipe().expect("a pipe");
            drop(reader);
            command.stdout(writer)
        }
        Fault::Closed | Fault::FullFile => command.stdout(Stdio::null()),
    };
    command.spawn().expect("runs").wait_with_output().expect("ends").into()
}

#[test]
fn the_exit_status_is_true_to_what_the_store_holds() {
    let home = home();
    let before = home.rows();
    assert!(before.len() > 300, "{}", before.len());
    for (does, line) in COMMANDS {
        for fault in FAULTS {
            let home = home.copied();
            let ran = into(&home, line, fault);
            let after = home.rows();
            let case = format!("{line} {fault:?}: {}", ran.err);
            assert!(!ran.err.contains("panicked"), "{case}");
            // Whoever stops reading has had enough; a full disk has not had the answer.
            let lost = matches!(fault, Fault::Full | Fault::FullFile) && (line, fault) != ("--help", Fault::FullFile);
            match does {
                Reads => {
                    assert_eq!(ran.code, i32::from(lost), "{case}");
                    assert_eq!(before, after, "{case}");
                    assert!(!lost || ran.err.contains("cannot be written: the disk is full"), "{case}");
                }
                Writes | Makes => {
                    assert_eq!(ran.code, 0, "{case}");
                    assert_eq!(before != after, does == Writes, "{case}");
                    assert_eq!(lost, ran.err.contains("warning: done, but"), "{case}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_stored_where_an_output_cannot_be_written() {
    let home = home();
    let before = home.rows();
    let period = "--from 2026-01-02 --to 2026-01-03";
    let settles = [
        format!("settle {period} -o nowhere/x"),
        format!("pack {period} -o w.csv"),
        format!("pack {period} -o w.csv/p"),
        format!("pack {period} -o p"),
        format!("report {period} -o nowhere/x"),
        format!("pack {period} -o p2 --timestamp gc.csv"),
    ];
    let lines = [
        "ingest bad.csv --reject /dev/full",
        "ingest bad.csv --reject nowhere/x",
        "ingest bad.csv --reject p",
        "ingest more.csv -o nowhere/x",
        // The second is refused: nothing of the first stays.
        "ingest more.csv bad.csv",
        "work import w3.csv --reject /dev/full",
        "work import w3.csv --reject nowhere/x",
        "certificates import gc3.csv --reject /dev/full",
        "certificates import gc3.csv --reject nowhere/x",
        "plan --horizon 24h --model /dev/full",
        "plan --horizon 24h --model nowhere/x",
        "plan --horizon 24h -o nowhere/x",
        "windows --duration 2h --mw 1 --reserve job -o nowhere/x",
        "work add x --energy-mwh 1 --deadline now+1d -o p --format json",
    ];
    for line in lines.into_iter().chain(settles.iter().map(String::as_str)) {
        let args: Vec<&str> = line.split(' ').chain(["--now", NOW]).collect();
        let ran = home.run(&args);
        assert_eq!(ran.code, 1, "{line}: {}", ran.err);
        assert_eq!(before, home.rows(), "{line}");
    }
    assert!(!home.path("p2").exists() && !home.path("nowhere").exists());
    // What two files say against each other is found when both are read, or when the second is taken.
    home.write("one.csv", &format!("{HEADER}{}", hourly("site/s/it_load", [1.0, 2.0])));
    let whole = "site/s/it_load,2026-01-01T00:30:00Z,2026-01-01T01:30:00Z,1,MWh\n";
    home.write("two.csv", &format!("{HEADER}{whole}"));
    home.run(&["ingest", "one.csv", "two.csv"]).refused("two.csv");
    assert_eq!(before, home.rows(), "the first of two files stayed");
}

#[test]
fn rejects_are_there_when_the_store_has_changed() {
    let home = home();
    let ran = home.run(&["ingest", "bad.csv", "--reject", "bad-rows.csv", "--format", "json"]).ok();
    assert_eq!(ran.json()["rejected"], 1);
    assert!(home.read("bad-rows.csv").contains("NaN"), "{}", ran.err);
    home.run(&["work", "import", "w3.csv", "--reject", "w-rows.csv", "--now", NOW]).ok();
    assert!(home.read("w-rows.csv").contains("c,2026,2026,1"));
    home.run(&["certificates", "import", "gc3.csv", "--reject", "gc-rows.csv"]).ok();
    assert!(home.read("gc-rows.csv").contains("i,w,R,wind,2026"));
}

/// What temporary things are called.
fn left(home: &Home) -> Vec<String> {
    let names = std::fs::read_dir(home.path("")).expect("folder");
    let names = names.map(|e| e.expect("entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".hourmatch-")).collect()
}

#[test]
fn a_killed_pack_leaves_nothing_at_the_next_run() {
    let home = home();
    let pack = ["pack", "--from", "2026-01-01", "--to", "2026-01-15", "-o", "big"];
    let versions = |home: &Home| home.rows().iter().filter(|row| row.starts_with("settlements:")).count();
    let before = versions(&home);
    let mut killed = 0;
    for wait_ms in [1, 3, 6, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 130, 170, 220, 300] {
        let mut child = home.command().args(pack).stderr(Stdio::null()).spawn().expect("runs");
        std::thread::sleep(Duration::from_millis(wait_ms));
        let dead = child.kill().is_ok() && child.wait().is_ok_and(|status| status.code().is_none());
        killed += usize::from(dead);
        // Published, or nothing of it: a settlement without its pack is none.
        let published = versions(&home) > before;
        if published {
            home.run(&["verify", "big"]).ok();
            break;
        }
    }
    assert!(killed > 0, "no run was killed in time");
    std::fs::create_dir(home.path(".hourmatch-pack-old")).expect("made");
    std::fs::write(home.path(".hourmatch-pack-old").join("manifest.json"), "x").expect("written");
    if versions(&home) == before {
        // What the dead may have moved into place before they said so is the same pack.
        home.run(&pack).ok();
    } else {
        home.run(&[&pack[..6], &["again"]].concat()).ok();
    }
    assert_eq!(left(&home), Vec::<String>::new());
    assert_eq!(versions(&home), before + 1);
    home.run(&["verify", "big"]).ok();
}

#[test]
fn a_pack_in_its_place_that_the_store_does_not_know_is_taken_for_what_it_is() {
    let home = home();
    for to in ["q", "q.tar.zst"] {
        let pack = ["pack", "--from", "2026-01-02", "--to", "2026-01-03", "-o", to];
        let (made, other) = (home.copied(), home.copied());
        made.run(&pack).ok();
        // As if the process had ended between moving it there and saying so to the store.
        let copied = Command::new("cp").arg("-r").arg(made.path(to)).arg(other.path(to)).status();
        assert!(copied.expect("cp").success());
        let packed = |home: &Home| {
            let files = home.tree().into_iter().filter(|(path, _)| path.starts_with(home.path(to)));
            files.map(|(_, bytes)| bytes).collect::<Vec<_>>()
        };
        let before = packed(&other);
        other.run(&pack).ok();
        assert_eq!((packed(&other), other.rows().len()), (before, made.rows().len()));
        other.run(&pack).refused(if to == "q" { "exists and is not empty" } else { "exists already" });
        // Something else in its place is never replaced.
        let strange = home.copied();
        let altered = if to == "q" { strange.path("q").join("manifest.json") } else { strange.path(to) };
        std::fs::create_dir_all(altered.parent().expect("inside")).expect("made");
        std::fs::write(&altered, "{}").expect("written");
        let before = (strange.rows(), packed(&strange));
        strange.run(&pack).refused("exists");
        assert_eq!(before, (strange.rows(), packed(&strange)));
    }
}

#[test]
fn a_signal_ends_a_command_and_removes_what_is_temporary() {
    let home = home();
    let pack = ["pack", "--from", "2026-01-01", "--to", "2026-01-15", "-o", "big.tar.zst"];
    let (mut ended, mut whole) = (0, false);
    for (number, wait_ms) in [2_u64, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150].into_iter().enumerate() {
        let (signal, code) = if number % 2 == 0 { ("-TERM", 143) } else { ("-INT", 130) };
        let mut child = home.command().args(pack).stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("runs");
        std::thread::sleep(Duration::from_millis(wait_ms));
        let kill = format!("kill {signal} {}", child.id());
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        let status = child.wait().expect("ends");
        // Before it listens for signals, one ends it as it ends anybody.
        ended += usize::from(status.code() == Some(code) || status.code().is_none());
        whole |= status.success();
        assert_eq!(left(&home), Vec::<String>::new(), "{signal} after {wait_ms} ms");
        if whole {
            break;
        }
    }
    assert!(ended > 0, "no run was ended in time");
    if whole || home.path("big.tar.zst").exists() {
        home.run(&["verify", "big.tar.zst"]).ok();
    }
    // The verifier unpacks an archive into a file that has no name.
    home.run(&[&pack[..6], &["other.tar.zst"]].concat()).ok();
    let scratch = home.path("tmp");
    std::fs::create_dir(&scratch).expect("made");
    for wait_ms in [5, 20, 40] {
        let mut command = Command::new(crate::support::verifier());
        command.current_dir(home.path("")).arg("other.tar.zst").env("TMPDIR", &scratch).stdout(Stdio::null());
        let mut child = command.spawn().expect("runs");
        std::thread::sleep(Duration::from_millis(wait_ms));
        let _ = (child.kill(), child.wait());
        assert_eq!(std::fs::read_dir(&scratch).expect("folder").count(), 0, "after {wait_ms} ms");
    }
}

#[test]
fn a_verdict_is_made_of_values() {
    let home = home();
    let root = home.run(&["verify", "p"]).ok().out;
    let root = root.lines().find_map(|line| line.strip_prefix("root ")).expect("a root").to_string();
    let verdict = home.run(&["verify", "p", "--root", &root, "--format", "json"]).ok().json();
    assert_eq!(verdict["schema"], "hourmatch/verify/2");
    assert_eq!((&verdict["verified"], &verdict["synthetic"]), (&true.into(), &true.into()));
    assert_eq!((&verdict["origin"], &verdict["origin_proved"]), (&serde_json::json!(["root"]), &true.into()));
    let pack = &verdict["pack"];
    assert_eq!(
        (&pack["root"], &pack["portfolio"], &pack["version"]),
        (&root.as_str().into(), &"one".into(), &1.into())
    );
    assert_eq!((&pack["load_wh"], &pack["matched_wh"]), (&24_000_000.into(), &12_000_000.into()));
    assert_eq!(pack["compared"]["readings"], 48);
    assert!(verdict["findings"].as_array().is_some_and(Vec::is_empty) && verdict["proof"].is_null());
    let failed = home.run(&["verify", "p", "--root", &"0".repeat(64), "--format", "json"]);
    assert_eq!(failed.code, 1, "{}", failed.err);
    let failed = failed.json();
    assert_eq!((&failed["verified"], &failed["origin_proved"]), (&false.into(), &false.into()));
    assert_eq!(failed["findings"][0]["subject"], "manifest.json");
    let proof = home.run(&["verify", "p", "--prove", "s@2026-01-01T00:00:00Z"]).ok().out;
    home.write("proof.json", &proof);
    let shown = home.run(&["verify", "--check-proof", "proof.json", "--format", "json"]).ok().json();
    assert_eq!((&shown["proof"]["site"], &shown["proof"]["figures"]["load_wh"]), (&"s".into(), &"1000000".into()));
    assert_eq!(shown["proof"]["allocations"][0]["contract"], "w");
}
