//! Answers after the documented form, `fixtures/http/entsoe`, and what must come of them, worked out by hand.

use super::*;
use crate::received::tests::seen::{Seen, fault, question, read};

const GENERATION: &str = include_str!("../../../../../fixtures/http/entsoe/generation.xml");
const FORECAST: &str = include_str!("../../../../../fixtures/http/entsoe/forecast.xml");
const LOAD: &str = include_str!("../../../../../fixtures/http/entsoe/load.xml");
const PRICE: &str = include_str!("../../../../../fixtures/http/entsoe/price.xml");
const NO_DATA: &str = include_str!("../../../../../fixtures/http/entsoe/no-data.xml");
const ZONE: &str = "10Y1001A1001A82H";
/// The two hours before clocks go forward in Berlin, and the one after that.
const NIGHT: [&str; 3] = ["2026-03-29T00:00", "2026-03-29T02:00", "2026-03-29T04:15"];
const FUEL_NAMES: [&str; 10] =
    ["biomass", "coal", "gas", "geothermal", "hydro", "nuclear", "oil", "other", "solar", "wind"];

/// A question, and its request for a document type.
fn asked(leaves: &[&str], times: [&str; 3], (document, process): (&str, &str)) -> (Ask, Request) {
    let ask = question(ZONE, leaves, times);
    let is = |request: &Request| {
        request.parameter("documentType") == Some(document) && request.parameter("processType").unwrap_or("") == process
    };
    let request = Entsoe.requests(&ask).expect("asked").into_iter().find(is).expect("a request");
    (ask, request)
}

fn generation() -> (Ask, Request) {
    asked(&FUEL_NAMES, NIGHT, ("A75", "A16"))
}

fn taken((ask, request): &(Ask, Request), body: &str) -> Seen {
    let (next, seen) = read(&Entsoe, ask, request, (200, body));
    assert_eq!(next, Ok(Next::Done));
    seen
}

/// Rows of quarter-hours from a time on, in thousandths of MWh; none is a gap.
fn quarters(hour: &str, kwh: &[Option<u32>]) -> Vec<String> {
    let minutes = (0..).map(|quarter| 15 * quarter);
    let first: u32 = hour[11..13].parse().expect("an hour");
    let row = |(minute, kwh): (u32, &Option<u32>)| {
        let (hour, minute, day) = (first + minute / 60, minute % 60, &hour[..11]);
        kwh.map(|kwh| format!("{day}{hour:02}:{minute:02} +15 = {}", u64::from(kwh) * 1_000))
    };
    minutes.zip(kwh).filter_map(row).collect()
}

#[test]
fn omitted_points_repeat_and_storage_and_consumption_are_left_out() {
    let seen = taken(&generation(), GENERATION);
    let hours = |mwh: [u32; 2]| {
        [("00", mwh[0]), ("01", mwh[1])].map(|(hour, mwh)| format!("2026-03-29T{hour}:00 +60 = {mwh}000000")).to_vec()
    };
    assert_eq!(seen.leaf("coal"), hours([1_500, 1_610]), "lignite and hard coal");
    assert_eq!(seen.leaf("nuclear"), hours([900, 900]), "one point in two hours of A03");
    // 0 0 12 16 | 16 16 20 20 MW; what solar plants take in is not subtracted.
    let solar = [0, 0, 3_000, 4_000, 4_000, 4_000, 5_000, 5_000].map(Some);
    assert_eq!(seen.leaf("solar"), quarters("2026-03-29T00", &solar));
    // 8 MW at sea, and 40 44 48 52 | none 60 64 68 on land: of A01, an absent point is a gap.
    let wind = [Some(12_000), Some(13_000), Some(14_000), Some(15_000), None, Some(17_000), Some(18_000), Some(19_000)];
    assert_eq!(seen.leaf("wind"), quarters("2026-03-29T00", &wind));
    assert_eq!(seen.rows.len(), 2 + 2 + 8 + 7, "nothing of storage");
    assert_eq!((seen.rejects.len(), seen.left_out.as_slice()), (0, &["the value, or a part of it, is missing"][..]));
}

#[test]
fn two_requests_side_by_side_give_what_one_does() {
    let mut rows = Vec::new();
    for [from, to] in [["00", "01"], ["01", "02"]] {
        let [from, to] = [from, to].map(|hour| format!("2026-03-29T{hour}:00"));
        rows.extend(taken(&asked(&FUEL_NAMES, [&from, &to, NIGHT[2]], ("A75", "A16")), GENERATION).rows);
    }
    let sorted = |mut rows: Vec<String>| {
        rows.sort();
        rows
    };
    assert_eq!(sorted(rows), sorted(taken(&generation(), GENERATION).rows));
}

