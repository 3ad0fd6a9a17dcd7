//! `hourmatch pack-request`

use super::common::{Args, Context, Fault, Format, json};
use reports::evidence::{folder, stamp};
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
    pub pack: PathBuf,
}

pub fn run(context: &Context, args: &PackRequest) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let manifest =
        folder::manifest_at(&args.pack).map_err(|what| Fault::new(what).hint("name a pack's folder or archive"))?;
    let root = manifest.root()?;
    let query = stamp::query(&root);
    let rest = json!({ "root": hex::encode(root), "query": hex::encode(&query) });
    match context.format {
        Format::Json => context.out.document("hourmatch/pack-request/1", manifest.synthetic, rest)?,
        _ => context.out.bytes(&query)?,
    }
    if let Some(path) = context.out.path() {
        context.out.say(&format!("wrote {}: a query to time-stamp root {}", path.display(), hex::encode(root)));
    }
    Ok(())
}
