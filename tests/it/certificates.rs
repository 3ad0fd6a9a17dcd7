//! The certificate register: every Wh once, used once, and every step of it on record.

use crate::support::{Home, ONE_SITE, Ran, postgres_schema};
use hourmatch::clock::Clock;
use hourmatch::store::Store;
use hourmatch::store::certificates::{self, Entry};
use reports::certificates::{Certificate, Status};
use reports::time::{Instant, RecordTime};
use serde_json::Value;

const HEADER: &str = "id,device,registry,technology,start,end,wh,owner,expires\n";

/// A folder and a store on either engine.
pub struct Register {
    pub home: Home,
    pub url: String,
}

impl Register {
    pub fn at(url: Option<String>) -> Self {
        let portfolio = format!(
            "{ONE_SITE}[[contract]]\nid = \"x\"\nboundary = \"A\"\ntechnology = \"solar\"\nplant = \"p\"\n\
             beneficiary = \"Example AI Ltd\"\n"
        );
        let home = Home::new(&portfolio);
        let url = url.unwrap_or_else(|| format!("sqlite://{}", home.path("hourmatch.db").display()));
        Self { home, url }
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let mut all = args.to_vec();
        all.extend(["--store", &self.url]);
        self.home.run(&all)
    }

    fn gc(&self, args: &[&str]) -> Ran {
        self.run(&[&["certificates"][..], args].concat())
    }

    /// The same as JSON.
    fn json(&self, args: &[&str]) -> Value {
        self.gc(&[args, &["--format", "json"][..]].concat()).ok().json()
    }

    fn export(&self) -> String {
        self.gc(&["export"]).ok().out
    }

    /// Two bundles of an hour and one of a month.
    fn filled(self) -> Self {
        let hour = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";
        let rows = [
            format!("gc-1,w,PJM-GATS,wind,{hour},100,Wind Ltd,2100-01-01T00:00:00Z\n"),
            format!("gc-2,p,PJM-GATS,solar,{hour},5000,Sun Ltd,\n"),
            "gc-3,p,PJM-GATS,solar,2026-01-01T00:00:00+01:00,2026-02-01T00:00:00+01:00,7000000,Sun Ltd,\n".into(),
        ];
        self.home.write("gc.csv", &format!("{HEADER}{}", rows.concat()));
        self.gc(&["import", "gc.csv", "--actor", "j.doe", "--reason", "January"]).ok();
        self
    }
}

pub fn ask<T>(url: &str, question: impl AsyncFnOnce(&Store) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let store = Store::open(url).await.expect("opened");
        let answer = question(&store).await;
        store.close().await;
        answer
    })
}

/// Runs a promise on both engines.
pub fn on_both(promise: impl Fn(Register)) {
    promise(Register::at(None));
    if let Some(url) = postgres_schema() {
        promise(Register::at(Some(url)));
    }
}

#[test]
fn a_certificate_is_split_and_used_once() {
    on_both(|register| {
        let register = register.filled();
        let split = register.json(&["split", "gc-1", "--at", "25"]);
        let range = |i: usize| {
            let c = &split["certificates"][i];
            (c["id"].as_str(), c["first_wh"].as_i64(), c["last_wh"].as_i64())
        };
        assert_eq!(range(0), (Some("gc-1.1"), Some(1), Some(25)));
        assert_eq!(range(1), (Some("gc-1.2"), Some(26), Some(100)));
        register.gc(&["cancel", "gc-1", "--beneficiary", "B"]).refused("was split");
        register.gc(&["split", "gc-1.1", "--at", "25"]).refused("no split at 25").refused("1 to 24");
        register.gc(&["transfer", "gc-1.2", "--to", "Trader Ltd"]).ok();

        let cancel = ["cancel", "gc-1.1", "--beneficiary", "B", "--contract", "w", "--now", "2026-03-01"];
        register.gc(&cancel).ok();
        let before = register.export();
        assert!(
            before.contains(",1,25,cancelled,Wind Ltd,B,w,2026-03-01T00:00:00Z,2100-01-01T00:00:00Z\n"),
            "{before}"
        );
        assert!(before.contains(",26,100,issued,Trader Ltd,,,"), "{before}");
        register.gc(&cancel).refused("was cancelled for B at 2026-03-01T00:00:00Z and cannot be cancelled");
        for again in [
            ["split", "gc-1.1", "--at", "5"],
            ["transfer", "gc-1.1", "--to", "Trader Ltd"],
            ["cancel", "gc-1.1", "--beneficiary", "C"],
        ] {
            register.gc(&again).refused("it can only be withdrawn");
        }
        register.gc(&["expire", "gc-1.1"]).refused("cannot be made expired");
        register.gc(&["cancel", "gc-9", "--beneficiary", "B"]).refused("there is no certificate `gc-9`");
        register.gc(&["cancel", "gc-2", "--beneficiary", "B", "--contract", "none"]).refused("not in the portfolio");
        register.gc(&["cancel", "gc-2", "--beneficiary", " "]).refused("--beneficiary is empty");
        assert_eq!(before, register.export(), "what is refused changes nothing");
        assert_eq!(register.json(&["list", "--status", "cancelled"])["certificates"][0]["id"], "gc-1.1");
        assert_eq!(register.json(&["list", "--device", "p"])["certificates"].as_array().map(Vec::len), Some(2));
        assert_eq!(register.gc(&["list", "--status", "burnt"]).code, 2);
        // The file it all came from says nothing new, whatever happened since.
        let again = register.json(&["import", "gc.csv"]);
        assert_eq!((&again["added"], &again["unchanged"]), (&0.into(), &3.into()));
        assert_eq!(before, register.export());
    });
}

