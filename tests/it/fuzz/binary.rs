//! The same damage through the program, with no more than 2 GB: it answers, refuses or says how it is used, and a store
//! is as it was where it refused.

use super::mutate::mutated;
use super::seeds::{fixture, honest_archive};
use super::{cases, shown};
use crate::forgeries::honest;
use crate::kill::query;
use crate::support::{Home, Ran, Random};
use reports::received::feeds::{Asks, Feed};

const MEMORY_MIB: usize = 2_000;
const NOW: &str = "2026-01-03T00:00Z";

/// Everything that is taken in or made, counted.
fn held(home: &Home) -> String {
    let tables =
        ["readings", "forecasts", "invoices", "revisions", "files", "certificates", "work", "plans", "reservations"];
    let counts = tables.map(|table| format!("(select count(*) from {table})"));
    query(home, &format!("select cast({} as text)", counts.join(" || '/' || ")))
}

/// Runs a command and holds it to its promises; whether it was done.
fn hold(home: &Home, args: &[&str], what: &str) -> bool {
    let before = held(home);
    let ran: Ran = home.limited(MEMORY_MIB).args(args).output().expect("runs").into();
    let said = format!(
        "{args:?}, {what}\nexit {}\n{}\n{}",
        ran.code,
        ran.err,
        ran.out.chars().take(2_000).collect::<String>()
    );
    assert!((0..=2).contains(&ran.code), "{said}");
    assert!(!ran.err.contains("panicked") && !ran.out.contains("panicked"), "{said}");
    assert!(
        ran.code == 0 || ran.err.lines().count() > 0 || ran.out.contains("FAILED"),
        "refused without a word: {said}"
    );
    if ran.code != 0 {
        assert_eq!(held(home), before, "{said}");
    }
    ran.code == 0
}

/// The wide portfolio with its first readings.
fn home() -> Home {
    let home = Home::new(&String::from_utf8_lossy(&fixture("fuzz/hourmatch.toml")));
    std::fs::write(home.path("first.csv"), fixture("fuzz/readings.csv")).expect("written");
    home.run(&["ingest", "first.csv", "--reject", "bad.csv"]).ok();
    home
}

/// Files by the commands that read them, all as `in.csv`; those of feeds are in `feeds`.
const FILES: [(&str, &[&str]); 5] = [
    ("fuzz/readings.csv", &["ingest", "in.csv"]),
    ("fuzz/readings.csv", &["ingest", "in.csv", "--reject", "bad.csv", "--ends", "inclusive"]),
    ("fuzz/bills.csv", &["ingest", "in.csv"]),
    ("fuzz/work.csv", &["work", "import", "in.csv", "--reject", "bad.csv"]),
    ("fuzz/certificates.csv", &["certificates", "import", "in.csv"]),
];

fn feeds() -> Vec<(String, Vec<&'static str>)> {
    let one = |feed: &Feed| {
        let about = feed.about();
        let told: &[&str] = match about.asks {
            Asks::Nothing => &[],
            Asks::Label => &["--label", "end"],
            Asks::Issued => &["--issued", NOW],
        };
        let args = [&["ingest", "in.csv", "--source", about.name, "--area", "A"][..], told].concat();
        (format!("fuzz/{}.csv", about.name), args)
    };
    Feed::ALL.iter().map(one).collect()
}

#[test]
fn damaged_files_are_taken_whole_or_refused() {
    let home = home();
    let mut random = Random::new(11);
    let mut files = feeds();
    files.extend(FILES.iter().map(|(seed, args)| (seed.to_string(), args.to_vec())));
    for _ in 0..cases(42) {
        let (seed, args) = &files[random.below(files.len())];
        let mut bytes = mutated(&mut random, &fixture(seed), &fixture("fuzz/readings.csv"));
        if random.below(4) == 0 {
            bytes = gzipped(&mut random, &bytes);
        }
        std::fs::write(home.path("in.csv"), &bytes).expect("written");
        hold(&home, args, &shown(&bytes));
    }
    // Whatever was taken in, plans and reports can still be made of it or refused.
    let plan = ["plan", "--now", NOW, "--horizon", "24h", "--dry-run", "--time-limit", "20s"];
    hold(&home, &plan, "after them all");
    hold(&home, &["report", "--from", "2026-01-01", "--to", "2026-01-02", "--format", "json"], "after them all");
    hold(&home, &["check"], "after them all");
}

/// Packed, and one time in two damaged then.
fn gzipped(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(bytes).expect("memory");
    let packed = gz.finish().expect("memory");
    if random.below(2) == 0 { packed } else { mutated(random, &packed, bytes) }
}

