//! Answers after the documented form, `fixtures/http/eia`, and what must come of them, worked out by hand.

use super::*;
use crate::received::tests::seen::{Seen, fault, question, read};

const FUELS_BODY: &str = include_str!("../../../../../fixtures/http/eia/fuels.json");
const REGION_BODY: &str = include_str!("../../../../../fixtures/http/eia/region.json");
const ALL: [&str; 11] =
    ["biomass", "coal", "demand", "gas", "geothermal", "hydro", "nuclear", "oil", "other", "solar", "wind"];
const NIGHT: [&str; 3] = ["2024-07-01T02:00", "2024-07-01T09:00", "2024-07-01T09:00"];

fn ask() -> Ask {
    question("PJM", &ALL, NIGHT)
}

/// The request of a path.
fn asked(ask: &Ask, path: &str) -> Request {
    let requests = Eia.requests(ask).expect("asked");
    requests.into_iter().find(|request| request.path == path).expect("a request")
}

fn fuels() -> (Ask, Request) {
    let ask = ask();
    let request = asked(&ask, FUELS_PATH);
    (ask, request)
}

/// Rows of hour, code and value, as a page of so many.
fn body(total: &str, rows: &[(u8, &str, &str)]) -> String {
    let row = |(hour, code, value): &(u8, &str, &str)| {
        format!(r#"{{"period":"2024-07-01T{hour:02}","respondent":"PJM","fueltype":"{code}","value":{value}}}"#)
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!(r#"{{"response":{{"total":{total},"frequency":"hourly","data":[{}]}}}}"#, rows.join(","))
}

fn taken(body: &str) -> (Result<Next, Fault>, Seen) {
    let (ask, request) = fuels();
    read(&Eia, &ask, &request, (200, body))
}

#[test]
fn hours_end_at_their_period_and_storage_is_no_generation_across_the_seam() {
    let (next, seen) = taken(FUELS_BODY);
    assert_eq!(next, Ok(Next::Done));
    // Solar and wind are sums once batteries are apart. 05:00 lacks solar with batteries, 06:00 is all zeros but for a battery,
    // 07:00 lacks wind with batteries.
    let rows = |leaf, mwh: &[(&str, &str)]| {
        let wanted: Vec<String> =
            mwh.iter().map(|(hour, value)| format!("2024-07-01T{hour}:00 +60 = {value}0000")).collect();
        assert_eq!(seen.leaf(leaf), wanted, "{leaf}");
    };
    rows("solar", &[("02", "400"), ("03", "500"), ("04", "700"), ("07", "800"), ("08", "1000")]);
    rows("wind", &[("02", "6000"), ("03", "6100"), ("04", "6500"), ("05", "6600"), ("08", "6800")]);
    rows("hydro", &[("02", "5000"), ("03", "5100"), ("04", "4000"), ("05", "4100"), ("07", "4200"), ("08", "4300")]);
    rows("gas", &[("02", "20000"), ("03", "20100"), ("04", "20200"), ("07", "20400"), ("08", "20500")]);
    rows("other", &[("02", "700"), ("03", "700"), ("04", "800"), ("05", "800"), ("07", "800"), ("08", "900")]);
    rows("geothermal", &[("04", "100"), ("05", "100"), ("07", "100"), ("08", "100")]);
    assert_eq!(seen.leaf("oil").last(), Some(&"2024-07-01T08:00 +60 = 0"), "0 beside others is a reading");
    assert_eq!(seen.leaf("oil")[4], "2024-07-01T07:00 +60 = 1250000");
    assert_eq!((seen.leaf("coal").len(), seen.leaf("nuclear").len(), seen.leaf("biomass").len()), (6, 6, 0));
    assert_eq!(seen.rejects, [""; 0]);
    let unknown = "the value, or a part of it, is missing";
    assert_eq!(seen.left_out, ["all zeros, which is a gap", unknown, unknown, unknown]);
}

#[test]
fn demand_is_a_reading_and_what_is_expected_of_it_a_forecast() {
    let ask = question("PJM", &["demand"], ["2024-07-01T02:00", "2024-07-01T12:00", "2024-07-01T07:30"]);
    let request = asked(&ask, REGION_PATH);
    let (next, seen) = read(&Eia, &ask, &request, (200, REGION_BODY));
    assert_eq!(next, Ok(Next::Done));
    // 03:00 is null and 04:00 zero; the forecast of 07:00 is zero, and those before are of hours that are over.
    let wanted = [
        "2024-07-01T02:00 +60 = 900000000",
        "2024-07-01T05:00 +60 = 910500000",
        "2024-07-01T06:00 +60 = 920000000",
        "2024-07-01T08:00 +60 = 909000000 @2024-07-01T07:30:00Z",
        "2024-07-01T09:00 +60 = 910000000 @2024-07-01T07:30:00Z",
    ];
    assert_eq!((seen.leaf("demand"), seen.rejects.len()), (wanted.to_vec(), 0));
}

#[test]
fn requests_name_hours_by_their_ends_and_a_day_around_generation() {
    let ask = question("PJM", &["wind", "demand"], ["2024-07-01T02:10", "2024-07-09T00:00", "2024-07-01T07:30"]);
    let lines: Vec<String> = Eia.requests(&ask).expect("asked").iter().map(ToString::to_string).collect();
    let order = "sort[0][column]=period&sort[0][direction]=asc&offset=0&length=5000";
    let of = "frequency=hourly&data[]=value&facets[respondent][]=PJM";
    let wanted = [
        format!("GET {FUELS_PATH}?{of}&start=2024-06-30T03&end=2024-07-02T08&{order}"),
        format!(
            "GET {REGION_PATH}?{of}&facets[type][]=D&facets[type][]=DF&start=2024-07-01T03&end=2024-07-03T08&{order}"
        ),
    ];
    assert_eq!(lines, wanted);
    let price = question("PJM", &["price"], NIGHT);
    assert_eq!(Eia.requests(&price), Ok(vec![]), "it gives no price");
    assert!(Eia.check(&ask.wanted).is_ok());
    for zone in ["", "pjm", "PJM&x", "PJM/INTERCONNECTION"] {
        assert!(Eia.check(&Wanted { zone: zone.into(), ..Wanted::default() }).is_err(), "{zone}");
    }
}

#[test]
fn two_requests_side_by_side_give_what_one_does() {
    let (whole, parts) = (taken(FUELS_BODY).1, [["02", "06"], ["06", "09"]]);
    let mut rows = Vec::new();
    for [from, to] in parts {
        let [from, to] = [from, to].map(|hour| format!("2024-07-01T{hour}:00"));
        let ask = question("PJM", &ALL, [&from, &to, NIGHT[2]]);
        rows.extend(read(&Eia, &ask, &asked(&ask, FUELS_PATH), (200, FUELS_BODY)).1.rows);
    }
    let sorted = |mut rows: Vec<String>| {
        rows.sort();
        rows
    };
    assert_eq!(sorted(rows), sorted(whole.rows));
}

#[test]
fn pages_end_between_hours() {
    // Seven rows, three a page at most: the page ends within an hour, which the next one begins with.
    let rows = [
        (3, "SUN", "1"),
        (3, "SNB", "\"2\""),
        (4, "SUN", "3"),
        (4, "SNB", "4"),
        (5, "SUN", "5"),
        (5, "SNB", "6"),
        (6, "SUN", "7"),
    ];
    for total in ["7", "\"7\""] {
        let ask = question("PJM", &["solar"], ["2024-07-01T02:00", "2024-07-01T09:00", "2024-07-10T00:00"]);
        let (mut request, mut given, mut offsets) = (asked(&ask, FUELS_PATH), Vec::new(), Vec::new());
        loop {
            let offset: usize = request.parameter("offset").expect("an offset").parse().expect("a number");
            offsets.push(offset);
            let page = body(total, &rows[offset..rows.len().min(offset + 3)]);
            let (next, seen) = read(&Eia, &ask, &request, (200, &page));
            given.extend(seen.rows);
            match next.expect("taken") {
                Next::Page(next) => request = next,
                Next::Done => break,
                Next::NoData(what) => panic!("{what}"),
            }
        }
        let wanted = [("02", 3), ("03", 7), ("04", 11), ("05", 7)]
            .map(|(hour, mwh)| format!("solar 2024-07-01T{hour}:00 +60 = {mwh}000000"));
        assert_eq!((given, offsets), (wanted.to_vec(), vec![0, 2, 4]));
    }
}

#[test]
fn pages_that_do_not_add_up_are_refused() {
    let (ask, request) = fuels();
    for (total, rows, wanted) in [
        ("5", &[][..], "form: a page is empty before the total is reached"),
        ("5", &[(4, "SUN", "1"), (3, "SUN", "1")], "form: the rows of a page are not in the order"),
        ("5", &[(3, "SUN", "1"), (3, "SNB", "1")], "form: an hour takes more than a page"),
        ("[]", &[(3, "SUN", "1")], "form: `total` is not a number of rows"),
        ("\"many\"", &[(3, "SUN", "1")], "form: `total` is not a number of rows"),
        ("0", &[], "no data: no rows"),
    ] {
        let said = fault(&Eia, &ask, &request, (200, &body(total, rows)));
        assert!(said.starts_with(wanted), "`{wanted}` is not the start of `{said}`");
    }
    assert_eq!(taken(&body("null", &[(3, "SUN", "1")])).0, Ok(Next::Done));
}

#[test]
fn rows_that_are_not_as_documented_are_named() {
    let rows =
        [(3, "SUN", "\"abc\""), (3, "XYZ", "9"), (4, "SUN", "2"), (4, "SUN", "2.0"), (5, "SUN", "2"), (5, "SUN", "3")];
    let (next, seen) = taken(&body("6", &rows));
    assert_eq!((next, seen.leaf("solar")), (Ok(Next::Done), vec!["2024-07-01T03:00 +60 = 2000000"]));
    let wanted = [
        "SUN of 2024-07-01T02:00:00Z to 2024-07-01T03:00:00Z: `abc` is not a decimal number",
        "`XYZ` is not known: it counts nowhere",
        "SUN of 2024-07-01T04:00:00Z to 2024-07-01T05:00:00Z is there twice, with different values",
    ];
    assert_eq!(seen.rejects, wanted);
    let one = body("1", &[(3, "SUN", "1")]);
    let changed = |from: &str, to: &str| taken(&one.replace(from, to)).1;
    assert_eq!(changed("\"PJM\"", "\"MISO\"").rejects, ["rows of `MISO`, not of `PJM`"]);
    for period in ["2024-07-01T03-04", "2024-07-01", "2024-07-01T25", "2024-07-01T3"] {
        let seen = changed("2024-07-01T03", period);
        assert!(seen.rows.is_empty() && seen.rejects[0].starts_with("period `2024-07-01"), "{seen:?}");
    }
}

#[test]
fn errors_are_told_from_answers() {
    let (ask, request) = fuels();
    let limit = r#"{"error":{"code":"OVER_RATE_LIMIT","message":"You have exceeded your rate limit."}}"#;
    let key = r#"{"error":{"code":"API_KEY_INVALID","message":"An invalid api_key was supplied."}}"#;
    let local = body("1", &[(3, "SUN", "1")]).replace("hourly", "local-hourly");
    let power = body("1", &[(3, "SUN", "1,\"value-units\":\"megawatts\"")]);
    let warned = r#"{"response":{"total":"0","data":[],"warnings":[{"warning":"odd facet"}]},"apiVersion":"2.1.8"}"#;
    for (status, body, wanted) in [
        (200, limit, "later None: answered 200: OVER_RATE_LIMIT You have"),
        (200, key, "denied: answered 200: API_KEY_INVALID An invalid"),
        (200, r#"{"error":"no"}"#, "form: answered 200:  no"),
        (
            400,
            r#"{"error":"Invalid frequency 'x' provided.","code":400}"#,
            "asked: answered 400: 400 Invalid frequency",
        ),
        (404, r#"{"error":"Not found","code":404}"#, "asked: answered 404: 404 Not found"),
        (200, &local, "form: the answer is `local-hourly`, not hourly in UTC"),
        (200, &power, "form: values are in `megawatts`, not in megawatthours"),
        (200, warned, "no data: no rows; [{\"warning\":\"odd facet\"}]"),
        (200, "", "form: the answer is not as documented"),
        (200, "<html>down for maintenance</html>", "form: the answer is not as documented"),
        (200, "{}", "form: answered 200 without a response"),
        (200, r#"{"response":{"total":"1"}}"#, "form: the answer is not as documented: missing field `data`"),
        (200, r#"{"response":{"total":"1","data":[{"period":3}]}}"#, "form: the answer is not as documented"),
    ] {
        let said = fault(&Eia, &ask, &request, (status, body));
        assert!(said.starts_with(wanted), "`{wanted}` is not the start of `{said}`");
    }
    // Cut off anywhere, it is no answer.
    for at in (0..FUELS_BODY.trim_end().len()).step_by(97) {
        let said = fault(&Eia, &ask, &request, (200, &FUELS_BODY[..at]));
        assert!(said.starts_with("form: "), "cut off at {at}: {said}");
    }
}
