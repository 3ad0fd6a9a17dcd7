//! Follows sources: asks each on its own schedule, and repairs gaps, a few at a time.

use super::asking::{Asking, Kept, Lost, Pass, standing};
use super::tally::Tally;
use super::under_way::{Held, UnderWay};
use super::{gaps, rank, schedule};
use crate::clock::Clock;
use crate::ingest::Options;
use crate::portfolio::FeedSource;
use crate::store::feeds::{self, Had, State};
use crate::store::readings::{self, Cut};
use crate::store::slots::holder;
use reports::time::{Instant, Interval, RecordTime};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What is due is looked at this often: clocks are set, and other processes come and go.
const TICK: Duration = Duration::from_secs(5);
/// Sources that are asked at the same time, of all providers together: each answer may be large.
const AT_ONCE: usize = 32;
/// How long a source is held, and so how long it waits after its process was killed; renewed long before it ends.
const LEASE: Duration = Duration::from_secs(900);
/// Gaps repaired in a turn.
const REPAIRS: usize = 8;

/// Which sources are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those whose time has come.
    Due,
    /// One of this name, now.
    Named(String),
}

/// What a turn of one source came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Turned {
    pub source: String,
    pub added: usize,
    pub corrected: usize,
    pub unchanged: usize,
    pub forecasts_added: usize,
    pub rejected: usize,
    /// Readings that the checks at the door doubt, stored as received.
    pub suspect: usize,
    pub revisions: Vec<i64>,
    /// What is to be said of it beside that.
    pub note: Option<String>,
    pub error: Option<String>,
    pub next: Instant,
}

/// Sources that are asked at once, each with the hold on it.
type Wave = Vec<(FeedSource, Option<Held>)>;

/// Asks sources that are followed.
#[derive(Debug, Clone)]
pub struct Follower {
    asking: Arc<Asking>,
    /// What this process goes by in the store.
    me: Arc<str>,
    /// How long a source is held; tests hold it for less.
    pub lease: Duration,
    places: Arc<Semaphore>,
    under_way: UnderWay,
}

