//! A pack proves itself: any byte flipped, any file added or removed is found and named.

use crate::packs::{Files, at_path, reseal};
use crate::support::{HEADER, Home, ONE_SITE, hourly, verifier};
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use std::process::Command;

fn packed() -> (Home, String) {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 0.5, 0.25]) + &hourly("contract/w/generation", [0.5, 0.75, 0.0]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    let made = home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "-o", "pack"]).ok();
    let root = made.out.trim().strip_prefix("root ").expect("root").to_string();
    (home, root)
}

fn rooted(root: &str) -> Trust {
    Trust { root: Some(root.into()), ..Trust::default() }
}

fn check(home: &Home, root: Option<&str>) -> (i32, String) {
    let mut command = Command::new(verifier());
    command.arg(home.path("pack"));
    if let Some(root) = root {
        command.args(["--root", root]);
    }
    let output = command.output().expect("runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn an_untouched_pack_verifies() {
    let (home, root) = packed();
    let (code, said) = check(&home, Some(&root));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("origin proved"), "{said}");
    let (code, said) = check(&home, None);
    assert_eq!(code, 0);
    assert!(said.contains("integrity only"), "{said}");
    home.run(&["verify", "pack", "--root", &root]).ok();
    assert_eq!(check(&home, Some(&"0".repeat(64))).0, 1);
    assert_eq!(home.run(&["verify", "pack", "--root", "short"]).code, 2);
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "-o", "pack"]).refused("not empty");
}

#[test]
fn packs_and_reports_repeat_to_the_byte() {
    let (home, root) = packed();
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T03:00Z", "-o", "again"]).ok();
    let read = |name: &str| at_path(&home.path(name));
    assert_eq!(read("pack"), read("again"));
    assert!(String::from_utf8_lossy(&read("again")["manifest.json"]).contains(&root));
}

/// Each byte of each file, against the published root, in memory: the same code as the binary.
#[test]
fn any_flipped_byte_is_named() {
    let (home, root) = packed();
    let files = at_path(&home.path("pack"));
    let trust = rooted(&root);
    assert!(verify::verify(&Files(files.clone()), &trust).is_ok());
    let bytes: usize = files.values().map(Vec::len).sum();
    assert!(bytes < 90_000, "{bytes} bytes are no small pack");
    for path in files.keys() {
        let mut altered = Files(files.clone());
        for at in 0..files[path].len() {
            let flip = |files: &mut Files| files.0.get_mut(path).expect("file")[at] ^= 1 << (at % 8);
            flip(&mut altered);
            let findings = verify::verify(&altered, &trust).expect_err(&format!("{path} byte {at}"));
            assert!(
                findings[0].subject == *path || findings[0].subject == "manifest.json",
                "{path} byte {at}: {findings:?}"
            );
            flip(&mut altered);
        }
    }
}

#[test]
fn the_binary_names_what_was_changed() {
    let (home, root) = packed();
    let path = home.path("pack/intervals.csv");
    let text = std::fs::read_to_string(&path).expect("intervals");
    std::fs::write(&path, text.replace("500000", "500001")).expect("written");
    let (code, said) = check(&home, Some(&root));
    assert_eq!(code, 1);
    assert!(said.contains("FAILED: intervals.csv"), "{said}");
    std::fs::write(&path, text).expect("written");
    home.write("pack/extra.csv", "hello");
    let (code, said) = check(&home, Some(&root));
    assert_eq!((code, said.contains("extra.csv: is in the pack but not in the manifest")), (1, true), "{said}");
    std::fs::remove_file(home.path("pack/extra.csv")).expect("removed");
    for name in ["allocations.csv", "inputs/readings.csv", "manifest.json", "inputs/ruleset.toml"] {
        let bytes = std::fs::read(home.path("pack").join(name)).expect("file");
        std::fs::remove_file(home.path("pack").join(name)).expect("removed");
        let (code, said) = check(&home, Some(&root));
        assert_eq!((code, said.contains(name)), (1, true), "{name}: {said}");
        std::fs::write(home.path("pack").join(name), bytes).expect("written");
    }
    assert_eq!(check(&home, Some(&root)).0, 0);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hostname", home.path("pack/link")).expect("linked");
        assert_eq!(check(&home, Some(&root)).0, 1);
    }
}

