//! Following: fresh within a cadence, gaps repaired, a provider that fails left alone, and nobody at it twice.

use super::gb::{Asker, Gb, INTENSITY, at, grams, retry};
use super::server::{Server, reply};
use hourmatch::clock::Clock;
use hourmatch::feeds::follow::{Follower, Turned, Which};
use hourmatch::feeds::schedule::Breaker;
use hourmatch::feeds::status;
use hourmatch::store::feeds::{self, State};
use reports::time::Interval;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DAY: i64 = 86_400;

fn start_s() -> i64 {
    at("2026-01-20T00:00:00Z")
}

/// The service as of whatever instant this holds; below zero it is down.
fn served(now: &Arc<AtomicI64>) -> Server {
    let now = now.clone();
    Server::start(move |asked| match now.load(Ordering::SeqCst) {
        now_s if now_s < 0 => reply(500, "text/plain", ""),
        now_s => Gb { now_s, revised: 0 }.answer(asked),
    })
}

/// One turn as of an instant.
async fn turn(asker: &Asker, now_s: i64) -> Option<Turned> {
    let follower = Follower::new(asker.asking(now_s, retry()));
    follower.turn(&Which::Due).await.expect("a turn").pop()
}

async fn state(asker: &Asker) -> State {
    feeds::all(&asker.store).await.expect("states").remove(0)
}

#[tokio::test]
async fn a_source_is_asked_when_it_is_due_and_is_fresh_by_then() {
    let now = Arc::new(AtomicI64::new(0));
    let server = served(&now);
    let asker = Asker::new(&server.url).await;
    let mut now_s = start_s();
    for step in 0..6 {
        now.store(now_s, Ordering::SeqCst);
        let turned = turn(&asker, now_s).await.expect("it is due");
        assert_eq!((turned.error, turned.added > 0), (None, true), "turn {step}");
        assert_eq!(turn(&asker, now_s).await, None, "it is not due again");
        let next_s = state(&asker).await.next_s;
        assert!((1_350..=1_530).contains(&(next_s - now_s)), "within its cadence, with time for another try");
        // The next half-hour.
        now_s += 1_800;
    }
    let period = Interval { start_s: start_s() - DAY, end_s: now_s };
    let held = asker.held(INTENSITY, period).await;
    assert_eq!(held.last().map(|point| point.end_s), Some(now_s - 1_800 - 1_800), "all but the last half-hour");
    assert!(held.windows(2).all(|two| two[0].end_s == two[1].start_s), "no hour is lost or doubled");
    asker.store.close().await;
}

#[tokio::test]
async fn what_was_missed_is_repaired() {
    let now = Arc::new(AtomicI64::new(start_s()));
    let server = served(&now);
    let asker = Asker::new(&server.url).await;
    turn(&asker, start_s()).await.expect("it is due");
    // Nothing ran for twenty days.
    let later_s = start_s() + 20 * DAY;
    now.store(later_s, Ordering::SeqCst);
    let turned = turn(&asker, later_s).await.expect("it is due");
    assert_eq!(turned.error, None);
    let period = Interval { start_s: start_s() - DAY, end_s: later_s - 1_800 };
    let held = asker.held(INTENSITY, period).await;
    assert_eq!(held.len() as i64, 21 * 48 - 1);
    assert!(held.iter().all(|point| point.value == grams(point.start_s) * 1_000));
    // In parts no longer than the provider takes, and each once.
    let asked: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(asked.len(), asked.iter().collect::<BTreeSet<_>>().len(), "{asked:?}");
    asker.store.close().await;
}

#[tokio::test]
async fn who_fails_again_and_again_is_left_alone_and_asked_again() {
    let now = Arc::new(AtomicI64::new(-1));
    let server = served(&now);
    let asker = Asker::new(&server.url).await;
    let (mut now_s, mut last_calls) = (start_s(), 0);
    for failures in 1..=6 {
        let turned = turn(&asker, now_s).await.expect("it is due");
        assert!(turned.error.is_some_and(|error| error.contains("answered 500")));
        let held = state(&asker).await;
        assert_eq!(held.failures, failures);
        assert_eq!(Breaker::of(&held, now_s) == Breaker::Open, failures >= 5);
        assert_eq!(server.calls(), last_calls + 3, "a few tries each time");
        last_calls = server.calls();
        assert_eq!(turn(&asker, held.next_s - 1).await, None, "not before its time");
        now_s = held.next_s;
    }
    now.store(now_s, Ordering::SeqCst);
    let turned = turn(&asker, now_s).await.expect("it is due");
    assert_eq!((turned.error, turned.added > 0), (None, true));
    assert_eq!(Breaker::of(&state(&asker).await, now_s), Breaker::Closed);
    asker.store.close().await;
}

