//! Forecast vintages by issue time: real ones replayed, made ones whose errors are known, and those that are refused.

use crate::support::{HEADER, Home, ONE_SITE, data, hourly};
use serde_json::Value;
use std::path::Path;

const GB: &str = r#"
[portfolio]
name = "gb"
resolution = "30min"
[[boundary]]
id = "GB"
[[site]]
id = "slough"
boundary = "GB"
it_capacity_mw = 10.0
it_load_mw = 4.0
"#;
const INTENSITY: &str = "grid/GB/carbon_intensity";

fn row<'v>(document: &'v Value, series: &str, source: &str) -> &'v Value {
    let rows = document["series"].as_array().expect("series");
    let found = rows.iter().find(|r| r["series"] == series && r["source"] == source);
    found.unwrap_or_else(|| panic!("{series} of {source} in {document}"))
}

/// Count, MAE, bias and RMSE of a lead.
fn figures(by_lead: &Value, lead: &str) -> (u64, [f64; 3]) {
    let found = by_lead.as_array().expect("leads").iter().find(|f| f["lead"] == lead);
    let found = found.unwrap_or_else(|| panic!("{lead} in {by_lead}"));
    let number = |key: &str| found[key].as_f64().expect("number");
    (found["count"].as_u64().expect("count"), ["mae", "bias", "rmse"].map(number))
}

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted} within {tolerance}");
}

/// Files of a folder of captures, by name.
fn captures(data: &Path, folder: &str) -> Vec<String> {
    let folder = data.join("neso-gb-forecast-vintages").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<String> = entries.map(|e| e.expect("entry").path().display().to_string()).collect();
    files.retain(|name| name.ends_with(".csv"));
    files.sort();
    files
}

#[test]
fn real_vintages_are_as_far_off_as_their_publisher_found() {
    let Some(data) = data() else { return };
    let home = Home::new(GB);
    let ingest = |files: &[String]| {
        let mut args = vec!["ingest"];
        args.extend(files.iter().map(String::as_str));
        args.extend(["--source", "neso", "--area", "GB", "--format", "json"]);
        home.run(&args).ok().json()
    };
    let sum = |ran: &Value, key: &str| -> i64 {
        ran["files"].as_array().expect("files").iter().map(|f| f[key].as_i64().expect("count")).sum()
    };
    let (ahead, back) = (captures(&data, "national_fw48h"), captures(&data, "national_pt24h"));
    assert_eq!(sum(&ingest(&ahead), "forecasts_added"), 4 * 96);
    // What a capture that looks back calls a forecast was issued nobody knows when.
    let measured = ingest(&back);
    assert_eq!((sum(&measured, "added"), sum(&measured, "forecasts_added")), (234, 0));
    let again = ingest(&ahead);
    assert_eq!((sum(&again, "forecasts_added"), sum(&again, "unchanged")), (0, 4 * 96));

    let args = ["forecast", "accuracy", "--series", INTENSITY, "--from", "2023-03-14", "--to", "2023-03-20"];
    let document = home.run(&[&args[..], &["--vintages", "--format", "json"]].concat()).ok().json();
    let supplier = row(&document, INTENSITY, "supplier");
    assert_eq!((&supplier["unit"], &supplier["issues"]), (&"g/kWh".into(), &4.into()));
    assert_eq!(supplier["without_actual"], 13, "two blanks a file, and gaps");
    let vintages = supplier["vintages"].as_array().expect("vintages");
    let published = [16.6, 21.8, 32.6, 35.3];
    let (mut day, mut next) = (Vec::new(), Vec::new());
    for (vintage, mae) in vintages.iter().zip(published) {
        near(figures(&vintage["by_lead"], "all").1[0], mae, 0.05);
        let (early, late) = (figures(&vintage["by_lead"], "0-6 h"), figures(&vintage["by_lead"], "6-24 h"));
        let (a, b) = (early.0 as f64, late.0 as f64);
        day.push((a * early.1[0] + b * late.1[0]) / (a + b));
        next.push(figures(&vintage["by_lead"], "24-48 h").1[0]);
    }
    // The published ranges split after the 48th half-hour with an actual, these after 24 hours.
    let range = |list: &[f64]| list.iter().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
    near(range(&day).0, 12.8, 0.2);
    near(range(&day).1, 24.8, 0.2);
    near(range(&next).0, 20.7, 0.7);
    near(range(&next).1, 46.2, 0.7);
    // Computed a second time, in another language.
    for (lead, count, wanted) in [
        ("0-6 h", 43, [17.6744, 0.5581, 20.6600]),
        ("6-24 h", 142, [20.8380, -10.2324, 23.7390]),
        ("24-48 h", 186, [33.0968, -2.2151, 39.7973]),
        ("all", 371, [26.6173, -4.9623, 32.5456]),
    ] {
        let (found, numbers) = figures(&supplier["by_lead"], lead);
        assert_eq!(found, count, "{lead}");
        numbers.into_iter().zip(wanted).for_each(|(number, wanted)| near(number, wanted, 1e-4));
    }
    let own = figures(&row(&document, INTENSITY, "built_in")["by_lead"], "24-48 h");
    assert!(own.0 > 100 && own.1[0] > 0.0, "{own:?}");
    let text = home.run(&args).ok().out;
    assert!(text.contains("MAE g/kWh") && text.contains("24-48 h"), "{text}");
    let csv = home.run(&[&args[..], &["--format", "csv"]].concat()).ok().out;
    assert!(csv.contains("grid/GB/carbon_intensity,supplier,g/kWh,,24-48 h,186,33.096774,"), "{csv}");
}

