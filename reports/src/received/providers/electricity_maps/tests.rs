use super::*;
use crate::received::tests::trial::{Trial, fault, lines, question, read, read_status, refuses_cut_off};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../../../fixtures/http/electricity-maps/", $name))
    };
}

const HISTORY: &str = fixture!("history.json");

/// Four hours of intensity, by the call for the last day.
fn history() -> (Ask, Request) {
    let period = ["2026-01-20T20:00:00Z", "2026-01-21T00:00:00Z", "2026-01-21T16:00:00Z"];
    first(question("DE", &["carbon_intensity"], period, &[("past", "history")]))
}

fn first(ask: Ask) -> (Ask, Request) {
    let request = ElectricityMaps.requests(&ask).expect("asked").remove(0);
    (ask, request)
}

fn done(ask: &Ask, request: &Request, body: &str) -> Trial {
    let (next, trial) = read(&ElectricityMaps, ask, request, body).expect("read");
    assert_eq!(next, Next::Done);
    trial
}

#[test]
fn ranges_are_ten_days_and_forecasts_the_shortest_that_reach() {
    let period = ["2026-01-01T00:10:00Z", "2026-01-25T00:00:00Z", "2026-01-23T10:20:00Z"];
    let asked =
        |settings: &[(&str, &str)]| lines(&ElectricityMaps, &question("DE", &["carbon_intensity"], period, settings));
    let same = "zone=DE&temporalGranularity=hourly&emissionFactorType=lifecycle";
    let range = |start: &str, end: &str| {
        format!("GET /v3/carbon-intensity/past-range?{same}&start={start}:00:00Z&end={end}:00:00Z")
    };
    let (one, two) = (range("2026-01-01T00", "2026-01-11T00"), range("2026-01-11T00", "2026-01-21T00"));
    // 38 hours from the one that runs.
    let wanted = [
        one.clone(),
        two.clone(),
        range("2026-01-21T00", "2026-01-23T10"),
        format!("GET /v3/carbon-intensity/forecast?{same}&horizonHours=48"),
    ];
    assert_eq!(asked(&[("horizon", "72")]), wanted);
    assert_eq!(asked(&[]).last().map(|line| line.ends_with("&horizonHours=24")), Some(true), "24 unless stated");
    assert_eq!(
        asked(&[("horizon", "0")]),
        [one, two, range("2026-01-21T00", "2026-01-23T11")],
        "with the hour that runs"
    );
    assert!(asked(&[("factors", "direct")])[0].contains("&emissionFactorType=direct&"));
}

#[test]
fn each_series_has_its_call() {
    let period = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"];
    let ask = question("FR", &["cfe_share", "price", "wind", "gas"], period, &[("mix", "electricity-mix")]);
    let range = "zone=FR&temporalGranularity=hourly";
    let ends = "start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z";
    let wanted = [
        format!("GET /v3/carbon-free-energy/past-range?{range}&{ends}"),
        format!("GET /v3/price-day-ahead/past-range?{range}&{ends}"),
        format!("GET /v3/electricity-mix/past-range?{range}&flowTraced=false&{ends}"),
    ];
    assert_eq!(lines(&ElectricityMaps, &ask), wanted);
    let old = question("FR", &["cfe_share"], period, &[("past", "latest")]);
    assert_eq!(lines(&ElectricityMaps, &old), Vec::<String>::new(), "the latest hour is not of that day");
}

#[test]
fn hours_are_read_and_unknown_ones_are_no_zero() {
    let (ask, request) = history();
    assert_eq!(request.to_string().split('?').next(), Some("GET /v3/carbon-intensity/history"));
    let trial = done(&ask, &request, HISTORY);
    let wanted = [
        "carbon_intensity 2026-01-20T20:00:00Z 60 599000 calculated",
        "carbon_intensity 2026-01-20T21:00:00Z 60 601500 estimated",
        "carbon_intensity 2026-01-20T23:00:00Z 60 0 calculated",
    ];
    assert_eq!(trial.rows, wanted);
    assert_eq!((trial.rejects, trial.unknown), (Vec::new(), 1));
}

