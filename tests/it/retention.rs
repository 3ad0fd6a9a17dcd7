//! What is over goes after a while, and nothing that a plan, a count or an audit still looks at; the same on both engines.

use crate::store_faults::{block, url};
use crate::support::{Home, postgres_schema};
use crate::unknown::TOML;
use hourmatch::store::plans::PlanRow;
use hourmatch::store::reservations::Reservation;
use hourmatch::store::retention::{self, Kept, Removed};
use hourmatch::store::work::WorkRow;
use hourmatch::store::{Store, plans, reservations, work};
use ids::WorkId;
use reports::time::{Instant, RecordTime};

const DAY: i64 = 86_400;
/// 2026-11-01T00:00:00Z, and days before and after it.
const NOW: Instant = Instant::from_seconds(1_793_491_200);
const KEPT: Kept = Kept { plans_s: 35 * DAY, work_s: 400 * DAY };

fn plan(id: &str, made: Instant, end: Instant) -> PlanRow {
    PlanRow {
        id: id.into(),
        made,
        start: made,
        end,
        status: "optimal".into(),
        input_sha256: "x".into(),
        document: format!("{{\"id\":\"{id}\",\"text\":\"{}\"}}", "a plan of many rows ".repeat(500)),
        work_seq: 7,
        reservation_seq: 8,
    }
}

async fn keep(store: &Store, rows: &[PlanRow]) {
    let mut write = store.write().await.expect("write");
    for row in rows {
        plans::add(&mut write, row).await.expect("added");
        plans::add_problem(&mut write, &row.id, b"what it was made of").await.expect("added");
        plans::add_line(&mut write, &row.id, "{}").await.expect("added");
        plans::add_parts(&mut write, &row.id, &[(row.start, b"a part".to_vec())]).await.expect("added");
    }
    write.commit().await.expect("committed");
}

async fn has_line(store: &Store, id: &str) -> bool {
    let sql = "select count(*) from plan_lines where plan = $1";
    let (count,): (i64,) = match store {
        Store::Sqlite(pools) => sqlx::query_as(sql).bind(id).fetch_one(&pools.write).await,
        Store::Postgres(pools) => sqlx::query_as(sql).bind(id).fetch_one(&pools.write).await,
    }
    .expect("read");
    count > 0
}

async fn held(store: &Store, ids: &[&str]) -> Vec<bool> {
    let mut held = Vec::new();
    for id in ids {
        let plan = plans::get(store, Some(id)).await.expect("read").is_some();
        let problem = plans::problem(store, id).await.expect("read").is_some();
        let part = !plans::parts(store, id, Instant::LAST).await.expect("read").is_empty();
        let beside = [problem, part, has_line(store, id).await];
        assert_eq!(beside, [plan; 3], "{id}: with what it was made of, its parts and its line, or not at all");
        held.push(plan);
    }
    held
}

async fn old_plans(store: &Store) {
    // A week ahead made 40 days ago is over for 33; one of 300 days still covers today; one of a month reaches into the
    // fortnight that plans look back at; the newest stays whatever its age.
    let rows = [
        plan("week", NOW - 40 * DAY, NOW - 33 * DAY),
        plan("long", NOW - 41 * DAY, NOW + 260 * DAY),
        plan("month", NOW - 40 * DAY, NOW - 10 * DAY),
        plan("recent", NOW - 34 * DAY, NOW - 27 * DAY),
        plan("newest", NOW - 50 * DAY, NOW - 43 * DAY),
    ];
    keep(store, &rows).await;
    let removed = retention::prune(store, KEPT, NOW).await.expect("pruned");
    assert_eq!(removed, Removed { plans: 1, ..Removed::default() });
    let ids = ["week", "long", "month", "recent", "newest"];
    assert_eq!(held(store, &ids).await, [false, true, true, true, true]);
    let current = plans::get(store, None).await.expect("read").expect("a plan");
    assert_eq!(current, rows[4], "a document comes back as it was, and with it all else");
    assert!(retention::prune(store, KEPT, NOW).await.expect("pruned").is_nothing());
    // Many go in several transactions.
    let many: Vec<PlanRow> = (0..65).map(|i| plan(&format!("m{i}"), NOW - 60 * DAY, NOW - 53 * DAY)).collect();
    keep(store, &many).await;
    keep(store, &rows[4..]).await;
    assert_eq!(retention::prune(store, KEPT, NOW).await.expect("pruned").plans, 65);
    assert_eq!(held(store, &["m0", "m64", "newest"]).await, [false, false, true]);
}

