//! The worked examples of the accounting rules, through the binary; `accounting.rs` names the rule of each.
//!
//! `fixtures/worked/<name>/` holds `hourmatch.toml`, `readings.csv` and, where there are any, `readings-2.csv` and so
//! on, `certificates.csv`, `invoices.csv`. `expected.json` was worked out by hand: `why` is the arithmetic, `refused`
//! what is said of a file that is not taken, then one question or several `reports`. A question has `commands` to run
//! before it (`{run, errors}` where refused), `from`, `to`, `as_of` (a file: the instant after it), and either `errors`
//! or what is found: `report` (any part of the document), `exceptions` (how many of each code, and no others),
//! `allocations` (sums over rows with all these words: ledger, contract, site, start, rule), `absent` (no such text).
//! In `report` a list is looked into by id, invoice, code or start; a list of values is a column of it; `~` says that a
//! text contains the rest.

use crate::support::{Home, Ran, fixture, in_full};
use hourmatch::clock::Clock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Runs an example by the name of its folder.
pub fn run(name: &str) {
    let example = Example::open(name);
    let (home, recorded) = example.home(false);
    for question in example.questions() {
        let wrong = ask(&home, question, &recorded);
        let why = &example.expected["why"];
        assert!(wrong.is_empty(), "{name}:\n{}\nwhy: {why:#}", wrong.join("\n"));
    }
}

/// The instant after each file was taken in.
type Recorded = BTreeMap<String, String>;

struct Example {
    dir: PathBuf,
    expected: Value,
}

fn folder() -> PathBuf {
    fixture("worked")
}

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("fixtures").map(|e| e.expect("entry"));
    let mut names: Vec<String> =
        entries.filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

impl Example {
    fn open(name: &str) -> Self {
        let dir = folder().join(name);
        let text = std::fs::read_to_string(dir.join("expected.json")).unwrap_or_else(|e| panic!("{name}: {e}"));
        let expected = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        Self { dir, expected }
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.dir.join(file)).expect(file)
    }

    fn questions(&self) -> &[Value] {
        match self.expected.get("reports") {
            Some(list) => list.as_array().expect("reports").as_slice(),
            None => std::slice::from_ref(&self.expected),
        }
    }

    /// In the order in which they are taken in.
    fn files(&self) -> Vec<String> {
        let mut files = vec!["readings.csv".to_string()];
        let corrections = (2..10).map(|n| format!("readings-{n}.csv"));
        let others = ["certificates.csv", "invoices.csv"].map(String::from);
        files.extend(corrections.chain(others).filter(|file| self.dir.join(file).exists()));
        files
    }

    /// Everything taken in; tables and rows in another order if asked.
    fn home(&self, permuted: bool) -> (Home, Recorded) {
        let toml = self.text("hourmatch.toml");
        let home = Home::new(&if permuted { other_tables(&toml) } else { toml });
        let asks_of_then = self.questions().iter().any(|question| question.get("as_of").is_some());
        let mut recorded = Recorded::new();
        for file in self.files() {
            let csv = self.text(&file);
            home.write(&file, &if permuted { other_rows(&csv) } else { csv });
            let ran = match file.as_str() {
                "certificates.csv" => home.run(&["certificates", "import", &file]),
                _ => home.run(&["ingest", &file]),
            };
            match self.expected["refused"].get(&file) {
                Some(said) => refused(ran, said),
                None => {
                    ran.ok();
                }
            }
            if asks_of_then {
                recorded.insert(file, (Clock::recorded().instant() + 1).to_string());
                // Record times are asked for by the second: the next file comes in a later one.
                std::thread::sleep(Duration::from_millis(2_100));
            }
        }
        (home, recorded)
    }

    /// One question with an answer.
    fn is_plain(&self) -> bool {
        ["reports", "refused", "errors"].iter().all(|key| self.expected.get(key).is_none())
    }
}

