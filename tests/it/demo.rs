//! The demo ends with commands that run as printed, in the shell that ran it.

use crate::support::{Home, Ran};
use std::path::Path;
use std::process::Command;

/// A shell's `PATH` with the system's programs only.
const SYSTEM: &str = "/usr/local/bin:/usr/bin:/bin";

/// The lines below "Try next".
fn next(home: &Home, path: &str, dir: &str) -> Vec<String> {
    let ran = Ran::from(home.command().env("PATH", path).args(["demo", dir]).output().expect("runs")).ok();
    let (_, next) = ran.out.split_once("Try next\n").expect("what to try next");
    next.lines().map(|line| line.trim().to_string()).collect()
}

#[test]
fn the_last_lines_run_as_printed() {
    let home = Home::new("");
    let lines = next(&home, SYSTEM, "the $first demo");
    // It would listen until the test ends it; the service has tests of its own.
    let script: Vec<String> = lines.into_iter().filter(|line| !line.starts_with("hourmatch serve ")).collect();
    assert!(script.len() >= 6, "{script:?}");
    assert!(script[0].starts_with("export PATH="), "{script:?}");
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script.join("\n")]).current_dir(home.path("")).env("PATH", SYSTEM);
    for name in ["HOURMATCH_NOW", "HOURMATCH_CONFIG", "HOURMATCH_STORE"] {
        shell.env_remove(name);
    }
    let ran = Ran::from(shell.output().expect("a shell")).ok();
    assert!(ran.out.contains("train-atlas-day1"), "no plan shown:\n{}", ran.out);
}

#[test]
fn the_path_is_left_alone_where_it_leads_to_this_program() {
    let home = Home::new("");
    let program = Path::new(env!("CARGO_BIN_EXE_hourmatch")).canonicalize().expect("built");
    let folder = program.parent().expect("a folder").display().to_string();
    let lines = next(&home, &format!("{folder}:{SYSTEM}"), "demo");
    assert_eq!(lines[0], "cd demo");
    // Another program by the same name stands before it.
    let other = home.path("other");
    std::fs::create_dir(&other).expect("made");
    std::os::unix::fs::symlink("/bin/true", other.join("hourmatch")).expect("linked");
    let lines = next(&home, &format!("{}:{folder}:{SYSTEM}", other.display()), "demo");
    assert_eq!(lines[0], format!("export PATH=\"{folder}:$PATH\""));
}
