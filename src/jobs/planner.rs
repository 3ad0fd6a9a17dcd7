//! The planning task: takes what is due, plans it, and says how it went; all of it in the store, so that no slot is
//! lost with a process and none is planned by two.

use super::agenda::{self, Now};
use super::schedule;
use crate::clock::Clock;
use crate::error::{Kind, kind_of, told};
use crate::plan::{self, Plan, Request, current};
use crate::portfolio::Portfolio;
use crate::store::slots::{self, Slot};
use crate::store::{Store, faults};
use crate::telemetry::Counts;
use reports::time::Instant;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// What is due is looked at this often: clocks are set, and other processes come and go.
const TICK: Duration = Duration::from_secs(5);
/// The week from now.
const HORIZON_S: i64 = 168 * 3_600;
const TIME_LIMIT_S: f64 = 300.0;
/// A third of the lease: two renewals may fail.
const RENEW: Duration = Duration::from_secs(10);

/// Plans whenever a site is due, and when no plan covers now.
#[derive(Debug, Clone)]
pub struct Planner {
    store: Store,
    portfolio: Arc<Portfolio>,
    clock: Clock,
    counts: Arc<Counts>,
    /// What this process goes by in the store.
    me: Arc<str>,
    /// The last plan that was seen to be readable.
    readable: Arc<Mutex<Option<String>>>,
}

impl Planner {
    pub fn new(store: Store, portfolio: Arc<Portfolio>, clock: Clock, counts: Arc<Counts>) -> Self {
        Self { store, portfolio, clock, counts, me: slots::holder(), readable: Arc::default() }
    }

    /// Runs until it is dropped.
    pub async fn run(self) {
        let mut troubled = false;
        // One that panicked may have left it.
        self.counts.planning(None);
        if schedule::next(&self.portfolio, self.clock.now()).is_none() {
            tracing::info!("no site has plan_at: nothing is planned automatically");
        }
        loop {
            let turn = self.turn().await;
            match &turn {
                Ok(()) if troubled => tracing::info!("planning times can be kept again"),
                Err(error) if !troubled => {
                    tracing::error!("planning times cannot be read or stored; trying again: {error:#}");
                }
                _ => {}
            }
            troubled = turn.is_err();
            self.counts.planner_well();
            tokio::time::sleep(self.pause()).await;
        }
    }

    fn pause(&self) -> Duration {
        let now = self.clock.now();
        let wait_s = schedule::next(&self.portfolio, now).map_or(i64::MAX, |due| due.at - now);
        let seconds = u64::try_from(wait_s).unwrap_or(0).max(1);
        Duration::from_secs(seconds).min(TICK)
    }

