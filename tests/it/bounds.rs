//! What is asked for has ends: times, durations, periods, tables, and the rows of a file.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly, in_full};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

const NOW: &str = "2026-01-15T00:00Z";

/// One site with a reading, a piece of work and a plan.
fn home() -> Home {
    let home = Home::new(ONE_SITE);
    home.write("r.csv", &format!("{HEADER}site/s/load,2026-01-14T00:00:00Z,2026-01-14T01:00:00Z,1,MWh\n"));
    home.run(&["ingest", "r.csv"]).ok();
    home.write("w.csv", "id,release,deadline,energy_mwh\na,2026-01-15T00:00:00Z,2026-01-16T00:00:00Z,1\n");
    home.run(&["work", "import", "w.csv"]).ok();
    home.run(&["plan", "--now", NOW, "--horizon", "24h"]).ok();
    home
}

/// Every option that takes a time, at `T`.
const TIMES: [&str; 24] = [
    "check --now T",
    "report --from T --to 2026-01-02",
    "report --from 2026-01-01 --to T",
    "report --from 2026-01-01 --to 2026-01-02 --as-of T",
    "settle --from T --to 2026-01-02",
    "settle --from 2026-01-01 --to 2026-01-02 --as-of T",
    "pack --from 2026-01-01 --to T -o p",
    "backtest --from T --to 2026-01-02",
    "backtest --from 2026-01-01 --to T",
    "plan --now T",
    "plan --start T",
    "windows --duration 1h --mw 1 --after T",
    "windows --duration 1h --mw 1 --before T",
    "capacity --site s --from T",
    "capacity --site s --to T",
    "work add b --energy-mwh 1 --release T --deadline 2026-02-01",
    "work add b --energy-mwh 1 --deadline T",
    "work update a --state running --at T",
    "work update a --state running --last-checkpoint T",
    "forecast accuracy --from T",
    "forecast accuracy --to T",
    "explain a --at T",
    "certificates export --as-of T",
    "ingest r.csv --source neso --area A --issued T",
];

#[test]
fn every_time_on_the_command_line_lies_between_1970_and_9999() {
    let home = home();
    let before = home.stored();
    let bad = [
        ("1969-12-31", "1970 to 9999"),
        ("9999-12-31T23:59:59-23:59", "1970 to 9999"),
        ("+262142-12-31", "is not an RFC 3339 time"),
        ("10000-01-01T00:00Z", "is not an RFC 3339 time"),
        ("now+999999999h", "is longer than ten years"),
    ];
    for command in TIMES {
        for (time, wanted) in bad {
            let args: Vec<&str> = command.split(' ').map(|word| if word == "T" { time } else { word }).collect();
            home.run(&args).refused(wanted);
        }
    }
    assert_eq!(home.stored(), before);
}

#[test]
fn every_duration_is_at_most_ten_years() {
    let home = home();
    for command in [
        "plan --horizon D",
        "plan --time-limit D",
        "windows --duration D --mw 1",
        "backtest --from 2026-01-01 --to 2026-01-02 --every D",
        "backtest --from 2026-01-01 --to 2026-01-02 --horizon D",
        "forecast accuracy --every D",
        "forecast accuracy --horizon D",
        "ingest r.csv --delay D",
    ] {
        for duration in ["3661d", "99999999999999999999h", "9223372036854775807s"] {
            let args: Vec<&str> = command.split(' ').map(|word| if word == "D" { duration } else { word }).collect();
            home.run(&args).refused("is longer than ten years");
        }
    }
    // The last plan there may be ends in 9999; one that would end later is not begun.
    home.run(&["plan", "--now", "9999-12-30T00:00Z", "--horizon", "24h", "--dry-run"]).ok();
    home.run(&["plan", "--now", "9999-12-31T00:00Z", "--horizon", "48h", "--dry-run"]).refused("1970 to 9999");
    let end = ["--from", "9999-12-30", "--to", "9999-12-31"];
    home.run(&[&["backtest", "--horizon", "48h"], &end[..]].concat()).refused("1970 to 9999");
}

