//! An invoice over a month in which clocks change.

use crate::support::{HEADER, Home, ONE_SITE, Ran};
use reports::time::Instant;

/// 743 hours of 1 MWh: March 2026 in Berlin.
fn home() -> Home {
    let home = Home::new(&ONE_SITE.replace("synthetic = true", "synthetic = true\ntime_zone = \"Europe/Berlin\""));
    let start = Instant::parse("2026-02-28T23:00:00Z").expect("a time");
    let at = |hour: i64| start + hour * 3_600;
    let rows: String = (0..743).map(|hour| format!("site/s/load,{},{},1,MWh\n", at(hour), at(hour + 1))).collect();
    home.write("load.csv", &format!("{HEADER}{rows}"));
    home.run(&["ingest", "load.csv"]).ok();
    home
}

fn bill(home: &Home, start: &str, end: &str) -> Ran {
    home.write("inv.csv", &format!("invoice,site,start,end,value,unit\nA-1,s,{start},{end},743,MWh\n"));
    home.run(&["ingest", "inv.csv"])
}

#[test]
fn a_month_of_743_hours_is_billed_whole() {
    let home = home();
    bill(&home, "2026-03-01T00:00:00+01:00", "2026-03-31T23:59:59+02:00").refused("ends just before an interval does");
    bill(&home, "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00").ok();
    let report = home.run(&["report", "--from", "2026-03", "--to", "2026-04", "--format", "json"]).ok().json();
    let found = &report["reconciliations"][0];
    assert_eq!((&found["metered_wh"], &found["difference_wh"]), (&743_000_000.into(), &0.into()), "{found}");
    assert_eq!(found["outcome"], "within");
}
