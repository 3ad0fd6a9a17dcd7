//! What is above a limit that the portfolio states is in no plan: it counts as not known, and the plan says so.

use crate::support::Home;
use crate::unknown::{TOML, at, list, plan, rows};
use serde_json::Value;
use std::ops::Range;

fn portfolio() -> String {
    format!("{TOML}[[contract]]\nid = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\ncapacity_mw = 8.0\n")
}

/// Three days of load and generation, and forecasts of generation for a day.
fn home(files: &[String]) -> Home {
    let home = Home::new(&portfolio());
    for (index, rows) in files.iter().enumerate() {
        let name = format!("r{index}.csv");
        home.write(&name, rows);
        home.run(&["ingest", &name]).ok();
    }
    home
}

/// Of each series above a limit: its name, how many values, and what is said.
fn told(plan: &Value) -> Vec<(&str, f64, &str)> {
    let of = list(plan, "reasons").iter().filter(|reason| reason["code"] == "above_limit");
    of.map(|reason| {
        let quantity = reason["quantity"].as_f64().expect("a number");
        (reason["subject"].as_str().expect("text"), quantity, reason["message"].as_str().expect("text"))
    })
    .collect()
}

#[test]
fn readings_above_a_limit_count_as_not_known() {
    // 20 MW behind a connection of 12, and 9 MW of a plant of 8: suspect at the door, and less than twice the limit.
    let odd = |hour: i64| (-6..-4).contains(&hour);
    let load = |hours: Range<i64>, peak: f64| {
        rows("site/s/load", hours, "MWh", false, move |hour| if odd(hour) { peak } else { 5.0 })
    };
    let wind = |hours: Range<i64>, peak: f64| {
        rows("contract/w/generation", hours, "MWh", false, move |hour| if odd(hour) { peak } else { 6.0 })
    };
    let with = home(&[load(-72..0, 20.0), wind(-72..0, 9.0)]);
    let plan_with = plan(&with, 0, 24);
    let span = format!("{} to {}", at(-6), at(-4));
    let said = |series: &str, limit: &str, highest: &str| {
        format!("{series}: 2 readings above the {limit}, the highest {highest} MW, taken as not known: {span}")
    };
    let of_wind = said("contract/w/generation", "capacity_mw of contract w", "9.000");
    let of_load = said("site/s/load", "grid_limit_mw of site s", "20.000");
    assert_eq!(
        told(&plan_with),
        [("contract/w/generation", 2.0, of_wind.as_str()), ("site/s/load", 2.0, of_load.as_str())]
    );

    let without = home(&[load(-72..-6, 0.0), load(-4..0, 0.0), wind(-72..-6, 0.0), wind(-4..0, 0.0)]);
    let plan_without = plan(&without, 0, 24);
    assert!(told(&plan_without).is_empty());
    assert_eq!(plan_with["input_sha256"], plan_without["input_sha256"], "as if nobody had supplied them");

    // Within what meters and rounding explain they are used, and nothing is told.
    let within = home(&[load(-72..0, 12.2), wind(-72..0, 8.1)]);
    assert!(told(&plan(&within, 0, 24)).is_empty());
}

#[test]
fn a_forecast_above_a_limit_counts_as_not_supplied() {
    let wind = rows("contract/w/generation", -72..0, "MWh", false, |_| 6.0);
    let load = rows("site/s/load", -72..0, "MWh", false, |_| 5.0);
    let ahead = rows("contract/w/generation", 0..24, "MWh", true, |hour| if hour == 7 { 12.0 } else { 6.0 });
    let plan = plan(&home(&[wind, load, ahead]), 0, 24);
    let said = format!(
        "contract/w/generation: 1 forecast value above the capacity_mw of contract w, the highest 12.000 MW, taken as not \
         known: {} to {}",
        at(7),
        at(8)
    );
    assert_eq!(told(&plan), [("contract/w/generation", 1.0, said.as_str())]);
    let stands = |reason: &&Value| reason["subject"] == "contract/w/generation" && reason["unit"] == "steps";
    let gap = list(&plan, "reasons").iter().find(stands).expect("what stands for it is said");
    assert_eq!(gap["quantity"], 1.0, "{gap}");
}
