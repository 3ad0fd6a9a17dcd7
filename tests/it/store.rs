//! The store's promises, the same on both engines.

use crate::support::{Home, ONE_SITE, postgres_schema};
use hourmatch::store::forecasts::{self, EXPECTED_PPM, ForecastPoint};
use hourmatch::store::readings::{self, Cut};
use hourmatch::store::work::{self, Added};
use hourmatch::store::{Store, files, plans, reservations, revisions};
use ids::WorkId;
use reports::inputs::{Point, Quality};
use reports::time::{Instant, Interval, RecordTime};
use std::collections::BTreeMap;

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(seconds)
}

fn micros(micros: i64) -> RecordTime {
    RecordTime::from_micros(micros)
}

fn point(start: i64, end: i64, value: i64, revision: i64) -> Point {
    Point { start: at(start), end: at(end), value, quality: Quality::Measured, revision, row: 2 }
}

async fn values(store: &Store, cut: Cut) -> Vec<i64> {
    let spans = BTreeMap::from([("site/s/load".to_string(), vec![Interval { start: at(0), end: at(30_000) }])]);
    let series = readings::load(store, &spans, cut).await.expect("loaded");
    series.get("site/s/load").map(|p| p.iter().map(|p| p.value).collect()).unwrap_or_default()
}

async fn contract(store: Store) {
    // Bitemporal readings: superseded rows stay, cuts by revision and by delay.
    let mut write = store.write().await.expect("write");
    let file = files::add(&mut write, "abc", "a.csv", 3).await.expect("file");
    files::add_chunk(&mut write, file, 0, b"ab").await.expect("chunk");
    files::add_chunk(&mut write, file, 1, b"c").await.expect("chunk");
    let (first, recorded) = revisions::add(&mut write, micros(1_000), file, "test", 0, revisions::Stated::default())
        .await
        .expect("revision");
    let id = readings::series_id(&mut write, "site/s/load").await.expect("series");
    assert_eq!(readings::series_id(&mut write, "site/s/load").await.expect("series"), id);
    let points: Vec<Point> = (0..25_000).map(|i| point(i, i + 1, i, first)).collect();
    readings::insert_all(&mut write, &[(id, &points[..3])]).await.expect("inserted");
    write.commit().await.expect("committed");
    let mut write = store.write().await.expect("write");
    let (second, later) = revisions::add(&mut write, micros(1_000), file, "test", 100, revisions::Stated::default())
        .await
        .expect("revision");
    assert!(later > recorded, "record times strictly increase");
    readings::supersede(&mut write, id, &points[1..2], second).await.expect("superseded");
    readings::insert_all(&mut write, &[(id, &[point(1, 2, 77, second)][..])]).await.expect("inserted");
    write.commit().await.expect("committed");
    assert_eq!(values(&store, Cut::NONE).await, [0, 77, 2]);
    assert_eq!(values(&store, Cut { revision: first, ..Cut::NONE }).await, [0, 1, 2]);
    assert_eq!(values(&store, Cut { known: at(3), ..Cut::NONE }).await, [0, 2], "delayed readings are not known yet");
    assert_eq!(values(&store, Cut { known: at(102), ..Cut::NONE }).await, [0, 77, 2]);
    assert_eq!(revisions::last_at(&store, micros(1_000)).await.expect("revision"), first);
    assert_eq!(files::piece(&store, "abc", 0).await.expect("file"), Some(b"ab".to_vec()));
    assert_eq!(files::piece(&store, "abc", 2).await.expect("file"), None);

    // Dropped without commit, nothing stays; many rows go in one statement after another.
    let mut write = store.write().await.expect("write");
    readings::insert_all(&mut write, &[(id, &points[3..])]).await.expect("inserted");
    drop(write);
    assert_eq!(values(&store, Cut::NONE).await.len(), 3);
    let mut write = store.write().await.expect("write");
    readings::insert_all(&mut write, &[(id, &points[3..])]).await.expect("inserted");
    write.commit().await.expect("committed");
    assert_eq!(values(&store, Cut::NONE).await.len(), 25_000);
    let mut write = store.write().await.expect("write");
    let (third, _) = revisions::add(&mut write, micros(3_000), file, "test", 0, revisions::Stated::default())
        .await
        .expect("revision");
    let other = readings::series_id(&mut write, "site/t/load").await.expect("series");
    let new: Vec<Point> = (3..25_000).map(|i| point(i, i + 1, i + 1, third)).collect();
    readings::supersede(&mut write, id, &points[3..], third).await.expect("superseded");
    readings::insert_all(&mut write, &[(id, new.as_slice()), (other, &new[..2])]).await.expect("inserted");
    write.commit().await.expect("committed");
    let wanted: Vec<i64> = [0, 77, 2].into_iter().chain(4..=25_000).collect();
    assert_eq!(values(&store, Cut::NONE).await, wanted);
    let before = Cut { revision: second, ..Cut::NONE };
    assert_eq!(values(&store, before).await[3..], wanted[3..].iter().map(|value| value - 1).collect::<Vec<_>>());

    forecasts_by_issue(&store, first).await;
    work_and_plans(&store).await;
    store.close().await;
}

