use super::*;
use crate::received::providers::sink::Numbered;
use crate::received::tests::taken::Taken;
use std::collections::BTreeMap;

const ASHBURN: &str = "site/ashburn/temperature";
/// In the form of the documentation, generated: 2026-01-20, 48 hours from 0.0 up by 0.5 degrees, and nulls.
const BODY: &str = include_str!("../../../../../fixtures/http/open-meteo/forecast.json");

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

fn question(from: &str, to: &str, now: &str) -> Ask {
    let settings: BTreeMap<String, String> = [(ASHBURN, "39.04, -77.49"), ("site/next/temperature", "39.04,-77.49")]
        .map(|(name, place)| (name.to_string(), place.to_string()))
        .into();
    let wanted = Wanted { series: settings.keys().cloned().collect(), settings, ..Wanted::default() };
    Ask { wanted, period: Interval { start: at(from), end: at(to) }, now: at(now) }
}

fn parse(ask: &Ask, body: &str, fetched: &str) -> (Result<Next, Fault>, Taken) {
    let request = OpenMeteo::FORECAST.requests(ask).expect("asked").remove(0);
    let fetched = at(fetched);
    let answer = Answer { status: 200, content_type: "application/json", body, fetched, published: None };
    let mut taken = Taken::default();
    let mut sink = Numbered::from(0, &ask.wanted.series, &mut taken);
    let next = OpenMeteo::FORECAST.parse(ask, &request, &answer, &mut sink);
    (next, taken)
}

#[test]
fn whole_days_are_asked_for_once_a_place() {
    let ask = question("2026-01-05T10:00:00Z", "2026-01-20T00:30:00Z", "2026-01-20T06:00:00Z");
    let lines = |feed: &OpenMeteo, ask: &Ask| -> Vec<String> {
        feed.requests(ask).expect("asked").iter().map(ToString::to_string).collect()
    };
    let line = |path: &str, dates: &str| {
        let (from, to) = dates.split_once(' ').expect("two");
        format!(
            "GET /v1/{path}?latitude=39.04&longitude=-77.49&hourly=temperature_2m&timezone=UTC&timeformat=unixtime\
             &start_date={from}&end_date={to}"
        )
    };
    let forecast = ["2026-01-05 2026-01-18", "2026-01-19 2026-01-20"].map(|dates| line("forecast", dates));
    assert_eq!(lines(&OpenMeteo::FORECAST, &ask), forecast);
    // The archive has nothing of today.
    let archive = ["2026-01-05 2026-01-18", "2026-01-19 2026-01-19"].map(|dates| line("archive", dates));
    assert_eq!(lines(&OpenMeteo::ARCHIVE, &ask), archive);
    let far = question("2026-01-30T10:00:00Z", "2026-03-01T00:00:00Z", "2026-01-20T06:00:00Z");
    assert_eq!(lines(&OpenMeteo::FORECAST, &far), [line("forecast", "2026-01-30 2026-02-04")]);
    assert_eq!(lines(&OpenMeteo::ARCHIVE, &far), Vec::<String>::new());
    let old = question("2025-10-19T23:00:00Z", "2026-01-01T00:00:00Z", "2026-01-20T06:00:00Z");
    let refused = OpenMeteo::FORECAST.requests(&old).expect_err("before 92 days");
    assert_eq!(refused.what, "the forecast goes back to 2025-10-20T00:00:00Z");
    assert!(OpenMeteo::ARCHIVE.requests(&old).is_ok());
}

#[test]
fn hours_that_are_over_are_readings_and_others_forecasts() {
    let ask = question("2026-01-20T00:00:00Z", "2026-01-22T00:00:00Z", "2026-01-20T06:00:00Z");
    let (next, taken) = parse(&ask, BODY, "2026-01-20T06:30:00Z");
    assert_eq!((next, taken.rejects), (Ok(Next::Done), Vec::new()));
    // In thousandths of a degree; the third is null. Two sites lie in one place.
    let readings = vec![-1_500, -1_000, 0, 500, 1_000];
    assert_eq!(taken.readings[ASHBURN], readings);
    assert_eq!(taken.readings["site/next/temperature"], readings);
    let forecasts = &taken.forecasts[ASHBURN];
    // 42 hours, of which the last is null.
    assert_eq!((forecasts.len(), forecasts[0]), (41, (at("2026-01-20T06:30:00Z"), 1_500)));
    assert_eq!(forecasts.iter().map(|(_, value)| value).sum::<i64>(), (3..=43).map(|n| n * 500).sum::<i64>());
}

