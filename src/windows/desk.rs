//! Keeps in memory what is free by the current plan, until a plan, a reservation or a report changes it.

use super::rank::Memory;
use super::since::{self, News};
use super::site::{self, Free};
use crate::error::{Fault, Kind};
use crate::plan::{Plan, bounds, current};
use crate::portfolio::Portfolio;
use crate::store::{Store, reservations, work};
use reports::time::Instant;
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
    /// Pieces of work that cannot be read.
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
        let known = match self.fresh(seen, before, now).await? {
            Ok(known) => Arc::new(known),
            Err(reason) => return Ok(Err(reason)),
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(Ok(known))
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
        Ok(News {
            work,
            work_seq,
            reservations: reservations::ending_after(&self.store, start).await?,
            reservation_seq,
        })
    }

    /// Works with what was answered lately.
    pub(super) fn lately<T>(&self, with: impl FnOnce(&mut Memory) -> T) -> T {
        with(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
