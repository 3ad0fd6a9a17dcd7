use super::*;
use crate::received::providers::sink::Numbered;
use crate::received::tests::taken::Taken;
use crate::time::Instant;
use serde_json::json;

const LOAD: &str = "site/a/it_load";
const ENERGY: &str = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

/// A question about two hours, just after them.
fn question(settings: &[(&str, &str)]) -> Ask {
    let mut told = BTreeMap::from([(LOAD.to_string(), ENERGY.to_string()), ("unit".into(), "mJ".into())]);
    told.extend(settings.iter().map(|(key, text)| ((*key).to_string(), (*text).to_string())));
    let wanted = Wanted { series: vec![LOAD.into()], settings: told, ..Wanted::default() };
    let start = at("2026-01-20T10:00:00Z");
    Ask { wanted, period: Interval { start, end: start + 7_200 }, now: start + 7_260 }
}

/// Samples every half-minute from a minute before the two hours to a minute after them, by seconds into them.
fn series(labels: serde_json::Value, value: impl Fn(i64) -> Option<String>) -> serde_json::Value {
    let start = at("2026-01-20T10:00:00Z");
    let values: Vec<serde_json::Value> = (-2..=242)
        .map(|n| n * 30)
        .filter_map(|second| value(second).map(|value| json!([(start + second).seconds() as f64 + 0.781, value])))
        .collect();
    json!({"metric": labels, "values": values})
}

fn matrix(result: &[serde_json::Value]) -> String {
    json!({"status": "success", "data": {"resultType": "matrix", "result": result}}).to_string()
}

fn parse(ask: &Ask, body: &str) -> (Result<Next, Fault>, Taken) {
    let request = Prometheus.requests(ask).expect("asked").remove(0);
    let mut taken = Taken::default();
    let answer = Answer { status: 200, content_type: "application/json", body, fetched: ask.now, published: None };
    let next = Prometheus.parse(ask, &request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut taken));
    (next, taken)
}

/// Wh of the intervals that are known.
fn wh_of(ask: &Ask, result: &[serde_json::Value]) -> Vec<i64> {
    let (next, taken) = parse(ask, &matrix(result));
    assert_eq!((next, taken.rejects), (Ok(Next::Done), Vec::new()));
    taken.readings.get(LOAD).cloned().unwrap_or_default()
}

/// A counter that counts 500 W in mJ, from `first` at the start on.
fn counter(first: i64) -> impl Fn(i64) -> Option<String> {
    move |second| Some((first + second * 500_000).to_string())
}

#[test]
fn raw_samples_are_asked_for_with_a_gap_on_either_side_and_until_now() {
    let ask = question(&[("span", "1h"), ("gap", "2min")]);
    let lines: Vec<String> = Prometheus.requests(&ask).expect("asked").iter().map(ToString::to_string).collect();
    let start = at("2026-01-20T10:00:00Z");
    let line = |end: Instant| format!("GET /api/v1/query?query={ENERGY}[3840s]&time={}", (end + 120).seconds());
    assert_eq!(lines, [line(start + 3_600), line(start + 7_200)]);
    // An hour that is not over is not asked for; what is asked for begins and ends with an hour.
    let ask = Ask { period: Interval { start: start + 600, end: start + 99_999 }, now: start + 7_199, ..ask };
    let covers: Vec<Interval> = Prometheus.requests(&ask).expect("asked").iter().map(|one| one.covers).collect();
    assert_eq!(covers, [Interval { start, end: start + 3_600 }]);
    assert_eq!(Prometheus.requests(&Ask { now: start, ..ask }), Ok(Vec::new()));
}

#[test]
fn meters_are_added_up_hour_by_hour() {
    let two = [series(json!({"gpu": "0"}), counter(70_000_007)), series(json!({"gpu": "1"}), counter(9_000_000_000))];
    assert_eq!(wh_of(&question(&[]), &two), [1_000, 1_000]);
    assert_eq!(wh_of(&question(&[("resolution", "30min")]), &two), [500; 4]);
    // The first begins again right after its sample of 29:30: nothing is lost.
    let reset = |second: i64| {
        let counted = if second < 1_800 { second * 500_000 + 50_000_000 } else { (second - 1_770) * 500_000 };
        Some(counted.to_string())
    };
    assert_eq!(wh_of(&question(&[]), &[series(json!({"gpu": "0"}), reset), two[1].clone()]), [1_000, 1_000]);
}