#[tokio::test]
async fn a_source_that_another_process_is_at_is_left_to_it() {
    let now = Arc::new(AtomicI64::new(start_s()));
    let server = served(&now);
    let asker = Asker::new(&server.url).await;
    turn(&asker, start_s()).await.expect("it is due");
    let held = |until_us: i64, held: State| State { holder: Some("another".into()), until_us, next_s: 0, ..held };
    for (until_us, is_asked) in [(Clock::recorded_us() + 60_000_000, false), (Clock::recorded_us(), true)] {
        let mut write = asker.store.write().await.expect("a write");
        let state = held(until_us, state(&asker).await);
        feeds::put(&mut write, &state).await.expect("put");
        write.commit().await.expect("committed");
        assert_eq!(turn(&asker, start_s() + 1_800).await.is_some(), is_asked);
    }
    assert_eq!(state(&asker).await.holder, None, "it is let go of");
    asker.store.close().await;
}

#[tokio::test]
async fn how_sources_stand_is_told() {
    let now = Arc::new(AtomicI64::new(start_s()));
    let server = served(&now);
    let asker = Asker::new(&server.url).await;
    turn(&asker, start_s()).await.expect("it is due");
    let asking = asker.asking(start_s(), retry());
    let all = status::all(&asker.store, &asking.portfolio, start_s()).await.expect("a status");
    assert_eq!(all.len(), 1);
    let gb = &all[0];
    assert!(gb.fresh && gb.followed && gb.error.is_none() && gb.breaker == "closed", "{gb:?}");
    let intensity = gb.series.iter().find(|one| one.series == INTENSITY).expect("the series");
    assert_eq!(intensity.until.as_deref(), Some("2026-01-19T23:30:00Z"));
    assert_eq!(intensity.forecast_until.as_deref(), Some("2026-01-22T00:00:00Z"));
    assert_eq!((intensity.gaps, intensity.from.as_deref()), (0, Some("gb")));
    let stale = status::all(&asker.store, &asking.portfolio, start_s() + DAY).await.expect("a status");
    assert!(!stale[0].fresh);
    asker.store.close().await;
}

/// However long a turn takes, nobody else comes to it while its process lives.
#[tokio::test]
async fn a_turn_that_outlasts_its_lease_keeps_it() {
    let (go_on, waits) = std::sync::mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let server = Server::start(move |asked| {
        if asked.before == 0 {
            // Whoever is asked first answers when the test says so.
            let _ = waits.lock().expect("no panic").recv();
        }
        Gb { now_s: start_s(), revised: 0 }.answer(asked)
    });
    let asker = Asker::new(&server.url).await;
    let lease = Duration::from_millis(600);
    let follower = Follower::new(asker.asking(start_s(), retry())).with_lease(lease);
    let turning = tokio::spawn(async move { follower.turn(&Which::Due).await });
    while server.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let taken = state(&asker).await;
    assert!(taken.holder.is_some());
    loop {
        let now = state(&asker).await;
        assert_eq!(now.holder, taken.holder, "it is held as long as the turn takes");
        if now.until_us > taken.until_us {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    go_on.send(()).expect("the server waits");
    let turned = turning.await.expect("no panic").expect("a turn");
    assert_eq!((turned.len(), &turned[0].error), (1, &None));
    assert_eq!(state(&asker).await.holder, None, "it is let go of");
    asker.store.close().await;
}

/// Who stood still for so long that another took over leaves the source to it.
#[tokio::test]
async fn a_source_that_was_taken_over_is_left_to_who_has_it() {
    let (go_on, waits) = std::sync::mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let server = Server::start(move |asked| {
        let _ = waits.lock().expect("no panic").recv();
        Gb { now_s: start_s(), revised: 0 }.answer(asked)
    });
    let asker = Asker::new(&server.url).await;
    let follower = Follower::new(asker.asking(start_s(), retry())).with_lease(Duration::from_millis(300));
    let turning = tokio::spawn(async move { follower.turn(&Which::Due).await });
    while server.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut write = asker.store.write().await.expect("a write");
    let other = State { holder: Some("another".into()), until_us: i64::MAX, ..state(&asker).await };
    feeds::put(&mut write, &other).await.expect("put");
    write.commit().await.expect("committed");
    let turned = turning.await.expect("no panic").expect("a turn");
    assert!(turned.is_empty(), "it says nothing of it: {turned:?}");
    assert_eq!(state(&asker).await, other);
    drop(go_on);
    asker.store.close().await;
}
