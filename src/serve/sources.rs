//! How sources stand, for metrics and the page, which says of each how fresh it is, its gaps and failures, and when it is
//! asked next: read from the store once in a few seconds, however many ask.

use super::problem;
use crate::clock::Stopwatch;
use crate::feeds::status::{self, Status};
use crate::portfolio::Portfolio;
use crate::store::Store;
use askama::Template;
use reports::time::{Instant, Zone};
use reports::words::counted;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Seconds for which an answer holds: a month of readings is counted for it.
const HOLDS_S: f64 = 5.0;

/// The last answer, and since when it holds. Who asks meanwhile waits for the one that is being made.
#[derive(Debug, Default)]
pub struct Sources(Mutex<Option<(Stopwatch, Arc<Vec<Status>>)>>);

impl Sources {
    /// Every source that is followed or was asked, by name.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn stand(&self, store: &Store, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Arc<Vec<Status>>> {
        let mut last = self.0.lock().await;
        if let Some((_, list)) = last.as_ref().filter(|(since, _)| since.seconds() < HOLDS_S) {
            return Ok(list.clone());
        }
        let list = Arc::new(status::all(store, portfolio, now).await?);
        *last = Some((Stopwatch::start(), list.clone()));
        Ok(list)
    }

    /// The page's section: HTML, empty where no source is followed and none was ever asked.
    pub async fn section(&self, store: &Store, portfolio: &Portfolio, now: Instant) -> anyhow::Result<String> {
        let rows = match self.stand(store, portfolio, now).await {
            Ok(list) if list.is_empty() => return Ok(String::new()),
            Ok(list) => Ok(list.iter().map(|one| row(one, portfolio.zone)).collect()),
            Err(error) => Err(problem::one_line(error)),
        };
        Ok(Section { rows }.render()?)
    }
}

#[derive(Template)]
#[template(path = "sources.html")]
struct Section {
    rows: Result<Vec<Row>, String>,
}

struct Row {
    source: String,
    title: &'static str,
    stands: String,
    answered: String,
    next: String,
    gaps: String,
    trouble: String,
}

fn row(one: &Status, zone: Zone) -> Row {
    let label = |at: Option<Instant>, none: &str| at.map_or(none.to_string(), |at| zone.label(at));
    let (gaps, gap_s) = one.gaps();
    let failed = one
        .error
        .as_ref()
        .map(|error| format!("failed {}, breaker {}: {error}", counted(one.failures, "time", "times"), one.breaker));
    Row {
        source: one.source.clone(),
        title: one.title,
        stands: stands(one),
        answered: label(one.answered, "never"),
        next: label(one.next, ""),
        gaps: if gaps == 0 { "none".into() } else { format!("{}, {}", counted(gaps, "gap", "gaps"), long(gap_s)) },
        trouble: failed.into_iter().chain(one.note.clone()).collect::<Vec<String>>().join("; "),
    }
}

/// Where it stands, and who fills its series meanwhile.
fn stands(one: &Status) -> String {
    let others: BTreeSet<&str> =
        one.series.iter().filter_map(|series| series.from.as_deref()).filter(|from| *from != one.source).collect();
    let others = others.into_iter().collect::<Vec<&str>>().join(", ");
    let stale = || match one.stale_s {
        Some(stale_s) => format!("stale for {}", long(stale_s)),
        None => "has not answered yet".to_string(),
    };
    match (one.followed, one.stands_by, one.fresh) {
        (false, ..) => "not followed".into(),
        (_, true, _) => format!("stands by for {others}"),
        (_, _, true) => "fresh".into(),
        _ if others.is_empty() => stale(),
        _ => format!("{}; {others} fills in", stale()),
    }
}

fn long(seconds: i64) -> String {
    match seconds {
        ..3_600 => format!("{} min", seconds / 60),
        _ => format!("{:.1} h", seconds as f64 / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::status::Filled;

    fn status(fresh: bool, stands_by: bool, stale_s: Option<i64>, from: &str) -> Status {
        let series = Filled {
            series: "grid/A/price".into(),
            from: Some(from.into()),
            until: None,
            forecast_until: None,
            gaps: 2,
            gap_s: 5_400,
        };
        Status {
            source: "first".into(),
            kind: "gb",
            title: "GB Carbon Intensity",
            licence: "",
            followed: true,
            rank: 0,
            fresh,
            stands_by,
            stale_s,
            every_s: 1_800,
            tried: None,
            answered: None,
            next: Some(Instant::FIRST),
            failures: 2,
            breaker: "closed",
            error: Some("answered 500".into()),
            note: None,
            series: vec![series],
        }
    }

    #[test]
    fn where_a_source_stands_is_said_with_who_fills_in() {
        for (one, wanted) in [
            (status(true, false, Some(0), "first"), "fresh"),
            (status(false, false, Some(9_000), "first"), "stale for 2.5 h"),
            (status(false, false, Some(600), "second"), "stale for 10 min; second fills in"),
            (status(false, false, None, "second"), "has not answered yet; second fills in"),
            (status(false, true, Some(0), "second"), "stands by for second"),
            (Status { followed: false, ..status(false, false, None, "first") }, "not followed"),
        ] {
            assert_eq!(stands(&one), wanted);
        }
        let row = row(&status(true, false, Some(0), "first"), Zone::UTC);
        let said = (row.answered.as_str(), row.next.as_str(), row.gaps.as_str(), row.trouble.as_str());
        assert_eq!(
            said,
            ("never", "1970-01-01 00:00 +00:00", "2 gaps, 1.5 h", "failed 2 times, breaker closed: answered 500")
        );
    }
}
