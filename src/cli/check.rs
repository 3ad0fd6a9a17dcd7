//! `hourmatch check`

use super::common::{Args, Context, Fault, Faults, Format, Portfolio, counted, table};
use crate::audit::doubts::{self, Doubts};
use crate::audit::lacks::{self, Held};
use crate::store::{location, readings};
use serde_json::{Value, json};

/// Suspect spans that the text names.
const SUSPECTS: usize = 20;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch check -c hourmatch.toml")]
pub struct Check {}

pub async fn run(context: &Context, _args: &Check) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let url = context.store_url(&portfolio)?;
    let now = context.clock.now();
    // A check makes no store: an SQLite file that is not there yet holds nothing.
    let missing = location::sqlite_file(&url)?.is_some_and(|file| !file.exists());
    let (series, doubts) = if missing {
        (Vec::new(), Doubts { notes: lacks::absent(&portfolio, &[]), ..Doubts::default() })
    } else {
        let store = context.store(&portfolio).await?;
        let series = readings::summary(&store).await?;
        let doubts = doubts::find(&store, &portfolio, &series, now).await?;
        (series, doubts)
    };
    match context.format {
        Format::Json => {
            let rest = document(&portfolio, &series, &doubts)?;
            context.out.document("hourmatch/check/1", portfolio.definitions.synthetic, rest)?
        }
        _ => context.out.data(&text(context, &portfolio, &series, &doubts))?,
    }
    if doubts.problems.is_empty() {
        return Ok(());
    }
    let hint = "correct the readings or the portfolio: until then a report that reaches them is refused";
    Err(Faults(doubts.problems.iter().map(|what| Fault::new(what).hint(hint)).collect()).into())
}

fn document(portfolio: &Portfolio, series: &[Held], doubts: &Doubts) -> anyhow::Result<Value> {
    let definitions = &portfolio.definitions;
    let held: Vec<_> = series
        .iter()
        .map(|(name, count, span)| json!({"series": name, "readings": count, "from": span.start, "to": span.end}))
        .collect();
    Ok(json!({
        "portfolio": definitions.name, "portfolio_sha256": definitions.sha256()?,
        "boundaries": definitions.boundaries.len(), "sites": definitions.sites.len(),
        "contracts": definitions.contracts.len(), "storage": definitions.storage.len(),
        "links": definitions.links.len(), "series": held, "notes": doubts.notes, "problems": doubts.problems,
        "suspects": doubts.suspects,
    }))
}

fn text(context: &Context, portfolio: &Portfolio, series: &[Held], doubts: &Doubts) -> String {
    let definitions = &portfolio.definitions;
    let but = if doubts.problems.is_empty() { "" } else { ", but its readings are not" };
    let mut text = format!(
        "{} is valid{but}: {}, {}, {}, {}, {}, ruleset {}\n",
        context.config().display(),
        counted(definitions.boundaries.len(), "boundary", "boundaries"),
        counted(definitions.sites.len(), "site", "sites"),
        counted(definitions.contracts.len(), "contract", "contracts"),
        counted(definitions.storage.len(), "storage unit", "storage units"),
        counted(definitions.links.len(), "link", "links"),
        definitions.ruleset
    );
    if series.is_empty() {
        text.push_str("the store holds no readings yet; `hourmatch ingest --help` shows how to add some\n");
    } else {
        let mut table = table::new(["series", "readings", "from", "to"], []);
        for (name, count, span) in series {
            table.add_row([name.clone(), count.to_string(), span.start.to_string(), span.end.to_string()]);
        }
        text.push_str(&format!("{table}\n"));
    }
    text.extend(doubts.notes.iter().map(|note| format!("note: {note}\n")));
    for suspect in doubts.suspects.iter().take(SUSPECTS) {
        let readings = counted(suspect.readings, "reading", "readings");
        text.push_str(&format!("suspect: {suspect} ({readings})\n"));
    }
    if doubts.suspects.len() > SUSPECTS {
        let more = doubts.suspects.len() - SUSPECTS;
        text.push_str(&format!("and {more} more suspect spans; `--format json` lists all\n"));
    }
    text
}
