//! `hourmatch pack`

use super::output::Exit;
use super::{Context, Format};
use crate::audit::pack;
use crate::clock::{parse_period, parse_when};
use crate::error::Problem;
use clap::Args;
use serde_json::json;

const AFTER: &str = "\
The folder holds every input and figure; publish the root it prints, and anyone can check the pack with
`hourmatch-verify DIR --root HASH`.

Example:
  hourmatch pack --from 2022-01-01 --to 2023-01-01 -o pack-2022";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Pack {
    /// Start of the period
    #[arg(long, value_name = "T")]
    from: String,
    /// End of the period, itself not included
    #[arg(long, value_name = "T")]
    to: String,
    /// With what had been recorded by then
    #[arg(long, value_name = "T")]
    as_of: Option<String>,
}

pub async fn run(context: &Context, args: &Pack) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let dir =
        context.out.path().ok_or_else(|| Problem::new("a pack is a folder").hint("name a new one with -o DIR"))?;
    let portfolio = context.portfolio()?;
    let now_s = context.clock.now_s();
    let period = parse_period(&args.from, &args.to, now_s, portfolio.zone)?;
    let as_of = args.as_of.as_deref().map(|t| parse_when(t, now_s, portfolio.zone)).transpose()?;
    let store = context.store(&portfolio).await?;
    let made = pack::make(&store, &portfolio, period, as_of).await?;
    store.close().await;
    pack::write(&made, dir)?;
    context.out.say(&format!("wrote {}: {} files", dir.display(), made.files.len()));
    let stdout = super::output::Output::new(None, false);
    if context.format == Format::Json {
        stdout.json(&json!({
            "schema": "hourmatch/pack-made/1", "engine": crate::ENGINE, "synthetic": made.report.synthetic,
            "dir": dir.display().to_string(), "root": made.root, "files": made.files.len(),
        }))?;
    } else {
        stdout.data(&format!("root {}\n", made.root))?;
    }
    Ok(Exit::Done)
}
