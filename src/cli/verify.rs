//! `hourmatch verify`, the code of `hourmatch-verify`

use super::output::Exit;
use super::{Context, Format};
use clap::Args;
use reports::evidence::folder;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch verify pack-2022 --root 3f1c...")]
pub struct Verify {
    /// The pack's folder
    dir: PathBuf,
    /// The root its maker published
    #[arg(long, value_name = "HASH", value_parser = root)]
    root: Option<String>,
}

fn root(text: &str) -> Result<String, String> {
    let valid = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if valid { Ok(text.to_string()) } else { Err("the 64 hex digits of a root".into()) }
}

pub fn run(context: &Context, args: &Verify) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let mut said = Vec::new();
    let held = folder::check(&args.dir, args.root.as_deref(), &mut said)?;
    let said = String::from_utf8_lossy(&said);
    if context.format == Format::Json {
        let lines: Vec<&str> = said.lines().collect();
        context.out.json(&json!({
            "schema": "hourmatch/verify/1", "engine": crate::ENGINE, "synthetic": said.contains("\nsynthetic data"),
            "verified": held, "origin_proved": held && args.root.is_some(), "said": lines,
        }))?;
    } else {
        context.out.data(&said)?;
    }
    Ok(if held { Exit::Done } else { Exit::Failed })
}
