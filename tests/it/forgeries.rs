//! Packs that were changed and then made whole again with the product's own code: every table computed from the altered
//! inputs, every hash and root anew. What is wrong with them only the meaning tells, and the verifier names it.

use crate::packs::{Files, at_path, remade, reseal};
use crate::support::{self, HEADER, Home, ONE_SITE, verifier};
use reports::evidence::digest::sha256_hex;
use reports::evidence::format::Format;
use reports::evidence::manifest::Manifest;
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use reports::evidence::{folder, layout};
use reports::text::is_hidden;
use reports::time::Instant;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;

pub type Pack = BTreeMap<String, Vec<u8>>;

const READINGS: &str = "inputs/readings.csv";
const REVISIONS: &str = "inputs/revisions.csv";
const BOOKS: &str = "inputs/books.json";

fn fixture(name: &str) -> String {
    std::fs::read_to_string(support::fixture("forged").join(name)).expect("fixture")
}

/// A restated pack with every kind of key, reading, bill and certificate, and its home.
pub fn honest() -> (Home, Pack) {
    let home = Home::new(&fixture("hourmatch.toml"));
    for name in ["readings.csv", "bills.csv", "certificates.csv", "corrected.csv"] {
        home.write(name, &fixture(name));
    }
    let pack = |to: &str| {
        let period = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T04:00Z"];
        let why = ["--actor", "auditor", "--reason", "meter exchanged"];
        home.run(&[&["pack", "-o", to], &period[..], &why[..]].concat()).ok();
    };
    home.run(&["ingest", "readings.csv", "--actor", "meter desk", "--reason", "first reading"]).ok();
    home.run(&["ingest", "bills.csv", "--actor", "billing"]).ok();
    home.run(&["certificates", "import", "certificates.csv", "--actor", "registry"]).ok();
    pack("v1");
    home.run(&["ingest", "corrected.csv", "--actor", "j.doe", "--reason", "read late"]).ok();
    pack("v2");
    let files = at_path(&home.path("v2"));
    let held = verify::verify(&Files(files.clone()), &Trust::default()).expect("an honest pack");
    let compared = held.pack.expect("a pack").compared;
    assert_eq!((compared.readings, compared.bills, compared.certificates), (72, 1, 2));
    assert_eq!(compared.files, 3);
    (home, files)
}

fn text(pack: &Pack, path: &str) -> String {
    String::from_utf8(pack[path].clone()).expect("text")
}

/// The first `from` after `after` becomes `to`.
fn replaced(pack: &mut Pack, path: &str, after: &str, from: &str, to: &str) {
    let text = text(pack, path);
    let at = text.find(after).unwrap_or_else(|| panic!("{path} has no {after}"));
    assert!(text[at..].contains(from), "{path} has no {from} after {after}");
    let altered = format!("{}{}", &text[..at], text[at..].replacen(from, to, 1));
    pack.insert(path.into(), altered.into_bytes());
}

/// Refused, and the words are in a finding.
fn refused(name: &str, pack: Pack, says: &str) {
    let findings = verify::verify(&Files(pack), &Trust::default()).expect_err(name);
    let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|line| line.contains(says)), "{name}: `{says}` not in:\n{}", said.join("\n"));
    assert!(!said.iter().any(|line| line.contains("its SHA-256 is")), "{name} is not sealed: {said:?}");
}

#[derive(Deserialize)]
struct Kinds {
    kind: Vec<Kind>,
}

/// One place that is changed, as `fixtures/forged/kinds.toml` has it.
#[derive(Deserialize)]
struct Kind {
    name: String,
    file: String,
    #[serde(default)]
    after: String,
    from: String,
    to: String,
    says: String,
}

#[test]
fn every_field_pushed_out_of_its_range_is_named() {
    let kinds: Kinds = toml::from_str(&fixture("kinds.toml")).expect("kinds");
    assert!(kinds.kind.len() > 140, "{} kinds", kinds.kind.len());
    let (_home, honest) = honest();
    for Kind { name, file, after, from, to, says } in kinds.kind {
        let mut pack = honest.clone();
        replaced(&mut pack, &file, &after, &from, &to);
        refused(&name, remade(pack), &says);
    }
}

