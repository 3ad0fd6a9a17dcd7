//! `hourmatch-verify DIR [--root HASH]`: what an auditor runs. Needs nothing but the pack.

use hourmatch_reports::evidence::folder;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "Checks an evidence pack of hourmatch: no file changed, added or missing, every figure
recomputed from the pack's own inputs.

Usage: hourmatch-verify DIR [--root HASH]

  DIR           the pack's folder, with manifest.json in it
  --root HASH   the Merkle root its maker published: proves origin as well as integrity
  --help, --version

Example: hourmatch-verify hourmatch-demo/pack --root 3f1c...

Exit status: 0 verified, 1 not verified (the first differences are named), 2 command line.
";

fn main() -> ExitCode {
    let mut dir: Option<PathBuf> = None;
    let mut root: Option<String> = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            "--version" | "-V" => {
                println!("hourmatch-verify {}", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            "--root" => match args.next() {
                Some(hash) if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => root = Some(hash),
                _ => return usage("--root takes the 64 hex digits of a SHA-256 root"),
            },
            flag if flag.starts_with('-') => return usage(&format!("unknown option {flag}")),
            _ if dir.is_some() => return usage("one pack at a time"),
            path => dir = Some(PathBuf::from(path)),
        }
    }
    let Some(dir) = dir else {
        return usage("which pack?");
    };
    match folder::check(&dir, root.as_deref(), &mut std::io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(1)
        }
    }
}

fn usage(what: &str) -> ExitCode {
    eprintln!("error: {what}\n\n{USAGE}");
    ExitCode::from(2)
}
