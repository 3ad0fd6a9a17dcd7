use super::*;
use crate::received::providers::about::Credential;
use crate::received::tests::trial::{Trial, fault, lines, question, read, refuses_cut_off};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../../../fixtures/http/watttime/", $name))
    };
}

const HISTORICAL: &str = fixture!("historical.json");
const FORECAST: &str = fixture!("forecast.json");

fn ask(period: [&str; 3], settings: &[(&str, &str)]) -> Ask {
    question("CAISO_NORTH", &["marginal_intensity"], period, settings)
}

/// The request of a path.
fn request(ask: &Ask, path: &str) -> Request {
    let requests = WattTime.requests(ask).expect("asked");
    requests.into_iter().find(|request| request.path == path).expect("such a request")
}

fn done(ask: &Ask, request: &Request, body: &str) -> Trial {
    let (next, trial) = read(&WattTime, ask, request, body).expect("read");
    assert_eq!(next, Next::Done);
    trial
}

/// An hour of the past.
fn hour() -> (Ask, Request) {
    let ask = ask(["2026-01-20T00:00:00Z", "2026-01-20T01:00:00Z", "2026-01-21T00:00:00Z"], &[]);
    let request = request(&ask, PAST);
    (ask, request)
}

#[test]
fn calls_take_32_days_and_end_a_step_before_the_next() {
    let period = ["2022-07-01T00:02:00Z", "2022-08-06T12:00:00Z", "2022-08-05T00:03:10Z"];
    let past = |start: &str, end: &str| {
        let same = "GET /v3/historical?region=CAISO_NORTH&signal_type=co2_moer";
        format!("{same}&start={start}:00Z&end={end}:00Z&include_imputed_marker=true")
    };
    let ahead = "GET /v3/forecast?region=CAISO_NORTH&signal_type=co2_moer&horizon_hours";
    let wanted = [
        past("2022-07-01T00:00", "2022-08-01T23:55"),
        past("2022-08-02T00:00", "2022-08-04T23:55"),
        format!("{ahead}=36"),
    ];
    assert_eq!(lines(&WattTime, &ask(period, &[])), wanted);
    assert_eq!(lines(&WattTime, &ask(period, &[("horizon", "6")])).last(), Some(&format!("{ahead}=6")));
    assert_eq!(lines(&WattTime, &ask(period, &[("horizon", "0")])), wanted[..2]);
    let other = question("CAISO_NORTH", &["price"], period, &[]);
    assert_eq!(WattTime.requests(&other), Ok(Vec::new()));
    assert_eq!(WattTime.credential(&other.wanted), Credential::Login { path: "/login", field: "token" });
    assert!(fixture!("login.json").contains("\"token\""));
}

#[test]
fn past_forecasts_are_asked_day_by_day_once_they_are_old() {
    let issues = |now: &str| {
        let period = ["2022-07-14T12:00:00Z", "2022-07-16T00:00:00Z", now];
        let mut lines = lines(&WattTime, &ask(period, &[("issues", "all")]));
        lines.retain(|line| line.contains("/v3/forecast/historical?"));
        lines
    };
    let same = "GET /v3/forecast/historical?region=CAISO_NORTH&signal_type=co2_moer";
    let wanted = [
        format!("{same}&start=2022-07-14T12:00:00Z&end=2022-07-15T11:55:00Z&horizon_hours=72"),
        format!("{same}&start=2022-07-15T12:00:00Z&end=2022-07-15T23:55:00Z&horizon_hours=72"),
    ];
    assert_eq!(issues("2022-07-20T00:00:00Z"), wanted);
    assert_eq!(issues("2022-07-16T00:00:00Z"), Vec::<String>::new());
}