/// From 1970-01-01 to 9999-01-01 there are 2 932 532 days of 24 hours; to 2026-01-15, 20 468.
#[test]
fn periods_that_no_report_holds_are_refused_with_their_numbers() {
    let home = home();
    let before = home.stored();
    let all = ["--from", "1970", "--to", "9999"];
    let many = "70380768 intervals are more than one report holds, 300000";
    for command in [&["report"][..], &["settle"], &["pack", "-o", "p"], &["backtest"]] {
        home.run(&[command, &all].concat()).refused(many);
    }
    assert!(!home.path("p").exists());
    home.run(&["forecast", "accuracy", "--from", "1970", "--now", NOW])
        .refused("491232 hours are more than one comparison allows, 300000");
    let every = ["--from", "2016", "--every", "1h", "--horizon", "744h", "--now", NOW];
    home.run(&[&["forecast", "accuracy"], &every[..]].concat())
        .refused("values, more than one comparison allows, 50000000");
    // As far as forecasts reach: two days from now.
    home.run(&[&["ingest", "--source", "gb", "--area", "A", "--now", NOW], &all[..]].concat())
        .refused("982608 intervals are more than one backfill takes, 300000");
    assert_eq!(home.stored(), before);
}

fn portfolio(sites: usize, contracts: usize) -> String {
    let mut text = String::from("[portfolio]\nname = \"many\"\nsynthetic = true\n[[boundary]]\nid = \"A\"\n");
    for n in 0..sites {
        text.push_str(&format!("[[site]]\nid = \"s{n}\"\nboundary = \"A\"\nit_capacity_mw = 1.0\n"));
    }
    for n in 0..contracts {
        text.push_str(&format!("[[contract]]\nid = \"w{n}\"\nboundary = \"A\"\ntechnology = \"wind\"\n"));
    }
    text
}

#[test]
fn tables_that_no_portfolio_has_are_refused_with_their_numbers() {
    let home = Home::new(&portfolio(1, 2_001));
    home.run(&["check"]).refused("2001 contracts are more than a portfolio has, 2000");
    home.write("hourmatch.toml", &portfolio(2_001, 1));
    home.run(&["check"]).refused("2001 sites are more than a portfolio has, 2000");
    // 200 contracts that serve 100 sites each, over 8 760 hours.
    home.write("hourmatch.toml", &portfolio(100, 200));
    let year = ["--from", "2022", "--to", "2023"];
    for command in [&["report"][..], &["settle"], &["pack", "-o", "p"], &["backtest"]] {
        home.run(&[command, &year].concat())
            .refused("are 175200000 allocations, more than one report holds, 150000000");
    }
    assert!(!home.path("p").exists());
}

/// Shares that floats add up to exactly one.
#[test]
fn shares_are_added_up_exactly() {
    let plants = |shares: &[&str]| -> String {
        let contract = |(n, share): (usize, &&str)| {
            format!(
                "[[contract]]\nid = \"w{n}\"\nboundary = \"A\"\ntechnology = \"wind\"\nplant = \"p\"\nshare = \"{share}\"\n"
            )
        };
        portfolio(2, 0) + &shares.iter().enumerate().map(contract).collect::<String>()
    };
    let home = Home::new(&plants(&["1/3", "1/3", "1/3"]));
    home.run(&["check"]).ok();
    home.write("hourmatch.toml", &plants(&["1/3", "1/3", "1/3", "0.00000000000000001"]));
    home.run(&["check"]).refused("the shares of plant `p` add up to more than 1");
    let split = |parts: &str| {
        let rule = "allocation = \"pro_rata_contract\"";
        format!(
            "{}[[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\n{rule}\nsplit = {{ {parts} }}\n",
            portfolio(2, 0)
        )
    };
    home.write("hourmatch.toml", &split("s0 = \"1/3\", s1 = \"2/3\""));
    home.run(&["check"]).ok();
    home.write("hourmatch.toml", &split("s0 = \"1/3\", s1 = \"6148914691236517205/9223372036854775807\""));
    home.run(&["check"]).refused("the parts of `split` add up to more than 1");
}

fn gzipped(home: &Home, name: &str) -> GzEncoder<BufWriter<File>> {
    let file = File::create(home.path(name)).expect("made");
    GzEncoder::new(BufWriter::new(file), Compression::fast())
}

fn packed(text: &str) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::default());
    gz.write_all(text.as_bytes()).expect("memory");
    gz.finish().expect("memory")
}

