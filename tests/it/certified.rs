//! What certificates back, through the binary: the same production twice, volume over the meter, no meter at all.

use crate::support::{HEADER, Home, Ran, hourly};
use serde_json::{Value, json};

const CERTIFICATES: &str = "id,device,registry,technology,start,end,wh,status,beneficiary,issuance\n";
const DAY: usize = 24;

fn home(contract: &str) -> Home {
    Home::new(&format!(
        "[portfolio]\nname = \"certified\"\nsynthetic = true\n\
         [[boundary]]\nid = \"A\"\n\
         [[site]]\nid = \"s\"\nboundary = \"A\"\nit_capacity_mw = 10.0\n\
         [[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\nbeneficiary = \"Me\"\n{contract}\n"
    ))
}

fn ingest(home: &Home, rows: &str) {
    home.write("r.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "r.csv"]).ok();
}

/// Cancelled for the beneficiary, over the hours from one to another.
fn certificate(id: &str, [from, to]: [usize; 2], wh: u64, issuance: &str) -> String {
    let at = |hour: usize| format!("2026-01-{:02}T{:02}:00:00Z", 1 + hour / DAY, hour % DAY);
    format!("{id},w,REG,wind,{},{},{wh},cancelled,Me,{issuance}\n", at(from), at(to))
}

/// 4 MWh in each hour of the day.
fn of_each_hour() -> String {
    (0..DAY).map(|h| certificate(&format!("h{h}"), [h, h + 1], 4_000_000, &format!("iss-{h}"))).collect()
}

fn import(home: &Home, rows: &str) -> Ran {
    home.write("gc.csv", &format!("{CERTIFICATES}{rows}"));
    home.run(&["certificates", "import", "gc.csv"])
}

fn report(home: &Home) -> Value {
    home.run(&["report", "--from", "2026-01-01", "--to", "2026-01-02", "--format", "json"]).ok().json()
}

/// Code and Wh of each exception, sorted.
fn noted(report: &Value) -> Vec<String> {
    let list = report["exceptions"].as_array().expect("exceptions");
    let mut noted: Vec<String> =
        list.iter().map(|e| format!("{} {}", e["code"].as_str().unwrap_or(""), e["wh"])).collect();
    noted.sort();
    noted
}

fn claim(report: &Value) -> &Value {
    let contracts = report["contracts"].as_array().expect("contracts");
    &contracts.iter().find(|contract| contract["id"] == "w").expect("the contract")["claim"]
}

/// 5 MWh an hour of load, 4 of wind, all of it certified by the hour: 96 MWh are matched and backed. A certificate over
/// the day stands over the same 96, one of 9 000 MWh over an hour of 4: neither backs a Wh more.
#[test]
fn production_certified_twice_or_beyond_the_meter_is_backed_once() {
    let home = home("certificates = \"required\"");
    ingest(&home, &(hourly("site/s/load", [5.0; DAY]) + &hourly("contract/w/generation", [4.0; DAY])));
    let same = |report: &Value, cancelled_wh: u64| {
        assert_eq!(report["portfolio"]["matched_wh"], 96_000_000);
        let backed = &report["portfolio"]["backed"];
        assert_eq!(
            (&backed["backed_matched_wh"], &backed["backed_matched_share"]),
            (&json!(96_000_000), &json!("0.800000"))
        );
        let claim = claim(report);
        assert_eq!((&claim["backed_wh"], &claim["cancelled_wh"]), (&json!(96_000_000), &json!(cancelled_wh)));
    };
    import(&home, &of_each_hour()).ok();
    let once = report(&home);
    same(&once, 96_000_000);
    assert!(noted(&once).is_empty(), "{:?}", noted(&once));
    import(&home, &certificate("m1", [0, DAY], 96_000_000, "iss-m")).ok();
    let twice = report(&home);
    same(&twice, 192_000_000);
    assert_eq!(noted(&twice), ["certificates_issued_twice 96000000"]);
    import(&home, &certificate("o1", [0, 1], 9_000_000_000, "iss-o")).ok();
    let over = report(&home);
    same(&over, 9_192_000_000);
    assert_eq!(noted(&over), ["certificates_issued_twice 96000000", "certificates_over_meter 9000000000"]);
    import(&home, &certificate("s1", [0, 1], 4_000_000, "iss-0")).refused("energy is claimed once");
}

/// Unbundled: 24 hours of 4 MWh, then the day again, then 500 MWh in an hour. Without the device's meter none of it backs
/// anything; with one of 4 MWh an hour 96 do, once.
#[test]
fn without_its_meter_a_certificate_backs_nothing() {
    let home = home("kind = \"unbundled\"");
    ingest(&home, &hourly("site/s/load", [10.0; DAY]));
    import(&home, &of_each_hour()).ok();
    let none = report(&home);
    assert_eq!(noted(&none), ["certificates_without_meter 96000000", "missing_generation 0"]);
    assert_eq!(claim(&none)["backed_wh"], 0);
    let statement = claim(&none)["statement"].as_str().expect("a statement").to_string();
    assert!(statement.starts_with("nothing to claim"), "{statement}");
    import(&home, &certificate("d1", [0, DAY], 96_000_000, "d1")).ok();
    import(&home, &certificate("x1", [0, 1], 500_000_000, "x1")).ok();
    let none = report(&home);
    let wanted =
        ["certificates_without_meter 596000000", "certificates_without_meter 96000000", "missing_generation 0"];
    assert_eq!(noted(&none), wanted);
    assert_eq!(none["portfolio"]["backed"]["market_based_hourly_claimed_wh"], 0);
    ingest(&home, &hourly("contract/w/generation", [4.0; DAY]));
    let some = report(&home);
    assert_eq!(noted(&some), ["certificates_issued_twice 96000000", "certificates_over_meter 500000000"]);
    assert_eq!((&claim(&some)["backed_wh"], &claim(&some)["cancelled_wh"]), (&json!(96_000_000), &json!(692_000_000)));
    let backed = &some["portfolio"]["backed"];
    for field in ["market_based_hourly_claimed_wh", "market_based_hourly_backed_wh", "market_based_annual_backed_wh"] {
        assert_eq!(backed[field], 96_000_000, "{field}");
    }
    assert_eq!(backed["backed_matched_wh"], 0, "unbundled certificates match nothing");
}
