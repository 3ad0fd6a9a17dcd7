//! `hourmatch verify`, the code of `hourmatch-verify`

use super::common::{Args, Context, Exit, Fault, Format, Paths};
use reports::evidence::folder::{self, SiteHour};
use reports::evidence::sign::PublicKey;
use reports::evidence::trust::Trust;
use reports::evidence::verdict::Verdict;
use reports::evidence::verdict_text;
use serde::Serialize;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  hourmatch verify week-12 --root $ROOT
  hourmatch verify week-12.tar.zst --key $KEY --tsa-ca tsa-ca.pem
  hourmatch verify week-12 --prove ashburn@2026-03-16T12:00:00Z -o proof.json
  hourmatch verify --check-proof proof.json --root $ROOT

ROOT is the root that the pack's maker published, KEY their public key.";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Verify {
    /// The pack's folder, or its archive FILE.tar.zst
    #[arg(required_unless_present = "check_proof", conflicts_with = "check_proof")]
    pack: Option<PathBuf>,
    /// The root its maker published
    #[arg(long, value_name = "HASH", value_parser = root)]
    root: Option<String>,
    /// The maker's public key, or a file that holds it
    #[arg(long, value_name = "PUB", value_parser = key)]
    key: Option<FromArgument<PublicKey>>,
    /// The root its maker published for the pack that this one replaces
    #[arg(long, value_name = "HASH", value_parser = root, conflicts_with_all = ["prove", "check_proof"])]
    replaces: Option<String>,
    /// Certificates of time-stamping authorities you trust, PEM or DER
    #[arg(long, value_name = "FILE", value_parser = authorities, conflicts_with_all = ["prove", "check_proof"])]
    tsa_ca: Option<FromArgument<Vec<u8>>>,
    /// Disclose one hour of one site, with the proof that it is part of the pack
    #[arg(long, value_name = "SITE@START", conflicts_with = "check_proof", value_parser = SiteHour::parse)]
    prove: Option<SiteHour>,
    /// Check a proof made with --prove
    #[arg(long, value_name = "FILE")]
    check_proof: Option<PathBuf>,
}

fn root(text: &str) -> Result<String, String> {
    let valid = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if valid { Ok(text.to_string()) } else { Err("the 64 hex digits of a root".into()) }
}

/// What an argument held, and the file it was read from, if it was.
type FromArgument<T> = (T, Option<PathBuf>);

fn key(text: &str) -> Result<FromArgument<PublicKey>, String> {
    let file = (!text.starts_with("ed25519:")).then(|| text.into());
    folder::public_key(text).map(|what| (what, file))
}

fn authorities(path: &str) -> Result<FromArgument<Vec<u8>>, String> {
    folder::authorities(path).map(|what| (what, Some(path.into())))
}

#[derive(Debug, Serialize)]
struct Document<'v> {
    schema: &'static str,
    engine: &'static str,
    origin_proved: bool,
    #[serde(flatten)]
    verdict: &'v Verdict,
}

impl Verify {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        let files = [
            ("the pack", self.pack.as_ref()),
            ("the proof", self.check_proof.as_ref()),
            ("the key", self.key.as_ref().and_then(|(_, file)| file.as_ref())),
            ("the authorities", self.tsa_ca.as_ref().and_then(|(_, file)| file.as_ref())),
        ];
        let mut named = files.into_iter().filter_map(|(what, file)| Some((what, file?)));
        named.try_for_each(|(what, file)| paths.reads(what, file))
    }
}

pub fn run(context: &Context, args: &Verify) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let trust = Trust {
        root: args.root.clone(),
        key: args.key.as_ref().map(|(key, _)| *key),
        replaces: args.replaces.clone(),
        authorities: args.tsa_ca.as_ref().map(|(authorities, _)| authorities.clone()),
    };
    let verdict = match (&args.pack, &args.prove, &args.check_proof) {
        (Some(pack), Some(at), _) => {
            let proof = folder::prove(pack, at, &trust).map_err(Fault::new)?;
            context.out.raw(&proof)?;
            return Ok(Exit::Done);
        }
        (_, _, Some(proof)) => folder::check_proof(proof, &trust),
        (Some(pack), ..) => folder::check(pack, &trust),
        (None, ..) => return Err(Fault::new("which pack?").hint("hourmatch verify PACK").into()),
    };
    if context.format == Format::Json {
        let (schema, engine, origin_proved) = ("hourmatch/verify/2", crate::ENGINE, !verdict.origin.is_empty());
        context.out.json(&Document { schema, engine, origin_proved, verdict: &verdict })?;
    } else {
        context.out.stream(&mut |out| verdict_text::write(&verdict, out))?;
    }
    Ok(if verdict.verified { Exit::Done } else { Exit::Failed })
}
