//! A period fetched part by part. Each part is taken whole or not at all, and none that was taken is asked for again.

use super::asking::{Asking, Lost, Pass, standing};
use super::gaps;
use crate::error::Fault;
use crate::ingest::{Options, Outcome};
use crate::portfolio::FeedSource;
use crate::store::feeds::{self, Had};
use reports::definitions::limits;
use reports::time::{Instant, Interval};
use std::collections::BTreeMap;

/// No part is longer.
const LONGEST_PART_S: i64 = 31 * 86_400;

/// Who takes a copy of what was received for a period.
pub type Record<'a> = &'a dyn Fn(Interval, &[u8]) -> Result<(), Fault>;

/// What a backfill is told.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    pub source: &'a FeedSource,
    pub period: Interval,
    /// Whether what was taken before is asked for again.
    pub again: bool,
    pub options: &'a Options,
    pub record: Option<Record<'a>>,
}

/// What a backfill came to.
#[derive(Debug, Default)]
pub struct Filled {
    /// Of each part that was asked for.
    pub outcomes: Vec<Outcome>,
    /// What is to be said of them.
    pub notes: Vec<String>,
    /// Parts that had been taken before.
    pub before: usize,
}

/// Asks for all of a period; `progress` is told of each part how many there are, and how many are done.
///
/// # Errors
/// Where a part cannot be taken. Those before it stay, and the same command goes on with it.
pub async fn run(asking: &Asking, told: Told<'_>, mut progress: impl FnMut(usize, usize)) -> anyhow::Result<Filled> {
    let Told { source, again, options, record, .. } = told;
    let now = asking.clock.now();
    let parts = parts(source, told.period, now)?;
    let mut write = asking.store.write().await?;
    standing(&mut write, source).await?;
    write.commit().await?;
    let had: Vec<Interval> =
        feeds::ranges(&asking.store, &source.name).await?.into_iter().map(|had| had.period).collect();
    // What somebody asks a source for stands in for nothing.
    let (mut filled, own) = (Filled::default(), BTreeMap::new());
    for (index, part) in parts.iter().enumerate() {
        progress(parts.len(), index);
        let rest = if again { vec![*part] } else { gaps::without(*part, &had) };
        filled.before += usize::from(rest.is_empty());
        for period in rest {
            // What may still be revised is not had for good.
            let settled = period.end.min(now - source.overlap_s);
            let had = Some(Had { period: Interval { end: settled, ..period }, asked: now });
            let pass = Pass { source, period, had, conditional: false, in_place_of: &own, options };
            let kept = asking.pass(pass).await;
            let kept = kept.map_err(|lost| match lost {
                Lost::Source(failure) => anyhow::Error::from(failure.problem(&source.url)),
                Lost::Store(error) => error,
            })?;
            record.map_or(Ok(()), |record| record(period, &kept.received))?;
            filled.notes.extend(kept.note);
            filled.outcomes.push(kept.outcome);
        }
    }
    progress(parts.len(), parts.len());
    Ok(filled)
}

/// The parts of a period, cut at the same instants whenever it is asked for.
fn parts(source: &FeedSource, period: Interval, now: Instant) -> Result<Vec<Interval>, Fault> {
    let about = source.feed.about();
    let horizon_s = about.horizon_s();
    let end = period.end.min(now + horizon_s + about.limits.span_s.min(86_400));
    if period.start >= now + horizon_s || end <= period.start {
        let hint = match horizon_s {
            0 => "it has no forecasts: ask for a period that has ended".to_string(),
            _ => format!("its forecasts reach {} h from now", horizon_s / 3_600),
        };
        return Err(Fault::new(format!("the period lies farther ahead than {} reaches", about.title)).hint(hint));
    }
    let step_s = about.gives.iter().map(|gives| gives.resolution_s).filter(|step_s| *step_s > 0).min().unwrap_or(3_600);
    let intervals = (end - period.start) / step_s;
    if intervals > limits::INTERVALS as i64 {
        let what = format!("{intervals} intervals are more than one backfill takes, {}", limits::INTERVALS);
        return Err(Fault::new(what).hint("fetch shorter periods, one after another"));
    }
    let span_s = about.limits.span_s.clamp(step_s, LONGEST_PART_S.max(step_s));
    let (mut parts, mut start) = (Vec::new(), period.start);
    while start < end {
        let cut = start.floor(span_s) + span_s;
        parts.push(Interval { start, end: cut.min(end) });
        start = cut;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_at_the_same_instants_wherever_a_period_begins() {
        let gb = FeedSource::gb().expect("a source");
        let day = 86_400;
        let (now, year) = (Instant::from_seconds(20_000 * day), 365 * day);
        let whole = parts(&gb, Interval { start: now - year, end: now }, now).expect("parts");
        let later = parts(&gb, Interval { start: now - year / 2, end: now }, now).expect("parts");
        assert!(later[1..].iter().all(|part| whole.contains(part)), "{later:?}");
        assert!(whole.windows(2).all(|two| two[0].end == two[1].start));
        assert_eq!((whole[0].start, whole.last().map(|part| part.end)), (now - year, Some(now)));
        let ahead = Interval { start: now + 3 * day, end: now + 4 * day };
        let refused = parts(&gb, ahead, now).expect_err("too far").to_string();
        assert!(refused.contains("farther ahead than GB Carbon Intensity reaches"), "{refused}");
        let long = Interval { start: Instant::FIRST, end: Instant::FIRST + 300_001 * 1_800 };
        let refused = parts(&gb, long, now).expect_err("too long").to_string();
        assert!(refused.contains("300001 intervals are more than one backfill takes, 300000"), "{refused}");
    }
}
