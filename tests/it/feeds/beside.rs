//! Sources are asked beside each other: one whose provider does not answer keeps none waiting.

use super::gb::{Gb, at, retry};
use super::server::Server;
use crate::support::{Home, ONE_SITE};
use hourmatch::clock::Clock;
use hourmatch::feeds::asking::Asking;
use hourmatch::feeds::follow::Follower;
use hourmatch::portfolio::{FeedSource, Portfolio, parse};
use hourmatch::secret::Secret;
use hourmatch::store::Store;
use hourmatch::store::feeds::{self, State};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Waits for what comes to pass, however long it takes.
async fn until(what: impl Fn() -> bool) {
    while !what() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn named(store: &Store, name: &str) -> State {
    feeds::all(store).await.expect("states").into_iter().find(|state| state.name == name).expect("it was asked")
}

#[tokio::test]
async fn a_source_that_is_slow_keeps_no_other_waiting() {
    let now = at("2026-01-20T00:00:00Z");
    let (go_on, waits) = std::sync::mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let slow = Server::start(move |asked| {
        let _ = waits.lock().expect("no panic").recv();
        Gb { now, revised: 0 }.answer(asked)
    });
    let prompt = Server::start(move |asked| Gb { now, revised: 0 }.answer(asked));
    let gb = FeedSource::gb().expect("a source");
    let source = |(name, server): (&str, &Server)| {
        let url = Secret::from(server.url.as_str());
        (name.to_string(), FeedSource { name: name.into(), url, follow: true, ..gb.of_area(&name.into()) })
    };
    let sources = BTreeMap::from([("Slow", &slow), ("Prompt", &prompt)].map(source));
    let boundaries = "[[boundary]]\nid = \"Slow\"\n[[boundary]]\nid = \"Prompt\"\n";
    let parsed = parse(&format!("{ONE_SITE}{boundaries}"), "t.toml").expect("a portfolio");
    let portfolio = Arc::new(Portfolio { feeds: sources, ..parsed });
    let home = Home::new(ONE_SITE);
    let store = Store::open(&home.store_url()).await.expect("a store");
    let mut asking = Asking::new(store.clone(), portfolio, Clock::fixed(now), PathBuf::new());
    asking.retry = retry();
    let following = tokio::spawn(Follower::new(asking).run());

    until(|| slow.calls() == 1 && prompt.calls() >= 2).await;
    // Its time comes again, several times, and the other still waits for an answer.
    for _ in 0..2 {
        let state = loop {
            let state = named(&store, "Prompt").await;
            if state.done.is_some() && state.holder.is_none() {
                break state;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let before = prompt.calls();
        let mut write = store.write().await.expect("a write");
        feeds::put(&mut write, &State { next: now, ..state }).await.expect("put");
        write.commit().await.expect("committed");
        until(|| prompt.calls() > before).await;
    }
    assert_eq!(slow.calls(), 1, "nobody comes to it twice");
    assert!(named(&store, "Slow").await.holder.is_some(), "it is still being asked");
    drop(go_on);
    following.abort();
    let _ = following.await;
    store.close().await;
}
