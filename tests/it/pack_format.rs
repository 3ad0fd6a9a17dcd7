//! What `docs/pack-format.md` says: its examples, and figures followed through a pack's tables with nothing else at hand.

use crate::packs::at_path;
use crate::support::{HEADER, Home, ONE_SITE, fixture, hourly, root};
use reports::evidence::digest::{leaf, merkle_root};
use reports::evidence::folder::Folder;
use reports::evidence::manifest::Manifest;
use reports::evidence::sign::SecretKey;
use reports::evidence::{inputs_files, site_hours};
use reports::inputs::digest;
use serde_json::Value;
use std::collections::BTreeMap;

const PACK: [&str; 7] = ["pack", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "-o", "pack"];

/// Rows of a table, by the names of its columns.
fn table(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8(files[path].clone()).expect("text");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("header").split(',').collect();
    let row = |line: &str| -> BTreeMap<String, String> {
        header.iter().zip(line.split(',')).map(|(name, cell)| ((*name).to_string(), cell.to_string())).collect()
    };
    lines.map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> i128 {
    row[column].parse().expect("a whole number")
}

/// Micrograms to grams, rounded up once.
fn grams(micrograms: i128) -> i64 {
    i64::try_from((micrograms + 999_999) / 1_000_000).expect("small")
}

#[test]
fn the_examples_of_the_page_are_those_of_the_committed_pack() {
    let page = std::fs::read_to_string(root().join("docs/pack-format.md")).expect("page");
    let dir = fixture("packs/2");
    let files = at_path(&dir);
    let manifest = Manifest::parse(&files["manifest.json"]).expect("manifest");
    let (head, leaves) = (manifest.head_bytes().expect("JSON"), manifest.leaves().expect("JSON"));
    let key = SecretKey::from_bytes([7; 32]);
    let root = manifest.root().expect("JSON");
    let signature = key.sign(&root);
    signature.check(&root).expect("holds");

    let lines = |path: &str| String::from_utf8(files[path].clone()).expect("text");
    let (sites, allocations) = (lines("site_intervals.csv"), lines("allocations.csv"));
    let site_hours: Vec<_> = sites
        .lines()
        .skip(1)
        .map(|row| {
            let at: Vec<&str> = row.split(',').take(2).collect();
            let given = allocations.lines().skip(1).filter(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                cells[0] == at[0] && cells[2] == at[1]
            });
            let given: String = given.map(|line| format!("{line}\n")).collect();
            (format!("{row}\n{given}"), site_hours::leaf(&format!("{row}\n"), &given))
        })
        .collect();
    let site_leaves: Vec<_> = site_hours.iter().map(|(_, hash)| *hash).collect();
    assert_eq!(hex::encode(merkle_root(&site_leaves)), manifest.site_intervals_root);
    let inputs = inputs_files::read(&Folder::new(&dir)).expect("inputs");

    for (what, wanted) in [
        ("size of the head", format!("head has {} bytes", head.len())),
        ("leaf of the head", format!("leaf(head)       {}", hex::encode(leaf(&head)))),
        ("first entry", serde_json::to_string(&manifest.files[0]).expect("JSON")),
        ("its leaf", format!("leaf(entry)      {}", hex::encode(leaves[1]))),
        ("their node", format!("node of the two  {}", hex::encode(merkle_root(&leaves[..2])))),
        ("root", format!("root of all {}   {}", leaves.len(), manifest.merkle_root)),
        ("message", format!("message     {}{}", hex::encode(b"hourmatch pack 2\0"), manifest.merkle_root)),
        ("key", format!("key         {}", key.public())),
        ("signature", format!("signature   {}", signature.signature)),
        ("site-hours", format!("the first of {} is\n", site_hours.len())),
        ("their first", format!("```text\n{}", site_hours[0].0)),
        ("their first leaf", format!("leaf  {}", hex::encode(site_hours[0].1))),
        ("their root", format!("root  {}", manifest.site_intervals_root)),
        ("digest of the inputs", format!("The example's is `{}`", digest::compute(&inputs).expect("digest"))),
    ] {
        assert!(page.contains(&wanted), "{what}: `{wanted}` is not on the page");
    }
}

