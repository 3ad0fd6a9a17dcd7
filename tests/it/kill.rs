//! `kill -9` at any moment of a command that writes: all of what it does is there or nothing, and all that it had
//! acknowledged. A few kills of each, all of them with HOURMATCH_FULL.

use crate::support::{HEADER, Home, ONE_SITE, Random, hourly, in_full};
use serde_json::Value;
use std::fs::File;
use std::time::{Duration, Instant};

const FIRST: &str = "2026-01-01T00:00:00Z";
const DAY_S: i64 = 86_400;

fn first() -> reports::time::Instant {
    reports::time::Instant::parse(FIRST).expect("time")
}

fn at(seconds: i64) -> String {
    (first() + seconds).to_string()
}

/// What the store says to a query of one value.
pub fn query(home: &Home, sql: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let (url, sql) = (home.store_url(), sqlx::AssertSqlSafe(sql.to_string()));
    let (value,): (String,) = runtime.block_on(async {
        if url.starts_with("postgres") {
            let pool = sqlx::PgPool::connect(&url).await.expect("the server answers");
            let found = sqlx::query_as(sql).fetch_one(&pool).await.expect("a value");
            pool.close().await;
            found
        } else {
            let pool = sqlx::SqlitePool::connect(&url).await.expect("a store");
            let found = sqlx::query_as(sql).fetch_one(&pool).await.expect("a value");
            pool.close().await;
            found
        }
    });
    value
}

fn count(home: &Home, from: &str) -> usize {
    query(home, &format!("select cast(count(*) as text) from {from}")).parse().expect("a number")
}

/// Waits until the server has noticed that the client is gone: what it had been told to commit, it does commit.
fn alone(home: &Home) {
    let others = "pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    for _ in 0..400 {
        if count(home, others) == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("the server still works for a client that was killed");
}

/// Runs a command again and again, and kills it at some moment of the time it takes.
struct Kills<'h> {
    home: &'h Home,
    random: Random,
    /// What the command took when nobody killed it.
    took: Duration,
    killed: usize,
}

impl<'h> Kills<'h> {
    /// The first run is left alone.
    fn new(home: &'h Home, seed: u64, first: &[&str]) -> Self {
        let begun = Instant::now();
        home.run(first).ok();
        Self { home, random: Random::new(seed), took: begun.elapsed(), killed: 0 }
    }

    /// What the command printed, where it was done before it was killed.
    fn run(&mut self, args: &[&str]) -> Option<String> {
        let (out, said) = (self.home.path("acknowledged"), self.home.path("said"));
        let mut command = self.home.command();
        command.args(args).stdout(File::create(out).expect("made")).stderr(File::create(said).expect("made"));
        let mut child = command.spawn().expect("runs");
        // Up to a little later than it is done; the first one surely before.
        let most = if self.killed == 0 { 400 } else { 1_100 };
        std::thread::sleep(self.took.mul_f64(self.random.below(most) as f64 / 1_000.0));
        let _ = child.kill();
        let ended = child.wait().expect("waited for");
        if self.home.store_url().starts_with("postgres") {
            alone(self.home);
        }
        match ended.code() {
            None => {
                self.killed += 1;
                None
            }
            Some(code) => {
                assert_eq!(code, 0, "{args:?}: {}", self.home.read("said"));
                Some(self.home.read("acknowledged"))
            }
        }
    }
}

impl Drop for Kills<'_> {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.killed > 0, "no run was killed in time");
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e} in: {text}"))
}

/// How often each command is killed on SQLite, and on PostgreSQL.
fn often() -> (usize, usize) {
    if in_full() { (50, 15) } else { (8, 3) }
}

/// Both stores, with this portfolio.
fn on_both(portfolio: &str, kill: impl Fn(&Home, usize)) {
    let (on_sqlite, on_postgres) = often();
    kill(&Home::new(portfolio), on_sqlite);
    if let Some(home) = Home::on_postgres(portfolio) {
        kill(&home, on_postgres);
    }
}

const ROWS: usize = 20_000;

