//! Keeps in memory what is free by the current plan, until a plan, a reservation or a report changes it.

use super::common::{Fault, Instant, Kind, Portfolio};
use super::rank::Memory;
use super::since::{self, News};
use super::site::{self, Free};
use crate::plan::assemble::{LONGEST, first_step};
use crate::plan::{Plan, bounds, current};
use crate::store::{Store, reservations, work};
use std::sync::{Arc, Mutex, PoisonError};

/// Answers about one store and portfolio.
#[derive(Debug)]
pub struct Desk {
    pub store: Store,
    pub portfolio: Arc<Portfolio>,
    known: Mutex<Option<Arc<Known>>>,
    memory: Mutex<Memory>,
}

/// The current plan as it was stored, and what it leaves.
#[derive(Debug)]
pub struct Base {
    pub plan: Plan,
    pub left: Free,
    /// Newer plans that cannot be read.
    aside: Vec<String>,
    /// Changes of work and of reservations that it was made with.
    pub work_seq: i64,
    pub reservation_seq: i64,
}

/// The current plan, and what is free by it now.
#[derive(Debug)]
pub struct Known {
    seen: Seen,
    pub base: Arc<Base>,
    /// What it leaves, less what was reported and reserved since.
    pub free: Free,
    /// Pieces of work that cannot be read, and those whose last report cannot.
    work_aside: Vec<String>,
}

/// What an answer depends on: any of it changing makes another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    plan: String,
    /// The note on a plan that was made later than now and is ignored.
    ignored: Option<String>,
    work_seq: i64,
    reservation_seq: i64,
    /// Start of the step that now lies in: what is overdue goes on, and notices come.
    step: Instant,
}

impl Known {
    /// What weakens an answer, and what was ignored and set aside for it; none where nothing does.
    pub(super) fn reason(&self, weak: Option<String>) -> Option<String> {
        let all: Vec<String> = self.of_plans(weak).chain(self.work_aside.iter().cloned()).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The same of plans alone.
    pub(super) fn of_plans(&self, weak: Option<String>) -> impl Iterator<Item = String> {
        weak.into_iter().chain(self.seen.ignored.iter().chain(&self.base.aside).cloned())
    }
}

impl Desk {
    pub fn new(store: Store, portfolio: Arc<Portfolio>) -> Self {
        Self { store, portfolio, known: Mutex::new(None), memory: Mutex::new(Memory::default()) }
    }

    /// The current plan and what is free by it now; or why there is none that can be used.
    ///
    /// # Errors
    /// A store that does not answer.
    pub async fn known(&self, now: Instant) -> anyhow::Result<Result<Arc<Known>, String>> {
        let current::Newest { plan: newest, ignored } = current::newest(&self.store, now).await?;
        let Some(newest) = newest else {
            let none = current::none_yet(ignored).what;
            return Ok(Err(format!("{none}; run `hourmatch plan`")));
        };
        let seen = Seen {
            plan: newest.id,
            ignored,
            work_seq: work::last_seq(&self.store).await?,
            reservation_seq: reservations::last_seq(&self.store).await?,
            step: now.floor(self.portfolio.resolution().seconds()),
        };
        let before = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = before.as_ref().filter(|known| known.seen == seen) {
            return Ok(Ok(known.clone()));
        }
        let known = self.fresh(seen, before, now).await?.map(Arc::new);
        if let Ok(known) = &known {
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        }
        Ok(known)
    }

    async fn fresh(
        &self,
        seen: Seen,
        before: Option<Arc<Known>>,
        now: Instant,
    ) -> anyhow::Result<Result<Known, String>> {
        let same = before.filter(|known| (&known.seen.plan, known.seen.step) == (&seen.plan, seen.step));
        let base = match same {
            Some(known) => known.base.clone(),
            None => {
                // One that cannot be read is set aside: the plan before it is still a plan.
                let found = match current::current(&self.store, now).await {
                    Ok(Some(found)) => found,
                    Ok(None) => return Ok(Err("the plan was just replaced; try again".into())),
                    Err(error) => match error.downcast::<Fault>() {
                        Ok(problem) if problem.kind == Kind::Stored => return Ok(Err(problem.what)),
                        Ok(problem) => return Err(problem.into()),
                        Err(error) => return Err(error),
                    },
                };
                let room = bounds::room(&found.plan, &self.portfolio, now)?;
                let left = Free::new(found.plan.grid(), site::sites(&found.plan, &self.portfolio), room);
                let current::Current { plan, aside, row } = found;
                Arc::new(Base { plan, left, aside, work_seq: row.work_seq, reservation_seq: row.reservation_seq })
            }
        };
        let news = self.news(base.plan.start, base.work_seq, base.reservation_seq).await?;
        let mut free = base.left.clone();
        let work_aside = since::take(&mut free, Some(&base.plan), &self.portfolio, &news, now);
        Ok(Ok(Known { seen, base, free, work_aside }))
    }

    /// What was reported and reserved since a plan saw the store as it was then.
    pub(super) async fn news(&self, start: Instant, work_seq: i64, reservation_seq: i64) -> anyhow::Result<News> {
        // Without a plan nothing of what is over has room to give back.
        let work = if work_seq < 0 {
            work::open(&self.store).await?
        } else {
            work::changed_since(&self.store, work_seq).await?
        };
        let reservations = reservations::ending_after(&self.store, start).await?;
        Ok(News { work, work_seq, reservations, reservation_seq })
    }

    /// Works with what was answered lately.
    pub(super) fn lately<T>(&self, with: impl FnOnce(&mut Memory) -> T) -> T {
        with(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Says how to plan so that a stretch from an instant on is covered: a plan made anew reaches as far as its horizon.
pub(super) fn again(plan: &Plan, now: Instant, (from, duration_s): (Instant, i64)) -> String {
    remedy((plan.step_s(), plan.end - plan.start), now, (from, duration_s))
}

fn remedy((step_s, horizon_s): (i64, i64), now: Instant, (from, duration_s): (Instant, i64)) -> String {
    let start = first_step(now, step_s);
    let needed_s = from.max(start) + duration_s - start;
    if needed_s <= horizon_s {
        return "plan again: hourmatch plan".into();
    }
    if needed_s > LONGEST * step_s {
        return "no plan reaches that far".into();
    }
    let hours = needed_s.div_euclid(3_600) + i64::from(needed_s % 3_600 > 0);
    format!("plan at least {hours} h ahead: hourmatch plan --horizon {hours}h")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_horizon_is_named_where_only_that_helps() {
        let (hour, week) = (3_600, 168 * 3_600);
        let at = Instant::from_seconds;
        let remedy = |now_s, from_s, hours| remedy((hour, week), at(now_s), (at(from_s), hours * hour));
        // The step that has begun is no part of a plan.
        assert_eq!(remedy(1_800, 1_800, 200), "plan at least 200 h ahead: hourmatch plan --horizon 200h");
        assert_eq!(remedy(0, 1_800, 168), "plan at least 169 h ahead: hourmatch plan --horizon 169h");
        assert_eq!(remedy(1_800, 1_800, 168), "plan again: hourmatch plan");
        assert_eq!(remedy(0, 400 * 24 * hour, 1), "no plan reaches that far");
    }
}
