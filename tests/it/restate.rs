//! Corrections after a pack: a new version that says what it replaces, why and by how much, and matches again only what
//! the correction reaches.

use crate::packs::at_path;
use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly, verifier};
use hourmatch::clock::Clock;
use reports::time::RecordTime;
use serde_json::Value;
use std::process::Command;

const TO: &str = "2026-01-02";

fn day(series: &str, value: f64) -> String {
    hourly(series, [value; 24])
}

fn settled(home: &Home) {
    let rows = day("site/s/load", 1.0) + &day("contract/w/generation", 0.75);
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv", "--actor", "meter desk"]).ok();
}

fn correct(home: &Home) {
    home.write("c.csv", &format!("{HEADER}contract/w/generation,2026-01-01T05:00:00Z,2026-01-01T06:00:00Z,0.25,MWh\n"));
    let why = ["--actor", "j.doe", "--reason", "meter exchanged"];
    home.run(&[&["ingest", "c.csv"], &why[..]].concat()).ok();
}

fn pack(home: &Home, to: &str, more: &[&str]) -> Ran {
    let args = [&["pack", "--from", "2026-01-01", "--to", TO, "-o", to, "--format", "json"], more].concat();
    home.run(&args).ok()
}

fn verified(home: &Home, dir: &str) -> String {
    let done = Command::new(verifier()).arg(home.path(dir)).output().expect("runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}");
    said
}

fn each_store(test: impl Fn(&Home)) {
    each_store_of(ONE_SITE, test);
}

fn each_store_of(portfolio: &str, test: impl Fn(&Home)) {
    test(&Home::new(portfolio));
    if let Some(home) = Home::on_postgres(portfolio) {
        test(&home);
    }
}

/// Certificates of the contract are cancelled for `us`.
fn for_us() -> String {
    let named = ONE_SITE.replace("technology = \"wind\"", "technology = \"wind\"\nbeneficiary = \"us\"");
    assert_ne!(named, ONE_SITE);
    named
}

#[test]
fn a_correction_restates_what_it_reaches_and_no_more() {
    each_store(|home| {
        settled(home);
        let first = pack(home, "v1", &[]).json();
        assert_eq!(
            (&first["version"], &first["intervals_allocated"], &first["rows_posted"]),
            (&1.into(), &24.into(), &48.into())
        );
        let again = pack(home, "v1-again", &[]).json();
        assert_eq!(
            (&again["version"], &again["root"], &again["intervals_allocated"]),
            (&1.into(), &first["root"], &0.into())
        );
        correct(home);
        let why = ["--reason", "meter M-1 read late", "--actor", "auditor"];
        let second = pack(home, "v2", &why).json();
        assert_eq!(second["version"], 2);
        assert_eq!(second["replaces"], first["root"]);
        // One interval, both ledgers: two rows reversed, two posted.
        assert_eq!((&second["intervals_allocated"], &second["rows_posted"]), (&1.into(), &4.into()));
        verified(home, "v1");
        verified(home, "v2");
        let deltas = home.read("v2/restatements.csv");
        assert!(deltas.contains("portfolio,,matched_wh,18000000,17500000"), "{deltas}");
        assert!(deltas.contains("A,2026-01-01T05:00:00Z,matched_wh,750000,250000"), "{deltas}");
        let results: Value = serde_json::from_str(&home.read("v2/results.json")).expect("json");
        assert_eq!(results["restatement"]["reason"], "meter M-1 read late");
        assert_eq!(results["restatement"]["intervals_changed"], 1);
        let revision = results["revisions"].as_array().expect("revisions").iter().find(|r| r["actor"] == "j.doe");
        assert_eq!(revision.expect("named")["reason"], "meter exchanged");
    });
}

/// The restated tables are those of a store that knew the correction from the start.
#[test]
fn a_restatement_equals_a_full_run() {
    let (home, fresh) = (Home::new(ONE_SITE), Home::new(ONE_SITE));
    settled(&home);
    pack(&home, "v1", &[]);
    correct(&home);
    pack(&home, "v2", &[]);
    settled(&fresh);
    correct(&fresh);
    pack(&fresh, "full", &[]);
    let (restated, full) = (at_path(&home.path("v2")), at_path(&fresh.path("full")));
    for table in ["allocations.csv", "intervals.csv", "site_intervals.csv", "instrument_intervals.csv", "unmatched.csv"]
    {
        assert_eq!(restated[table], full[table], "{table}");
    }
}

