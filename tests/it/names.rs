//! Display names of sites and contracts: people see them, programs go by ids, and no figure, digest or version depends on
//! them.

use crate::independent::{agrees, rebuild};
use crate::packs::at_path;
use crate::support::{HEADER, Home, ONE_SITE, hourly, verifier};
use hourmatch::portfolio::parse;
use reports::evidence::folder::Folder;
use reports::evidence::inputs_files;
use serde_json::Value;
use std::process::Command;

const SITE: &str = "Ashburn <i>campus";
const CONTRACT: &str = "Coastal wind";
const PERIOD: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-01-01T03:00Z"];

fn named(site: &str, contract: &str) -> String {
    let text = ONE_SITE.replacen("id = \"s\"\n", &format!("id = \"s\"\nname = \"{site}\"\n"), 1);
    text.replacen("id = \"w\"\n", &format!("id = \"w\"\nname = \"{contract}\"\n"), 1)
}

fn ingest(home: &Home, rows: &str) {
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
}

/// Three hours of load and wind.
fn home(portfolio: &str) -> Home {
    let home = Home::new(portfolio);
    ingest(&home, &(hourly("site/s/load", [1.0, 0.5, 0.25]) + &hourly("contract/w/generation", [0.5, 0.75, 0.0])));
    home
}

fn report(home: &Home, more: &[&str]) -> String {
    home.run(&[&["report"][..], &PERIOD[..], more].concat()).ok().out
}

fn pack(home: &Home, to: &str) -> Value {
    home.run(&[&["pack"][..], &PERIOD[..], &["-o", to, "--format", "json"][..]].concat()).ok().json()
}

#[test]
fn people_see_names_and_programs_ids() {
    let empty = Home::new(&named(SITE, CONTRACT)).run(&["check"]).ok().out;
    for lack in ["note: site Ashburn <i>campus (s): no load", "note: contract Coastal wind (w): no generation"] {
        assert!(empty.contains(lack), "no {lack} in {empty}");
    }
    let (plain, home) = (home(ONE_SITE), home(&named(SITE, CONTRACT)));
    let html = report(&home, &["--format", "html"]);
    for part in ["Site Ashburn &#60;i&#62;campus (s)", "Coastal wind (w)"] {
        assert!(html.contains(part), "the page lacks {part}");
    }
    assert!(!html.contains("<i>campus"), "a name is markup");
    for form in [
        &["--format", "json"][..],
        &["--format", "csv", "--table", "sites"],
        &["--format", "csv", "--table", "contracts"],
        &["--format", "csv", "--table", "allocations"],
    ] {
        assert_eq!(report(&home, form), report(&plain, form), "{form:?}");
    }
}

#[test]
fn a_plan_shows_names() {
    let home = Home::new(&named(SITE, CONTRACT));
    let hours = 14 * 24;
    let wind = (0..hours).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    ingest(&home, &(hourly("site/s/it_load", vec![4.0; hours]) + &hourly("contract/w/generation", wind)));
    home.write(
        "w.csv",
        "id,release,deadline,energy_mwh,max_mw,sites\nlarge,2026-01-15T12:00:00Z,2026-01-16T12:00:00Z,24,4,s\n",
    );
    home.run(&["work", "import", "w.csv"]).ok();
    let now = ["--now", "2026-01-15T00:00:00Z"];
    home.run(&[&["plan", "--horizon", "48h"], &now[..]].concat()).ok();
    let shown = |more: &[&str]| home.run(&[&["plan", "show"], &now[..], more].concat()).ok().out;
    let text = shown(&[]);
    assert!(text.contains("\nAshburn <i>campus (s): 1 piece of work"), "{text}");
    let page = shown(&["--format", "html"]);
    for part in ["<h2>Ashburn &#60;i&#62;campus (s)</h2>", "IT power at Ashburn &#60;i&#62;campus"] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    assert!(!page.contains("<i>campus"), "a name is markup");
    let document: Value = serde_json::from_str(&shown(&["--format", "json"])).expect("JSON");
    assert_eq!(document["schedule"][0]["site"], "s");
}

