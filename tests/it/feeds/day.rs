//! A day of many sources of many providers that fail, are late, are down and revise, in accelerated time: what is held of
//! each is never older than its cadence, no interval is lost, doubled or out of date, and no provider is asked more often
//! than it allows.

use super::cases::CREDENTIAL;
use super::gb::{at, retry, steps};
use super::server::{Manner, Server, reply};
use super::speaks::{KINDS, Kind, Says};
use crate::support::{Home, ONE_SITE, in_full};
use hourmatch::clock::Clock;
use hourmatch::feeds::asking::Asking;
use hourmatch::feeds::follow::{Follower, Which};
use hourmatch::feeds::pace::Paces;
use hourmatch::portfolio::parse;
use hourmatch::store::Store;
use hourmatch::store::feeds;
use hourmatch::store::readings::{self, Cut};
use reports::time::{Instant, Interval};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const HOUR: i64 = 3_600;
/// What is due is looked at this often, as it is when sources are followed.
const TICK_S: i64 = 5;

/// A source, who answers it, and when that one is down for longer than its cadence.
struct Source {
    name: String,
    kind: &'static Kind,
    number: usize,
    server: usize,
    every_s: i64,
    down: Interval,
}

/// The day, and the instant at which every provider has looked at its values again.
#[derive(Clone, Copy)]
struct Day {
    span: Interval,
    revised: Instant,
}

impl Day {
    /// What a provider says as of an instant; of meters, what a pass still asks again is revised.
    fn says(self, kind: &Kind, now: Instant) -> Says {
        let since = if kind.name == "prometheus" { self.revised - 3 * HOUR } else { self.span.start };
        Says { now, more: if now >= self.revised { 7 } else { 0 }, since }
    }
}

/// A provider of which one answer in five is none, eight in a row among them; others are cut off, or late.
fn served(kind: &'static Kind, clock: &Arc<AtomicI64>, day: Day, down: Interval) -> Server {
    let clock = clock.clone();
    Server::start(move |asked| {
        let now = Instant::from_seconds(clock.load(Ordering::SeqCst));
        let answer = || kind.answer(day.says(kind, now), asked);
        match asked.before % 40 {
            _ if (down.start..down.end).contains(&now) => reply(500, "text/plain", ""),
            3 => reply(503, "text/plain", "").header("retry-after", "0"),
            10..=17 => reply(500, "text/plain", ""),
            25 => answer().manner(Manner::Truncated(20)),
            at if at % 8 == 6 => answer().manner(Manner::Late(Duration::from_millis(30))),
            _ => answer(),
        }
    })
}

/// So many sources of each kind, and their servers, of which the first of each kind is down for a cadence and a half.
fn world(clock: &Arc<AtomicI64>, day: Day) -> (Vec<Source>, Vec<Server>) {
    let (mut sources, mut servers) = (Vec::new(), Vec::new());
    for kind in &KINDS {
        let is_often = kind.name == "watttime";
        let count: usize = match (in_full(), is_often) {
            (true, true) => 8,
            (true, false) => 32,
            (false, _) => 3,
        };
        // Every five minutes are many passes.
        let every_s = if is_often && !in_full() { 900 } else { kind.about().every_s };
        let start = day.span.start + 3 * HOUR / 2;
        let outage = Interval { start, end: start + every_s * 3 / 2 };
        let never = Interval { start: Instant::FIRST, end: Instant::FIRST };
        let first = servers.len();
        // So many share the limits of one provider.
        let shared = 4;
        servers.extend((0..(count / shared).max(2)).map(|at| {
            let down = if at == 0 { outage } else { never };
            served(kind, clock, day, down)
        }));
        let (servers, before) = (servers.len() - first, sources.len());
        sources.extend((0..count).map(|at| {
            let number = before + at;
            let down = if at % servers == 0 { outage } else { never };
            Source { name: format!("F{number}"), kind, number, server: first + at % servers, every_s, down }
        }));
    }
    (sources, servers)
}

