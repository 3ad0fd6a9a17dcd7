//! The house: who may import whom, one reader of the clock, one user of the zone database, no long files.

use crate::support::{root, texts_below};
use std::path::{Path, PathBuf};

/// A room and the rooms it may use; `error`, `clock`, `secret` and `ENGINE` are open to all.
const TABLE: [(&str, &[&str]); 19] = [
    ("portfolio", &[]),
    // The log of a file that another took the place of is moved away.
    ("store", &["outputs"]),
    ("ingest", &["rejects", "store", "portfolio"]),
    ("feeds", &["ingest", "rejects", "store", "portfolio"]),
    ("register", &["rejects", "store", "portfolio"]),
    ("expected", &["store", "portfolio"]),
    ("work", &["rejects", "store", "portfolio"]),
    ("plan", &["work", "expected", "store", "portfolio"]),
    ("backtest", &["plan", "work", "expected", "store", "portfolio"]),
    ("windows", &["plan", "work", "store", "portfolio"]),
    ("audit", &["outputs", "store", "portfolio"]),
    ("jobs", &["feeds", "ingest", "plan", "windows", "audit", "store", "portfolio", "telemetry"]),
    // Metrics and the page tell how sources stand.
    ("serve", &["feeds", "jobs", "windows", "plan", "work", "audit", "store", "portfolio", "telemetry"]),
    ("outputs", &[]),
    ("secret", &[]),
    ("settings", &[]),
    ("telemetry", &[]),
    ("error", &[]),
    // Rejected rows that do not fit in memory lie in a file without a name.
    ("rejects", &["outputs"]),
];
const OPEN: [&str; 4] = ["error", "clock", "secret", "ENGINE"];
/// Those that may use any room, and the clock, which uses none.
const FREE: [&str; 4] = ["cli", "clock", "lib", "main"];

fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    texts_below(dir, "rs")
}

/// Those of all crates.
fn all_sources() -> Vec<(PathBuf, String)> {
    ["src", "ids/src", "reports/src", "reports/render/src", "solver/src"]
        .iter()
        .flat_map(|dir| sources(&root().join(dir)))
        .collect()
}