/// Cells of a row that starts so.
fn cells(pack: &Pack, path: &str, start: &str) -> Vec<String> {
    let text = text(pack, path);
    let line = text.lines().find(|line| line.starts_with(start)).expect(start);
    line.split(',').map(String::from).collect()
}

/// The same with one cell changed.
fn with_cell(pack: &Pack, path: &str, start: &str, place: usize, cell: &str) -> Pack {
    let old = cells(pack, path, start);
    let mut new = old.clone();
    new[place] = cell.into();
    let mut altered = pack.clone();
    replaced(&mut altered, path, "", &old.join(","), &new.join(","));
    altered
}

/// A received file with other bytes, under its new hash wherever that is named.
fn with_received(pack: &Pack, sha256: &str, bytes: &[u8]) -> Pack {
    let fresh = sha256_hex(bytes);
    let mut altered = pack.clone();
    altered.remove(&format!("inputs/received/{sha256}")).expect("received");
    altered.insert(format!("inputs/received/{fresh}"), bytes.to_vec());
    for path in [READINGS, REVISIONS] {
        let text = text(&altered, path).replace(sha256, &fresh);
        altered.insert(path.into(), text.into_bytes());
    }
    altered
}

#[test]
fn every_reading_and_bill_stands_in_the_row_it_names() {
    let (_home, honest) = honest();
    let first = "contract/w/generation,2026-01-01T00";
    let row: u64 = cells(&honest, READINGS, first)[8].parse().expect("row");
    let sha256 = cells(&honest, READINGS, first)[7].clone();
    let at = |row: u64| with_cell(&honest, READINGS, first, 8, &row.to_string());
    refused("row of the next hour", remade(at(row + 1)), "is of 2026-01-01T01:00:00Z to 2026-01-01T02:00:00Z");
    refused("row of another series", remade(at(row + 4)), &format!("has no row {} of this series", row + 4));
    refused("row past the end", remade(at(9_999)), "has no row 9999 of this series");
    refused("no row", remade(at(0)), "0 is not a row of a file");
    let corrected = cells(&honest, READINGS, "contract/w/generation,2026-01-01T03");
    let other = with_cell(&honest, READINGS, first, 7, &corrected[7]);
    refused("row of another file", remade(with_cell(&other, READINGS, first, 6, &corrected[6])), "of this series");
    let nowhere = "0".repeat(64);
    refused("no file", remade(with_cell(&honest, READINGS, first, 7, &nowhere)), "does not list the revisions");

    let file = text(&honest, &format!("inputs/received/{sha256}"));
    let words = with_received(&honest, &sha256, b"three small words\n");
    refused("three words", remade(words), "cannot hold the readings that name it: line 1: unknown column");
    let of = |mwh: &str| format!("contract/w/generation,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,{mwh},");
    let lower = file.replacen(&of("0.5"), &of("0.4"), 1);
    assert_ne!(lower, file);
    refused(
        "received file altered",
        remade(with_received(&honest, &sha256, lower.as_bytes())),
        "says 400000, not 500000",
    );
    let short: String = file.lines().take(3).map(|line| format!("{line}\n")).collect();
    refused("received file cut", remade(with_received(&honest, &sha256, short.as_bytes())), "of this series");
    let bad = file.replacen(",0.5,MWh", ",half,MWh", 1);
    refused(
        "a row that is none",
        remade(with_received(&honest, &sha256, bad.as_bytes())),
        "cannot be taken: `half` is",
    );
    let bills = cells(&honest, REVISIONS, &billed(&honest));
    let other = fixture("bills.csv").replace("2500000", "2400000");
    let altered = with_received(&honest, &bills[1], other.as_bytes());
    refused("another bill received", remade(altered), "2500000 Wh: no received file has such a row");
}