impl Follower {
    pub fn new(asking: Asking) -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Self { asking: Arc::new(asking), me: holder(), lease: LEASE, places, under_way: UnderWay::default() }
    }

    /// What was asked and answered since this process began.
    pub fn tally(&self) -> &Tally {
        &self.asking.tally
    }

    /// Runs until it is dropped. What is due is asked while others are still at it: one that is slow keeps none waiting.
    pub async fn run(self) {
        let (mut troubled, mut turns) = (false, JoinSet::new());
        loop {
            let me = self.clone();
            turns.spawn(async move { me.turn(&Which::Due).await });
            let tick = tokio::time::sleep(TICK);
            tokio::pin!(tick);
            loop {
                let turn = tokio::select! {
                    () = &mut tick => break,
                    Some(ended) = turns.join_next() => ended.map_err(anyhow::Error::from).flatten(),
                };
                match &turn {
                    Ok(turned) => turned.iter().for_each(Turned::say),
                    Err(error) if !troubled => {
                        tracing::error!("sources cannot be followed; trying again: {error:#}");
                    }
                    Err(_) => {}
                }
                troubled = turn.is_err();
            }
        }
    }

    /// Asks once what is to be asked, and says what each source came to, by name.
    ///
    /// # Errors
    /// Where the store fails; what a source fails with is said of it.
    pub async fn turn(&self, which: &Which) -> anyhow::Result<Vec<Turned>> {
        let states = feeds::all(&self.asking.store).await?;
        let sources = self.asking.portfolio.feeds.values();
        let mut meant: Vec<&FeedSource> = sources.filter(|source| self.is_meant(source, which, &states)).collect();
        // Those that wait for a better one as well: nobody else asks them before it was asked.
        let mut held = self.under_way.take(&meant);
        meant.retain(|source| held.contains_key(&source.name));
        let (forced, mut groups) = (*which != Which::Due, JoinSet::new());
        for group in rank::groups(&meant) {
            let mut told = |source: &FeedSource| (source.clone(), held.remove(&source.name));
            let waves = rank::waves(&group).into_iter();
            let waves: Vec<Wave> = waves.map(|wave| wave.into_iter().map(&mut told).collect()).collect();
            groups.spawn(self.clone().waves(waves, forced));
        }
        let mut turned = joined(groups).await?;
        turned.sort_by(|a, b| a.source.cmp(&b.source));
        Ok(turned)
    }

    /// One wave after another: whether a source stands in for a better one is known once that was asked.
    async fn waves(self, waves: Vec<Wave>, forced: bool) -> anyhow::Result<Vec<Turned>> {
        let (mut turned, mut lost) = (Vec::new(), None);
        for wave in waves {
            let mut tasks = JoinSet::new();
            for (source, held) in wave {
                let me = self.clone();
                tasks.spawn(async move {
                    let pace = me.asking.paces.pace(source.feed.about(), &source.url);
                    let _places = (pace.places.acquire().await?, me.places.acquire().await?);
                    let turned = me.one(&source, forced).await;
                    drop(held);
                    turned
                });
            }
            match joined(tasks).await {
                Ok(wave) => turned.extend(wave),
                Err(error) => lost = Some(error),
            }
        }
        lost.map_or(Ok(turned), Err)
    }

    fn is_meant(&self, source: &FeedSource, which: &Which, states: &[State]) -> bool {
        match which {
            Which::Named(name) => source.name == *name,
            Which::Due => {
                let state = states.iter().find(|state| state.name == source.name);
                let (now, wall) = (self.asking.clock.now(), Clock::recorded());
                source.follow && state.is_none_or(|state| schedule::is_due(state, now, wall))
            }
        }
    }

    /// One source, if nobody else is at it.
    async fn one(&self, source: &FeedSource, forced: bool) -> anyhow::Result<Option<Turned>> {
        let Some(state) = self.take(source, forced).await? else { return Ok(None) };
        // A turn may take longer than the lease: gaps are many, and a provider's limits are waited for.
        let asked = tokio::select! {
            asked = self.passes(source, &state) => asked,
            () = self.renewing(&source.name) => {
                tracing::warn!("{}: another process has taken it over", source.name);
                return Ok(None);
            }
        };
        let now = self.asking.clock.now();
        let (state, mut turned) = match asked {
            Ok((turned, stands_by)) => {
                let next = schedule::done(&state, now, source.every_s, part());
                let done = if stands_by { state.done } else { next.done };
                (State { note: turned.note.clone(), done, ..next }, turned)
            }
            Err(Lost::Source(failure)) => {
                let next = schedule::failed(&state, now, source.every_s, &failure, part());
                let error = Some(failure.to_string());
                (next, Turned { source: source.name.clone(), error, ..Turned::default() })
            }
            Err(Lost::Store(error)) => {
                self.release_one(&state).await?;
                return Err(error);
            }
        };
        turned.next = state.next;
        self.release_one(&state).await?;
        Ok(Some(turned))
    }

    /// Takes a source under the lock: another process may have taken it just now.
    async fn take(&self, source: &FeedSource, forced: bool) -> anyhow::Result<Option<State>> {
        let mut write = self.asking.store.write().await?;
        let state = standing(&mut write, source).await?;
        let (now, wall) = (self.asking.clock.now(), Clock::recorded());
        let free = State { next: if forced { now } else { state.next }, ..state };
        if !schedule::is_due(&free, now, wall) {
            return Ok(None);
        }
        let taken = State { holder: Some(self.me.to_string()), until: self.until(), ..free };
        feeds::put(&mut write, &taken).await?;
        write.commit().await?;
        Ok(Some(taken))
    }

    fn until(&self) -> RecordTime {
        Clock::recorded().plus_micros(i64::try_from(self.lease.as_micros()).unwrap_or(i64::MAX))
    }

    /// Renews the hold on a source, and ends only where another process has it: this one stood still for too long.
    async fn renewing(&self, name: &str) {
        loop {
            tokio::time::sleep(self.lease / 3).await;
            match self.renew(name).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!("{name}: the hold on it is not renewed: {error:#}"),
            }
        }
    }

    async fn renew(&self, name: &str) -> anyhow::Result<bool> {
        let mut write = self.asking.store.write().await?;
        let held = feeds::renew(&mut write, (name, &*self.me), self.until()).await?;
        write.commit().await?;
        Ok(held)
    }

    async fn release_one(&self, state: &State) -> anyhow::Result<()> {
        let mut write = self.asking.store.write().await?;
        let now = feeds::locked(&mut write, &state.name).await?;
        if now.is_none_or(|now| now.holder.as_deref() != Some(&*self.me)) {
            // Whoever has it by now says how it stands.
            return Ok(());
        }
        feeds::put(&mut write, &State { holder: None, until: RecordTime::default(), ..state.clone() }).await?;
        // When what is older was asked for matters no more.
        feeds::join_ranges(&mut write, &state.name, self.asking.clock.now() - gaps::OLDEST_S).await?;
        write.commit().await
    }

    /// Lets go of what was being asked: whoever comes next need not wait for the lease to end.
    pub async fn release(&self) -> anyhow::Result<()> {
        let mut write = self.asking.store.write().await?;
        feeds::release(&mut write, &self.me).await?;
        write.commit().await
    }

    /// The present first, then what lacks; and whether the source stands by for a better one.
    async fn passes(&self, source: &FeedSource, state: &State) -> Result<(Turned, bool), Lost> {
        let Asking { store, portfolio, clock, .. } = &*self.asking;
        let now = clock.now();
        let states = feeds::all(store).await?;
        let mut turned = Turned { source: source.name.clone(), ..Turned::default() };
        let series = rank::to_fill(source, &portfolio.feeds, &states, now);
        let whole = series.len() == source.wanted.series.len();
        if series.is_empty() {
            turned.note = Some("stands by: a source of a better rank is fresh".into());
            return Ok((turned, true));
        }
        let in_place_of = &rank::in_place_of(source, &series, &portfolio.feeds);
        let mut asked = source.clone();
        asked.wanted.series = series;
        let options = Options::own_form(Clock::recorded());
        let window = window(source, now);
        let had_to = |period: Interval| whole.then_some(Had { period, asked: now });
        let had = had_to(Interval { end: window.end.min(now), ..window });
        let before = feeds::ranges(store, &source.name).await?;
        let (period, options) = (window, &options);
        let present = Pass { source: &asked, period, had, conditional: true, in_place_of, options };
        turned.count(self.asking.pass(present).await?);
        // After failures the present is asked for alone: the source may not be well yet.
        if state.failures > 0 {
            return Ok((turned, false));
        }
        let mut held = BTreeMap::new();
        if let Some(period) = gaps::looked_at(&before, window.start) {
            let spans = asked.wanted.series.iter().map(|name| (name.clone(), vec![period])).collect();
            held = readings::load(store, &spans, Cut::NONE).await?;
        }
        let span_s = source.feed.about().limits.span_s;
        for period in gaps::repairs((now, window.start), &before, &held, span_s, REPAIRS) {
            let had = had_to(period);
            let repair = Pass { source: &asked, period, had, conditional: false, in_place_of, options };
            match self.asking.pass(repair).await {
                Ok(kept) => turned.count(kept),
                // The present is taken: what lacks is asked for again later.
                Err(Lost::Source(failure)) => {
                    turned.note = Some(format!("the gap {period} is not repaired yet: {failure}"));
                    break;
                }
                Err(lost) => return Err(lost),
            }
        }
        Ok((turned, false))
    }
}

