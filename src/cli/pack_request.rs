//! `hourmatch pack-request`

use super::context::{Context, Format};
use super::output::Exit;
use crate::error::Fault;
use crate::outputs::Paths;
use clap::Args;
use reports::evidence::{folder, stamp};
use serde_json::json;
use std::path::PathBuf;

const AFTER: &str = "\
The query holds only the pack's root. Send it to any time-stamping authority (RFC 3161), then add its answer with \
`hourmatch pack --timestamp`, or copy it into the pack as timestamp.tsr.

Examples:
  hourmatch pack --from 2026-03-16 --to 2026-03-23 -o week-12
  hourmatch pack-request week-12 -o root.tsq
  curl -H 'Content-Type: application/timestamp-query' \\
      --data-binary @root.tsq https://tsa.example -o root.tsr
  hourmatch pack --from 2026-03-16 --to 2026-03-23 -o week-12-stamped \\
      --timestamp root.tsr
  hourmatch verify week-12-stamped --tsa-ca tsa-ca.pem
  openssl ts -verify -digest $ROOT -in root.tsr -CAfile tsa-ca.pem";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct PackRequest {
    /// The pack's folder, or its archive FILE.tar.zst
    pack: PathBuf,
}

impl PackRequest {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        paths.reads("the pack", &self.pack)
    }
}

pub fn run(context: &Context, args: &PackRequest) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let manifest =
        folder::manifest_at(&args.pack).map_err(|what| Fault::new(what).hint("name a pack's folder or archive"))?;
    let root = manifest.root();
    let query = stamp::query(&root);
    match context.format {
        Format::Json => context.out.json(&json!({
            "schema": "hourmatch/pack-request/1", "engine": crate::ENGINE, "synthetic": manifest.synthetic,
            "root": hex::encode(root), "query": hex::encode(&query),
        }))?,
        _ => context.out.bytes(&query)?,
    }
    if let Some(path) = context.out.path() {
        context.out.say(&format!("wrote {}: a query to time-stamp root {}", path.display(), hex::encode(root)));
    }
    Ok(Exit::Done)
}
