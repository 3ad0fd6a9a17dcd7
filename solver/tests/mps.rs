//! The MPS text read back is the model that was solved.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{model, write_mps};
use std::collections::BTreeMap;
use support::random;

#[derive(Default)]
struct Read {
    rows: Vec<(char, String)>,
    columns: Vec<String>,
    entries: BTreeMap<(String, String), f64>,
    limits: BTreeMap<String, f64>,
    upper: BTreeMap<String, f64>,
    fixed: BTreeMap<String, f64>,
}

/// As much of free MPS as the writer uses.
fn read(text: &str) -> Read {
    let mut mps = Read::default();
    let mut section = "";
    for line in text.lines().filter(|l| !l.starts_with('*')) {
        if !line.starts_with(' ') {
            section = line.split(' ').next().unwrap();
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = || words[words.len() - 1].parse::<f64>().unwrap();
        match section {
            "ROWS" => {
                let kind = words[0].chars().next().unwrap();
                mps.rows.push((kind, words[1].to_string()));
            }
            "COLUMNS" => {
                if mps.columns.last().is_none_or(|c| c != words[0]) {
                    mps.columns.push(words[0].to_string());
                }
                let key = (words[1].to_string(), words[0].to_string());
                assert!(mps.entries.insert(key, number()).is_none(), "{line}");
            }
            "RHS" => assert!(mps.limits.insert(words[1].to_string(), number()).is_none()),
            "BOUNDS" if words[0] == "UP" => {
                mps.upper.insert(words[2].to_string(), number());
            }
            "BOUNDS" if words[0] == "FX" => {
                mps.fixed.insert(words[2].to_string(), number());
            }
            other => panic!("{other}: {line}"),
        }
    }
    mps
}

#[test]
fn mps_reads_back_as_the_model() {
    for seed in 1..4 {
        let problem = random(seed, 12, 12);
        let stated = model(&problem).unwrap();
        let mut text = Vec::new();
        write_mps(&problem, &mut text).unwrap();
        let mps = read(std::str::from_utf8(&text).unwrap());
        assert_eq!(mps.columns.len(), stated.columns.len());
        // The cost row comes first.
        assert_eq!(mps.rows.len(), stated.rows.len() + 1);
        let limit = |name: &String| mps.limits.get(name).copied().unwrap_or(0.0);
        assert_eq!(limit(&"COST".to_string()), 0.0 - stated.constant);
        for ((kind, name), row) in mps.rows[1..].iter().zip(&stated.rows) {
            assert_eq!(limit(name), row.upper, "{name}");
            let equal = row.lower == row.upper;
            assert_eq!(*kind, if equal { 'E' } else { 'L' }, "{name}");
        }
        for (name, column) in mps.columns.iter().zip(&stated.columns) {
            let cost = mps.entries.get(&("COST".to_string(), name.clone()));
            assert_eq!(cost.copied().unwrap_or(0.0), column.cost, "{name}");
            let upper = mps.fixed.get(name).or(mps.upper.get(name));
            assert_eq!(upper.copied().unwrap_or(f64::INFINITY), column.upper, "{name}");
        }
        let costs = mps.entries.keys().filter(|k| k.0 == "COST").count();
        assert_eq!(mps.entries.len() - costs, stated.entries.len());
        for e in &stated.entries {
            let row = &mps.rows[1 + e.row as usize].1;
            let key = (row.clone(), mps.columns[e.column as usize].clone());
            assert_eq!(mps.entries[&key], e.value, "{key:?}");
        }
    }
}
