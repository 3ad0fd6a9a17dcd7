//! `hourmatch keys`

use super::output::Exit;
use super::{Context, Format};
use crate::error::Problem;
use clap::{Args, Subcommand};
use reports::evidence::sign::SecretKey;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

const AFTER: &str = "\
Examples:
  hourmatch keys new hourmatch.key
  hourmatch keys show hourmatch.key";

/// No key file is larger.
const LARGEST: u64 = 4_096;

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Keys {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write a new secret key to a file that does not exist yet, and print the public key
    #[command(after_help = "Example:\n  hourmatch keys new hourmatch.key")]
    New { file: PathBuf },
    /// Print the public key of a secret key, to publish
    #[command(after_help = "Example:\n  hourmatch keys show hourmatch.key")]
    Show { file: PathBuf },
}

pub fn run(context: &Context, args: &Keys) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let key = match &args.action {
        Action::New { file } => make(file)?,
        Action::Show { file } => secret(file)?,
    };
    let public = key.public().to_string();
    if context.format == Format::Json {
        context.out.json(&json!({
            "schema": "hourmatch/key/1", "engine": crate::ENGINE, "synthetic": false, "public": public,
        }))?;
    } else {
        context.out.data(&format!("{public}\n"))?;
    }
    Ok(Exit::Done)
}

/// Readable by its owner only, and never over another file.
fn make(path: &Path) -> anyhow::Result<SecretKey> {
    let refuse = |what: String| Problem::new(what).file(path.display());
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| refuse(format!("the system gives no random bytes: {e}")))?;
    let key = SecretKey::from_bytes(bytes);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => {
            refuse("exists already; a key is never overwritten".into()).hint("name a new file")
        }
        _ => refuse(format!("cannot be written: {e}")).hint("check the folder and its permissions"),
    })?;
    file.write_all(key.to_text().as_bytes())?;
    file.sync_all()?;
    Ok(key)
}

/// The secret key in a file.
pub(super) fn secret(path: &Path) -> anyhow::Result<SecretKey> {
    let refuse = |what: String| Problem::new(what).file(path.display()).hint("`hourmatch keys new FILE` makes one");
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|e| refuse(format!("cannot be read: {}", e.kind())))?;
    std::io::Read::read_to_string(&mut std::io::Read::take(file, LARGEST), &mut text)
        .map_err(|e| refuse(format!("cannot be read: {}", e.kind())))?;
    Ok(SecretKey::parse(&text).map_err(|e| refuse(e.to_string()))?)
}