/// Each version reverses what stood before it, wherever that was posted, and keeps the rest from where it stands.
#[test]
fn a_second_correction_reverses_what_both_versions_left() {
    each_store(|home| {
        settled(home);
        pack(home, "v1", &[]);
        correct(home);
        pack(home, "v2", &[]);
        for (file, hour, value) in [("again.csv", 5, 0.5), ("late.csv", 23, 0.0)] {
            let row = format!("contract/w/generation,2026-01-01T{hour:02}:00:00Z,{},{value},MWh\n", next(hour));
            home.write(file, &format!("{HEADER}{row}"));
            home.run(&["ingest", file]).ok();
        }
        let third = pack(home, "v3", &[]).json();
        // Hour 5: two rows reversed, two posted. Hour 23: two reversed, none to post.
        assert_eq!((&third["version"], &third["intervals_allocated"]), (&3.into(), &2.into()));
        assert_eq!(third["rows_posted"], 6);
        verified(home, "v3");
        let allocations = home.read("v3/allocations.csv");
        assert_eq!(allocations.matches("T05:00:00Z,500000,").count(), 2, "{allocations}");
        assert!(!allocations.contains("T23:00:00Z"), "{allocations}");
        assert_eq!(allocations.lines().count(), 1 + 2 * 23);
    });
}

fn next(hour: u32) -> &'static str {
    if hour == 23 { "2026-01-02T00:00:00Z" } else { "2026-01-01T06:00:00Z" }
}

#[test]
fn a_report_as_of_then_repeats_the_first_version() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    let json = ["report", "--from", "2026-01-01", "--to", TO, "--format", "json"];
    let before = home.run(&json).ok().json();
    let recorded = RecordTime::parse(before["revisions"][0]["recorded"].as_str().expect("recorded")).expect("time");
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    correct(&home);
    // Asked by the second: the file came within the one that its record time starts.
    let until = (recorded.instant() + 1).to_string();
    let as_of = home.run(&[&json[..], &["--as-of", &until]].concat());
    assert_eq!(as_of.ok().json()["portfolio"], before["portfolio"]);
    assert_ne!(home.run(&json).ok().json()["portfolio"], before["portfolio"]);
}

/// Definitions have record times as readings do.
#[test]
fn a_report_as_of_then_takes_the_portfolio_of_then() {
    each_store(|home| {
        settled(home);
        let until = (Clock::recorded().instant() + 1).to_string();
        let json = ["report", "--from", "2026-01-01", "--to", TO, "--format", "json", "--as-of", until.as_str()];
        let before = home.run(&json).ok();
        assert_eq!(before.json()["portfolio"]["matched_wh"], 18_000_000);
        // Asked by the second: the change comes in a later one.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        let gas = ONE_SITE.replace("technology = \"wind\"", "technology = \"gas\"\nef_g_per_kwh = 400.0");
        assert_ne!(gas, ONE_SITE);
        home.write("hourmatch.toml", &gas);
        let after = home.run(&json).ok();
        assert_eq!(after.out, before.out);
        for said in [&before.err, &after.err] {
            assert!(said.contains("portfolio as recorded 20") && said.contains(", sha256 "), "{said}");
        }
        assert_eq!(home.run(&json[..7]).ok().json()["portfolio"]["matched_wh"], 0, "the present one");
        let early = [&json[..8], &["2020-01-01T00:00:00Z"]].concat();
        let fallen_back = "no portfolio had been recorded by 2020-01-01T00:00:00Z: the present file is used";
        home.run(&early).refused(fallen_back).refused("have no load");
    });
}

/// The second after now, and past it: record times are asked for by the second.
fn past_this_second() -> String {
    let until = (Clock::recorded().instant() + 1).to_string();
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    until
}