const NOW: &str = "2026-01-22T00:00Z";

/// Three weeks in which load doubles and wind fails to come as forecast on the last day.
fn known() -> Home {
    let home = Home::new(ONE_SITE);
    let load = (0..21 * 24).map(|h| if h < 480 { 4.0 } else { 8.0 });
    let wind = (0..21 * 24).map(|h| if h < 492 { 5.5 } else { 7.0 });
    let readings = hourly("site/s/it_load", load) + &hourly("contract/w/generation", wind);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home
}

fn ahead(values: &[(&str, f64)], issued: &str) -> String {
    let start = reports::time::Instant::parse("2026-01-21T00:00:00Z").expect("time");
    let mut text = String::from("series,start,end,value,unit,issued,quantile\n");
    for hour in 0..24 {
        let [from, to] = [hour, hour + 1].map(|h| start + 3_600 * h);
        for (quantile, mw) in values {
            text.push_str(&format!("contract/w/generation,{from},{to},{mw},MW,{issued},{quantile}\n"));
        }
    }
    text
}

fn accuracy(home: &Home, now: &str, extra: &[&str]) -> Value {
    let args = ["forecast", "accuracy", "--now", now, "--from", "2026-01-21", "--every", "24h", "--format", "json"];
    home.run(&[&args[..], extra].concat()).ok().json()
}

#[test]
fn built_in_forecasts_know_nothing_of_the_hours_they_are_of() {
    let document = accuracy(&known(), NOW, &["--series", "site/s/it_load"]);
    let own = row(&document, "site/s/it_load", "built_in");
    assert_eq!((&own["unit"], &own["issues"]), (&"MW".into(), &1.into()));
    for (lead, count) in [("0-6 h", 6), ("6-24 h", 18), ("all", 24)] {
        let (found, [mae, bias, rmse]) = figures(&own["by_lead"], lead);
        assert_eq!(found, count);
        near(mae, 4.0, 1e-9);
        near(bias, -4.0, 1e-9);
        near(rmse, 4.0, 1e-9);
    }
    assert_eq!(document["series"].as_array().map(Vec::len), Some(1), "only the series asked for");
}

#[test]
fn quantiles_are_held_against_what_came() {
    let home = known();
    home.write("f.csv", &ahead(&[("", 5.0), ("0.1", 4.0), ("0.9", 6.0)], "2026-01-20T18:00:00Z"));
    home.run(&["ingest", "f.csv"]).ok();
    let document = accuracy(&home, NOW, &["--zone", "A"]);
    let supplier = &row(&document, "contract/w/generation", "supplier")["by_lead"];
    let (count, [mae, bias, _]) = figures(supplier, "all");
    assert_eq!(count, 24);
    near(mae, 1.25, 1e-9);
    near(bias, -1.25, 1e-9);
    let all = supplier.as_array().expect("leads").last().expect("all");
    near(all["inside_share"].as_f64().expect("share"), 0.5, 1e-9);
    near(all["stated_share"].as_f64().expect("share"), 0.8, 1e-9);
    // The first hour ends seven hours after the issue.
    assert!(supplier.as_array().expect("leads").iter().all(|f| f["lead"] != "0-6 h"));
    let site = accuracy(&home, NOW, &["--site", "s", "--series", "contract/w/generation"]);
    assert_eq!(row(&site, "contract/w/generation", "supplier")["by_lead"], *supplier);
    // Nothing issued later counts, and nothing measured later.
    let early = accuracy(&home, "2026-01-21T06:00Z", &[]);
    assert_eq!(figures(&row(&early, "contract/w/generation", "supplier")["by_lead"], "all").0, 6);
}