/// Whether ends name the last second of an interval was said at ingest: all of a file one way, or all the other.
#[test]
fn files_with_inclusive_ends_hold_their_readings_and_bills() {
    let home = Home::new(ONE_SITE);
    let row =
        |series: &str, hour: usize| format!("{series},2026-01-01T0{hour}:00:00Z,2026-01-01T0{hour}:59:59Z,0.5,MWh\n");
    let rows: String = (0..3).map(|hour| row("site/s/load", hour) + &row("contract/w/generation", hour)).collect();
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.write("b.csv", "invoice,site,start,end,wh\nINV-1,s,2026-01-01T00:00:00Z,2026-01-01T02:59:59Z,1500000\n");
    for file in ["r.csv", "b.csv"] {
        home.run(&["ingest", file, "--ends", "inclusive"]).ok();
    }
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "-o", "pack"]).ok();
    let mut files = at_path(&home.path("pack"));
    let held = verify::verify(&Files(files.clone()), &Trust::default()).expect("an honest pack");
    let compared = held.pack.expect("a pack").compared;
    assert_eq!((compared.readings, compared.bills), (6, 1));
    replaced(&mut files, READINGS, "site/s/load,", "2026-01-01T01:00:00Z", "2026-01-01T00:59:59Z");
    refused("one end as it stands", remade(files), "is of 2026-01-01T00:00:00Z to 2026-01-01T01:00:00Z");
}

/// When the bills were recorded.
fn billed(pack: &Pack) -> String {
    let text = text(pack, REVISIONS);
    let line = text.lines().find(|line| line.contains(",billing,")).expect("bills");
    line.split(',').next().expect("recorded").to_string()
}

#[test]
fn rows_left_out_doubled_or_out_of_time_are_named() {
    let (_home, honest) = honest();
    let without = |path: &str, start: &str| {
        let mut altered = honest.clone();
        let line = cells(&honest, path, start).join(",") + "\n";
        replaced(&mut altered, path, "", &line, "");
        altered
    };
    let twice = |path: &str, start: &str| {
        let mut altered = honest.clone();
        let line = cells(&honest, path, start).join(",") + "\n";
        replaced(&mut altered, path, "", &line, &(line.clone() + &line));
        altered
    };
    let recorded = cells(&honest, READINGS, "site/one/load")[6].clone();
    refused("a revision left out", remade(without(REVISIONS, &recorded)), "does not list the revisions");
    let bills = billed(&honest);
    let same = with_cell(&honest, REVISIONS, &bills, 0, &recorded);
    refused("two files at once", remade(same), "two files are recorded at the same instant");
    refused("a bill twice", remade(twice("inputs/invoices.csv", "INV-1")), "invoice `INV-1` of site one: stands twice");
    let once_more = remade(twice("inputs/certificates.csv", "C-1"));
    refused("a certificate twice", once_more, "certificate `C-1`: stands twice or out of order");
    refused("a reading twice", remade(twice(READINGS, "site/one/load")), "overlaps the row before it");
    refused("a load left out", remade(without(READINGS, "site/one/load")), "have no load reading");
    // Asked for as of a second before the correction came: the correction was not known then.
    let corrected = cells(&honest, READINGS, "contract/w/generation,2026-01-01T03")[6].clone();
    let second = format!("{}Z", &corrected[..19]);
    let mut early = honest.clone();
    replaced(&mut early, BOOKS, "", "\"as_of\": null", &format!("\"as_of\": \"{second}\""));
    refused("a correction of later", remade(early), "after the pack's own as_of");
}

/// What a manifest says of itself is what the results say.
#[test]
fn a_manifest_of_another_pack_is_named() {
    let (_home, honest) = honest();
    let edited = |edit: &dyn Fn(&mut Manifest)| {
        let mut manifest = Manifest::parse(&honest["manifest.json"]).expect("manifest");
        edit(&mut manifest);
        let mut altered = honest.clone();
        altered.insert("manifest.json".into(), manifest.to_bytes().expect("JSON"));
        reseal(altered)
    };
    let other = "its portfolio or record time is not that of the results";
    let results = "predecessor or synthetic mark is not that of the results";
    for (name, pack, says) in [
        ("portfolio", edited(&|m| m.portfolio = Some("another".into())), other),
        ("no portfolio", edited(&|m| m.portfolio = None), other),
        ("record time", edited(&|m| m.as_of = Some(Instant::from_seconds(1_767_225_600))), other),
        ("version", edited(&|m| m.version = 9), results),
        ("predecessor", edited(&|m| m.previous = None), results),
        ("synthetic", edited(&|m| m.synthetic = false), results),
        ("intervals", edited(&|m| m.period.intervals = 5), "is not of the same period"),
        ("ruleset", edited(&|m| m.ruleset.version = "3".into()), results),
        ("engine", edited(&|m| m.engine = "hourmatch\u{1b}[8m".into()), "its engine is blank or holds"),
        ("time zones", edited(&|m| m.time_zone_database = "never".into()), "is not a version of the IANA database"),
        ("site-hours", edited(&|m| m.site_intervals_root = "0".repeat(64)), "site_intervals_root is not that of"),
        ("format", edited(&|m| m.schema = Format::V2.name().into()), "interval_factors.csv: is not a file of a pack"),
    ] {
        refused(name, pack, says);
    }
}

