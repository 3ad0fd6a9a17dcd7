//! Certificates as registries list them: what becomes of each file, and what is refused.

use crate::certificates::Register;
use crate::support;
use serde_json::Value;
use std::fmt::Write;

const HEADER: &str = "Generator ID,Reporting Unit ID,Date of Generation,Total MWh,Hour of Generation,Total kWh\n";

fn fixture(name: &str) -> String {
    support::fixture("certificates").join(name).display().to_string()
}

fn import(register: &Register, file: &str, said: &[&str]) -> support::Ran {
    register.run(&[&["certificates", "import", file, "--format", "json"][..], said].concat())
}

fn held(register: &Register) -> Vec<Value> {
    let list = register.run(&["certificates", "list", "--format", "json"]).ok().json();
    list["certificates"].as_array().expect("a list").clone()
}

fn wh(certificate: &Value) -> i64 {
    certificate["last_wh"].as_i64().expect("Wh") - certificate["first_wh"].as_i64().expect("Wh") + 1
}

/// A month of 10 kWh times the hour in hours 8 to 17, 1 250 kWh a day.
fn month(month: u32, days: u32, total: &str) -> String {
    let mut text = String::from(HEADER);
    for (day, hour) in (1..=days).flat_map(|day| (1..=24).map(move |hour| (day, hour))) {
        let kwh = if (8..=17).contains(&hour) { 10 * hour } else { 0 };
        let _ = writeln!(text, "p,1,{month:02}/{day:02}/2026,{total},{hour},{kwh}");
    }
    text
}

#[test]
fn a_month_of_mrets_is_a_certificate_for_every_hour_up_to_its_whole_mwh() {
    let register = Register::at(None);
    let said = ["--time-zone", "Etc/GMT+6", "--technology", "wind"];
    let taken = import(&register, &fixture("mrets.csv"), &said).ok();
    assert_eq!(taken.json()["added"], 280);
    assert!(taken.err.contains("as M-RETS hourly generation"), "{}", taken.err);
    assert!(taken.err.contains("500.5 kWh of its last hours have no certificate"), "{}", taken.err);
    assert!(taken.err.contains("device 805: no plant or contract"), "{}", taken.err);
    let held = held(&register);
    assert_eq!(held.iter().map(wh).sum::<i64>(), 35_000_000);
    let of = |id: &str| held.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("{id}: {held:?}"));
    // Hour 8 ends at 08:00, six hours behind UTC.
    let first = of("mrets-805-1-2026-02-01-08");
    for (name, wanted) in [
        ("issuance", "mrets-805-1-2026-02"),
        ("device", "805"),
        ("registry", "M-RETS"),
        ("technology", "wind"),
        ("start", "2026-02-01T13:00:00Z"),
        ("end", "2026-02-01T14:00:00Z"),
        ("status", "issued"),
    ] {
        assert_eq!(first[name], wanted, "{name}");
    }
    assert_eq!((first["first_wh"].as_i64(), first["last_wh"].as_i64()), (Some(1), Some(80_000)));
    // Of the last hour's 670.5 kWh the month's whole MWh leave 170.
    let last = of("mrets-805-1-2026-02-28-17");
    assert_eq!((wh(last), last["last_wh"].as_i64()), (170_000, Some(35_000_000)));
    // Again, and by the zone's name, it is the same.
    let again = import(&register, &fixture("mrets.csv"), &["--time-zone", "America/Chicago", "--technology", "wind"]);
    assert_eq!(again.ok().json()["unchanged"], 280);
}

#[test]
fn mrets_files_find_their_device_and_lose_no_hour_to_the_clock() {
    let register = Register::at(None);
    // 8 March has 23 hours, and nothing was made in the one that it lacks. The file has no header.
    let text = month(3, 31, "39.5");
    let bare = text.strip_prefix(HEADER).expect("a header");
    register.home.write("march.csv", bare);
    let taken = import(&register, "march.csv", &["--time-zone", "America/Chicago"]).ok();
    assert_eq!(taken.json()["added"], 310);
    assert!(taken.err.contains("250 kWh of its MWh are of earlier months"), "{}", taken.err);
    let held = held(&register);
    assert_eq!(held.iter().map(wh).sum::<i64>(), 38_750_000);
    assert!(held.iter().all(|c| c["technology"] == "solar" && c["device"] == "p"), "as the contract says");
    let start = |id: &str| held.iter().find(|c| c["id"] == id).map(|c| c["start"].clone());
    assert_eq!(start("mrets-p-1-2026-03-07-08"), Some("2026-03-07T13:00:00Z".into()));
    assert_eq!(start("mrets-p-1-2026-03-08-08"), Some("2026-03-08T12:00:00Z".into()));
}

