//! Following: fresh within a cadence, gaps repaired, a provider that fails left alone, and nobody at it twice.

use super::gb::{Asker, Gb, INTENSITY, at, grams, retry};
use super::server::{Server, reply};
use hourmatch::clock::Clock;
use hourmatch::feeds::follow::{Follower, Turned, Which};
use hourmatch::feeds::schedule::Breaker;
use hourmatch::feeds::status;
use hourmatch::store::feeds::{self, State};
use reports::time::{Instant, Interval, RecordTime};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DAY: i64 = 86_400;

fn start() -> Instant {
    at("2026-01-20T00:00:00Z")
}

/// The service as of whatever instant this holds; below zero it is down.
fn served(clock: &Arc<AtomicI64>) -> Server {
    let clock = clock.clone();
    Server::start(move |asked| match Instant::from_seconds(clock.load(Ordering::SeqCst)) {
        now if now < Instant::FIRST => reply(500, "text/plain", ""),
        now => Gb { now, revised: 0 }.answer(asked),
    })
}

/// One turn as of an instant.
async fn turn(asker: &Asker, now: Instant) -> Option<Turned> {
    let follower = Follower::new(asker.asking(now, retry()));
    follower.turn(&Which::Due).await.expect("a turn").pop()
}

async fn state(asker: &Asker) -> State {
    feeds::all(&asker.store).await.expect("states").remove(0)
}

#[tokio::test]
async fn a_source_is_asked_when_it_is_due_and_is_fresh_by_then() {
    let clock = Arc::new(AtomicI64::new(0));
    let server = served(&clock);
    let asker = Asker::new(&server.url).await;
    let mut now = start();
    for step in 0..6 {
        clock.store(now.seconds(), Ordering::SeqCst);
        let turned = turn(&asker, now).await.expect("it is due");
        assert_eq!((turned.error, turned.added > 0), (None, true), "turn {step}");
        assert_eq!(turn(&asker, now).await, None, "it is not due again");
        let next = state(&asker).await.next;
        assert!((1_350..=1_530).contains(&(next - now)), "within its cadence, with time for another try");
        // The next half-hour.
        now += 1_800;
    }
    let period = Interval { start: start() - DAY, end: now };
    let held = asker.held(INTENSITY, period).await;
    assert_eq!(held.last().map(|point| point.end), Some(now - 1_800 - 1_800), "all but the last half-hour");
    assert!(held.windows(2).all(|two| two[0].end == two[1].start), "no hour is lost or doubled");
    asker.store.close().await;
}

#[tokio::test]
async fn what_was_missed_is_repaired() {
    let clock = Arc::new(AtomicI64::new(start().seconds()));
    let server = served(&clock);
    let asker = Asker::new(&server.url).await;
    turn(&asker, start()).await.expect("it is due");
    // Nothing ran for twenty days.
    let later = start() + 20 * DAY;
    clock.store(later.seconds(), Ordering::SeqCst);
    let turned = turn(&asker, later).await.expect("it is due");
    assert_eq!(turned.error, None);
    let period = Interval { start: start() - DAY, end: later - 1_800 };
    let held = asker.held(INTENSITY, period).await;
    assert_eq!(held.len() as i64, 21 * 48 - 1);
    assert!(held.iter().all(|point| point.value == grams(point.start) * 1_000));
    // In parts no longer than the provider takes, and each once.
    let asked: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(asked.len(), asked.iter().collect::<BTreeSet<_>>().len(), "{asked:?}");
    asker.store.close().await;
}

