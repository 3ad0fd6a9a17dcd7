//! Electricity Maps, WattTime and Energy-Charts as their documentation has them, through the command line: a period in,
//! each interval once, into a pack, and out of it again.

use super::gb::{at, steps};
use super::server::{Asked, Reply, Server, json, reply};
use crate::support::{HEADER, Home, ONE_SITE, hourly};
use hourmatch::store::Store;
use hourmatch::store::readings::{self, Cut};
use reports::inputs::Point;
use reports::time::{Instant, Interval};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const NOW: &str = "2026-02-20T00:00Z";
/// What nobody may see.
const KEY: &str = "user:hunter2";
const DAY_S: i64 = 86_400;

/// What every provider says of an instant.
fn truth(start: Instant) -> i64 {
    100 + start.seconds().div_euclid(300).rem_euclid(97)
}

fn parameter(asked: &Asked, key: &str) -> String {
    let found = asked.query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
    found.unwrap_or_default().replace("%3A", ":")
}

/// The instants from a start to an end that is inclusive.
fn instants([start, end]: [Instant; 2], step_s: i64) -> Vec<Instant> {
    steps(start, end + 1, step_s).collect()
}

fn period_of(asked: &Asked) -> [Instant; 2] {
    ["start", "end"].map(|key| at(&parameter(asked, key)))
}

fn electricity_maps(asked: &Asked) -> Reply {
    if asked.headers.get("auth-token").map(String::as_str) != Some(KEY) {
        return reply(401, "application/json", "{}");
    }
    let hour = |start: &Instant| {
        let datetime = start.to_string().replace('Z', ".000Z");
        match asked.path.as_str() {
            "/v3/carbon-intensity/past-range" => {
                serde_json::json!({ "datetime": datetime, "carbonIntensity": truth(*start) })
            }
            "/v3/carbon-free-energy/past-range" => {
                serde_json::json!({ "datetime": datetime, "value": "40", "unit": "%" })
            }
            _ => {
                let mix = serde_json::json!({ "wind": truth(*start), "battery discharge": 5 });
                serde_json::json!({ "datetime": datetime, "powerProductionBreakdown": mix })
            }
        }
    };
    let hours: Vec<serde_json::Value> = instants(period_of(asked), 3_600).iter().map(hour).collect();
    json(serde_json::json!({ "zone": parameter(asked, "zone"), "data": hours }).to_string())
}

/// The first token is refused from its second use on.
fn watttime(asked: &Asked) -> Reply {
    let authorization = asked.headers.get("authorization").map_or("", String::as_str);
    match asked.path.as_str() {
        "/login" if authorization == "Basic dXNlcjpodW50ZXIy" => json(format!("{{\"token\": \"t{}\"}}", asked.before)),
        "/v3/historical" if authorization.starts_with("Bearer t") => {
            if authorization == "Bearer t0" && asked.before > 1 {
                return reply(401, "application/json", "{}");
            }
            let point = |start: &Instant| {
                let time = start.to_string().replace('Z', "+00:00");
                serde_json::json!({ "point_time": time, "value": truth(*start) })
            };
            let points: Vec<serde_json::Value> = instants(period_of(asked), 300).iter().map(point).collect();
            let region = parameter(asked, "region");
            let meta = serde_json::json!({ "region": region, "signal_type": "co2_moer", "units": "lbs_co2_per_mwh" });
            json(serde_json::json!({ "data": points, "meta": meta }).to_string())
        }
        _ => reply(403, "application/json", "{}"),
    }
}