/// A pack of every example that has one plain answer, each with the home it lies in.
pub fn packs() -> Vec<(Home, PathBuf)> {
    let plain = names().into_iter().map(|name| Example::open(&name)).filter(Example::is_plain);
    plain
        .map(|example| {
            let (home, _) = example.home(false);
            let text = |key: &str| example.expected[key].as_str().expect(key).to_string();
            home.run(&["pack", "--from", &text("from"), "--to", &text("to"), "-o", "pack"]).ok();
            let pack = home.path("pack");
            (home, pack)
        })
        .collect()
}

/// The tables of a portfolio in reverse; its head stays.
fn other_tables(toml: &str) -> String {
    let (head, tables) = toml.split_at(toml.find("\n[[").expect("tables"));
    let mut tables: Vec<&str> = tables.split("\n\n").collect();
    tables.reverse();
    format!("{head}\n{}\n", tables.join("\n\n"))
}

fn other_rows(csv: &str) -> String {
    let (header, rows) = csv.split_once('\n').expect("rows");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    format!("{header}\n{}\n", rows.join("\n"))
}

fn words(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list of words").iter().map(|word| word.as_str().expect("a word")).collect()
}

fn refused(mut ran: Ran, said: &Value) {
    for text in words(said) {
        ran = ran.refused(text);
    }
}

/// Runs a question's commands and its report, if it asks for one.
fn report(home: &Home, question: &Value, recorded: &Recorded) -> Option<Ran> {
    for command in rows(&question["commands"]) {
        match command.get("run") {
            Some(args) => refused(home.run(&words(args)), &command["errors"]),
            None => {
                home.run(&words(command)).ok();
            }
        }
    }
    let mut args = vec!["report", "--from", question["from"].as_str()?, "--to", question["to"].as_str().expect("to")];
    if let Some(file) = question["as_of"].as_str() {
        args.extend(["--as-of", recorded[file].as_str()]);
    }
    if question.get("errors").is_none() {
        args.extend(["--format", "json"]);
    }
    Some(home.run(&args))
}

/// What is not as expected.
fn ask(home: &Home, question: &Value, recorded: &Recorded) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(ran) = report(home, question, recorded) else { return wrong };
    if let Some(said) = question.get("errors") {
        refused(ran, said);
        return wrong;
    }
    let ran = ran.ok();
    let document = ran.json();
    if let Some(wanted) = question.get("report") {
        compare("", &document, wanted, &mut wrong);
    }
    if let Some(wanted) = question.get("exceptions") {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for row in rows(&document["exceptions"]) {
            *counts.entry(row["code"].as_str().expect("code")).or_default() += 1;
        }
        compare("/exceptions by code", &json!([counts]), &json!([wanted]), &mut wrong);
    }
    allocations(&document, &question["allocations"], &mut wrong);
    for text in rows(&question["absent"]) {
        if ran.out.contains(text.as_str().expect("text")) {
            wrong.push(format!("the report says {text}"));
        }
    }
    balance(&document, &mut wrong);
    wrong
}