#[test]
fn mrets_files_that_are_not_whole_are_refused() {
    let register = Register::at(None);
    let (none, chicago): (&[&str], &[&str]) = (&[], &["--time-zone", "America/Chicago"]);
    let february = month(2, 28, "35");
    for (text, said, why) in [
        (february.clone(), none, "does not name its time zone"),
        (february.clone(), &["--time-zone", "Chicago"][..], "Chicago"),
        (february.replacen("p,1,02/03/2026,35,7,0\n", "", 1), chicago, "the first that it lacks is 02/03/2026 hour 7"),
        (february.replacen(",35,9,90\n", ",35,8,90\n", 1), chicago, "02/01/2026 hour 8 is already in line 9"),
        (february.replacen(",35,9,90\n", ",36,9,90\n", 1), chicago, "another total in line 2"),
        (february.replacen(",35,9,90\n", ",35,9,-90\n", 1), chicago, "less than none"),
        (february.replacen(",35,9,90\n", ",35,25,90\n", 1), chicago, "hour `25` is not one of 1 to 24"),
        (february.replacen("02/01/2026", "2026-02-01", 1), chicago, "is not MM/DD/YYYY"),
        (february.replacen(",35,9,90\n", ",35,9,\n", 1), chicago, "`kWh` is empty"),
        (month(2, 28, "36"), chicago, "its hours add up to 35000 kWh, and its total is 36000 kWh"),
        (month(2, 28, "34"), chicago, "a remainder is less than 1 MWh"),
        (month(3, 31, "38").replacen("03/08/2026,38,3,0", "03/08/2026,38,3,1", 1), chicago, "has no hour 3"),
        (month(11, 30, "37"), chicago, "has 25 hours in America/Chicago"),
        (february.replacen("p,1,", "q,1,", 672), chicago, "device `q` is not a plant or contract"),
        (february.replacen("Total kWh", "Minute", 1), chicago, "without `kWh`"),
        (february.replacen("Unit ID,", "Unit ID,Vintage,", 1), chicago, "monthly M-RETS generation"),
    ] {
        register.home.write("mrets.csv", &text);
        import(&register, "mrets.csv", said).refused(why);
    }
    // Standard time has a place for each hour of November.
    register.home.write("november.csv", &month(11, 30, "37"));
    let taken = import(&register, "november.csv", &["--time-zone", "Etc/GMT+6"]).ok().json();
    assert_eq!(taken["added"], 297, "500 of 37 500 kWh are left: three hours and a part of a fourth");
    register.home.write("mrets.csv", &february);
    import(&register, "mrets.csv", &["--time-zone", "UTC", "--reject", "bad.csv"])
        .refused("--reject does not work with");
    assert!(held(&register).iter().all(|c| c["issuance"] == "mrets-p-1-2026-11"), "what is refused adds nothing");
}

