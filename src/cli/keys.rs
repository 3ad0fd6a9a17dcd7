//! `hourmatch keys`

use super::common::{Args, Context, Fault, Format, Kind, Subcommand, io_reason, json};
use crate::outputs::{Paths, new_secret};
use reports::evidence::sign::SecretKey;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const AFTER: &str = "\
Examples:
  hourmatch keys new hourmatch.key
  hourmatch keys show hourmatch.key";

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

impl Keys {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        let (Action::New { file } | Action::Show { file }) = &self.action;
        paths.reads("the secret key", file)
    }
}

pub fn run(context: &Context, args: &Keys) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let key = match &args.action {
        Action::New { file } => {
            let key = make(file)?;
            context.out.committed();
            key
        }
        Action::Show { file } => secret(file)?,
    };
    let public = key.public().to_string();
    if context.format == Format::Json {
        context.out.document("hourmatch/key/1", false, json!({ "public": public }))
    } else {
        context.out.data(&format!("{public}\n"))
    }
}

/// Readable by its owner only, and never over another file.
fn make(path: &Path) -> anyhow::Result<SecretKey> {
    let refuse = |what: String| Fault::new(what).file(path.display());
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|e| refuse(format!("the system provides no random bytes: {e}")).kind(Kind::Unavailable))?;
    let key = SecretKey::from_bytes(bytes);
    new_secret(path, key.to_text().as_bytes()).map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => {
            refuse("exists already; a key is never overwritten".into()).kind(Kind::Conflict).hint("name a new file")
        }
        _ => refuse(format!("cannot be written: {}", io_reason(&e))).hint("check the folder and its permissions"),
    })?;
    Ok(key)
}

/// The secret key in a file, which nobody but its owner can read.
pub(super) fn secret(path: &Path) -> anyhow::Result<SecretKey> {
    let refuse = |what: String| Fault::new(what).file(path.display()).hint("`hourmatch keys new FILE` makes one");
    let mut text = String::new();
    let read = File::open(path).and_then(|file| {
        let found = file.metadata()?;
        file.take(LARGEST).read_to_string(&mut text).map(|_| found)
    });
    let found = read.map_err(|e| refuse(format!("cannot be read: {}", io_reason(&e))))?;
    let key = SecretKey::parse(&text).map_err(|e| refuse(e.to_string()))?;
    // What others may read, or write, is no secret of its owner.
    let mode = found.permissions().mode() & 0o777;
    if found.is_file() && mode & 0o077 != 0 {
        let what = format!("can be read by users other than its owner (mode {mode:03o})");
        let hint = format!("chmod 600 {}; make a new key if others may have read this one", path.display());
        return Err(Fault::new(what).file(path.display()).hint(hint).into());
    }
    Ok(key)
}
