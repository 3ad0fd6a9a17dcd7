//! A thousand ways to change a pack, each caught against its root and its key.

use crate::packs::{Files, at_path, remade, reseal};
use crate::support::{HEADER, Home, ONE_SITE, hourly};
use reports::evidence::digest::sha256_hex;
use reports::evidence::manifest::Manifest;
use reports::evidence::sign::SecretKey;
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use std::collections::BTreeMap;

const TRIALS: u64 = 1_000;

/// A small generator of its own: trials repeat from their number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_bytes([seed; 32])
}

fn signed() -> (BTreeMap<String, Vec<u8>>, Trust) {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 0.5, 0.25, 0.75])
        + &hourly("contract/w/generation", [0.5, 0.75, 0.0, 0.5])
        + &hourly("grid/A/cfe_share", [0.4, 0.5, 0.6, 0.7]).replace(",MWh", ",share");
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.secret("key", &secret(7).to_text());
    let to = "2026-01-01T04:00Z";
    let made = home.run(&["pack", "--from", "2026-01-01", "--to", to, "-o", "pack", "--sign-with", "key"]).ok();
    let root = made.out.trim().strip_prefix("root ").expect("root").to_string();
    (at_path(&home.path("pack")), Trust { root: Some(root), key: Some(secret(7).public()), ..Trust::default() })
}

/// What a trial does; none where the dice chose something that changes nothing.
fn edit(files: &mut BTreeMap<String, Vec<u8>>, dice: &mut Dice) -> Option<&'static str> {
    let names: Vec<String> = files.keys().cloned().collect();
    let name = dice.pick(&names).clone();
    let bytes = files.get_mut(&name)?;
    match dice.below(9) {
        0 => {
            let at = dice.below(bytes.len());
            *bytes.get_mut(at)? ^= 1 << dice.below(8);
            Some("a byte")
        }
        1 => {
            let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
            let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
            if lines.get(a)? == lines.get(b)? {
                return None;
            }
            lines.swap(a, b);
            *bytes = lines.concat();
            Some("two rows swapped")
        }
        2 => {
            files.insert(format!("{name}.more"), b"more".to_vec());
            Some("a file added")
        }
        3 => {
            files.remove(&name);
            Some("a file deleted")
        }
        4 => {
            let at = dice.below(bytes.len());
            bytes.truncate(at);
            Some("a file cut short")
        }
        5 => {
            let digit = bytes.iter().position(u8::is_ascii_digit)? + dice.below(bytes.len());
            let at = (digit..bytes.len()).find(|i| bytes[*i].is_ascii_digit())?;
            bytes[at] = if bytes[at] == b'9' { b'8' } else { bytes[at] + 1 };
            if name != "manifest.json" {
                *files = reseal(std::mem::take(files));
            }
            Some("a digit, sealed again")
        }
        6 => {
            let rules = String::from_utf8(files["inputs/ruleset.toml"].clone()).ok()?;
            let from = *dice.pick(&["\"solar\"", "\"wind\"", "\"storage\"", "1.05", "estimate_days = 28"]);
            let to = if from.starts_with('"') { "\"coal\"" } else { "estimate_days = 1" };
            files.insert("inputs/ruleset.toml".into(), rules.replacen(from, to, 1).into_bytes());
            *files = reseal(std::mem::take(files));
            Some("rules of one's own")
        }
        7 => {
            // Everything computed again from altered inputs, as an honest maker would, under a new manifest.
            let text = String::from_utf8(files["inputs/readings.csv"].clone()).ok()?;
            let altered = text.replacen(*dice.pick(&["500000", "750000", "250000"]), "600000", 1);
            files.insert("inputs/readings.csv".into(), altered.into_bytes());
            *files = remade(std::mem::take(files));
            Some("a consistent recomputation")
        }
        _ => {
            let mut manifest = Manifest::parse(&files["manifest.json"]).ok()?;
            manifest.signature = Some(secret(1 + dice.below(5) as u8).sign(&manifest.root().expect("JSON")));
            files.insert("manifest.json".into(), manifest.to_bytes().expect("JSON"));
            Some("a signature by another key")
        }
    }
}

#[test]
fn a_thousand_edits_are_caught_with_root_or_key() {
    let (files, trust) = signed();
    assert!(verify::verify(&Files(files.clone()), &trust).is_ok());
    let by_root = Trust { key: None, ..trust.clone() };
    let by_key = Trust { root: None, ..trust };
    let mut tried: BTreeMap<&str, u32> = BTreeMap::new();
    let mut seed = 0;
    while tried.values().sum::<u32>() < TRIALS as u32 {
        seed += 1;
        let mut altered = files.clone();
        let Some(what) = edit(&mut altered, &mut Dice(seed)) else { continue };
        if altered == files {
            continue;
        }
        *tried.entry(what).or_default() += 1;
        let altered = Files(altered);
        // A signature by another key leaves the root as it is: only the key tells.
        if what != "a signature by another key" {
            assert!(verify::verify(&altered, &by_root).is_err(), "trial {seed}: {what}, against the root");
        }
        assert!(verify::verify(&altered, &by_key).is_err(), "trial {seed}: {what}, against the key");
    }
    assert_eq!(tried.len(), 9, "{tried:?}");
}

/// A reading and its row in the received file, changed together under a new manifest, hold together: without root or key
/// only integrity is proved.
#[test]
fn without_root_or_key_only_integrity_is_proved() {
    let (mut files, _) = signed();
    let text = |files: &BTreeMap<String, Vec<u8>>, path: &str| String::from_utf8(files[path].clone()).expect("text");
    let readings = text(&files, "inputs/readings.csv").replacen("500000,Wh", "600000,Wh", 1);
    let name = files.keys().find(|path| path.starts_with("inputs/received/")).expect("received").clone();
    // The first reading of the series that stands first.
    let of = |mwh: &str| format!("contract/w/generation,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,{mwh},");
    let received = text(&files, &name).replacen(&of("0.5"), &of("0.6"), 1);
    let (old, new) = (name.trim_start_matches("inputs/received/").to_string(), sha256_hex(received.as_bytes()));
    files.remove(&name);
    files.insert(format!("inputs/received/{new}"), received.into_bytes());
    files.insert("inputs/readings.csv".into(), readings.replace(&old, &new).into_bytes());
    let revisions = text(&files, "inputs/revisions.csv").replace(&old, &new);
    files.insert("inputs/revisions.csv".into(), revisions.into_bytes());
    let verified = verify::verify(&Files(remade(files)), &Trust::default()).expect("holds together");
    assert!(verified.origin.is_empty());
}
