//! Taking megawatts: a hold for whoever asks, a reservation for whoever names one.

use super::answer::{Ask, HOLD_S};
use super::rank::Candidate;
use crate::error::Problem;
use crate::portfolio::Portfolio;
use crate::store::Write;
use crate::store::reservations::{self, Kind, Reservation};

/// The reservation this asker made before under the same id; with other terms it is refused.
pub async fn existing(write: &mut Write, portfolio: &Portfolio, ask: &Ask) -> anyhow::Result<Option<Reservation>> {
    let Some(id) = &ask.reserve else { return Ok(None) };
    let Some(made) = reservations::get(write, id).await? else { return Ok(None) };
    let same = ask.draw.mw_at(portfolio, &made.site).is_some_and(|mw| (mw - made.mw).abs() < 1e-9);
    if !same || made.end_s - made.start_s != ask.duration_s {
        let hours = (made.end_s - made.start_s) as f64 / 3_600.0;
        return Err(Problem::new(format!("reservation `{id}` exists with {} MW for {hours} h", made.mw))
            .hint("ask under another id")
            .into());
    }
    if ask.site.as_ref().is_some_and(|site| *site != made.site) || made.end_s <= ask.now_s {
        let end = reports::time::format_instant(made.end_s);
        return Err(Problem::new(format!("reservation `{id}` is at {} until {end}", made.site))
            .hint("ask under another id")
            .into());
    }
    Ok(Some(made))
}

pub async fn take(write: &mut Write, ask: &Ask, site: &str, best: &Candidate) -> anyhow::Result<Reservation> {
    let next = reservations::next_hold(write, ask.now_s).await?;
    let (id, kind) = match &ask.reserve {
        Some(id) => (id.clone(), Kind::Reserved),
        None => (format!("hold/{next}"), Kind::Held),
    };
    let taken = Reservation {
        id,
        kind,
        site: site.into(),
        start_s: best.start_s,
        end_s: best.end_s,
        mw: best.mw,
        made_s: ask.now_s,
        expires_s: ask.now_s + HOLD_S,
    };
    reservations::add(write, &taken).await?;
    Ok(taken)
}