#[test]
fn a_withdrawn_certificate_says_what_is_to_be_restated() {
    on_both(|register| {
        let register = register.filled();
        register.gc(&["cancel", "gc-2", "--beneficiary", "Example AI Ltd"]).ok();
        let ran = register.gc(&["withdraw", "gc-2", "--reason", "issued twice", "--format", "json"]).ok();
        assert!(ran.err.contains("contract x, 2026-01-01T00:00:00Z to 2026-01-01T01:00:00Z"), "{}", ran.err);
        assert!(ran.err.contains("`hourmatch pack`"), "{}", ran.err);
        assert_eq!(ran.json()["restate"][0]["contract"], "x");
        assert_eq!(ran.json()["certificates"][0]["beneficiary"], "Example AI Ltd", "what it was used for stays");
        register.gc(&["withdraw", "gc-2"]).refused("was withdrawn").refused("that is final");
        // One that nobody used is nobody's restatement.
        let unused = register.gc(&["withdraw", "gc-1"]).ok();
        assert!(!unused.err.contains("restated"), "{}", unused.err);
    });
}

#[test]
fn a_cancellation_for_somebody_else_is_warned_of() {
    let register = Register::at(None).filled();
    let ran = register.gc(&["cancel", "gc-2", "--beneficiary", "Other Ltd", "--contract", "x"]).ok();
    assert!(ran.err.contains("warning: contract x names the beneficiary `Example AI Ltd`"), "{}", ran.err);
}

#[test]
fn certificates_expire() {
    on_both(|register| {
        let register = register.filled();
        register.gc(&["expire", "gc-1", "--now", "2100-01-01T00:00Z"]).refused("has not expired");
        let late = ["cancel", "gc-1", "--beneficiary", "B", "--now", "2100-01-01T00:00:01Z"];
        register.gc(&late).refused("expired at 2100-01-01T00:00:00Z and cannot be cancelled");
        let none = register.gc(&["expire", "--due", "--now", "2026-12-31"]).ok();
        assert!(none.err.contains("no certificate is due to expire"), "{}", none.err);
        let due = register.json(&["expire", "--due", "--now", "2100-01-02"]);
        assert_eq!(due["certificates"].as_array().map(Vec::len), Some(1));
        assert_eq!(due["certificates"][0]["since"], "2100-01-01T00:00:00Z", "since its last instant");
        register.gc(&["expire", "gc-2", "--now", "2100-01-02"]).ok();
        register.gc(&["cancel", "gc-2", "--beneficiary", "B"]).refused("has expired");
        assert_eq!(register.gc(&["expire"]).code, 2);
        assert_eq!(register.gc(&["expire", "gc-3", "--due"]).code, 2);
    });
}