#[test]
fn hours_of_a_clock_change_are_those_of_utc() {
    let period = ["2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", "2026-04-02T10:00:00Z"];
    let (ask, request) = first(question("DE", &["carbon_intensity"], period, &[]));
    let wanted = [
        "carbon_intensity 2026-03-29T00:00:00Z 60 410000 calculated",
        "carbon_intensity 2026-03-29T01:00:00Z 60 405000 calculated",
        "carbon_intensity 2026-03-29T02:00:00Z 60 400000 calculated",
    ];
    assert_eq!(done(&ask, &request, fixture!("past-range.json")).rows, wanted);
}

#[test]
fn a_forecast_is_of_when_it_was_updated() {
    let body = fixture!("forecast.json");
    let period = ["2025-06-17T15:00:00Z", "2025-06-17T18:00:00Z", "2025-06-17T15:10:00Z"];
    let (ask, request) = first(question("DE", &["carbon_intensity"], period, &[]));
    assert!(request.to_string().starts_with("GET /v3/carbon-intensity/forecast?"));
    assert!(request.to_string().ends_with("&horizonHours=6"));
    let trial = done(&ask, &request, body);
    let wanted = [
        "carbon_intensity 2025-06-17T15:00:00Z 60 322000 calculated issued 2025-06-17T15:06:21Z",
        "carbon_intensity 2025-06-17T16:00:00Z 60 330250 calculated issued 2025-06-17T15:06:21Z",
    ];
    assert_eq!((trial.rows, trial.unknown), (wanted.map(String::from).to_vec(), 1));
    // Only where it states none, the time of the answer.
    let unstated = body.replace("updatedAt", "createdAt");
    assert!(done(&ask, &request, &unstated).rows[0].ends_with("issued 2025-06-17T15:10:00Z"));
    // An hour that was over by then is no forecast.
    let late = body.replace("15:06:20.012Z", "16:00:00.000Z");
    assert!(done(&ask, &request, &late).rows[0].starts_with("carbon_intensity 2025-06-17T16:00:00Z"));
    let wrong = done(&ask, &request, &body.replace("2025-06-17T15:06:20.012Z", "soon"));
    assert_eq!((wrong.rows.len(), wrong.rejects.len()), (0, 4));
}

#[test]
fn the_latest_hour_is_a_forecast_until_it_is_over() {
    let body = fixture!("latest.json");
    let settings = [("past", "latest"), ("horizon", "0")];
    let asked = |now: &str| {
        let period = ["2018-04-25T17:00:00Z", "2018-04-25T19:00:00Z", now];
        let (ask, request) = first(question("DE", &["cfe_share"], period, &settings));
        done(&ask, &request, body).rows
    };
    let share = "cfe_share 2018-04-25T18:00:00Z 60 910000000000000000 estimated";
    assert_eq!(asked("2018-04-25T18:30:00Z"), [format!("{share} issued 2018-04-25T18:30:00Z")]);
    assert_eq!(asked("2018-04-25T19:10:00Z"), [share]);
}

#[test]
fn storage_is_no_generation() {
    let period = ["2026-01-20T19:00:00Z", "2026-01-20T21:00:00Z", "2026-01-21T10:00:00Z"];
    let leaves = ["biomass", "coal", "geothermal", "hydro", "oil", "other", "solar", "wind"];
    let (ask, request) = first(question("DE", &leaves, period, &[]));
    let trial = done(&ask, &request, fixture!("power-breakdown.json"));
    let wanted = [
        "biomass 2026-01-20T19:00:00Z 60 666000000 measured",
        "coal 2026-01-20T19:00:00Z 60 260500000 measured",
        "hydro 2026-01-20T19:00:00Z 60 0 measured",
        "solar 2026-01-20T19:00:00Z 60 -1000000 measured",
        "other 2026-01-20T19:00:00Z 60 3000000 measured",
        "wind 2026-01-20T19:00:00Z 60 176000000 measured",
    ];
    assert_eq!(trial.rows, wanted);
    // Geothermal and oil, and all of the second hour.
    assert_eq!((trial.rejects, trial.unknown), (Vec::new(), 3));

    let period = ["2024-05-28T00:00:00Z", "2024-05-28T01:00:00Z", "2024-05-29T00:00:00Z"];
    let (ask, request) = first(question("FR", &["hydro", "nuclear"], period, &[("mix", "electricity-mix")]));
    let trial = done(&ask, &request, fixture!("electricity-mix.json"));
    let wanted =
        ["hydro 2024-05-28T00:00:00Z 60 5485000000 estimated", "nuclear 2024-05-28T00:00:00Z 60 27258000000 estimated"];
    assert_eq!(trial.rows, wanted);
    assert_eq!(trial.rejects, ["`wave` is not a known fuel of Electricity Maps"]);
}

