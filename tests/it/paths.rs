//! No output is ever what a command reads, by whatever name; devices and pipes are written through; permissions are kept.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly};
use std::fs::Permissions;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

const PERIOD: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-01-01T03:00Z"];

/// A store with readings, and everything else that commands read.
fn home() -> Home {
    let home = Home::new(ONE_SITE);
    let readings = hourly("site/s/load", [1.0, 0.5, 0.25]) + &hourly("contract/w/generation", [0.5, 0.75, 0.0]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.write("w.csv", "id,release,deadline,energy_mwh\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,1\n");
    home.write(
        "gc.csv",
        "id,device,registry,technology,start,end,wh\ng,w,R,wind,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,9\n",
    );
    home.run(&["ingest", "r.csv"]).ok();
    let public = home.run(&["keys", "new", "k"]).ok().out;
    home.write("k.pub", &public);
    home.run(&[&["pack", "-o", "p"], &PERIOD[..]].concat()).ok();
    home.run(&[&["pack", "-o", "p.tar.zst"], &PERIOD[..]].concat()).ok();
    let proof = home.run(&["verify", "p", "--prove", "s@2026-01-01T00:00:00Z"]).ok().out;
    home.write("proof.json", &proof);
    home.write("tsa.pem", "no certificate");
    home.write("stamp.tsr", "no time-stamp");
    home
}

/// Commands, what they read beside the portfolio and the store, and options that name what they write.
fn commands() -> Vec<(Vec<&'static str>, Vec<&'static str>, Vec<&'static str>)> {
    let period = |command: &'static str| [&[command], &PERIOD[..]].concat();
    let plain = |args: &[&'static str]| (args.to_vec(), Vec::new(), vec!["-o"]);
    vec![
        plain(&["check"]),
        plain(&["migrate"]),
        (vec!["ingest", "r.csv", "w.csv"], vec!["r.csv", "w.csv"], vec!["-o", "--reject"]),
        plain(&["revisions"]),
        plain(&["revoke", "1", "--reason", "x"]),
        plain(&["forecast", "accuracy"]),
        (vec!["work", "import", "w.csv"], vec!["w.csv"], vec!["-o", "--reject"]),
        plain(&["work", "list"]),
        plain(&["work", "add", "x", "--energy-mwh", "1", "--deadline", "now+1d"]),
        (vec!["certificates", "import", "gc.csv"], vec!["gc.csv"], vec!["-o", "--reject"]),
        plain(&["certificates", "export"]),
        (vec!["plan", "--dry-run"], Vec::new(), vec!["-o", "--model"]),
        plain(&["plan", "show"]),
        plain(&["explain", "a"]),
        (period("backtest"), Vec::new(), vec!["-o"]),
        plain(&["windows", "--duration", "1h", "--mw", "1", "--reserve", "j"]),
        plain(&["reservations", "list"]),
        plain(&["capacity", "--site", "s"]),
        (period("report"), Vec::new(), vec!["-o"]),
        (period("settle"), Vec::new(), vec!["-o"]),
        (
            [&period("pack")[..], &["--sign-with", "k", "--timestamp", "stamp.tsr"]].concat(),
            vec!["k", "stamp.tsr"],
            vec!["-o"],
        ),
    ]
}

/// Commands without a store, and all that they read.
fn others() -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    vec![
        (vec!["keys", "show", "k"], vec!["k"]),
        (vec!["keys", "new", "not-yet"], vec!["not-yet"]),
        (vec!["pack-request", "p"], vec!["p/manifest.json", "p/new", "p/inputs/new"]),
        (vec!["pack-request", "p.tar.zst"], vec!["p.tar.zst"]),
        (vec!["verify", "p", "--key", "k.pub"], vec!["p/manifest.json", "p/new", "k.pub"]),
        (vec!["verify", "p.tar.zst", "--tsa-ca", "tsa.pem"], vec!["p.tar.zst", "tsa.pem"]),
        (vec!["verify", "p", "--prove", "s@2026-01-01T00:00:00Z"], vec!["p/results.json", "p/new"]),
        (vec!["verify", "--check-proof", "proof.json"], vec!["proof.json"]),
    ]
}

/// Refused, said why, and nothing is other than it was.
fn harmless(home: &Home, args: &[&str], target: &str) {
    let before = home.tree();
    let ran = home.run(args);
    assert_eq!(ran.code, 1, "{args:?}\n{}{}", ran.out, ran.err);
    let said = ran.err.contains("which is not overwritten") || (args.contains(&"pack") && ran.err.contains("exists"));
    assert!(said && ran.err.contains(target), "{args:?}: {}", ran.err);
    let after = home.tree();
    for (path, bytes) in &before {
        assert_eq!(after.get(path), Some(bytes), "{args:?} changed {}", path.display());
    }
    assert_eq!(before.len(), after.len(), "{args:?} left something: {:?}", after.keys());
}

/// The same file by other names: from here, whole, the long way round, through a link, by a second name.
fn spellings(home: &Home, name: &str) -> Vec<String> {
    let (soft, hard) = ("soft-link", "hard-link");
    let _ = [std::fs::remove_file(home.path(soft)), std::fs::remove_file(home.path(hard))];
    symlink(home.path(name), home.path(soft)).expect("link");
    let mut names = vec![name.to_string(), home.path(name).display().to_string(), format!("p/../{name}"), soft.into()];
    if std::fs::hard_link(home.path(name), home.path(hard)).is_ok() {
        names.push(hard.into());
    }
    names
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let home = home();
    let store = ["hourmatch.toml", "hourmatch.db", "hourmatch.db-wal", "hourmatch.db-shm", "hourmatch.db-journal"];
    for (args, reads, options) in commands() {
        for option in options {
            for name in reads.iter().chain(&store) {
                for target in spellings(&home, name) {
                    harmless(&home, &[&args[..], &[option, target.as_str()]].concat(), &target);
                }
            }
        }
    }
    // SQLite reads what lies beside a store whoever put it there: commands that know no store leave it alone too.
    let beside = ["hourmatch.db", "hourmatch.db-wal", "hourmatch.db-shm", "hourmatch.db-journal"];
    for (args, reads) in others() {
        for name in reads.into_iter().chain(beside) {
            for target in spellings(&home, name) {
                harmless(&home, &[&args[..], &["-o", target.as_str()]].concat(), &target);
            }
        }
    }
}

#[test]
fn a_store_is_the_file_its_engine_opens() {
    for (url, files) in [
        ("sqlite://data/hour.db?mode=rwc", vec!["data/hour.db", "data/hour.db-wal"]),
        ("sqlite://data/ho%75r.db", vec!["data/hour.db", "data/hour.db-journal"]),
        ("sqlite://data/50%25%3Fx.db", vec!["data/50%?x.db", "data/50%?x.db-shm"]),
        ("sqlite:link.db", vec!["link.db", "data/hour.db", "data/hour.db-wal"]),
    ] {
        // Before the store is there, and once it is.
        for there in [false, true] {
            let home = Home::new(&format!("{ONE_SITE}[store]\nurl = \"{url}\"\n"));
            std::fs::create_dir(home.path("data")).expect("made");
            symlink("data/hour.db", home.path("link.db")).expect("link");
            if there {
                home.run(&["migrate"]).ok();
            }
            for file in files.iter().copied() {
                // What SQLite keeps beside a store is named after the file a link leads to, once there is one.
                if !there && url.contains("link") && file.contains('-') {
                    continue;
                }
                for option in ["-o", "--model"] {
                    harmless(&home, &["plan", "--dry-run", option, file], file);
                }
            }
        }
    }
    // A folder's name is no part of a url.
    let home = Home::new("");
    let folder = home.path("50%41?x");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("hourmatch.toml"), ONE_SITE).expect("written");
    let ran: Ran =
        home.command().args(["migrate", "-c"]).arg(folder.join("hourmatch.toml")).output().expect("runs").into();
    ran.ok();
    assert!(folder.join("hourmatch.db").is_file());
    Home::new(ONE_SITE)
        .run(&["migrate", "--store", "sqlite://file:hourmatch.toml"])
        .refused("names a url within the url");
}

