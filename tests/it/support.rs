//! A folder of its own for each test, and the real binaries.

use hourmatch::store::Store;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub struct Home {
    dir: TempDir,
    store: Option<String>,
}

/// What a run printed.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Failed with exit 1, said why, and did not panic.
    pub fn refused(self, wanted: &str) -> Self {
        assert_eq!(self.code, 1, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(self.err.contains(wanted), "`{wanted}` not in:\n{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in:\n{}\nstderr:\n{}", self.out, self.err))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Home {
    /// An empty folder with this portfolio.
    pub fn new(portfolio: &str) -> Self {
        let home = Self { dir: tempfile::tempdir().expect("temporary folder"), store: None };
        home.write("hourmatch.toml", portfolio);
        home
    }

    /// The same on a store of its own in the PostgreSQL server of the test run; none when there is no server.
    pub fn on_postgres(portfolio: &str) -> Option<Self> {
        let url = postgres_schema()?;
        let mut home = Self::new(portfolio);
        home.store = Some(url);
        Some(home)
    }

    /// Where its store is, for looking at rows directly.
    pub fn store_url(&self) -> String {
        self.store.clone().unwrap_or_else(|| format!("sqlite://{}", self.path("hourmatch.db").display()))
    }

    /// Changes rows behind the product's back; how many.
    pub fn direct(&self, sql: &str) -> u64 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(async {
            let store = Store::open(&self.store_url()).await.expect("a store");
            let sql = sqlx::AssertSqlSafe(sql.to_string());
            let changed = match &store {
                Store::Sqlite(pools) => sqlx::query(sql).execute(&pools.write).await.map(|done| done.rows_affected()),
                Store::Postgres(pools) => sqlx::query(sql).execute(&pools.write).await.map(|done| done.rows_affected()),
            };
            store.close().await;
            changed.expect("changed")
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    /// A file that only its owner can read.
    pub fn secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.write(name, text);
        let private = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
        std::fs::set_permissions(&path, private).expect("permissions");
        path
    }

    /// The same files in another folder.
    pub fn copied(&self) -> Self {
        let copy = Self { dir: tempfile::tempdir().expect("temporary folder"), store: self.store.clone() };
        copy_all(self.dir.path(), copy.dir.path());
        copy
    }

    /// Every file by its path and what it holds, links by where they lead.
    pub fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut held = BTreeMap::new();
        gather(self.dir.path(), &mut held);
        held
    }

    /// Every row of the SQLite store beside the portfolio, as text; none where there is no store.
    pub fn rows(&self) -> Vec<String> {
        let file = self.path("hourmatch.db");
        if !file.exists() {
            return Vec::new();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(rows_of(&format!("sqlite://{}", file.display())))
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("read")
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hourmatch"));
        command.current_dir(self.dir.path()).env_remove("HOURMATCH_NOW").env_remove("HOURMATCH_CONFIG");
        match &self.store {
            Some(url) => command.env("HOURMATCH_STORE", url),
            None => command.env_remove("HOURMATCH_STORE"),
        };
        command
    }

    /// The same with no more than so many MiB of memory.
    pub fn limited(&self, mebibytes: usize) -> Command {
        let plain = self.command();
        let mut command = Command::new("sh");
        let limit = format!("ulimit -v {} && exec \"$@\"", mebibytes * 1_024);
        command.args(["-c", &limit, "sh"]).arg(plain.get_program()).current_dir(self.dir.path());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.command().args(args).output().expect("runs").into()
    }

    /// Everything the store holds, for "unchanged" tests.
    pub fn stored(&self) -> Value {
        let held = self.run(&["check", "--format", "json"]).json()["series"].clone();
        let work = self.run(&["work", "list", "--format", "json"]).json()["work"].clone();
        serde_json::json!([held, work])
    }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("folder") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("kind").is_dir() {
            std::fs::create_dir(&target).expect("made");
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn gather(dir: &Path, held: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).expect("folder") {
        let path = entry.expect("entry").path();
        let kind = std::fs::symlink_metadata(&path).expect("kind").file_type();
        if kind.is_dir() {
            gather(&path, held);
        } else if kind.is_symlink() {
            held.insert(path.clone(), std::fs::read_link(&path).expect("link").into_os_string().into_encoded_bytes());
        } else {
            // What is no file has no bytes to lose.
            let bytes = if kind.is_file() { std::fs::read(&path).expect("read") } else { Vec::new() };
            held.insert(path, bytes);
        }
    }
}

async fn rows_of(url: &str) -> Vec<String> {
    let pool = sqlx::SqlitePool::connect(url).await.expect("opens");
    let tables = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";
    let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&pool).await.expect("tables");
    let mut rows = Vec::new();
    for (table,) in tables {
        let columns = format!("select name from pragma_table_info('{table}') order by cid");
        let columns: Vec<(String,)> =
            sqlx::query_as(sqlx::AssertSqlSafe(columns)).fetch_all(&pool).await.expect("columns");
        let cells: Vec<String> = columns.iter().map(|(name,)| format!("quote(\"{name}\")")).collect();
        let sql = format!("select {} from \"{table}\" order by 1", cells.join(" || ' ' || "));
        let found: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&pool).await.expect("rows");
        rows.extend(found.into_iter().map(|(row,)| format!("{table}: {row}")));
    }
    pool.close().await;
    rows
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder whose name has this ending, with its text.
pub fn texts_below(folder: &Path, ending: &str) -> Vec<(PathBuf, String)> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            texts.extend(texts_below(&path, ending));
        } else if path.extension().is_some_and(|its| its == ending) {
            let text = std::fs::read_to_string(&path).expect("text");
            texts.push((path, text));
        }
    }
    texts
}