async fn forecasts_by_issue(store: &Store, revision: i64) {
    let mut write = store.write().await.expect("write");
    let id = readings::series_id(&mut write, "grid/A/wind").await.expect("series");
    let of = |issued: i64, start: i64, value: i64| ForecastPoint {
        issued: at(issued),
        quantile_ppm: EXPECTED_PPM,
        start: at(start),
        end: at(start + 10),
        value,
        row: 2,
    };
    let list = [of(100, 200, 1), of(100, 210, 2), of(150, 210, 3)];
    forecasts::insert_all(&mut write, revision, &[(id, &list[..])]).await.expect("inserted");
    write.commit().await.expect("committed");
    let span = Interval { start: at(200), end: at(300) };
    let known = async |seconds: i64| {
        let points = forecasts::latest(store, "grid/A/wind", span, at(seconds)).await.expect("latest");
        points.iter().map(|p| p.value).collect::<Vec<_>>()
    };
    assert_eq!(known(99).await, Vec::<i64>::new());
    assert_eq!(known(149).await, [1, 2]);
    assert_eq!(known(150).await, [1, 3]);
}

async fn work_and_plans(store: &Store) {
    let mut write = store.write().await.expect("write");
    assert_eq!(work::put(&mut write, &"b".into(), "{}", micros(1)).await.expect("put"), Added::New);
    assert_eq!(work::put(&mut write, &"b".into(), "{}", micros(1)).await.expect("put"), Added::Unchanged);
    assert_eq!(work::put(&mut write, &"b".into(), "{1}", micros(1)).await.expect("put"), Added::Replaced);
    assert!(work::set_state(&mut write, &"b".into(), work::CANCELLED).await.expect("state"));
    // A cancelled id begins anew, and nothing of before counts.
    assert_eq!(work::put(&mut write, &"b".into(), "{2}", micros(1)).await.expect("put"), Added::New);
    let again = work::get(&mut write, &"b".into()).await.expect("read").expect("there");
    assert_eq!((again.state.as_str(), again.content.as_str(), again.born_seq), (work::QUEUED, "{2}", 4));
    assert_eq!(again.report.as_deref(), Some(work::ANEW));
    work::put(&mut write, &"B".into(), "{}", micros(1)).await.expect("put");
    work::put(&mut write, &"a".into(), "{}", micros(1)).await.expect("put");
    for id in ["p-1", "p-2", "p-1"] {
        let row = plans::PlanRow {
            id: id.into(),
            made: at(1),
            start: at(1),
            end: at(2),
            status: "optimal".into(),
            input_sha256: "x".into(),
            document: "{}".into(),
            work_seq: 0,
            reservation_seq: 0,
        };
        plans::add(&mut write, &row).await.expect("plan");
    }
    let reserved = |id: &str| reservations::Reservation {
        seq: 0,
        id: id.into(),
        site: "s".into(),
        start: at(10),
        end: at(20),
        mw: 1.5,
        pool: None,
        gpus: None,
        account: Some("a".into()),
        made_at: micros(5),
        released: None,
        released_seq: None,
    };
    let first = reservations::add(&mut write, reserved("r")).await.expect("reserved");
    assert_eq!((first.seq, first.seen_at(0), first.seen_at(1)), (1, false, true));
    reservations::release(&mut write, "r", micros(7)).await.expect("released");
    assert_eq!(reservations::live(&mut write, "r").await.expect("live"), None);
    let again = reservations::add(&mut write, reserved("r")).await.expect("reserved anew");
    assert_eq!(again.seq, 3, "the release counts too");
    write.commit().await.expect("committed");
    let ending = reservations::ending_after(store, at(19)).await.expect("reservations");
    let told: Vec<_> = ending.iter().map(|r| (r.seq, r.released_seq, r.released, r.account.as_deref())).collect();
    assert_eq!(told, [(1, Some(2), Some(micros(7)), Some("a")), (3, None, None, Some("a"))]);
    assert_eq!(reservations::ending_after(store, at(20)).await.expect("reservations"), []);
    assert_eq!(reservations::last_seq(store).await.expect("count"), 3);
    assert_eq!(reservations::get(store, "r").await.expect("the newest").map(|r| r.seq), Some(3));
    // Six changes of work: added, replaced, cancelled, begun anew, and two more added; what changed nothing counts nowhere.
    assert_eq!(work::last_seq(store).await.expect("count"), 6);
    let changed = work::changed_since(store, 5).await.expect("changes");
    assert_eq!(changed.readable.into_iter().map(|w| w.id).collect::<Vec<_>>(), ["a"]);
    let ids: Vec<WorkId> = work::all(store).await.expect("work").readable.into_iter().map(|w| w.id).collect();
    assert_eq!(ids, ["B", "a", "b"], "ids compare bytewise on either engine");
    only_what_is_needed(store).await;
    let current = plans::get(store, None).await.expect("plan").map(|p| p.id);
    assert_eq!(current.as_deref(), Some("p-1"), "the same plan again becomes the current one");
}