#[test]
fn what_is_no_result_of_anybody_is_not_replaced() {
    let home = home();
    std::fs::copy(home.path("hourmatch.db"), home.path("other.db")).expect("copied");
    for (target, wanted) in [("other.db", "an SQLite database"), ("k", "a secret key")] {
        let before = home.tree();
        let args = [&["report"], &PERIOD[..], &["-o", target]].concat();
        home.run(&args).refused(&format!("-o names {wanted}, which is not overwritten"));
        assert_eq!(before[&home.path(target)], home.tree()[&home.path(target)]);
    }
    home.run(&["plan", "--dry-run", "-o", "x", "--model", "x"]).refused("and -o name the same file");
    home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "p"]).refused("is a folder");
    home.run(&["check", "-o", "nowhere/x"]).refused("cannot be written");
    assert!(!home.path("x").exists() && !home.path("nowhere").exists());
    home.run(&["init", "-c", "new.toml", "-o", "new.toml", "--format", "json"]).refused("and -c name the same file");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("there").permissions().mode() & 0o777
}

/// A command under a umask.
fn under(home: &Home, umask: &str, args: &[&str]) -> Ran {
    let product = env!("CARGO_BIN_EXE_hourmatch");
    let mut command = Command::new("sh");
    command.current_dir(home.path("")).env_remove("HOURMATCH_STORE");
    command.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), product]).args(args);
    command.output().expect("runs").into()
}

