//! Every feed of the table through every fault of a transport. A pass that meets one ends with an error or tries again,
//! and stores nothing half; an honest pass then comes to the rows of a store that never saw the fault. Before each fault
//! the provider revises a value.

use super::cases::{CASES, Case};
use super::faulty::{Ends, FAULTS, Fault};
use super::gb::{at, retry};
use super::server::{Server, json};
use crate::planted::KEY;
use crate::support::Home;
use hourmatch::clock::Clock;
use hourmatch::feeds::asking::Asking;
use hourmatch::feeds::follow::{Follower, Turned, Which};
use hourmatch::ingest::fetch::RetryPolicy;
use hourmatch::portfolio::parse;
use hourmatch::store::Store;
use reports::received::providers::ALL;
use reports::received::providers::about::Credential;
use std::sync::{Arc, Mutex};
use tokio::task::{JoinSet, LocalSet};

/// What the provider is like just now.
#[derive(Debug, Default)]
struct Weather {
    revisions: usize,
    /// A fault, and the request of the pass that it comes with; all further ones where it lasts.
    fault: Option<(&'static Fault, usize)>,
    /// Requests of this pass.
    calls: usize,
}

/// A provider, and a store that follows it.
struct Side {
    case: &'static Case,
    home: Home,
    store: Store,
    weather: Arc<Mutex<Weather>>,
    _server: Server,
}

impl Side {
    async fn new(case: &'static Case, stranger: String) -> Self {
        let weather = Arc::new(Mutex::new(Weather::default()));
        let now = weather.clone();
        let server = Server::start(move |asked| {
            let (revisions, call, fault) = {
                let mut now = now.lock().expect("the weather");
                now.calls += 1;
                (now.revisions, now.calls - 1, now.fault)
            };
            let said = case.said(asked, &case.bodies(revisions));
            match fault {
                Some((fault, from)) if call == from || (call > from && fault.lasts()) => (fault.spoil)(said, &stranger),
                _ => said,
            }
        });
        let home = case.home(&server.url);
        let store = Store::open(&home.store_url()).await.expect("a store");
        Self { case, home, store, weather, _server: server }
    }

    /// Whoever asks, as a process that has just begun.
    fn follower(&self, policy: RetryPolicy) -> Follower {
        let portfolio = parse(&self.home.read("hourmatch.toml"), "hourmatch.toml").expect("a portfolio");
        let clock = Clock::fixed(at(self.case.now));
        let mut asking = Asking::new(self.store.clone(), Arc::new(portfolio), clock, self.home.path(""));
        asking.retry = policy;
        Follower::new(asking)
    }

