//! Windows, reservations and capacity promise nothing that a plan would refuse, whatever bounds it: each right value was
//! worked out by hand and is what the planner itself does with the same draw.

use crate::support::{HEADER, Home};
use serde_json::Value;

const NOW: &str = "2026-05-11T09:00:00Z";

/// A site of 10 MW behind 12 at PUE 1.2, 1 000 accelerators of 1.3 kW, a price of 10 for every hour of a day.
fn home(more: &str) -> Home {
    let home = Home::new(&format!(
        r#"
[portfolio]
name = "room"
synthetic = true
[[boundary]]
id = "A"
[[site]]
id = "s"
boundary = "A"
it_capacity_mw = 10.0
grid_limit_mw = 12.0
pue = 1.2
it_load_mw = 0.0
{more}"#
    ));
    home.write("price.csv", &forecast("grid/A/price", "currency/MWh", [10.0; 24]));
    home.run(&["ingest", "price.csv"]).ok();
    home
}

const POOL: &str = "[[pool]]\nid = \"h100\"\nsite = \"s\"\ncount = 1000\nkw_per_gpu = 1.3\n";

/// Forecast rows from nine o'clock on, issued then.
fn forecast(series: &str, unit: &str, values: impl IntoIterator<Item = f64>) -> String {
    let start = reports::time::Instant::parse(NOW).expect("time");
    let mut text = format!("{},issued\n", HEADER.trim_end());
    for (hour, value) in values.into_iter().enumerate() {
        let at = |h: usize| (start + 3_600 * h as i64).to_string();
        text.push_str(&format!("{series},{},{},{value},{unit},{NOW}\n", at(hour), at(hour + 1)));
    }
    text
}

fn plan(home: &Home) -> Value {
    home.run(&["plan", "--now", NOW, "--horizon", "24h", "--format", "json"]).ok().json()
}

/// The answer to a question as of nine o'clock.
fn windows(home: &Home, now: &str, args: &[&str]) -> Value {
    let fixed = ["windows", "--now", now, "--format", "json"];
    home.run(&[&fixed[..], args].concat()).ok().json()
}

fn starts(answer: &Value) -> Vec<String> {
    let list = answer["windows"].as_array().expect("windows");
    list.iter().map(|w| w["start"].as_str().expect("start")[11..16].to_string()).collect()
}

fn reserve(home: &Home, id: &str, args: &[&str]) -> crate::support::Ran {
    home.run(&[&["windows", "--now", NOW, "--reserve", id][..], args].concat())
}

/// Capacity in the first hours: limit in MW, and accelerators.
fn limits(home: &Home, now: &str) -> Vec<(f64, Option<u64>)> {
    let curve = home.run(&["capacity", "--site", "s", "--now", now, "--format", "json"]).ok().json();
    let of = |i: &Value| (i["limit_mw"].as_f64().expect("MW"), i["gpus"].as_u64());
    curve["intervals"].as_array().expect("intervals").iter().map(of).collect()
}

const MORNING: [&str; 4] = ["--before", "2026-05-11T15:00:00Z", "--top", "1"];

fn five(home: &Home) -> Value {
    windows(home, NOW, &[&["--duration", "3h", "--mw", "5"][..], &MORNING].concat())
}

#[test]
fn accelerators_that_are_reserved_or_failed_are_not_granted() {
    let made = home(POOL);
    plan(&made);
    let ask = ["--duration", "3h", "--gpus", "800", "--after", "2026-05-11T15:00Z", "--before", "2026-05-11T18:00Z"];
    reserve(&made, "r1", &ask).ok();
    reserve(&made, "r2", &ask).refused("nothing is reserved: no window of 800 GPUs");
    let some = ["--duration", "3h", "--gpus", "200", "--after", "2026-05-11T15:00Z", "--before", "2026-05-11T18:00Z"];
    reserve(&made, "r3", &some).ok();
    assert_eq!(limits(&made, NOW)[6].1, Some(1_000), "15:00: reserved ones are held by somebody");
    let failed = home(POOL);
    failed.write("available.csv", &forecast("pool/h100/available_gpus", "gpus", [100.0; 24]));
    failed.run(&["ingest", "available.csv"]).ok();
    let rows = "id,release,deadline,pool,gpus,hours\nz,2026-05-11T09:00:00Z,2026-05-12T09:00:00Z,h100,800,3\n";
    failed.write("w.csv", rows);
    failed.run(&["work", "import", "w.csv"]).ok();
    assert_eq!(plan(&failed)["missed"].as_array().map(Vec::len), Some(1));
    reserve(&failed, "big", &["--duration", "3h", "--gpus", "800"]).refused("nothing is reserved");
    reserve(&failed, "small", &["--duration", "3h", "--gpus", "100"]).ok();
    assert_eq!(limits(&failed, NOW)[0], (10.0, Some(100)));
}