/// First segments after `crate::` in a file.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let inner = group.split("};").next().unwrap_or("");
            found.extend(inner.split(',').map(|part| part.trim().split("::").next().unwrap_or("").to_string()));
        } else {
            found.push(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_string());
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn imports_follow_the_table() {
    let src = root().join("src");
    let mut seen = 0;
    for (path, text) in sources(&src) {
        let inside = path.strip_prefix(&src).expect("inside");
        let room = inside.iter().next().and_then(|p| p.to_str()).unwrap_or("").trim_end_matches(".rs");
        let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == room) else {
            assert!(FREE.contains(&room), "{}: {room} is not in the table", inside.display());
            continue;
        };
        for import in imports(&text) {
            let fine = import == room || OPEN.contains(&import.as_str()) || allowed.contains(&import.as_str());
            assert!(fine, "{}: {room} must not use {import}", inside.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "the test reads no imports: {seen}");
}

#[test]
fn the_pure_crates_open_nothing_and_do_not_know_each_other() {
    // Names are known to all and know nobody; rendering knows what it renders, and is known to neither.
    let pure: [(&str, &[&str]); 4] = [
        ("ids", &["hourmatch", "solver::", "reports::", "render::"]),
        ("solver", &["hourmatch_reports", "reports::", "render::"]),
        ("reports", &["hourmatch_solver", "solver::", "render::"]),
        ("reports/render", &["hourmatch_solver", "solver::"]),
    ];
    for (crate_name, others) in pure {
        for (path, text) in sources(&root().join(crate_name).join("src")) {
            for other in others {
                assert!(!text.contains(other), "{} knows {other}", path.display());
            }
            // The verifier's own file reading is the one exception.
            let verifier = path.ends_with("evidence/folder.rs")
                || path.ends_with("bin/hourmatch-verify.rs")
                || path.ends_with("tests.rs");
            for forbidden in ["std::fs", "std::net", "std::env", "tokio", "sqlx"] {
                assert!(verifier || !text.contains(forbidden), "{} uses {forbidden}", path.display());
            }
        }
    }
}

/// What `outputs` writes is never what a command reads; nobody else makes, replaces or removes a file.
#[test]
fn files_are_written_in_one_place() {
    let src = root().join("src");
    let writers = [
        "File::create",
        "File::options",
        "OpenOptions",
        "fs::write",
        "fs::rename",
        "fs::copy",
        "fs::remove",
        "fs::create_dir",
        "fs::hard_link",
        "set_permissions",
        ".set_len(",
        "DirBuilder",
        "tempfile",
        "symlink(",
    ];
    let (mut inside, mut outside) = (0, 0);
    for (path, text) in sources(&src) {
        // Unit tests at the end of a file make what they test.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let found: Vec<&&str> = writers.iter().filter(|writer| text.contains(**writer)).collect();
        if path.starts_with(src.join("outputs")) {
            inside += found.len();
        } else {
            outside += 1;
            assert!(found.is_empty(), "{} writes files itself: {found:?}", path.display());
        }
    }
    assert!(inside > 5 && outside > 100, "the test reads nothing: {inside}, {outside}");
}

/// A url is printed only as a secret, and stdout and stderr are written to where that is seen to.
#[test]
fn people_are_talked_to_in_one_place() {
    for (path, text) in sources(&root().join("src")) {
        for talk in ["println!", "print!", "dbg!"] {
            assert!(!text.contains(talk), "{} uses {talk}", path.display());
        }
        let said = path.ends_with("cli/output.rs")
            || path.ends_with("telemetry.rs")
            || path.starts_with(root().join("src/outputs"));
        for stream in ["io::stderr()", "io::stdout()"] {
            assert!(said || !text.contains(stream), "{} uses {stream}", path.display());
        }
        let opens = [
            "secret.rs",
            "settings.rs",
            "cli/context.rs",
            "store/location.rs",
            "ingest/fetch.rs",
            "cli/demo.rs",
            "feeds/credential.rs",
        ];
        let exposed = text.split("#[cfg(test)]").next().unwrap_or_default().contains(".expose()");
        assert!(!exposed || opens.iter().any(|file| path.ends_with(file)), "{} exposes a secret", path.display());
    }
}

/// A stored plan says what its work does: nobody tells it by figures, and one function reads it.
#[test]
fn plans_are_read_in_one_place() {
    let src = root().join("src");
    let fractions =
        ["plan/schedule.rs", "plan/schedule/legacy.rs", "plan/write/schedule.rs", "plan/show/csv.rs", "plan/codes.rs"];
    let legacy = ["plan/schedule.rs", "plan/schedule/legacy.rs", "plan/document.rs", "plan/parts.rs"];
    let mut seen = 0;
    for (path, text) in sources(&src) {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (what, files) in
            [("power_fraction", &fractions[..]), ("legacy::", &legacy[..]), ("mod legacy", &legacy[..])]
        {
            let fine = files.iter().any(|file| path == src.join(file));
            assert!(fine || !text.contains(what), "{}: {what} is for {files:?}", path.display());
            seen += usize::from(text.contains(what));
        }
        let parses = text.contains("let mut plan: Plan = serde_json::") || text.contains("from_str::<Plan>");
        assert_eq!(parses, path == src.join("plan/document.rs"), "{}: document::read reads plans", path.display());
    }
    assert!(seen > 5, "the test reads nothing: {seen}");
}

#[test]
fn the_verifier_needs_no_solver_database_or_http() {
    let tree = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "-p", "hourmatch-reports", "-e", "normal", "--prefix", "none"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    let crates: std::collections::BTreeSet<&str> = tree.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert!(crates.contains("sha2"), "{tree}");
    for heavy in ["highs", "highs-sys", "good_lp", "sqlx", "reqwest", "hyper", "tokio", "axum", "askama"] {
        assert!(!crates.contains(heavy), "hourmatch-verify needs {heavy}");
    }
    assert!(crates.len() < 70, "{} crates", crates.len());
}

#[test]
fn time_is_read_in_one_place_and_zones_in_another() {
    for (path, text) in all_sources() {
        for clock in ["Utc::now", "SystemTime::now", "Local::now", "Instant::now"] {
            assert!(path.ends_with("src/clock.rs") || !text.contains(clock), "{} reads the clock", path.display());
        }
        assert!(path.ends_with("time/zone.rs") || !text.contains("chrono_tz::"), "{} uses chrono-tz", path.display());
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let tests = ["tests/it", "solver/tests", "reports/tests"].iter().flat_map(|dir| sources(&root().join(dir)));
    for (path, text) in all_sources().into_iter().chain(tests) {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines: it wants splitting", path.display());
    }
}

#[test]
fn migrations_have_the_same_numbers_on_both_engines() {
    let names = |engine: &str| {
        let mut names: Vec<String> = std::fs::read_dir(root().join("migrations").join(engine))
            .expect("migrations")
            .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
