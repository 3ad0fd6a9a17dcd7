//! Keys, signatures, archives, and one hour of one site disclosed without the rest.

use crate::packs::at_path;
use crate::support::{HEADER, Home, ONE_SITE, Ran, fixture, hourly, verifier};
use std::process::Command;

const PERIOD: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-01-01T03:00Z"];

fn home() -> Home {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 0.5, 0.25]) + &hourly("contract/w/generation", [0.5, 0.75, 0.0]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home
}

fn pack(home: &Home, to: &str, more: &[&str]) -> String {
    let made = home.run(&[&["pack", "-o", to], &PERIOD[..], more].concat()).ok();
    made.out.trim().strip_prefix("root ").expect("root").to_string()
}

fn verify(home: &Home, args: &[&str]) -> Ran {
    let args: Vec<String> = args.iter().map(|a| (*a).to_string()).collect();
    Command::new(verifier()).args(&args).current_dir(home.path("")).output().expect("runs").into()
}

#[test]
fn a_signature_proves_who_made_a_pack() {
    let home = home();
    let public = home.run(&["keys", "new", "k"]).ok().out.trim().to_string();
    assert!(public.starts_with("ed25519:"), "{public}");
    assert_eq!(home.run(&["keys", "show", "k"]).ok().out.trim(), public);
    home.run(&["keys", "new", "k"]).refused("never overwritten");
    let other = home.run(&["keys", "new", "other"]).ok().out.trim().to_string();
    let root = pack(&home, "signed", &["--sign-with", "k"]);
    let plain = pack(&home, "plain", &[]);
    assert_eq!(root, plain, "a signature changes no figure and no root");
    let held = verify(&home, &["signed", "--key", &public]).ok();
    assert!(held.out.contains("origin proved: by the key given"), "{}", held.out);
    assert!(held.out.contains(&format!("signed by {public}, the key given")), "{}", held.out);
    home.write("pub", &public);
    assert_eq!(verify(&home, &["signed", "--key", "pub"]).code, 0);
    let wrong = verify(&home, &["signed", "--key", &other]);
    assert!(wrong.code == 1 && wrong.out.contains("not by the key given"), "{}", wrong.out);
    let forged = pack(&home, "forged", &["--sign-with", "other"]);
    assert_eq!(forged, root);
    let by_root = verify(&home, &["forged", "--root", &root]).ok();
    for text in ["this key was not given with --key", "not who made the pack", "origin proved: by the root given"] {
        assert!(by_root.out.contains(text) && !by_root.out.contains("signed by"), "{text}: {}", by_root.out);
    }
    let neither = verify(&home, &["forged"]).ok();
    assert!(neither.out.contains("\nintegrity only") && !neither.out.contains("signed by"), "{}", neither.out);
    let unsigned = verify(&home, &["plain", "--key", &public]);
    assert!(unsigned.code == 1 && unsigned.out.contains("is not signed"), "{}", unsigned.out);
    home.run(&["pack", "-o", "x", "--sign-with", "r.csv"].iter().chain(&PERIOD).copied().collect::<Vec<_>>())
        .refused("is not a secret key");
}

