//! Which stored plan is in charge: the newest that was made by now and can be read.

use super::common::{Instant, Portfolio};
use super::document::{self, Plan};
use crate::error::{Fault, Kind};
use crate::store::plans::{self, Head, PlanRow};
use crate::store::{Store, unreadable};
use std::fmt;

/// How far ahead of now a plan may have been made and be the current one: clocks of several machines differ a little.
pub const AHEAD_S: i64 = 60;

/// How many plans are tried before there is taken to be none.
const TRIED: i64 = 50;

/// The current plan, and what is to be said of newer ones that cannot be read.
#[derive(Debug)]
pub struct Current {
    pub plan: Plan,
    /// The plan as it was stored.
    pub row: PlanRow,
    pub aside: Vec<String>,
}

/// The newest readable plan made by now. One made ahead of now, by a clock that was put back, is in charge of nothing.
///
/// # Errors
/// Plans of which none can be read, and a store that does not answer.
pub async fn current(store: &Store, now: Instant) -> anyhow::Result<Option<Current>> {
    let (mut aside, mut first): (Vec<String>, Option<Fault>) = (Vec::new(), None);
    for id in plans::newest(store, by(now), TRIED).await? {
        let problem = match stored(store, &id).await? {
            Ok(Some(row)) => match read(&row) {
                Ok(plan) => return Ok(Some(Current { plan, row, aside })),
                Err(problem) => problem,
            },
            // It is gone by now.
            Ok(None) => continue,
            Err(why) => lost(&id, &why),
        };
        aside.push(format!("{}: it is set aside", problem.what));
        first.get_or_insert(problem);
    }
    first.map_or(Ok(None), |problem| Err(problem.into()))
}

/// The latest instant at which a plan that counts now was made.
pub fn by(now: Instant) -> Instant {
    now + AHEAD_S
}

/// The newest plan of those made by now, whether it can be read or not.
#[derive(Debug)]
pub struct Newest {
    pub plan: Option<Head>,
    /// What is to be said of a newer plan that was made ahead of now.
    pub ignored: Option<String>,
}

pub async fn newest(store: &Store, now: Instant) -> sqlx::Result<Newest> {
    let newest = plans::latest(store, Instant::LAST).await?;
    let Some(ahead) = newest.as_ref().filter(|plan| plan.made > by(now)) else {
        return Ok(Newest { plan: newest, ignored: None });
    };
    let Head { id, made, .. } = ahead;
    let ignored = format!("plan {id} was made at {made}, later than now: it is ignored");
    Ok(Newest { plan: plans::latest(store, by(now)).await?, ignored: Some(ignored) })
}

/// The current plan, and what is to be said of newer ones: made ahead of now, or not to be read.
///
/// # Errors
/// As for [`current`].
pub async fn with_notes(store: &Store, now: Instant) -> anyhow::Result<(Option<Plan>, Vec<String>)> {
    let mut notes: Vec<String> = newest(store, now).await?.ignored.into_iter().collect();
    let plan = current(store, now).await?.map(|found| {
        notes.extend(found.aside);
        found.plan
    });
    Ok((plan, notes))
}

/// What is shown where no plan is named: the current one, else the newest there is; and what is to be said of it.
///
/// # Errors
/// A plan named that cannot be read, plans of which none can, and a store that does not answer.
pub async fn shown(store: &Store, id: Option<&str>, now: Instant) -> anyhow::Result<(Option<Plan>, Vec<String>)> {
    if let Some(id) = id {
        return Ok((load(store, id).await?, Vec::new()));
    }
    match with_notes(store, now).await? {
        // Where all were made ahead of now, the newest of them is better than nothing to look at.
        (None, notes) => Ok((current(store, Instant::LAST).await?.map(|found| found.plan), notes)),
        found => Ok(found),
    }
}

/// Which plan is the newest made by now, where it covers now.
pub async fn covering(store: &Store, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Option<String>> {
    let step_s = portfolio.resolution().seconds();
    let covers = |plan: &Head| plan.start <= now + step_s && now < plan.end;
    Ok(newest(store, now).await?.plan.filter(covers).map(|plan| plan.id))
}

/// The plan named.
///
/// # Errors
/// One that cannot be read, and a store that does not answer.
pub async fn load(store: &Store, id: &str) -> anyhow::Result<Option<Plan>> {
    Ok(named(store, id).await?.map(|(plan, _)| plan))
}

/// The plan named, and as it was stored.
///
/// # Errors
/// One that cannot be read, and a store that does not answer.
pub async fn named(store: &Store, id: &str) -> anyhow::Result<Option<(Plan, String)>> {
    match stored(store, id).await?.map_err(|why| lost(id, &why))? {
        Some(row) => Ok(Some((read(&row)?, row.document))),
        None => Ok(None),
    }
}

/// The row of a plan, or why it cannot be read.
async fn stored(store: &Store, id: &str) -> sqlx::Result<Result<Option<PlanRow>, String>> {
    match plans::get(store, Some(id)).await {
        Err(error) if unreadable(&error) => Ok(Err(error.to_string())),
        row => row.map(Ok),
    }
}

/// The plan of an id, or why it cannot be read.
pub(super) async fn content(store: &Store, id: &str) -> sqlx::Result<Result<Plan, String>> {
    let row = stored(store, id).await?.and_then(|row| row.ok_or_else(|| "it is no longer in the store".into()));
    Ok(row.and_then(|row| document::read(&row.document).map_err(|error| error.to_string())))
}

/// A stored row as the plan it holds.
///
/// # Errors
/// A row that is none.
pub fn read(row: &PlanRow) -> Result<Plan, Fault> {
    document::read(&row.document).map_err(|error| lost(&row.id, &error))
}

/// That no plan of that id is stored.
pub fn no_plan(id: &str) -> Fault {
    Fault::no_such(format!("plan `{id}`")).hint("list them: hourmatch plan list, or GET /v1/plans")
}

/// That no plan is in charge: none was made, or those that were made cannot be, as is said of them.
pub fn none_yet(ignored: Option<String>) -> Fault {
    let none = ignored.map_or_else(|| Fault::no_such("plan yet"), |why| Fault::new(why).kind(Kind::NotFound));
    none.hint("make one: hourmatch plan, or set plan_at for a site")
}

pub(super) fn lost(id: &str, why: &dyn fmt::Display) -> Fault {
    let what = format!("the stored plan {id} cannot be read: {why}");
    Fault::new(what).kind(Kind::Stored).hint("plan again: hourmatch plan")
}