/// A file of its own: rows that follow those of the one before.
fn many_rows(file: usize) -> String {
    let mut text = String::from(HEADER);
    for row in (file * ROWS..(file + 1) * ROWS).map(|row| row as i64) {
        text.push_str(&format!("site/s/load,{},{},1,kWh\n", at(300 * row), at(300 * (row + 1))));
    }
    text
}

#[test]
fn a_file_is_taken_in_whole_or_not_at_all() {
    on_both(ONE_SITE, |home, times| {
        home.write("0.csv", &many_rows(0));
        let mut kills = Kills::new(home, 1, &["ingest", "0.csv"]);
        for file in 1..=times {
            let before = count(home, "readings");
            let name = format!("{file}.csv");
            home.write(&name, &many_rows(file));
            let acknowledged = kills.run(&["ingest", &name]).is_some();
            let more = count(home, "readings") - before;
            assert!(more == ROWS || more == 0 && !acknowledged, "{more} readings of file {file}");
            // Bytes, revision and rows are one.
            assert_eq!([count(home, "files"), count(home, "revisions")], [(before + more) / ROWS; 2], "{file}");
        }
        for file in 1..=times {
            home.run(&["ingest", &format!("{file}.csv")]).ok();
        }
        assert_eq!(count(home, "readings"), (times + 1) * ROWS);
        assert_eq!(count(home, "files"), times + 1);
    });
}

/// Rows of one file under a value of its own.
fn stretch(file: usize, kwh: i64) -> String {
    let mut text = String::from(HEADER);
    for row in (file * STRETCH..(file + 1) * STRETCH).map(|row| row as i64) {
        text.push_str(&format!("site/s/load,{},{},{kwh},kWh\n", at(300 * row), at(300 * (row + 1))));
    }
    text
}

const STRETCH: usize = 4_000;

#[test]
fn a_withdrawal_is_made_whole_or_not_at_all() {
    on_both(ONE_SITE, |home, times| {
        for file in 0..=times {
            for kwh in [1, 2] {
                let name = format!("{file}-{kwh}.csv");
                home.write(&name, &stretch(file, kwh));
                home.run(&["ingest", &name]).ok();
            }
        }
        let current = |value: i64| count(home, &format!("readings where until_revision is null and value = {value}"));
        let revoke = |file: usize| ["revoke", &format!("{}", 2 * file + 2), "--reason", "x"].map(String::from);
        let first = revoke(0);
        let mut kills = Kills::new(home, 6, &first.each_ref().map(String::as_str));
        let mut withdrawn = 1;
        for file in 1..=times {
            let args = revoke(file);
            let acknowledged = kills.run(&args.each_ref().map(String::as_str)).is_some();
            let marked = count(home, &format!("readings where revision = {} and withdrawn is not null", 2 * file + 2));
            assert!(marked == STRETCH || marked == 0 && !acknowledged, "{marked} readings of file {file}");
            withdrawn += marked / STRETCH;
            // The withdrawal, what it took and what it brought back are one.
            assert_eq!(count(home, "revisions where withdraws is not null"), withdrawn, "{file}");
            assert_eq!(
                [current(1_000), current(2_000)],
                [withdrawn, times + 1 - withdrawn].map(|n| n * STRETCH),
                "{file}"
            );
            if marked == 0 {
                home.run(&args.each_ref().map(String::as_str)).ok();
                withdrawn += 1;
            }
        }
        assert_eq!([current(1_000), current(2_000)], [(times + 1) * STRETCH, 0]);
    });
}

const NOW: &str = "2026-01-15T00:00:00Z";

/// A fortnight of wind, and work that a plan has something to do with.
fn with_work(home: &Home) {
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    home.write("wind.csv", &format!("{HEADER}{}", hourly("contract/w/generation", wind)));
    home.run(&["ingest", "wind.csv"]).ok();
    let row = |i: usize| format!("job-{i},2026-01-15T00:00:00Z,2026-02-15T00:00:00Z,{},3\n", i + 4);
    let work: String = (0..12).map(row).collect();
    let long = "long,2026-01-15T00:00:00Z,2026-02-15T00:00:00Z,600,3\n";
    home.write("work.csv", &format!("id,release,deadline,energy_mwh,max_mw\n{work}{long}"));
    home.run(&["work", "import", "work.csv"]).ok();
}