#[test]
fn an_event_a_limit_and_a_pue_of_the_hour_bound_windows_and_capacity() {
    let event =
        "[[event]]\nsite = \"s\"\nstart = \"2026-05-11T09:00:00Z\"\nend = \"2026-05-11T15:00:00Z\"\nmax_mw = 2.4\n";
    let limit = "[[limit]]\nid = \"feeder\"\nsites = [\"s\"]\nmax_mw = 2.4\n";
    for more in [event, limit] {
        let home = home(more);
        plan(&home);
        assert_eq!(starts(&five(&home)), [""; 0], "{more}");
        // 2.4 MW of the connection are 2 of IT.
        assert_eq!(limits(&home, NOW)[0].0, 2.0, "{more}");
        reserve(&home, "r", &["--duration", "3h", "--mw", "2", "--before", "2026-05-11T12:00Z"]).ok();
        reserve(&home, "r2", &["--duration", "1h", "--mw", "0.1", "--before", "2026-05-11T12:00Z"])
            .refused("nothing is reserved");
    }
    let hot = home("");
    hot.write("pue.csv", &forecast("site/s/pue", "ratio", [3.0; 24]));
    hot.run(&["ingest", "pue.csv"]).ok();
    plan(&hot);
    assert_eq!(starts(&five(&hot)), [""; 0]);
    assert_eq!(limits(&hot, NOW)[0].0, 4.0);
}

/// An event that nobody knew of when the plan was made, and one that was written into the portfolio since.
#[test]
fn an_event_binds_from_its_notice_on_and_a_new_limit_at_once() {
    let event = "[[event]]\nsite = \"s\"\nstart = \"2026-05-11T15:00:00Z\"\nend = \"2026-05-11T18:00:00Z\"\n\
        max_mw = 2.4\nnotice = \"2h\"\n";
    let home = home(event);
    plan(&home);
    let ask = ["--duration", "3h", "--mw", "5", "--after", "2026-05-11T15:00Z", "--before", "2026-05-11T18:00Z"];
    assert_eq!(starts(&windows(&home, "2026-05-11T12:59:00Z", &ask)), ["15:00"]);
    assert_eq!(starts(&windows(&home, "2026-05-11T13:00:00Z", &ask)), [""; 0]);
    let text = home.read("hourmatch.toml");
    home.write("hourmatch.toml", &format!("{text}\n[[limit]]\nid = \"feeder\"\nsites = [\"s\"]\nmax_mw = 3.6\n"));
    assert_eq!(starts(&five(&home)), [""; 0]);
    assert_eq!(limits(&home, NOW)[0].0, 3.0);
    home.write("hourmatch.toml", &text);
    assert_eq!(starts(&five(&home)), ["09:00"]);
}

