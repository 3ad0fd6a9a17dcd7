//! Every subcommand's help has an example, and each example runs as printed, against the demo.

use crate::docs::page::Step;
use crate::docs::session::{self, NOW, Place};
use crate::support::Home;
use std::os::unix::fs::PermissionsExt;

/// The widest terminal that help is written for.
const COLUMNS: usize = 80;

/// Examples that cannot run here, and what runs in their place.
const ELSEWHERE: [(&str, &str, &str); 5] = [
    (
        "hourmatch ingest --source gb --area NORTH --from 2026-03-01 --to 2026-03-08",
        "true",
        "fetches from the public feed; tests/it/feeds serves one",
    ),
    ("hourmatch follow --once", "true", "the demo has no source to follow; tests/it/feeds serves one"),
    ("hourmatch follow", "true", "the demo has no source to follow; tests/it/feeds serves one"),
    (
        "curl -H 'Content-Type: application/timestamp-query' --data-binary @root.tsq https://tsa.example -o root.tsr",
        "sh \"$REPO/tests/it/docs/authority.sh\" root.tsq root.tsr",
        "asks an authority on the network",
    ),
    (
        "hourmatch report --from 2026-03-16 --to 2026-03-23 --as-of 2026-04-15T00:00Z --format json",
        "true",
        "the demo's rows are recorded when it is made, which is later; tests/it/report.rs looks back",
    ),
];

/// A subcommand by its words, and its help.
struct Help {
    command: Vec<String>,
    text: String,
}

impl Help {
    /// It and all below it, as the program itself lists them.
    fn tree(home: &Home, command: &[String]) -> Vec<Self> {
        let output = home.command().args(command).arg("--help").env("COLUMNS", COLUMNS.to_string()).output();
        let output = output.expect("runs");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        let listed: Vec<String> = text
            .lines()
            .skip_while(|line| *line != "Commands:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            // Lines of names; descriptions go on farther in.
            .filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')))
            .filter_map(|line| line.split_whitespace().next().map(String::from))
            .filter(|name| name != "help")
            .collect();
        let below: Vec<Self> =
            listed.iter().flat_map(|name| Self::tree(home, &[command, std::slice::from_ref(name)].concat())).collect();
        let mut all = vec![Self { command: command.to_vec(), text }];
        all.extend(below);
        all
    }

    /// Its examples as a shell would take them, each on one line.
    fn examples(&self) -> Vec<String> {
        let heads = ["Example:", "Examples:", "A first look:"];
        let lines = self.text.lines().skip_while(|line| !heads.contains(line)).skip(1);
        let mut examples: Vec<String> = Vec::new();
        let mut goes_on = false;
        for line in lines.take_while(|line| !line.is_empty()) {
            let (text, more) = line.trim().strip_suffix('\\').map_or((line.trim(), false), |text| (text, true));
            if goes_on && let Some(last) = examples.last_mut() {
                last.push_str(text);
            } else {
                examples.push(text.to_string());
            }
            goes_on = more;
        }
        examples
    }
}

/// What has to be there before the examples of a command: what others make, by others' examples.
fn before(command: &[String]) -> &'static str {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    match words[..] {
        ["certificates"] | ["certificates", "export" | "list" | "history" | "split"] => IMPORTED,
        ["certificates", "transfer" | "cancel" | "expire" | "withdraw"] => IMPORTED,
        ["keys", "show"] => "hourmatch keys new hourmatch.key",
        ["pack"] => "sh \"$REPO/tests/it/docs/stamped.sh\"\nrm -r week-12 week-12.tar.zst",
        ["verify"] => "sh \"$REPO/tests/it/docs/stamped.sh\"",
        ["plan", "diff"] => "hourmatch plan --horizon 96h",
        ["reservations", ..] => "hourmatch windows --duration 4h --mw 2 --reserve job-17",
        _ => "true",
    }
}

const IMPORTED: &str = "hourmatch certificates import certificates.csv";