#[tokio::test]
async fn who_fails_again_and_again_is_left_alone_and_asked_again() {
    let clock = Arc::new(AtomicI64::new(-1));
    let server = served(&clock);
    let asker = Asker::new(&server.url).await;
    let (mut now, mut last_calls) = (start(), 0);
    for failures in 1..=6 {
        let turned = turn(&asker, now).await.expect("it is due");
        assert!(turned.error.is_some_and(|error| error.contains("answered 500")));
        let held = state(&asker).await;
        assert_eq!(held.failures, failures);
        assert_eq!(Breaker::at(&held, now) == Breaker::Open, failures >= 5);
        assert_eq!(server.calls(), last_calls + 3, "a few tries each time");
        last_calls = server.calls();
        assert_eq!(turn(&asker, held.next - 1).await, None, "not before its time");
        now = held.next;
    }
    clock.store(now.seconds(), Ordering::SeqCst);
    let turned = turn(&asker, now).await.expect("it is due");
    assert_eq!((turned.error, turned.added > 0), (None, true));
    assert_eq!(Breaker::at(&state(&asker).await, now), Breaker::Closed);
    asker.store.close().await;
}

#[tokio::test]
async fn a_source_that_another_process_is_at_is_left_to_it() {
    let clock = Arc::new(AtomicI64::new(start().seconds()));
    let server = served(&clock);
    let asker = Asker::new(&server.url).await;
    turn(&asker, start()).await.expect("it is due");
    let held =
        |until: RecordTime, held: State| State { holder: Some("another".into()), until, next: Instant::FIRST, ..held };
    for (until, is_asked) in [(Clock::recorded().plus_micros(60_000_000), false), (Clock::recorded(), true)] {
        let mut write = asker.store.write().await.expect("a write");
        let state = held(until, state(&asker).await);
        feeds::put(&mut write, &state).await.expect("put");
        write.commit().await.expect("committed");
        assert_eq!(turn(&asker, start() + 1_800).await.is_some(), is_asked);
    }
    assert_eq!(state(&asker).await.holder, None, "it is let go of");
    asker.store.close().await;
}

#[tokio::test]
async fn how_sources_stand_is_told() {
    let clock = Arc::new(AtomicI64::new(start().seconds()));
    let server = served(&clock);
    let asker = Asker::new(&server.url).await;
    turn(&asker, start()).await.expect("it is due");
    let asking = asker.asking(start(), retry());
    let all = status::all(&asker.store, &asking.portfolio, start()).await.expect("a status");
    assert_eq!(all.len(), 1);
    let gb = &all[0];
    assert!(gb.fresh && gb.followed && gb.error.is_none() && gb.breaker == "closed", "{gb:?}");
    let intensity = gb.series.iter().find(|one| one.series == INTENSITY).expect("the series");
    assert_eq!(intensity.until, Some(at("2026-01-19T23:30:00Z")));
    assert_eq!(intensity.forecast_until, Some(at("2026-01-22T00:00:00Z")));
    assert_eq!((intensity.gaps, intensity.from.as_deref()), (0, Some("gb")));
    let stale = status::all(&asker.store, &asking.portfolio, start() + DAY).await.expect("a status");
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
        Gb { now: start(), revised: 0 }.answer(asked)
    });
    let asker = Asker::new(&server.url).await;
    let mut follower = Follower::new(asker.asking(start(), retry()));
    follower.lease = Duration::from_millis(600);
    let turning = tokio::spawn(async move { follower.turn(&Which::Due).await });
    while server.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let taken = state(&asker).await;
    assert!(taken.holder.is_some());
    loop {
        let now = state(&asker).await;
        assert_eq!(now.holder, taken.holder, "it is held as long as the turn takes");
        if now.until > taken.until {
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
        Gb { now: start(), revised: 0 }.answer(asked)
    });
    let asker = Asker::new(&server.url).await;
    let mut follower = Follower::new(asker.asking(start(), retry()));
    follower.lease = Duration::from_millis(300);
    let turning = tokio::spawn(async move { follower.turn(&Which::Due).await });
    while server.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut write = asker.store.write().await.expect("a write");
    let other = State { holder: Some("another".into()), until: RecordTime::END, ..state(&asker).await };
    feeds::put(&mut write, &other).await.expect("put");
    write.commit().await.expect("committed");
    let turned = turning.await.expect("no panic").expect("a turn");
    assert!(turned.is_empty(), "it says nothing of it: {turned:?}");
    assert_eq!(state(&asker).await, other);
    drop(go_on);
    asker.store.close().await;
}