/// Asked for by every pass: from what may still be revised to the last forecast, on whole intervals of the provider.
fn window(source: &FeedSource, now: Instant) -> Interval {
    let about = source.feed.about();
    let step_s = about.gives.iter().map(|gives| gives.resolution_s).max().unwrap_or(0).max(60);
    let back_s = source.overlap_s.max(source.every_s).max(step_s);
    let start = (now - back_s).max(Instant::FIRST);
    Interval { start: start.floor(step_s), end: (now + about.horizon_s()).ceil(step_s) }
}

/// What tasks came to, all of them waited for; where one failed, its error.
async fn joined<T>(mut tasks: JoinSet<anyhow::Result<T>>) -> anyhow::Result<Vec<Turned>>
where
    T: IntoIterator<Item = Turned> + 'static,
{
    let (mut turned, mut lost) = (Vec::new(), None);
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(anyhow::Error::from).flatten() {
            Ok(some) => turned.extend(some),
            Err(error) => lost = Some(error),
        }
    }
    lost.map_or(Ok(turned), Err)
}

/// A number from 0 to 1, another each time.
fn part() -> f64 {
    let mut bytes = [0; 2];
    // Without random bytes nothing is spread.
    let _ = getrandom::fill(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}

impl Turned {
    fn count(&mut self, kept: Kept) {
        let Kept { outcome, note, .. } = kept;
        self.added += outcome.added;
        self.corrected += outcome.corrected;
        self.unchanged += outcome.unchanged;
        self.forecasts_added += outcome.forecasts_added;
        self.rejected += outcome.rejected;
        self.suspect += outcome.suspects.iter().map(|doubt| doubt.suspect.readings).sum::<usize>();
        self.revisions.extend(outcome.revision);
        self.note = self.note.take().or(note);
    }

    /// For people.
    pub fn sentence(&self) -> String {
        let note = self.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        match &self.error {
            Some(error) => format!("{}: {error}; next try {}", self.source, self.next),
            None => format!(
                "{}: {} added, {} corrected, {} forecast values added{note}; next {}",
                self.source, self.added, self.corrected, self.forecasts_added, self.next
            ),
        }
    }

    fn say(&self) {
        match self.error {
            Some(_) => tracing::warn!("{}", self.sentence()),
            None => tracing::info!("{}", self.sentence()),
        }
    }
}
