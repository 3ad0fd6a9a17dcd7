//! `hourmatch check`

use super::output::Exit;
use super::{Context, Format};
use crate::store::readings;
use clap::Args;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use reports::time::format_instant;
use serde_json::json;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch check -c hourmatch.toml")]
pub struct Check {}

pub async fn run(context: &Context, _args: &Check) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let url = context.store_url(&portfolio)?;
    let definitions = &portfolio.definitions;
    // A check makes no store: an SQLite file that is not there yet holds nothing.
    let missing = url.strip_prefix("sqlite://").is_some_and(|path| !std::path::Path::new(path).exists());
    let series = if missing { Vec::new() } else { readings::summary(&context.store(&portfolio).await?).await? };
    if context.format == Format::Json {
        let held: Vec<_> = series
            .iter()
            .map(|(name, count, from, to)| json!({"series": name, "readings": count, "from": format_instant(*from), "to": format_instant(*to)}))
            .collect();
        context.out.json(&json!({
            "schema": "hourmatch/check/1", "engine": crate::ENGINE, "synthetic": definitions.synthetic,
            "portfolio": definitions.name, "portfolio_sha256": definitions.sha256(),
            "boundaries": definitions.boundaries.len(), "sites": definitions.sites.len(),
            "contracts": definitions.contracts.len(), "storage": definitions.storage.len(),
            "links": definitions.links.len(), "series": held,
        }))?;
        return Ok(Exit::Done);
    }
    let mut text = format!(
        "{} is in order: {} boundaries, {} sites, {} contracts, {} storage units, {} links, ruleset {}\n",
        context.config().display(),
        definitions.boundaries.len(),
        definitions.sites.len(),
        definitions.contracts.len(),
        definitions.storage.len(),
        definitions.links.len(),
        definitions.ruleset
    );
    if series.is_empty() {
        text.push_str("the store holds no readings yet; `hourmatch ingest --help` shows how to take some in\n");
    } else {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_header(["series", "readings", "from", "to"]);
        for (name, count, from, to) in &series {
            table.add_row([name.clone(), count.to_string(), format_instant(*from), format_instant(*to)]);
        }
        text.push_str(&format!("{table}\n"));
    }
    context.out.data(&text)?;
    Ok(Exit::Done)
}
