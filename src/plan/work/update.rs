//! A scheduler's report, applied in one transaction and kept.

use super::state::{State, Update};
use super::terms;
use crate::error::Fault;
use crate::plan::standing;
use crate::portfolio::Portfolio;
use crate::store::work::{self, WorkRow};
use crate::store::{Store, unreadable};

/// The state after the report, none where there is no such work; `now` is seconds as planned with, and microseconds as
/// recorded.
///
/// # Errors
/// A report that is refused, and a store that does not answer; nothing is kept of it then.
pub async fn apply(
    store: &Store,
    portfolio: &Portfolio,
    id: &str,
    report: &Update,
    (now_s, now_us): (i64, i64),
) -> anyhow::Result<Option<State>> {
    let sites = portfolio.site_ids();
    let mut write = store.write().await?;
    let row = match work::get(&mut write, id).await {
        Err(error) if unreadable(&error) => return Err(super::lost(id, &error).into()),
        row => row?,
    };
    let Some(row) = row else { return Ok(None) };
    let state = report.applied(&standing::reported_state(&row)?, &sites, now_s)?;
    if let Some(site) = &report.site {
        let (work, _) = super::stored(&row)?;
        let own: Vec<&str> = terms::derive(&work, portfolio).sites.iter().map(|s| sites[*s]).collect();
        // What it names may be gone; where it runs all the same is for whoever runs it to say.
        if !own.is_empty() && !own.contains(&site.as_str()) {
            let what = format!("{id} may not run at {site}: its pool or its list of sites is elsewhere");
            return Err(Fault::new(what).hint(format!("its sites: {}", own.join(" "))).into());
        }
    }
    let row = WorkRow {
        state: state.phase.name().into(),
        done: state.done,
        last_checkpoint_s: state.last_checkpoint_s,
        site: state.site.clone(),
        since_s: state.since_s,
        reported_s: state.at_s,
        ..row
    };
    work::report(&mut write, &row, now_us, &serde_json::to_string(&state)?).await?;
    write.commit().await?;
    Ok(Some(state))
}