#[test]
fn prices_are_in_the_currency_that_they_state() {
    let body = fixture!("price.json");
    let period = ["2026-01-20T11:00:00Z", "2026-01-20T15:00:00Z", "2026-01-21T00:00:00Z"];
    let (ask, request) = first(question("DE", &["price"], period, &[]));
    let trial = done(&ask, &request, body);
    let wanted = [
        "price 2026-01-20T11:00:00Z 60 -5010000 measured",
        "price 2026-01-20T13:00:00Z 60 0 measured",
        "price 2026-01-20T14:00:00Z 60 61205000 measured",
    ];
    assert_eq!((trial.rows, trial.unknown), (wanted.map(String::from).to_vec(), 1));
    let unit = |unit: &str| fault(&ElectricityMaps, &ask, &request, &body.replace("\"unit\": \"EUR/MWh\"", unit));
    assert!(unit("\"units\": 1").contains("prices have no unit"));
    assert!(unit("\"unit\": \"EUR/kWh\"").contains("values are in `EUR/kWh`"));
    // Ahead of time they may be the provider's own forecast.
    let period = ["2026-01-20T11:00:00Z", "2026-01-20T15:00:00Z", "2026-01-20T11:30:00Z"];
    let (ask, request) = first(question("DE", &["price"], period, &[]));
    assert!(request.path.ends_with("/forecast"));
    let rows = done(&ask, &request, body).rows;
    assert!(rows.len() == 3 && rows.iter().all(|row| row.ends_with("issued 2026-01-19T11:00:00Z")), "{rows:?}");
}

/// Both ends are answered for; each hour of eleven days is taken once.
#[test]
fn nothing_is_lost_or_doubled_between_two_ranges() {
    let period = ["2026-01-01T00:00:00Z", "2026-01-12T00:00:00Z", "2026-02-01T00:00:00Z"];
    let ask = question("DE", &["carbon_intensity"], period, &[]);
    let mut rows = Vec::new();
    for request in ElectricityMaps.requests(&ask).expect("asked") {
        let hour = |index: i64| {
            let datetime = (request.covers.start + index * HOUR_S).to_string();
            format!("{{\"datetime\": \"{datetime}\", \"carbonIntensity\": 100}}")
        };
        let hours: Vec<String> = (-1..=request.covers.duration_s() / HOUR_S).map(hour).collect();
        let body = format!("{{\"zone\": \"DE\", \"data\": [{}]}}", hours.join(","));
        rows.extend(done(&ask, &request, &body).rows);
    }
    let all = rows.len();
    rows.sort();
    rows.dedup();
    assert_eq!((all, rows.len()), (264, 264));
}