/// A forger who also rewrites the manifest is caught by recomputation, and by the root in any case.
#[test]
fn a_consistent_forgery_is_caught() {
    let (home, root) = packed();
    let mut files = at_path(&home.path("pack"));
    let text = String::from_utf8(files["allocations.csv"].clone()).expect("text").replace("500000", "500001");
    files.insert("allocations.csv".into(), text.into_bytes());
    let files = Files(reseal(files));
    let without = verify::verify(&files, &Trust::default()).expect_err("recomputed");
    assert_eq!(without[0].subject, "allocations.csv");
    assert!(without[0].what.contains("wh: the pack says 500001, its inputs give 500000"), "{without:?}");
    assert!(verify::verify(&files, &rooted(&root)).is_err());
}

/// Resealed and consistent, but with rules of its own or a plant sold twice: not verified even with its own root.
#[test]
fn altered_rules_and_double_sales_are_caught() {
    let (home, _) = packed();
    let files = at_path(&home.path("pack"));
    let altered = |path: &str, from: &str, to: &str| {
        let mut files = files.clone();
        let text = String::from_utf8(files[path].clone()).expect("text");
        assert!(text.contains(from), "{path} has no {from}");
        files.insert(path.into(), text.replace(from, to).into_bytes());
        let files = Files(reseal(files));
        let root = verify::manifest_of(&files).expect("manifest").0.merkle_root;
        verify::verify(&files, &rooted(&root)).expect_err(path)
    };
    let rules = altered("inputs/ruleset.toml", "\"solar\", ", "\"solar\", \"coal\", ");
    assert!(rules[0].what.contains("is not the ruleset published"), "{rules:?}");
    let factors = altered("inputs/factors.csv", "gas,490000", "gas,1000");
    assert!(factors[0].what.contains("published table"), "{factors:?}");
    let order = altered("inputs/books.json", "\"id\": \"s\"", "\"id\": \"t\"");
    assert!(!order.is_empty());
}

/// Sealed again and consistent in its figures, but not as packs are written: one reader might see what another does
/// not.
#[test]
fn a_pack_is_written_in_one_way_only() {
    let (home, _) = packed();
    let files = at_path(&home.path("pack"));
    let refused = |path: &str, change: &dyn Fn(&str) -> String| {
        let mut altered = files.clone();
        let text = String::from_utf8(altered.remove(path).unwrap_or_default()).expect("text");
        let fresh = change(&text);
        assert_ne!(text, fresh, "{path} is as it was");
        altered.insert(path.into(), fresh.into_bytes());
        let findings = verify::verify(&Files(reseal(altered)), &Trust::default()).expect_err(path);
        assert!(findings[0].to_string().contains(path), "{findings:?}");
    };
    for name in ["readings", "revisions", "certificates", "invoices", "factors"] {
        let path = format!("inputs/{name}.csv");
        refused(&path, &|text| format!("\u{feff}{text}"));
        refused(&path, &|text| text.replace('\n', "\r\n"));
        refused(&path, &|text| text.replacen('\n', "\n\n", 1));
        refused(&path, &|text| format!("{text}\n"));
    }
    refused("inputs/readings.csv", &|text| text.replacen("site/s/load", "\"site/s/load\"", 1));
    refused("inputs/readings.csv", &|text| text.replacen("00:00:00Z,2026", "00:00:00+00:00,2026", 1));
    refused("inputs/books.json", &|text| text.replacen("\"fuels\": {}", "\"fuels\": {\"A\": [], \"A\": []}", 1));
    refused("inputs/books.json", &|text| text.replacen("\"as_of\"", "\"as_of\": null, \"as_of\"", 1));
    refused("inputs/books.json", &|text| format!("{text} "));
    refused("results.json", &|text| text.replacen("\"version\": 1", "\"version\": 1, \"version\": 1", 1));
    // Listed in the manifest, and of no account in any figure.
    refused("notes.csv", &|_| "hello\n".into());
    refused("inputs/notes.csv", &|_| "hello\n".into());
}
