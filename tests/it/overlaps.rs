//! A period that shares hours with a published one lists it, and what of those hours has changed, whatever its bounds.

use crate::packs::{Files, at_path, reseal};
use crate::support::{HEADER, Home, ONE_SITE, hourly, verifier};
use reports::evidence::manifest::Manifest;
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use serde_json::Value;
use std::process::Command;

/// A day of 1 MWh an hour, three quarters of it delivered.
fn settled(home: &Home) {
    let rows = hourly("site/s/load", [1.0; 24]) + &hourly("contract/w/generation", [0.75; 24]);
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
}

fn verified(home: &Home, dir: &str) {
    let done = Command::new(verifier()).arg(home.path(dir)).output().expect("runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

fn each_store(test: impl Fn(&Home)) {
    test(&Home::new(ONE_SITE));
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        test(&home);
    }
}

/// Hours 0 to 4 are published, one of them is corrected, then 0 to 5 are reported: a first version that lists what was
/// published and what of it has changed.
#[test]
fn a_period_lists_what_was_published_of_its_hours() {
    each_store(|home| {
        settled(home);
        let span = |from: u32, to: u32| [from, to].map(|hour| format!("2026-01-01T{hour:02}:00Z"));
        let pack_of = |[from, to]: [String; 2], dir: &str| {
            home.run(&["pack", "--from", &from, "--to", &to, "-o", dir, "--format", "json"]).ok()
        };
        let first = pack_of(span(0, 4), "early").json();
        let before = pack_of(span(6, 9), "apart").json();
        assert_eq!((&before["version"], &before["replaces"]), (&1.into(), &Value::Null));
        let row = "contract/w/generation,2026-01-01T02:00:00Z,2026-01-01T03:00:00Z,0.25,MWh\n";
        home.write("c.csv", &format!("{HEADER}{row}"));
        home.run(&["ingest", "c.csv"]).ok();
        let made = pack_of(span(0, 5), "wide");
        assert!(made.err.contains("1 interval has changed"), "{}", made.err);
        assert!(made.err.contains("matched_wh: 3000000 -> 2500000"), "{}", made.err);
        assert_eq!((&made.json()["version"], &made.json()["replaces"]), (&1.into(), &Value::Null));
        let results: Value = serde_json::from_str(&home.read("wide/results.json")).expect("json");
        let overlaps = results["overlaps"].as_array().expect("overlaps");
        assert_eq!(overlaps.len(), 1, "hours 6 to 9 are not among them");
        assert_eq!((&overlaps[0]["root"], &overlaps[0]["version"]), (&first["root"], &1.into()));
        assert_eq!(overlaps[0]["shared"]["end"], "2026-01-01T04:00:00Z");
        assert_eq!(overlaps[0]["intervals_changed"], 1);
        let deltas = home.read("wide/restatements.csv");
        let root = first["root"].as_str().expect("a root");
        let hour = format!("overlap/{root}/A,2026-01-01T02:00:00Z,matched_wh,750000,250000\n");
        assert!(deltas.contains(&hour), "{deltas}");
        assert!(deltas.contains(&format!("overlap/{root}/portfolio,,matched_share,0.750000,0.625000\n")), "{deltas}");
        verified(home, "wide");
        // What is published later changes no pack of what stands.
        pack_of(span(0, 4), "early-2");
        let again = pack_of(span(0, 5), "again");
        assert!(again.err.contains("nothing has changed"), "{}", again.err);
        assert_eq!(at_path(&home.path("again")), at_path(&home.path("wide")));
        // A report of other bounds sees the last version of each: nothing of that has changed.
        let [from, to] = span(1, 8);
        let report = home.run(&["report", "--from", &from, "--to", &to, "--format", "json"]).ok().json();
        let listed = report["overlaps"].as_array().expect("overlaps");
        let changed: Vec<u64> = listed.iter().filter_map(|o| o["intervals_changed"].as_u64()).collect();
        assert_eq!(changed, [0, 0, 0], "0 to 4, 0 to 5 and 6 to 9");
        let text = home.run(&["report", "--from", &from, "--to", &to]).ok().out;
        assert_eq!(text.matches("no interval has changed").count(), 3, "{text}");
    });
}

/// What a pack says of another one's hours holds by that one's own manifest.
#[test]
fn a_forged_overlap_is_found() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T04:00Z", "-o", "early"]).ok();
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T05:00Z", "-o", "wide"]).ok();
    let files = at_path(&home.path("wide"));
    let carried: Vec<&String> = files.keys().filter(|path| path.starts_with("inputs/overlapping/")).collect();
    assert_eq!(carried.len(), 2);
    assert!(verify::verify(&Files(files.clone()), &Trust::default()).is_ok());
    for path in carried {
        let mut altered = files.clone();
        let text = String::from_utf8(altered[path].clone()).expect("text");
        let forged = if path.ends_with(".csv") { text.replace("750000", "740000") } else { format!("{text} ") };
        assert_ne!(text, forged);
        altered.insert(path.clone(), forged.into_bytes());
        let findings = verify::verify(&Files(reseal(altered)), &Trust::default()).expect_err("forged");
        assert!(findings.iter().any(|finding| finding.subject == *path), "{findings:?}");
    }
    let mut stray = files.clone();
    stray.insert(format!("inputs/overlapping/{}.intervals.csv", "0".repeat(64)), b"boundary,start\n".to_vec());
    let findings = verify::verify(&Files(reseal(stray)), &Trust::default()).expect_err("a stray file");
    assert!(findings[0].what.contains("names as overlapping"), "{findings:?}");
}

/// Each stands once, by its own root, in order, and shares hours with the pack that names it.
#[test]
fn only_packs_that_share_hours_overlap() {
    let home = Home::new(ONE_SITE);
    settled(&home);
    for (dir, from, to) in [("early", 0, 4), ("apart", 6, 9), ("wide", 0, 5)] {
        let [from, to] = [from, to].map(|hour| format!("2026-01-01T{hour:02}:00Z"));
        home.run(&["pack", "--from", &from, "--to", &to, "-o", dir]).ok();
    }
    let packs = ["early", "apart"].map(|dir| at_path(&home.path(dir)));
    let roots = packs.each_ref().map(|files| Manifest::parse(&files["manifest.json"]).expect("manifest").merkle_root);
    let [early, apart] = [0, 1].map(|place| (roots[place].clone(), place));
    let other = ("0".repeat(64), 0);
    // Each by the root it is named by.
    let refused = |named: &[&(String, usize)], says: &str| {
        let mut files = at_path(&home.path("wide"));
        files.retain(|path, _| !path.starts_with("inputs/overlapping/"));
        for (root, place) in named {
            for name in ["manifest.json", "intervals.csv"] {
                files.insert(format!("inputs/overlapping/{root}.{name}"), packs[*place][name].clone());
            }
        }
        let mut books: Value = serde_json::from_slice(&files["inputs/books.json"]).expect("books");
        books["overlaps"] = named.iter().map(|(root, _)| root.as_str()).collect();
        files.insert("inputs/books.json".into(), books.to_string().into_bytes());
        let findings = verify::verify(&Files(reseal(files)), &Trust::default()).expect_err(says);
        assert!(findings.iter().any(|finding| finding.what.contains(says)), "{says}: {findings:?}");
    };
    refused(&[&early, &apart], "one that shares no hour with it");
    refused(&[&apart, &early], "stands twice or out of order");
    refused(&[&early, &early], "stands twice or out of order");
    refused(&[&other], "its root is not the one it is named by");
}