    fn now(&self) -> Now<'_> {
        Now { at: self.clock.now(), wall: Clock::recorded(), me: &self.me }
    }

    /// Plans what is due, if anything is and nobody else is at it.
    async fn turn(&self) -> anyhow::Result<()> {
        let taken = self.take().await?;
        if taken.is_empty() {
            return Ok(());
        }
        for slot in &taken {
            let due = slot.due.unwrap_or(slot.done);
            match slot.name.as_str() {
                agenda::COVER => tracing::info!("no plan covers now: planning"),
                site => tracing::info!("planning for {site}, due {due}"),
            }
        }
        let now = self.clock.now();
        if let Some(note) = current::newest(&self.store, now).await?.ignored {
            tracing::warn!("{note}");
        }
        self.counts.planning(Some(now));
        let made = self.plan_under_lease(now).await;
        self.counts.planning(None);
        match made {
            Some(Ok(plan)) => {
                self.counts.plan_made();
                say(&plan);
                self.settle(agenda::done).await
            }
            Some(Err(error)) => {
                let error = faults::explained(error);
                self.say_failed(&error);
                let only_away = matches!(kind_of(&error), Kind::Unavailable | Kind::Undecided);
                self.settle(|slot, now| agenda::failed(slot, only_away, now)).await
            }
            None => {
                tracing::warn!("another process took over the planning under way here");
                Ok(())
            }
        }
    }

    /// What is due now, written down as due and taken by this process; nothing where there is nothing to do.
    async fn take(&self) -> anyhow::Result<Vec<Slot>> {
        let covered = self.covered().await?;
        let look = |stored: &[Slot]| {
            let now = self.now();
            agenda::agenda(stored, schedule::last(&self.portfolio, now.at), covered, now)
        };
        let stored = slots::all(&self.store).await?;
        let wanted = look(&stored);
        if wanted.iter().all(|slot| stored.contains(slot)) && agenda::to_try(&wanted, self.now()).is_empty() {
            return Ok(Vec::new());
        }
        // Again under the lock: another process may have taken them just now.
        let mut write = self.store.write().await?;
        let stored = slots::locked(&mut write).await?;
        let wanted = look(&stored);
        let taken = agenda::to_try(&wanted, self.now());
        let standing = wanted.iter().filter(|slot| taken.iter().all(|mine| mine.name != slot.name));
        for slot in standing.chain(&taken).filter(|slot| !stored.contains(slot)) {
            slots::put(&mut write, slot).await?;
        }
        write.commit().await?;
        Ok(taken)
    }

    /// Whether the current plan covers now: one that cannot be read covers nothing.
    async fn covered(&self) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let Some(id) = current::covering(&self.store, &self.portfolio, now).await? else { return Ok(false) };
        if self.readable.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(&id) {
            return Ok(true);
        }
        match current::load(&self.store, &id).await.map_err(faults::explained) {
            Ok(found) => {
                *self.readable.lock().unwrap_or_else(PoisonError::into_inner) = found.map(|_| id);
                Ok(true)
            }
            Err(error) if kind_of(&error) == Kind::Stored => {
                tracing::error!("the current plan is set aside: {error:#}");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes the plan, and holds on to its slots meanwhile. None: they were taken over, and the plan is dropped.
    async fn plan_under_lease(&self, now: Instant) -> Option<anyhow::Result<Plan>> {
        let mut work = JoinSet::new();
        let (store, portfolio) = (self.store.clone(), self.portfolio.clone());
        // A task of its own: what panics in it is a plan that failed.
        work.spawn(async move {
            let request = Request { time_limit_s: Some(TIME_LIMIT_S), ..Request::new(now, HORIZON_S) };
            plan::make(&store, &portfolio, &request).await
        });
        loop {
            tokio::select! {
                ended = work.join_next() => return Some(match ended {
                    Some(Ok(done)) => done,
                    Some(Err(error)) => Err(error.into()),
                    None => Err(anyhow::anyhow!("there was no planning to wait for")),
                }),
                () = tokio::time::sleep(RENEW) => match self.renew().await {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => tracing::warn!("the lease on planning could not be renewed: {error:#}"),
                },
            }
        }
    }

    async fn renew(&self) -> anyhow::Result<u64> {
        let mut write = self.store.write().await?;
        let held = slots::renew(&mut write, &self.me, Clock::recorded().plus_micros(agenda::LEASE_US)).await?;
        write.commit().await?;
        Ok(held)
    }

    /// Changes what this process still has: what was taken over is another's.
    async fn settle(&self, how: impl Fn(&Slot, Now<'_>) -> Slot) -> anyhow::Result<()> {
        let mut write = self.store.write().await?;
        let stored = slots::locked(&mut write).await?;
        for slot in stored.iter().filter(|slot| slot.holder.as_deref() == Some(&*self.me)) {
            slots::put(&mut write, &how(slot, self.now())).await?;
        }
        write.commit().await
    }

    /// Lets go of what was being planned, which stays due: whoever comes next need not wait for the lease to end.
    pub async fn release(&self) -> anyhow::Result<()> {
        let mut write = self.store.write().await?;
        slots::release(&mut write, &self.me).await?;
        write.commit().await
    }

    /// The last plan stays current, and windows say when it goes stale.
    fn say_failed(&self, error: &anyhow::Error) {
        let why: Vec<String> = told(error).into_iter().map(|problem| problem.what).collect();
        let at = self.clock.now();
        self.counts.plan_failed(format!("planning failed at {at}: {}", why.join("; ")));
        self.counts.note_panic("planning", error);
        tracing::error!("planning failed; the last plan stays, and planning is tried again: {error:#}");
    }
}

fn say(plan: &Plan) {
    tracing::info!(
        "plan {} {}: matched share {}, {} missed",
        plan.id,
        plan.status_name(),
        plan.expected.matched_share.map_or_else(|| "n/a".to_string(), |share| share.to_string()),
        plan.missed.len()
    );
}
