//! Damaged input, thousands of pieces of it: no reader panics, whatever it is given. The same seeds give the same cases;
//! some of them in every run of the tests, all of them with HOURMATCH_FULL.

mod answers;
mod api;
mod binary;
mod mutate;
mod parsers;
mod seeds;

use crate::support::{Random, in_full};
use mutate::mutated;
use parsers::Parser;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How much more there is of everything in full.
const FULL: usize = 40;

fn cases(some: usize) -> usize {
    if in_full() { some * FULL } else { some }
}

/// What a case was, for whoever has to look at it again.
fn shown(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes).chars().take(4_000).collect();
    format!("{} bytes: {text:?}", bytes.len())
}

/// Runs damaged copies of the seeds through a reader; the first that it panics on is shown.
fn hold(parser: &Parser, seed: u64, count: usize) {
    for seed in &parser.seeds {
        (parser.parse)(seed);
    }
    let mut random = Random::new(seed);
    for case in 0..count {
        let start = &parser.seeds[random.below(parser.seeds.len())];
        let other = &parser.seeds[random.below(parser.seeds.len())];
        let bytes = mutated(&mut random, start, other);
        let held = catch_unwind(AssertUnwindSafe(|| (parser.parse)(&bytes)));
        assert!(held.is_ok(), "{}, case {case}, panicked on {}", parser.name, shown(&bytes));
    }
}

#[test]
fn no_reader_panics() {
    let mut run = 0;
    for (number, parser) in parsers::all().iter().enumerate() {
        let count = cases(15 * parser.part);
        hold(parser, number as u64 + 1, count);
        run += count;
    }
    assert!(run > 4_000, "{run} cases");
}

/// Every file of a pack, damaged: as it is, with a seal of its own, or with every figure made anew from it.
#[test]
fn no_pack_makes_the_verifier_panic() {
    let (_home, honest) = crate::forgeries::honest();
    let old = crate::packs::at_path(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/2"));
    let mut random = Random::new(77);
    for case in 0..cases(400) {
        let mut pack = if random.below(4) == 0 { old.clone() } else { honest.clone() };
        // Inputs more often: everything else is compared with what they give.
        let inputs = random.below(3) > 0;
        let paths: Vec<String> = pack.keys().filter(|path| !inputs || path.starts_with("inputs/")).cloned().collect();
        let path = paths[random.below(paths.len())].clone();
        let bytes = mutated(&mut random, &pack[&path], &honest["inputs/books.json"]);
        pack.insert(path.clone(), bytes.clone());
        let way = random.below(5);
        let held = catch_unwind(AssertUnwindSafe(|| parsers::verified(pack, way)));
        assert!(held.is_ok(), "case {case}, way {way}, panicked on {path}: {}", shown(&bytes));
    }
}

/// The generator is none of the kind that always says the same.
#[test]
fn damage_is_of_every_kind_and_the_same_again() {
    let seed = b"series,start,end,value,unit\nsite/s/load,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,5.5,MWh\n";
    let all = |number: u64| -> Vec<Vec<u8>> {
        let mut random = Random::new(number);
        (0..2_000).map(|_| mutated(&mut random, seed, b"other,input")).collect()
    };
    let found = all(1);
    assert_eq!(found, all(1));
    assert_ne!(found, all(2));
    let some = |part: &[u8]| found.iter().any(|bytes| bytes.windows(part.len()).any(|window| window == part));
    for part in [&b"1e400"[..], b"262142", b"9223372036854775808", b"\xef\xbb\xbf", b"s\0e\0", b"999999999h", b"input"]
    {
        assert!(some(part), "{}", String::from_utf8_lossy(part));
    }
    assert!(found.iter().any(|bytes| bytes.len() < 10) && found.iter().any(|bytes| bytes.len() > 60_000));
    let distinct: std::collections::BTreeSet<&Vec<u8>> = found.iter().collect();
    assert!(distinct.len() > 1_000, "{} of 2000", distinct.len());
}