/// Done work by the day it was released, open work, states by name; plans without documents, and their parts.
async fn only_what_is_needed(store: &Store) {
    let mut write = store.write().await.expect("write");
    let content = |day: &str| format!(r#"{{"id":"d","kind":"batch","sites":[],"release":"{day}T09:00:00Z"}}"#);
    for (id, day) in [("d1", "2026-01-01"), ("d2", "2026-02-01")] {
        let id = &id.into();
        work::put(&mut write, id, &content(day), micros(1)).await.expect("put");
        assert!(work::set_state(&mut write, id, work::DONE).await.expect("state"));
        assert_eq!(work::put(&mut write, id, "{}", micros(1)).await.expect("put"), Added::Done);
    }
    assert!(work::set_state(&mut write, &"B".into(), "running").await.expect("state"));
    assert_eq!(work::put(&mut write, &"B".into(), "{3}", micros(1)).await.expect("put"), Added::Started);
    let parts = [(at(1), b"one".to_vec()), (at(3), b"two".to_vec())];
    plans::add_parts(&mut write, "p-1", &parts).await.expect("parts");
    write.commit().await.expect("committed");
    let open: Vec<WorkId> = work::open(store).await.expect("work").readable.into_iter().map(|w| w.id).collect();
    assert_eq!(open, ["B", "a", "b"]);
    assert_eq!(work::done_since(store, "2026-01-02").await.expect("work"), [content("2026-02-01")]);
    let states = work::states(store, &["d1".into(), "b".into(), "x".into()]).await.expect("states");
    let told: Vec<(&str, &str)> = states.iter().map(|(id, state)| (id.as_str(), state.as_str())).collect();
    assert_eq!(told, [("b", "queued"), ("d1", "done")]);
    let heads = plans::heads(store, at(1), at(2)).await.expect("heads");
    assert_eq!(heads.iter().map(|head| head.id.as_str()).collect::<Vec<_>>(), ["p-2", "p-1"], "newest last");
    assert_eq!(plans::heads(store, at(2), at(9)).await.expect("heads"), [], "half-open");
    assert_eq!(plans::newest(store, Instant::LAST, 1).await.expect("ids"), ["p-1"]);
    assert_eq!(plans::parts(store, "p-1", at(3)).await.expect("parts"), [b"one".to_vec()]);
    assert_eq!(plans::parts(store, "p-1", Instant::LAST).await.expect("parts").len(), 2);
    assert!(plans::parts(store, "p-2", Instant::LAST).await.expect("parts").is_empty());
}

#[test]
fn the_contract_holds_on_sqlite() {
    let dir = tempfile::tempdir().expect("folder");
    let url = format!("sqlite://{}", dir.path().join("s.db").display());
    run(&url);
}

#[test]
fn the_contract_holds_on_postgres() {
    if let Some(url) = postgres_schema() {
        run(&url);
    }
}

/// By the server's own way, files as received take longer than all their rows.
#[test]
fn received_files_are_compressed_with_lz4_on_postgres() {
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        home.run(&["migrate"]).ok();
        let lz4 = "select 1 from pg_attribute where attrelid = 'file_chunks'::regclass and attname = 'data' \
            and attcompression = 'l'";
        assert_eq!(home.direct(lz4), 1);
    }
}

fn run(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let store = Store::open(url).await.expect("opened");
        Store::open(url).await.expect("again is nothing").close().await;
        contract(store).await;
    });
}