#[test]
fn nothing_to_compare_is_said() {
    let home = Home::new(ONE_SITE);
    let ran = home.run(&["forecast", "accuracy", "--now", NOW]).ok();
    assert!(ran.err.contains("nothing to compare: from 2025-12-25T00:00:00Z"), "{}", ran.err);
    home.write("f.csv", &ahead(&[("", 5.0)], "2026-01-20T18:00:00Z"));
    home.run(&["ingest", "f.csv"]).ok();
    let ran = home.run(&["forecast", "accuracy", "--now", NOW, "--format", "json"]).ok();
    assert!(
        ran.err.contains("contract/w/generation: 24 values were forecast, but none has been measured"),
        "{}",
        ran.err
    );
    assert_eq!(ran.json()["series"].as_array().map(Vec::len), Some(0));
    for (args, wanted) in [
        (["--site", "nowhere"], "site `nowhere` is not in the portfolio"),
        (["--zone", "B"], "boundary `B` is not in the portfolio"),
        (["--series", "site/s/lode"], "is not a series"),
        (["--from", "2026-02-01"], "no hour between --from and --to is over"),
        (["--every", "20min"], "not a whole number of hours"),
    ] {
        home.run(&[&["forecast", "accuracy", "--now", NOW][..], &args[..]].concat()).refused(wanted);
    }
}

#[test]
fn vintages_that_are_none_are_named_with_file_and_line() {
    let home = Home::new(GB);
    let header = "from,intensity.forecast,intensity.actual\n";
    let good = format!("{header}2023-03-14T03:30Z,69,\n2023-03-14T04:00Z,72,\n");
    home.write("2023-03-14T0331Z.csv", &good);
    let neso = |name: &str, extra: &[&str]| {
        home.run(&[&["ingest", name, "--source", "neso", "--area", "GB"][..], extra].concat())
    };
    neso("2023-03-14T0331Z.csv", &[]).ok();
    let before = home.stored();
    // Captured after all it forecasts, as its name says.
    home.write("2023-03-20T0000Z.csv", &good);
    let late = neso("2023-03-20T0000Z.csv", &[]).refused("2023-03-20T0000Z.csv:2: ");
    assert!(late.err.contains("ended before the forecast of it was issued"), "{}", late.err);
    assert!(late.err.contains("2023-03-20T0000Z.csv:3: "), "{}", late.err);
    // The same vintage again, and with another value.
    home.write("copy.csv", &format!("{good}\n"));
    let copy = neso("copy.csv", &["--issued", "2023-03-14T03:31Z"]).ok();
    assert!(copy.err.contains("2 already stored"), "{}", copy.err);
    home.write("changed.csv", &good.replace("72", "73"));
    neso("changed.csv", &["--issued", "2023-03-14T03:31Z"]).refused("changed.csv:3: grid/GB/carbon_intensity");
    neso("copy.csv", &[]).refused("does not say when its forecasts were issued");
    for (name, text, wanted) in [
        ("twice.csv", format!("{good}2023-03-14T04:00Z,75,\n"), "twice.csv:4: "),
        ("word.csv", format!("{good}2023-03-14T04:30Z,many,\n"), "word.csv:4: `many` is not a decimal number"),
        ("time.csv", format!("{good}14 March,75,\n"), "time.csv:4: "),
        ("grid.csv", format!("{good}2023-03-14T04:40Z,75,\n"), "grid.csv:4: 2023-03-14T04:40:00Z does not start"),
        ("short.csv", format!("{good}2023-03-14T04:30Z,75\n"), "short.csv:4: the row has 2 fields, the header 3"),
        ("blank.csv", format!("{good}2023-03-14T04:30Z,,\n"), "blank.csv:4: the row has neither"),
        ("other.csv", "from,forecast\n".to_string(), "other.csv:1: unknown column `forecast`"),
        ("lacks.csv", "from,intensity.forecast\n".to_string(), "lacks.csv:1: the header lacks intensity.actual"),
    ] {
        home.write(name, &text);
        neso(name, &["--issued", "2023-03-14T03:32Z"]).refused(wanted);
    }
    // The same in our own form.
    let own = ahead(&[("", 5.0)], "2026-01-21T02:00:00Z");
    home.write("own.csv", &own.replace("contract/w", "plant/p"));
    let refused = home.run(&["ingest", "own.csv"]).refused("own.csv:2: ");
    assert!(refused.err.contains("own.csv:3: ") && !refused.err.contains("own.csv:4: "), "{}", refused.err);
    assert_eq!(before, home.stored());
}