/// What examples leave to their reader: the root and the key of the pack they made.
const NAMED: &str = "if [ -e week-12/manifest.json ]; then
    ROOT=$(sed -n 's/.*\"merkle_root\": *\"\\([0-9a-f]*\\)\".*/\\1/p' week-12/manifest.json)
fi
if [ -e hourmatch.key ]; then KEY=$(hourmatch keys show hourmatch.key 2> /dev/null); fi";

fn steps(help: &Help) -> Vec<(usize, Step)> {
    let run = |text: &str| Step::Run { text: text.to_string(), fails: false };
    let empty = help.command.is_empty() || ["demo", "init"].contains(&help.command[0].as_str());
    let files = if empty { "true" } else { "sh \"$REPO/tests/it/docs/examples.sh\"" };
    let mut steps = vec![(1, run(files)), (2, run(before(&help.command)))];
    for example in help.examples() {
        let elsewhere = ELSEWHERE.iter().find(|(line, ..)| *line == example).map(|(_, instead, _)| *instead);
        let line = steps.len() + 1;
        steps.push((line, run(NAMED)));
        steps.push((line + 1, run(elsewhere.unwrap_or(&example))));
    }
    steps
}

#[test]
fn every_help_has_an_example_and_fits_a_terminal() {
    let all = Help::tree(&Home::new(""), &[]);
    assert!(all.len() >= 40, "{} subcommands", all.len());
    for help in &all {
        assert!(!help.examples().is_empty(), "{:?}: {}", help.command, help.text);
        for line in help.text.lines() {
            assert!(line.chars().count() <= COLUMNS, "{:?}: {line}", help.command);
        }
        // A line that is wrapped cannot be copied.
        for example in help.examples() {
            assert!(["hourmatch ", "curl ", "openssl "].iter().any(|start| example.starts_with(start)), "{example}");
        }
    }
    for (line, _, why) in ELSEWHERE {
        assert!(all.iter().any(|help| help.examples().iter().any(|e| e == line)), "no example: {line} ({why})");
    }
}

/// A form that a command refuses, and a place that it does not write to, are not offered.
#[test]
fn help_offers_the_forms_that_a_command_writes() {
    let home = Home::new("");
    let help = |command: &[&str]| home.run(&[command, &["--help"]].concat()).ok().out;
    for (command, forms) in [
        (&["check"][..], "text or json"),
        (&["work", "add"], "text or json"),
        (&["backtest"], "text, json or html"),
        (&["report"], "text, json, csv, html, pdf"),
    ] {
        let text = help(command).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&format!("Output format: {forms}")), "{command:?}: {text}");
        assert_eq!(text.contains("parquet"), command == ["report"], "{command:?}: {text}");
    }
    let man = help(&["man"]);
    assert!(!man.contains("--format") && !man.contains("--output"), "{man}");
    assert!(!help(&["completions"]).contains("--format"));
}

/// The examples of each help text, in order, in a fresh copy of the demo; those of `demo` and `init` in an empty folder.
#[test]
fn the_examples_run() {
    let demo = Home::new("");
    demo.run(&["demo"]).ok();
    std::fs::create_dir(demo.path("bin")).expect("made");
    let browser = demo.write("bin/xdg-open", "#!/bin/sh\ntest -s \"$1\"\n");
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    std::fs::create_dir(demo.path("empty")).expect("made");
    let mut wrong = Vec::new();
    for help in Help::tree(&demo, &[]) {
        let home = demo.copied();
        let empty = matches!(help.command.first().map(String::as_str), None | Some("demo" | "init"));
        let folder = home.path(if empty { "empty" } else { "hourmatch-demo" });
        let typing = home.path("");
        let place = Place { folder: &folder, home: &typing, now: Some(NOW), postgres: "" };
        let steps = steps(&help);
        if let Some(failed) = session::run(&steps, &place).failed {
            wrong.push(format!("{}: {failed}\n{steps:#?}", help.command.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