/// Settlements have record times, too: what is packed later changes no report as of then.
#[test]
fn a_report_as_of_then_sees_the_versions_of_then() {
    each_store(|home| {
        settled(home);
        let unsettled = past_this_second();
        pack(home, "v1", &[]);
        let until = past_this_second();
        let as_of = |until: &str| {
            let json = ["report", "--from", "2026-01-01", "--to", TO, "--format", "json", "--as-of", until];
            home.run(&json).ok()
        };
        let (before, first) = (as_of(&unsettled), as_of(&until));
        assert_eq!(before.json()["version"], 1);
        assert_eq!((&first.json()["version"], &first.json()["restatement"]), (&1.into(), &Value::Null));
        correct(home);
        assert_eq!(as_of(&until).out, first.out);
        pack(home, "v2", &[]);
        assert_eq!((as_of(&unsettled).out, as_of(&until).out), (before.out, first.out));
        let now = as_of("now+1d").json();
        assert_eq!((&now["version"], &now["portfolio"]["matched_wh"]), (&2.into(), &17_500_000.into()));
    });
}

/// Evidence of what was known then is no settlement: what stands is reversed by nobody.
#[test]
fn a_pack_as_of_then_leaves_the_ledger_as_it_is() {
    each_store(|home| {
        settled(home);
        let unsettled = past_this_second();
        let first = pack(home, "v1", &[]).json();
        correct(home);
        let second = pack(home, "v2", &[]).json();
        let then = pack(home, "then", &["--as-of", &unsettled]);
        assert!(then.err.contains("nothing is settled, the ledger stays as it is"), "{}", then.err);
        let then = then.json();
        assert_eq!((&then["version"], &then["rows_posted"]), (&1.into(), &0.into()));
        verified(home, "then");
        let allocations = home.read("then/allocations.csv");
        assert_eq!(allocations.matches("T05:00:00Z,750000,").count(), 2, "{allocations}");
        let settle = ["settle", "--from", "2026-01-01", "--to", TO, "--as-of", &unsettled];
        assert!(home.run(&settle).ok().err.contains("nothing is settled"));
        let again = pack(home, "again", &[]);
        assert!(again.err.contains("nothing has changed"), "{}", again.err);
        let again = again.json();
        assert_eq!((&again["version"], &again["root"]), (&2.into(), &second["root"]));
        assert_eq!(again["replaces"], first["root"]);
    });
}

/// A report of a published period that changed since says that it would be the next version.
#[test]
fn a_report_knows_the_pack_it_would_replace() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    let first = pack(&home, "v1", &[]).json();
    correct(&home);
    let report = home.run(&["report", "--from", "2026-01-01", "--to", TO, "--format", "json"]).ok().json();
    assert_eq!((&report["version"], &report["replaces"]), (&2.into(), &first["root"]));
    assert_eq!(report["restatement"]["reason"], "data received since: c.csv; because: meter exchanged");
}

/// Nobody says why to the pack: it carries what was said to the corrections that forced it, each once.
#[test]
fn a_restatement_carries_the_reasons_of_its_corrections() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    pack(&home, "v1", &[]);
    correct(&home);
    for (file, value, reason) in [("d.csv", 0.5, "read late"), ("e.csv", 0.125, "meter exchanged")] {
        let row = format!("contract/w/generation,2026-01-01T05:00:00Z,{},{value},MWh\n", next(5));
        home.write(file, &format!("{HEADER}{row}"));
        home.run(&["ingest", file, "--reason", reason]).ok();
    }
    // Of these only the last is what the figures rest on.
    let made = pack(&home, "v2", &[]);
    let told = "restated (by whom is not stated): data received since: e.csv; because: meter exchanged";
    assert!(made.err.contains(told), "{}", made.err);
    home.write("f.csv", &format!("{HEADER}contract/w/generation,2026-01-01T23:00:00Z,{},0.5,MWh\n", next(23)));
    home.run(&["ingest", "f.csv", "--reason", "read late"]).ok();
    home.write("g.csv", &format!("{HEADER}contract/w/generation,2026-01-01T05:00:00Z,{},0.75,MWh\n", next(5)));
    home.run(&["ingest", "g.csv", "--reason", "meter exchanged"]).ok();
    let made = pack(&home, "v3", &[]);
    let told = "data received since: f.csv, g.csv; because: meter exchanged; read late";
    assert!(made.err.contains(told), "{}", made.err);
    verified(&home, "v3");
}

