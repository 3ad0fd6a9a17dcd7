//! GB Carbon Intensity as its documentation has it, for any period; and who asks it.

use super::server::{Asked, Reply, json, reply};
use crate::support::{Home, ONE_SITE};
use hourmatch::clock::Clock;
use hourmatch::feeds::asking::Asking;
use hourmatch::feeds::backfill::{self, Filled, Told};
use hourmatch::ingest::Options;
use hourmatch::ingest::fetch::RetryPolicy;
use hourmatch::portfolio::{FeedSource, parse};
use hourmatch::secret::Secret;
use hourmatch::store::Store;
use hourmatch::store::readings::{self, Cut};
use reports::inputs::Point;
use reports::time::{Instant, Interval, RecordTime};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub const INTENSITY: &str = "grid/A/carbon_intensity";

/// What the service says at an instant: actual values but for the last half-hour, `revised` grams more where it has
/// looked again.
#[derive(Debug, Clone, Copy)]
pub struct Gb {
    pub now: Instant,
    pub revised: i64,
}

/// The truth about a half-hour, in grams.
pub fn grams(start: Instant) -> i64 {
    100 + start.seconds().div_euclid(1_800).rem_euclid(97)
}

fn minute(instant: Instant) -> String {
    format!("{}Z", &instant.to_string()[..16])
}

impl Gb {
    pub fn answer(self, asked: &Asked) -> Reply {
        let parts: Vec<&str> = asked.path.trim_start_matches('/').split('/').collect();
        let [kind, from, to] = parts[..] else { return reply(404, "application/json", "{}") };
        let (Ok(from), Ok(to)) = (Instant::parse_minute(from), Instant::parse_minute(to)) else {
            return reply(400, "application/json", "{}");
        };
        // It answers with the half-hour that ends at the start as well.
        let starts = steps(from - 1_800, to, 1_800);
        let rows: Vec<String> = match kind {
            "intensity" => starts.map(|start| self.intensity(start)).collect(),
            "generation" => starts.filter(|start| *start + 1_800 <= self.now).map(mix).collect(),
            _ => return reply(404, "application/json", "{}"),
        };
        json(format!("{{\"data\":[{}]}}", rows.join(",")))
    }

    fn intensity(self, start: Instant) -> String {
        let (from, to, grams) = (minute(start), minute(start + 1_800), grams(start));
        let actual = match start + 3_600 <= self.now {
            true => (grams + self.revised).to_string(),
            false => "null".into(),
        };
        let forecast = grams + 5;
        format!(
            r#"{{"from":"{from}","to":"{to}","intensity":{{"forecast":{forecast},"actual":{actual},"index":"low"}}}}"#
        )
    }
}

fn mix(start: Instant) -> String {
    let (from, to) = (minute(start), minute(start + 1_800));
    let mix = r#"[{"fuel":"gas","perc":60.0},{"fuel":"wind","perc":40.0},{"fuel":"other","perc":null}]"#;
    format!(r#"{{"from":"{from}","to":"{to}","generationmix":{mix}}}"#)
}

pub fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

/// Instants from one on and before another, so many seconds apart.
pub fn steps(from: Instant, to: Instant, step_s: i64) -> impl Iterator<Item = Instant> + Clone {
    (0..to - from).step_by(step_s as usize).map(move |later_s| from + later_s)
}

/// Patient with the answer itself: on a loaded machine even a prompt server is late.
pub fn retry() -> RetryPolicy {
    RetryPolicy {
        timeout: Duration::from_secs(60),
        first_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(20),
        tries: 3,
    }
}

/// Who asks the service for boundary A, into a store of its own.
pub struct Asker {
    /// The folder that the store is in.
    _home: Home,
    pub store: Store,
    pub source: FeedSource,
}

impl Asker {
    pub async fn new(url: &str) -> Self {
        let home = Home::new(ONE_SITE);
        let store = Store::open(&home.store_url()).await.expect("a store");
        let gb = FeedSource::gb().expect("a source").of_area(&"A".into());
        let source = FeedSource { url: Secret::from(url), follow: true, ..gb };
        Self { _home: home, store, source }
    }

    /// Asks as of an instant.
    pub fn asking(&self, now: Instant, retry: RetryPolicy) -> Asking {
        let mut portfolio = parse(ONE_SITE, "t.toml").expect("a portfolio");
        portfolio.feeds = BTreeMap::from([(self.source.name.clone(), self.source.clone())]);
        let store = self.store.clone();
        let mut asking = Asking::new(store, Arc::new(portfolio), Clock::fixed(now), PathBuf::new());
        asking.retry = retry;
        asking
    }

    pub async fn fill(&self, period: Interval, now: Instant, retry: RetryPolicy) -> Result<Filled, String> {
        let options = Options::own_form(RecordTime::default());
        let told = Told { source: &self.source, period, again: false, options: &options, record: None };
        let filled = backfill::run(&self.asking(now, retry), told, |_, _| {}).await;
        filled.map_err(|error| error.to_string())
    }

    /// Current readings of a series.
    pub async fn held(&self, series: &str, period: Interval) -> Vec<Point> {
        let spans = BTreeMap::from([(series.to_string(), vec![period])]);
        let held = readings::load(&self.store, &spans, Cut::NONE).await.expect("held");
        held.get(series).cloned().unwrap_or_default()
    }
}