/// The pack of another name is the same version under another root, and each verifies with the names it holds.
#[test]
fn a_name_changes_no_figure_digest_or_version() {
    let home = home(ONE_SITE);
    let first = pack(&home, "plain");
    home.write("hourmatch.toml", &named(SITE, CONTRACT));
    let second = pack(&home, "named");
    assert_eq!((&second["version"], &second["rows_posted"]), (&1.into(), &0.into()));
    assert_ne!(second["root"], first["root"]);
    let third = home.run(&[&["pack"][..], &PERIOD[..], &["-o", "third"][..]].concat()).ok();
    let published = format!("note: version 1 is published under root {}", first["root"].as_str().expect("a root"));
    assert!(third.err.contains(&published), "{}", third.err);
    let (plain, named) = (at_path(&home.path("plain")), at_path(&home.path("named")));
    let books = "inputs/books.json";
    for (path, bytes) in plain.iter().filter(|(path, _)| *path != books && *path != "manifest.json") {
        assert!(named[path] == *bytes, "{path} depends on names");
    }
    let site = |pack: &std::collections::BTreeMap<String, Vec<u8>>| -> Value {
        let books: Value = serde_json::from_slice(&pack[books]).expect("JSON");
        books["definitions"]["sites"][0].clone()
    };
    assert!(site(&plain).get("name").is_none(), "{}", site(&plain));
    assert_eq!(site(&named)["name"], SITE);
    for dir in ["plain", "named"] {
        let done = Command::new(verifier()).arg(home.path(dir)).output().expect("runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        rebuild(&home.path(dir), &[]).ok();
    }
    agrees(&[home.path("plain"), home.path("named")]);
    let inputs = inputs_files::read(&Folder::new(&home.path("named"))).expect("inputs");
    let report = reports::report::compute(&inputs).expect("figures").report;
    let shown = report.labels.site_with_id(&"s".into());
    assert_eq!(shown, "Ashburn <i>campus (s)", "a page made of the pack has its names");
}

/// What comes after a change of names restates the version before as ever, for its own reason alone.
#[test]
fn a_correction_is_not_put_down_to_a_name() {
    let home = home(ONE_SITE);
    let first = pack(&home, "v1");
    home.write("hourmatch.toml", &named(SITE, CONTRACT));
    ingest(&home, "contract/w/generation,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,0.25,MWh\n");
    let second = pack(&home, "v2");
    assert_eq!((&second["version"], &second["replaces"]), (&2.into(), &first["root"]));
    assert_eq!(second["intervals_allocated"], 1, "only what the correction reaches");
    let results: Value = serde_json::from_str(&home.read("v2/results.json")).expect("JSON");
    assert_eq!(results["restatement"]["reason"], "data received since: r.csv");
}

/// The one problem of a portfolio, and its line.
fn problem(portfolio: &str) -> (String, u64) {
    let problems = parse(portfolio, "hourmatch.toml").expect_err(portfolio).0;
    let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
    (problem.what.clone(), problem.line.expect("a line"))
}

#[test]
fn names_are_short_lines_that_tell_things_apart() {
    // Sites stand on lines 7 and 12, or 13 if the first has a name.
    let two = |first: &str, second: &str| {
        let more = format!("[[site]]\nid = \"t\"\n{second}boundary = \"A\"\nit_capacity_mw = 1.0\n[[contract]]");
        let text = ONE_SITE.replacen("[[contract]]", &more, 1);
        text.replacen("id = \"s\"\n", &format!("id = \"s\"\n{first}"), 1)
    };
    let one = "name = \"One\"\n";
    assert!(parse(&two(one, "name = \"Two\"\n"), "hourmatch.toml").is_ok());
    let (what, line) = problem(&two(one, one));
    assert_eq!((what.as_str(), line), ("site t is named `One`, like site s on line 7", 13));
    let (what, line) = problem(&two("", "name = \"s\"\n"));
    assert_eq!((what.as_str(), line), ("site t is named `s`, like site s on line 7", 12));
    let again = "[[contract]]\nid = \"v\"\nname = \"Coastal wind\"\nboundary = \"A\"\ntechnology = \"wind\"\n";
    let (what, _) = problem(&(named(SITE, CONTRACT) + again));
    assert!(what.starts_with("contract v is named `Coastal wind`, like contract w on line 1"), "{what}");
    // A site and a contract are not taken for each other.
    assert!(parse(&named("One", "One"), "hourmatch.toml").is_ok());
    let long = "x".repeat(81);
    for (name, wanted) in [
        ("", "site s: `name` is blank"),
        (" Ashburn", "site s: `name` is blank, begins or ends with a blank"),
        ("Ash\\u202Eburn", "bidirectional marks"),
        ("\\u001b[2K", "holds control characters"),
        (long.as_str(), "site s: `name` has 81 characters, more than 80"),
    ] {
        let (what, line) = problem(&named(name, CONTRACT));
        assert!(what.contains(wanted) && line == 9, "{line}: {what}");
    }
}
