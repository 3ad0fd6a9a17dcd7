//! A thousand ways to change a pack, each caught against its root and its key.

use crate::packs::{Files, at_path, reseal};
use crate::support::{HEADER, Home, ONE_SITE, hourly};
use reports::evidence::manifest::Manifest;
use reports::evidence::sign::SecretKey;
use reports::evidence::verify::{self, Trust};
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
    home.write("key", &secret(7).to_text());
    let to = "2026-01-01T04:00Z";
    let made = home.run(&["pack", "--from", "2026-01-01", "--to", to, "-o", "pack", "--sign-with", "key"]).ok();
    let root = made.out.trim().strip_prefix("root ").expect("root").to_string();
    (at_path(&home.path("pack")), Trust { root: Some(root), key: Some(secret(7).public()), replaces: None })
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
            recompute(files);
            Some("a consistent recomputation")
        }
        _ => {
            let mut manifest = Manifest::parse(&files["manifest.json"]).ok()?;
            manifest.signature = Some(secret(1 + dice.below(5) as u8).sign(&manifest.root()));
            files.insert("manifest.json".into(), manifest.to_bytes());
            Some("a signature by another key")
        }
    }
}

/// Every computed table and the manifest, made anew from the altered inputs.
fn recompute(files: &mut BTreeMap<String, Vec<u8>>) {
    use reports::evidence::{inputs_files, tables};
    let held = Files(files.clone());
    let inputs = inputs_files::read(&held).expect("inputs");
    let computed = reports::report::compute(&inputs).expect("computes");
    let mut fresh = Fresh::default();
    let root = tables::write(&inputs, &computed, &mut fresh).expect("memory");
    files.extend(fresh.0);
    let mut manifest = Manifest::parse(&files["manifest.json"]).expect("manifest");
    manifest.site_intervals_root = hex::encode(root);
    files.insert("manifest.json".into(), manifest.to_bytes());
    *files = reseal(std::mem::take(files));
}

#[derive(Default)]
struct Fresh(BTreeMap<String, Vec<u8>>);

impl reports::evidence::tables::Sink for Fresh {
    type File = Open;

    fn create(&mut self, path: &str) -> std::io::Result<Open> {
        Ok(Open(path.into(), Vec::new()))
    }

    fn close(&mut self, file: Open) -> std::io::Result<()> {
        self.0.insert(file.0, file.1);
        Ok(())
    }
}

struct Open(String, Vec<u8>);

impl std::io::Write for Open {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.1.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
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

/// A consistent recomputation under a new manifest holds together: without root or key only integrity is proved.
#[test]
fn without_root_or_key_only_integrity_is_proved() {
    let (mut files, _) = signed();
    let text = String::from_utf8(files["inputs/readings.csv"].clone()).expect("text");
    files.insert("inputs/readings.csv".into(), text.replacen("500000", "600000", 1).into_bytes());
    recompute(&mut files);
    let verified = verify::verify(&Files(files), &Trust::default()).expect("holds together");
    assert!(verified.origin.is_empty());
}