fn rows(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Whether what was found holds everything wanted.
fn compare(at: &str, found: &Value, wanted: &Value, wrong: &mut Vec<String>) {
    let Some(parts) = wanted.as_object().filter(|_| found.is_object() || found.is_array()) else {
        let part = wanted.as_str().and_then(|text| text.strip_prefix('~'));
        let fine = match (part, found.as_str()) {
            (Some(part), Some(text)) => text.contains(part),
            _ => found == wanted,
        };
        if !fine {
            wrong.push(format!("{at} is {found}, not {wanted}"));
        }
        return;
    };
    for (key, wanted) in parts {
        let at = format!("{at}/{key}");
        let named = |row: &&Value| {
            ["id", "invoice", "code", "start"].iter().any(|name| row[*name].as_str() == Some(key.as_str()))
        };
        match (found.is_array(), wanted.is_array()) {
            (true, true) => {
                let column: Vec<&Value> = rows(found).map(|row| &row[key.as_str()]).collect();
                compare(&at, &json!(column), wanted, wrong);
            }
            (true, false) => match rows(found).find(named) {
                Some(row) => compare(&at, row, wanted, wrong),
                None => wrong.push(format!("{at} is absent")),
            },
            _ => match found.get(key) {
                Some(part) => compare(&at, part, wanted, wrong),
                None => wrong.push(format!("{at} is absent")),
            },
        }
    }
}

fn wh(row: &Value, key: &str) -> i128 {
    let number = &row[key];
    let wide = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    wide.unwrap_or_else(|| panic!("{key} in {row}"))
}

fn allocations(document: &Value, wanted: &Value, wrong: &mut Vec<String>) {
    let has = |row: &Value, word: &str| {
        ["ledger", "contract", "site", "start", "rule"].iter().any(|name| row[*name].as_str() == Some(word))
    };
    for (key, sum) in wanted.as_object().into_iter().flatten() {
        let matching = rows(&document["allocations"]).filter(|row| key.split(' ').all(|word| has(row, word)));
        let found: i128 = matching.map(|row| wh(row, "wh")).sum();
        if Some(found) != sum.as_i64().map(i128::from) {
            wrong.push(format!("allocations `{key}` are {found}, not {sum}"));
        }
    }
}

/// What holds of every report: `load = matched + unmatched`, `contracted = matched + stored + surplus`, and in each
/// ledger `delivered = allocated + stored + surplus`, with the rows adding up to it.
fn balance(document: &Value, wrong: &mut Vec<String>) {
    for cell in rows(&document["boundaries"]).flat_map(|boundary| rows(&boundary["intervals"])) {
        let load = wh(cell, "matched_wh") + wh(cell, "unmatched_wh");
        let supply = wh(cell, "matched_wh") + wh(cell, "stored_wh") + wh(cell, "surplus_wh");
        if load != wh(cell, "load_wh") || supply != wh(cell, "contracted_wh") {
            wrong.push(format!("out of balance: {cell}"));
        }
    }
    for contract in rows(&document["contracts"]) {
        let id = contract["id"].as_str().expect("id");
        for (ledger, prefix) in [("matching", ""), ("inventory", "inventory_")] {
            let of = |name: &str| wh(contract, &format!("{prefix}{name}_wh"));
            let (allocated, all) = (of("allocated"), of("allocated") + of("stored") + of("surplus"));
            // What does not count towards matching is not in that ledger; what is behind the meter is in no other.
            let elsewhere = match ledger {
                "matching" => all == 0,
                _ => contract["kind"] == "storage" || all == 0 && contract["kind"] == "self_generation",
            };
            if all != wh(contract, "delivered_wh") && !elsewhere {
                wrong.push(format!("out of balance in the {ledger} ledger: {contract}"));
            }
            let own = rows(&document["allocations"]).filter(|row| row["ledger"] == ledger && row["contract"] == id);
            if own.map(|row| wh(row, "wh")).sum::<i128>() != allocated {
                wrong.push(format!("rows of {id} in the {ledger} ledger do not add up to {allocated}"));
            }
        }
    }
}

#[test]
fn every_example_is_run_by_the_name_of_a_rule() {
    let rules = include_str!("accounting.rs");
    for name in names() {
        assert!(rules.contains(&format!("\"{name}\"")), "no rule in accounting.rs runs {name}");
    }
}

/// The order of rows and tables changes no byte of a report.
#[test]
fn permuted_input_gives_the_same_bytes() {
    let mut compared = 0;
    // Twice the program for each: a third of them, all with `HOURMATCH_FULL`.
    let step = if in_full() { 1 } else { 3 };
    for name in names().into_iter().step_by(step) {
        let example = Example::open(&name);
        if !example.is_plain() {
            continue;
        }
        let [written, permuted] = [false, true].map(|permuted| {
            let (home, recorded) = example.home(permuted);
            report(&home, &example.expected, &recorded).expect("a question").ok().out
        });
        assert_eq!(written, permuted, "{name}");
        compared += 1;
    }
    assert!(compared > 60 / step, "only {compared} examples");
}
