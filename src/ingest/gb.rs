//! Fetching GB Carbon Intensity: the client's answers through the pure parser, kept as received.

use super::batch::Batch;
use super::commit::{self, Received};
use super::fetch::{Fetcher, RetryPolicy};
use super::options::Options;
use super::outcome::Outcome;
use crate::error::{Problem, Problems};
use crate::secret::Secret;
use crate::store::{Store, Write};
use reports::definitions::limits;
use reports::received::gb::{self, Ask};
use reports::time::{Interval, format_instant};
use sha2::{Digest, Sha256};

const FORECAST_HORIZON_S: i64 = 2 * 86_400;

/// Nothing that is fetched at once is larger: a year is some twenty megabytes.
const LARGEST: usize = 512 << 20;

/// Parsed answers, and their bytes, one answer a line.
#[derive(Debug)]
pub struct Fetched {
    name: String,
    bytes: Vec<u8>,
    batch: Batch,
}

/// Asks for intensity and mix of a period; `issued_s` is when the forecasts were read.
pub async fn fetch(
    url: &Secret,
    area: &str,
    period: Interval,
    issued_s: i64,
    retry: RetryPolicy,
) -> anyhow::Result<Fetched> {
    if period.start_s % 1_800 != 0 || period.end_s % 1_800 != 0 {
        return Err(Problem::new("the period does not lie on half-hours").hint("--from and --to on :00 or :30").into());
    }
    let period = Interval { start_s: period.start_s, end_s: period.end_s.min(issued_s + FORECAST_HORIZON_S) };
    if period.end_s <= period.start_s {
        return Err(Problem::new("the period lies more than 48 h ahead").hint("forecasts reach 48 h from now").into());
    }
    let half_hours = (period.end_s - period.start_s) / 1_800;
    if half_hours > limits::INTERVALS as i64 {
        let what = format!("{half_hours} half-hours are more than one fetch takes, {}", limits::INTERVALS);
        return Err(Problem::new(what).hint("fetch shorter periods, one after another").into());
    }
    let fetcher = Fetcher::new(retry)?;
    let mut batch = Batch { source: "gb".into(), ..Batch::default() };
    let mut bytes = Vec::new();
    let carbon_free = gb::carbon_free();
    for ask in [Ask::Intensity, Ask::Generation] {
        for path in gb::requests(ask, period) {
            let body = fetcher.get(&url.page(&path)).await?;
            let parsed = match ask {
                Ask::Intensity => gb::parse_intensity(&body, area, period, issued_s, &mut batch),
                Ask::Generation => gb::parse_generation(&body, area, period, &carbon_free, &mut batch),
            };
            parsed.map_err(Problem::from)?;
            bytes.extend_from_slice(body.replace('\n', " ").as_bytes());
            bytes.push(b'\n');
            if bytes.len() > LARGEST {
                let what = format!("the answers together are larger than {LARGEST} bytes");
                return Err(Problem::new(what).file(url).hint("fetch a shorter period").into());
            }
        }
    }
    let mut batch = batch.checked();
    if let Some(reject) = batch.rejects.one() {
        return Err(
            Problems(vec![Problem::new(format!("an answer has a bad row: {}", reject.reason)).file(url)]).into()
        );
    }
    batch.sha256 = hex::encode(Sha256::digest(&bytes));
    batch.bytes = bytes.len() as u64;
    let name = format!(
        "gb {} to {} at {}",
        format_instant(period.start_s),
        format_instant(period.end_s),
        format_instant(issued_s)
    );
    Ok(Fetched { name, bytes, batch })
}

/// Takes in what was fetched as one revision, in a transaction that the caller commits.
pub async fn take_in(write: &mut Write, fetched: &Fetched, options: &Options) -> anyhow::Result<Outcome> {
    let received = Received::Bytes(&fetched.bytes);
    Ok(commit::run(write, &fetched.name, received, &fetched.batch, options).await?.outcome)
}

/// The same, committed.
pub async fn store(store: &Store, fetched: Fetched, options: &Options) -> anyhow::Result<Outcome> {
    let mut write = store.write().await?;
    let outcome = take_in(&mut write, &fetched, options).await?;
    write.commit().await?;
    Ok(outcome)
}