#[test]
fn new_files_follow_the_umask_and_others_keep_their_permissions() {
    let home = home();
    let report = |to: &'static str| [&["report"], &PERIOD[..], &["-o", to]].concat();
    for (umask, wanted) in [("022", 0o644), ("027", 0o640), ("077", 0o600), ("002", 0o664)] {
        let _ = std::fs::remove_file(home.path("new.txt"));
        under(&home, umask, &report("new.txt")).ok();
        assert_eq!(mode(&home.path("new.txt")), wanted, "{umask}");
        let to = format!("pack-{umask}");
        under(&home, umask, &[&["pack"], &PERIOD[..], &["-o", &to]].concat()).ok();
        assert_eq!(mode(&home.path(&to)), wanted | ((wanted & 0o444) >> 2), "{umask}");
        assert_eq!(mode(&home.path(&to).join("manifest.json")), wanted, "{umask}");
        under(&home, umask, &[&["pack"], &PERIOD[..], &["-o", &format!("{to}.tar.zst")]].concat()).ok();
        assert_eq!(mode(&home.path(&format!("{to}.tar.zst"))), wanted, "{umask}");
        under(&home, umask, &["keys", "new", &format!("key-{umask}")]).ok();
        assert_eq!(mode(&home.path(&format!("key-{umask}"))), 0o600, "{umask}");
    }
    std::fs::set_permissions(home.path("new.txt"), Permissions::from_mode(0o604)).expect("set");
    under(&home, "077", &report("new.txt")).ok();
    assert_eq!(mode(&home.path("new.txt")), 0o604);
}

#[test]
fn a_secret_key_is_its_owners_alone() {
    let home = home();
    let pack = [&["pack"], &PERIOD[..], &["-o", "signed", "--sign-with", "k"]].concat();
    for open in [0o644, 0o640, 0o602] {
        std::fs::set_permissions(home.path("k"), Permissions::from_mode(open)).expect("set");
        for args in [&["keys", "show", "k"][..], &pack] {
            let ran = home.run(args).refused("can be read by users other than its owner");
            assert!(ran.err.contains("chmod 600 k"), "{}", ran.err);
        }
        assert!(!home.path("signed").exists());
    }
    std::fs::set_permissions(home.path("k"), Permissions::from_mode(0o400)).expect("set");
    home.run(&pack).ok();
}