#[test]
fn what_was_not_asked_for_is_refused_as_a_whole() {
    let (ask, request) = history();
    let fault = |body: &str| fault(&ElectricityMaps, &ask, &request, body);
    for (from, to, wanted) in [
        (
            "\"zone\": \"DE\", \"carbonIntensity\": 599",
            "\"zone\": \"FR\", \"carbonIntensity\": 599",
            "its `zone` is `FR`",
        ),
        ("lifecycle", "direct", "its `emissionFactorType` is `direct`, and `lifecycle` was asked for"),
        ("\"history\"", "\"temporalGranularity\": \"daily\", \"history\"", "its `temporalGranularity` is `daily`"),
        ("\"history\"", "\"hours\"", "it lists no hours"),
        ("\"carbonIntensity\": 599", "\"intensity\": 599", "an hour has no `carbonIntensity` or `value`"),
        ("599", "NaN", "the answer is not as documented"),
    ] {
        let changed = HISTORY.replacen(from, to, 1);
        assert_ne!(changed, HISTORY, "{from}");
        let what = fault(&changed);
        assert!(what.contains(wanted), "`{wanted}` not in {what}");
    }
    for (body, wanted) in [
        ("[]", "not as documented"),
        ("<html>busy</html>", "not as documented"),
        ("{\"history\": 5}", "its hours are not in a list"),
        ("{\"history\": [5]}", "its list has an item that is not an hour"),
        ("{\"history\": null}", "its hours are not in a list"),
        ("{}", "it lists no hours"),
    ] {
        assert!(fault(body).contains(wanted), "{body}");
    }
    refuses_cut_off(&ElectricityMaps, &ask, &request, HISTORY);
}

#[test]
fn one_bad_hour_is_rejected_alone() {
    let (ask, request) = history();
    for (from, to, wanted) in [
        ("599", "-1", "must not be negative"),
        ("599", "{\"a\": 1}", "is not a number"),
        ("599", "true", "is not a number"),
        ("599", "\"many\"", "is not a decimal number"),
        ("599", "1e300", "too large"),
        ("2026-01-20T20:00:00.000Z", "2026-01-20T20:15:00.000Z", "is not on the hour"),
        ("2026-01-20T20:00:00.000Z", "soon", "is not an RFC 3339 time"),
        ("\"2026-01-20T20:00:00.000Z\"", "5", "an hour has no `datetime`"),
    ] {
        let changed = HISTORY.replacen(from, to, 1);
        assert_ne!(changed, HISTORY, "{from}");
        let trial = done(&ask, &request, &changed);
        assert_eq!((trial.rows.len(), trial.rejects.len()), (2, 1), "{to}: {trial:?}");
        assert!(trial.rejects[0].contains(wanted), "{:?}", trial.rejects);
    }
}

#[test]
fn nothing_to_give_is_no_fault_and_no_such_zone_is() {
    let (ask, request) = history();
    let words = r#"No recent data for zone "DE""#;
    let said = serde_json::json!({ "status": "no-data", "message": words }).to_string();
    for status in [200, 404] {
        let (next, trial) = read_status(&ElectricityMaps, &ask, &request, (status, &said)).expect("no data");
        assert_eq!((next, trial), (Next::NoData(words.into()), Trial::default()));
    }
    let (next, _) = read(&ElectricityMaps, &ask, &request, r#"{"zone": "DE", "history": []}"#).expect("no data");
    assert!(matches!(next, Next::NoData(_)));
    let unknown = r#"{"error": "Zone 'DE' does not exist"}"#;
    let asked = read_status(&ElectricityMaps, &ask, &request, (404, unknown));
    assert!(matches!(asked, Err(Fault::Asked(_))), "{asked:?}");
    let lost = read_status(&ElectricityMaps, &ask, &request, (404, "<html>404</html>"));
    assert!(matches!(lost, Err(Fault::Form(_))), "{lost:?}");
    let other = Request::new("/v4/carbon-intensity/history", request.covers);
    assert!(fault(&ElectricityMaps, &ask, &other, HISTORY).contains("is not a request of this feed"));
}

#[test]
fn settings_say_what_they_may() {
    let period = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"];
    let check = |setting| ElectricityMaps.check(&question("DE", &["price"], period, &[setting]).wanted);
    for (setting, good) in [
        (("horizon", "72"), true),
        (("horizon", "12"), false),
        (("past", "past"), false),
        (("factors", "direct"), true),
        (("mix", "electricity-mix"), true),
        (("mix", ""), false),
    ] {
        assert_eq!(check(setting).is_ok(), good, "{setting:?}");
    }
}