#[test]
fn namespaces_change_their_version_and_their_prefix() {
    let whole = taken(&generation(), GENERATION);
    assert_eq!(taken(&generation(), &GENERATION.replace("document:3:0", "document:4:1")), whole);
    let prefixed = GENERATION.replace("xmlns=", "xmlns:ns2=").replace('<', "<ns2:");
    let prefixed = prefixed.replace("<ns2:/", "</ns2:").replace("<ns2:?", "<?").replace("<ns2:!", "<!");
    assert_eq!(taken(&generation(), &prefixed), whole);
}

#[test]
fn demand_is_what_is_taken_out_of_the_zone() {
    let seen = taken(&asked(&["demand"], NIGHT, ("A65", "A16")), LOAD);
    // 40001 40100 40100 40400 | a gap between periods, 41000, NaN, 41500.5 MW.
    let kwh = [Some(10_000_250), Some(10_025_000), Some(10_025_000), Some(10_100_000)];
    let rest = [None, Some(10_250_000), None, Some(10_375_125)];
    assert_eq!(seen.leaf("demand"), quarters("2026-03-29T00", &[kwh, rest].concat()));
    assert_eq!((seen.rejects.len(), seen.left_out.len()), (0, 1));
}

#[test]
fn forecasts_are_issued_when_the_document_is_made() {
    let times = ["2026-03-29T00:00", "2026-04-30T00:00", "2026-03-29T10:31"];
    let request = asked(&["solar", "wind"], times, ("A69", "A01"));
    let seen = taken(&request, FORECAST);
    let rows = |mwh: [u32; 3]| {
        [("10", mwh[0]), ("11", mwh[1]), ("12", mwh[2])]
            .map(|(hour, mwh)| format!("2026-03-29T{hour}:00 +60 = {mwh}000000 @2026-03-29T10:30:00Z"))
            .to_vec()
    };
    assert_eq!(seen.leaf("solar"), rows([100, 110, 120]));
    assert_eq!(seen.leaf("wind"), rows([37, 40, 42]), "7 7 9 at sea, 30 33 33 on land");
    assert_eq!(seen.rows.len(), 6, "nothing of the hour that was over");
}

#[test]
fn the_price_is_that_of_the_coupled_auction() {
    let times = ["2026-01-14T23:00", "2026-01-15T00:00", "2026-01-14T13:05"];
    let price = asked(&["price"], times, ("A44", ""));
    let rows = |micro: [&str; 4]| {
        let minutes = ["00", "15", "30", "45"].into_iter().zip(micro);
        minutes.map(|(minute, micro)| format!("2026-01-14T23:{minute} +15 = {micro}")).collect::<Vec<_>>()
    };
    assert_eq!(taken(&price, PRICE).leaf("price"), rows(["64800000", "64800000", "-1500000", "-1500000"]));
    let marks = |from: &str, to: &str| PRICE.replace(from, to);
    assert!(taken(&price, &marks("position>1</class", "position>2</class")).rows.is_empty(), "another auction's");
    assert!(taken(&price, &marks("type>A01</contract", "type>A07</contract")).rows.is_empty(), "intraday");
    let said = fault(&Entsoe, &price.0, &price.1, (200, &marks("MWH", "KWH")));
    assert!(said.starts_with("form: unit `KWH` is not the documented one"), "{said}");
}

/// A document of curves, each of a start, an end, a resolution and points.
fn document(psr_type: &str, curves: &[[&str; 4]]) -> String {
    let series = |[start, end, resolution, points]: &[&str; 4]| {
        format!(
            "<TimeSeries><inBiddingZone_Domain.mRID>{ZONE}</inBiddingZone_Domain.mRID>\
             <quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name><curveType>A03</curveType>\
             <MktPSRType><psrType>{psr_type}</psrType></MktPSRType><Period><timeInterval><start>{start}</start>\
             <end>{end}</end></timeInterval><resolution>{resolution}</resolution>{points}</Period></TimeSeries>"
        )
    };
    let series: String = curves.iter().map(series).collect();
    format!(
        "<GL_MarketDocument><type>A75</type><createdDateTime>2026-03-29T04:12:07Z</createdDateTime>{series}\
         </GL_MarketDocument>"
    )
}

fn point(position: &str, value: &str) -> String {
    format!("<Point><position>{position}</position><quantity>{value}</quantity></Point>")
}

