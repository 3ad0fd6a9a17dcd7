//! What the demo prints last: commands that run as they stand in the shell that ran it.

use crate::cli::shell::word;
use reports::time::Instant;
use std::env;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const PROGRAM: &str = "hourmatch";

/// The commands, indented, each on a line of its own.
pub fn commands(dir: &Path, now: Instant) -> String {
    let cd = format!("cd {}", word(&dir.display().to_string()));
    let program = [
        "check".to_string(),
        format!("plan show --now {now}"),
        format!("windows --duration 4h --mw 2 --now {now}"),
        format!("plan --now {now} --strategy asap --dry-run"),
        format!("serve --now {now}"),
    ];
    let program = program.iter().map(|args| format!("{PROGRAM} {args}"));
    path_line().into_iter().chain([cd]).chain(program).map(|line| format!("  {line}\n")).collect()
}

/// Puts this program's folder first in `PATH`, where a shell would run another program by this name, or none.
fn path_line() -> Option<String> {
    let own = env::current_exe().ok()?.canonicalize().ok()?;
    let found = env::var_os("PATH").and_then(|path| on_path(&path));
    if own.file_name()? != PROGRAM || found.is_some_and(|found| found.canonicalize().is_ok_and(|found| found == own)) {
        return None;
    }
    export(own.parent()?)
}

/// What a shell runs by this name from any folder: entries of `PATH` that are relative mean another one after each `cd`.
fn on_path(path: &OsStr) -> Option<PathBuf> {
    let runs =
        |file: &Path| file.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0);
    env::split_paths(path).filter(|dir| dir.is_absolute()).map(|dir| dir.join(PROGRAM)).find(|file| runs(file))
}

/// None where the folder cannot stand in `PATH`, or cannot be printed.
fn export(folder: &Path) -> Option<String> {
    let folder = folder.to_str().filter(|folder| !folder.contains(':'))?;
    let plain = word(folder) == folder;
    Some(if plain {
        format!("export PATH=\"{folder}:$PATH\"")
    } else {
        format!("export PATH={}:\"$PATH\"", word(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_comes_first_in_the_path() {
        let line = |folder: &str| export(Path::new(folder));
        assert_eq!(line("/src/target/release").as_deref(), Some("export PATH=\"/src/target/release:$PATH\""));
        assert_eq!(line("/my src/$x").as_deref(), Some("export PATH='/my src/$x':\"$PATH\""));
        assert_eq!(line("/a:b"), None);
    }

    #[test]
    fn a_program_found_by_way_of_the_current_folder_does_not_count() {
        assert_eq!(on_path(OsStr::new(".:target/release::")), None);
    }
}
