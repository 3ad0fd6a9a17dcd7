//! EIA and ENTSO-E from their servers to the store: every hour there is comes once, with its own value, and no other.

use super::gb::{at, steps};
use super::server::{Asked, Reply, Server, json, reply};
use crate::support::{HEADER, Home, ONE_SITE, Ran};
use reports::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

const HOUR_S: i64 = 3_600;
const KEY: &str = "planted-7f3a91c0";

/// A parameter whose name and value need no decoding.
fn parameter<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// A portfolio with one source, and the credential in a file.
fn home(kind: &str, server: &Server, zone: &str, series: &str) -> Home {
    let source = format!(
        "\n[source.{kind}]\nkind = \"{kind}\"\nurl = \"{}\"\narea = \"A\"\nzone = \"{zone}\"\nseries = {series}\ntoken_file = \"key\"\n",
        server.url
    );
    let home = Home::new(&format!("{ONE_SITE}{source}"));
    home.secret("key", &format!("{KEY}\n"));
    home
}

fn fill(home: &Home, kind: &str, from: &str, to: &str) -> Ran {
    home.run(&["ingest", "--source", kind, "--from", from, "--to", to, "--now", "2026-03-01T00:00Z"])
}

/// Readings that hold, in Wh by start; each is an hour.
fn held(home: &Home, series: &str) -> BTreeMap<Instant, i64> {
    let rows = home.rows();
    let of = |table: &'static str| rows.iter().filter_map(move |row| row.strip_prefix(table)?.strip_prefix(": "));
    let id = of("series").find_map(|row| row.strip_suffix(&format!(" '{series}'")));
    let id = id.unwrap_or_else(|| panic!("no {series} in {rows:?}"));
    let mut held = BTreeMap::new();
    for row in of("readings") {
        let cells: Vec<&str> = row.split(' ').collect();
        if cells[0] == id {
            let number = |at: usize| cells[at].parse::<i64>().expect("a number");
            assert_eq!(number(2) - number(1), HOUR_S, "{row}");
            let before = held.insert(Instant::from_seconds(number(1)), number(3));
            assert_eq!((before, cells[7]), (None, "NULL"), "{series} has it once: {row}");
        }
    }
    held
}

/// The credential was sent, and is nowhere else.
fn kept_to_itself(home: &Home, said: &Ran, server: &Server, name: &str) {
    assert!(server.asked().iter().all(|asked| parameter(asked, name) == Some(KEY)));
    let found = |bytes: &[u8]| bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes());
    assert!(!found(said.out.as_bytes()) && !found(said.err.as_bytes()), "{}{}", said.out, said.err);
    for (path, bytes) in home.tree() {
        assert!(path.ends_with("key") || !found(&bytes), "{}", path.display());
    }
}

/// Days with some load make a pack that its verifier reads, and so does whoever has the page on packs alone.
fn packed(home: &Home, [from, to]: [&str; 2]) {
    let [start, end] = [from, to].map(|day| at(&format!("{day}T00:00:00Z")));
    let rows = |series: &str| -> String {
        let row = |hour: Instant| format!("{series},{hour},{},1,MWh\n", hour + HOUR_S);
        steps(start, end, HOUR_S).map(row).collect()
    };
    home.write("r.csv", &format!("{HEADER}{}{}", rows("site/s/load"), rows("contract/w/generation")));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&["pack", "--from", from, "--to", to, "-o", "p"]).ok();
    home.run(&["verify", "p"]).ok();
    crate::independent::rebuild(&home.path("p"), &[]).ok();
}

/// No request is made twice.
fn asked_once(server: &Server) {
    let asked: Vec<String> = server.asked().into_iter().map(|asked| asked.query).collect();
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "{asked:#?}");
}

/// When solar with batteries of its own came to be told apart, by the end of the first hour.
fn seam() -> Instant {
    at("2024-07-01T05:00:00Z")
}

/// Coal, solar, and solar with batteries of the hour that ends there, in MWh; none in a gap, some of which are zeros.
fn generated(end: Instant) -> Option<(i64, i64, i64)> {
    let hour = end.seconds() / HOUR_S;
    let with = if end < seam() { 0 } else { hour % 3 };
    (![13, 29].contains(&(hour % 50))).then_some((1_000 + hour % 7, 10 + hour % 5, with))
}

