//! A day of many sources whose providers fail, are late and revise, in accelerated time: each is fresh within its cadence,
//! no half-hour is lost, doubled or out of date, and no provider is asked more often than it allows.

use super::gb::{Gb, at, grams, retry};
use super::server::{Manner, Server, reply};
use crate::support::{Home, ONE_SITE, in_full};
use hourmatch::clock::Clock;
use hourmatch::feeds::asking::Asking;
use hourmatch::feeds::follow::{Follower, Which};
use hourmatch::feeds::pace::Paces;
use hourmatch::portfolio::{FeedSource, Portfolio, parse};
use hourmatch::secret::Secret;
use hourmatch::store::Store;
use hourmatch::store::feeds;
use hourmatch::store::readings::{self, Cut};
use reports::time::Interval;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const STEP_S: i64 = 300;
const EVERY_S: i64 = 1_800;

/// A provider of which one answer in five is none, eight in a row among them; others are cut off, or late.
fn served(now: &Arc<AtomicI64>, revised_from_s: i64) -> Server {
    let now = now.clone();
    Server::start(move |asked| {
        let now_s = now.load(Ordering::SeqCst);
        let gb = Gb { now_s, revised: if now_s >= revised_from_s { 7 } else { 0 } };
        match asked.before % 40 {
            3 => reply(503, "text/plain", "").header("retry-after", "0"),
            10..=17 => reply(500, "text/plain", ""),
            25 => gb.answer(asked).manner(Manner::Truncated(20)),
            at if at % 8 == 6 => gb.answer(asked).manner(Manner::Late(Duration::from_millis(30))),
            _ => gb.answer(asked),
        }
    })
}

fn portfolio(sources: &BTreeMap<String, FeedSource>) -> Portfolio {
    let boundaries: String = sources.keys().map(|name| format!("[[boundary]]\nid = \"{name}\"\n")).collect();
    let portfolio = parse(&format!("{ONE_SITE}{boundaries}"), "t.toml").expect("a portfolio");
    Portfolio { feeds: sources.clone(), ..portfolio }
}

#[tokio::test]
async fn every_source_is_fresh_within_its_cadence() {
    // So many share the limits of one provider.
    let (count, shared, hours) = if in_full() { (200, 20, 24) } else { (6, 3, 5) };
    let start_s = at("2026-01-20T00:00:00Z");
    let (end_s, revised_from_s) = (start_s + hours * 3_600, start_s + hours * 1_800);
    let now = Arc::new(AtomicI64::new(start_s));
    let servers: Vec<Server> = (0..count / shared).map(|_| served(&now, revised_from_s)).collect();
    let gb = FeedSource::gb().expect("a source");
    let source = |number: usize| {
        let name = format!("B{number}");
        let url = Secret::from(servers[number % servers.len()].url.as_str());
        let mut source = FeedSource { name: name.clone(), url, follow: true, ..gb.of_area(&name) };
        source.wanted.series.retain(|series| series.ends_with("/carbon_intensity"));
        (name, source)
    };
    let sources: BTreeMap<String, FeedSource> = (0..count).map(source).collect();
    let (home, portfolio) = (Home::new(ONE_SITE), Arc::new(portfolio(&sources)));
    let store = Store::open(&home.store_url()).await.expect("a store");

    // One for all of it: all that ask one provider take turns.
    let paces = Paces::default();
    let mut failed = 0;
    for now_s in (start_s..=end_s).step_by(STEP_S as usize) {
        now.store(now_s, Ordering::SeqCst);
        let asking = Asking::new(store.clone(), portfolio.clone(), Clock::fixed(now_s), PathBuf::new());
        let follower = Follower::new(asking.with_retry(retry()).with_paces(paces.clone()));
        let turned = follower.turn(&Which::Due).await.expect("a turn");
        failed += turned.iter().filter(|one| one.error.is_some()).count();
        for state in feeds::all(&store).await.expect("states") {
            let age_s = now_s - state.done_s.unwrap_or(start_s);
            // Its cadence, and the steps of this test that a failed pass waits for its next try.
            assert!(age_s <= EVERY_S + 2 * STEP_S, "{} is {age_s} s old", state.name);
        }
    }
    assert!(failed > 0, "passes failed, and were made again");
    assert!(servers.iter().all(|server| server.kept_within(gb.feed.about().limits.rates)), "asked too often");

    let day = Interval { start_s, end_s };
    for name in sources.keys() {
        let series = format!("grid/{name}/carbon_intensity");
        let spans = BTreeMap::from([(series.clone(), vec![day])]);
        let held = readings::load(&store, &spans, Cut::NONE).await.expect("held").remove(&series).expect("readings");
        let starts: Vec<i64> = held.iter().map(|point| point.start_s).collect();
        let last_s = held.last().map_or(start_s, |point| point.end_s);
        assert!(end_s - last_s <= EVERY_S + 1_800 + 2 * STEP_S, "{name} ends {} s before now", end_s - last_s);
        assert_eq!(starts, (start_s..last_s).step_by(1_800).collect::<Vec<_>>(), "{name}");
        assert!(held.iter().all(|point| point.value == (grams(point.start_s) + 7) * 1_000), "{name} is out of date");
    }
    store.close().await;
    drop((home, servers));
}
