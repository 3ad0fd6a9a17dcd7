//! What a report of a period reads from the store.

use crate::error::Problem;
use crate::portfolio::Portfolio;
use crate::store::readings::Cut;
use crate::store::{Store, readings, revisions};
use reports::inputs::Inputs;
use reports::report::Report;
use reports::ruleset::Ruleset;
use reports::series::{mix, needed};
use reports::time::{Grid, Interval, format_instant};

/// Thirty years of hours, almost three of five minutes.
const MOST_INTERVALS: usize = 300_000;

/// Canonical readings of a period, as recorded by `as_of_s` if given, with the rules and definitions.
pub async fn inputs(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of_s: Option<i64>,
) -> anyhow::Result<Inputs> {
    let grid = Grid::over(period, portfolio.resolution())
        .map_err(|e| Problem::new(e.to_string()).hint("give --from and --to on the portfolio's resolution"))?;
    if grid.len > MOST_INTERVALS {
        return Err(Problem::new(format!("{} intervals are more than one report holds, {MOST_INTERVALS}", grid.len))
            .hint("report a shorter period")
            .into());
    }
    let (ruleset, ruleset_text) = Ruleset::named(&portfolio.definitions.ruleset)?;
    let cut = match as_of_s {
        // Everything recorded up to and including that second.
        Some(s) => Cut { revision: revisions::last_at(store, s * 1_000_000).await?, known_s: i64::MAX },
        // Pinned, so that a file committed while this reads is all in or all out.
        None => Cut { revision: revisions::last_at(store, i64::MAX).await?, known_s: i64::MAX },
    };
    let spans = needed::for_report(&portfolio.definitions, period);
    Ok(Inputs {
        definitions: portfolio.definitions.clone(),
        ruleset,
        ruleset_text: ruleset_text.into(),
        factors: reports::factors::Factors::default(),
        period,
        fuels: mix::reported_fuels(&readings::grid_series(store, cut.revision).await?)
            .into_iter()
            .filter(|(boundary, _)| portfolio.boundary(boundary).is_some())
            .collect(),
        as_of: as_of_s.map(format_instant),
        series: readings::load(store, &spans, cut).await?,
        revisions: revisions::all(store).await?,
    })
}

/// The report of a period.
pub async fn report(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of_s: Option<i64>,
) -> anyhow::Result<Report> {
    let inputs = inputs(store, portfolio, period, as_of_s).await?;
    // A year of many sites is seconds of arithmetic: off the threads that answer others.
    tokio::task::spawn_blocking(move || reports::report::compute(&inputs)).await?.map_err(explain)
}

/// Report errors with what to do about them.
pub fn explain(error: reports::report::ReportError) -> anyhow::Error {
    Problem::new(error.to_string()).hint("`hourmatch check` lists which series hold readings and for when").into()
}
