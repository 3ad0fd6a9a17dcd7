//! What befalls a store while it is open: full disks, files gone or replaced, writers that do not end, servers that do.
//! Each time: what was acknowledged is there, what was not is not, the error says what to do, and it goes on by itself.

use crate::service::{Answer, Service};
use crate::support::{Home, ONE_SITE, postgres_schema};
use hourmatch::audit::portfolios;
use hourmatch::error::{Fault, Kind};
use hourmatch::store::{Store, faults, work};
use ids::WorkId;
use reports::time::RecordTime;
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// By when a store is well again once a fault is over.
const RECOVERED: Duration = Duration::from_secs(10);
/// When all that is put here is recorded.
pub const RECORDED: RecordTime = RecordTime::from_micros(1);

pub fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime").block_on(future)
}

pub fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// A piece of work that takes a page, acknowledged or not.
pub async fn add(store: &Store, id: &str) -> anyhow::Result<()> {
    let mut write = store.write_within(Duration::from_secs(1)).await?;
    work::put(&mut write, &id.into(), &format!("{{\"id\":\"{id}\",\"pad\":\"{}\"}}", "x".repeat(3_000)), RECORDED)
        .await?;
    write.commit().await
}

pub async fn ids(store: &Store) -> BTreeSet<WorkId> {
    work::all(store).await.expect("read").readable.into_iter().map(|row| row.id).collect()
}

fn problem_of(error: anyhow::Error) -> (Kind, String) {
    let error = faults::explained(error);
    let problem = error.downcast_ref::<Fault>().unwrap_or_else(|| panic!("no problem: {error:#}"));
    assert!(problem.hint.is_some(), "{problem}");
    (problem.kind, problem.to_string())
}

pub fn unavailable(error: anyhow::Error, wanted: &str) {
    let (kind, said) = problem_of(error);
    assert_eq!(kind, Kind::Unavailable, "{said}");
    assert!(said.contains(wanted), "`{wanted}` not in {said}");
}