fn energy_charts(asked: &Asked) -> Reply {
    let period = ["start", "end"].map(|key| Instant::parse_minute(&parameter(asked, key)).expect("a minute"));
    let unix = |times: &[Instant]| times.iter().map(|at| at.seconds()).collect::<Vec<i64>>();
    let body = match (asked.path.as_str(), parameter(asked, "country").as_str(), parameter(asked, "bzn").as_str()) {
        ("/public_power", "de", "") => {
            let times = instants(period, 900);
            let kind = |name: &str, data: Vec<i64>| serde_json::json!({ "name": name, "data": data });
            let types = [
                kind("Wind onshore", times.iter().map(|start| truth(*start)).collect()),
                kind("Wind offshore", vec![1; times.len()]),
                kind("Hydro pumped storage", vec![70; times.len()]),
                kind("Load", vec![50_000; times.len()]),
            ];
            serde_json::json!({ "unix_seconds": unix(&times), "production_types": types, "deprecated": false })
        }
        ("/price", "", "DE-LU") => {
            let times = instants(period, 3_600);
            let (times, prices) = (unix(&times), vec![-0.5; times.len()]);
            serde_json::json!({ "unix_seconds": times, "price": prices, "unit": "USD / MWh", "deprecated": false })
        }
        _ => return reply(422, "application/json", r#"{"detail": []}"#),
    };
    json(body.to_string())
}

/// A portfolio whose source of this kind is the server.
fn home(server: &Server, (kind, zone, series): (&str, &str, &[&str]), more: &str) -> Home {
    let source = format!("kind = \"{kind}\"\nurl = \"{}\"\narea = \"A\"\nzone = \"{zone}\"\n", server.url);
    let home = Home::new(&format!("{ONE_SITE}\n[source.grid]\n{source}series = {series:?}\n{more}\n"));
    home.write("token", KEY);
    home
}

/// Fetches days of 2026, and says how many readings were new.
fn fetched(home: &Home, [from, to]: [&str; 2]) -> i64 {
    let period = ["--from", from, "--to", to, "--now", NOW, "--format", "json"];
    let ran = home.run(&[&["ingest", "--source", "grid"], &period[..]].concat()).ok();
    assert!(!ran.err.contains("hunter2") && !ran.out.contains("hunter2"), "{}", ran.err);
    let files = ran.json()["files"].as_array().cloned().unwrap_or_default();
    files.iter().map(|file| file["added"].as_i64().expect("a count")).sum()
}

/// All of a series: start, length and value, each once.
async fn held(home: &Home, series: &str) -> Vec<(Instant, i64, i64)> {
    let store = Store::open(&home.store_url()).await.expect("a store");
    let always = Interval { start: Instant::FIRST, end: at("2027-01-01T00:00:00Z") };
    let spans = BTreeMap::from([(series.to_string(), vec![always])]);
    let held = readings::load(&store, &spans, Cut::NONE).await.expect("held");
    store.close().await;
    let row = |point: &Point| (point.start, point.end - point.start, point.value);
    held.get(series).map(|points| points.iter().map(row).collect()).unwrap_or_default()
}

/// Steps of a period with what is to be held of each.
fn wanted([from, to]: [&str; 2], step_s: i64, value: impl Fn(Instant) -> i64) -> Vec<(Instant, i64, i64)> {
    let [from, to] = [from, to].map(|day| at(&format!("{day}T00:00:00Z")));
    steps(from, to, step_s).map(|start| (start, step_s, value(start))).collect()
}

/// Two days with some load make a pack that its verifier reads, and so does whoever has the page on packs alone; no key
/// is in it.
fn packed(home: &Home) {
    let readings = hourly("site/s/load", [1.0; 48]) + &hourly("contract/w/generation", [0.5; 48]);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-03", "-o", "p"]).ok();
    home.run(&["verify", "p"]).ok();
    crate::independent::rebuild(&home.path("p"), &[]).ok();
    let files = read(&home.path("p"));
    let kept = "{\"received\":\"hourmatch/exchange/1\"";
    assert!(files.iter().any(|text| text.starts_with(kept)), "the answers are in the pack");
    assert!(!files.iter().any(|text| text.contains("hunter2")), "a key is in the pack");
}

fn read(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(read(&path)),
            false => files.push(String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned()),
        }
    }
    files
}

#[tokio::test]
async fn electricity_maps_gives_each_hour_once_within_ten_days_a_call() {
    let server = Server::start(electricity_maps);
    let leaves = &["carbon_intensity", "cfe_share", "wind"];
    let home = home(&server, ("electricity-maps", "DE", leaves), "token_file = \"token\"");
    let period = ["2026-01-01", "2026-01-15"];
    assert_eq!(fetched(&home, period), 14 * 24 * 3);
    let calls = server.asked();
    assert!(calls.iter().all(|asked| !asked.query.contains("hunter2") && parameter(asked, "zone") == "DE"));
    let spans: Vec<i64> = calls.iter().map(period_of).map(|[start, end]| end - start).collect();
    assert!(spans.iter().all(|span_s| *span_s <= 10 * DAY_S), "{spans:?}");
    assert_eq!(spans.iter().sum::<i64>(), 3 * 14 * DAY_S, "no hour is asked for twice");
    assert_eq!((fetched(&home, period), server.calls()), (0, calls.len()), "nor is it later");
    assert_eq!(held(&home, "grid/A/carbon_intensity").await, wanted(period, 3_600, |at| truth(at) * 1_000));
    assert_eq!(held(&home, "grid/A/wind").await, wanted(period, 3_600, |at| truth(at) * 1_000_000));
    packed(&home);
}