async fn days_of_plans(store: &Store) {
    assert_eq!(retention::settled(store).await.expect("read"), None, "nobody planned yet");
    let at = |day: i64| NOW + day * DAY;
    // Three plans of two days, one of them by a clock that is four years ahead.
    keep(store, &[plan("a", at(0), at(7)), plan("b", at(0) + 3_600, at(7)), plan("c", at(1_461), at(1_468))]).await;
    assert_eq!(retention::settled(store).await.expect("read"), None);
    keep(store, &[plan("d", at(-1) + 7_200, at(6))]).await;
    // The third-newest day is the one before: its end is midnight.
    assert_eq!(retention::settled(store).await.expect("read"), Some(NOW));
}

/// A piece of work as the store keeps it.
fn content(deadline: Instant, after: &[&str]) -> String {
    let after = if after.is_empty() { String::new() } else { format!(",\"after\":{after:?}") };
    let release = deadline - DAY;
    format!("{{\"id\":\"w\",\"release\":\"{release}\",\"deadline\":\"{deadline}\"{after}}}")
}

fn told(at: Instant) -> String {
    format!("{{\"at\":{}}}", at.seconds())
}

async fn report(store: &Store, id: &str, state: &str, at: Instant) {
    let mut write = store.write().await.expect("write");
    let row = work::get(&mut write, &id.into()).await.expect("read").expect("there is such work");
    let row = WorkRow { state: state.into(), reported: Some(at), ..row };
    work::report(&mut write, &row, at.into(), &told(at)).await.expect("reported");
    write.commit().await.expect("committed");
}

async fn old_work(store: &Store) {
    let (long_ago, lately) = (NOW - 500 * DAY, NOW - 10 * DAY);
    let added = RecordTime::from(NOW - 600 * DAY);
    let pieces = [
        ("done", content(long_ago, &[])),
        ("cancelled", content(long_ago, &[])),
        ("never reported", content(long_ago, &[])),
        ("done lately", content(lately, &[])),
        ("reported lately", content(long_ago, &[])),
        ("running", content(long_ago, &[])),
        ("awaited", content(long_ago, &[])),
        ("waits", content(NOW + DAY, &["awaited", "nobody"])),
        ("unreadable", "{".into()),
        ("last", content(long_ago, &[])),
    ];
    let mut write = store.write().await.expect("write");
    for (id, content) in &pieces {
        work::put(&mut write, &(*id).into(), content, added).await.expect("put");
    }
    for id in ["cancelled", "unreadable"] {
        assert!(work::set_state(&mut write, &id.into(), work::CANCELLED).await.expect("cancelled"));
    }
    write.commit().await.expect("committed");
    for (id, state, at) in [
        ("done", "running", long_ago - 3_600),
        ("done", "done", long_ago),
        ("awaited", "done", long_ago),
        ("done lately", "done", lately),
        ("reported lately", "done", lately),
        ("running", "running", long_ago),
        ("running", "running", NOW - 60 * DAY),
        ("running", "running", NOW - 50 * DAY),
        ("running", "running", lately),
    ] {
        report(store, id, state, at).await;
    }
    let mut write = store.write().await.expect("write");
    assert!(work::set_state(&mut write, &"last".into(), work::CANCELLED).await.expect("the last change there was"));
    write.commit().await.expect("committed");

    let count = work::last_seq(store).await.expect("read");
    let removed = retention::prune(store, KEPT, NOW).await.expect("pruned");
    // Of reports, the first of what is done, and of what runs the three that are over 35 days old: later ones replaced
    // them, and the last stays.
    assert_eq!(removed, Removed { work: 3, reports: 4, ..Removed::default() });
    let left: Vec<WorkId> = work::all(store).await.expect("read").readable.into_iter().map(|row| row.id).collect();
    assert_eq!(left, ["awaited", "done lately", "last", "reported lately", "running", "unreadable", "waits"]);
    assert_eq!(work::last_seq(store).await.expect("read"), count, "no number is given twice");
    let running =
        work::all(store).await.expect("read").readable.into_iter().find(|row| row.id == "running").expect("it runs");
    assert_eq!(running.report, Some(told(lately)));
    assert!(retention::prune(store, KEPT, NOW).await.expect("pruned").is_nothing());
}