#[test]
fn the_archive_does_not_know_the_last_hours() {
    let ask = question("2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z", "2026-01-21T00:00:00Z");
    let body = include_str!("../../../../../fixtures/http/open-meteo-archive/archive.json");
    let (next, taken) = parse(&ask, body, "2026-01-21T00:00:00Z");
    assert_eq!((next, taken.rejects.len(), taken.forecasts.len()), (Ok(Next::Done), 0, 0));
    // -1.5 to 7 degrees, half a degree an hour.
    assert_eq!(taken.readings[ASHBURN], (-3..=14).map(|n| n * 500).collect::<Vec<i64>>());
}

#[test]
fn hours_outside_of_the_request_are_another_ones() {
    let first = question("2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z", "2026-01-25T00:00:00Z");
    let second = question("2026-01-21T00:00:00Z", "2026-01-22T00:00:00Z", "2026-01-25T00:00:00Z");
    let count = |ask: &Ask| parse(ask, BODY, "2026-01-25T00:00:00Z").1.readings[ASHBURN].len();
    assert_eq!((count(&first), count(&second)), (23, 23), "48 hours, of which two are null");
    // Times as text are UTC, for nothing else was asked for.
    let text = r#"{"utc_offset_seconds":0,"hourly_units":{"time":"iso8601","temperature_2m":"°C"},
        "hourly":{"time":["2026-01-20T07:00","2026-01-20T08:30","2026-01-20","soon",7,null],
        "temperature_2m":["-3.25",1,1,1,1,1]}}"#;
    let (next, taken) = parse(&first, text, "2026-01-25T00:00:00Z");
    assert_eq!((next, &taken.readings[ASHBURN]), (Ok(Next::Done), &vec![-3_250]));
    let rows: Vec<&str> = taken.rejects.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(rows.len(), 5, "{rows:?}");
    assert!(rows.iter().all(|reason| reason.contains("is not the start of an hour")), "{rows:?}");
}

#[test]
fn other_answers_are_told_apart() {
    let ask = question("2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z", "2026-01-25T00:00:00Z");
    for (body, wanted) in [
        (
            r#"{"error":true,"reason":"Parameter 'start_date' is out of allowed range from 2025-08-08 to 2025-11-24"}"#
                .to_string(),
            "asked",
        ),
        (
            r#"{"error":true,"reason":"Minutely API request limit exceeded. Please try again in one minute."}"#
                .to_string(),
            "later",
        ),
        (BODY[..BODY.len() / 2].to_string(), "form"),
        (BODY.replace("°C", "°F"), "form"),
        (BODY.replace("\"utc_offset_seconds\":0", "\"utc_offset_seconds\":3600"), "form"),
        (BODY.replacen("-1.5,", "", 1), "form"),
        (BODY.replacen("\"temperature_2m\":[", "\"temperature\":[", 1), "form"),
        ("{}".into(), "form"),
        ("<html>".into(), "form"),
    ] {
        let (next, taken): (_, Taken) = parse(&ask, &body, "2026-01-25T00:00:00Z");
        let found = match next {
            Err(Fault::Form(_)) => "form",
            Err(Fault::Later { .. }) => "later",
            Err(Fault::Asked(_)) => "asked",
            other => panic!("{other:?} of {body:.100}"),
        };
        assert_eq!((found, taken.readings.is_empty()), (wanted, true), "{body:.100}");
    }
    // A value that is none is rejected by itself.
    let (next, taken) = parse(&ask, &BODY.replacen("-1.5,", "true,", 1), "2026-01-25T00:00:00Z");
    assert_eq!((next, taken.rejects.len(), taken.readings[ASHBURN].len()), (Ok(Next::Done), 1, 22));
}

#[test]
fn what_cannot_be_is_said() {
    let wanted = |series: &str, place: &str| Wanted {
        series: vec![series.into()],
        settings: BTreeMap::from([(series.to_string(), place.to_string())]),
        ..Wanted::default()
    };
    assert_eq!(OpenMeteo::ARCHIVE.check(&wanted(ASHBURN, "-90,180.0")), Ok(()));
    for place in ["", "39.04", "91,0", "0,-180.1", "a,b", "1e300,0", "1,2,3"] {
        let what = OpenMeteo::FORECAST.check(&wanted(ASHBURN, place)).expect_err(place);
        assert!(what.contains("is not a latitude and longitude"), "{what}");
    }
    for series in ["site/a/load", "grid/A/price"] {
        assert!(OpenMeteo::FORECAST.check(&wanted(series, "0,0")).is_err(), "{series}");
    }
}
