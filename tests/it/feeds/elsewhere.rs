//! Sources that the portfolio describes, and temperatures, from a server to the store.

use super::gb::at;
use super::server::{Asked, Reply, Server, json, reply};
use crate::support::{Home, ONE_SITE};
use hourmatch::store::Store;
use hourmatch::store::readings::{self, Cut};
use reports::time::Interval;
use std::collections::BTreeMap;

const LIST: &str = include_str!("../../../fixtures/http/json/list.json");
const TABLE: &str = include_str!("../../../fixtures/http/csv/table.csv");
const ARCHIVE: &str = include_str!("../../../fixtures/http/open-meteo-archive/archive.json");
const KEY: &str = "planted-key-e1f2";

/// Where time and value stand in the fixtures.
fn portfolio(url: &str) -> String {
    format!(
        r#"{ONE_SITE}
[source.meter]
kind = "json"
url = "{url}/api"
series = ["site/s/import"]
token_file = "meter.key"
[source.meter.settings]
path = "/readings"
query = "meter=7&from={{from}}&to={{to}}"
auth = "header:X-API-Key"
list = "/data"
start = "/time"
step = "1h"
unit = "kWh"
"site/s/import" = "/value"

[source.table]
kind = "csv"
url = "{url}"
series = ["site/s/onsite_generation"]
[source.table.settings]
path = "/{{from}}/table.csv"
from_to = "date"
separator = ";"
decimal = ","
start = "from"
end = "to"
unit = "kWh"
"site/s/onsite_generation" = "kWh"

[source.outside]
kind = "open-meteo-archive"
url = "{url}"
series = ["site/s/temperature"]
settings = {{ "site/s/temperature" = "39.04,-77.49" }}
"#
    )
}

fn answer(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/api/readings" if asked.headers.get("x-api-key").is_some_and(|key| key == KEY) => json(LIST),
        "/2026-01-20/table.csv" => reply(200, "text/csv; charset=utf-8", TABLE),
        "/v1/archive" => json(ARCHIVE),
        _ => reply(404, "text/plain", "none"),
    }
}

/// Hours of the day, and what is held of them.
fn held(home: &Home, series: &str) -> Vec<(i64, i64)> {
    let period = Interval { start: at("2026-01-20T00:00:00Z"), end: at("2026-01-21T00:00:00Z") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let points = runtime.block_on(async {
        let store = Store::open(&home.store_url()).await.expect("a store");
        let spans = BTreeMap::from([(series.to_string(), vec![period])]);
        let held = readings::load(&store, &spans, Cut::NONE).await.expect("held");
        store.close().await;
        held.get(series).cloned().unwrap_or_default()
    });
    points.iter().map(|point| ((point.start - period.start) / 3_600, point.value)).collect()
}

#[test]
fn what_the_portfolio_describes_is_fetched_and_unknown_is_no_zero() {
    let server = Server::start(answer);
    let home = Home::new(&portfolio(&server.url));
    home.secret("meter.key", KEY);
    for source in ["meter", "table", "outside"] {
        let (from, to) = ("2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z");
        let now = "2026-01-22T00:00:00Z";
        let ran = home.run(&["ingest", "--source", source, "--from", from, "--to", to, "--now", now]).ok();
        assert!(!format!("{}{}", ran.out, ran.err).contains(KEY));
    }
    // At 14:00 there is nothing, at 15:00 no number, at 16:00 a zero.
    let measured = [(12, 1_500), (13, 2_250), (16, 0)];
    assert_eq!(held(&home, "site/s/import"), measured);
    assert_eq!(held(&home, "site/s/onsite_generation"), measured);
    let degrees: Vec<(i64, i64)> = (0..18).map(|hour| (hour, (hour - 3) * 500)).collect();
    assert_eq!(held(&home, "site/s/temperature"), degrees);
    let queries: Vec<String> =
        server.asked().into_iter().map(|asked| format!("{}?{}", asked.path, asked.query)).collect();
    assert_eq!(queries.len(), 3, "each is asked once: {queries:?}");
    assert!(queries[0].contains("meter=7") && !queries[0].contains(KEY), "{queries:?}");
    assert!(home.rows().iter().all(|row| !row.contains(KEY)), "the store holds no credential");
    // The hours that both tell of make a pack, which holds by the page alone.
    home.run(&["pack", "--from", "2026-01-20T12:00Z", "--to", "2026-01-20T14:00Z", "-o", "p"]).ok();
    home.run(&["verify", "p"]).ok();
    crate::independent::rebuild(&home.path("p"), &[]).ok();
}

/// A connection of 1 MW carries no 2.25 MW: kWh that were described as MWh.
#[test]
fn what_cannot_be_is_left_out_of_what_is_fetched_as_of_files() {
    let server = Server::start(answer);
    let connected = "it_capacity_mw = 1.0\nit_load_mw = 0.5\ngrid_limit_mw = 1.0";
    let text = portfolio(&server.url).replace("it_capacity_mw = 10.0\nit_load_mw = 4.0", connected);
    let home = Home::new(&text.replacen("unit = \"kWh\"", "unit = \"MWh\"", 1));
    home.secret("meter.key", KEY);
    let period = ["--from", "2026-01-20T00:00:00Z", "--to", "2026-01-21T00:00:00Z", "--now", "2026-01-22T00:00:00Z"];
    let ran = home.run(&[&["ingest", "--source", "meter"], &period[..]].concat()).ok();
    assert!(ran.err.contains("left out"), "{}", ran.err);
    assert_eq!(held(&home, "site/s/import"), [(12, 1_500_000), (16, 0)]);
}

#[test]
fn what_a_source_lacks_is_said_before_anything_is_asked() {
    let whole = portfolio("http://127.0.0.1:9");
    for (from, to, wanted) in [
        ("unit = \"kWh\"\n\"site/s/import\"", "\"site/s/import\"", "source.meter: it states no unit"),
        ("path = \"/readings\"\n", "", "`settings` lacks `path`"),
        ("start = \"/time\"", "start = \"time\"", "`time` is not a JSON pointer"),
        ("auth = \"header:X-API-Key\"", "auth = \"cookie\"", "auth `cookie` is not one of bearer"),
        ("end = \"to\"\n", "", "time needs step"),
        ("39.04,-77.49", "39.04", "`39.04` is not a latitude and longitude"),
        ("list = \"/data\"", "lists = \"/data\"", "JSON over HTTP takes no `lists`"),
    ] {
        let changed = whole.replacen(from, to, 1);
        assert_ne!(changed, whole, "{from}");
        Home::new(&changed).run(&["check"]).refused(wanted);
    }
}