async fn old_reservations(store: &Store) {
    let reservation = |id: &str, end: Instant| Reservation {
        seq: 0,
        id: id.into(),
        site: "s".into(),
        start: end - 3_600,
        end,
        mw: 1.0,
        pool: None,
        gpus: None,
        account: None,
        made_at: RecordTime::from_micros(1),
        released: None,
        released_seq: None,
    };
    let mut write = store.write().await.expect("write");
    for (id, end) in [("old", NOW - 401 * DAY), ("recent", NOW - 399 * DAY), ("last", NOW - 500 * DAY)] {
        reservations::add(&mut write, reservation(id, end)).await.expect("added");
    }
    write.commit().await.expect("committed");
    let removed = retention::prune(store, KEPT, NOW).await.expect("pruned");
    assert_eq!(removed, Removed { reservations: 1, ..Removed::default() });
    let left = reservations::ending_after(store, Instant::from_seconds(i64::MIN)).await.expect("read");
    assert_eq!(left.into_iter().map(|r| r.id).collect::<Vec<_>>(), ["last", "recent"]);
    assert_eq!(reservations::last_seq(store).await.expect("read"), 3);
}

async fn on(next: impl Fn() -> String) {
    let store = Store::open(&next()).await.expect("opened");
    old_plans(&store).await;
    old_work(&store).await;
    old_reservations(&store).await;
    store.close().await;
    let store = Store::open(&next()).await.expect("opened");
    days_of_plans(&store).await;
    store.close().await;
}

#[test]
fn on_sqlite() {
    let dir = tempfile::tempdir().expect("folder");
    let count = std::cell::Cell::new(0);
    block(on(|| {
        count.set(count.get() + 1);
        url(&dir.path().join(format!("{}.db", count.get())))
    }));
}

#[test]
fn on_postgres() {
    let (Some(one), Some(two)) = (postgres_schema(), postgres_schema()) else { return };
    let urls = std::cell::RefCell::new(vec![two, one]);
    block(on(|| urls.borrow_mut().pop().expect("two databases")));
}

/// A plan of before, whose document is text, reads as it did.
#[test]
fn a_document_kept_as_text_is_read() {
    let dir = tempfile::tempdir().expect("folder");
    block(async {
        let store = Store::open(&url(&dir.path().join("s.db"))).await.expect("opened");
        keep(&store, &[plan("p", NOW, NOW + DAY)]).await;
        let Store::Sqlite(pools) = &store else { unreachable!("a file") };
        let sql = "update plans set document = '{\"of\":\"before\"}', packed = null";
        sqlx::query(sql).execute(&pools.write).await.expect("as it was");
        let row = plans::get(&store, Some("p")).await.expect("read").expect("a plan");
        assert_eq!(row.document, "{\"of\":\"before\"}");
        store.close().await;
    });
}

/// By hand, by the clock given; and with each plan, by the days on which plans were made.
#[test]
fn by_hand_and_with_each_plan() {
    let home = Home::new(&format!("{TOML}[retention]\nplans = \"20d\"\n"));
    let at = |day: i64| (NOW + day * DAY).to_string();
    let plan = |day: i64| {
        let now = at(day);
        let made = home.run(&["plan", "--horizon", "24h", "--now", &now, "--format", "json"]).ok().json();
        made["id"].as_str().expect("an id").to_string()
    };
    let removed_by_hand = || {
        let done = home.run(&["migrate", "--prune", "--format", "json", "--now", &at(0)]).ok().json();
        done["removed"]["plans"].as_u64().expect("a count")
    };
    let ids: Vec<String> = [-60, -59, -21, -19].map(plan).into();
    // The third-newest day is the 59th before: of what was made by then, nothing was 20 days old.
    home.run(&["plan", "show", &ids[0]]).ok();
    assert_eq!(removed_by_hand(), 3, "all but the one under 20 days old");
    assert_eq!(removed_by_hand(), 0);
    for day in [30, 31] {
        plan(day);
        home.run(&["plan", "show", &ids[3]]).ok();
    }
    // Three days of plans, the first of them 49 days after it was made.
    plan(32);
    home.run(&["plan", "show", &ids[3]]).refused("there is no plan");
}
