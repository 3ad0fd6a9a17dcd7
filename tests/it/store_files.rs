//! Whose file a store is: foreign ones and newer ones are refused and left as they are, empty ones taken, old ones marked.

use crate::store_faults::{RECORDED, block, url};
use crate::support::{Home, ONE_SITE, Ran, postgres_schema, root};
use hourmatch::store::Store;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::path::Path;
use std::process::Command;

/// "hmat"
const APPLICATION_ID: i64 = 0x686d_6174;

/// Number of the newest migration.
fn newest() -> i64 {
    let folder = root().join("migrations/sqlite");
    let names = std::fs::read_dir(folder).expect("migrations").map(|e| e.expect("entry").file_name());
    names.filter_map(|name| name.to_string_lossy().split('_').next()?.parse().ok()).max().expect("a migration")
}

/// Has SQLite itself do something to a file, which is made where it is missing.
fn sql(path: &Path, statements: &[&str]) {
    block(async {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(false);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("opened");
        for statement in statements {
            sqlx::query(AssertSqlSafe(statement.to_string())).execute(&mut connection).await.expect("done");
        }
        connection.close().await.expect("closed");
    });
}

fn marks(path: &Path) -> (i64, i64) {
    block(async {
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("opened");
        let (id,): (i64,) = sqlx::query_as("pragma application_id").fetch_one(&mut connection).await.expect("read");
        let (number,): (i64,) = sqlx::query_as("pragma user_version").fetch_one(&mut connection).await.expect("read");
        connection.close().await.expect("closed");
        (id, number)
    })
}