#[test]
fn what_lies_twice_counts_once_or_not_at_all() {
    let [start, mid, end] = ["2026-03-29T00:00Z", "2026-03-29T01:00Z", "2026-03-29T02:00Z"];
    let (five, six) = (point("1", "5"), point("1", "6"));
    let gas = |curves: &[[&str; 4]]| taken(&generation(), &document("B04", curves));
    let row = |hour: &str, mwh: u32| format!("2026-03-29T{hour}:00 +60 = {mwh}000000");
    let twice = gas(&[[start, end, "PT60M", &five], [mid, end, "PT60M", &five]]);
    assert_eq!((twice.leaf("gas"), twice.rejects.len()), (vec![&*row("00", 5), &*row("01", 5)], 0));
    let differs = gas(&[[start, end, "PT60M", &five], [mid, end, "PT60M", &six]]);
    assert_eq!(differs.leaf("gas"), [row("00", 5)]);
    let words = "gas (B04) of 2026-03-29T01:00:00Z to 2026-03-29T02:00:00Z: is there twice, with different values";
    assert_eq!(differs.rejects, [words]);
    let points = gas(&[[start, mid, "PT60M", &format!("{five}{six}")]]);
    assert_eq!(points.rejects, ["gas (B04): position 1 is there twice, with different values"]);
    assert!(points.rows.is_empty());
    // The finer curve counts.
    let finer = gas(&[[start, end, "PT60M", &five], [start, mid, "PT15M", &six]]);
    let quarter = Some(1_500);
    let wanted = [quarters("2026-03-29T00", &[quarter; 4]), vec![row("01", 5)]].concat();
    assert_eq!(finer.leaf("gas"), wanted);
    assert_eq!(finer.rejects.len(), 0);
}

