//! `hourmatch-verify PACK`: what an auditor runs. Needs nothing but the pack.

use hourmatch_reports::evidence::folder::{self, SiteHour};
use hourmatch_reports::evidence::trust::Trust;
use hourmatch_reports::evidence::verdict_text;
use hourmatch_reports::text::visible;
use hourmatch_reports::words::io_reason;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "Verifies an evidence pack of hourmatch: no file is changed, added or missing, and every figure
is recomputed from the pack's own inputs.

Usage: hourmatch-verify PACK [--root HASH] [--key PUB] [--replaces HASH] [--tsa-ca FILE]
       hourmatch-verify PACK --prove SITE@START [--root HASH] [--key PUB] > proof.json
       hourmatch-verify --check-proof proof.json [--root HASH] [--key PUB]

  PACK                a pack's folder, with manifest.json in it, or its archive FILE.tar.zst
  --root HASH         the Merkle root its maker published: proves origin as well as integrity
  --key PUB           the maker's public key, `ed25519:...`, or a file that holds it
  --replaces HASH     the root its maker published for the pack that this one replaces
  --tsa-ca FILE       certificates of time-stamping authorities you trust: proves when it was made
  --prove SITE@START  disclose one hour of one site, with the proof that it is part of the pack
  --check-proof FILE  check a proof made with --prove
  --help, --version

Examples:
  hourmatch-verify hourmatch-demo/pack --root 3f1c...
  hourmatch-verify pack-2022.tar.zst --key ed25519:8a88...
  hourmatch-verify pack-2022 --prove ashburn@2022-01-01T00:00:00Z > proof.json

Exit status: 0 verified, 1 not verified (the first differences are named), 2 wrong command line.
";

/// Said where a command line is wrong.
const SHORT: &str = "Usage: hourmatch-verify PACK [--root HASH] [--key PUB] ...; `hourmatch-verify --help` says more";

#[derive(Default)]
struct Asked {
    pack: Option<PathBuf>,
    trust: Trust,
    prove: Option<SiteHour>,
    proof: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args: Result<Vec<String>, OsString> = std::env::args_os().skip(1).map(OsString::into_string).collect();
    let mut args = match args {
        Ok(args) => args.into_iter(),
        Err(odd) => return usage(&format!("{}: is not UTF-8", odd.display())),
    };
    let mut asked = Asked::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return answer(true, &mut |out| out.write_all(USAGE.as_bytes())),
            "--version" | "-V" => {
                return answer(true, &mut |out| writeln!(out, "hourmatch-verify {}", env!("CARGO_PKG_VERSION")));
            }
            _ => {
                if let Err(what) = take(&mut asked, &arg, &mut args) {
                    return usage(&what);
                }
            }
        }
    }
    run(&asked)
}

fn take(asked: &mut Asked, arg: &str, args: &mut impl Iterator<Item = String>) -> Result<(), String> {
    let mut value = |what: &str| args.next().ok_or_else(|| format!("{arg} takes {what}"));
    match arg {
        "--root" | "--replaces" => {
            let hash = value("the 64 hex digits of a root")?;
            if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(format!("{arg} takes the 64 hex digits of a root"));
            }
            let place = if arg == "--root" { &mut asked.trust.root } else { &mut asked.trust.replaces };
            once(place.replace(hash), arg)?;
        }
        "--key" => {
            let key = folder::public_key(&value("a public key or a file that holds it")?);
            once(asked.trust.key.replace(key.map_err(|what| format!("--key: {what}"))?), arg)?;
        }
        "--prove" => {
            let at = SiteHour::parse(&value("SITE@START")?).map_err(|what| format!("--prove: {what}"))?;
            once(asked.prove.replace(at), arg)?;
        }
        "--tsa-ca" => {
            let authorities = folder::authorities(&value("a file of certificates")?);
            once(asked.trust.authorities.replace(authorities.map_err(|what| format!("--tsa-ca: {what}"))?), arg)?;
        }
        "--check-proof" => once(asked.proof.replace(value("a file")?.into()), arg)?,
        // What stands behind `=` may be a secret.
        flag if flag.starts_with('-') => {
            return Err(format!("unknown option {}", flag.split('=').next().unwrap_or(flag)));
        }
        _ if asked.pack.is_some() => return Err("one pack at a time".into()),
        path => asked.pack = Some(path.into()),
    }
    Ok(())
}

/// Two roots or keys cannot both be meant.
fn once<T>(earlier: Option<T>, option: &str) -> Result<(), String> {
    earlier.map_or(Ok(()), |_| Err(format!("{option} is given twice")))
}

fn run(asked: &Asked) -> ExitCode {
    let whole = asked.trust.replaces.is_some() || asked.trust.authorities.is_some();
    if whole && (asked.prove.is_some() || asked.proof.is_some()) {
        return usage("--replaces and --tsa-ca go with a pack that is checked whole");
    }
    let verdict = match (&asked.pack, &asked.prove, &asked.proof) {
        (None, None, Some(proof)) => folder::check_proof(proof, &asked.trust),
        (Some(pack), Some(at), None) => {
            return match folder::prove(pack, at, &asked.trust) {
                Ok(proof) => answer(true, &mut |out| out.write_all(proof.as_bytes())),
                Err(what) => {
                    complain(&what);
                    ExitCode::from(1)
                }
            };
        }
        (Some(pack), None, None) => folder::check(pack, &asked.trust),
        (None, ..) => return usage("which pack?"),
        _ => return usage("--check-proof takes no pack, and --prove makes one proof"),
    };
    answer(verdict.verified, &mut |out| verdict_text::write(&verdict, out))
}

/// Prints, and ends with what was found. Whoever stops reading has had enough; what cannot be printed otherwise is not
/// done.
fn answer(held: bool, print: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> ExitCode {
    let mut out = io::stdout().lock();
    match print(&mut out).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("standard output cannot be written: {}", io_reason(&e)));
            ExitCode::from(1)
        }
        _ if held => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    }
}

/// Where nobody can be told there is nothing more to do.
fn complain(what: &str) {
    let _ = writeln!(io::stderr().lock(), "error: {}", visible(what));
}

fn usage(what: &str) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "error: {}\n{SHORT}", visible(what));
    ExitCode::from(2)
}