fn names(home: &Home) -> Vec<String> {
    let entries = std::fs::read_dir(home.path("")).expect("folder");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every kind of command on a file, each refused for this reason; the file and its folder stay what they are.
fn left_alone(home: &Home, file: &str, wanted: &str) {
    home.write("w.csv", "id,release,deadline,energy_mwh\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,1\n");
    let (before, beside) = (std::fs::read(home.path(file)).expect("read"), names(home));
    let store = format!("sqlite://{file}");
    for command in [&["check"][..], &["migrate"], &["plan"], &["work", "list"], &["work", "import", "w.csv"]] {
        let ran: Ran = home.run(&[command, &["--store", &store]].concat()).refused(wanted);
        assert!(ran.err.contains(file) && ran.err.contains("hint"), "{command:?}: {}", ran.err);
        assert!(std::fs::read(home.path(file)).expect("read") == before, "{command:?} changed it");
        assert_eq!(names(home), beside, "{command:?} left something beside it");
    }
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let home = Home::new(ONE_SITE);
    sql(&home.path("notes.db"), &["create table notes (text)", "insert into notes values ('mine')"]);
    left_alone(&home, "notes.db", "another program");
    let said = home.run(&["plan", "--store", "sqlite://notes.db"]).err;
    assert!(said.contains("its tables: notes"), "{said}");
    // Of a program that says which it is, and has a table by a name of ours.
    sql(&home.path("other.db"), &["pragma application_id = 7", "create table readings (text)"]);
    left_alone(&home, "other.db", "its application_id is 0x00000007");
    // With the log of one that is open.
    sql(&home.path("log.db"), &["pragma journal_mode = wal", "create table notes (text)"]);
    left_alone(&home, "log.db", "another program");
    home.write("letter.db", "a letter to my aunt");
    left_alone(&home, "letter.db", "not an hourmatch store");
    std::fs::create_dir(home.path("folder.db")).expect("folder");
    home.run(&["plan", "--store", "sqlite://folder.db"]).refused("is a folder");
    for url in ["sqlite://:memory:", "sqlite://in-memory.db?mode=memory"] {
        home.run(&["plan", "--store", url]).refused("would keep nothing");
    }
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let home = Home::new(ONE_SITE);
    home.run(&["migrate"]).ok();
    let row = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
        values (9999, 'of the future', true, x'00', 0)";
    sql(&home.path("hourmatch.db"), &[row]);
    left_alone(&home, "hourmatch.db", "newer hourmatch");
    let Some(url) = postgres_schema() else { return };
    block(async {
        Store::open(&url).await.expect("opened").close().await;
        let mut connection = PgConnection::connect(&url).await.expect("connects");
        let row = row.replace("x'00'", "'\\x00'");
        sqlx::query(AssertSqlSafe(row)).execute(&mut connection).await.expect("written");
        let said = Store::open(&url).await.expect_err("newer").to_string();
        assert!(said.contains("newer hourmatch") && said.contains("9999"), "{said}");
        connection.close().await.expect("closed");
    });
}

#[test]
fn an_empty_file_is_taken_and_an_old_store_is_marked() {
    let home = Home::new(ONE_SITE);
    let path = home.path("hourmatch.db");
    home.write("hourmatch.db", "");
    home.run(&["migrate"]).ok();
    assert_eq!(marks(&path), (APPLICATION_ID, newest()));
    // As programs made it that did not mark their files.
    sql(&path, &["pragma application_id = 0", "pragma user_version = 0"]);
    home.run(&["migrate"]).ok();
    assert_eq!(marks(&path), (APPLICATION_ID, newest()));
    // A store that is up to date is opened without a change of it.
    let before = std::fs::read(&path).expect("read");
    home.run(&["migrate"]).ok();
    assert!(std::fs::read(&path).expect("read") == before);
    assert_eq!(names(&home), ["hourmatch.db", "hourmatch.toml"]);
}

/// Several programs find a store that is not there yet, or not up to date: one makes it, none fails.
#[test]
fn many_may_open_a_new_store_at_once() {
    let fresh = |home: Home| {
        let mut children: Vec<_> = (0..8).map(|_| home.command().arg("check").spawn().expect("starts")).collect();
        children.extend((0..4).map(|_| home.command().arg("migrate").spawn().expect("starts")));
        for mut child in children {
            assert!(child.wait().expect("ends").success());
        }
        home.run(&["migrate"]).ok();
    };
    fresh(Home::new(ONE_SITE));
    if let Some(home) = Home::on_postgres(ONE_SITE) {
        fresh(home);
    }
}

#[cfg(unix)]
#[test]
fn a_new_store_is_as_private_as_its_maker_wants() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(ONE_SITE);
    for (mask, wanted) in [("077", 0o600), ("022", 0o644)] {
        let script = format!("umask {mask}; exec \"$0\" migrate --store sqlite://{mask}.db");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_hourmatch")]).current_dir(home.path(""));
        command.env_remove("HOURMATCH_STORE").env_remove("HOURMATCH_CONFIG");
        assert!(command.status().expect("runs").success());
        let mode = std::fs::metadata(home.path(&format!("{mask}.db"))).expect("made").permissions().mode();
        assert_eq!(mode & 0o777, wanted, "umask {mask}");
    }
}

/// What stands beside an open store is what a backup must not forget: made with SQLite's own backup, it is whole.
#[test]
fn a_backup_of_an_open_store_is_whole() {
    let home = Home::new(ONE_SITE);
    let (path, backup) = (home.path("hourmatch.db"), home.path("backup.db"));
    block(async {
        let store = Store::open(&url(&path)).await.expect("opened");
        let mut write = store.write().await.expect("begun");
        hourmatch::store::work::put(&mut write, &"a".into(), "{}", RECORDED).await.expect("put");
        write.commit().await.expect("committed");
        let Store::Sqlite(pools) = &store else { unreachable!("a file") };
        let into = AssertSqlSafe(format!("vacuum into '{}'", backup.display()));
        sqlx::query(into).execute(&pools.write).await.expect("a backup");
        store.close().await;
        let store = Store::open(&url(&backup)).await.expect("a store");
        assert!(hourmatch::store::work::exists(&store, "a").await.expect("read"));
        store.close().await;
    });
    assert_eq!(marks(&backup), (APPLICATION_ID, newest()));
}
