//! `hourmatch verify`, the code of `hourmatch-verify`

use super::output::Exit;
use super::{Context, Format};
use crate::error::Problem;
use clap::Args;
use reports::evidence::folder::{self, SiteHour};
use reports::evidence::sign::PublicKey;
use reports::evidence::verify::Trust;
use serde_json::json;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  hourmatch verify pack-2022 --root 3f1c...
  hourmatch verify pack-2022.tar.zst --key ed25519:8a88... --tsa-ca tsa-ca.pem
  hourmatch verify pack-2022 --prove ashburn@2022-01-01T00:00:00Z -o proof.json
  hourmatch verify --check-proof proof-2022.json --root 3f1c...";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Verify {
    /// The pack's folder, or its archive FILE.tar.zst
    #[arg(required_unless_present = "check_proof", conflicts_with = "check_proof")]
    pack: Option<PathBuf>,
    /// The root its maker published
    #[arg(long, value_name = "HASH", value_parser = root)]
    root: Option<String>,
    /// The key its maker signs with, or a file that holds it
    #[arg(long, value_name = "PUB", value_parser = folder::public_key)]
    key: Option<PublicKey>,
    /// The root its maker published for the pack that this one replaces
    #[arg(long, value_name = "HASH", value_parser = root, conflicts_with_all = ["prove", "check_proof"])]
    replaces: Option<String>,
    /// Certificates of time-stamping authorities you trust, PEM or DER
    #[arg(long, value_name = "FILE", value_parser = folder::authorities, conflicts_with_all = ["prove", "check_proof"])]
    tsa_ca: Option<std::vec::Vec<u8>>,
    /// Disclose one hour of one site, with the proof that it is part of the pack
    #[arg(long, value_name = "SITE@START", conflicts_with = "check_proof", value_parser = SiteHour::parse)]
    prove: Option<SiteHour>,
    /// Check such a proof
    #[arg(long, value_name = "FILE")]
    check_proof: Option<PathBuf>,
}

fn root(text: &str) -> Result<String, String> {
    let valid = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if valid { Ok(text.to_string()) } else { Err("the 64 hex digits of a root".into()) }
}

pub fn run(context: &Context, args: &Verify) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let trust = Trust {
        root: args.root.clone(),
        key: args.key,
        replaces: args.replaces.clone(),
        authorities: args.tsa_ca.clone(),
    };
    let mut said = Vec::new();
    let held = match (&args.pack, &args.prove, &args.check_proof) {
        (Some(pack), Some(at), _) => {
            let proof = folder::prove(pack, at, &trust).map_err(Problem::new)?;
            context.out.raw(&proof)?;
            return Ok(Exit::Done);
        }
        (_, _, Some(proof)) => folder::check_proof(proof, &trust, &mut said)?,
        (Some(pack), ..) => folder::check(pack, &trust, &mut said)?,
        (None, ..) => return Err(Problem::new("which pack?").hint("hourmatch verify PACK").into()),
    };
    let said = String::from_utf8_lossy(&said);
    if context.format == Format::Json {
        let lines: Vec<&str> = said.lines().collect();
        context.out.json(&json!({
            "schema": "hourmatch/verify/1", "engine": crate::ENGINE, "synthetic": said.contains("\nsynthetic data"),
            "verified": held, "origin_proved": held && (args.root.is_some() || args.key.is_some()), "said": lines,
        }))?;
    } else {
        context.out.data(&said)?;
    }
    Ok(if held { Exit::Done } else { Exit::Failed })
}
