use super::*;
use crate::received::tests::trial::{Trial, at, fault, lines, question, read, read_status, refuses_cut_off};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../../../fixtures/http/energy-charts/", $name))
    };
}

const PUBLIC_POWER: &str = fixture!("public-power.json");
const PRICES: &str = fixture!("price.json");

fn first(ask: Ask) -> (Ask, Request) {
    let request = EnergyCharts.requests(&ask).expect("asked").remove(0);
    (ask, request)
}

fn done(ask: &Ask, request: &Request, body: &str) -> Trial {
    let (next, trial) = read(&EnergyCharts, ask, request, body).expect("read");
    assert_eq!(next, Next::Done);
    trial
}

/// Two hours of which a third of one is still to come.
fn morning() -> (Ask, Request) {
    let period = ["2026-01-20T10:00:00Z", "2026-01-20T12:00:00Z", "2026-01-20T11:40:00Z"];
    first(question("DE", &["coal", "demand", "hydro", "solar", "wind"], period, &[]))
}

/// Prices of the four hours in which they became those of quarter-hours.
fn autumn(now: &str) -> (Ask, Request) {
    first(question("de", &["price"], ["2025-09-30T20:00:00Z", "2025-10-01T00:00:00Z", now], &[]))
}

/// Hours from a time on, with what each production type has in them.
fn hourly(start: &str, kinds: &[(&str, Vec<serde_json::Value>)]) -> String {
    let count = kinds.first().map_or(0, |(_, data)| data.len());
    let times: Vec<i64> = (0..count as i64).map(|hour| (at(start) + hour * HOUR_S).seconds()).collect();
    let kinds: Vec<serde_json::Value> =
        kinds.iter().map(|(name, data)| serde_json::json!({ "name": name, "data": data })).collect();
    serde_json::json!({ "unix_seconds": times, "production_types": kinds, "deprecated": false }).to_string()
}

#[test]
fn power_is_asked_until_now_and_prices_two_days_ahead() {
    let period = ["2026-01-20T10:07:00Z", "2026-01-25T00:00:00Z", "2026-01-20T12:30:00Z"];
    let wanted = [
        "GET /public_power?country=de&start=2026-01-19T10:00Z&end=2026-01-20T14:00Z",
        "GET /price?bzn=DE-LU&start=2026-01-19T10:00Z&end=2026-01-22T14:00Z",
    ];
    assert_eq!(lines(&EnergyCharts, &question("DE", &["wind", "demand", "price"], period, &[])), wanted);
    let norway = question("no", &["price"], period, &[("bzn", "NO2")]);
    assert_eq!(lines(&EnergyCharts, &norway), ["GET /price?bzn=NO2&start=2026-01-19T10:00Z&end=2026-01-22T14:00Z"]);
    let month = ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"];
    assert_eq!(lines(&EnergyCharts, &question("de", &["demand"], month, &[])).len(), 2, "59 days by 31");
}

/// In quarter-hours, a MW is 250 000 Wh.
#[test]
fn sums_lack_where_a_part_does_and_storage_is_no_part() {
    let (ask, request) = morning();
    let trial = done(&ask, &request, PUBLIC_POWER);
    let wanted = [
        "coal 2026-01-20T10:00:00Z 15 1750075000 measured",
        "coal 2026-01-20T10:30:00Z 15 1750125000 measured",
        "coal 2026-01-20T10:45:00Z 15 1750150000 measured",
        "demand 2026-01-20T10:00:00Z 15 15000100000 measured",
        "demand 2026-01-20T10:15:00Z 15 15000250000 measured",
        "demand 2026-01-20T10:30:00Z 15 15000500000 measured",
        "demand 2026-01-20T10:45:00Z 15 15000750000 measured",
        "hydro 2026-01-20T10:00:00Z 15 250250000 measured",
        "hydro 2026-01-20T10:15:00Z 15 250500000 measured",
        "hydro 2026-01-20T10:30:00Z 15 250750000 measured",
        "hydro 2026-01-20T10:45:00Z 15 251000000 measured",
        "solar 2026-01-20T10:00:00Z 15 -75000 measured",
        "solar 2026-01-20T10:15:00Z 15 3125000 measured",
        "solar 2026-01-20T10:30:00Z 15 0 measured",
    ];
    assert_eq!(trial.rows, wanted);
    // A part of coal, the sun once, and wind without its offshore part, which may only be late.
    assert_eq!(trial.unknown, 6);
    // Behind the hole, the last quarter-hour could be a half-hour.
    assert_eq!(trial.rejects, ["the times beside 2026-01-20T11:15:00Z do not tell how long its interval is"]);
}