/// A file or folder of the fixtures.
pub fn fixture(path: &str) -> PathBuf {
    root().join("fixtures").join(path)
}

/// The verifier, built beside the application.
pub fn verifier() -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_hourmatch")).with_file_name("hourmatch-verify");
    assert!(beside.exists(), "build the workspace: {} is missing", beside.display());
    beside
}

/// A fresh database of the run's server.
pub fn postgres_schema() -> Option<String> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(url) = std::env::var("HOURMATCH_TEST_POSTGRES") else {
        println!("skipped: no PostgreSQL (HOURMATCH_TEST_POSTGRES); ./dev test starts one");
        return None;
    };
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let pool = sqlx::PgPool::connect(&url).await.expect("the server answers");
        let sql = format!("create database {name}");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await.expect("a database");
        pool.close().await;
    });
    let (base, _) = url.rsplit_once('/').expect("a url with a database");
    Some(format!("{base}/{name}"))
}

/// Whether every case is run, however long it takes.
pub fn in_full() -> bool {
    std::env::var_os("HOURMATCH_FULL").is_some_and(|set| !set.is_empty() && set != "0")
}

/// Numbers without a pattern, the same for the same seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Seeds that differ in one bit give sequences that differ at once; zero would stay zero.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Below a number that is not zero.
    pub fn below(&mut self, most: usize) -> usize {
        (self.draw() >> 11) as usize % most
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// In tenths, so that numbers read well.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        let part = self.below(1_001) as f64 / 1_000.0;
        ((low + part * (high - low)) * 10.0).round() / 10.0
    }

    pub fn pick<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }
}

/// Folder of real data, if it is there.
pub fn data() -> Option<PathBuf> {
    match std::env::var_os("HOURMATCH_DATA") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => {
            println!("skipped: HOURMATCH_DATA is not set");
            None
        }
    }
}

pub const ONE_SITE: &str = r#"
[portfolio]
name = "one"
synthetic = true
[[boundary]]
id = "A"
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 10.0
it_load_mw = 4.0
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
"#;

/// `count` hourly rows from 2026-01-01 in MWh.
pub fn hourly(series: &str, values: impl IntoIterator<Item = f64>) -> String {
    let start = reports::time::Instant::parse("2026-01-01T00:00:00Z").expect("time");
    let mut text = String::new();
    for (hour, value) in values.into_iter().enumerate() {
        let at = |h: usize| start + 3_600 * h as i64;
        text.push_str(&format!("{series},{},{},{value},MWh\n", at(hour), at(hour + 1)));
    }
    text
}

pub const HEADER: &str = "series,start,end,value,unit\n";
