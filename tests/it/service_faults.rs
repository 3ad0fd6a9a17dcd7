//! What goes wrong under a running service, and what is left of it: no planning time is lost or planned twice, clocks
//! that jump leave nothing in charge, and health says what is the case.

use crate::service::{Service, behind, made, rows, with};
use crate::support::{HEADER, Home, ONE_SITE};
use hourmatch::store::{Store, plans};
use reports::time;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// After the day's planning time, 14:00 UTC, and the same a day later.
const FIRST: &str = "2026-01-15T15:00:00Z";
const LATER: &str = "2026-01-16T15:00:00Z";
const DUE: &str = "2026-01-16T14:00:00Z";

const POOL: &str =
    "\n[[pool]]\nid = \"h100\"\nsite = \"s\"\ngpu = \"H100\"\ncount = 4000\ngpus_per_node = 8\nkw_per_gpu = 1.2\n";

fn at_two() -> String {
    ONE_SITE.replace("it_load_mw = 4.0", "it_load_mw = 4.0\nplan_at = \"0 14 * * *\"") + POOL
}

/// A plan made at the first time, by a service that knows the planning times from then on.
fn planned(home: &Home) {
    let service = Service::start(home, FIRST);
    service.until("the first plan", |service| made(service) == [FIRST]);
    service.stop();
}

/// More work than there is room for, in jobs that a solver is at for minutes.
fn much_work(home: &Home) {
    let mut state = 42_u64;
    let mut random = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let start = time::Instant::parse(LATER).expect("time");
    let mut list = String::from("id,release,deadline,pool,gpus,hours\n");
    for i in 0..1_200 {
        let release = start + 3_600 * random(60) as i64;
        let deadline = release + 3_600 * (24 + random(72) as i64);
        let gpus = [256, 320, 416, 640, 888][random(5) as usize];
        list.push_str(&format!("k{i},{release},{deadline},h100,{gpus},{}\n", 2 + random(9)));
    }
    home.write("much.csv", &list);
    home.run(&["work", "import", "much.csv", "--now", FIRST]).ok();
}

/// Asked to stop while it plans, it ends within 10 s and the planning time stays due, held by nobody; killed, it stays
/// due all the same. Whoever comes next plans it.
#[test]
fn a_stop_while_planning_is_quick_and_loses_no_slot() {
    for killed in [false, true] {
        let home = Home::new(&at_two());
        let store = home.path("hourmatch.db");
        planned(&home);
        much_work(&home);
        let service = Service::start(&home, LATER);
        service.until("planning", |service| service.log().contains(&format!("planning for s, due {DUE}")));
        service.until("since when", |service| service.json("/readyz")["planning"]["since"] == json!(LATER));
        let page = service.get("/").body;
        assert!(page.contains(&format!("a new plan is being made, since {LATER}")), "{page}");
        let due = service.json("/readyz")["planning"]["due"].clone();
        assert_eq!(due, json!([{"slot": "s", "due": DUE, "tries": 0, "taken": true}]));
        std::thread::sleep(Duration::from_secs(1));
        if killed {
            service.kill();
        } else {
            let took = service.stop();
            assert!(took < Duration::from_secs(10), "it took {took:?}");
        }
        let sql = "select coalesce(cast(due_s as text), 'planned'), coalesce(holder, 'nobody') from slots \
            where name = 's'";
        let slots = rows(&store, sql);
        let due = time::Instant::parse(DUE).expect("time").seconds().to_string();
        assert_eq!(slots[0].0, due, "{slots:?}");
        assert_eq!(slots[0].1 == "nobody", !killed, "{slots:?}");
        behind(&store, &["delete from work"]);
        let service = Service::start(&home, LATER);
        service.until("the plan that was due", |service| made(service) == [LATER, FIRST]);
        service.until("nothing due", |service| service.json("/readyz")["planning"]["due"] == json!([]));
        service.until("no plan being made", |service| service.json("/readyz")["planning"]["since"] == json!(null));
        service.stop();
    }
}

/// Three days down: the newest planning time is caught up, once.
#[test]
fn missed_slots_are_caught_up_once() {
    let home = Home::new(&at_two());
    planned(&home);
    let back = "2026-01-18T15:30:00Z";
    let service = Service::start(&home, back);
    service.until("the plan that was missed", |service| made(service).len() > 1);
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(made(&service), [back, FIRST]);
    assert!(service.log().contains("planning for s, due 2026-01-18T14:00:00Z"), "{}", service.log());
    service.stop();
    let service = Service::start(&home, back);
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(made(&service), [back, FIRST], "nor is it planned again by the next process");
}