#[test]
fn a_part_that_a_country_does_not_have_is_none_of_the_sum() {
    let period = ["2026-01-21T00:00:00Z", "2026-01-21T02:00:00Z", "2026-01-22T00:00:00Z"];
    let (ask, request) = first(question("at", &["wind"], period, &[]));
    let number = |value: i64| serde_json::Value::from(value);
    let onshore = ("Wind onshore", vec![number(100); 27]);
    let null = vec![serde_json::Value::Null; 27];
    let rows = |offshore: Vec<serde_json::Value>| {
        let body = hourly("2026-01-20T00:00:00Z", &[onshore.clone(), ("Wind offshore", offshore)]);
        let trial = done(&ask, &request, &body);
        assert_eq!(trial.rejects, Vec::<String>::new());
        (trial.rows, trial.unknown)
    };
    let hour = |hour: u32, wh: u64| format!("wind 2026-01-21T0{hour}:00:00Z 60 {wh} measured");
    assert_eq!(rows(null.clone()), (vec![hour(0, 100_000_000), hour(1, 100_000_000)], 0));
    // It is there, and late.
    let mut late = null;
    late[..25].fill(number(7));
    assert_eq!(rows(late), (vec![hour(0, 107_000_000)], 1));
}

#[test]
fn prices_become_those_of_quarter_hours() {
    let wanted = [
        "price 2025-09-30T20:00:00Z 60 80500000 measured",
        "price 2025-09-30T21:00:00Z 60 71250000 measured",
        "price 2025-09-30T22:00:00Z 15 -3004000 measured",
        "price 2025-09-30T22:30:00Z 15 12000000 measured",
    ];
    // Published ahead, they are what will be paid.
    for now in ["2025-10-02T00:00:00Z", "2025-09-30T12:00:00Z"] {
        let (ask, request) = autumn(now);
        let trial = done(&ask, &request, PRICES);
        assert_eq!((trial.rows, trial.unknown), (wanted.map(String::from).to_vec(), 1));
        assert_eq!(trial.rejects, Vec::<String>::new());
    }
}

