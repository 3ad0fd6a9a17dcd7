//! Every subcommand's help has an example, and the examples run.

use crate::support::Home;

const GROUPS: [&[&str]; 3] = [&["forecast"], &["work"], &["certificates"]];
const COMMANDS: [&[&str]; 38] = [
    &["demo"],
    &["init"],
    &["check"],
    &["migrate"],
    &["ingest"],
    &["forecast", "accuracy"],
    &["work", "add"],
    &["work", "list"],
    &["work", "import"],
    &["work", "update"],
    &["work", "cancel"],
    &["plan"],
    &["plan", "show"],
    &["plan", "list"],
    &["explain"],
    &["backtest"],
    &["windows"],
    &["capacity"],
    &["certificates", "import"],
    &["certificates", "export"],
    &["certificates", "list"],
    &["certificates", "history"],
    &["certificates", "split"],
    &["certificates", "transfer"],
    &["certificates", "cancel"],
    &["certificates", "expire"],
    &["certificates", "withdraw"],
    &["report"],
    &["settle"],
    &["keys", "new"],
    &["keys", "show"],
    &["pack"],
    &["verify"],
    &["serve"],
    &["reference"],
    &["completions"],
    &["man"],
    &[],
];

#[test]
fn every_help_has_an_example() {
    let home = Home::new("");
    for command in COMMANDS.into_iter().chain(GROUPS) {
        let mut args = command.to_vec();
        args.push("--help");
        let help = home.run(&args).ok().out;
        assert!(help.contains("hourmatch "), "{command:?}: {help}");
        assert!(help.contains("Example") || help.contains("A first look"), "{command:?}: {help}");
    }
}

/// Runs the examples of every help text in a demo folder, in an order that makes sense.
#[test]
fn the_examples_run() {
    let home = Home::new("");
    home.run(&["demo"]).ok();
    let demo = home.path("hourmatch-demo");
    let examples: Vec<String> = COMMANDS
        .iter()
        .flat_map(|command| {
            let mut args = command.to_vec();
            args.push("--help");
            let help = home.run(&args).ok().out;
            let lines: Vec<String> = help.lines().map(|l| l.trim().to_string()).collect();
            lines.into_iter().filter(|line| line.starts_with("hourmatch ")).collect::<Vec<_>>()
        })
        .collect();
    assert!(examples.len() >= 20, "{examples:?}");
    std::fs::copy(demo.join("feeds/readings.csv"), demo.join("meters.csv")).expect("copied");
    std::fs::copy(demo.join("feeds/readings.csv"), demo.join("meters.csv.gz")).expect("copied");
    std::fs::copy(demo.join("work.csv"), demo.join("jobs.csv")).expect("copied");
    let mut ran = 0;
    for example in examples {
        // Comments after two blanks; pipes and conjunctions to the first command.
        let line = example.split("   ").next().unwrap_or("").split(" && ").next().unwrap_or("").trim();
        // What needs the world or its own year, or has its own test.
        let elsewhere = [
            "<",
            "[",
            "serve",
            "--source",
            "2022",
            "demo",
            "init",
            "...",
            "PJM",
            "work update",
            "explain",
            "nem12",
            "completions",
            "hourmatch man",
        ];
        if elsewhere.iter().any(|word| line.contains(word)) {
            continue;
        }
        let mut args: Vec<&str> = line.split_whitespace().skip(1).collect();
        args.extend(["--now", "2026-03-29T22:00Z"]);
        let done = home.command().current_dir(&demo).args(&args).output().expect("runs");
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        ran += 1;
    }
    assert!(ran >= 10, "only {ran} examples ran");
}