#[test]
fn units_are_what_is_said() {
    type Case = (&'static str, i64, fn(i64) -> String);
    let cases: [Case; 8] = [
        ("mJ", 500, |second| (second * 500_000 + 40_000_000).to_string()),
        ("J", 500, |second| (second * 500 + 40_000).to_string()),
        // Kepler's joules have fractions.
        ("J", 500, |second| format!("{}.125", second * 500 + 40_000)),
        ("kWh", 360, |second| format!("{}e-4", 1_000_000 + second)),
        ("W", 500, |_| "500".into()),
        ("W", 500, |second| if second % 60 == 0 { "600".into() } else { "400".into() }),
        ("kW", 500, |_| "0.5".into()),
        ("mW", 500, |_| "5e5".into()),
    ];
    for (unit, hourly, value) in cases {
        let result = [series(json!({}), |second| Some(value(second)))];
        assert_eq!(wh_of(&question(&[("unit", unit)]), &result), [hourly, hourly], "{unit}");
    }
}

#[test]
fn what_is_not_a_number_is_a_gap_and_no_zero() {
    let around = |unknown: &'static str, from: i64, to: i64| {
        move |second: i64| -> Option<String> {
            let counted = (second * 500_000 + 40_000_000).to_string();
            if unknown == "none" && (from..to).contains(&second) {
                return None;
            }
            Some(if (from..to).contains(&second) { unknown.into() } else { counted })
        }
    };
    for unknown in ["NaN", "+Inf", "-Inf", "Inf", "-1", "1e300", "", "none"] {
        let of = |from, to| wh_of(&question(&[]), &[series(json!({}), around(unknown, from, to))]);
        assert_eq!(of(600, 660), [500, 500], "{unknown}: a minute is bridged");
        assert_eq!(of(3_300, 3_900), Vec::<i64>::new(), "{unknown}: over a border");
        assert_eq!(of(3_630, 9_999), [500], "{unknown}: to the end");
        assert_eq!(of(-99, 9_999), Vec::<i64>::new(), "{unknown}: all of it");
    }
    // Where one of two is unknown, their sum is.
    let two =
        [series(json!({"gpu": "0"}), counter(80_000_000)), series(json!({"gpu": "1"}), around("NaN", 4_000, 9_999))];
    assert_eq!(wh_of(&question(&[]), &two), [1_000]);
    assert_eq!(wh_of(&question(&[("meters", "3")]), &two), Vec::<i64>::new(), "a third is nowhere");
}

#[test]
fn one_meter_under_changing_labels_counts_on() {
    // A job takes the accelerator for an hour, and its name is a label of it.
    let part =
        |from: i64, to: i64| move |second: i64| counter(80_000_000)(second).filter(|_| (from..to).contains(&second));
    let label = |pod: &str| json!({"UUID": "GPU-1", "pod": pod});
    let result = [
        series(label(""), part(-99, 1_800)),
        series(label("job"), part(1_800, 5_400)),
        series(label("x"), part(5_400, 9_999)),
    ];
    assert_eq!(wh_of(&question(&[("by", "UUID")]), &result), [500, 500]);
    assert_eq!(wh_of(&question(&[]), &result), Vec::<i64>::new(), "three meters, each for a while");
    let (next, _) = parse(&question(&[("by", "uuid")]), &matrix(&result));
    assert!(matches!(next, Err(Fault::Asked(refused)) if refused.what.contains("no label `uuid`")));
    let both = [series(label("a"), counter(80_000_001)), series(label("b"), counter(80_000_002))];
    let (next, taken) = parse(&question(&[("by", "UUID")]), &matrix(&both));
    assert!(matches!(next, Err(Fault::Asked(refused)) if refused.what.contains("two values at one time")));
    assert!(taken.readings.is_empty());
}

#[test]
fn an_answer_as_it_comes_is_read() {
    // Two accelerators at 600 and 300 W; one begins again, one knows nothing for a sample.
    let body = include_str!("../../../../../fixtures/http/prometheus/matrix.json");
    let (next, taken) = parse(&question(&[("by", "gpu"), ("meters", "2")]), body);
    assert_eq!((next, taken.rejects.len()), (Ok(Next::Done), 0));
    assert_eq!(taken.readings[LOAD], [900, 900]);
}

#[test]
fn other_answers_are_told_apart() {
    let error = |kind: &str| json!({"status": "error", "errorType": kind, "error": "too much of it"}).to_string();
    let one = series(json!({}), counter(100_000_000));
    let partial = json!({"status": "success", "warnings": ["one store is away"],
        "data": {"resultType": "matrix", "result": [one]}});
    let whole = matrix(&[one]);
    for (body, wanted) in [
        (error("bad_data"), "asked"),
        (error("execution"), "asked"),
        (error("timeout"), "later"),
        (error("unavailable"), "later"),
        (partial.to_string(), "later"),
        (matrix(&[]), "nothing"),
        (whole[..whole.len() / 2].to_string(), "form"),
        (whole.replace("matrix", "vector"), "form"),
        (r#"{"status":"success"}"#.into(), "form"),
        (
            r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}"#.into(),
            "form",
        ),
        (
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[["x","2"]]}]}}"#
                .into(),
            "form",
        ),
        (
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,[2]]]}]}}"#.into(),
            "form",
        ),
        (
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2,5"]]}]}}"#
                .into(),
            "form",
        ),
        (
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[]}]}}"#.into(),
            "form",
        ),
        (String::new(), "form"),
        ("<html>".into(), "form"),
        (whole, "done"),
    ] {
        let (next, taken) = parse(&question(&[]), &body);
        let found = match next {
            Ok(Next::Done) => "done",
            Ok(Next::NoData(_)) => "nothing",
            Ok(Next::Page(_)) => "page",
            Err(Fault::Form(_)) => "form",
            Err(Fault::Later { .. }) => "later",
            Err(Fault::Denied(_)) => "denied",
            Err(Fault::Asked(_)) => "asked",
        };
        assert_eq!((found, taken.readings.is_empty()), (wanted, wanted != "done"), "{body:.200}");
    }
}

#[test]
fn a_kept_question_that_it_never_asked_is_refused() {
    let ask = question(&[]);
    let mut request = Prometheus.requests(&ask).expect("asked").remove(0);
    let answer = Answer { status: 200, content_type: "", body: "{}", fetched: Instant::FIRST, published: None };
    // Of eight thousand years in intervals of an hour.
    request.covers.end = at("9999-01-01T00:00:00Z");
    let query = Settings::read(&ask.wanted).expect("settings").query(ENERGY, request.covers);
    request.query[0].1 = query;
    let mut taken = Taken::default();
    let parsed = Prometheus.parse(&ask, &request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut taken));
    assert!(matches!(parsed, Err(Fault::Form(refused)) if refused.what.contains("not a request of this feed")));
}