/// Text of every computed table, attacked: the pack says so, the inputs do not.
#[test]
fn text_of_every_table_is_held_against_the_inputs() {
    let (_home, honest) = honest();
    for path in layout::computed(Format::V3) {
        let mut altered = honest.clone();
        let text = text(&honest, path);
        let row = text.lines().nth(1).unwrap_or_else(|| panic!("{path} has no row"));
        replaced(&mut altered, path, "", row, &format!("{row}\u{202e}\u{1b}[8m"));
        refused(path, reseal(altered), &format!("{path}: "));
    }
}

/// The printed words of a refusal hold nothing hidden, whatever the pack holds.
#[test]
fn nothing_of_a_pack_reaches_a_terminal_as_it_is() {
    let (home, honest) = honest();
    let evil = "evil\norigin proved: by the root given\u{1b}[2K\u{202e}";
    let spelled = "evil\\norigin proved: by the root given\\u001b[2K\u{202e}";
    let mut altered = honest.clone();
    replaced(&mut altered, BOOKS, "", "\"name\": \"honest\"", &format!("\"name\": \"{spelled}\""));
    let mut of_table = honest.clone();
    let path = "exceptions.csv";
    replaced(&mut of_table, path, "", "provisional", &format!("provisional{}", evil.replace('\n', " ")));
    for (name, pack) in [("named", remade(altered)), ("table", reseal(of_table))] {
        for (path, bytes) in pack {
            let target = home.path(name).join(path);
            std::fs::create_dir_all(target.parent().expect("inside")).expect("folder");
            std::fs::write(target, bytes).expect("written");
        }
        let done = Command::new(verifier()).arg(home.path(name)).output().expect("runs");
        let said = String::from_utf8(done.stdout).expect("text");
        assert_eq!(done.status.code(), Some(1), "{said}");
        assert!(said.starts_with("FAILED: ") && !said.contains("\norigin"), "{said}");
        assert!(!said.chars().any(|c| c != '\n' && is_hidden(c)), "{said:?}");
        let ran = home.run(&["verify", name]);
        assert_eq!((ran.code, ran.out), (1, said));
    }
    let trust = Trust { replaces: Some("0".repeat(64)), ..Trust::default() };
    let verdict = folder::check(&home.path("v2"), &trust);
    assert!(!verdict.verified);
    let found = &verdict.findings;
    assert!(found.iter().any(|f| f.what.contains("the pack replaced has the root ")), "{found:?}");
}

/// The root of the pack replaced, where it is known from elsewhere, proves what stood before.
#[test]
fn what_a_restatement_replaces_is_known_by_its_root() {
    let (home, _) = honest();
    let manifest = Manifest::parse(&std::fs::read(home.path("v1/manifest.json")).expect("manifest")).expect("manifest");
    let root = manifest.merkle_root;
    let run = |args: &[&str]| -> (i32, String) {
        let done = Command::new(verifier()).args(args).current_dir(home.path("")).output().expect("runs");
        (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = run(&["v2", "--replaces", &root]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(&format!("replaces the pack with root {root}: the one given")), "{said}");
    let (code, said) = run(&["v2"]);
    let wanted = format!("replaces the pack with root {root}: compare it with the root published for version 1");
    assert!(code == 0 && said.contains(&wanted), "{said}");
    for line in [
        "a later version may exist",
        "as known when it was made, its last row recorded 20",
        "compared: 72 readings and 1 invoice with their rows in 3 received files",
        "not compared: 2 certificates, since the register keeps no files",
        "inputs sha256 ",
        "ruleset hourly-2026 version 2; version ",
    ] {
        assert!(said.contains(line), "`{line}` not in: {said}");
    }
    assert_eq!(run(&["v1", "--replaces", &root]).0, 1, "version 1 replaces nothing");
    assert_eq!(run(&["v2", "--replaces", "short"]).0, 2);
}