/// Location-based by hand: 1 MWh at 400.5 g/kWh, 0.5 at 300 and 0.25 at 500.001 are 675 500.25 g, printed as 675 501.
#[test]
fn inventories_follow_from_the_factors_of_each_interval() {
    let home = Home::new(&ONE_SITE.replacen("synthetic = true", "synthetic = true\nruleset = \"hourly-2026@2\"", 1));
    let at = |hour: usize| format!("2026-01-01T0{hour}:00:00Z");
    let mut rows = hourly("site/s/load", [1.0, 0.5, 0.25]) + &hourly("contract/w/generation", [0.5, 0.75, 0.0]);
    for (hour, intensity) in ["400.5", "300", "500.001"].into_iter().enumerate() {
        let (start, end) = (at(hour), at(hour + 1));
        rows += &format!("grid/A/carbon_intensity,{start},{end},{intensity},g/kWh\n");
        rows += &format!("grid/A/cfe_share,{start},{end},0.25,share\n");
    }
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&PACK).ok();
    let files = at_path(&home.path("pack"));
    let results: Value = serde_json::from_slice(&files["results.json"]).expect("results");
    let printed = |figure: &str| results["boundaries"][0]["totals"]["emissions"][figure].as_i64().expect("a figure");

    let factors = table(&files, "interval_factors.csv");
    let starts: Vec<&str> = factors.iter().map(|row| row["start"].as_str()).collect();
    assert_eq!(starts, [at(0), at(1), at(2)]);
    let of = |row: &BTreeMap<String, String>| factors.iter().find(|f| f["start"] == row["start"]).expect("factors");
    assert!(factors.iter().all(|f| f["cfe_share"] == "1/4" && f["boundary"] == "A"));
    assert!(factors.iter().all(|f| f["upstream_mg_per_kwh"].is_empty() && f["factor_basis"] == "life-cycle"));

    let sites = table(&files, "site_intervals.csv");
    let location = sites.iter().map(|s| number(s, "metered_load_wh") * number(of(s), "intensity_mg_per_kwh")).sum();
    assert_eq!((grams(location), printed("location_based_g")), (675_501, 675_501));

    let unmatched = table(&files, "unmatched.csv");
    assert_eq!(unmatched.len(), 2);
    for row in &unmatched {
        assert_eq!(row["factor_mg_per_kwh"], of(row)["fallback_mg_per_kwh"]);
        assert_eq!((&row["tier"], &row["source"]), (&of(row)["tier"], &of(row)["source"]));
    }
    // Wind is claimed at nothing under this version.
    let rest = unmatched.iter().map(|row| number(row, "wh") * number(of(row), "fallback_mg_per_kwh")).sum();
    assert_eq!(grams(rest), printed("market_based_hourly_g"));
}

#[test]
fn reports_and_packs_name_one_digest_of_their_inputs() {
    let home = Home::new(ONE_SITE);
    let ingest = |mwh: f64, to: &str| {
        home.write(to, &format!("{HEADER}{}", hourly("site/s/load", [mwh, 0.5, 0.25])));
        home.run(&["ingest", to]).ok();
    };
    let digest = |text: &str| {
        let report: Value = serde_json::from_str(text).expect("JSON");
        report["inputs_sha256"].as_str().expect("digest").to_string()
    };
    let report = |form: &str| {
        home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "--format", form]).ok().out
    };
    ingest(1.0, "r.csv");
    home.run(&PACK).ok();
    let packed = digest(&String::from_utf8_lossy(&at_path(&home.path("pack"))["results.json"]));
    assert_eq!(digest(&report("json")), packed);
    for form in ["text", "html"] {
        assert!(report(form).contains(&packed), "{form}");
    }
    assert!(home.run(&["verify", "pack"]).ok().out.contains(&packed));
    ingest(1.5, "corrected.csv");
    assert_ne!(digest(&report("json")), packed);
}
