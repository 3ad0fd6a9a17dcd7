//! A backfill that is interrupted goes on where it stopped, and comes to the same.

use super::gb::{Asker, Gb, INTENSITY, at, grams, retry};
use super::server::{Asked, Server, reply};
use crate::support::{Random, in_full};
use hourmatch::portfolio::FeedSource;
use hourmatch::store::{feeds, revisions};
use reports::time::{Instant, Interval};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

fn year() -> Interval {
    Interval { start: at("2025-01-01T00:00:00Z"), end: at("2026-01-01T00:00:00Z") }
}

fn now() -> Instant {
    at("2026-02-01T00:00:00Z")
}

/// The service, until it has answered so often.
fn until(left: &Arc<AtomicUsize>) -> Server {
    let (gb, left) = (Gb { now: now(), revised: 0 }, left.clone());
    Server::start(move |asked| {
        let more = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if more.is_ok() { gb.answer(asked) } else { reply(400, "application/json", "{}") }
    })
}

/// How a run is interrupted: once so many more requests came.
#[derive(Debug, Default)]
struct Cut {
    left: AtomicI64,
    /// By an answer that ends it; else whoever asks is gone, wherever it is.
    refuses: AtomicBool,
}

impl Cut {
    fn after(&self, requests: usize, refuses: bool) {
        self.left.store(requests as i64, Ordering::SeqCst);
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Until whoever asks is gone, a while after that request.
    async fn gone(&self, later: Duration) {
        while self.refuses.load(Ordering::SeqCst) || self.left.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(later).await;
    }
}

/// The service, interrupted.
fn cut_by(cut: &Arc<Cut>) -> Server {
    let (gb, cut) = (Gb { now: now(), revised: 0 }, cut.clone());
    Server::start(move |asked| {
        let more = cut.left.fetch_sub(1, Ordering::SeqCst) > 0;
        match more || !cut.refuses.load(Ordering::SeqCst) {
            true => gb.answer(asked),
            false => reply(400, "application/json", "{}"),
        }
    })
}

/// One source for each boundary, with two series.
fn sources(asker: &Asker, count: usize) -> Vec<FeedSource> {
    let of = |number: usize| {
        let area = format!("B{number}").into();
        FeedSource { name: format!("gb-{number}"), ..asker.source.of_area(&area) }
    };
    (0..count).map(of).collect()
}

/// Start, end and value of readings.
type Held = Vec<(Instant, Instant, i64)>;

/// Files as received, in their order, and readings as stored.
async fn everything(asker: &Asker, sources: &[FeedSource]) -> (Vec<String>, Vec<Held>) {
    let revisions = revisions::all(&asker.store).await.expect("revisions");
    let files = revisions.into_values().map(|revision| revision.file_sha256).collect();
    let mut held = Vec::new();
    for series in sources.iter().flat_map(|source| &source.wanted.series) {
        let points = asker.held(series, year()).await;
        held.push(points.iter().map(|point| (point.start, point.end, point.value)).collect());
    }
    (files, held)
}

/// The period that a request is for.
fn asked_for(asked: &Asked) -> Interval {
    let parts: Vec<&str> = asked.path.split('/').collect();
    let at = |place: usize| Instant::parse_minute(parts[place]).expect("a time");
    Interval { start: at(2), end: at(3) }
}

/// Runs until it is done or interrupted; none of its requests is for what was had before.
async fn run(asker: &Asker, period: Interval, server: &Server, (cut, later): (&Cut, Duration)) -> bool {
    let had = feeds::ranges(&asker.store, &asker.source.name).await.expect("ranges");
    let calls = server.calls();
    let done = tokio::select! {
        done = asker.fill(period, now(), retry()) => match done {
            Ok(_) => true,
            Err(error) => {
                assert!(error.contains("answered 400"), "{error}");
                false
            }
        },
        () = cut.gone(later) => false,
    };
    for asked in &server.asked()[calls..] {
        let twice = had.iter().find(|had| had.period.overlap_s(asked_for(asked)) > 0);
        assert!(twice.is_none(), "{} is asked, and {twice:?} was there", asked.path);
    }
    done
}

/// Twenty series of a year and 50 interruptions where tests are run in full.
#[tokio::test]
async fn an_interrupted_backfill_comes_to_the_same_and_asks_for_nothing_it_had() {
    let (count, cuts, period) = match in_full() {
        true => (10, 50, year()),
        false => (2, 8, Interval { start: at("2025-07-01T00:00:00Z"), ..year() }),
    };
    let mut whole = Asker::new(&until(&Arc::new(AtomicUsize::new(usize::MAX))).url).await;
    let mut parts = 0;
    for source in sources(&whole, count) {
        whole.source = source;
        parts += whole.fill(period, now(), retry()).await.expect("filled").outcomes.len();
    }
    let wanted = everything(&whole, &sources(&whole, count)).await;
    let half_hours = ((period.end - period.start) / 1_800) as usize;
    assert!(wanted.1.len() == 2 * count && wanted.1.iter().all(|held| held.len() == half_hours));
    let intensity = wanted.1.iter().find(|held| held[0].2 == grams(held[0].0) * 1_000).expect("an intensity");
    assert!(intensity.iter().all(|(start, _, value)| *value == grams(*start) * 1_000));
    whole.store.close().await;

    let (cut, mut random) = (Arc::new(Cut::default()), Random::new(13));
    let server = cut_by(&cut);
    let mut asker = Asker::new(&server.url).await;
    let (mut interrupted, list) = (0, sources(&asker, count));
    for (index, source) in list.iter().enumerate() {
        asker.source = source.clone();
        // As many in each, and what is left over in the last.
        let until = if index + 1 == count { cuts } else { cuts * (index + 1) / count };
        while interrupted < until {
            cut.after(1 + random.below(6), random.one_in(2));
            let later = Duration::from_millis(random.below(25) as u64);
            if run(&asker, period, &server, (&cut, later)).await {
                break;
            }
            interrupted += 1;
        }
        cut.after(usize::MAX >> 1, false);
        run(&asker, period, &server, (&cut, Duration::ZERO)).await;
    }
    assert!(interrupted * 2 >= cuts, "{interrupted} interruptions");
    assert_eq!(everything(&asker, &list).await, wanted);
    let (calls, mut before) = (server.calls(), 0);
    for source in list {
        asker.source = source;
        let again = asker.fill(period, now(), retry()).await.expect("nothing to do");
        assert!(again.outcomes.is_empty());
        before += again.before;
    }
    assert_eq!((before, server.calls()), (parts, calls), "a part that was taken is never asked for again");
    asker.store.close().await;
}

#[tokio::test]
async fn another_question_has_no_answer_yet() {
    let server = until(&Arc::new(AtomicUsize::new(usize::MAX)));
    let mut asker = Asker::new(&server.url).await;
    let day = Interval { start: year().start, end: year().start + 86_400 };
    asker.source.wanted.series.retain(|series| series == INTENSITY);
    asker.fill(day, now(), retry()).await.expect("filled");
    assert_eq!(server.calls(), 1);
    // The same source, asked for the mix as well.
    asker.source.wanted.series.push("grid/A/cfe_share".into());
    asker.fill(day, now(), retry()).await.expect("filled");
    assert_eq!(server.calls(), 3);
    asker.store.close().await;
}
