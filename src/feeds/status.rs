//! The status of sources: how fresh, which gaps, which failures, when asked next.

use super::schedule::Breaker;
use super::{gaps, rank};
use crate::portfolio::{FeedSource, Portfolio};
use crate::store::feeds::{self, State};
use crate::store::readings::{self, Cut, Spans};
use crate::store::{Store, forecasts};
use reports::time::{Instant, Interval};
use serde::Serialize;

/// How far back gaps are counted.
const LOOKED_AT_S: i64 = 30 * 86_400;

/// One source, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    pub source: String,
    pub kind: &'static str,
    pub title: &'static str,
    pub licence: &'static str,
    pub followed: bool,
    pub rank: u32,
    /// Whether it answered within a few of its cadences.
    pub fresh: bool,
    /// Whether fresh sources of a better rank fill all its series: it is not asked then.
    pub stands_by: bool,
    /// For how long it has been stale; 0 while it is fresh or stands by, none before it ever answered.
    pub stale_s: Option<i64>,
    pub every_s: i64,
    pub tried: Option<Instant>,
    pub answered: Option<Instant>,
    pub next: Option<Instant>,
    pub failures: i64,
    pub breaker: &'static str,
    pub error: Option<String>,
    pub note: Option<String>,
    pub series: Vec<Filled>,
}

impl Status {
    /// Periods without a reading, and their seconds, of all its series.
    pub fn gaps(&self) -> (usize, i64) {
        self.series.iter().fold((0, 0), |(gaps, gap_s), one| (gaps + one.gaps, gap_s + one.gap_s))
    }
}

/// One of its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filled {
    pub series: String,
    /// The source that fills it now.
    pub from: Option<String>,
    /// End of the last reading, of those of the last month.
    pub until: Option<Instant>,
    pub forecast_until: Option<Instant>,
    /// Periods without a reading between the first and the last of the last month.
    pub gaps: usize,
    pub gap_s: i64,
}

/// Every source that is followed or was asked, by name.
pub async fn all(store: &Store, portfolio: &Portfolio, now: Instant) -> sqlx::Result<Vec<Status>> {
    let states = feeds::all(store).await?;
    let mut list = Vec::new();
    for source in portfolio.feeds.values() {
        let state = states.iter().find(|state| state.name == source.name);
        if source.follow || state.is_some() {
            list.push(one(store, portfolio, (source, state, &states), now).await?);
        }
    }
    Ok(list)
}

async fn one(
    store: &Store,
    portfolio: &Portfolio,
    (source, state, states): (&FeedSource, Option<&State>, &[State]),
    now: Instant,
) -> sqlx::Result<Status> {
    let about = source.feed.about();
    let period = Interval { start: now - LOOKED_AT_S, end: now };
    let spans: Spans = source.wanted.series.iter().map(|name| (name.clone(), vec![period])).collect();
    let held = readings::load(store, &spans, Cut::NONE).await?;
    let mut series = Vec::new();
    for name in &source.wanted.series {
        let points = held.get(name).map_or(&[][..], Vec::as_slice);
        let intervals: Vec<Interval> = points.iter().map(|point| point.interval()).collect();
        let whole = intervals.first().zip(intervals.last());
        let whole = whole.map(|(first, last)| Interval { start: first.start, end: last.end });
        let lacks = whole.map(|whole| gaps::without(whole, &intervals)).unwrap_or_default();
        let ahead = Interval { start: now, end: now + about.horizon_s().max(1) };
        let forecast = forecasts::latest(store, name, ahead, now).await?;
        series.push(Filled {
            series: name.clone(),
            from: rank::filler(name, &portfolio.feeds, states, now).map(|source| source.name.clone()),
            until: whole.map(|whole| whole.end),
            forecast_until: forecast.iter().map(|point| point.end).max(),
            gaps: lacks.len(),
            gap_s: lacks.iter().map(|gap| gap.duration_s()).sum(),
        });
    }
    let known = state.cloned().unwrap_or_default();
    let stands_by = source.follow && rank::to_fill(source, &portfolio.feeds, states, now).is_empty();
    let stale_s = if stands_by { Some(0) } else { rank::stale_s(source, states, now) };
    Ok(Status {
        source: source.name.clone(),
        kind: about.name,
        title: about.title,
        licence: about.licence,
        followed: source.follow,
        rank: source.rank,
        fresh: rank::is_fresh(source, states, now),
        stands_by,
        stale_s,
        every_s: source.every_s,
        tried: known.tried,
        answered: known.done,
        next: (source.follow && state.is_some()).then_some(known.next),
        failures: known.failures,
        breaker: Breaker::at(&known, now).into(),
        error: known.error,
        note: known.note,
        series,
    })
}
