//! Several sources of one series: which of them fills it now. Pure.

use crate::portfolio::FeedSource;
use crate::store::feeds::State;
use reports::time::Instant;
use std::collections::BTreeMap;

/// A source is fresh that answered within so many of its cadences.
const FRESH: i64 = 3;

/// Sources by name.
type Feeds = BTreeMap<String, FeedSource>;

/// Those that are followed and give a series.
fn giving<'s>(series: &str, feeds: &'s Feeds) -> impl Iterator<Item = &'s FeedSource> {
    feeds.values().filter(move |source| source.follow && source.wanted.has(series))
}

/// What sources are ranked by, the better first.
fn place(source: &FeedSource) -> (u32, &str) {
    (source.rank, &source.name)
}

/// Whether a source answered lately.
pub fn is_fresh(source: &FeedSource, states: &[State], now: Instant) -> bool {
    stale_s(source, states, now) == Some(0)
}

/// For how long a source has been stale, in seconds: 0 while it is fresh, none where it never answered.
pub fn stale_s(source: &FeedSource, states: &[State], now: Instant) -> Option<i64> {
    let done = states.iter().find(|state| state.name == source.name).and_then(|state| state.done)?;
    Some((now - done).saturating_sub(FRESH * source.every_s).max(0))
}

/// The source that fills a series now, of those that are followed: the first in rank that is fresh, or else the first.
pub fn filler<'s>(series: &str, feeds: &'s Feeds, states: &[State], now: Instant) -> Option<&'s FeedSource> {
    let mut ranked: Vec<&FeedSource> = giving(series, feeds).collect();
    ranked.sort_by_key(|source| place(source));
    ranked.iter().find(|source| is_fresh(source, states, now)).or(ranked.first()).copied()
}

/// The series that a source is to fill now: those for which there is no better source, or only a stale one.
pub fn to_fill(source: &FeedSource, feeds: &Feeds, states: &[State], now: Instant) -> Vec<String> {
    let better = |series: &&String| {
        filler(series, feeds, states, now)
            .is_none_or(|filler| place(filler) >= place(source) || !is_fresh(filler, states, now))
    };
    source.wanted.series.iter().filter(better).cloned().collect()
}

/// Of series that a source fills now, those that a better one should fill, and which: the first in rank.
pub fn in_place_of(source: &FeedSource, series: &[String], feeds: &Feeds) -> BTreeMap<String, String> {
    let first = |name: &String| {
        let best = giving(name, feeds).min_by_key(|other| place(other)).filter(|best| place(best) < place(source));
        best.map(|best| (name.clone(), best.name.clone()))
    };
    series.iter().filter_map(first).collect()
}

/// Whether two sources give a series in common.
pub(super) fn shares(one: &FeedSource, other: &FeedSource) -> bool {
    other.wanted.series.iter().any(|name| one.wanted.has(name))
}

/// Sources in groups that are asked beside each other: none gives a series of another group.
pub fn groups<'s>(sources: &[&'s FeedSource]) -> Vec<Vec<&'s FeedSource>> {
    let mut groups: Vec<Vec<&'s FeedSource>> = Vec::new();
    for source in sources {
        let is_near = |group: &Vec<&FeedSource>| group.iter().any(|other| shares(source, other));
        let (near, mut others): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_near);
        others.push(near.into_iter().flatten().chain([*source]).collect());
        groups = others;
    }
    groups
}

/// Sources in the waves that they are asked in: each after all better ones that give a series of its own.
pub fn waves<'s>(sources: &[&'s FeedSource]) -> Vec<Vec<&'s FeedSource>> {
    let mut sorted = sources.to_vec();
    sorted.sort_by_key(|source| place(source));
    let mut placed: Vec<(usize, &'s FeedSource)> = Vec::new();
    let mut waves: Vec<Vec<&'s FeedSource>> = Vec::new();
    for source in sorted {
        let better = placed.iter().filter(|(_, other)| shares(source, other));
        let wave = better.map(|(wave, _)| wave + 1).max().unwrap_or(0);
        if waves.len() <= wave {
            waves.resize(wave + 1, Vec::new());
        }
        waves[wave].push(source);
        placed.push((wave, source));
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, rank: u32) -> FeedSource {
        FeedSource { name: name.into(), rank, follow: true, ..FeedSource::gb().expect("a source") }
    }

    #[test]
    fn the_next_takes_over_while_the_first_is_stale() {
        let sources = [("first", 0), ("second", 1)].map(|(name, rank)| (name.to_string(), source(name, rank)));
        let feeds = BTreeMap::from(sources);
        let at = Instant::from_seconds;
        let state = |name: &str, done: i64| State { name: name.into(), done: Some(at(done)), ..State::default() };
        let series = "grid/GB/carbon_intensity";
        let fills = |states: &[State], now: i64| {
            let now = at(now);
            let filler = filler(series, &feeds, states, now).map(|source| source.name.clone());
            let of = |source: &FeedSource| to_fill(source, &feeds, states, now).len();
            (filler.unwrap_or_default(), of(&feeds["first"]), of(&feeds["second"]))
        };
        assert_eq!(fills(&[], 0), ("first".into(), 2, 2), "nobody is fresh: all are asked");
        let both = [state("first", 1_000), state("second", 1_000)];
        assert_eq!(fills(&both, 2_000), ("first".into(), 2, 0), "the second stands by");
        let stale = [state("first", 1_000), state("second", 10_000)];
        assert_eq!(fills(&stale, 10_000), ("second".into(), 2, 2));
        let in_place = |of: &FeedSource| in_place_of(of, &[series.to_string()], &feeds);
        assert_eq!(in_place(&feeds["second"]), BTreeMap::from([(series.to_string(), "first".to_string())]));
        assert_eq!(in_place(&feeds["first"]), BTreeMap::new());
    }

    #[test]
    fn a_source_is_asked_after_the_better_ones_of_its_series() {
        let alone =
            FeedSource { name: "alone".into(), rank: 7, ..FeedSource::gb().expect("a source").of_area(&"B".into()) };
        let sources = [source("third", 2), source("second", 1), alone, source("first", 0)];
        let all: Vec<&FeedSource> = sources.iter().collect();
        let names: Vec<Vec<&str>> =
            waves(&all).into_iter().map(|wave| wave.into_iter().map(|source| source.name.as_str()).collect()).collect();
        assert_eq!(names, [vec!["first", "alone"], vec!["second"], vec!["third"]]);
        assert!(waves(&[]).is_empty());
        let mut grouped: Vec<Vec<&str>> = groups(&all)
            .into_iter()
            .map(|group| group.into_iter().map(|source| source.name.as_str()).collect())
            .collect();
        grouped.iter_mut().for_each(|group| group.sort_unstable());
        grouped.sort();
        assert_eq!(grouped, [vec!["alone"], vec!["first", "second", "third"]], "nobody waits for another's series");
    }
}