#[test]
fn quotas_of_an_account_bind_whoever_asks_in_its_name() {
    let home = home(&format!(
        "{POOL}[[account]]\nid = \"r\"\nmax_gpus = 500\ngpu_hours_per_day = 1000\n[[account]]\nid = \"t\"\nmax_gpus = 900\n"
    ));
    plan(&home);
    let ask = |gpus: &str, hours: &str, account: &str| {
        let answer = windows(&home, NOW, &["--gpus", gpus, "--duration", hours, "--account", account, "--top", "1"]);
        starts(&answer).len()
    };
    assert_eq!((ask("500", "2h", "r"), ask("501", "2h", "r"), ask("500", "3h", "r")), (1, 0, 0));
    assert_eq!((ask("900", "24h", "t"), ask("901", "1h", "t")), (1, 0));
    reserve(&home, "a", &["--gpus", "400", "--duration", "2h", "--account", "r"]).ok();
    // 200 GPU-hours of its day are left, in whatever hours.
    assert_eq!((ask("200", "1h", "r"), ask("201", "1h", "r"), ask("100", "3h", "r")), (1, 0, 0));
    home.run(&["windows", "--now", NOW, "--gpus", "1", "--duration", "1h", "--account", "nobody"])
        .refused("account `nobody` is not in the portfolio");
}

/// 2 MW of the facility an hour: 1.2 MW of IT may start at once, 3 may not, and not end either.
#[test]
fn a_ramp_bounds_the_edges_of_a_window() {
    let home = home("ramp_mw_per_hour = 2.0\n");
    plan(&home);
    let ask =
        |mw: &str, hours: &str| starts(&windows(&home, NOW, &["--mw", mw, "--duration", hours, "--top", "1"])).len();
    assert_eq!((ask("1.5", "3h"), ask("3", "3h"), ask("3", "24h")), (1, 0, 0));
    reserve(&home, "a", &["--mw", "1.5", "--duration", "3h", "--before", "2026-05-11T12:00Z"]).ok();
    // Another 1.5 may come when the first goes, and not with it.
    let with = ["--mw", "1.5", "--duration", "3h", "--before", "2026-05-11T12:00Z"];
    reserve(&home, "b", &with).refused("nothing is reserved");
    reserve(
        &home,
        "c",
        &["--mw", "1.5", "--duration", "3h", "--after", "2026-05-11T12:00Z", "--before", "2026-05-11T15:00Z"],
    )
    .ok();
    // The next plan counts both among what moves.
    let plan = plan(&home);
    assert_eq!(plan["status"], "optimal");
    assert!(!plan["costs"].to_string().contains("over_ramp"), "{}", plan["costs"]);
}

#[test]
fn a_higher_peak_is_part_of_the_price() {
    let home = home("[[demand_charge]]\nsite = \"s\"\nper_mw = 1000\nwindow = \"month\"\n");
    home.write("load.csv", &format!("{HEADER}site/s/load,2026-05-10T09:00:00Z,2026-05-10T10:00:00Z,3.6,MWh\n"));
    home.write("firm.csv", &forecast("site/s/it_load", "MW", [0.0; 24]));
    home.run(&["ingest", "load.csv", "firm.csv"]).ok();
    plan(&home);
    let price = |mw: &str| {
        let answer = windows(&home, NOW, &["--mw", mw, "--duration", "2h", "--top", "1"]);
        let window = &answer["windows"][0];
        (window["price_per_mwh"].as_f64().expect("price"), window["demand_charge"].as_f64())
    };
    let (within, none) = price("3");
    assert_eq!(none, None, "3 MW of IT are the peak that is paid for");
    // 5 MW of IT are 6 of the connection: 2.4 above the peak of 3.6.
    let (above, charge) = price("5");
    assert!((charge.expect("a charge") - 2_400.0).abs() < 1e-6, "{charge:?}");
    assert!((above - within - 2_400.0 / 10.0).abs() < 1e-6, "{above} {within}");
    // Once reserved, the peak is paid for: another 5 MW at another time add nothing.
    reserve(&home, "a", &["--mw", "5", "--duration", "2h", "--before", "2026-05-11T11:00Z"]).ok();
    assert_eq!(price("5").1, None);
}

