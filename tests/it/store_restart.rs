//! PostgreSQL goes away and comes back under an open store, on a server of this test's own.

use crate::store_faults::{RECORDED, add, block, ids, recovers, unavailable};
use hourmatch::store::{Store, work};
use ids::WorkId;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A server on a free port, in a folder that goes with it. As root it is run by `postgres`, who may.
struct Server {
    dir: TempDir,
    tools: PathBuf,
    port: u16,
}

fn skip(why: &str) -> Option<Server> {
    println!("skipped: {why}");
    None
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|done| done.stdout.starts_with(b"0\n"))
}

impl Server {
    fn new() -> Option<Self> {
        if std::env::var_os("HOURMATCH_TEST_POSTGRES").is_none() {
            return skip("no PostgreSQL (HOURMATCH_TEST_POSTGRES); ./dev test starts one");
        }
        let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else {
            return skip("PostgreSQL's own tools are not where Debian has them");
        };
        let mut tools: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
        tools.retain(|tools| tools.join("initdb").exists());
        tools.sort();
        let Some(tools) = tools.pop() else { return skip("initdb is not there") };
        let dir = tempfile::tempdir().expect("folder");
        if is_root() && !Command::new("chown").arg("postgres").arg(dir.path()).status().is_ok_and(|s| s.success()) {
            return skip("there is no user postgres to run a server as");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let server = Self { dir, tools, port };
        if !server.tool("initdb", &["-A", "trust", "-U", "hourmatch", "-N"]) {
            return skip("initdb does not run here");
        }
        server.start();
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Runs one of PostgreSQL's tools on the folder; whether it did what it should.
    fn tool(&self, name: &str, args: &[&str]) -> bool {
        let path = self.tools.join(name);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        let log = self.dir.path().join("out");
        let out = std::fs::OpenOptions::new().create(true).append(true).open(log).expect("a log");
        command.arg("-D").arg(self.data()).args(args).current_dir(Path::new("/"));
        let out_too = out.try_clone().expect("a log");
        command.stdout(out).stderr(out_too).status().is_ok_and(|status| status.success())
    }

    fn start(&self) {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=20",
            self.port
        );
        assert!(self.tool("pg_ctl", &["-w", "-o", &settings, "start"]), "{}", self.log());
    }

    fn stop(&self, mode: &str) -> bool {
        self.tool("pg_ctl", &["-w", "-m", mode, "stop"])
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("out")).unwrap_or_default()
    }

    fn url(&self) -> String {
        format!("postgres://hourmatch@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop("immediate");
    }
}

#[test]
fn a_server_that_was_restarted_is_written_to_again() {
    let Some(server) = Server::new() else { return };
    block(async {
        let store = Store::open(&server.url()).await.expect("opened");
        add(&store, "before").await.expect("added");
        assert_eq!(ids(&store).await.len(), 1);
        // In order, and as if its power had failed; with a transaction open.
        for (round, mode) in ["fast", "immediate"].into_iter().enumerate() {
            let mut write = store.write().await.expect("begun");
            work::put(&mut write, &"lost".into(), "{}", RECORDED).await.expect("put");
            assert!(server.stop(mode), "{}", server.log());
            unavailable(write.commit().await.expect_err("nobody is there"), "PostgreSQL");
            unavailable(store.probe().await.expect_err("it is not well"), "the store does not answer within 2 s");
            add(&store, "lost too").await.expect_err("nobody is there");
            let said = Store::open(&server.url()).await.expect_err("nobody is there").to_string();
            assert!(said.contains("PostgreSQL does not answer"), "{said}");
            server.start();
            recovers(&store, &format!("after {round}")).await;
        }
        assert_eq!(ids(&store).await, BTreeSet::from(["after 0", "after 1", "before"].map(WorkId::from)));
        store.close().await;
    });
}

/// A read that is asked for while the server is starting waits for it.
#[test]
fn a_read_waits_for_a_server_that_is_starting() {
    let Some(server) = Server::new() else { return };
    block(async {
        let store = Store::open(&server.url()).await.expect("opened");
        add(&store, "before").await.expect("added");
        assert!(server.stop("fast"), "{}", server.log());
        let (read, ()) = tokio::join!(ids(&store), async {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            tokio::task::block_in_place(|| server.start());
        });
        assert_eq!(read.len(), 1);
        store.close().await;
    });
}