#[test]
fn an_archive_holds_the_same_pack() {
    let home = home();
    let root = pack(&home, "pack", &[]);
    assert_eq!(pack(&home, "pack.tar.zst", &[]), root);
    pack(&home, "again.tar.zst", &[]);
    let bytes = |name: &str| std::fs::read(home.path(name)).expect("archive");
    assert_eq!(bytes("pack.tar.zst"), bytes("again.tar.zst"));
    let held = verify(&home, &["pack.tar.zst", "--root", &root]).ok();
    assert!(held.out.contains("origin proved"), "{}", held.out);
    home.run(&["verify", "pack.tar.zst", "--root", &root]).ok();
    let again = [&["pack", "-o", "pack.tar.zst"], &PERIOD[..]].concat();
    home.run(&again).refused("exists already");
    let mut cut = bytes("pack.tar.zst");
    cut.truncate(cut.len() / 2);
    std::fs::write(home.path("cut.tar.zst"), &cut).expect("written");
    assert_eq!(verify(&home, &["cut.tar.zst"]).code, 1);
    std::fs::write(home.path("no.tar.zst"), b"no archive").expect("written");
    let none = verify(&home, &["no.tar.zst"]);
    assert!(none.code == 1 && none.out.contains("is not a .tar.zst"), "{}", none.out);
    for file in ["pack/manifest.json", "pack/inputs/readings.csv"] {
        let part = verify(&home, &[file]);
        let said = part.out.contains("is one file of a pack: name the pack's folder") && !part.out.contains("BadMagic");
        assert!(part.code == 1 && said, "{}", part.out);
    }
    let key = verify(&home, &["pack", "--key", "deadbeef"]);
    assert!(key.code == 2 && key.err.contains("`deadbeef` is neither a public key, `ed25519:`"), "{}", key.err);
    assert!(key.err.lines().count() == 2 && key.err.contains("--help"), "{}", key.err);
    // A path that leads out of the archive is refused, and nothing is left behind.
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    header.set_mode(0o644);
    header.as_old_mut().name[..7].copy_from_slice(b"../evil");
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, &b"x"[..]).expect("memory");
    let tar = builder.into_inner().expect("memory");
    let mut squeezed = Vec::new();
    reports::evidence::archive::squeeze(tar.as_slice(), &mut squeezed).expect("memory");
    std::fs::write(home.path("evil.tar.zst"), &squeezed).expect("written");
    let evil = verify(&home, &["evil.tar.zst"]);
    assert!(evil.code == 1 && evil.out.contains("is not a path inside a pack"), "{}", evil.out);
}

/// The verdict on an archive of these files, in this order.
fn archived(home: &Home, files: &[(String, Vec<u8>)]) -> Ran {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_path(path).expect("short");
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        builder.append(&header, bytes.as_slice()).expect("memory");
    }
    let tar = builder.into_inner().expect("memory");
    let mut squeezed = Vec::new();
    reports::evidence::archive::squeeze(tar.as_slice(), &mut squeezed).expect("memory");
    std::fs::write(home.path("made.tar.zst"), squeezed).expect("written");
    verify(home, &["made.tar.zst"])
}

/// Files in order, the manifest first or where it stands among them.
fn in_order(dir: &std::path::Path, first: bool) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = at_path(dir).into_iter().collect();
    files.sort_by_key(|(path, _)| (first && path != "manifest.json", path.clone()));
    files
}

#[test]
fn an_archive_is_unpacked_no_further_than_its_manifest_states() {
    let home = home();
    pack(&home, "pack", &[]);
    let files = in_order(&home.path("pack"), true);
    archived(&home, &files).ok();
    let zeros = |bytes: usize| ("allocations.csv".to_string(), vec![0_u8; bytes]);
    let mut larger = files.clone();
    larger.iter_mut().filter(|(path, _)| path == "allocations.csv").for_each(|file| *file = zeros(64 << 20));
    let stray = [&files[..], &[("notes.txt".to_string(), b"hello".to_vec())]].concat();
    let before = [&[zeros(80 << 20)], &files[..]].concat();
    for (what, files, says) in [
        ("a file of another size", larger, "allocations.csv: has 67108864 bytes, the manifest states "),
        ("a file nobody lists", stray, "notes.txt: is in the archive but not in the manifest"),
        ("a manifest further on", in_order(&home.path("pack"), false), "manifest.json is not the first file"),
        ("more than so small an archive may hold", before, "unpacks to more bytes than it may hold"),
        ("no manifest", files[1..].to_vec(), "holds no manifest.json"),
    ] {
        let ran = archived(&home, &files);
        assert!(ran.code == 1 && ran.out.contains(says), "{what}: {}", ran.out);
        assert!(std::fs::metadata(home.path("made.tar.zst")).expect("archive").len() < 70_000, "{what}");
    }
    // The first format had its manifest where it stands in the order.
    let committed = fixture("packs/2");
    archived(&home, &in_order(&committed, false)).ok();
}