#[test]
fn an_export_is_an_import() {
    on_both(|register| {
        let register = register.filled();
        register.gc(&["split", "gc-2", "--at", "1"]).ok();
        register.gc(&["cancel", "gc-2.1", "--beneficiary", "A, \"B\" & C", "--contract", "x"]).ok();
        register.gc(&["withdraw", "gc-3"]).ok();
        register.gc(&["export", "-o", "all.csv"]).ok();
        let exported = register.home.read("all.csv");
        let ids: Vec<&str> = exported.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(ids, ["gc-1", "gc-2.1", "gc-2.2", "gc-3"], "{exported}");
        let other = Register::at(None);
        other.home.write("all.csv", &exported);
        assert_eq!(other.json(&["import", "all.csv"])["added"], 4);
        assert_eq!(other.export(), exported);
        let back = register.json(&["import", "all.csv"]);
        assert_eq!((&back["added"], &back["unchanged"]), (&0.into(), &4.into()));
    });
}

#[test]
fn the_register_as_it_stood() {
    on_both(|register| {
        let register = register.filled();
        let (first, before) = (register.export(), Clock::recorded().instant() + 1);
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        register.gc(&["split", "gc-1", "--at", "25"]).ok();
        register.gc(&["cancel", "gc-1.2", "--beneficiary", "B"]).ok();
        let as_of = |t: &str| register.gc(&["export", "--as-of", t]).ok().out;
        assert_eq!(as_of(&before.to_string()), first);
        assert_eq!(as_of("2020-01-01").lines().count(), 1, "nothing was known then but the header");
        assert_eq!(as_of("now+1d"), register.export(), "what happened adds up to what stands");
    });
}

#[test]
fn who_did_what_and_why() {
    on_both(|register| {
        let register = register.filled();
        let mut command = register.home.command();
        command.env("HOURMATCH_ACTOR", "night shift");
        let args = ["certificates", "transfer", "gc-1", "--to", "T", "--reason", "sold", "--store", &register.url];
        Ran::from(command.args(args).output().expect("runs")).ok();
        register.gc(&["cancel", "gc-1", "--beneficiary", "B"]).ok();
        let history = register.json(&["history", "gc-1"]);
        let list = history["events"].as_array().expect("events");
        let told: Vec<(Option<&str>, Option<&str>, Option<&str>)> =
            list.iter().map(|e| (e["act"].as_str(), e["actor"].as_str(), e["reason"].as_str())).collect();
        let wanted = [
            (Some("issue"), Some("j.doe"), Some("January")),
            (Some("transfer"), Some("night shift"), Some("sold")),
            (Some("cancel"), Some("not stated"), None),
        ];
        assert_eq!(told, wanted);
        assert!(list.windows(2).all(|pair| pair[0]["recorded"].as_str() < pair[1]["recorded"].as_str()), "{list:?}");
        assert_eq!(list[1]["certificate"]["owner"], "T");
        register.gc(&["history", "gc-9"]).refused("there is no certificate");
        assert!(register.gc(&["history", "gc-1"]).ok().out.contains("night shift"));
    });
}

#[test]
fn what_a_register_does_not_take() {
    let register = Register::at(None).filled();
    let before = register.export();
    let hour = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";
    let full = "id,issuance,device,registry,technology,start,end,first_wh,last_wh,status,contract,since,expires\n";
    let row = |issuance: &str, first: &str, last: &str, rest: &str| {
        format!("{full}n,{issuance},p,R,solar,{hour},{first},{last},{rest}\n")
    };
    let cases: [(&str, String, &str); 15] = [
        ("c1.csv", String::new(), "is empty"),
        ("c2.csv", format!("{},color\n", HEADER.trim_end()), "unknown column `color`"),
        ("c3.csv", "id,device,registry,technology,start,end\n".into(), "the header lacks last_wh or wh"),
        ("c4.csv", format!("{},last_wh\n", HEADER.trim_end()), "both last_wh and wh"),
        ("c5.csv", format!("{HEADER}n,p,R,solar,{hour},1.5,,\n"), "c5.csv:2: wh `1.5` is not a whole number"),
        ("c6.csv", format!("{HEADER}n,p,R,solar,{hour},0,,\n"), "1 or more"),
        ("c7.csv", format!("{HEADER}n,p,R,,{hour},1,,\n"), "`technology` is empty"),
        ("c8.csv", format!("{HEADER}n,p,R,solar,2026-01-01T00:00:00,2026-01-02T00:00:00Z,1,,\n"), "has no UTC offset"),
        ("c9.csv", row("n", "9223372036854775807", "9223372036854775808", "issued,,,"), "is not a whole number"),
        ("c10.csv", row("n", "5", "4", "issued,,,"), "lies before first_wh"),
        ("c11.csv", row("n", "1", "4", "burnt,,,"), "is not one of issued cancelled expired withdrawn"),
        ("c12.csv", row("n", "1", "4", "issued,nobody,,"), "contract `nobody` is not in the portfolio"),
        (
            "c13.csv",
            row("n", "1", "4", "cancelled,,2026-03-01T00:00:00Z,2026-02-01T00:00:00Z"),
            "after it expired at 2026-02-01T00:00:00Z",
        ),
        ("c14.csv", row("gc-2", "5000", "5001", "issued,,,"), "overlap 1..5000 of certificate `gc-2`"),
        (
            "c15.csv",
            format!("{HEADER}gc-1,p,PJM-GATS,wind,{hour},100,Wind Ltd,2100-01-01T00:00:00Z\n"),
            "c15.csv:2: certificate `gc-1` is known with another device",
        ),
    ];
    for (name, text, wanted) in cases {
        register.home.write(name, &text);
        let ran = register.gc(&["import", name]).refused(wanted);
        assert!(ran.err.contains(name), "{name} is not named in {}", ran.err);
        assert_eq!(before, register.export(), "{name} changed the register");
    }
}