    /// One pass, which must end.
    async fn pass(&self, follower: &Follower, revisions: usize, fault: Option<(&'static Fault, usize)>) -> Turned {
        *self.weather.lock().expect("the weather") = Weather { revisions, fault, calls: 0 };
        let which = Which::Named("grid".into());
        let turned = tokio::time::timeout(crate::service::LONG, follower.turn(&which)).await;
        let turned = turned.expect("it does not block");
        turned.expect("the store is well").pop().expect("it was asked")
    }

    /// A pass without a fault.
    async fn honest(&self, revisions: usize) -> Turned {
        let turned = self.pass(&self.follower(retry()), revisions, None).await;
        assert_eq!(turned.error, None, "{}", self.case.kind);
        turned
    }

    fn calls(&self) -> usize {
        self.weather.lock().expect("the weather").calls
    }

    /// Everything that came of answers, but for when it was recorded.
    async fn rows(&self) -> Vec<String> {
        let Store::Sqlite(pools) = &self.store else { panic!("it is a file") };
        let mut rows = Vec::new();
        for sql in TABLES {
            let found: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&pools.read).await.expect("rows");
            rows.extend(found.into_iter().map(|(row,)| row));
        }
        rows
    }
}

/// Each row as one text; `now` ends those that hold.
const TABLES: [&str; 6] = [
    "select 'reading ' || s.name || ' ' || start_s || ' ' || end_s || ' ' || value || ' ' || quality || ' ' || revision \
     || ' ' || row_no || ' ' || coalesce(until_revision, 'now') from readings join series s on s.id = series_id order by 1",
    "select 'forecast ' || s.name || ' ' || start_s || ' ' || end_s || ' ' || issued_s || ' ' || quantile_ppm || ' ' || \
     value || ' ' || revision || ' ' || row_no from forecasts join series s on s.id = series_id order by 1",
    "select 'revision ' || r.id || ' ' || r.source || ' ' || f.name || ' ' || f.sha256 || ' ' || f.bytes from revisions r \
     join files f on f.id = r.file_id order by 1",
    "select 'file ' || sha256 from files order by 1",
    "select 'series ' || id || ' ' || name from series order by 1",
    "select 'asked ' || start_s || ' ' || end_s || ' ' || asked_s from feed_ranges order by 1",
];

/// One feed through all faults.
async fn through_all(case: &'static Case) {
    let stranger = Server::script(vec![json("{}")]);
    let (calm, stormy) = (Side::new(case, String::new()).await, Side::new(case, stranger.url.clone()).await);
    let login = matches!(case.about().credential, Credential::Login { .. });
    let mut held = 0;
    for (revisions, fault) in FAULTS.iter().enumerate() {
        let before = stormy.rows().await;
        let turned = calm.honest(revisions).await;
        let wanted = calm.rows().await;
        assert!(turned.added > 0 || revisions > 0, "{}: its answers hold no reading", case.kind);
        assert!(turned.corrected > 0 || revisions == 0, "{}: what is revised is a correction", case.kind);
        // With the first request of a pass, and with the last, when all others are answered.
        let last = calm.calls() - 1;
        let places = if last == 0 { vec![0] } else { vec![0, last] };
        for from in places {
            let what = format!("{}, request {from}: {}", case.kind, fault.what);
            let timeout = fault.timeout.unwrap_or(retry().timeout);
            let follower = stormy.follower(RetryPolicy { timeout, tries: fault.tries(), ..retry() });
            let turned = stormy.pass(&follower, revisions, Some((fault, from))).await;
            let rows = stormy.rows().await;
            if fault.passes(login && from > 0) {
                assert_eq!(turned.error, None, "{what}");
                assert_eq!(rows, wanted, "{what}");
                continue;
            }
            let error = turned.error.unwrap_or_else(|| panic!("{what}: it is taken"));
            assert!(fault.says.is_empty() || error.contains(fault.says), "{what}: {error}");
            assert!(!error.contains(KEY), "{what}: {error}");
            assert_eq!(rows, before, "{what}");
            if fault.ends == Ends::Ban {
                let turned = stormy.pass(&follower, revisions, None).await;
                assert!(turned.error.is_some_and(|error| error.contains("asked to be left alone")), "{what}");
                assert_eq!(stormy.calls(), 0, "{what}: a ban is kept");
            }
        }
        stormy.honest(revisions).await;
        assert_eq!(stormy.rows().await, wanted, "{}: after {}", case.kind, fault.what);
        let now = wanted.iter().filter(|row| row.starts_with("reading ") && row.ends_with(" now")).count();
        assert!(now == held || revisions == 0, "{}: {now} intervals, and there were {held}", case.kind);
        held = now;
    }
    assert_eq!(stranger.calls(), 0, "{}: nobody else is asked", case.kind);
    calm.store.close().await;
    stormy.store.close().await;
}

#[test]
fn every_feed_has_its_line() {
    let lines: Vec<&str> = CASES.iter().map(|case| case.kind).collect();
    let missing: Vec<&str> = ALL.iter().map(|feed| feed.about().name).filter(|name| !lines.contains(name)).collect();
    assert!(missing.is_empty(), "add a line to CASES in tests/it/feeds/cases.rs for: {missing:?}");
}

#[tokio::test]
async fn no_fault_of_a_transport_loses_doubles_or_leaves_half_of_anything() {
    let at_once = async {
        let mut feeds = JoinSet::new();
        for case in CASES {
            feeds.spawn_local(through_all(case));
        }
        while let Some(ended) = feeds.join_next().await {
            ended.expect("a feed");
        }
    };
    LocalSet::new().run_until(at_once).await;
}
