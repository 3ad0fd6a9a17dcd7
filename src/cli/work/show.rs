//! `hourmatch work list`

use super::super::{Context, Format};
use crate::plan::standing;
use crate::plan::work::{Work, terms};
use crate::portfolio::Portfolio;
use crate::store::work;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use serde_json::json;

pub async fn list(context: &Context, portfolio: &Portfolio) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let mut rows = Vec::new();
    for row in work::all(&store).await? {
        rows.push((serde_json::from_str::<Work>(&row.content)?, standing::state(&row)?));
    }
    store.close().await;
    if context.format == Format::Json {
        let items: Vec<_> = rows
            .iter()
            .map(|(work, state)| {
                json!({"work": work, "state": state.phase.name(), "done": state.done, "site": state.site,
                    "last_checkpoint": state.last_checkpoint_s.map(reports::time::format_instant),
                    "reported": state.at_s.map(reports::time::format_instant)})
            })
            .collect();
        return context.out.json(&json!({
            "schema": "hourmatch/work-list/1", "engine": crate::ENGINE, "synthetic": portfolio.definitions.synthetic, "work": items,
        }));
    }
    if rows.is_empty() {
        context.out.say("there is no work; add some with `hourmatch work add` or `work import`");
        return Ok(());
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_header(["id", "kind", "state", "done", "release", "deadline", "IT MWh", "max MW", "GPUs", "sites"]);
    for (work, state) in rows {
        let terms = terms::of(&work, portfolio);
        let sites = if work.sites.is_empty() { "all".into() } else { work.sites.join("|") };
        let done = state.done.map_or("-".into(), |done| format!("{:.0} %", 100.0 * done));
        let gpus = work.gpus.map_or("-".into(), |gpus| gpus.to_string());
        table.add_row([
            work.id.clone(),
            work.kind.clone(),
            state.phase.name().to_string(),
            done,
            work.release.clone(),
            work.deadline.clone(),
            format!("{:.3}", terms.all_energy_mwh()),
            format!("{:.3}", terms.most_mw()),
            gpus,
            sites,
        ]);
    }
    context.out.data(&format!("{table}\n"))
}