#[test]
fn good_rows_are_kept_and_bad_ones_mended() {
    let register = Register::at(None);
    let hour = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";
    let rows = [
        format!("a,i,{hour},1,100\n"),
        format!("b,i,{hour},100,200\n"),
        format!("a,j,{hour},1,9\n"),
        format!("c,i,{hour},201,x\n"),
    ];
    let (head, middle) = ("id,issuance,start,end,first_wh,last_wh,device,registry,technology\n", ",p,R,solar\n");
    let text = rows.map(|row| row.replace('\n', middle)).concat();
    register.home.write("gc.csv", &format!("{head}{text}"));
    register.gc(&["import", "gc.csv"]).refused("gc.csv:4: certificate `a` is already in line 2");
    assert_eq!(register.export().lines().count(), 1);
    let ran = register.json(&["import", "gc.csv", "--reject", "bad.csv"]);
    assert_eq!((&ran["added"], &ran["rejected"]), (&1.into(), &3.into()));
    let bad = register.home.read("bad.csv");
    assert!(bad.contains("3,Wh 100..200 of issuance `i` overlap 1..100 of certificate `a`"), "{bad}");
    let mended = bad.replace("Z,100,200", "Z,101,200").replace("201,x", "201,300").replace("a,j", "d,j");
    register.home.write("mended.csv", &mended);
    assert_eq!(register.json(&["import", "mended.csv"])["added"], 3);
    let device = register.home.write("dev.csv", &format!("{HEADER}z,q,R,solar,{hour},1,,\n"));
    let warned = register.gc(&["import", &device.display().to_string()]).ok();
    assert!(warned.err.contains("warning: device q: no plant or contract of the portfolio"), "{}", warned.err);
}

fn bundle(id: &str, first_wh: i64, last_wh: i64) -> Certificate {
    Certificate {
        id: id.into(),
        issuance: "i".into(),
        device: "p".into(),
        registry: "R".into(),
        technology: "solar".into(),
        start: Instant::FIRST,
        end: Instant::FIRST + 3_600,
        first_wh,
        last_wh,
        status: Status::Issued,
        owner: String::new(),
        beneficiary: None,
        contract: None,
        since: Instant::FIRST,
        expires: None,
    }
}

async fn issue(store: &Store, new: &[Certificate]) -> anyhow::Result<RecordTime> {
    let mut write = store.write().await?;
    let entry = Entry { kind: "issue", actor: "test", reason: None, gone: &[], changed: &[], new };
    let recorded = certificates::enter(&mut write, RecordTime::from_micros(1_000), &entry).await?;
    write.commit().await?;
    Ok(recorded)
}

async fn direct(store: &Store, sql: &'static str) -> Result<u64, String> {
    let done = match store {
        Store::Sqlite(pools) => sqlx::query(sql).execute(&pools.write).await.map(|d| d.rows_affected()),
        Store::Postgres(pools) => sqlx::query(sql).execute(&pools.write).await.map(|d| d.rows_affected()),
    };
    done.map_err(|e| e.to_string())
}