/// Writes again within the time there is, and is well by its own word.
pub async fn recovers(store: &Store, id: &str) {
    let tried = async {
        while add(store, id).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(RECOVERED, tried).await.expect("it writes again by itself");
    store.probe().await.expect("it is well");
}

/// A file system of a few megabytes, where this user may mount one.
struct Disk(TempDir);

impl Disk {
    fn small() -> Option<Self> {
        let dir = tempfile::tempdir().expect("folder");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "none"]).arg(dir.path()).output();
        if !mount.is_ok_and(|done| done.status.success()) {
            println!("skipped: no small disk can be mounted here (as root, it can)");
            return None;
        }
        Some(Self(dir))
    }

    /// Takes all the space there is; the file that does.
    fn fill(&self) -> PathBuf {
        let path = self.0.path().join("filler");
        let mut file = std::fs::File::create(&path).expect("a file");
        while file.write_all(&[7; 4_096]).is_ok() {}
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_said_and_is_over_once_there_is_space() {
    let Some(disk) = Disk::small() else { return };
    block(async {
        let store = Store::open(&url(&disk.0.path().join("s.db"))).await.expect("opened");
        add(&store, "first").await.expect("added");
        assert_eq!(ids(&store).await.len(), 1);
        let filler = disk.fill();
        let mut kept = BTreeSet::from([WorkId::from("first")]);
        let refused = loop {
            let id = WorkId::from(format!("w{:04}", kept.len()));
            match add(&store, &id).await {
                Ok(()) => kept.insert(id),
                Err(error) => break error,
            };
            assert!(kept.len() < 4_000, "the disk is not full");
        };
        unavailable(refused, "disk");
        // Again and again: no connection is left stuck in it, and reads go on.
        for _ in 0..5 {
            unavailable(add(&store, "more").await.expect_err("still full"), "disk");
        }
        unavailable(store.probe().await.expect_err("it is not well"), "disk");
        assert_eq!(ids(&store).await, kept);
        std::fs::remove_file(filler).expect("space");
        recovers(&store, "after").await;
        kept.insert("after".into());
        assert_eq!(ids(&store).await, kept);
        store.close().await;
    });
}

/// The same where nobody may mount: SQLite itself is told that there is no more space.
#[test]
fn an_error_in_a_transaction_leaves_no_connection_stuck() {
    let dir = tempfile::tempdir().expect("folder");
    block(async {
        let store = Store::open(&url(&dir.path().join("s.db"))).await.expect("opened");
        let Store::Sqlite(pools) = &store else { unreachable!("a file") };
        let mut kept = BTreeSet::new();
        for round in 0..3 {
            sqlx::query("pragma max_page_count = 1").execute(&pools.write).await.expect("limited");
            let mut refused = 0;
            for number in 0..40 {
                let id = WorkId::from(format!("w{round}-{number}"));
                match add(&store, &id).await {
                    Ok(()) => _ = kept.insert(id),
                    Err(error) => {
                        unavailable(error, "full");
                        refused += 1;
                    }
                }
            }
            assert!(refused > 0, "round {round}: nothing was refused");
            sqlx::query("pragma max_page_count = 1000000").execute(&pools.write).await.expect("space");
            recovers(&store, &format!("after{round}")).await;
            kept.insert(format!("after{round}").into());
            assert_eq!(ids(&store).await, kept);
        }
        store.close().await;
    });
}

#[test]
fn a_file_that_is_gone_takes_no_writes() {
    let dir = tempfile::tempdir().expect("folder");
    let (path, away) = (dir.path().join("s.db"), dir.path().join("away.db"));
    block(async {
        let store = Store::open(&url(&path)).await.expect("opened");
        add(&store, "before").await.expect("added");
        // Gone before a transaction, and during one.
        let mut write = store.write().await.expect("begun");
        work::put(&mut write, &"during".into(), "{}", RECORDED).await.expect("put");
        std::fs::rename(&path, &away).expect("moved");
        unavailable(write.commit().await.expect_err("gone"), "s.db is gone");
        unavailable(add(&store, "lost").await.expect_err("gone"), "s.db is gone");
        unavailable(work::all(&store).await.expect_err("readers are told too").into(), "s.db is gone");
        unavailable(store.probe().await.expect_err("it is not well"), "s.db is gone");
        assert!(!path.exists(), "no empty store takes its place");
        std::fs::rename(&away, &path).expect("put back");
        recovers(&store, "after").await;
        assert_eq!(ids(&store).await, BTreeSet::from(["before", "after"].map(WorkId::from)));
        store.close().await;
    });
}

#[test]
fn a_store_put_in_the_place_of_another_is_the_store_from_then_on() {
    let dir = tempfile::tempdir().expect("folder");
    let (path, backup) = (dir.path().join("s.db"), dir.path().join("backup.db"));
    block(async {
        let store = Store::open(&url(&backup)).await.expect("opened");
        add(&store, "of the backup").await.expect("added");
        store.close().await;
        let store = Store::open(&url(&path)).await.expect("opened");
        for number in 0..50 {
            add(&store, &format!("w{number}")).await.expect("added");
        }
        assert!(path.with_file_name("s.db-wal").exists(), "what was written stands in the log");
        std::fs::rename(&backup, &path).expect("put in its place");
        recovers(&store, "after").await;
        assert_eq!(ids(&store).await, BTreeSet::from(["of the backup", "after"].map(WorkId::from)));
        store.close().await;
        // The log of the file before was not played into it, and is still there.
        let store = Store::open(&url(&path)).await.expect("opened again");
        let Store::Sqlite(pools) = &store else { unreachable!("a file") };
        let (sound,): (String,) =
            sqlx::query_as("pragma integrity_check").fetch_one(&pools.read).await.expect("checked");
        assert_eq!((sound.as_str(), ids(&store).await.len()), ("ok", 2));
        store.close().await;
        let names = std::fs::read_dir(dir.path()).expect("folder").map(|e| e.expect("entry").file_name());
        assert!(names.map(|n| n.to_string_lossy().into_owned()).any(|name| name.starts_with("s.db-wal-of-")));
    });
}

#[test]
fn what_is_no_store_is_not_used_in_the_place_of_one() {
    let dir = tempfile::tempdir().expect("folder");
    let (path, away, other) = (dir.path().join("s.db"), dir.path().join("away.db"), dir.path().join("other"));
    block(async {
        let store = Store::open(&url(&path)).await.expect("opened");
        add(&store, "before").await.expect("added");
        std::fs::rename(&path, &away).expect("moved");
        for text in ["", "a letter to my aunt"] {
            std::fs::write(&other, text).expect("written");
            std::fs::rename(&other, &path).expect("put in its place");
            unavailable(add(&store, "lost").await.expect_err("no store"), "and is not used");
            unavailable(work::all(&store).await.expect_err("no store").into(), "and is not used");
            assert_eq!(std::fs::read_to_string(&path).expect("read"), text, "it stays as it is");
        }
        std::fs::rename(&away, &path).expect("put back");
        recovers(&store, "after").await;
        // Its log has waited for it.
        assert_eq!(ids(&store).await, BTreeSet::from(["before", "after"].map(WorkId::from)));
        store.close().await;
    });
}

/// Another program with the writer's lock of a file, until it is told to go.
struct Holder(Child);

impl Holder {
    fn start(path: &Path) -> Option<Self> {
        let script = "import sqlite3, sys\n\
            c = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
            c.execute('begin immediate'); c.execute(\"update files set bytes = bytes\")\n\
            print('held', flush=True); sys.stdin.readline(); c.execute('rollback'); c.close()\n";
        let mut command = Command::new("python3");
        command.args(["-c", script]).arg(path).stdin(Stdio::piped()).stdout(Stdio::piped());
        let Ok(mut child) = command.spawn() else {
            println!("skipped: there is no python3");
            return None;
        };
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("read");
        assert_eq!(line.trim(), "held");
        Some(Self(child))
    }

    fn go(mut self) {
        self.0.stdin.take().expect("stdin").write_all(b"\n").expect("told");
        assert!(self.0.wait().expect("ends").success());
    }
}

#[test]
fn reads_wait_for_no_writer_and_writes_say_for_whom_they_waited() {
    let home = Home::new(ONE_SITE);
    home.run(&["migrate"]).ok();
    let path = home.path("hourmatch.db");
    block(async {
        let store = Store::open(&url(&path)).await.expect("opened");
        add(&store, "before").await.expect("added");
        let Some(holder) = Holder::start(&path) else { return };
        let brief = Duration::from_secs(2);
        let read = tokio::time::timeout(brief, ids(&store)).await.expect("reads do not wait");
        assert_eq!(read.len(), 1);
        // Whoever opens the store to read does not wait either.
        let opened = tokio::time::timeout(brief, Store::open(&url(&path))).await.expect("in time").expect("opened");
        opened.close().await;
        unavailable(add(&store, "lost").await.expect_err("held"), "the store is busy");
        store.probe().await.expect("a store that is written to is well");
        let portfolio = hourmatch::portfolio::parse(ONE_SITE, "p.toml").expect("a portfolio");
        portfolios::keep_if_free(&store, &portfolios::text(&portfolio, None, RECORDED).expect("a text"))
            .await
            .expect("who reads goes on without");
        let listed = home.command().args(["work", "list"]).output().expect("runs");
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        holder.go();
        recovers(&store, "after").await;
        assert_eq!(ids(&store).await, BTreeSet::from(["before", "after"].map(WorkId::from)));
        store.close().await;
    });
}

/// Ends every other connection to a database.
async fn cut(url: &str) {
    let mut connection = PgConnection::connect(url).await.expect("connects");
    let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
        where datname = current_database() and pid <> pg_backend_pid()";
    let (cut,): (i64,) = sqlx::query_as(sql).fetch_one(&mut connection).await.expect("ended");
    assert!(cut > 0, "there was nothing to end");
    let left = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    while sqlx::query_as::<_, (i64,)>(left).fetch_one(&mut connection).await.expect("counted").0 > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    connection.close().await.expect("closed");
}

#[test]
fn connections_that_are_cut_are_made_anew() {
    let Some(url) = postgres_schema() else { return };
    block(async {
        let store = Store::open(&url).await.expect("opened");
        add(&store, "before").await.expect("added");
        cut(&url).await;
        assert_eq!(ids(&store).await.len(), 1, "a read does not notice");
        cut(&url).await;
        recovers(&store, "between").await;
        let mut write = store.write().await.expect("begun");
        work::put(&mut write, &"lost".into(), "{}", RECORDED).await.expect("put");
        cut(&url).await;
        let (kind, said) = problem_of(write.commit().await.expect_err("it was cut"));
        assert_eq!(kind, Kind::Unavailable, "{said}");
        recovers(&store, "after").await;
        let wanted = ["after", "before", "between"].map(WorkId::from);
        assert_eq!(ids(&store).await, BTreeSet::from(wanted));
        // A statement that failed and was passed over does not become a commit of nothing.
        let mut write = store.write().await.expect("begun");
        work::put(&mut write, &"never".into(), "{}", RECORDED).await.expect("put");
        work::put(&mut write, &"never\0".into(), "{}", RECORDED).await.expect_err("no zero bytes");
        write.commit().await.expect_err("nothing of it stands");
        assert_eq!(ids(&store).await.len(), 3);
        store.close().await;
    });
}

/// Adds a piece of work through the service.
fn post(service: &Service, id: &str) -> Answer {
    let span = r#""release":"2026-01-01T00:00:00Z","deadline":"2026-01-02T00:00:00Z""#;
    service.send("POST", "/v1/work", &format!(r#"[{{"id":"{id}",{span},"energy_mwh":1}}]"#))
}

#[test]
fn a_service_acknowledges_nothing_into_a_file_that_is_gone() {
    let home = Home::new(ONE_SITE);
    let (path, away) = (home.path("hourmatch.db"), home.path("away.db"));
    let service = Service::start(&home, "2026-01-01T00:00Z");
    assert_eq!(post(&service, "before").status, 200);
    std::fs::rename(&path, &away).expect("moved");
    let lost = post(&service, "lost");
    assert_eq!(lost.status, 503, "{lost:?}");
    assert!(lost.body.contains("is gone") && lost.body.contains("put it back"), "{lost:?}");
    std::fs::rename(&away, &path).expect("put back");
    assert_eq!(post(&service, "after").status, 200);
    let listed = service.get("/v1/work").body;
    assert!(listed.contains("before") && listed.contains("after") && !listed.contains("lost"), "{listed}");
}