#[test]
fn one_hour_of_one_site_can_be_disclosed() {
    let home = home();
    home.run(&["keys", "new", "k"]).ok();
    let root = pack(&home, "pack", &["--sign-with", "k"]);
    let proof = verify(&home, &["pack", "--prove", "s@2026-01-01T01:00:00Z"]).ok().out;
    assert!(!proof.contains("2026-01-01T02:00:00Z,"), "another hour is disclosed: {proof}");
    // The same instant, written with another offset.
    let elsewhere = verify(&home, &["pack", "--prove", "s@2026-01-01T02:00:00+01:00"]).ok().out;
    assert_eq!(elsewhere, proof);
    home.run(&["verify", "pack", "--prove", "s@2026-01-01T02:00:00+01:00"]).ok();
    home.write("proof.json", &proof);
    let shown = verify(&home, &["--check-proof", "proof.json", "--root", &root]).ok().out;
    assert!(shown.contains("matched_wh 500000") && shown.contains("origin proved"), "{shown}");
    assert!(shown.contains("\nportfolio one, version 1\na later version may exist"), "{shown}");
    home.run(&["verify", "--check-proof", "proof.json"]).ok();
    for (from, to) in [
        ("500000", "500001"),
        ("s,2026-01-01T01:00:00Z", "t,2026-01-01T01:00:00Z"),
        ("\"left\": true", "\"left\": false"),
        ("hourly-2026", "hourly-2027"),
        ("\\\"portfolio\\\": \\\"one\\\"", "\\\"portfolio\\\": \\\"two\\\""),
        ("\\\"version\\\": 1", "\\\"version\\\": 2"),
    ] {
        assert!(proof.contains(from), "{from}");
        home.write("altered.json", &proof.replacen(from, to, 1));
        assert_eq!(verify(&home, &["--check-proof", "altered.json"]).code, 1, "{from}");
    }
    assert_eq!(verify(&home, &["--check-proof", "proof.json", "--root", &"0".repeat(64)]).code, 1);
    let none = verify(&home, &["pack", "--prove", "s@2027-01-01T01:00:00Z"]);
    assert!(none.code == 1 && none.err.contains("no row of site s"), "{}", none.err);
}

#[test]
fn a_wrong_command_line_is_no_verdict() {
    let home = home();
    let root = pack(&home, "pack", &[]);
    for args in [
        &["pack", "--prove", "s"][..],
        &["pack", "--prove", "s@noon"],
        &["pack", "--prove", "s@2026-01-01T01:00:00"],
        &["pack", "--prove", "@2026-01-01T01:00:00Z"],
        &["pack", "--prove"],
        &["pack", "--root", "short"],
        &["pack", "--root", &root, "--root", &root],
        &["pack", "--key", "no-such-file"],
        &["pack", "pack"],
        &["pack", "--rot", &root],
        &["--prove", "s@2026-01-01T01:00:00Z"],
        &[],
    ] {
        let ran = verify(&home, args);
        assert!(ran.code == 2 && ran.err.contains("Usage"), "{args:?}: {} {}", ran.code, ran.err);
    }
    assert_eq!(home.run(&["verify", "pack", "--prove", "s@noon"]).code, 2);
}

/// What the verifier says of a committed pack.
fn committed(name: &str, more: &[&str]) -> String {
    let pack = fixture("packs").join(name);
    let root = std::fs::read_to_string(pack.with_extension("root")).expect("root");
    let done = Command::new(verifier()).arg(&pack).args(["--root", root.trim()]).args(more).output().expect("runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}");
    said
}

/// A pack made by the first version of a format verifies in every later one.
#[test]
fn committed_packs_still_verify() {
    let said = committed("2", &[]);
    // What it says of itself: an older ruleset, and bills whose files it need not hold.
    for line in [
        "ruleset hourly-2026 version 2; version ",
        "own_generation (beside, there first)",
        "compared: 128 readings and 0 invoices with their rows in 2 received files",
        "not compared: 1 invoice, whose files packs of this format need not hold",
        "not compared: 1 certificate, since the register keeps no files",
    ] {
        assert!(said.contains(line), "`{line}` not in: {said}");
    }
    let key = "ed25519:f29c1b9a8cca0bd955bdc156bb59a6072ec0b554c627d6be35f6c327b396e299";
    let said = committed("3", &["--key", key]);
    // Restated and signed; one of its files has lines that end in CRLF.
    for line in [
        "portfolio pack-3, 2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z, version 2",
        "replaces the pack with root bb89591b97e34f9c0c532f0444608ea2b5d906a79fd657d200d6b4b18d3121a6",
        "compared: 240 readings and 1 invoice with their rows in 3 received files",
        "matched share 0.509972, 65200000 of 127850000 Wh",
        "origin proved",
    ] {
        assert!(said.contains(line), "`{line}` not in: {said}");
    }
}