#[test]
fn the_database_itself_holds_one_claim_per_wh() {
    on_both(|register| {
        ask(&register.url, async |store: &Store| {
            let first = issue(store, &[bundle("a", 1, 100), bundle("b", 201, i64::MAX)]).await.expect("issued");
            for (id, from, to) in [("c", 100, 100), ("c", 50, 60), ("c", 1, 300), ("c", 101, 201), ("b", 110, 120)] {
                let refused = issue(store, &[bundle(id, from, to)]).await.expect_err("overlap");
                assert!(format!("{refused:#}").contains(if id == "b" { "" } else { "overlap" }), "{refused:#}");
            }
            // Neither do two rows of one statement.
            issue(store, &[bundle("c", 110, 120), bundle("d", 120, 130)]).await.expect_err("overlap");
            let second = issue(store, &[bundle("c", 101, 200)]).await.expect("issued");
            assert!(second > first, "record times strictly increase");
            assert_eq!(certificates::last_recorded(store).await.expect("time"), second);

            direct(store, "update certificates set status = 'cancelled' where id = 'a'").await.expect("cancelled");
            for sql in [
                "update certificates set status = 'issued' where id = 'a'",
                "update certificates set status = 'expired' where id = 'a'",
                "update certificates set beneficiary = 'me' where id = 'a'",
                "update certificates set last_wh = 99 where id = 'c'",
                "delete from certificates where id = 'a'",
                "delete from certificate_changes",
                "update certificate_events set actor = 'nobody'",
            ] {
                direct(store, sql).await.expect_err(sql);
            }
            direct(store, "update certificates set status = 'withdrawn' where id = 'a'").await.expect("withdrawn");
            direct(store, "update certificates set status = 'cancelled' where id = 'a'").await.expect_err("final");
        });
    });
}

#[test]
fn many_certificates_go_in_at_once() {
    on_both(|register| {
        ask(&register.url, async |store: &Store| {
            let many: Vec<Certificate> =
                (0..5_001).map(|i| bundle(&format!("c{i}"), 1 + 10 * i, 10 + 10 * i)).collect();
            let recorded = issue(store, &many).await.expect("issued");
            let now = certificates::at(store, RecordTime::END).await.expect("now");
            assert_eq!(now.len(), 5_001);
            assert!(now.windows(2).all(|pair| pair[0].id < pair[1].id), "ids compare bytewise on either engine");
            assert_eq!(certificates::at(store, recorded).await.expect("then"), now);
            assert!(certificates::at(store, recorded.plus_micros(-1)).await.expect("before").is_empty());
        });
    });
}

#[test]
fn a_settled_ledger_fits_its_tables() {
    on_both(|register| {
        ask(&register.url, async |store: &Store| {
            direct(
                store,
                "insert into settlements (id, start_s, end_s, version, ruleset, portfolio_sha256, revision, \
                 certificates_us, recorded_us, inputs_sha256) values (1, 0, 3600, 1, 'r', 'p', 1, 0, 1, 'i')",
            )
            .await
            .expect("settled");
            direct(store, "insert into ledger values (1, 0, 0, 0, 0, -5)").await.expect("a reversal");
            direct(store, "insert into ledger_names values (1, 0, 0, 's')").await.expect("a name");
            direct(store, "insert into ledger values (1, 0, 0, 0, 0, 7)").await.expect_err("the row stands already");
            direct(
                store,
                "insert into settlements (id, start_s, end_s, version, ruleset, portfolio_sha256, revision, \
                 certificates_us, recorded_us, inputs_sha256) values (2, 0, 3600, 1, 'r', 'p', 1, 0, 1, 'i')",
            )
            .await
            .expect_err("one version of a period");
        });
    });
}

#[test]
fn a_dropped_write_leaves_no_event() {
    on_both(|register| {
        ask(&register.url, async |store: &Store| {
            let mut write = store.write().await.expect("write");
            let new = [bundle("a", 1, 2)];
            let entry = Entry { kind: "issue", actor: "test", reason: None, gone: &[], changed: &[], new: &new };
            certificates::enter(&mut write, RecordTime::from_micros(5), &entry).await.expect("entered");
            drop(write);
            assert!(certificates::at(store, RecordTime::END).await.expect("now").is_empty());
            assert_eq!(certificates::last_recorded(store).await.expect("time"), RecordTime::default());
        });
    });
}
