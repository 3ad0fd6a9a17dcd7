//! One question asked, page by page, into a batch: nothing of it is stored yet.

use super::client::{Client, Reply};
use super::failure::Failure;
use crate::ingest::batch::Batch;
use crate::ingest::{door, fits};
use crate::portfolio::FeedSource;
use crate::rejects::Rejects;
use crate::store::feeds::Mark;
use reports::definitions::Definitions;
use reports::door::Expected;
use reports::received::Refused;
use reports::received::providers::{Ask, Next, Numbered, exchange};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, VecDeque};

/// Nothing that one question comes to is larger.
const LARGEST: usize = 512 << 20;
/// Nor is it more answers.
const MOST_ANSWERS: usize = 5_000;

/// Parsed answers, and all of them as they are kept.
#[derive(Debug)]
pub struct Gathered {
    pub name: String,
    pub bytes: Vec<u8>,
    pub batch: Batch,
    /// Of answers that led nowhere else: what they were marked with.
    pub marks: Vec<Mark>,
    /// What the provider has nothing for, in its words.
    pub no_data: Option<String>,
}

/// Asks everything that a question comes to.
///
/// # Errors
/// Where one answer lacks, nothing of the others is taken.
pub async fn gather(
    client: &Client,
    (source, ask): (&FeedSource, &Ask),
    marks: &[Mark],
    (definitions, expected): (&Definitions, &Expected),
) -> Result<Gathered, Failure> {
    let about = source.feed.about();
    let told = Ask { wanted: source.feed.kept(&ask.wanted), ..ask.clone() };
    let mut gathered = Gathered {
        name: format!("{} {} at {}", source.name, ask.period, ask.now),
        bytes: exchange::head(about.name, &told).into_bytes(),
        batch: Batch {
            rejects: Rejects::for_file(false),
            currency: Some(definitions.currency.clone()),
            ..Batch::default()
        },
        marks: Vec::new(),
        no_data: None,
    };
    let mut queue: VecDeque<_> = source.feed.requests(ask).map_err(Failure::Refused)?.into();
    let (mut asked, mut row) = (BTreeSet::new(), 0);
    while let Some(request) = queue.pop_front() {
        let line = request.to_string();
        let mark = marks.iter().find(|mark| mark.request == line);
        if asked.len() == MOST_ANSWERS || !asked.insert(line) {
            return Err(Failure::refused(format!("{request}: its pages lead in a circle, or are over {MOST_ANSWERS}")));
        }
        let (answered, new) = match client.ask(&request, mark).await? {
            Reply::Same => {
                gathered.marks.extend(mark.cloned());
                continue;
            }
            Reply::Answer(answered, new) => (answered, new),
        };
        let mut sink = Numbered::from(row, &ask.wanted.series, &mut gathered.batch);
        let next = source.feed.parse(ask, &request, &answered.answer(), &mut sink);
        row = sink.last();
        match next.map_err(|fault| Failure::from_fault(fault, about.limits.ban_s))? {
            Next::Done => gathered.marks.extend(new),
            Next::Page(page) => queue.push_front(page),
            Next::NoData(words) => gathered.no_data = Some(words),
        }
        gathered.keep(&exchange::line(&answered).map_err(Failure::Refused)?)?;
    }
    gathered.finish(definitions, expected);
    Ok(gathered)
}

impl Gathered {
    fn keep(&mut self, line: &str) -> Result<(), Failure> {
        self.bytes.extend_from_slice(line.as_bytes());
        if self.bytes.len() > LARGEST {
            let what = format!("the answers together are larger than {LARGEST} bytes");
            return Err(Failure::Refused(Refused::new(what).hint("ask for shorter periods")));
        }
        Ok(())
    }

    /// Checks the rows as those of a file are checked; bad ones are left out one by one.
    fn finish(&mut self, definitions: &Definitions, expected: &Expected) {
        let mut batch = std::mem::take(&mut self.batch);
        for points in batch.readings.values_mut() {
            once_each(points, |p| ((p.start, p.end, p.value, p.quality.code()), p.row));
        }
        for points in batch.forecasts.values_mut() {
            once_each(points, |p| ((p.issued, p.quantile_ppm, p.start, p.end, p.value), p.row));
        }
        let mut batch = batch.checked();
        fits::check(&mut batch, definitions);
        door::check(&mut batch, expected);
        batch.sha256 = hex::encode(Sha256::digest(&self.bytes));
        batch.bytes = self.bytes.len() as u64;
        self.batch = batch;
    }
}

/// The same value of the same interval may stand on two pages: what it is, and its row.
fn once_each<T, K: Ord>(points: &mut Vec<T>, what: impl Fn(&T) -> (K, i64)) {
    points.sort_by_key(&what);
    points.dedup_by(|a, b| what(a).0 == what(b).0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio;
    use crate::store::forecasts::ForecastPoint;
    use reports::inputs::{Point, Quality};
    use reports::time::Instant;

    const PORTFOLIO: &str = "[portfolio]\nname = \"t\"\n[[boundary]]\nid = \"A\"\n[[site]]\nid = \"s\"\nboundary = \"A\"\n\
                             it_capacity_mw = 10.0\ngrid_limit_mw = 12.0\n";

    /// As a meter's exporter that gives kWh for MWh would.
    #[test]
    fn what_no_connection_carries_is_left_out_like_the_rows_of_a_file() {
        let portfolio = portfolio::parse(PORTFOLIO, "t.toml").expect("a portfolio");
        let hour = |row: i64, mw: i64| {
            let [start, end] = [row, row + 1].map(|hour| Instant::from_seconds(hour * 3_600));
            Point { start, end, value: mw * 1_000_000, quality: Quality::Measured, revision: 0, row }
        };
        let ahead = |row: i64, mw: i64| {
            let Point { start, end, value, row, .. } = hour(row, mw);
            ForecastPoint { issued: Instant::FIRST, quantile_ppm: -1, start, end, value, row }
        };
        let mut batch = Batch::default();
        batch.readings.insert("site/s/load".into(), vec![hour(1, 5), hour(2, 5_000), hour(3, 13)]);
        batch.forecasts.insert("site/s/load".into(), vec![ahead(8, 5), ahead(9, 25)]);
        let (name, bytes, marks) = (String::new(), Vec::new(), Vec::new());
        let mut gathered = Gathered { name, bytes, batch, marks, no_data: None };
        gathered.finish(&portfolio.definitions, &portfolio::expected(&portfolio));
        let batch = &gathered.batch;
        let readings: Vec<i64> = batch.readings["site/s/load"].iter().map(|point| point.row).collect();
        let forecasts: Vec<i64> = batch.forecasts["site/s/load"].iter().map(|point| point.row).collect();
        assert_eq!((readings, forecasts), (vec![1, 3], vec![8]));
        assert_eq!(batch.rejects.len(), 2);
        let reason = batch.rejects.one().map_or("", |reject| reject.reason.as_str());
        assert!(reason.contains("more than twice the grid_limit_mw of site s, 12.000 MW"), "{reason}");
    }
}
