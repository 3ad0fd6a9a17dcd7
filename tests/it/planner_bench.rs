//! What `./dev bench planner` makes of its measurements: the ratio, the charts, the figures on the page, and that it fails
//! where two methods contradict each other. The measurements are given here; nothing is timed.

use crate::support::{Home, Ran};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const BEGINS: &str = "<!-- planner bench: from here on written by ./dev bench planner -->";
const ENDS: &str = "<!-- planner bench: to here -->";
const LIMIT: f64 = 100.0;

/// One method on one instance of divisible work, ended or at the limit.
fn measured(pieces: u32, method: &str, seconds: f64, (objective, bound): (f64, f64)) -> Value {
    let ended = seconds < LIMIT;
    json!({
        "kind": "divisible",
        "instance": format!("divisible:1:{pieces}:10"),
        "pieces": pieces,
        "sites": 10,
        "sha256": "",
        "method": method,
        "status": if ended { "optimal" } else { "time_limit" },
        "note": "",
        "runs": 1,
        "seconds": seconds,
        "times": [seconds],
        "memory_mb": 50,
        "objective": ended.then_some(objective),
        "bound": ended.then_some(bound),
        "gap": ended.then_some((objective - bound) / objective),
        "rows": 1,
        "columns": 1,
        "missed": null,
    })
}

fn run(results: &[Value]) -> Value {
    json!({
        "run": {
            "day": "2026-01-01", "cores": 2, "highs": "1.15.0", "seed": 1, "limit": LIMIT,
            "gaps": { "divisible": 1e-4, "gpu": 5e-3, "training": 5e-3 }, "durations": "a stated distribution",
        },
        "results": results,
    })
}

/// Tables and charts of a run, in the folder `out`, and on the page of `docs` where one is.
fn drawn(home: &Home, run: &Value, docs: bool) -> Ran {
    home.write("run.json", &run.to_string());
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/planner");
    let mut command = Command::new("python3");
    command.arg("-B").arg(bench).current_dir(home.path("")).args(["--redraw", "run.json", "--out", "out"]);
    if docs {
        command.args(["--write", "."]);
    }
    command.output().expect("python3 runs").into()
}

fn three_sizes() -> Vec<Value> {
    vec![
        // Twice as fast as simplex, which is the fastest.
        measured(500, "hourmatch", 2.0, (1_000.0, 999.95)),
        measured(500, "highs-simplex", 4.0, (999.98, 999.98)),
        measured(500, "highs-ipm", 9.0, (999.98, 999.98)),
        // Over 20 times, since none ends.
        measured(5_000, "hourmatch", 5.0, (1_000.0, 999.95)),
        measured(5_000, "highs-simplex", LIMIT, (0.0, 0.0)),
        // No ratio: the gap asked for is not reached.
        measured(50_000, "hourmatch", 50.0, (1_000.0, 990.0)),
        measured(50_000, "highs-simplex", LIMIT, (0.0, 0.0)),
    ]
}

/// The last cell of the line of ours.
fn ratio(table: &str, pieces: &str) -> String {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_string()).collect::<Vec<String>>();
    let lines = table.lines().map(cells);
    let mut mine = lines.filter(|c| c.len() > 4 && c[2] == pieces && c[4] == "hourmatch");
    let cells = mine.next().unwrap_or_else(|| panic!("no line of {pieces} in:\n{table}"));
    cells[cells.len() - 2].clone()
}

#[test]
fn ours_is_compared_with_the_fastest_that_ended() {
    let home = Home::new("");
    let table = drawn(&home, &run(&three_sizes()), false).ok().out;
    assert_eq!(ratio(&table, "500"), "2");
    assert_eq!(ratio(&table, "5000"), "over 20");
    assert_eq!(ratio(&table, "50000"), "");
}

#[test]
fn charts_and_figures_go_between_the_marks_of_the_page() {
    let home = Home::new("");
    home.write("planner-bench.md", &format!("# Speed\n\nBefore.\n\n{BEGINS}\nOld.\n{ENDS}\n\nAfter.\n"));
    drawn(&home, &run(&three_sizes()), true).ok();
    let page = home.read("planner-bench.md");
    assert!(page.starts_with(&format!("# Speed\n\nBefore.\n\n{BEGINS}\n")), "{page}");
    assert!(page.ends_with(&format!("{ENDS}\n\nAfter.\n")) && !page.contains("Old."), "{page}");
    assert!(page.contains("](planner-divisible.svg)") && page.contains("over 20"), "{page}");
    assert!(!page.contains("planner-gpu.svg"), "{page}");
    let chart = home.read("planner-divisible.svg");
    assert_eq!(chart, home.read("out/planner-divisible.svg"));
    // Hollow where the limit came first: two of simplex.
    assert_eq!(chart.matches("fill=\"#fff\" stroke=\"#b3541e\"").count(), 2, "{chart}");
    for said in ["hourmatch, 10 sites", "highs-ipm, 10 sites", "pieces of work", "asked: 1.0e-4"] {
        assert!(chart.contains(said), "{said}");
    }
    // The same run is the same page.
    drawn(&home, &run(&three_sizes()), true).ok();
    assert_eq!(page, home.read("planner-bench.md"));
}

#[test]
fn a_page_without_marks_is_left_alone() {
    let home = Home::new("");
    home.write("planner-bench.md", "# Speed\n");
    drawn(&home, &run(&three_sizes()), true).refused("two lines between which figures are put");
    assert_eq!(home.read("planner-bench.md"), "# Speed\n");
}

#[test]
fn a_plan_below_what_another_method_proves_fails_the_bench() {
    let home = Home::new("");
    let mut results = three_sizes();
    results[1] = measured(500, "highs-simplex", 4.0, (1_000.1, 1_000.1));
    drawn(&home, &run(&results), false).refused("hourmatch found 1000.000000, and highs-simplex says");
}

#[test]
fn the_page_of_the_docs_has_its_marks() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explanation/planner-bench.md");
    let text = std::fs::read_to_string(page).expect("the page");
    let begins = text.find(BEGINS).expect("where figures begin");
    assert!(text.find(ENDS).expect("where they end") > begins);
}