#[test]
fn a_reservation_is_there_once_or_not_at_all() {
    on_both(ONE_SITE, |home, times| {
        with_work(home);
        home.run(&["plan", "--now", NOW, "--horizon", "72h"]).ok();
        let reserve = |id: &str| {
            ["windows", "--duration", "1h", "--mw", "0.01", "--now", NOW, "--format", "json", "--reserve", id]
                .map(String::from)
        };
        let first = reserve("r-0");
        let mut kills = Kills::new(home, 2, &first.each_ref().map(String::as_str));
        let ids = || -> Vec<String> {
            let list = home.run(&["reservations", "list", "--now", NOW, "--format", "json"]).ok().json();
            let listed = list["reservations"].as_array().expect("a list").iter();
            let mut ids: Vec<String> = listed.map(|r| r["id"].as_str().expect("id").to_string()).collect();
            ids.sort();
            ids
        };
        let mut known = ids();
        for number in 1..=times {
            let id = format!("r-{number}");
            let args = reserve(&id);
            let acknowledged = kills.run(&args.each_ref().map(String::as_str));
            let found = ids();
            if let Some(text) = &acknowledged {
                assert_eq!(json(text)["reserved"], id.as_str());
                assert!(found.contains(&id), "{id} was acknowledged");
            }
            known.extend(found.contains(&id).then_some(id));
            known.sort();
            assert_eq!(found, known, "others stay as they were");
        }
        // Asked for again, each is there, and once.
        for number in 0..=times {
            let args = reserve(&format!("r-{number}"));
            home.run(&args.each_ref().map(String::as_str)).ok();
        }
        assert_eq!((ids().len(), count(home, "reservations")), (times + 1, times + 1));
    });
}

#[test]
fn a_plan_is_kept_whole_or_the_one_before_it_stands() {
    on_both(ONE_SITE, |home, times| {
        with_work(home);
        let plan = |hour: usize| {
            let now = at(14 * DAY_S + 3_600 * hour as i64);
            ["plan", "--horizon", "48h", "--format", "json", "--now", &now].map(String::from)
        };
        let first = plan(0);
        let mut kills = Kills::new(home, 3, &first.each_ref().map(String::as_str));
        let shown = |id: Option<&str>| {
            let args = [&["plan", "show", "--format", "json"][..], id.as_slice()].concat();
            home.run(&args).ok().json()
        };
        let mut standing = shown(None);
        for hour in 1..=times {
            let args = plan(hour);
            let acknowledged = kills.run(&args.each_ref().map(String::as_str));
            let current = shown(None);
            if let Some(text) = acknowledged {
                let made = json(&text);
                assert_eq!(shown(made["id"].as_str()), made, "what was printed is kept");
                assert_eq!(current["id"], made["id"], "and is the current plan");
            }
            // Either way a whole plan is there, with the problem it was made of.
            assert!(current == standing || current["made"].as_str() >= standing["made"].as_str(), "{hour}");
            assert!(current["balance"].as_array().is_some_and(|rows| rows.len() == 48), "{hour}: {current}");
            home.run(&["explain", "long"]).ok();
            standing = current;
        }
    });
}

/// Four sites and four contracts, in quarters of an hour.
fn quarters() -> String {
    let mut text =
        String::from("[portfolio]\nname = \"k\"\nsynthetic = true\nresolution = \"15min\"\n[[boundary]]\nid = \"A\"\n");
    for n in 0..4 {
        text.push_str(&format!("[[site]]\nid = \"s{n}\"\nboundary = \"A\"\nit_capacity_mw = 10.0\n"));
        text.push_str(&format!("[[contract]]\nid = \"w{n}\"\nboundary = \"A\"\ntechnology = \"wind\"\n"));
    }
    text
}

/// Readings of so many days, no two quarters alike.
fn metered(home: &Home, days: usize) {
    let mut text = String::from(HEADER);
    for quarter in (0..days * 96).map(|quarter| quarter as i64) {
        let (start, end) = (at(900 * quarter), at(900 * (quarter + 1)));
        for n in 0..4 {
            text.push_str(&format!("site/s{n}/load,{start},{end},{},kWh\n", 500 + quarter % 89 + n));
            text.push_str(&format!("contract/w{n}/generation,{start},{end},{},kWh\n", 300 + quarter % 97 * 5 + n));
        }
    }
    home.write("metered.csv", &text);
    home.run(&["ingest", "metered.csv"]).ok();
}