/// Two readings, one of which is bad.
fn one_bad_row(home: &Home) {
    let bad = "site/s/load,2026-01-01T03:00:00Z,2026-01-01T04:00:00Z,NaN,MWh\n";
    home.write("bad.csv", &format!("{HEADER}{bad}{}", hourly("site/s/load", [1.0])));
}

#[test]
fn devices_and_pipes_are_written_through() {
    let home = home();
    one_bad_row(&home);
    let report = [&["report"], &PERIOD[..], &["--format", "json", "-o"]].concat();
    for args in [&[&report[..], &["/dev/null"]].concat()[..], &["ingest", "bad.csv", "--reject", "/dev/null"]] {
        home.run(args).ok();
        let null = std::fs::symlink_metadata("/dev/null").expect("there");
        assert!(null.file_type().is_char_device(), "{args:?}");
    }
    let printed = home.run(&[&report[..], &["/dev/stdout"]].concat()).ok();
    assert_eq!(printed.json()["schema"], home.run(&[&report[..], &["-"]].concat()).ok().json()["schema"]);
    let pipe = home.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("read")
    });
    home.run(&[&report[..], &["pipe"]].concat()).ok();
    assert_eq!(reader.join().expect("read"), printed.out);
    assert!(std::fs::symlink_metadata(&pipe).expect("there").file_type().is_fifo());
}

#[test]
fn links_are_followed_and_what_standard_output_is_already_is_added_to() {
    let home = home();
    let report = [&["report"], &PERIOD[..]].concat();
    let text = home.run(&report).ok().out;
    symlink("real.txt", home.path("link.txt")).expect("link");
    home.run(&[&report[..], &["-o", "link.txt"]].concat()).ok();
    assert_eq!((home.read("real.txt"), home.path("link.txt").is_symlink()), (text.clone(), true));
    home.write("log.txt", "before\n");
    let appending = |name: &str| std::fs::File::options().append(true).open(home.path(name)).expect("opens");
    for target in ["/dev/stdout", "log.txt"] {
        let mut command = home.command();
        command.args(&report).args(["-o", target]).stdout(appending("log.txt"));
        assert!(command.status().expect("runs").success());
    }
    assert_eq!(home.read("log.txt"), format!("before\n{text}{text}"));
    for read in ["hourmatch.toml", "hourmatch.db"] {
        let before = std::fs::read(home.path(read)).expect("read");
        let done = home.command().args(&report).stdout(appending(read)).output().expect("runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(1) && said.contains("standard output names"), "{read}: {said}");
        assert_eq!(std::fs::read(home.path(read)).expect("read"), before, "{read}");
    }
}

#[test]
fn an_edited_demo_is_kept() {
    let home = Home::new("");
    home.run(&["demo", "d"]).ok();
    for name in ["hourmatch.toml", "work.csv", "feeds/readings.csv"] {
        let path = home.path("d").join(name);
        let text = std::fs::read_to_string(&path).expect("read");
        std::fs::write(&path, format!("{text}# mine\n")).expect("written");
        let before = home.tree();
        home.run(&["demo", "d"]).refused("was edited since the demo was made; nothing was changed");
        assert_eq!(before, home.tree(), "{name}");
        std::fs::write(&path, text).expect("written");
    }
    harmless(&home, &["demo", "d", "--format", "json", "-o", "d/report.html"], "d/report.html");
    home.run(&["demo", "d"]).ok();
    std::fs::create_dir(home.path("mine")).expect("made");
    std::fs::write(home.path("mine").join("x"), "x").expect("written");
    home.run(&["demo", "mine"]).refused("holds something that is not part of a demo");
}
