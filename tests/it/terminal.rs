//! Text that others wrote, on its way to a terminal: nothing that hides, moves or reorders what stands around it.

use crate::support::{HEADER, Home, ONE_SITE, Ran, hourly};
use reports::text::is_hidden;

const ESCAPE: &str = "\u{1b}[2K";
const BACKWARDS: &str = "\u{202e}";

/// Shows `wanted`, and nothing hidden but line ends.
fn plain(ran: &Ran, wanted: &str) {
    for text in [&ran.out, &ran.err] {
        assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "{text:?}");
    }
    let all = format!("{}{}", ran.out, ran.err);
    assert!(all.contains(wanted), "`{wanted}` not in: {all}");
}

#[test]
fn what_stands_in_files_is_shown_and_never_obeyed() {
    let home = Home::new(ONE_SITE);
    let row = |value: &str| format!("{HEADER}site/s/load,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,\"{value}\",MWh\n");
    let evil = format!("1\nerror: none{ESCAPE}{BACKWARDS}");
    home.write("value.csv", &row(&evil));
    let ran = home.run(&["ingest", "value.csv"]).refused("value.csv:2");
    plain(&ran, "`1\\nerror: none\\x1b[2K<U+202E>` is not a decimal number");
    home.write("header.csv", &format!("series,start,end,value,unit,{ESCAPE}\n"));
    plain(&home.run(&["ingest", "header.csv"]), "unknown column `\\x1b[2K`");
    let name = format!("evil{ESCAPE}{BACKWARDS}.csv");
    home.write(&name, &format!("{HEADER}{}", hourly("site/s/load", [1.0])));
    plain(&home.run(&["ingest", &name]).ok(), "evil\\x1b[2K<U+202E>.csv: 1 reading added");
    let bad = format!("evil{ESCAPE}\n.csv");
    home.write(&bad, "time\n1\n");
    plain(&home.run(&["ingest", &bad]), "evil\\x1b[2K\\n.csv:1: its header matches no known source");
    home.write("gc.csv", "id,device,registry,technology,start,end,wh\n\"a,\u{1b}\",w,R,wind,2026-01-01,2026,1\n");
    plain(&home.run(&["certificates", "import", "gc.csv"]), "gc.csv:2: ");
}

#[test]
fn what_stands_in_a_portfolio_is_shown_and_never_obeyed() {
    for (from, to, wanted) in [
        ("name = \"one\"", "name = \"one\\norigin proved\"", "`name` is blank or holds control characters or"),
        ("name = \"one\"", "name = \"\\u202Eeno\"", "`name` is blank or holds control characters or bidirectional"),
        ("id = \"A\"", "id = \"A\\u001b[2K\"", "`A\\x1b[2K` is not an id"),
        ("technology = \"wind\"", "technology = \"wi,nd\"", "technology `wi,nd` is not a plain word"),
        ("technology = \"wind\"", "technology = \"wind\"\nplant = \"a/b\"", "plant `a/b` is not an id"),
        ("synthetic = true", "\"\\u001b[8m\" = true", "unknown key `\\x1b[8m`"),
    ] {
        let home = Home::new(&ONE_SITE.replacen(from, to, 1));
        let ran = home.run(&["check"]);
        assert_eq!(ran.code, 1, "{to}");
        plain(&ran, wanted);
        // Programs get the values as they are.
        let json = home.run(&["check", "--format", "json"]);
        assert!(
            serde_json::from_str::<serde_json::Value>(json.err.lines().last().unwrap_or("")).is_ok(),
            "{}",
            json.err
        );
    }
}

#[test]
fn who_and_why_are_one_line_each() {
    let home = Home::new(ONE_SITE);
    home.write("r.csv", &format!("{HEADER}{}", hourly("site/s/load", [1.0])));
    for (option, text) in [("--actor", "a\nb"), ("--reason", "a\u{202e}"), ("--reason", "a\u{1b}[8m")] {
        let ran = home.run(&["ingest", "r.csv", option, text]);
        assert!(ran.code == 2 && ran.err.contains("write one line of text"), "{}", ran.err);
    }
    // A file's name may be anything; what it becomes part of holds nothing hidden.
    home.run(&["ingest", "r.csv"]).ok();
    let pack = |to: &str| home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-01T01:00Z", "-o", to]).ok();
    pack("v1");
    let name = format!("evil{BACKWARDS}\n.csv");
    home.write(&name, &format!("{HEADER}{}", hourly("site/s/load", [2.0])));
    home.run(&["ingest", &name]).ok();
    plain(&pack("v2"), "data received since: evil<U+202E>\\n.csv");
    home.run(&["verify", "v2"]).ok();
}