/// A retraction leaves no row that a report reads, and others leave rows that it does not: the reason is the former.
#[test]
fn a_reason_is_that_of_what_changed_the_readings() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    pack(&home, "v1", &[]);
    let row = |day: u32, value: &str, quality: &str| {
        format!("contract/w/generation,2026-01-0{day}T05:00:00Z,2026-01-0{day}T06:00:00Z,{value},MWh,{quality}\n")
    };
    home.write("other.csv", &format!("{}{}", "series,start,end,value,unit,quality\n", row(3, "0.5", "measured")));
    home.run(&["ingest", "other.csv", "--actor", "somebody", "--reason", "another day"]).ok();
    home.write("gone.csv", &format!("{}{}", "series,start,end,value,unit,quality\n", row(1, "", "missing")));
    home.run(&["ingest", "gone.csv", "--actor", "meter desk", "--reason", "meter was down"]).ok();
    let made = pack(&home, "v2", &[]);
    assert!(
        made.err.contains("restated by meter desk: data received since: gone.csv; because: meter was down"),
        "{}",
        made.err
    );
    assert!(!made.err.contains("another day") && !made.err.contains("other.csv"), "{}", made.err);
    // Nothing came: the portfolio is another, and that is said.
    home.write("hourmatch.toml", &ONE_SITE.replace("name = \"one\"", "name = \"two\""));
    let made = pack(&home, "v3", &[]);
    assert!(made.err.contains("restated (by whom is not stated): the portfolio changed"), "{}", made.err);
    verified(&home, "v3");
}

/// Settled but never published: settling again replaces it, and no version is lost.
#[test]
fn an_unpublished_settlement_is_replaced() {
    each_store(|home| {
        settled(home);
        let settle = ["settle", "--from", "2026-01-01", "--to", TO, "--format", "json"];
        assert_eq!(home.run(&settle).ok().json()["version"], 1);
        correct(home);
        assert_eq!(home.run(&settle).ok().json()["version"], 1);
        assert_eq!(pack(home, "v1", &[]).json()["version"], 1);
        assert_eq!(home.run(&settle).ok().json()["intervals_allocated"], 0);
        verified(home, "v1");
    });
}

const CERTIFICATES: &str = "id,device,registry,technology,start,end,wh,status,beneficiary\n";

fn import(home: &Home, rows: &str) {
    home.write("gc.csv", &format!("{CERTIFICATES}{rows}"));
    home.run(&["certificates", "import", "gc.csv"]).ok();
}

/// A certificate of another year or of a device nobody has, a bill of another month: no part of what was reported.
#[test]
fn what_a_period_does_not_rest_on_restates_nothing() {
    each_store(|home| {
        settled(home);
        let own = "mine,w,R,wind,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,18000000,cancelled,us\n";
        import(home, own);
        let first = pack(home, "v1", &[]).json();
        let strange = "old,w,R,wind,2024-01-01T00:00:00Z,2024-01-02T00:00:00Z,100,cancelled,us\n\
            later,w,R,wind,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z,100,cancelled,us\n\
            other,zzz,R,wind,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,100,cancelled,us\n";
        import(home, strange);
        home.write("bill.csv", "invoice,site,start,end,wh\n1,s,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,5\n");
        home.run(&["ingest", "bill.csv", "--actor", "billing"]).ok();
        let again = pack(home, "again", &[]);
        assert!(again.err.contains("nothing has changed"), "{}", again.err);
        let again = again.json();
        assert_eq!((&again["version"], &again["root"]), (&1.into(), &first["root"]));
        let used = home.read("again/certificates_used.csv");
        assert_eq!(used.lines().count(), 2, "{used}");
        assert!(!home.read("again/inputs/certificates.csv").contains("zzz"));
    });
}