/// 1 lb is 0.45359237 kg: 870 lb/MWh are 394 625.3619 mg/kWh, and an intensity rounds up.
#[test]
fn points_are_five_minutes_of_exact_pounds() {
    let (ask, request) = hour();
    let trial = done(&ask, &request, HISTORICAL);
    let wanted = [
        "marginal_intensity 2026-01-20T00:00:00Z 5 394626 calculated",
        "marginal_intensity 2026-01-20T00:05:00Z 5 394853 estimated",
        "marginal_intensity 2026-01-20T00:20:00Z 5 0 calculated",
        "marginal_intensity 2026-01-20T00:50:00Z 5 453593 calculated",
    ];
    assert_eq!(trial.rows, wanted);
    assert_eq!((trial.rejects, trial.unknown), (Vec::new(), 2), "null and NaN");
}

#[test]
fn a_forecast_is_of_when_it_was_generated() {
    let ask = ask(["2026-01-20T00:00:00Z", "2026-01-20T00:20:00Z", "2026-01-20T00:06:40Z"], &[]);
    let request = request(&ask, AHEAD);
    let trial = done(&ask, &request, FORECAST);
    let wanted = [
        "marginal_intensity 2026-01-20T00:05:00Z 5 390090 calculated issued 2026-01-20T00:05:00Z",
        "marginal_intensity 2026-01-20T00:10:00Z 5 385554 calculated issued 2026-01-20T00:05:00Z",
    ];
    assert_eq!((trial.rows, trial.unknown), (wanted.map(String::from).to_vec(), 1));
    // The point that was over when it was generated is no forecast.
    let late = FORECAST.replace("\"generated_at\": \"2026-01-20T00:05", "\"generated_at\": \"2026-01-20T00:10");
    assert!(done(&ask, &request, &late).rows[0].starts_with("marginal_intensity 2026-01-20T00:10:00Z"));
    let unstated = FORECAST.replace("\"generated_at\":", "\"generated\":");
    assert!(fault(&WattTime, &ask, &request, &unstated).contains("it has no `generated_at`"));
    refuses_cut_off(&WattTime, &ask, &request, FORECAST);
}

