use super::*;
use crate::received::providers::sink::Numbered;
use crate::received::tests::taken::Taken;
use crate::time::{Instant, Interval};
use std::collections::BTreeMap;

const LOAD: &str = "site/a/load";

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

fn question(series: &[&str], settings: &[(&str, &str)]) -> Ask {
    let own = [("path", "/export.csv"), ("query", "a={from}&b={to}"), ("span", "1d")];
    let told = own.iter().chain(settings).map(|(key, text)| ((*key).to_string(), (*text).to_string()));
    let wanted = Wanted {
        area: "A".into(),
        series: series.iter().map(|name| (*name).to_string()).collect(),
        settings: told.collect::<BTreeMap<_, _>>(),
        ..Wanted::default()
    };
    let period = Interval { start: at("2026-01-20T00:00:00Z"), end: at("2026-01-22T00:00:00Z") };
    Ask { wanted, period, now: period.end }
}

/// What each request takes of one answer.
fn parse(ask: &Ask, body: &str) -> Result<Vec<Taken>, Fault> {
    assert_eq!(Csv.check(&ask.wanted), Ok(()));
    let mut each = Vec::new();
    for request in Csv.requests(ask).expect("asked") {
        let answer = Answer { status: 200, content_type: "text/csv", body, fetched: ask.now, published: None };
        let mut taken = Taken::default();
        Csv.parse(ask, &request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut taken))?;
        each.push(taken);
    }
    Ok(each)
}

#[test]
fn columns_are_read_as_settings_say() {
    let told = [
        (LOAD, "Leistung [kW]"),
        ("unit", "kW"),
        ("start", "Zeit"),
        ("step", "15min"),
        ("format", "%d.%m.%Y %H:%M"),
        ("time_zone", "Europe/Berlin"),
        ("separator", ";"),
        ("decimal", ","),
        ("thousands", "."),
    ];
    let body = "Zeit;Leistung [kW];Status\n20.01.2026 00:45;9,0;ok\n20.01.2026 01:00;1.000,5;ok\n\
        20.01.2026 01:15;NaN;ok\n20.01.2026 01:30;;ok\n20.01.2026 01:45;x;ok\n21.01.2026 00:45;4;ok\n\
        21.01.2026 01:00;8;ok\n";
    let each = parse(&question(&[LOAD], &told), body).expect("read");
    // 1 000.5 kW for a quarter of an hour are 250.125 kWh, which round up to Wh; midnight in UTC is 01:00 there.
    assert_eq!(each[0].readings[LOAD], [250_125, 1_000]);
    assert_eq!(each[1].readings[LOAD], [2_000]);
    assert_eq!((each[0].rejects.len(), each.len()), (1, 2));
}

/// Whoever reads kept answers needs no list of the program's forms, and reads the same.
#[test]
fn a_form_of_the_program_is_kept_as_what_it_says() {
    for (name, count) in [("pjm", 1), ("entsoe-load", 3)] {
        let ask = question(&["grid/A/demand"], &[("form", name)]);
        let kept = Csv.kept(&ask.wanted);
        assert!(kept.setting("form").is_some_and(|form| form.contains("\"kind\":\"table\"")), "{kept:?}");
        assert_eq!(forms(&kept).map(|forms| forms.len()), Ok(count), "{name}");
        assert_eq!(forms(&kept), forms(&ask.wanted), "{name}");
        assert_eq!(Csv.kept(&kept), kept, "{name}");
    }
    let own = question(&[LOAD], &[(LOAD, "kW"), ("unit", "kW"), ("start", "t"), ("step", "1h")]).wanted;
    assert_eq!(Csv.kept(&own), own);
}

#[test]
fn forms_of_the_program_and_forms_as_json_are_read() {
    let body = "datetime_beginning_utc,datetime_beginning_ept,fuel_type,mw,fuel_percentage_of_total,is_renewable\n\
        1/20/2026 5:00:00 AM,1/20/2026 12:00:00 AM,Solar,12.5,0.1,true\n\
        1/20/2026 5:00:00 AM,1/20/2026 12:00:00 AM,Wind,100,0.1,true\n";
    let each = parse(&question(&["grid/A/wind"], &[("form", "pjm")]), body).expect("read");
    assert_eq!(each[0].readings.iter().collect::<Vec<_>>(), [(&"grid/A/wind".to_string(), &vec![100_000_000])]);
    let form = r#"{"time": {"range": "MTU"}, "only": {"id": "7"},
        "series": [{"series": "site/a/load", "column": "kWh", "unit": "kWh"}]}"#;
    let body = "MTU,id,kWh\n2026-01-20 10:00 - 2026-01-20 10:30,7,2\n2026-01-20 10:00 - 2026-01-20 10:30,8,5\n";
    let each = parse(&question(&[LOAD], &[("form", form)]), body).expect("read");
    assert_eq!(each[0].readings[LOAD], [2_000]);
}

#[test]
fn an_answer_that_is_another_table_is_refused() {
    let told = [(LOAD, "kWh"), ("unit", "kWh"), ("start", "from"), ("end", "to")];
    let ask = question(&[LOAD], &told);
    for body in ["from,kWh\n2026-01-20T00:00Z,1\n", "<html><body>Sign in</body></html>", "{\"error\":1}"] {
        assert!(matches!(parse(&ask, body), Err(Fault::Form(_))), "{body}");
    }
    let request = Csv.requests(&ask).expect("asked").remove(0);
    let answer = Answer { status: 200, content_type: "", body: " \n", fetched: Instant::FIRST, published: None };
    let mut taken = Taken::default();
    let next = Csv.parse(&ask, &request, &answer, &mut Numbered::from(0, &ask.wanted.series, &mut taken));
    assert_eq!(next, Ok(Next::NoData("the answer is empty".into())));
    // A last row that was cut off is rejected by itself.
    let each =
        parse(&ask, "from,to,kWh\n2026-01-20T00:00Z,2026-01-20T01:00Z,1\n2026-01-20T01:00Z,2026-01").expect("read");
    assert_eq!((each[0].readings[LOAD].len(), each[0].rejects.len()), (1, 1));
}

#[test]
fn what_cannot_be_is_said() {
    let with = |settings: &[(&str, &str)]| Csv.check(&question(&[LOAD], settings).wanted).expect_err("refused");
    assert!(with(&[]).contains("nothing says where site/a/load stands"));
    assert!(with(&[(LOAD, "kWh")]).contains("states no unit"));
    let told = [(LOAD, "kWh"), ("unit", "kWh"), ("start", "t"), ("step", "1h")];
    let also = |key, text| with(&[&told[..], &[(key, text)]].concat());
    assert!(also("separator", "x").contains("separator `x` is not one of"));
    assert!(also("format", "unix_ms").contains("unix_ms is for JSON"));
    assert!(also("quality", "good").contains("quality `good` is not known"));
    assert!(with(&[("form", "mine")]).contains("form `mine` is not a built-in form"));
    assert!(with(&[("form", "{")]).contains("form is not JSON"));
    assert!(with(&[("form", "[]")]).contains("form is a list of none"));
    assert!(with(&[("form", "{\"time\":{}}")]).contains("form: missing field `series`"));
    let none = Wanted { area: "".into(), ..question(&["grid/A/wind"], &[("form", "pjm")]).wanted };
    assert!(Csv.check(&none).is_err_and(|what| what.contains("form `pjm` needs area")));
}
