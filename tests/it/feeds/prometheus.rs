//! A real Prometheus (Debian's package) that scrapes meters whose counters reset: every hour's Wh are the meters' own.

use super::server::{Server, reply};
use crate::support::{Home, ONE_SITE};
use hourmatch::clock::Clock;
use hourmatch::store::Store;
use hourmatch::store::readings::{self, Cut};
use reports::time::{Instant, Interval};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const HOUR_S: i64 = 3_600;
const HOURS: i64 = 4;
const MINUTE_MS: i64 = 60_000;
const ACCELERATORS: i64 = 2;
/// Minutes after which a counter begins again: within an hour, twice in one, and in the one that a border lies in.
const RESETS: [(i64, i64); 4] = [(0, 100), (1, 135), (1, 150), (0, 189)];

/// What stands still and is scraped: a sample a minute, from ten minutes before the hours to some minutes after them.
#[derive(Debug, Clone, Copy)]
struct Meters {
    start: Instant,
}

impl Meters {
    fn at_ms(self, minute: i64) -> i64 {
        // Not on the hour.
        (self.start - 600).seconds() * 1_000 + minute * MINUTE_MS + 17_391
    }

    fn minutes() -> std::ops::Range<i64> {
        0..10 + HOURS * 60 + 3
    }

    /// W of an accelerator from one sample to the next.
    fn watts(accelerator: i64, minute: i64) -> i64 {
        200 + (minute * 37 + accelerator * 101) % 500
    }

    /// W of a rack at an instant, which rise by 10 a minute.
    fn rack_watts(minute: i64) -> i64 {
        1_000 + 10 * minute
    }