/// More is answered than was asked for, at both ends.
#[test]
fn nothing_is_lost_or_doubled_between_two_calls() {
    let ask =
        question("de", &["demand"], ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"], &[]);
    let mut rows = Vec::new();
    for request in EnergyCharts.requests(&ask).expect("asked") {
        let count = (request.covers.duration_s() + DAY_S) / HOUR_S + 2;
        let load = vec![serde_json::Value::from(1); usize::try_from(count).expect("a count")];
        let body = hourly(&(request.covers.start - DAY_S).to_string(), &[("Load", load)]);
        rows.extend(done(&ask, &request, &body).rows);
    }
    let all = rows.len();
    rows.sort();
    rows.dedup();
    assert_eq!((all, rows.len()), (59 * 24, 59 * 24));
}

#[test]
fn what_has_not_ended_is_not_measured() {
    let period = ["2026-01-20T10:00:00Z", "2026-01-20T14:00:00Z", "2026-01-20T11:59:59Z"];
    let (ask, request) = first(question("at", &["demand"], period, &[]));
    let body = hourly("2026-01-20T09:00:00Z", &[("Load", vec![serde_json::Value::from(5); 6])]);
    assert_eq!(done(&ask, &request, &body).rows, ["demand 2026-01-20T10:00:00Z 60 5000000 measured"]);
}

#[test]
fn another_form_is_refused_as_a_whole() {
    let (ask, request) = morning();
    for (from, to, wanted) in [
        ("1768902300, ", "", "has 6 values for 5 times"),
        ("1768902300", "1768903200", "its times do not ascend"),
        ("1768902300", "-5", "its times are no seconds since 1970"),
        ("1768907700", "1768907700000", "its times are no seconds since 1970"),
        ("1768907700", "9223372036854775807", "its times are no seconds since 1970"),
        ("1768902300", "\"1768902300\"", "not as documented"),
        ("5000.1", "NaN", "not as documented"),
        ("\"production_types\"", "\"types\"", "missing field `production_types`"),
    ] {
        let changed = PUBLIC_POWER.replacen(from, to, 1);
        assert_ne!(changed, PUBLIC_POWER, "{from}");
        let what = fault(&EnergyCharts, &ask, &request, &changed);
        assert!(what.contains(wanted), "`{wanted}` not in {what}");
    }
    refuses_cut_off(&EnergyCharts, &ask, &request, PUBLIC_POWER);
    let (ask, request) = autumn("2025-10-02T00:00:00Z");
    for (from, to, wanted) in [
        ("EUR / MWh", "EUR / kWh", "prices are in `EUR / kWh`"),
        ("EUR / MWh", "MWh", "prices are in `MWh`"),
        ("80.5, ", "", "there are 4 prices for 5 times"),
    ] {
        let what = fault(&EnergyCharts, &ask, &request, &PRICES.replacen(from, to, 1));
        assert!(what.contains(wanted), "`{wanted}` not in {what}");
    }
    let other = Request::new("/frequency", request.covers);
    assert!(fault(&EnergyCharts, &ask, &other, PRICES).contains("is not a request of this feed"));
}

#[test]
fn one_bad_value_is_rejected_alone() {
    let (ask, request) = morning();
    let body = PUBLIC_POWER.replace("5000.1", "[1]").replace("Load\"", "Fusion\"").replace("1768907700", "1768906800");
    let trial = done(&ask, &request, &body);
    let wanted = [
        "`Fusion` is not a known production type",
        "grid/A/coal: 2026-01-20T10:00:00Z to 2026-01-20T10:15:00Z: `Fossil brown coal / lignite` is not a number",
    ];
    assert_eq!(trial.rejects, wanted);
    assert!(!trial.rows.iter().any(|row| row.starts_with("demand")));
    let (ask, request) = autumn("2025-10-02T00:00:00Z");
    let trial = done(&ask, &request, &PRICES.replacen("80.5", "{\"a\": 1}", 1));
    assert_eq!((trial.rows.len(), trial.rejects.len()), (3, 1));
}

#[test]
fn nothing_to_give_is_no_fault_and_no_such_zone_is() {
    let (ask, request) = autumn("2025-10-02T00:00:00Z");
    let answered = |status: u16, body: &str| read_status(&EnergyCharts, &ask, &request, (status, body));
    let (next, trial) = answered(404, r#"{"detail": "no prices yet"}"#).expect("no data");
    assert_eq!((next, trial), (Next::NoData("no prices yet".into()), Trial::default()));
    let empty = r#"{"unix_seconds": [], "price": [], "unit": "EUR / MWh"}"#;
    assert!(matches!(answered(200, empty), Ok((Next::NoData(_), _))));
    assert!(matches!(answered(404, r#"{"detail": "Not Found"}"#), Err(Fault::Form(_))));
    assert!(matches!(answered(404, "<html>"), Err(Fault::Form(_))));
    assert!(matches!(answered(422, r#"{"detail": [{"msg": "bzn"}]}"#), Err(Fault::Asked(_))));
}

#[test]
fn prices_need_a_bidding_zone() {
    let period = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"];
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], bool);
    let cases: [Case; 8] = [
        ("de", "price", &[], true),
        ("DE", "price", &[], true),
        ("it", "price", &[], false),
        ("it", "wind", &[], true),
        ("it", "price", &[("bzn", "IT-North")], true),
        ("it", "price", &[("bzn", "IT North")], false),
        ("d1", "wind", &[], false),
        ("germany", "wind", &[], false),
    ];
    for (zone, leaf, settings, good) in cases {
        let wanted = question(zone, &[leaf], period, settings).wanted;
        assert_eq!(EnergyCharts.check(&wanted).is_ok(), good, "{zone} {leaf} {settings:?}");
    }
}