/// A command over one of these days.
fn over<'a>(command: &'a str, day: usize, more: &[&'a str]) -> Vec<String> {
    let (from, to) = (at(DAY_S * day as i64), at(DAY_S * (day as i64 + 1)));
    let args = [command, "--from", &from, "--to", &to, "--format", "json"];
    args.iter().chain(more).map(|arg| (*arg).to_string()).collect()
}

fn words(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

/// The settlements of a day, in SQL.
fn of_day(day: usize) -> String {
    let start = first() + DAY_S * day as i64;
    format!("settlements s where s.start_s = {}", start.seconds())
}

#[test]
fn a_settlement_is_posted_whole_or_not_at_all() {
    let (most, _) = often();
    let reference = Home::new(&quarters());
    metered(&reference, most + 1);
    let settled: Vec<Value> =
        (0..=most).map(|day| reference.run(&words(&over("settle", day, &[]))).ok().json()).collect();
    on_both(&quarters(), |home, times| {
        metered(home, times + 1);
        let first = over("settle", 0, &[]);
        let mut kills = Kills::new(home, 4, &words(&first));
        for day in 1..=times {
            let acknowledged = kills.run(&words(&over("settle", day, &[])));
            let rows = count(
                home,
                &format!("ledger l join {}", of_day(day).replace("where", "on s.id = l.settlement_id where")),
            );
            let wanted = settled[day]["rows_posted"].as_u64().expect("rows") as usize;
            assert!(rows == wanted || rows == 0 && acknowledged.is_none(), "{rows} of {wanted} rows of day {day}");
            assert_eq!(count(home, &of_day(day)), usize::from(rows > 0), "{day}: its head is there with its rows");
            if let Some(text) = acknowledged {
                assert_eq!(json(&text), settled[day], "{day}");
            }
        }
        let orphans = "ledger l left join settlements s on s.id = l.settlement_id where s.id is null";
        assert_eq!(count(home, orphans), 0);
        for day in 0..=times {
            assert_eq!(home.run(&words(&over("settle", day, &[]))).ok().json(), settled[day], "{day}, again");
        }
    });
}

#[test]
fn a_pack_is_there_whole_before_it_is_published() {
    on_both(&quarters(), |home, times| {
        metered(home, times + 1);
        let mut kills = Kills::new(home, 5, &words(&over("pack", 0, &["-o", "p-0"])));
        for day in 1..=times {
            let (name, again) = (format!("p-{day}"), format!("again-{day}"));
            let acknowledged = kills.run(&words(&over("pack", day, &["-o", &name])));
            let published = query(home, &format!("select coalesce(max(root), '') from {}", of_day(day)));
            let there = home.path(&name).exists();
            if let Some(text) = &acknowledged {
                assert_eq!(json(text)["root"], published.as_str(), "{day} was acknowledged");
            }
            assert!(there || published.is_empty(), "day {day} is published, and its pack is nowhere");
            if there {
                home.run(&["verify", &name]).ok();
            }
            // Whatever was lost can be made again, under the same root.
            let made = home.run(&words(&over("pack", day, &["-o", &again]))).ok().json();
            let root = made["root"].as_str().expect("root").to_string();
            assert!(published.is_empty() || published == root, "{day}: {published} is not {root}");
            home.run(&["verify", &again, "--root", &root]).ok();
            if there {
                home.run(&["verify", &name, "--root", &root]).ok();
            }
            let left = std::fs::read_dir(home.path(".")).expect("folder").filter_map(|entry| {
                let name = entry.expect("entry").file_name().to_string_lossy().into_owned();
                name.starts_with(".hourmatch-pack-").then_some(name)
            });
            assert_eq!(
                left.collect::<Vec<String>>(),
                Vec::<String>::new(),
                "left behind by a killed pack of day {day}"
            );
        }
    });
}