#[test]
fn energytag_bundles_are_taken_from_csv_and_json_alike() {
    for name in ["bundles.json", "bundles.csv"] {
        let register = Register::at(None);
        import(&register, &fixture(name), &[]).refused("`issuing_body` is empty: say the registry with --registry");
        let said = ["--registry", "Example Registry"];
        let taken = import(&register, &fixture(name), &said).ok();
        assert!(taken.err.contains("as EnergyTag certificate bundles"), "{}", taken.err);
        assert_eq!(taken.json()["added"], 3, "{name}");
        let held = held(&register);
        let of = |at: usize, name: &str| held[at][name].clone();
        let texts = |at: usize| ["id", "technology", "start", "end", "status"].map(|name| of(at, name));
        let parts = ["1-1000", "1001-2500"].map(|part| format!("Example Registry ridge-2026-01-01 10:00:00 {part}"));
        let (ten, eleven, twelve) = ("2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z");
        let other = "Example Registry ridge-2026-01-01 11:00:00 5001-7000";
        let wanted = [
            [parts[0].as_str(), "solar", ten, eleven, "issued"],
            [parts[1].as_str(), "solar", ten, eleven, "cancelled"],
            [other, "solar", eleven, twelve, "issued"],
        ];
        let mut found: Vec<[Value; 5]> = (0..3).map(texts).collect();
        found.sort_by_key(|texts| texts[0].to_string());
        for (found, wanted) in found.iter().zip(wanted) {
            assert_eq!(found.iter().map(|v| v.as_str().unwrap_or("")).collect::<Vec<_>>(), wanted, "{name}");
        }
        assert!(held.iter().all(|c| c["owner"] == "account 7" && c["device"] == "ridge"), "{held:?}");
        let cancelled = held.iter().find(|c| c["status"] == "cancelled").expect("one");
        assert_eq!((&cancelled["beneficiary"], wh(cancelled)), (&"Example AI Ltd".into(), 1_500));
        assert_eq!(cancelled["expires"], "2027-12-31T23:59:59Z");
        assert_eq!(import(&register, &fixture(name), &said).ok().json()["unchanged"], 3);
    }
}

#[test]
fn energytag_bundles_that_cannot_be_counted_are_refused() {
    let register = Register::at(None);
    let json = std::fs::read_to_string(fixture("bundles.json")).expect("read");
    let said = ["--registry", "R"];
    for (was, is, why) in [
        ("\"electricity\"", "\"hydrogen\"", "is of hydrogen, not of electricity"),
        ("\"is_storage\": false", "\"is_storage\": true", "storage unit"),
        ("\"Active\"", "\"Locked\"", "is locked"),
        ("\"Active\"", "\"Burnt\"", "status `Burnt`"),
        ("\"bundle_quantity\": 1000", "\"bundle_quantity\": 999", "bundle_quantity is 999"),
        ("\"face_value\": 1,", "\"face_value\": 9223372036854775807,", "pass 2^63-1"),
        ("\"face_value\": 1,", "\"face_value\": 0.5,", "face_value `0.5` is not an integer"),
        ("T11:00:00\"", "T10:59:59\"", "almost a whole interval"),
        ("2026-01-01T10:00:00\"", "soon\"", "production_starting_interval `soon` is not a time"),
        ("\"device_id\": \"ridge\"", "\"device_id\": null", "`device_id` is empty"),
        ("_range_start\": 1000", "_range_start\": 999", "bundle_quantity is 1500"),
        ("\"granular_certificate_bundles\"", "\"bundles\"", "holds no list of bundles"),
        ("[", "", "is not JSON"),
    ] {
        assert!(json.contains(was), "{was}");
        register.home.write("bundles.json", &json.replacen(was, is, 1));
        import(&register, "bundles.json", &said).refused(why);
    }
    register.home.write("bundles.json", &json);
    import(&register, "bundles.json", &["--registry", "R", "--reject", "bad.csv"])
        .refused("--reject does not work with");
    import(&register, "bundles.json", &["--registry", "R", "--time-zone", "UTC"])
        .refused("--time-zone does not apply to");
    register.home.write("own.csv", "id,device,registry,technology,start,end,wh\n");
    import(&register, "own.csv", &said).refused("--registry does not apply to");
    // Bad rows of CSV are written as they stood.
    let csv = std::fs::read_to_string(fixture("bundles.csv")).expect("read").replacen("Active", "Locked", 1);
    register.home.write("bundles.csv", &csv);
    let kept = import(&register, "bundles.csv", &["--registry", "R", "--reject", "bad.csv"]).ok().json();
    assert_eq!((&kept["added"], &kept["rejected"]), (&2.into(), &1.into()));
    register.home.write("mended.csv", &register.home.read("bad.csv").replacen("Locked", "Active", 1));
    assert_eq!(import(&register, "mended.csv", &said).ok().json()["added"], 1);
}