/// A boundary and a site for each source.
fn portfolio(sources: &[Source], servers: &[Server]) -> String {
    let table = |source: &Source| {
        let number = source.number;
        let places = format!(
            "[[boundary]]\nid = \"B{number}\"\n[[site]]\nid = \"S{number}\"\nboundary = \"B{number}\"\n\
             it_capacity_mw = 10.0\n"
        );
        places + &source.kind.table(number, (servers[source.server].url.as_str(), source.every_s))
    };
    format!("{ONE_SITE}\n{}", sources.iter().map(table).collect::<String>())
}

/// What is held of a source at the end of the day is what its provider says by then.
async fn is_whole(store: &Store, source: &Source, day: Day) {
    let (name, step_s) = (&source.name, source.kind.step_s);
    let series = source.kind.series.replace('#', &source.number.to_string());
    let spans = BTreeMap::from([(series.clone(), vec![day.span])]);
    let mut held = readings::load(store, &spans, Cut::NONE).await.expect("held").remove(&series).expect("readings");
    held.retain(|point| point.start >= day.span.start);
    let starts: Vec<Instant> = held.iter().map(|point| point.start).collect();
    let last = held.last().map_or(day.span.start, |point| point.end);
    // What a provider knows last is one interval old, or two.
    let late_s = day.span.end - last;
    assert!(late_s <= source.every_s + 2 * step_s, "{name}, {}: ends {late_s} s before now", source.kind.name);
    let whole: Vec<Instant> = steps(day.span.start, last, step_s).collect();
    assert_eq!(starts, whole, "{name}, {}", source.kind.name);
    let says = day.says(source.kind, day.span.end);
    for point in held {
        let wanted = (source.kind.stored)(says.value(point.start, step_s));
        assert_eq!(point.value, wanted, "{name}, {}: {} is out of date", source.kind.name, point.interval());
    }
}

#[tokio::test]
async fn every_source_is_fresh_within_its_cadence() {
    let start = at("2026-01-20T00:00:00Z");
    let hours = if in_full() { 24 } else { 5 };
    let span = Interval { start, end: start + hours * HOUR };
    let day = Day { span, revised: start + hours * HOUR / 2 };
    let clock = Arc::new(AtomicI64::new(start.seconds()));
    let (sources, servers) = world(&clock, day);
    let home = Home::new(&portfolio(&sources, &servers));
    home.secret("token", CREDENTIAL);
    let portfolio = Arc::new(parse(&home.read("hourmatch.toml"), "hourmatch.toml").expect("a portfolio"));
    let store = Store::open(&home.store_url()).await.expect("a store");

    // One for all of it: all that ask one provider take turns.
    let paces = Paces::default();
    let (mut failed, mut now) = (0, start);
    while now <= span.end {
        clock.store(now.seconds(), Ordering::SeqCst);
        let states = feeds::all(&store).await.expect("states");
        for source in &sources {
            let state = states.iter().find(|state| state.name == source.name);
            let age_s = now - state.and_then(|state| state.done).unwrap_or(start);
            // Once its provider is back, it has a cadence to answer in.
            let is_down = (source.down.start..=source.down.end + source.every_s).contains(&now);
            let (name, kind, every_s) = (&source.name, source.kind.name, source.every_s);
            assert!(age_s <= every_s || is_down, "{name}, {kind}: {age_s} s old, and {every_s} s are its cadence");
        }
        let mut asking = Asking::new(store.clone(), portfolio.clone(), Clock::fixed(now), home.path(""));
        (asking.retry, asking.paces) = (retry(), paces.clone());
        let follower = Follower::new(asking);
        let turned = follower.turn(&Which::Due).await.expect("a turn");
        failed += turned.iter().filter(|one| one.error.is_some()).count();
        let states = feeds::all(&store).await.expect("states");
        let next = states.iter().map(|state| state.next).min().unwrap_or(now);
        // The first look at which one is due.
        now += ((next - now + TICK_S - 1).div_euclid(TICK_S) * TICK_S).max(TICK_S);
    }
    assert!(failed > 0, "passes failed, and were made again");
    for source in &sources {
        let limits = source.kind.about().limits;
        assert!(servers[source.server].kept_within(limits.rates), "{} is asked too often", source.kind.name);
        is_whole(&store, source, day).await;
    }
    store.close().await;
}
