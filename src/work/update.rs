//! A scheduler's report, applied in one transaction and kept, and work cancelled.

use super::piece::{self, Lost};
use super::state::{Phase, State, Update};
use super::{Fault, Portfolio, WorkId, terms};
use crate::store::work::{self, WorkRow};
use crate::store::{Store, unreadable};
use reports::time::{Instant, RecordTime};

/// Later plans leave it out; false where there is no such work.
///
/// # Errors
/// A store that does not answer.
pub async fn cancel(store: &Store, id: &WorkId) -> anyhow::Result<bool> {
    let mut write = store.write().await?;
    let found = work::set_state(&mut write, id, Phase::Cancelled.name()).await?;
    write.commit().await?;
    Ok(found)
}

/// The state after the report, none where there is no such work; of two times, now as planned with and as recorded.
///
/// # Errors
/// A report that is refused, and a store that does not answer; nothing is kept of it then.
pub async fn apply(
    store: &Store,
    portfolio: &Portfolio,
    id: &WorkId,
    report: &Update,
    (now, record_time): (Instant, RecordTime),
) -> anyhow::Result<Option<State>> {
    let sites = portfolio.site_ids();
    let mut write = store.write().await?;
    let row = match work::get(&mut write, id).await {
        Err(error) if unreadable(&error) => return Err(Fault::from(Lost::new(id, &error)).into()),
        row => row?,
    };
    let Some(row) = row else { return Ok(None) };
    let before = match piece::phase(&row) {
        Ok(phase) => piece::last_state(&row, phase).0,
        // In what it was nobody knows: what is said now holds from now on.
        Err(_) if report.state.is_some() => State { since: None, ..piece::last_state(&row, Phase::Queued).0 },
        Err(lost) => return Err(Fault::from(lost).into()),
    };
    let state = report.applied(&before, &sites, now)?;
    if let Some(site) = &report.site {
        let (work, _) = piece::stated(&row.content).map_err(|why| Fault::from(Lost::new(id, &why)))?;
        let own: Vec<&str> = terms::derive(&work, portfolio).sites.iter().map(|s| sites[*s]).collect();
        // What it names may be gone; where it runs all the same is for whoever runs it to say.
        if !own.is_empty() && !own.contains(&site.as_str()) {
            let what = format!("{id} may not run at {site}: its pool or its list of sites is elsewhere");
            return Err(Fault::new(what).hint(format!("its sites: {}", own.join(" "))).into());
        }
    }
    let State { phase, done, last_checkpoint, site, since, at: reported, .. } = state.clone();
    let row = WorkRow { state: phase.name().into(), done, last_checkpoint, site, since, reported, ..row };
    work::report(&mut write, &row, record_time, &serde_json::to_string(&state)?).await?;
    write.commit().await?;
    Ok(Some(state))
}