/// Both days are answered with the same three issues: each is taken by the day that it is of.
#[test]
fn an_issue_is_taken_once() {
    let body = fixture!("forecast-historical.json");
    let ask = ask(["2026-01-20T00:00:00Z", "2026-01-22T00:00:00Z", "2026-01-30T00:00:00Z"], &[("issues", "all")]);
    let mut rows = Vec::new();
    for request in WattTime.requests(&ask).expect("asked").iter().filter(|request| request.path == ISSUES) {
        rows.extend(done(&ask, request, body).rows);
    }
    let wanted = [
        "marginal_intensity 2026-01-20T23:50:00Z 5 394626 calculated issued 2026-01-20T23:50:00Z",
        "marginal_intensity 2026-01-21T00:00:00Z 5 385554 calculated issued 2026-01-20T23:50:00Z",
        "marginal_intensity 2026-01-21T00:00:00Z 5 383286 calculated issued 2026-01-20T23:55:00Z",
        "marginal_intensity 2026-01-21T00:00:00Z 5 381018 calculated issued 2026-01-21T00:00:00Z",
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn nothing_is_lost_or_doubled_between_two_calls() {
    let ask = ask(["2022-07-01T00:00:00Z", "2022-08-03T00:00:00Z", "2022-09-01T00:00:00Z"], &[]);
    let mut rows = Vec::new();
    for request in WattTime.requests(&ask).expect("asked") {
        let point = |index: i64| {
            let time = (request.covers.start + index * STEP_S).to_string();
            format!("{{\"point_time\": \"{time}\", \"value\": 1}}")
        };
        let points: Vec<String> = (-1..=request.covers.duration_s() / STEP_S).map(point).collect();
        let meta = r#"{"region": "CAISO_NORTH", "units": "lbs_co2_per_mwh"}"#;
        let body = format!("{{\"data\": [{}], \"meta\": {meta}}}", points.join(","));
        rows.extend(done(&ask, &request, &body).rows);
    }
    let all = rows.len();
    rows.sort();
    rows.dedup();
    assert_eq!((all, rows.len()), (33 * 288, 33 * 288));
}

#[test]
fn what_was_not_asked_for_is_refused_as_a_whole() {
    let (ask, request) = hour();
    for (from, to, wanted) in [
        ("lbs_co2_per_mwh", "g_per_kwh", "values are in `g_per_kwh`, not in `lbs_co2_per_mwh`"),
        ("CAISO_NORTH", "PJM_DC", "its `region` is `PJM_DC`, and `CAISO_NORTH` was asked for"),
        ("co2_moer", "health_damage", "its `signal_type` is `health_damage`"),
        ("_seconds\": 300", "_seconds\": 7", "its points are 7 s apart"),
        ("_seconds\": 300", "_seconds\": 0", "its points are 0 s apart"),
        ("\"value\": 870, ", "", "missing field `value`"),
        ("\"2026-01-20T00:00:00+00:00\"", "1657843200", "not as documented"),
        ("870", "NaN", "not as documented"),
        ("\"data\"", "\"points\"", "missing field `data`"),
    ] {
        let changed = HISTORICAL.replacen(from, to, 1);
        assert_ne!(changed, HISTORICAL, "{from}");
        let what = fault(&WattTime, &ask, &request, &changed);
        assert!(what.contains(wanted), "`{wanted}` not in {what}");
    }
    refuses_cut_off(&WattTime, &ask, &request, HISTORICAL);
    let other = Request::new("/v2/data", request.covers);
    assert!(fault(&WattTime, &ask, &other, HISTORICAL).contains("is not a request of this feed"));
}

#[test]
fn one_bad_point_is_rejected_alone() {
    let (ask, request) = hour();
    for (from, to, wanted) in [
        ("870", "-870", "must not be negative"),
        ("870", "{\"a\": 1}", "is not a number"),
        ("870", "\"many\"", "is not a decimal number"),
        ("2026-01-20T00:00:00+00:00", "2026-01-20T00:02:00+00:00", "does not begin a step of 300 s"),
        ("2026-01-20T00:00:00+00:00", "2026-01-20T00:00:00", "has no UTC offset"),
        ("2026-01-20T00:00:00+00:00", "", "is not an RFC 3339 time"),
    ] {
        let changed = HISTORICAL.replacen(from, to, 1);
        let trial = done(&ask, &request, &changed);
        assert_eq!((trial.rows.len(), trial.rejects.len()), (3, 1), "{to}: {trial:?}");
        assert!(trial.rejects[0].contains(wanted), "{:?}", trial.rejects);
    }
}

#[test]
fn no_points_are_no_fault() {
    let (ask, request) = hour();
    for (warnings, wanted) in [
        ("[]", "the list of points is empty"),
        (r#"[{"type": "NO_DATA", "message": "no model for this period"}]"#, "no model for this period"),
        ("[5]", "the list of points is empty"),
    ] {
        let body = format!("{{\"data\": [], \"meta\": {{\"units\": \"lbs_co2_per_mwh\", \"warnings\": {warnings}}}}}");
        let (next, trial) = read(&WattTime, &ask, &request, &body).expect("no data");
        assert_eq!((next, trial), (Next::NoData(wanted.into()), Trial::default()));
    }
}

#[test]
fn settings_say_what_they_may() {
    let period = ["2026-01-20T00:00:00Z", "2026-01-20T01:00:00Z", "2026-01-21T00:00:00Z"];
    for (setting, good) in [
        (("horizon", "72"), true),
        (("horizon", "0"), true),
        (("horizon", "73"), false),
        (("horizon", "a day"), false),
        (("issues", "all"), true),
        (("issues", "some"), false),
    ] {
        assert_eq!(WattTime.check(&ask(period, &[setting]).wanted).is_ok(), good, "{setting:?}");
    }
}