#[test]
fn damaged_portfolios_are_read_or_refused() {
    let home = home();
    let portfolio = fixture("fuzz/hourmatch.toml");
    let questions: [&[&str]; 4] = [
        &["check"],
        &["plan", "--now", NOW, "--horizon", "12h", "--dry-run", "--time-limit", "5s"],
        &["report", "--from", "2026-01-01", "--to", "2026-01-02"],
        &["windows", "--duration", "2h", "--mw", "1", "--now", NOW],
    ];
    let mut random = Random::new(12);
    for _ in 0..cases(12) {
        let bytes = mutated(&mut random, &portfolio, &fixture("fuzz/work.csv"));
        std::fs::write(home.path("hourmatch.toml"), &bytes).expect("written");
        // The file names the store: without the flag it would be another one each time.
        let store = home.store_url();
        for args in questions {
            if !hold(&home, &[args, &["--store", &store]].concat(), &shown(&bytes)) && args == questions[0] {
                break;
            }
        }
    }
}

#[test]
fn damaged_packs_archives_and_proofs_are_refused() {
    let (home, pack) = honest();
    let archive = honest_archive(&pack);
    home.run(&["verify", "v2", "--prove", "one@2026-01-01T00:00:00Z", "-o", "proof.json"]).ok();
    let proof = std::fs::read(home.path("proof.json")).expect("a proof");
    let paths: Vec<&String> = pack.keys().collect();
    let mut random = Random::new(13);
    for _ in 0..cases(15) {
        let bytes = mutated(&mut random, &archive, &proof);
        std::fs::write(home.path("a.tar.zst"), &bytes).expect("written");
        hold(&home, &["verify", "a.tar.zst"], &shown(&bytes));
        let bytes = mutated(&mut random, &proof, &archive);
        std::fs::write(home.path("p.json"), &bytes).expect("written");
        hold(&home, &["verify", "--check-proof", "p.json"], &shown(&bytes));
        let path = paths[random.below(paths.len())];
        let bytes = mutated(&mut random, &pack[path], &proof);
        let target = home.path("v2").join(path);
        std::fs::write(&target, &bytes).expect("written");
        hold(&home, &["verify", "v2"], &format!("{path}: {}", shown(&bytes)));
        hold(&home, &["verify", "v2", "--prove", "one@2026-01-01T00:00:00Z"], path);
        std::fs::write(&target, &pack[path]).expect("put back");
    }
}

/// Options that take a time, a duration or a number, and one that is odd.
#[test]
fn odd_options_are_taken_or_refused() {
    let home = home();
    home.run(&["plan", "--now", NOW, "--horizon", "24h", "--time-limit", "2s"]).ok();
    let commands: [&[&str]; 18] = [
        &["report", "--from", "2026-01-01", "--to", "2026-01-02", "--as-of", "now"],
        &["settle", "--from", "2026-01-01", "--to", "2026-01-02"],
        &["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "p"],
        &["backtest", "--from", "2026-01-01", "--to", "2026-01-02", "--every", "6h", "--horizon", "24h"],
        &["plan", "--now", NOW, "--start", "2026-01-03", "--horizon", "12h", "--dry-run", "--time-limit", "5s"],
        &["plan", "--now", NOW, "--horizon", "12h", "--gap", "1e-4", "--iteration-limit", "1000", "--dry-run"],
        &["windows", "--now", NOW, "--duration", "2h", "--mw", "1", "--after", NOW, "--before", "now+1d", "--top", "3"],
        &["windows", "--now", NOW, "--duration", "2h", "--gpus", "64", "--pool", "h100", "--account", "acc"],
        &["capacity", "--now", NOW, "--site", "s", "--from", NOW, "--to", "now+6h"],
        &["work", "add", "w", "--energy-mwh", "1", "--release", NOW, "--deadline", "2026-01-04", "--priority", "3"],
        &[
            "work",
            "update",
            "w",
            "--state",
            "running",
            "--done",
            "0.4",
            "--at",
            "now-1h",
            "--last-checkpoint",
            "now-2h",
        ],
        &["forecast", "accuracy", "--from", "2026-01-01", "--to", "2026-01-02", "--every", "6h", "--horizon", "24h"],
        &["explain", "w", "--at", NOW],
        &["certificates", "export", "--as-of", NOW],
        &["ingest", "first.csv", "--delay", "1h"],
        &["reservations", "list", "--now", NOW],
        &["revisions", "--since", "2026-01-01", "--limit", "5"],
        &["revoke", "1", "--reason", "x", "--from", "2026-01-01", "--to", "2026-01-02", "--dry-run"],
    ];
    let mut random = Random::new(14);
    for _ in 0..cases(24) {
        let mut args: Vec<String> = commands[random.below(commands.len())].iter().map(ToString::to_string).collect();
        let at = 1 + random.below(args.len() - 1);
        if args[at - 1] == "-o" {
            // Where something is written is no matter of how it is spelled.
            continue;
        }
        let odd = mutated(&mut random, args[at].as_bytes(), b"now+1h");
        // No argument of a program holds a zero byte, and a very long one is refused before it starts.
        let odd: String = String::from_utf8_lossy(&odd).replace('\0', "").chars().take(20_000).collect();
        args[at] = odd;
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        hold(&home, &words, "as it stands");
    }
}