/// Certificates are stated, not required: no Wh moves, but the claim does.
#[test]
fn a_withdrawal_restates_the_claim_by_whom_and_why() {
    each_store_of(&for_us(), |home| {
        settled(home);
        import(home, "m,w,R,wind,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,18000000,cancelled,us\n");
        pack(home, "v1", &[]);
        home.run(&["certificates", "withdraw", "m", "--actor", "reg", "--reason", "fraud"]).ok();
        let made = pack(home, "v2", &[]);
        assert!(made.err.contains("restated by reg: certificates: withdraw of m: fraud"), "{}", made.err);
        assert!(made.err.contains("claims changed"), "{}", made.err);
        let made = made.json();
        assert_eq!((&made["version"], &made["intervals_allocated"]), (&2.into(), &0.into()));
        let deltas = home.read("v2/restatements.csv");
        assert!(deltas.contains("contract/w,,claim,cancelled,none"), "{deltas}");
        assert!(deltas.contains("contract/w,,claim_withdrawn_wh,0,18000000"), "{deltas}");
        // Of the portfolio's figures only what is backed of them.
        assert!(deltas.contains("portfolio,,backed_matched_wh,18000000,0\n"), "{deltas}");
        let moved = deltas.lines().filter(|row| row.starts_with("portfolio,,")).all(|row| row.contains("backed"));
        assert!(moved, "{deltas}");
        assert!(deltas.contains("contract/w,,claim_backed_wh,18000000,0\n"), "{deltas}");
        let results: Value = serde_json::from_str(&home.read("v2/results.json")).expect("json");
        assert_eq!(
            (&results["restatement"]["actor"], &results["restatement"]["intervals_changed"]),
            (&"reg".into(), &24.into()),
            "in every hour less is backed"
        );
        let revisions = home.read("v2/inputs/revisions.csv");
        assert!(revisions.contains(",,reg,withdraw of m: fraud"), "{revisions}");
        let act = results["revisions"].as_array().expect("revisions").iter().find(|r| r["actor"] == "reg");
        assert_eq!(act.expect("named")["reason"], "withdraw of m: fraud");
        verified(home, "v1");
        verified(home, "v2");
    });
}

#[test]
fn whoever_brought_in_a_bill_is_named_and_the_bill_is_in_the_pack() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    home.write("bill.csv", "invoice,site,start,end,wh\n1,s,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,24000000\n");
    home.run(&["ingest", "bill.csv", "--actor", "billing", "--reason", "January"]).ok();
    pack(&home, "v1", &[]);
    verified(&home, "v1");
    let revisions = home.read("v1/inputs/revisions.csv");
    let row = revisions.lines().find(|row| row.ends_with(",billing,January")).expect("a row");
    let sha256 = row.split(',').nth(1).expect("a hash");
    assert_eq!(home.read(&format!("v1/inputs/received/{sha256}")), home.read("bill.csv"));
    let results: Value = serde_json::from_str(&home.read("v1/results.json")).expect("json");
    let named = results["revisions"].as_array().expect("revisions").iter().any(|r| r["actor"] == "billing");
    assert!(named, "{results}");
    // Readings and bill have an actor; of a second bill nobody says whose it is.
    assert!(!results["disclosure"].to_string().contains("received files"), "{results}");
    home.write("more.csv", "invoice,site,start,end,wh\n2,s,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,24000000\n");
    home.run(&["ingest", "more.csv"]).ok();
    let report = home.run(&["report", "--from", "2026-01-01", "--to", TO, "--format", "json"]).ok();
    let told = "1 of 3 received files were recorded without an actor or a reason.";
    assert!(report.out.contains(told), "{}", report.out);
}

/// Files that came without an actor are listed all the same where people read.
#[test]
fn files_nobody_put_a_name_to_are_listed() {
    let home = Home::new(ONE_SITE);
    let rows = day("site/s/load", 1.0) + &day("contract/w/generation", 0.75);
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
    let report = ["report", "--from", "2026-01-01", "--to", TO];
    let json = home.run(&[&report[..], &["--format", "json"]].concat()).ok().json();
    assert_eq!(json["revisions"], serde_json::json!([]), "the same rows in another file give the same document");
    home.run(&[&report[..], &["--format", "html", "-o", "r.html"]].concat()).ok();
    pack(&home, "v1", &[]);
    let revisions = home.read("v1/inputs/revisions.csv");
    let sha256 = revisions.lines().nth(1).and_then(|row| row.split(',').nth(1)).expect("a hash");
    let page = home.read("r.html");
    let row = page.split("<tr").find(|row| row.contains(sha256)).expect("a row of the file");
    assert!(row.contains("not stated"), "{row}");
}
