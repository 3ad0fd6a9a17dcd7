//! What the windows room knows of a plan that is shown: what was reserved in its time, and its capacity curve.

use super::capacity::{self, Ask};
use super::desk::Desk;
use crate::plan::Plan;
use crate::plan::show::{Beside, Cap};
use crate::store::reservations;
use reports::time::Instant;

/// Of a plan that is not the current one there is no curve.
///
/// # Errors
/// A store that does not answer.
pub async fn beside(desk: &Desk, plan: &Plan, now: Instant) -> anyhow::Result<Beside> {
    let mut reserved = reservations::ending_after(&desk.store, plan.start).await?;
    reserved.retain(|r| r.released_seq.is_none() && r.start < plan.end);
    let mut caps = Vec::new();
    for site in &desk.portfolio.definitions.sites {
        let ask = Ask { now, site: site.id.clone(), from: Some(plan.start), to: None };
        // A plan made before a site came does not cover it: the page is worth looking at all the same.
        let Ok(answer) = capacity::answer(desk, &ask).await else { continue };
        if answer.plan.id != plan.id {
            continue;
        }
        for interval in answer.intervals {
            caps.push(Cap { site: site.id.clone(), start: interval.start, mw: interval.cap_mw });
        }
    }
    Ok(Beside { reserved, caps, ..Beside::default() })
}