/// Two services on one store, both there when a planning time is due: one is at it.
fn one_of_two(home: &Home) {
    planned(home);
    much_work(home);
    let both = [Service::start(home, LATER), Service::start(home, LATER)];
    let at_it = |service: &Service| service.log().contains("planning for s");
    both[0].until("planning", |_| both.iter().any(at_it));
    std::thread::sleep(Duration::from_secs(8));
    assert_eq!(both.iter().filter(|service| at_it(service)).count(), 1, "{}\n{}", both[0].log(), both[1].log());
    for service in both {
        let took = service.stop();
        assert!(took < Duration::from_secs(10), "it took {took:?}");
    }
}

#[test]
fn two_processes_plan_a_slot_once_on_sqlite() {
    one_of_two(&Home::new(&at_two()));
}

#[test]
fn two_processes_plan_a_slot_once_on_postgres() {
    if let Some(home) = Home::on_postgres(&at_two()) {
        one_of_two(&home);
    }
}

/// A plan and a planning time of 2035, by a clock that was put right since: windows say so and use the plan before it,
/// and the schedule goes on at once.
#[test]
fn a_plan_of_the_future_is_ignored() {
    let home = Home::new(&at_two());
    let store = home.path("hourmatch.db");
    planned(&home);
    let ahead = time::Instant::parse("2035-01-15T15:00:00Z").expect("time").seconds();
    let plan = format!(
        "insert into plans (seq, id, made_s, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq) \
         select seq + 1, 'p-ahead', {ahead}, start_s, end_s, status, input_sha256, document, work_seq, reservation_seq \
         from plans"
    );
    behind(&store, &[&plan, &format!("update slots set done_s = {ahead}")]);
    let now = "2026-01-15T15:10:00Z";
    let asked = ["windows", "--duration", "1h", "--mw", "1", "--now", now, "--format", "json"];
    let windows = home.run(&asked).ok().json();
    assert_eq!((&windows["plan"]["made"], &windows["fallback"]), (&FIRST.into(), &false.into()), "{windows}");
    let reason = windows["reason"].as_str().expect("a reason");
    assert!(reason.contains("p-ahead") && reason.contains("it is ignored"), "{reason}");
    let shown = home.run(&["plan", "show", "--now", now, "--format", "json"]).ok();
    assert!(shown.json()["made"] == FIRST && shown.err.contains("it is ignored"), "{}", shown.err);
    let service = Service::start(&home, now);
    service.until("a plan of now", |service| service.json("/v1/plans/current")["made"] == now);
    assert!(service.log().contains("it is ignored"), "{}", service.log());
    assert_eq!(service.json("/v1/windows?duration=1h&mw=1")["reason"], Value::Null, "a newer one is in charge");
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(made(&service).iter().filter(|made| *made == now).count(), 1);
    service.stop();
}

/// What cannot be planned is tried again, and planned once it can be.
#[test]
fn a_failed_slot_is_tried_again() {
    let home = Home::new(&at_two());
    let price = |start: &str, hours: i64| {
        let start = time::Instant::parse(start).expect("time");
        let at = |hour: i64| (start + 3_600 * hour).to_string();
        (0..hours).map(|h| format!("grid/A/price,{},{},30,currency/MWh\n", at(h), at(h + 1))).collect::<String>()
    };
    home.write("old.csv", &format!("{HEADER}{}", price("2025-06-01T00:00:00Z", 1)));
    home.run(&["ingest", "old.csv"]).ok();
    let service = Service::start(&home, FIRST);
    service.until("a second failure", |service| {
        let ready = service.json("/readyz");
        ready["counts"]["failed_plans"].as_i64() >= Some(2) && ready["planning"]["due"][0]["tries"].as_i64() >= Some(2)
    });
    assert!(service.log().contains("grid/A/price: no data since"), "{}", service.log());
    home.write("new.csv", &format!("{HEADER}{}", price("2026-01-01T00:00:00Z", 15 * 24)));
    home.run(&["ingest", "new.csv"]).ok();
    service.until("the plan", |service| made(service) == [FIRST]);
    service.until("nothing due", |service| service.json("/readyz")["planning"]["due"] == json!([]));
    service.stop();
}

