//! Checks at the door for what is fetched: the same as for files.

use super::gb::{Asker, Gb, INTENSITY, at, grams, retry};
use super::server::{Server, json};
use crate::support::{Home, ONE_SITE};
use hourmatch::feeds::follow::{Follower, Which};
use hourmatch::feeds::status;
use reports::suspects::Check;
use reports::time::{Instant, Interval};

const DAY: i64 = 86_400;

/// From the fifth day on, what was g/kWh is mg/kWh.
fn served(now: Instant) -> Server {
    Server::start(move |asked| {
        let from = asked.path.split('/').nth(2).unwrap_or_default();
        let revised = if from >= "2026-01-14T00:00Z" { 200_000 } else { 0 };
        Gb { now, revised }.answer(asked)
    })
}

#[tokio::test]
async fn what_is_doubtful_is_taken_and_said() {
    let (start, now) = (at("2026-01-10T00:00:00Z"), at("2026-01-20T13:30:00Z"));
    let server = served(now);
    let asker = Asker::new(&server.url).await;
    let days = |from: i64, to: i64| Interval { start: start + from * DAY, end: start + to * DAY };
    let good = asker.fill(days(0, 4), now, retry()).await.expect("filled");
    assert!(good.notes.is_empty() && good.outcomes.iter().all(|outcome| outcome.suspects.is_empty()), "{good:?}");
    let bad = asker.fill(days(4, 5), now, retry()).await.expect("filled");
    let doubts: Vec<_> = bad.outcomes.iter().flat_map(|outcome| &outcome.suspects).collect();
    assert_eq!(doubts.len(), 1, "{doubts:?}");
    let suspect = &doubts[0].suspect;
    assert_eq!((suspect.check, suspect.series.as_str(), suspect.readings), (Check::Unit, INTENSITY, 48));
    assert_eq!(suspect.span, days(4, 5));
    assert!(bad.notes[0].starts_with("48 readings are suspect in 1 span, stored as received"), "{:?}", bad.notes);
    let held = asker.held(INTENSITY, days(4, 5)).await;
    assert_eq!(held.len(), 48);
    assert!(held.iter().all(|point| point.value == (grams(point.start) + 200_000) * 1_000), "as received");
    asker.store.close().await;
}

#[tokio::test]
async fn followers_say_it_and_so_does_the_status() {
    let (start, now) = (at("2026-01-10T00:00:00Z"), at("2026-01-15T06:00:00Z"));
    let server = served(now);
    let asker = Asker::new(&server.url).await;
    let before = Interval { start, end: start + 4 * DAY };
    asker.fill(before, now, retry()).await.expect("filled");
    let turned = Follower::new(asker.asking(now, retry())).turn(&Which::Due).await.expect("a turn");
    let [turned] = &turned[..] else { panic!("{turned:?}") };
    assert_eq!(turned.error, None);
    assert!(turned.suspect > 0, "{turned:?}");
    let asking = asker.asking(now, retry());
    let stands = status::all(&asker.store, &asking.portfolio, now).await.expect("a status");
    assert!(stands[0].note.as_ref().is_some_and(|note| note.contains("suspect")), "{stands:?}");
    asker.store.close().await;
}

/// A meter whose numbers are in kWh at one hour and in MWh at the others, described as MWh.
#[test]
fn what_no_connection_carries_is_refused_and_what_is_above_it_is_suspect() {
    let row = |(hour, value): (i64, &str)| format!("{{\"time\":\"2026-01-20T{hour:02}:00:00Z\",\"value\":{value}}}");
    let rows: Vec<String> = [(0, "5.0"), (1, "5000.0"), (2, "13.0"), (3, "5.5")].map(row).to_vec();
    let body = format!("{{\"data\":[{}]}}", rows.join(","));
    let server = Server::script(vec![json(body)]);
    let site = ONE_SITE.replace("it_capacity_mw = 10.0", "it_capacity_mw = 10.0\ngrid_limit_mw = 12.0");
    let home = Home::new(&format!(
        "{site}\n[source.meter]\nkind = \"json\"\nurl = \"{}\"\nseries = [\"site/s/load\"]\n[source.meter.settings]\n\
         path = \"/readings\"\nquery = \"from={{from}}&to={{to}}\"\nlist = \"/data\"\nstart = \"/time\"\nstep = \"1h\"\n\
         unit = \"MWh\"\n\"site/s/load\" = \"/value\"\n",
        server.url
    ));
    let args =
        ["ingest", "--source", "meter", "--from", "2026-01-20", "--to", "2026-01-21", "--now", "2026-01-22T00:00Z"];
    let taken = home.run(&[&args[..], &["--format", "json"]].concat()).ok();
    let outcome = &taken.json()["files"][0];
    assert_eq!((&outcome["added"], &outcome["rejected"]), (&3.into(), &1.into()));
    let suspect = &outcome["suspects"][0];
    assert_eq!((&suspect["check"], &suspect["readings"]), (&"capacity".into(), &1.into()));
    for said in [
        "1 bad value was left out, such as: site/s/load: 5000.000 MW",
        "with kWh read as MWh, or Wh as kWh, it would be 5.000 MW",
        "1 reading is suspect in 1 span, stored as received, such as: site/s/load, 2026-01-20T02:00:00Z to \
         2026-01-20T03:00:00Z: 13.000 MW, above the grid_limit_mw of site s, 12.000 MW",
    ] {
        assert!(taken.err.contains(said), "no `{said}` in {}", taken.err);
    }
}
