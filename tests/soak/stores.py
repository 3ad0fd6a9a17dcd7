"""Where the soak's store lies: SQLite on a small disk of its own, PostgreSQL in a cluster of its own on loopback."""

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import time
from contextlib import closing

# Of the disk that is filled, in MiB; memory, until then unused.
DISK_MB = {"sqlite": 300, "postgres": 700}
PG_VERSION = "15"
# The key under which the service's writers take turns on PostgreSQL: src/store.
WRITER_LOCK = 0x686D61746368


def free_port():
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Disk:
    """A folder that can run full: a tmpfs where it may be mounted, else a plain one, which cannot."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        folder.mkdir()
        size = f"size={megabytes}m,mode=0755"
        mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
        self.mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0

    def fill(self):
        """Until not a byte fits."""
        with open(self.folder / "filler", "ab", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        filler.write(b"x" * size)
                except OSError:
                    continue

    def free(self):
        (self.folder / "filler").unlink(missing_ok=True)

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


class Sqlite:
    name = "SQLite"
    secret = None

    def __init__(self, folder):
        self.disk = Disk(folder / "store", DISK_MB["sqlite"])
        self.file = self.disk.folder / "hourmatch.db"
        self.url = "sqlite://store/hourmatch.db"

    def files(self):
        """The store's own, with its log and the log's index."""
        return [self.file.with_name(self.file.name + tail) for tail in ("-shm", "-wal", "")]

    def hold(self):
        """Takes the writer's lock; what is returned gives it back when it is closed."""
        holder = sqlite3.connect(self.file, timeout=20, isolation_level=None, check_same_thread=False)
        try:
            holder.execute("begin immediate")
        except sqlite3.Error:
            holder.close()
            raise
        return closing(holder)

    def unsound(self):
        """What the engine itself finds wrong, when nobody uses the store."""
        with closing(sqlite3.connect(self.file)) as store:
            found = [row[0] for row in store.execute("pragma integrity_check(5)")]
            found += [f"foreign key: {row}" for row in store.execute("pragma foreign_key_check")]
        return [line for line in found if line != "ok"]

    def close(self):
        self.disk.close()


class Postgres:
    name = "PostgreSQL"

    def __init__(self, folder):
        self.disk = Disk(folder / "disk", DISK_MB["postgres"])
        self.port = free_port()
        self.secret = secrets.token_hex(12)
        self.url = f"postgres://soak:{self.secret}@127.0.0.1:{self.port}/soak"
        self.cluster = f"soak{os.getpid()}"
        self.env = dict(os.environ, PG_CLUSTER_CONF_ROOT=str(folder / "conf"), PGPASSWORD=self.secret,
                        PGCONNECT_TIMEOUT="5")
        own = folder / "pg"
        own.mkdir()
        password = own / "password"
        password.write_text(self.secret)
        user = []
        if os.geteuid() == 0:
            user = ["-u", "postgres"]
            for path in (own, password, self.disk.folder):
                shutil.chown(path, "postgres", "postgres")
        password.chmod(0o600)
        # A log of few megabytes: it lies on the disk that is filled.
        options = {"listen_addresses": "localhost", "max_wal_size": "64MB", "min_wal_size": "32MB"}
        self._run("pg_createcluster", "--quiet", *user, "-p", str(self.port), "-d", str(self.disk.folder / "data"),
                  "-s", str(own), "-l", str(own / "log"),
                  *[part for key, value in options.items() for part in ("--pgoption", f"{key}={value}")],
                  PG_VERSION, self.cluster, "--", "--username=postgres", f"--pwfile={password}", "--nosync")
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        self.sql("create role soak login password '" + self.secret + "'", database="postgres")
        self.sql("create database soak owner soak", database="postgres")

    def _run(self, *command, check=True):
        done = subprocess.run(command, env=self.env, cwd="/", capture_output=True, text=True)
        if check and done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def _ask(self, sql, database):
        return ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-XAtqc", sql]

    def sql(self, sql, database="soak"):
        return self._run(*self._ask(sql, database)).stdout

    def answers(self):
        return self._run(*self._ask("select 1", "postgres"), check=False).returncode == 0

    def start(self):
        """Until it answers, however it ended before."""
        for _ in range(60):
            self._run("pg_ctlcluster", PG_VERSION, self.cluster, "start", check=False)
            if self.answers():
                return
            time.sleep(0.5)
        raise RuntimeError("PostgreSQL does not start again")

    def stop(self, mode):
        self._run("pg_ctlcluster", "-m", mode, PG_VERSION, self.cluster, "stop", check=False)

    def hold(self):
        """Takes the writer's lock; what is returned gives it back when it is closed."""
        sql = f"select pg_advisory_lock({WRITER_LOCK}); select 'held'; select pg_sleep(600)"
        holder = subprocess.Popen(self._ask(sql, "soak"), env=self.env, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        held = "select count(*) from pg_locks where locktype = 'advisory' and granted"
        while self.sql(held).strip() == "0" and time.monotonic() < deadline:
            time.sleep(0.1)
        return Ended(self, holder)

    def cut(self):
        """Ends every connection of the service's user."""
        self.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'soak'")

    def unsound(self):
        """What the engine itself finds wrong, when nobody uses the store."""
        self.sql("create extension if not exists amcheck")
        check = [f"/usr/lib/postgresql/{PG_VERSION}/bin/pg_amcheck", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "soak", "--heapallindexed"]
        done = self._run(*check, check=False)
        return (done.stdout + done.stderr).splitlines()[:5] if done.returncode else []

    def close(self):
        self.stop("immediate")
        self._run("pg_dropcluster", PG_VERSION, self.cluster, check=False)
        self.disk.close()


class Ended:
    """Ends a session that holds a lock."""

    def __init__(self, store, holder):
        self.store, self.holder = store, holder

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.holder.poll() is None:
            end = "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)%' " \
                "and pid <> pg_backend_pid()"
            self.store.sql(end)
        self.holder.wait(timeout=20)
