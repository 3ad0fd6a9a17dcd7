//! A source that stands in for a better one: what it gave is told in plan, report and pack, and stays told.

use super::gb::{Gb, at};
use super::server::{Server, reply};
use crate::packs::{Files, at_path, remade};
use crate::support::{HEADER, Home, ONE_SITE, hourly};
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use serde_json::Value;

const NOW: &str = "2026-01-20T13:30Z";
const PERIOD: [&str; 4] = ["--from", "2026-01-20T00:00Z", "--to", "2026-01-20T12:00Z"];

fn sound() -> Server {
    let gb = Gb { now: at("2026-01-20T13:30:00Z"), revised: 0 };
    Server::start(move |asked| gb.answer(asked))
}

/// Two sources of the same series, the first in rank down or not, followed once; and a morning of load.
fn followed(first_is_down: bool) -> (Home, [Server; 2]) {
    let down = || Server::script(vec![reply(403, "text/plain", "")]);
    let servers = [if first_is_down { down() } else { sound() }, sound()];
    let source = |name: &str, server: &Server, rank: u32| {
        format!("[source.{name}]\nkind = \"gb\"\nurl = \"{}\"\narea = \"A\"\nrank = {rank}\n", server.url)
    };
    let sources = source("first", &servers[0], 0) + &source("second", &servers[1], 1);
    let home = Home::new(&format!("{ONE_SITE}\n{sources}"));
    let turned = home.run(&["follow", "--once", "--now", NOW]);
    assert_eq!(turned.code, i32::from(first_is_down), "{}", turned.err);
    let rows = hourly("site/s/load", [1.0; 12]) + &hourly("contract/w/generation", [0.5; 12]);
    home.write("r.csv", &format!("{HEADER}{}", rows.replace("2026-01-01", "2026-01-20")));
    home.run(&["ingest", "r.csv"]).ok();
    (home, servers)
}

fn told<'v>(list: &'v Value, key: &str) -> Vec<&'v Value> {
    list[key].as_array().expect("a list").iter().filter(|row| row["code"] == "fallback_source").collect()
}

#[test]
fn what_a_fallback_source_gave_is_told_in_report_pack_and_plan() {
    let (home, servers) = followed(true);
    assert!(servers.iter().all(|server| server.calls() > 0), "both were asked");
    let report = home.run(&[&["report", "--format", "json"][..], &PERIOD[..]].concat()).ok().json();
    let rows = told(&report, "exceptions");
    let series: Vec<&str> = rows.iter().filter_map(|row| row["series"].as_str()).collect();
    assert_eq!(series, ["grid/A/carbon_intensity", "grid/A/cfe_share"]);
    for row in rows {
        assert_eq!(
            (&row["message"], &row["start"], &row["end"]),
            (
                &"given by second, which stood in for first".into(),
                &"2026-01-20T00:00:00Z".into(),
                &"2026-01-20T12:00:00Z".into()
            )
        );
    }
    let page = home.run(&[&["report", "--format", "html"][..], &PERIOD[..]].concat()).ok().out;
    assert!(page.contains("Readings of 2 series are of fallback sources in 2 spans"), "{page}");

    home.run(&[&["pack", "-o", "pack"][..], &PERIOD[..]].concat()).ok();
    home.run(&["verify", "pack"]).ok();
    let books = home.read("pack/inputs/books.json");
    let parsed: Value = serde_json::from_str(&books).expect("JSON");
    let first = &parsed["fallbacks"][0];
    assert_eq!((&first["source"], &first["in_place_of"]), (&"second".into(), &"first".into()));
    let readings = format!("\"readings\": {}", first["readings"]);
    assert!(books.contains(&readings), "{books}");
    let mut forged = at_path(&home.path("pack"));
    forged.insert("inputs/books.json".into(), books.replace(&readings, "\"readings\": 1").into_bytes());
    let findings = verify::verify(&Files(remade(forged)), &Trust::default()).expect_err("forged");
    assert!(findings.iter().any(|f| f.what.contains("does not name readings of the pack")), "{findings:?}");

    let plan = home.run(&["plan", "--now", NOW, "--horizon", "24h", "--format", "json"]).ok().json();
    let said: Vec<&str> = told(&plan, "reasons").iter().filter_map(|reason| reason["message"].as_str()).collect();
    let of = |what: &str| {
        let begins = "grid/A/carbon_intensity: ";
        let wanted = format!(" {what} from second, which stood in for first: 2026-01-");
        said.iter().any(|line| line.starts_with(begins) && line.contains(&wanted))
    };
    assert!(of("readings") && of("values ahead"), "{said:?}");

    // Ranks are of this machine: another order of them does not change what was.
    let portfolio = home.read("hourmatch.toml").replace("rank = 1", "rank = 9").replace("rank = 0", "rank = 10");
    home.write("hourmatch.toml", &portfolio);
    let again = home.run(&[&["report", "--format", "json"][..], &PERIOD[..]].concat()).ok().json();
    assert_eq!(told(&again, "exceptions"), told(&report, "exceptions"));
}

/// What was withdrawn by mistake comes back as what it was: given in place of a better source.
#[test]
fn what_is_put_back_is_still_told_to_be_of_a_fallback_source() {
    let (home, _servers) = followed(true);
    let said = || -> Vec<String> {
        let plan = home.run(&["plan", "--now", NOW, "--horizon", "24h", "--format", "json"]).ok().json();
        told(&plan, "reasons").iter().map(|reason| reason["message"].to_string()).collect()
    };
    let before = said();
    assert!(before.iter().any(|line| line.contains("values ahead from second")), "{before:?}");
    // The answers are revision 1, load and generation are revision 2.
    let taken = home.run(&["revoke", "1", "--reason", "tried"]).ok();
    assert!(taken.err.contains("forecast values"), "{}", taken.err);
    let back = home.run(&["revoke", "3", "--reason", "it was right"]).ok();
    assert!(back.err.contains("forecast values"), "{}", back.err);
    assert_eq!(said(), before);
}

#[test]
fn where_the_first_source_answers_nothing_is_told() {
    let (home, servers) = followed(false);
    assert_eq!(servers[1].calls(), 0, "the second stands by");
    let report = home.run(&[&["report", "--format", "json"][..], &PERIOD[..]].concat()).ok().json();
    assert!(told(&report, "exceptions").is_empty());
    home.run(&[&["pack", "-o", "pack"][..], &PERIOD[..]].concat()).ok();
    assert!(!home.read("pack/inputs/books.json").contains("fallbacks"));
    let plan = home.run(&["plan", "--now", NOW, "--horizon", "24h", "--format", "json"]).ok().json();
    assert!(told(&plan, "reasons").is_empty());
}