#[test]
fn curves_of_other_forms_are_refused_and_bounded() {
    let (ask, request) = generation();
    let [start, end] = ["2026-03-29T00:00Z", "2026-03-29T02:00Z"];
    let five = point("1", "5");
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><GL_MarketDocument>&b;</GL_MarketDocument>";
    let year = [["2025-01-01T00:00Z", "2026-01-01T00:00Z", "PT15M", five.as_str()]; 100];
    let curve = |curve: [&str; 4]| document("B04", &[curve]);
    for (body, wanted) in [
        (curve([start, end, "P1D", &five]), "form: resolution `P1D` is not PT15M"),
        (curve([start, "2026-03-29T01:30Z", "PT60M", &five]), "form: the period 2026-03-29T00:00:00Z to"),
        (curve([end, start, "PT60M", &five]), "form: a period: the end"),
        (curve(["2026-03-29T00:00", end, "PT60M", &five]), "form: the start of a period:"),
        (curve(["1980-01-01T00:00Z", end, "PT15M", &five]), "form: the interval 1980-01-01T00:00:00Z to"),
        (curve([start, end, "PT60M", &point("0", "5")]), "form: position `0` is not one of 1 to 2"),
        (curve([start, end, "PT60M", &point("3", "5")]), "form: position `3` is not one of 1 to 2"),
        (curve([start, end, "PT60M", &point("x", "5")]), "form: position `x` is not one of 1 to 2"),
        (curve([start, end, "PT60M", &five]).replace("A03", "A02"), "form: curve type `A02` is not A01 or A03"),
        (curve([start, end, "PT60M", &five]).replace("MAW", "KWT"), "form: unit `KWT` is not the documented one"),
        (curve([start, end, "PT60M", &five]).replace("A75", "A73"), "form: `GET /api?documentType=A75"),
        (document("B04", &year), "form: the answer comes to more than 3000000 values"),
        (document("B04", &[]), "no data: the document holds no time series"),
        (bomb.into(), "form: the answer is not XML"),
        (format!("<a {}/>", "b='' ".repeat(20_000)), "form: the answer has an element of more than 64 KiB"),
        ("<html><body>Down for maintenance</body></html>".into(), "form: the answer is a `html`"),
        (String::new(), "form: the answer is not XML"),
        (r#"{"response":{}}"#.into(), "form: the answer is not XML"),
    ] {
        let said = fault(&Entsoe, &ask, &request, (200, &body));
        assert!(said.starts_with(wanted), "`{wanted}` is not the start of `{said}`");
    }
    // Cut off anywhere, it is no document.
    for at in (0..GENERATION.trim_end().len()).step_by(61) {
        let said = fault(&Entsoe, &ask, &request, (200, &GENERATION[..at]));
        assert!(said.starts_with("form: "), "cut off at {at}: {said}");
    }
}

#[test]
fn values_and_series_that_are_not_as_documented_are_named() {
    let [start, end] = ["2026-03-29T00:00Z", "2026-03-29T02:00Z"];
    let points = [point("1", "abc"), point("2", "7")].concat();
    let seen = taken(&generation(), &document("B04", &[[start, end, "PT60M", &points]]));
    assert_eq!(seen.leaf("gas"), ["2026-03-29T01:00 +60 = 7000000"]);
    let words = "gas (B04) of 2026-03-29T00:00:00Z to 2026-03-29T01:00:00Z: `abc` is not a decimal number";
    assert_eq!(seen.rejects, [words]);
    let seen = taken(&generation(), &document("B99", &[[start, end, "PT60M", &points]]));
    assert_eq!(seen.rejects, ["production type `B99` is not known: it counts nowhere"]);
    let other = GENERATION.replace(ZONE, "10YFR-RTE------C");
    assert_eq!(taken(&generation(), &other).rejects, ["a time series is of another area than was asked for"]);
}

#[test]
fn acknowledgements_say_why_there_is_nothing() {
    let (ask, request) = generation();
    let said = fault(&Entsoe, &ask, &request, (200, NO_DATA));
    assert!(said.starts_with("no data: No matching data found for Data item Actual Generation"), "{said}");
    let reason = |code: &str, text: &str| {
        format!(
            "<Acknowledgement_MarketDocument xmlns=\"urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:8:1\">\
             <Reason><code>{code}</code><text>{text}</text></Reason></Acknowledgement_MarketDocument>"
        )
    };
    for (status, code, text, wanted) in [
        (200, "999", "Nothing published yet.", "no data: Nothing published yet."),
        (400, "999", "No matching data found for Data item", "no data: No matching"),
        (200, "999", "Unauthorized. Missing or invalid security token", "denied: answered 200 with reason 999: Unauth"),
        (200, "999", "Max allowed requests per minute from each unique IP is max up to 400 only", "later Some(600): "),
        (400, "999", "The amount of requested data exceeds allowed limit.", "asked: answered 400 with reason 999: The"),
        (200, "999", "Delivered time interval is not valid for this Data item.", "asked: answered 200"),
        (200, "A59", "Something else", "asked: answered 200 with reason A59: Something else"),
    ] {
        let said = fault(&Entsoe, &ask, &request, (status, &reason(code, text)));
        assert!(said.starts_with(wanted), "`{wanted}` is not the start of `{said}`");
    }
}

#[test]
fn requests_stay_within_a_year_and_ask_ahead_only_where_there_is_a_forecast() {
    let leaves = ["wind", "demand", "price"];
    let ask = question(ZONE, &leaves, ["2026-01-01T00:05", "2026-05-01T00:00", "2026-03-29T10:31"]);
    let lines: Vec<String> = Entsoe.requests(&ask).expect("asked").iter().map(ToString::to_string).collect();
    let (load, zone) = (format!("outBiddingZone_Domain={ZONE}"), format!("in_Domain={ZONE}"));
    let api = "GET /api?documentType=";
    let wanted = [
        format!("{api}A75&processType=A16&{zone}&periodStart=202512310000&periodEnd=202603030000"),
        format!("{api}A75&processType=A16&{zone}&periodStart=202603010000&periodEnd=202603301100"),
        format!("{api}A69&processType=A01&{zone}&periodStart=202603281000&periodEnd=202604011100"),
        format!("{api}A65&processType=A16&{load}&periodStart=202601010000&periodEnd=202603291100"),
        format!("{api}A65&processType=A01&{load}&periodStart=202603291000&periodEnd=202603311100"),
        format!("{api}A44&{zone}&out_Domain={ZONE}&periodStart=202601010000&periodEnd=202603311100"),
    ];
    assert_eq!(lines, wanted);
    assert!(Entsoe.check(&ask.wanted).is_ok());
    for zone in ["", "DE", "10Y1001A1001A82h", "10Y1001A1001A82H0"] {
        assert!(Entsoe.check(&Wanted { zone: zone.into(), ..Wanted::default() }).is_err(), "{zone}");
    }
}

#[test]
fn of_prices_at_two_resolutions_the_coupled_one_counts() {
    // Without a sequence, as documents had it before: hours until October 2025, quarter-hours since.
    let curve = |start: &str, end: &str, resolution: &str, price: &str| {
        format!(
            "<TimeSeries><currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH\
             </price_Measure_Unit.name><curveType>A03</curveType><Period><timeInterval><start>{start}</start>\
             <end>{end}</end></timeInterval><resolution>{resolution}</resolution><Point><position>1</position>\
             <price.amount>{price}</price.amount></Point></Period></TimeSeries>"
        )
    };
    let [start, end] = ["2025-09-30T21:00Z", "2025-09-30T23:00Z"];
    let body = [curve(start, end, "PT15M", "1"), curve(start, end, "PT60M", "2")].concat();
    let body = format!("<Publication_MarketDocument><type>A44</type>{body}</Publication_MarketDocument>");
    let times = ["2025-09-30T21:00", "2025-09-30T23:00", "2025-09-30T21:00"];
    let seen = taken(&asked(&["price"], times, ("A44", "")), &body);
    let wanted = [
        "2025-09-30T21:00 +60 = 2000000",
        "2025-09-30T22:00 +15 = 1000000",
        "2025-09-30T22:15 +15 = 1000000",
        "2025-09-30T22:30 +15 = 1000000",
        "2025-09-30T22:45 +15 = 1000000",
    ];
    assert_eq!((seen.leaf("price"), seen.rejects.len()), (wanted.to_vec(), 0));
}
