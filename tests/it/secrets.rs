//! What is planted as a secret is seen nowhere: in no output, log, help, store, pack or report.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly};
use reports::text::is_hidden;
use std::path::Path;

const PLANTED: &str = "hunter2planted";

/// Nothing of a run shows it.
fn silent(ran: &Ran, case: &str) {
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains(PLANTED), "{case}: {text}");
        assert!(!text.contains("panicked"), "{case}: {text}");
    }
}

/// Ways to write an address with a secret in it, sound and odd.
fn urls() -> Vec<String> {
    let forms = [
        "postgres://u:S@127.0.0.1:1/d",
        "postgresql://S@127.0.0.1:1/d",
        "postgres://127.0.0.1:1/d?user=u&password=S",
        "postgres://u@127.0.0.1:1/d?api_key=S",
        "postgres://u@127.0.0.1:1/d?sslmode=S",
        "postgres://u@127.0.0.1:1/d?port=S",
        "postgres://u@127.0.0.1:1/d?hostaddr=S",
        "postgres://u:S",
        "postgres://u:S/@h/d",
        "postgres://u:S#@h/d",
        "postgres://u:S@h:port/d",
        "postgress://u:S@h/d",
        "mysql://u:S@h/d",
        "u:S@h/d",
        "sqlite://h.db?mode=S",
        "sqlite://h.db?S=1",
        "sqlite://postgres://u:S@h/d",
    ];
    forms.iter().map(|form| form.replace('S', PLANTED)).collect()
}

const HELPS: [&str; 26] = [
    "",
    "demo",
    "init",
    "check",
    "migrate",
    "ingest",
    "revisions",
    "revoke",
    "forecast accuracy",
    "work add",
    "work import",
    "plan",
    "plan show",
    "explain",
    "backtest",
    "windows",
    "reservations list",
    "capacity",
    "certificates import",
    "report",
    "settle",
    "pack",
    "pack-request",
    "keys show",
    "verify",
    "serve",
];

