use super::*;
use crate::received::providers::sink::Numbered;
use crate::received::tests::taken::Taken;
use crate::time::{Instant, Interval};
use std::collections::BTreeMap;

const LOAD: &str = "site/a/load";
const MADE: &str = "plant/p/generation";

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

/// A question about two days to a source with a list under `data`, of which `settings` say the rest.
fn question(settings: &[(&str, &str)]) -> Ask {
    let own = [("path", "/m"), ("query", "from={from}"), ("list", "/data"), ("unit", "kWh"), (LOAD, "/v")];
    let told = own.iter().chain(settings).map(|(key, text)| ((*key).to_string(), (*text).to_string()));
    let settings: BTreeMap<String, String> = told.collect();
    let series = settings.keys().filter(|key| key.ends_with("load") || key.ends_with("generation")).cloned().collect();
    let period = Interval { start: at("2026-10-24T00:00:00Z"), end: at("2026-10-26T00:00:00Z") };
    Ask { wanted: Wanted { series, settings, ..Wanted::default() }, period, now: period.end }
}

fn parse(ask: &Ask, body: &str) -> (Result<Next, Fault>, Taken) {
    assert_eq!(Json.check(&ask.wanted), Ok(()));
    let request = Json.requests(ask).expect("asked").remove(0);
    let answer = Answer { status: 200, content_type: "", body, fetched: ask.now, published: None };
    let mut taken = Taken::default();
    let next = Json.parse(ask, &request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut taken));
    (next, taken)
}

#[test]
fn values_stand_where_pointers_say() {
    // Numbers and texts; null, NaN, nothing and an empty text are unknown; neither is rejected by itself.
    let ask = question(&[("start", "/t"), ("step", "30min"), (MADE, "/made/0/wh")]);
    let body = r#"{"page":1,"data":[
        {"t":"2026-10-24T10:00:00+01:00","v":1.5,"made":[{"wh":"2"}]},
        {"t":"2026-10-24T10:30:00+01:00","v":"0.25","made":[{"wh":-1}]},
        {"t":"2026-10-24T11:00:00+01:00","v":null,"made":[]},
        {"t":"2026-10-24T11:30:00+01:00","v":"NaN","made":[{"wh":"","more":1}]},
        {"t":"2026-10-24T12:00:00+01:00","v":true},
        {"t":"2026-10-24T12:30:00+01:00","v":"1,5"},
        {"t":"2026-10-24T13:00:00+01:00","v":1e-3},
        {"t":"today","v":1},
        {"v":1}]}"#;
    let (next, taken) = parse(&ask, body);
    assert_eq!(next, Ok(Next::Done));
    assert_eq!(taken.readings[LOAD], [1_500, 250, 1]);
    assert_eq!(taken.readings[MADE], [2_000, -1_000]);
    assert_eq!(taken.rejects.len(), 4, "{:?}", taken.rejects);
}