/// What a quote swallows that nobody closes: some megabytes become more than there is memory for.
#[test]
fn a_quote_that_is_left_open_is_named_by_its_line() {
    let home = home();
    let before = home.stored();
    // 2 000 members of a megabyte and more, packed once.
    let member = packed(&"1,2,3,4,5\n".repeat(1 << 17));
    for (name, header, command) in [
        ("r.csv.gz", HEADER, &["ingest", "r.csv.gz"][..]),
        ("r.csv.gz", HEADER, &["ingest", "r.csv.gz", "--reject", "bad.csv"]),
        ("b.csv.gz", "invoice,site,start,end,wh\n", &["ingest", "b.csv.gz"]),
        ("w.csv.gz", "id,release,deadline,energy_mwh\n", &["work", "import", "w.csv.gz"]),
        ("c.csv.gz", "id,device,registry,technology,start,end,wh\n", &["certificates", "import", "c.csv.gz"]),
    ] {
        let mut file = BufWriter::new(File::create(home.path(name)).expect("made"));
        file.write_all(&packed(&format!("{header}\""))).expect("written");
        (0..2_000).for_each(|_| file.write_all(&member).expect("written"));
        file.into_inner().expect("flushed");
        assert!(std::fs::metadata(home.path(name)).expect("there").len() < 32 << 20);
        let ran: Ran = home.limited(2_000).args(command).output().expect("runs").into();
        let ran = ran.refused("the row that starts in line 2 spans ");
        assert!(ran.err.contains("is longer than 65536 bytes: is a quote left open?"), "{}", ran.err);
        assert!(ran.err.contains(name), "{}", ran.err);
    }
    assert_eq!(home.stored(), before);
}

#[test]
fn gzip_that_was_cut_or_changed_is_refused_whole() {
    let home = home();
    let before = home.stored();
    let whole = packed(&format!("{HEADER}{}", hourly("site/s/load", [1.0; 24])));
    // The last eight bytes are CRC and length of what was packed.
    for cut in [1, 4, 8, 9, 40] {
        std::fs::write(home.path("r.csv.gz"), &whole[..whole.len() - cut]).expect("written");
        home.run(&["ingest", "r.csv.gz"]).refused("r.csv.gz: cannot be read: ");
    }
    for back in [1, 5] {
        let mut changed = whole.clone();
        let at = changed.len() - back;
        changed[at] ^= 1;
        std::fs::write(home.path("r.csv.gz"), changed).expect("written");
        home.run(&["ingest", "r.csv.gz", "--reject", "bad.csv"]).refused("does not have a matching checksum");
    }
    assert_eq!(home.stored(), before);
    std::fs::write(home.path("r.csv.gz"), whole).expect("written");
    home.run(&["ingest", "r.csv.gz"]).ok();
}

/// Bad rows by the million: named where none may be bad, and every one of them written, in their order, in little memory.
#[test]
fn any_number_of_bad_rows_is_rejected_in_bounded_memory() {
    let rows: u64 = if in_full() { 20_000_000 } else { 300_000 };
    let home = home();
    let before = home.stored();
    let mut gz = gzipped(&home, "bad.csv.gz");
    gz.write_all(HEADER.as_bytes()).expect("written");
    let is_bad = |row: u64| row % 1_000 != 1;
    for row in 0..rows {
        // Nearly all are bad in themselves; of the others, which are one interval, all but the first.
        let value = if is_bad(row) { format!("{row}x") } else { row.to_string() };
        writeln!(gz, "site/s/it_load,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,{value},Wh").expect("written");
    }
    gz.finish().expect("finished");
    let run = |args: &[&str]| -> Ran { home.limited(2_000).args(args).output().expect("runs").into() };
    let ran = run(&["ingest", "bad.csv.gz"]).refused("bad.csv.gz:2: `0x` is not a decimal number");
    assert!(ran.err.lines().last().is_some_and(|line| line.contains(" more")), "{}", ran.err);
    assert_eq!(home.stored(), before);
    let done = run(&["ingest", "bad.csv.gz", "--reject", "rejected.csv", "--format", "json"]).ok().json();
    assert_eq!((&done["rejected"], &done["files"][0]["added"]), (&(rows - 1).into(), &1.into()));
    let mut lines = BufReader::new(File::open(home.path("rejected.csv")).expect("written")).lines();
    let header = lines.next().expect("a header").expect("text");
    assert_eq!(header, "series,start,end,value,unit,reject_line,reject_reason");
    // Row 1, in line 3, is the one that was taken.
    let mut numbers = (0..rows).filter(|row| *row != 1);
    for line in lines {
        let (line, row) = (line.expect("text"), numbers.next().expect("no more than were bad"));
        let cells: Vec<&str> = line.splitn(7, ',').collect();
        let why = if is_bad(row) { "is not a decimal number" } else { "is the same interval as line 3" };
        assert!(cells[5] == (row + 2).to_string() && cells[6].contains(why), "{row}: {line}");
    }
    assert_eq!(numbers.next(), None, "each bad row is there");
}
