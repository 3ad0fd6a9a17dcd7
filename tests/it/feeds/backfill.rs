//! A backfill that is interrupted goes on where it stopped, and comes to the same.

use super::gb::{Asker, Gb, INTENSITY, at, grams, retry};
use super::server::{Server, reply};
use hourmatch::store::revisions;
use reports::time::Interval;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn year() -> Interval {
    Interval { start_s: at("2025-01-01T00:00:00Z"), end_s: at("2026-01-01T00:00:00Z") }
}

fn now_s() -> i64 {
    at("2026-02-01T00:00:00Z")
}

/// The service, until it has answered so often.
fn until(left: &Arc<AtomicUsize>) -> Server {
    let (gb, left) = (Gb { now_s: now_s(), revised: 0 }, left.clone());
    Server::start(move |asked| {
        let more = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if more.is_ok() { gb.answer(asked) } else { reply(400, "application/json", "{}") }
    })
}

/// Files as received and readings as stored.
async fn everything(asker: &Asker) -> (Vec<String>, Vec<(i64, i64, i64)>) {
    let revisions = revisions::all(&asker.store).await.expect("revisions");
    let files = revisions.into_values().map(|revision| revision.file_sha256).collect();
    let points = asker.held(INTENSITY, year()).await;
    (files, points.iter().map(|point| (point.start_s, point.end_s, point.value)).collect())
}

#[tokio::test]
async fn an_interrupted_backfill_comes_to_the_same_and_asks_for_nothing_twice() {
    let whole = Asker::new(&until(&Arc::new(AtomicUsize::new(usize::MAX))).url).await;
    let filled = whole.fill(year(), now_s(), retry()).await.expect("filled");
    let wanted = everything(&whole).await;
    assert_eq!(wanted.1.len(), 365 * 48);
    assert!(wanted.1.iter().all(|(start_s, _, value)| *value == grams(*start_s) * 1_000));
    assert!(filled.outcomes.len() > 20, "{} parts", filled.outcomes.len());
    whole.store.close().await;

    // It stops after one more answer each time, in the middle of a part or between two.
    let left = Arc::new(AtomicUsize::new(0));
    let server = until(&left);
    let asker = Asker::new(&server.url).await;
    let mut interruptions = 0;
    loop {
        left.store(3 + interruptions % 4, Ordering::SeqCst);
        match asker.fill(year(), now_s(), retry()).await {
            Ok(_) => break,
            Err(error) => assert!(error.contains("answered 400"), "{error}"),
        }
        interruptions += 1;
        assert!(interruptions < 60, "it gets on");
    }
    assert!(interruptions > 5, "{interruptions}");
    assert_eq!(everything(&asker).await, wanted);

    // A part that was taken is never asked for again; one that was cut off is, whole.
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    server.asked().iter().for_each(|one| *asked.entry(one.path.clone()).or_default() += 1);
    let before = server.calls();
    assert!(asked.values().sum::<usize>() <= 2 * filled.outcomes.len() + 2 * interruptions, "{asked:?}");
    let again = asker.fill(year(), now_s(), retry()).await.expect("nothing to do");
    assert_eq!((again.outcomes.len(), again.before, server.calls()), (0, filled.outcomes.len(), before));
    asker.store.close().await;
}

#[tokio::test]
async fn another_question_has_no_answer_yet() {
    let server = until(&Arc::new(AtomicUsize::new(usize::MAX)));
    let mut asker = Asker::new(&server.url).await;
    let day = Interval { start_s: year().start_s, end_s: year().start_s + 86_400 };
    asker.source.wanted.series.retain(|series| series == INTENSITY);
    asker.fill(day, now_s(), retry()).await.expect("filled");
    assert_eq!(server.calls(), 1);
    // The same source, asked for the mix as well.
    asker.source.wanted.series.push("grid/A/cfe_share".into());
    asker.fill(day, now_s(), retry()).await.expect("filled");
    assert_eq!(server.calls(), 3);
    asker.store.close().await;
}
