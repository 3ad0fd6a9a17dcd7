//! Stores work, and reports what was added.

use crate::cli::context::Context;
use crate::portfolio::Portfolio;
use crate::work::Work;
use crate::work::add::{self, Counts};
use reports::words::counted;
use serde_json::json;

/// Pieces that were not replaced and are named.
const KEPT_SHOWN: usize = 20;

pub(super) async fn put(context: &Context, portfolio: &Portfolio, list: &[Work]) -> anyhow::Result<Counts> {
    let store = context.store(portfolio).await?;
    let counts = add::add(&store, list, context.clock.record_time()).await?;
    context.out.committed();
    store.close().await;
    Ok(counts)
}

/// `rejected` and `repeated` count rows of the list that are not in it.
pub(super) fn say(
    context: &Context,
    portfolio: &Portfolio,
    counts: Counts,
    (rejected, repeated): (usize, usize),
) -> anyhow::Result<()> {
    let Counts { added: new, unchanged, replaced, kept } = counts;
    let unchanged = unchanged + repeated;
    let mut text = format!("{} added to the work list", counted(new, "entry", "entries"));
    for (count, what) in
        [(replaced, "replaced"), (unchanged, "known already"), (kept.len(), "not replaced: started or done")]
    {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    context.out.say(&text);
    kept.iter().take(KEPT_SHOWN).for_each(|kept| context.out.say(&kept.message()));
    let rest = json!({
        "added": new, "replaced": replaced, "unchanged": unchanged, "kept": kept.len(), "kept_work": kept,
        "rejected": rejected,
    });
    context.done("hourmatch/work/1", portfolio.definitions.synthetic, rest)
}