#[test]
fn no_help_shows_what_the_environment_holds() {
    let home = Home::new(ONE_SITE);
    let variables = ["STORE", "CONFIG", "NOW", "LOG", "LISTEN", "ACTOR", "SIGNING_KEY"];
    for help in HELPS {
        for flag in ["-h", "--help"] {
            let mut command = home.command();
            command.args(help.split(' ').filter(|word| !word.is_empty())).arg(flag);
            for name in variables {
                command.env(format!("HOURMATCH_{name}"), format!("postgres://u:{PLANTED}@h/d"));
            }
            let ran: Ran = command.output().expect("runs").into();
            silent(&ran, help);
            assert!(ran.code == 0 && ran.out.contains("HOURMATCH_STORE]"), "{help}: {}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn no_error_repeats_the_address_of_a_store() {
    for url in urls() {
        for format in ["text", "json"] {
            for log in ["warn", "trace", "sqlx_postgres=trace,sqlx_postgres::options=trace"] {
                let home = Home::new(&format!("{ONE_SITE}[store]\nurl = '{url}'\n"));
                let mut ways = vec![home.command(), home.command(), home.command()];
                ways[1].env("HOURMATCH_STORE", &url);
                ways[2].args(["--store", &url]);
                for mut command in ways {
                    command.args(["migrate", "--format", format, "--log", log]);
                    let ran: Ran = command.output().expect("runs").into();
                    silent(&ran, &url);
                    assert_eq!(ran.code, 1, "{url}: {}", ran.err);
                }
            }
        }
    }
    let home = Home::new(ONE_SITE);
    // An argument that is none, and one that is another's.
    for args in [&["check", "postgres://u:S@h/d"][..], &["check", "--now", "http://u:S@h"], &["http://u:S@h/?k=S"]] {
        let args: Vec<String> = args.iter().map(|arg| arg.replace('S', PLANTED)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        for format in ["text", "json"] {
            silent(&home.run(&[&args[..], &["--format", format]].concat()), &args.join(" "));
        }
    }
    let ran = home.run(&["check", "--store", &format!("postgres://u:{PLANTED}@127.0.0.1:1/d")]);
    assert!(ran.err.contains("warning: a password on the command line"), "{}", ran.err);
    silent(&ran, "on the command line");
}

#[test]
fn no_password_file_is_logged() {
    let home = Home::new(ONE_SITE);
    let file = home.secret("pgpass", &format!("{PLANTED}\n127.0.0.1:1:d:u:{PLANTED}\\q\n*:*:*:*:{PLANTED}\n"));
    for log in ["warn", "trace", "sqlx_postgres::options::pgpass=trace"] {
        let mut command = home.command();
        command.env("HOURMATCH_STORE", "postgres://u@127.0.0.1:1/d").env("PGPASSFILE", &file);
        let ran: Ran = command.args(["check", "--log", log]).output().expect("runs").into();
        assert_eq!(ran.code, 1, "{}", ran.err);
        silent(&ran, log);
    }
}

#[test]
fn no_message_repeats_the_address_of_a_feed() {
    for url in [
        "http://u:S@127.0.0.1:1/x",
        "http://127.0.0.1:1/x?api_key=S",
        "http://S@127.0.0.1:1",
        "ftp://u:S@h",
        "http://u:S@h:p",
    ] {
        let url = url.replace('S', PLANTED);
        let home = Home::new(&format!("{ONE_SITE}[source.gb]\nurl = \"{url}\"\n"));
        // Each is tried a few times.
        let format = if url.contains("api_key") || url.starts_with("ftp") { "json" } else { "text" };
        let args = "ingest --source gb --area A --from 2026-01-20 --to 2026-01-21 --now 2026-01-20T13:30Z --log trace --format";
        let args: Vec<&str> = args.split(' ').chain([format]).collect();
        let ran = home.run(&args);
        assert_eq!(ran.code, 1, "{url}: {}", ran.err);
        silent(&ran, &url);
    }
}

/// No file below a folder holds it, but for those named.
fn clean(dir: &Path, but: &[&str]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(dir).expect("folder") {
        let path = entry.expect("entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            files += clean(&path, but);
        } else if !but.contains(&name.as_str()) {
            let bytes = std::fs::read(&path).expect("read");
            let found = bytes.windows(PLANTED.len()).any(|window| window == PLANTED.as_bytes());
            assert!(!found, "{} holds it", path.display());
            files += 1;
        }
    }
    files
}

/// The same portfolio with a secret, in every spelling that TOML has for one: before its tables, or behind them.
fn portfolios() -> Vec<String> {
    let rest = "synthetic = true\n[[boundary]]\nid = \"A\"\n[[site]]\nid = \"s\"\nboundary = \"A\"\nit_capacity_mw = 10.0\nit_load_mw = 4.0\n";
    let rest = format!(
        "[portfolio]\nname = \"# one\"\n{rest}[[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\n"
    );
    let before = [
        "store.url = 'S'",
        "store = { url = 'S' }",
        "store = {\n  url = \"S\", # S\n}",
        "'store' . \"url\" = '''\nS'''",
        "\"st\\u006fre\" = { url = \"\"\"\n[portfolio]\nS\"\"\" }",
        "source.gb.url = 'http://S'\nserve.listen = 'S'",
        "source = { gb = { url = 'http://S' } }\nstore.url = 'S'",
        "# was: postgres://u:S@h/d",
    ];
    let behind = [
        "[store]\nurl = 'S' # S",
        "[ \"store\" ]\n# S\nurl = '''\n[portfolio]\nname = S\n'''",
        "[source.gb]\nurl = 'http://S'\n[serve]\nlisten = 'S'\n# S",
        "[source]\ngb.url = 'http://S'",
        "[source]\ngb = { url = 'http://S' }\n[store]\nurl = \"\"\"a\\\n  S\"\"\"",
    ];
    let before = before.iter().map(|own| format!("{own}\n{rest}"));
    let all = before.chain(behind.iter().map(|own| format!("{rest}{own}\n")));
    all.map(|text| text.replace('S', &format!("u:{PLANTED}@h"))).collect()
}

#[test]
fn no_spelling_of_a_portfolio_gets_a_secret_into_the_store_or_a_pack() {
    let period = ["--from", "2026-01-01", "--to", "2026-01-01T03:00Z"];
    for text in portfolios() {
        let home = Home::new(&text);
        let run = |args: &[&str]| {
            let mut command = home.command();
            let ran: Ran =
                command.env("HOURMATCH_STORE", "sqlite://hourmatch.db").args(args).output().expect("runs").into();
            silent(&ran, &text);
            assert_eq!(ran.code, 0, "{text}\n{args:?}: {}", ran.err);
            ran
        };
        let readings = hourly("site/s/load", [1.0; 3]) + &hourly("contract/w/generation", [0.5; 3]);
        home.write("r.csv", &format!("{HEADER}{readings}"));
        let taken = run(&["ingest", "r.csv", "--log", "debug"]);
        assert!(!taken.err.contains("is not kept"), "{text}\n{}", taken.err);
        run(&["plan", "--now", "2026-01-01T03:00Z", "--horizon", "24h", "--model", "m.mps"]);
        run(&["check", "--format", "json"]);
        for form in ["text", "json", "csv", "html", "pdf", "xlsx", "parquet"] {
            run(&[&["report", "--format", form, "-o", form], &period[..]].concat());
        }
        run(&[&["pack", "-o", "pack"], &period[..]].concat());
        run(&[&["report", "--as-of", "2100-01-01"], &period[..]].concat());
        let rows = home.rows();
        let kept: Vec<&String> = rows.iter().filter(|row| row.starts_with("portfolios:")).collect();
        assert_eq!(kept.len(), 1, "{text}\n{kept:?}");
        assert!(kept[0].contains("[[contract]]"), "{text}\n{kept:?}");
        // The portfolio itself is where it was written.
        assert!(clean(&home.path(""), &["hourmatch.toml"]) > 20);
    }
}

#[test]
fn no_key_is_repeated_that_was_given_for_another() {
    let home = Home::new(ONE_SITE);
    let key = home.run(&["keys", "new", "k"]).ok();
    let secret = home.read("k");
    let secret = secret.trim();
    let shown = secret.strip_prefix("ed25519-secret:").expect("a secret key");
    for args in [
        &["verify", "pack", "--key", secret][..],
        &["verify", "pack", "--root", secret],
        &["verify", "pack", secret],
        &["keys", "show", secret],
        &["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "x", "--sign-with", secret],
        &["keys", "show", "k"],
        &["verify", "pack", "--key", "k"],
    ] {
        let ran = home.run(args);
        assert!(!ran.out.contains(shown) && !ran.err.contains(shown), "{args:?}: {}", ran.err);
    }
    assert!(!key.out.contains(shown) && !key.err.contains(shown));
}

#[test]
fn what_the_command_line_repeats_is_visible() {
    let home = Home::new(ONE_SITE);
    let evil = "a\u{1b}[2K\u{202e}b";
    for args in [
        &["check", evil][..],
        &[evil],
        &["report", "--format", evil],
        &["report", "--from", "2026-01-01", "--to", "2026-01-02", "--language", evil],
        &["report", "--from", evil, "--to", "2026-01-02"],
        &["settle", "--from", "2026-01-01", "--to", "2026-01-02", "--actor", evil],
        &["check", "-c", evil],
        &["check", "-o", "nowhere/a\u{1b}[2K\u{202e}b"],
        &["work", "cancel", evil],
        &["certificates", "history", evil],
        &["keys", "show", evil],
        &["verify", evil],
    ] {
        let ran = home.run(args);
        assert!(ran.code == 1 || ran.code == 2, "{args:?}");
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.chars().any(|c| c != '\n' && is_hidden(c)), "{args:?}: {all:?}");
        // Some of it may be left out, but not what turns text around.
        assert!(all.contains("<U+202E>"), "{args:?}: {all}");
    }
    // As values, for programs.
    let ran = home.run(&["check", "--nonsense", "--format", "json"]);
    let error: serde_json::Value = serde_json::from_str(&ran.err).expect(&ran.err);
    assert_eq!(ran.code, 2);
    assert!(error["error"]["what"].as_str().is_some_and(|what| what.contains("--nonsense")), "{error}");
}
