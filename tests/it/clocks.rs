//! Days on which clocks change, through the binary: as many intervals as the day is long, each with its own load.
//! Lord Howe, whose clocks go by half an hour, is in the worked examples.

use crate::support::{HEADER, Home};
use reports::time::Instant;

/// Zone, day and the one after it, both midnights as a clock there shows them, hours.
type Day = (&'static str, [&'static str; 2], [&'static str; 2], i64);

const DAYS: [Day; 8] = [
    // At midnight clocks go to one: the day has no midnight, and begins at one.
    ("Africa/Cairo", ["2026-04-24", "2026-04-25"], ["2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"], 23),
    // At midnight they go back to eleven, of the same day.
    ("Africa/Cairo", ["2026-10-29", "2026-10-30"], ["2026-10-29T00:00:00+03:00", "2026-10-30T00:00:00+02:00"], 25),
    ("Australia/Sydney", ["2026-04-05", "2026-04-06"], ["2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:00"], 25),
    ("Australia/Sydney", ["2026-10-04", "2026-10-05"], ["2026-10-04T00:00:00+10:00", "2026-10-05T00:00:00+11:00"], 23),
    ("Europe/Berlin", ["2026-03-29", "2026-03-30"], ["2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"], 23),
    ("Europe/Berlin", ["2026-10-25", "2026-10-26"], ["2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"], 25),
    ("America/New_York", ["2026-03-08", "2026-03-09"], ["2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"], 23),
    ("America/New_York", ["2026-11-01", "2026-11-02"], ["2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"], 25),
];

fn check(day: Day, minutes: i64) {
    let (zone, [from, to], midnights, hours) = day;
    let home = Home::new(&format!(
        "[portfolio]\nname = \"clocks\"\nsynthetic = true\ntime_zone = \"{zone}\"\nresolution = \"{minutes}min\"\n\
         [[boundary]]\nid = \"A\"\n\
         [[site]]\nid = \"s\"\nboundary = \"A\"\nit_capacity_mw = 1.0\ntime_zone = \"{zone}\"\n"
    ));
    let [start, end] = midnights.map(|midnight| Instant::parse(midnight).expect("an instant"));
    let wanted = usize::try_from(hours * 60 / minutes).expect("a few");
    let at = |index: usize| start + 60 * minutes * index as i64;
    assert_eq!(at(wanted), end, "{zone} {from}");
    let row = |index: usize| format!("site/s/load,{},{},{},Wh\n", at(index), at(index + 1), 100 + index);
    home.write("r.csv", &format!("{HEADER}{}", (0..wanted).map(row).collect::<String>()));
    home.run(&["ingest", "r.csv"]).ok();
    let report = home.run(&["report", "--from", from, "--to", to, "--format", "json"]).ok().json();
    assert_eq!(report["period"]["intervals"], wanted, "{zone} {from} by {minutes} min");
    let rows = report["boundaries"][0]["intervals"].as_array().expect("intervals");
    assert_eq!(rows.len(), wanted, "{zone} {from} by {minutes} min");
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(
            (row["start"].as_str(), row["load_wh"].as_u64()),
            (Some(at(index).to_string().as_str()), Some(100 + index as u64))
        );
    }
}

#[test]
fn days_on_which_clocks_change_by_the_hour() {
    DAYS.into_iter().for_each(|day| check(day, 60));
}

#[test]
fn days_on_which_clocks_change_by_the_half_hour() {
    DAYS.into_iter().for_each(|day| check(day, 30));
}