fn rows(end: Instant) -> Vec<String> {
    let hour = end.seconds() / HOUR_S;
    let (period, zeros) = (end.to_string()[..13].to_string(), hour % 50 == 29);
    let Some((coal, solar, with)) = generated(end).or(zeros.then_some((0, 0, 0))) else { return Vec::new() };
    let apart = end >= seam();
    let all = [("BAT", -5, apart), ("COL", coal, true), ("PS", 4, apart), ("SNB", with, apart), ("SUN", solar, true)];
    let there = all.into_iter().filter(|(.., there)| *there);
    // Values are numbers or text, as they were before and since 2024.
    let quote = if hour % 2 == 0 { "\"" } else { "" };
    let row = |(code, value, _): (&str, i64, bool)| {
        let of = format!(r#""respondent":"PJM","fueltype":"{code}","value-units":"megawatthours""#);
        format!(r#"{{"period":"{period}",{of},"value":{quote}{value}{quote}}}"#)
    };
    there.map(row).collect()
}

/// Pages of 301 rows, which end within hours.
fn eia(asked: &Asked) -> Reply {
    if parameter(asked, "api_key") != Some(KEY) {
        return reply(403, "application/json", r#"{"error":{"code":"API_KEY_INVALID"}}"#);
    }
    let hour = |name| at(&format!("{}:00:00Z", parameter(asked, name).expect("an hour")));
    let offset: usize = parameter(asked, "offset").expect("an offset").parse().expect("a number");
    let all: Vec<String> = steps(hour("start"), hour("end") + 1, HOUR_S).flat_map(rows).collect();
    let page = all.iter().skip(offset).take(301).cloned().collect::<Vec<_>>().join(",");
    json(format!(r#"{{"response":{{"total":"{}","frequency":"hourly","data":[{page}]}}}}"#, all.len()))
}

#[test]
fn a_month_of_eia_over_the_seam_has_each_hour_once() {
    let server = Server::start(eia);
    let home = home("eia", &server, "PJM", r#"["coal", "solar"]"#);
    let said = fill(&home, "eia", "2024-06-20", "2024-07-20").ok();
    let (from, to) = (at("2024-06-20T00:00:00Z"), at("2024-07-20T00:00:00Z"));
    let starts = || steps(from, to, HOUR_S);
    let wanted = |of: fn((i64, i64, i64)) -> i64| -> BTreeMap<Instant, i64> {
        let one = |start: Instant| Some((start, of(generated(start + HOUR_S)?) * 1_000_000));
        starts().filter_map(one).collect()
    };
    assert_eq!(held(&home, "grid/A/coal"), wanted(|(coal, ..)| coal));
    assert_eq!(held(&home, "grid/A/solar"), wanted(|(_, solar, with)| solar + with));
    assert!(server.calls() > 6, "pages: {}", server.calls());
    asked_once(&server);
    kept_to_itself(&home, &said, &server, "api_key");
    let before = server.calls();
    fill(&home, "eia", "2024-06-20", "2024-07-20").ok();
    assert_eq!(server.calls(), before, "none of it is asked for again");
    packed(&home, ["2024-06-30", "2024-07-02"]);
}

const SINCE: &str = "2026-01-01T00:00:00Z";

/// Solar of the hour that begins there, in MW: the same for three hours.
fn solar_mw(start: Instant) -> i64 {
    100 + start.seconds().div_euclid(3 * HOUR_S) % 5
}

/// Type, domain, and MW by hour from a start to an end, without points that repeat the one before.
fn series(psr_type: &str, domain: &str, (start, end): (Instant, Instant), mw: impl Fn(Instant) -> i64) -> String {
    let minute = |instant: Instant| format!("{}Z", &instant.to_string()[..16]);
    let mut points = String::new();
    for (index, at) in steps(start, end, HOUR_S).enumerate() {
        if index == 0 || mw(at) != mw(at - HOUR_S) {
            let (position, mw) = (index + 1, mw(at));
            points += &format!("<Point><position>{position}</position><quantity>{mw}</quantity></Point>\n");
        }
    }
    format!(
        "<TimeSeries><{domain}BiddingZone_Domain.mRID codingScheme=\"A01\">10Y1001A1001A82H\
         </{domain}BiddingZone_Domain.mRID><quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name>\
         <curveType>A03</curveType><MktPSRType><psrType>{psr_type}</psrType></MktPSRType><Period><timeInterval>\
         <start>{}</start><end>{}</end></timeInterval><resolution>PT60M</resolution>\n{points}</Period></TimeSeries>\n",
        minute(start),
        minute(end)
    )
}

/// Nothing before 2026, and nothing that is not asked for.
fn entsoe(asked: &Asked) -> Reply {
    let instant = |name| {
        let text = parameter(asked, name).expect("a time");
        at(&format!("{}-{}-{}T{}:{}:00Z", &text[..4], &text[4..6], &text[6..8], &text[8..10], &text[10..]))
    };
    let period = (instant("periodStart").max(at(SINCE)), instant("periodEnd"));
    if period.0 >= period.1 {
        return reply(200, "text/xml", include_str!("../../../fixtures/http/entsoe/no-data.xml"));
    }
    let series = [
        series("B16", "in", period, solar_mw),
        series("B16", "out", period, |_| 1),
        series("B10", "in", period, |_| 300),
        series("B18", "in", period, |_| 8),
        series("B19", "in", period, |start| 2 * solar_mw(start)),
    ];
    let head = "<GL_MarketDocument xmlns=\"urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:0\">\
                <type>A75</type><process.processType>A16</process.processType>\
                <createdDateTime>2026-03-01T00:00:00Z</createdDateTime>";
    reply(200, "text/xml", format!("{head}{}</GL_MarketDocument>", series.concat()))
}

#[test]
fn a_season_of_entsoe_has_each_hour_once_and_no_data_is_no_fault() {
    let server = Server::start(entsoe);
    let home = home("entsoe", &server, "10Y1001A1001A82H", r#"["solar", "wind", "hydro"]"#);
    // Forecasts are not of the past: what is asked is generation alone.
    let said = fill(&home, "entsoe", "2025-11-01", "2026-02-15").ok();
    let starts = || steps(at(SINCE), at("2026-02-15T00:00:00Z"), HOUR_S);
    let solar: BTreeMap<Instant, i64> = starts().map(|start| (start, solar_mw(start) * 1_000_000)).collect();
    assert_eq!(held(&home, "grid/A/solar"), solar);
    let wind: BTreeMap<Instant, i64> = starts().map(|start| (start, (8 + 2 * solar_mw(start)) * 1_000_000)).collect();
    assert_eq!(held(&home, "grid/A/wind"), wind);
    assert!(
        !home.rows().iter().any(|row| row.starts_with("series: ") && row.ends_with("/hydro'")),
        "pumped storage is none"
    );
    asked_once(&server);
    kept_to_itself(&home, &said, &server, "securityToken");
    packed(&home, ["2026-01-01", "2026-01-03"]);
}

#[test]
fn what_providers_refuse_is_said_and_nothing_of_it_stays() {
    let acknowledged = |text: &str| {
        let reason = format!("<Reason><code>999</code><text>{text}</text></Reason>");
        format!("<Acknowledgement_MarketDocument>{reason}</Acknowledgement_MarketDocument>")
    };
    let token = acknowledged("Unauthorized. Missing or invalid security token");
    let limit = acknowledged("The amount of requested data exceeds allowed limit.");
    let often = acknowledged("Max allowed requests per minute from each unique IP is max up to 400 only");
    let gone = r#"{"error":{"code":"API_KEY_INVALID","message":"An invalid api_key was supplied."}}"#;
    for (kind, zone, answer, wanted) in [
        ("entsoe", "10Y1001A1001A82H", reply(429, "text/xml", often.clone()), "asks to wait 600 s"),
        ("entsoe", "10Y1001A1001A82H", reply(200, "text/xml", often), "asks to wait 600 s"),
        ("entsoe", "10Y1001A1001A82H", reply(401, "text/xml", token.clone()), "answered 401"),
        ("entsoe", "10Y1001A1001A82H", reply(200, "text/xml", token), "invalid security token"),
        ("entsoe", "10Y1001A1001A82H", reply(400, "text/xml", limit), "exceeds allowed limit"),
        ("eia", "PJM", reply(403, "application/json", gone), "answered 403"),
        ("eia", "PJM", reply(200, "application/json", gone), "API_KEY_INVALID"),
        ("eia", "PJM", reply(400, "application/json", r#"{"error":"Invalid facet","code":400}"#), "Invalid facet"),
    ] {
        let server = Server::script(vec![answer]);
        let home = home(kind, &server, zone, r#"["solar"]"#);
        let said = fill(&home, kind, "2026-01-01", "2026-01-03");
        assert_ne!(said.code, 0, "{wanted}");
        assert!(said.err.contains(wanted), "`{wanted}` not in {}", said.err);
        assert_eq!(server.calls(), 1, "{wanted}");
        assert!(!home.rows().iter().any(|row| row.starts_with("readings: ")), "{wanted}");
    }
}
