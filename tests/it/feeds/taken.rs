//! What was fetched, through the command line: into reports and packs, and out of the pack again.

use super::gb::{Gb, at};
use super::server::{Server, reply};
use crate::support::{HEADER, Home, ONE_SITE, hourly};

const NOW: &str = "2026-01-20T13:30Z";

fn served() -> Server {
    let gb = Gb { now: at("2026-01-20T13:30:00Z"), revised: 0 };
    Server::start(move |asked| gb.answer(asked))
}

fn home(server: &Server) -> Home {
    Home::new(&format!("{ONE_SITE}\n[source.gb]\nurl = \"{}\"\narea = \"A\"\n", server.url))
}

fn fetch(home: &Home, more: &[&str]) -> crate::support::Ran {
    let args = ["ingest", "--source", "gb", "--from", "2026-01-01", "--to", "2026-01-03", "--now", NOW];
    home.run(&[&args[..], more].concat())
}

#[test]
fn a_period_is_fetched_once_and_its_answers_are_in_the_pack() {
    let server = served();
    let home = home(&server);
    let outcome = fetch(&home, &["--format", "json"]).ok().json();
    assert_eq!(outcome["files"][0]["added"], 2 * 48 * 2);
    assert_eq!(server.calls(), 2);
    let again = fetch(&home, &[]).ok();
    assert!(again.err.contains("1 part of the period was fetched before"), "{}", again.err);
    assert_eq!(server.calls(), 2);
    let anew = fetch(&home, &["--again", "--record", "kept"]).ok();
    assert!(anew.err.contains("192 already stored"), "{}", anew.err);
    assert_eq!(server.calls(), 4);

    let readings = hourly("site/s/load", [1.0; 48]) + &hourly("contract/w/generation", [0.5; 48]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-03", "-o", "p"]).ok();
    home.run(&["verify", "p"]).ok();
    crate::independent::rebuild(&home.path("p"), &[]).ok();
    let received: Vec<String> = std::fs::read_dir(home.path("p/inputs/received"))
        .expect("a folder")
        .map(|entry| String::from_utf8_lossy(&std::fs::read(entry.expect("a file").path()).expect("read")).into_owned())
        .filter(|text| text.starts_with("{\"received\":\"hourmatch/exchange/1\",\"kind\":\"gb\""))
        .collect();
    assert_eq!(received.len(), 1, "the answers as they came, and what was asked");
    assert_eq!(received[0].lines().count(), 3, "a question and two answers");
    assert_eq!(home.read("kept/gb-20260101T000000Z.jsonl"), received[0], "a record is what is kept");
}

#[test]
fn a_portfolio_is_followed_and_told_of() {
    let server = served();
    let home = home(&server);
    let once = home.run(&["follow", "--once", "--now", NOW, "--format", "json"]).ok().json();
    assert_eq!(once["sources"][0]["source"], "gb");
    assert_eq!(once["sources"][0]["error"], serde_json::Value::Null);
    home.run(&["follow", "--once", "--now", NOW]).ok();
    assert_eq!(server.calls(), 2, "it is not due again");
    let feeds = home.run(&["feeds", "--now", NOW, "--format", "json"]).ok().json();
    assert_eq!(feeds["sources"][0]["fresh"], true);
    assert_eq!(feeds["sources"][0]["series"][0]["until"], "2026-01-20T13:00:00Z");
    let text = home.run(&["feeds", "--now", NOW]).ok().out;
    assert!(text.contains("grid/A/carbon_intensity") && text.contains("2026-01-22T13:30:00Z"), "{text}");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let server = Server::script(vec![reply(500, "text/plain", "")]);
    let home = home(&server);
    fetch(&home, &["--area", "B"]).refused("area `B` is not a boundary of the portfolio");
    home.run(&["ingest", "--source", "gb"]).refused("--source gb needs --from and --to");
    home.run(&["ingest", "--source", "gb", "x.csv", "--from", "2026", "--to", "2027"]).refused("it takes no files");
    home.run(&["ingest", "x.csv", "--again"]).refused("--again and --record are only for sources that are fetched");
    home.run(&["follow", "--source", "grid"]).refused("`grid` is not a source that is fetched");
    Home::new(ONE_SITE).run(&["follow", "--once"]).refused("the portfolio has no source to follow");
    assert_eq!(server.calls(), 0);
    let failed = home.run(&["follow", "--source", "gb", "--now", NOW]);
    assert_eq!(failed.code, 1, "{}", failed.err);
    assert!(failed.err.contains("gb: answered 500") && failed.err.contains("next try"), "{}", failed.err);
    let feeds = home.run(&["feeds", "--now", NOW]).ok().out;
    assert!(feeds.contains("gb: failed 1 time, breaker closed: answered 500"), "{feeds}");
}

#[test]
fn a_source_says_what_it_is() {
    let refused = |table: &str, wanted: &str| {
        let text = format!("{ONE_SITE}\n{table}\n");
        let error = hourmatch::portfolio::parse(&text, "t.toml").expect_err(wanted).to_string();
        assert!(error.contains(wanted), "`{wanted}` not in: {error}");
    };
    for (table, wanted) in [
        ("[source.grid]\nkind = \"nobody\"", "`kind` is not known: `nobody`; there are table nem12"),
        ("[source.grid]\nkind = \"gb\"\narea = \"B\"", "`area` `B` is not a boundary"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\nzone = \"X\"", "GB Carbon Intensity has one area"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\nseries = [\"price\"]", "does not give `price`"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\nseries = [\"coal_mw\"]", "is not a series"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\nsettings = { q = \"1\" }", "takes no `q`"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\nevery = \"5s\"", "`every` is not between 60s and 31d"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\noverlap = \"90d\"", "`overlap` is not between 0s and 60d"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\nrank = 0.5", "`rank` is not an integer"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\ntoken = \"x\"", "unknown key `token`"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\ntoken_env = \"A-B\"", "not the name of an environment variable"),
        ("[source.grid]\nkind = \"gb\"\ntoken_env = \"A\"\ntoken_file = \"a\"", "two places of one credential"),
        ("[source.grid]\nkind = \"gb\"\narea = \"A\"\ntoken_env = \"A\"", "takes no credential"),
        ("[source.gb]\nkind = \"table\"", "`kind` is another than `gb`"),
        ("[source.gb]\nurl = \"ftp://h\"", "is not a web address"),
        ("[source.readings]\nkind = \"gb\"", "is the name of a source that comes with the program"),
    ] {
        refused(table, wanted);
    }
    let text = format!("{ONE_SITE}\n[source.grid]\nkind = \"gb\"\narea = \"A\"\nseries = [\"carbon_intensity\"]\n");
    let portfolio = hourmatch::portfolio::parse(&text, "t.toml").expect("a portfolio");
    let grid = &portfolio.feeds["grid"];
    assert_eq!(grid.wanted.series, ["grid/A/carbon_intensity"]);
    assert!(grid.follow && !portfolio.feeds["gb"].follow, "what nobody names is not followed");
}

/// Ctrl-C and SIGTERM end it with nothing left held, whatever it was at.
#[test]
fn following_ends_when_it_is_asked_to() {
    let server = Server::start(|_| {
        std::thread::sleep(std::time::Duration::from_secs(30));
        reply(500, "text/plain", "")
    });
    let home = home(&server);
    for signal in ["-INT", "-TERM"] {
        let calls = server.calls();
        let mut child = home.command().arg("follow").stderr(std::process::Stdio::piped()).spawn().expect("runs");
        while server.calls() == calls {
            assert!(child.try_wait().expect("a child").is_none(), "it follows until it is asked to end");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let asked = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(asked.expect("kill").success());
        let done = crate::support::Ran::from(child.wait_with_output().expect("ends")).ok();
        assert!(done.err.contains("following 1 source"), "{}", done.err);
    }
    // What was being asked is asked again, by whoever comes next.
    assert_eq!(home.direct("update feeds set note = 'free' where holder is null and until_us = 0"), 1);
}