#[tokio::test]
async fn watttime_logs_in_again_and_gives_exact_pounds_of_each_step_once() {
    let server = Server::start(watttime);
    let source = ("watttime", "CAISO_NORTH", &["marginal_intensity"][..]);
    let home = home(&server, source, "token_file = \"token\"");
    let period = ["2026-01-01", "2026-02-10"];
    assert_eq!(fetched(&home, period), 40 * 288);
    let paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    let past = "/v3/historical";
    assert_eq!(paths, ["/login", past, past, "/login", past, past], "a token was not valid any more");
    let starts: BTreeSet<String> = server.asked().iter().map(|asked| parameter(asked, "start")).collect();
    assert_eq!(starts.len(), 1 + 3, "three parts, one of them twice, and the login");
    // 453.59237 mg/kWh to the lb/MWh, rounded up.
    let milligrams = |at: Instant| (truth(at) * 45_359_237 + 99_999) / 100_000;
    assert_eq!(held(&home, "grid/A/marginal_intensity").await, wanted(period, 300, milligrams));
}

#[tokio::test]
async fn energy_charts_gives_sums_of_quarter_hours_without_storage() {
    let server = Server::start(energy_charts);
    let home = home(&server, ("energy-charts", "DE", &["demand", "price", "wind"]), "");
    let period = ["2026-01-01", "2026-01-03"];
    assert_eq!(fetched(&home, period), 2 * 96 * 2 + 48);
    assert_eq!(server.calls(), 2);
    assert_eq!(held(&home, "grid/A/wind").await, wanted(period, 900, |at| (truth(at) + 1) * 250_000));
    assert_eq!(held(&home, "grid/A/demand").await, wanted(period, 900, |_| 12_500_000_000));
    assert_eq!(held(&home, "grid/A/price").await, wanted(period, 3_600, |_| -500_000));
    assert!(held(&home, "grid/A/hydro").await.is_empty(), "storage is not hydropower");
    packed(&home);
}

#[test]
fn a_source_says_what_it_lacks() {
    for (table, wanted) in [
        ("kind = \"electricity-maps\"\narea = \"A\"\ntoken_env = \"T\"", "source.grid has no `zone`"),
        ("kind = \"electricity-maps\"\narea = \"A\"\nzone = \"DE\"", "Electricity Maps needs a credential"),
        (
            "kind = \"electricity-maps\"\narea = \"A\"\nzone = \"DE\"\ntoken_env = \"T\"\nsettings.horizon = \"12\"",
            "`horizon` is `12`, and may be one of 24 0 6 48 72",
        ),
        (
            "kind = \"watttime\"\narea = \"A\"\nzone = \"X\"\ntoken_env = \"T\"\nseries = [\"carbon_intensity\"]",
            "WattTime does not give `carbon_intensity`",
        ),
        ("kind = \"energy-charts\"\narea = \"A\"\nzone = \"it\"", "prices are those of a bidding zone"),
        ("kind = \"energy-charts\"\narea = \"A\"\nzone = \"germany\"", "`zone` is not a country"),
    ] {
        let text = format!("{ONE_SITE}\n[source.grid]\n{table}\n");
        let error = hourmatch::portfolio::parse(&text, "t.toml").expect_err(wanted).to_string();
        assert!(error.contains(wanted), "`{wanted}` not in: {error}");
    }
    let text = format!("{ONE_SITE}\n[source.grid]\nkind = \"energy-charts\"\narea = \"A\"\nzone = \"de\"\n");
    let portfolio = hourmatch::portfolio::parse(&text, "t.toml").expect("a portfolio");
    assert_eq!(portfolio.feeds["grid"].wanted.series.len(), 12, "ten fuels, demand and price");
}