#[test]
fn what_is_reported_since_the_plan_takes_and_gives_back_room() {
    let home = home(POOL);
    let rows = "id,release,deadline,pool,gpus,hours\n\
        j,2026-05-11T09:00:00Z,2026-05-12T09:00:00Z,h100,800,6\nk,2026-05-11T09:00:00Z,2026-05-12T09:00:00Z,h100,900,3\n";
    home.write("w.csv", rows);
    home.run(&["work", "import", "w.csv", "--now", NOW]).ok();
    let plan = plan(&home);
    let at = |id: &str| {
        let rows = plan["schedule"].as_array().expect("schedule").iter();
        rows.filter(|s| s["work"] == id).map(|s| s["start"].as_str().expect("start").to_string()).min().expect("placed")
    };
    let (j, k) = (at("j"), at("k"));
    let over = |from: &str, hours: i64| {
        let start = reports::time::Instant::parse(from).expect("time");
        let (after, before) = (from.to_string(), (start + hours * 3_600).to_string());
        let duration = format!("{hours}h");
        let ask = ["--gpus", "300", "--duration", &duration, "--after", &after, "--before", &before];
        starts(&windows(&home, NOW, &ask)).len()
    };
    assert_eq!((over(&j, 6), over(&k, 3)), (0, 0), "the plan holds them");
    home.run(&["work", "cancel", "k", "--now", NOW]).ok();
    assert_eq!((over(&j, 6), over(&k, 3)), (0, 1), "a cancelled job's room is free");
    // It began at once, wherever the plan had it, and has six hours to go.
    home.run(&["work", "update", "j", "--state", "running", "--site", "s", "--now", NOW]).ok();
    assert_eq!((over(NOW, 6), over("2026-05-11T15:00:00Z", 6)), (0, 1));
    let gpus = limits(&home, NOW);
    assert_eq!(gpus[0].1, Some(1_000), "what runs is among what may be held");
    // Overdue it goes on, until it is said to be done.
    let ask = ["--gpus", "300", "--duration", "1h", "--top", "1"];
    let late = "2026-05-11T15:30:00Z";
    assert_eq!(starts(&windows(&home, late, &ask)), ["16:00"]);
    home.run(&["work", "update", "j", "--state", "done", "--now", late]).ok();
    assert_eq!(starts(&windows(&home, late, &ask)), ["15:30"]);
}

/// 70 minutes at 60 in all hours but the last, which costs 5: (10 * 60 + 60 * 5) / 70 ends with the day.
#[test]
fn a_window_may_begin_off_the_step() {
    let home = home("");
    let prices = (0..24).map(|h| if h == 23 { 5.0 } else { 60.0 });
    home.write(
        "price.csv",
        &forecast("grid/A/price", "currency/MWh", prices).replace(&format!(",{NOW}\n"), ",2026-05-11T09:00:01Z\n"),
    );
    home.run(&["ingest", "price.csv"]).ok();
    let now = "2026-05-11T09:00:01Z";
    home.run(&["plan", "--now", now, "--start", NOW, "--horizon", "24h"]).ok();
    let best = &windows(&home, now, &["--mw", "1", "--duration", "70min"])["windows"][0];
    assert_eq!(best["start"], "2026-05-12T07:50:00Z", "{best}");
    let named = windows(&home, now, &["--mw", "1", "--duration", "70min", "--after", "2026-05-12T07:50Z"]);
    assert_eq!(named["windows"][0]["price_per_mwh"], best["price_per_mwh"]);
}

/// Prices are in order, ties share a rank and are told, and the store's bytes stay what they are.
#[test]
fn order_is_by_the_price_shown_and_asking_writes_nothing() {
    let home = home("");
    plan(&home);
    let bytes = |name: &str| std::fs::read(home.path(name)).unwrap_or_default();
    let before = (bytes("hourmatch.db"), bytes("hourmatch.db-wal"));
    let ask = ["--mw", "1", "--duration", "2h", "--top", "20"];
    let first = windows(&home, NOW, &ask);
    assert_eq!(windows(&home, NOW, &ask), first, "answers repeat");
    let after = (bytes("hourmatch.db"), bytes("hourmatch.db-wal"));
    assert!(before == after, "asking wrote something");
    let list = first["windows"].as_array().expect("windows");
    assert!(list.iter().all(|w| w["rank"] == 1 && w["tied"] == true), "{first}");
    let text = home.run(&["windows", "--now", NOW, "--mw", "1", "--duration", "2h"]).ok().out;
    assert!(text.contains("│ 1= "), "{text}");
}