/// While another writer holds the store, what only reads is answered, and the service is ready; a schema that is not this
/// program's is said.
#[test]
fn readiness_follows_the_store() {
    let home = Home::new(ONE_SITE);
    let store = home.path("hourmatch.db");
    let service = Service::start(&home, FIRST);
    service.until("the first plan", |service| made(service) == [FIRST]);
    with(&store, async |pool| {
        let mut writer = pool.acquire().await.expect("a connection");
        sqlx::query("begin immediate").execute(&mut *writer).await.expect("the lock");
        std::thread::sleep(Duration::from_millis(1_500));
        for path in
            ["/healthz", "/readyz", "/v1/plans", "/v1/work", "/v1/plans/current", "/v1/windows?duration=1h&mw=1"]
        {
            let began = Instant::now();
            assert_eq!(service.get(path).status, 200, "{path}");
            assert!(began.elapsed() < Duration::from_secs(5), "{path} took {:?}", began.elapsed());
        }
        sqlx::query("rollback").execute(&mut *writer).await.expect("given up");
    });
    let newer = "insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
        select 9999, description, installed_on, success, checksum, execution_time from _sqlx_migrations where version = 1";
    behind(&store, &[newer]);
    service.until("not ready", |service| service.get("/readyz").status == 503);
    let problem = service.get("/readyz").refused(503);
    assert_eq!((&problem["ready"], &problem["schema"]), (&false.into(), &"hourmatch/ready/1".into()), "{problem}");
    assert!(problem["errors"].to_string().contains("the store's schema is version 9999"), "{problem}");
    assert_eq!(service.get("/healthz").status, 200, "a restart would not mend it");
    behind(&store, &["delete from _sqlx_migrations where version = 9999"]);
    service.until("ready again", |service| service.get("/readyz").status == 200);
    service.stop();
}

/// A store whose file is gone takes writes into nothing: whoever asks how the service is, is told.
#[test]
fn a_store_without_its_file_is_said() {
    let home = Home::new(ONE_SITE);
    let service = Service::start(&home, FIRST);
    service.until("ready", |service| service.get("/readyz").status == 200);
    for name in ["hourmatch.db", "hourmatch.db-wal", "hourmatch.db-shm"] {
        let _ = std::fs::remove_file(home.path(name));
    }
    service.get("/healthz").refused(503);
    let problem = service.get("/readyz").refused(503);
    assert!(problem["errors"].to_string().contains("the store's file is gone"), "{problem}");
    service.kill();
}

/// Id and document of the newest plan, as the store has it.
fn stored(store: &Path) -> (String, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let store = Store::open(&format!("sqlite://{}", store.display())).await.expect("opened");
        let row = plans::get(&store, None).await.expect("read").expect("a plan");
        store.close().await;
        (row.id, row.document)
    })
}

/// A stored plan that cannot be read stops no list, no page and no window; one that can is sent as it was stored.
#[test]
fn plans_are_sent_as_stored_and_a_damaged_one_is_set_aside() {
    let home = Home::new(ONE_SITE);
    let store = home.path("hourmatch.db");
    let service = Service::start(&home, FIRST);
    service.until("the first plan", |service| made(service) == [FIRST]);
    let (id, document) = stored(&store);
    for path in ["/v1/plans/current".to_string(), format!("/v1/plans/{id}")] {
        let answer = service.get(&path);
        assert!(answer.body == document, "{path} is not sent as stored");
        assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
    }
    // A list reads no document, so it lists this one still; without its line it is set aside.
    behind(&store, &["update plans set document = '{\"schema\":'"]);
    assert_eq!(service.json("/v1/plans")["plans"][0]["id"], id.as_str());
    behind(&store, &["delete from plan_lines"]);
    let list = service.json("/v1/plans");
    assert_eq!((&list["plans"], &list["unreadable"][0]["id"]), (&json!([]), &json!(id)), "{list}");
    service.get(&format!("/v1/plans/{id}")).refused(500);
    let page = service.get("/");
    assert!(page.status == 200 && page.body.contains("cannot be read"), "{}", page.body);
    service.stop();
    // The next process finds that nothing readable covers now, and plans.
    let service = Service::start(&home, FIRST);
    service.until("a plan in its place", |service| {
        let windows = service.json("/v1/windows?duration=1h&mw=1");
        windows["fallback"] == false && windows["plan"]["made"] == FIRST
    });
    assert!(service.log().contains("the current plan is set aside"), "{}", service.log());
    assert_eq!(service.json("/v1/plans")["unreadable"], Value::Null);
    service.stop();
}