#[test]
fn of_two_requests_that_touch_each_value_belongs_to_one() {
    // The service answers with both ends, and a day more, whatever it is asked for; times are labels of ends.
    let ask = question(&[("end", "/t"), ("step", "1h"), ("span", "1d"), ("format", "unix_ms")]);
    let first = at("2026-10-23T20:00:00Z");
    let items: Vec<String> =
        (1..=60).map(|hour| format!(r#"{{"t":{}000,"v":{hour}}}"#, (first + hour * 3_600).seconds())).collect();
    let body = format!(r#"{{"data":[{}]}}"#, items.join(","));
    let requests = Json.requests(&ask).expect("asked");
    assert_eq!(requests.len(), 2);
    let mut sums = Vec::new();
    for request in &requests {
        let answer = Answer { status: 200, content_type: "", body: &body, fetched: Instant::FIRST, published: None };
        let mut taken = Taken::default();
        let next = Json.parse(&ask, request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut taken));
        assert_eq!((next, taken.rejects.len()), (Ok(Next::Done), 0));
        sums.push((taken.readings[LOAD].len(), taken.readings[LOAD].iter().sum::<i64>()));
    }
    // The hour that begins at midnight is the fifth.
    let kwh = |hours: std::ops::RangeInclusive<i64>| hours.sum::<i64>() * 1_000;
    assert_eq!(sums, [(24, kwh(5..=28)), (24, kwh(29..=52))]);
}

#[test]
fn clocks_that_go_back_repeat_their_times() {
    let ask = question(&[("start", "/t"), ("step", "30min"), ("time_zone", "Europe/Berlin")]);
    let times = ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"];
    let items: Vec<String> =
        times.iter().zip(1..).map(|(time, value)| format!(r#"{{"t":"2026-10-25T{time}","v":{value}}}"#)).collect();
    let (next, taken) = parse(&ask, &format!(r#"{{"data":[{}]}}"#, items.join(",")));
    assert_eq!((next, taken.rejects.len()), (Ok(Next::Done), 0));
    assert_eq!(taken.readings[LOAD], [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]);
}

#[test]
fn forecasts_keep_the_time_of_issue_that_is_stated() {
    let ask = question(&[("start", "/t"), ("end", "/u"), ("issued", "/made_at"), ("list", "/data/list")]);
    let body = r#"{"made_at":"2026-10-24T00:00:00Z","data":{"list":[
        {"t":"2026-10-24T10:00Z","u":"2026-10-24T10:15Z","v":4},
        {"t":"2026-10-24T10:15Z","u":"2026-10-24T11:00Z","v":3,"made_at":"2026-10-24T06:00:00Z"}]}}"#;
    let (next, taken) = parse(&ask, body);
    assert_eq!((next, taken.rejects.len(), taken.readings.len()), (Ok(Next::Done), 0, 0));
    assert_eq!(taken.forecasts[LOAD], [(at("2026-10-24T00:00:00Z"), 4_000), (at("2026-10-24T06:00:00Z"), 3_000)]);
}

#[test]
fn an_answer_that_is_no_list_is_no_answer() {
    let ask = question(&[("start", "/t"), ("step", "1h")]);
    for body in ["", "{", "{}", "[]", r#"{"data":{}}"#, r#"{"data":null}"#, "<html>", r#"{"data":[{"t":"2026-10-24"#] {
        let (next, taken) = parse(&ask, body);
        assert!(matches!(next, Err(Fault::Form(_))), "{body}");
        assert!(taken.readings.is_empty());
    }
    assert_eq!(parse(&ask, r#"{"data":[]}"#).0, Ok(Next::NoData("the list is empty".into())));
    let (next, _) = parse(&ask, r#"{"data":[{"t":"2026-10-24T10:00Z","value":1}]}"#);
    assert!(matches!(next, Err(Fault::Form(refused)) if refused.what == "no item of the list has anything at /v"));
    // Items that are none have no time.
    let (next, taken) = parse(&ask, r#"{"data":[1,null,"x",[],{"v":1}]}"#);
    assert_eq!((next, taken.rejects.len()), (Ok(Next::Done), 5));
}

#[test]
fn what_cannot_be_is_said() {
    let with = |settings: &[(&str, &str)]| Json.check(&question(settings).wanted).expect_err("refused");
    let start = ("start", "/t");
    assert!(with(&[start]).contains("time needs step"), "{}", with(&[start]));
    assert!(with(&[("start", "t"), ("step", "1h")]).contains("`t` is not a JSON pointer"));
    assert!(with(&[start, ("step", "1h"), ("list", "data")]).contains("`data` is not a JSON pointer"));
    assert!(with(&[start, ("step", "1h"), ("unit", "g/kWh")]).contains("measures a carbon intensity"));
    assert!(with(&[start, ("step", "1h"), ("time_zone", "Mars")]).contains("is not a time zone"));
    assert!(with(&[start, ("step", "1h"), ("auth", "cookie")]).contains("auth `cookie`"));
    assert!(with(&[start, ("step", "1h"), ("span", "soon")]).contains("span: step `soon`"));
    let mut lacks = question(&[start, ("step", "1h")]).wanted;
    lacks.settings.remove(LOAD);
    assert!(Json.check(&lacks).is_err_and(|what| what.contains("where the value of site/a/load stands")));
    lacks.settings.insert(LOAD.into(), "/v".into());
    lacks.settings.remove("unit");
    assert!(Json.check(&lacks).is_err_and(|what| what.contains("states no unit")));
}