    /// What a scrape sees, in Prometheus' text form with the times of samples.
    fn exposition(self) -> String {
        let mut text = String::from("# TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter\n");
        for accelerator in 0..ACCELERATORS {
            let mut counted = 123_456_789_000_i64;
            for minute in Self::minutes() {
                let at_ms = self.at_ms(minute);
                let _ = writeln!(
                    text,
                    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{{gpu=\"{accelerator}\",pod=\"job-{}\"}} {counted} {at_ms}",
                    // Jobs come and go, and the accelerator counts on.
                    minute / 45
                );
                if RESETS.contains(&(accelerator, minute)) {
                    counted = 0;
                }
                counted += Self::watts(accelerator, minute) * MINUTE_MS;
            }
        }
        text.push_str("# TYPE hw_power gauge\n");
        for minute in Self::minutes() {
            let at_ms = self.at_ms(minute);
            match minute {
                // In the third hour it is not there for a while, in the fourth it knows nothing.
                150..160 => {}
                210..220 => {
                    let _ = writeln!(text, "hw_power{{hw_id=\"rack\"}} NaN {at_ms}");
                }
                _ => {
                    let _ = writeln!(text, "hw_power{{hw_id=\"rack\"}} {} {at_ms}", Self::rack_watts(minute));
                }
            }
        }
        text
    }

    fn hour(self, hour: i64) -> Interval {
        let start = self.start + hour * HOUR_S;
        Interval { start, end: start + HOUR_S }
    }

    /// Wh of an hour that the accelerators took, rounded up once: W by ms are mJ.
    fn accelerators_wh(self, hour: i64) -> i64 {
        let Interval { start, end } = self.hour(hour);
        let [start_ms, end_ms] = [start, end].map(|edge| edge.seconds() * 1_000);
        let mut millijoules = 0;
        for accelerator in 0..ACCELERATORS {
            for minute in Self::minutes() {
                let (from, to) = (self.at_ms(minute).max(start_ms), self.at_ms(minute + 1).min(end_ms));
                millijoules += Self::watts(accelerator, minute) * (to - from).max(0);
            }
        }
        whole_wh(millijoules)
    }

    /// Wh of an hour of the rack: what it draws in the middle of it, for an hour.
    fn rack_wh(self, hour: i64) -> i64 {
        let middle_ms = (self.hour(hour).start + HOUR_S / 2).seconds() * 1_000;
        // 1 000 W and a W for every 6 s since the first sample, in mJ of an hour.
        whole_wh(1_000 * HOUR_S * 1_000 + 600 * (middle_ms - self.at_ms(0)))
    }
}

fn whole_wh(millijoules: i64) -> i64 {
    (millijoules + 3_599_999) / 3_600_000
}

/// The server on a free port, until the test ends.
struct Prometheus {
    child: Child,
    address: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prometheus {
    fn start(home: &Home, target: &str) -> Self {
        let config = format!(
            "global: {{scrape_interval: 1s, scrape_timeout: 1s}}\n\
             storage: {{tsdb: {{out_of_order_time_window: 1d}}}}\n\
             scrape_configs:\n- job_name: meters\n  static_configs: [{{targets: [\"{target}\"]}}]\n"
        );
        let config = home.write("prometheus.yml", &config);
        let log = home.path("prometheus.log");
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", home.path("prometheus").display()))
            .arg("--web.listen-address=127.0.0.1:0")
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a log"))
            .spawn()
            .expect("it starts");
        let mut started = Self { child, address: String::new() };
        started.address = waited(|| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let line = said.lines().find(|line| line.contains("Listening on"))?;
            line.split("address=").nth(1)?.split_whitespace().next().map(String::from)
        });
        started
    }

    fn get(&self, path: &str) -> String {
        let mut answer = String::new();
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.address).expect("asked");
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }
}

/// Looks until there is something to see.
fn waited<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1_200 {
        if let Some(seen) = look() {
            return seen;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("nothing came within two minutes");
}

async fn held(home: &Home, series: &str, period: Interval) -> BTreeMap<Instant, i64> {
    let store = Store::open(&home.store_url()).await.expect("a store");
    let spans = BTreeMap::from([(series.to_string(), vec![period])]);
    let held = readings::load(&store, &spans, Cut::NONE).await.expect("held");
    store.close().await;
    let points = held.get(series).cloned().unwrap_or_default();
    points.iter().map(|point| (point.start, point.value)).collect()
}

#[tokio::test]
async fn hourly_energy_is_what_the_meters_counted() {
    if Command::new("prometheus").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("skipped: no Prometheus; ./dev test installs Debian's package");
        return;
    }
    // It refuses what lies farther back than a day, so the hours are the last ones.
    let now = Clock::recorded().instant() - 300;
    let meters = Meters { start: now.floor(HOUR_S) - HOURS * HOUR_S };
    let end = meters.start + HOURS * HOUR_S;
    let text = meters.exposition();
    let exporter = Server::start(move |_| reply(200, "text/plain; version=0.0.4", text.clone()));
    let home = Home::new(ONE_SITE);
    let prometheus = Prometheus::start(&home, exporter.url.trim_start_matches("http://"));
    let last = format!("/api/v1/query?query=hw_power&time={}", (end + 90).seconds());
    waited(|| prometheus.get(&last).contains("\"value\"").then_some(()));

    let sources = format!(
        "{ONE_SITE}\n[source.gpus]\nkind = \"prometheus\"\nurl = \"http://{0}\"\nseries = [\"site/s/it_load\"]\n\
         [source.gpus.settings]\n\"site/s/it_load\" = \"DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{{job='meters'}}\"\n\
         unit = \"mJ\"\nby = \"gpu\"\nmeters = \"{ACCELERATORS}\"\nspan = \"1h\"\n\
         [source.rack]\nkind = \"prometheus\"\nurl = \"http://{0}\"\nseries = [\"site/s/load\"]\n\
         [source.rack.settings]\n\"site/s/load\" = \"hw_power\"\nunit = \"W\"\n",
        prometheus.address
    );
    home.write("hourmatch.toml", &sources);
    let period = Interval { start: meters.start, end };
    let (from, to) = (period.start.to_string(), period.end.to_string());
    let accelerators: BTreeMap<Instant, i64> =
        (0..HOURS).map(|hour| (meters.hour(hour).start, meters.accelerators_wh(hour))).collect();
    let rack: BTreeMap<Instant, i64> = (0..2).map(|hour| (meters.hour(hour).start, meters.rack_wh(hour))).collect();
    // Asked again, it is the same.
    let once: &[&str] = &[];
    for again in [once, &["--again"]] {
        for source in ["gpus", "rack"] {
            let args = [&["ingest", "--source", source, "--from", &from, "--to", &to][..], again].concat();
            home.run(&args).ok();
        }
        assert_eq!(held(&home, "site/s/it_load", period).await, accelerators);
        assert_eq!(held(&home, "site/s/load", period).await, rack, "what is not known is not zero");
    }
}
