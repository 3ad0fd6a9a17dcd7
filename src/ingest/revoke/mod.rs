//! Withdraws a revision, or a part of it, by a revision of its own: from then on, the store holds what it would hold
//! without those rows. Withdrawing the withdrawal puts them back.

mod standing;

use crate::error::{Fault, Kind};
use crate::store::Write;
use crate::store::revisions::Stated;
use crate::store::taken::{self, Extent, Part, hull};
use crate::store::withdrawals::{self, Target};
use crate::store::withdrawn::{self, Marking, Which};
use reports::text::did_you_mean;
use reports::time::{Instant, Interval, RecordTime};
use serde::Serialize;
use standing::Partly;

/// What is to be taken back.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub revision: i64,
    /// Of these series alone; of all where none is named.
    pub series: &'a [String],
    /// Rows that lie within it.
    pub span: Option<Interval>,
    pub actor: Option<&'a str>,
    pub reason: &'a str,
    pub record_time: RecordTime,
}

/// What was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Revoked {
    /// Of the withdrawal.
    pub revision: i64,
    pub withdraws: i64,
    /// Whether it is a withdrawal that was taken back: its rows are there again.
    pub undoes: bool,
    pub file: String,
    pub readings: usize,
    pub forecasts: usize,
    pub invoices: u64,
    /// Earlier readings and invoices that hold again.
    pub restored: u64,
    pub series: Vec<OfSeries>,
}

/// The same of one series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfSeries {
    pub series: String,
    pub readings: usize,
    pub forecasts: usize,
    pub restored: usize,
    pub from: Instant,
    pub to: Instant,
}

/// Takes it back, in a transaction that the caller commits.
///
/// # Errors
/// Where there is no such revision, nothing of it is left to take back, or an earlier row would hold again in part.
pub async fn run(write: &mut Write, request: &Request<'_>) -> anyhow::Result<Revoked> {
    let target = find(write, request.revision).await?;
    let (which, came) = match target.withdraws {
        None => (Which::Of(target.id), target.id),
        Some(came) => (Which::By(target.id), came_in(write, &target, came).await?),
    };
    let parts = chosen(taken::parts_in(write, came).await?, &target, request)?;
    let stated = Stated { actor: request.actor, reason: Some(request.reason) };
    let revision = withdrawals::add(write, request.record_time, &target, stated).await?;
    let mut done = Revoked {
        revision,
        withdraws: target.id,
        undoes: target.withdraws.is_some(),
        file: target.file_name.clone(),
        ..Revoked::default()
    };
    for part in &parts {
        let whole = Interval { start: part.start, end: part.end };
        let within = request.span.unwrap_or(whole);
        let span = Interval { start: whole.start.max(within.start), end: whole.end.min(within.end) };
        let marking = Marking { series_id: part.series_id, which, span, withdrawal: revision };
        let Some((extent, restored)) = of_series(write, part, marking).await? else { continue };
        taken::add(write, revision, [(part.series_id, extent)]).await?;
        done.readings += extent.readings;
        done.forecasts += extent.forecasts;
        done.restored += restored as u64;
        done.series.push(OfSeries {
            series: part.series.clone(),
            readings: extent.readings,
            forecasts: extent.forecasts,
            restored,
            from: extent.span.start,
            to: extent.span.end,
        });
    }
    if request.series.is_empty() {
        let whole = Interval { start: Instant::from_seconds(i64::MIN), end: Instant::from_seconds(i64::MAX) };
        let span = request.span.unwrap_or(whole);
        let (invoices, restored) = withdrawn::invoices(write, which, span, revision).await?;
        done.invoices = invoices;
        done.restored += restored;
    }
    if done.series.is_empty() && done.invoices == 0 {
        return Err(nothing_left(write, &target, &parts, request, revision).await?.into());
    }
    Ok(done)
}

/// The revision of an id, or the one next to it for a hint.
async fn find(write: &mut Write, id: i64) -> anyhow::Result<Target> {
    if let Some(target) = withdrawals::target(write, id).await? {
        return Ok(target);
    }
    let problem = Fault::no_such(format!("revision {id}"));
    Err(match withdrawals::nearest(write, id).await? {
        Some(near) => problem
            .hint(format!("the nearest is {}, {}; `hourmatch revisions` lists them all", near.id, near.file_name)),
        None => problem.hint("nothing has been ingested yet"),
    }
    .into())
}

/// The revision whose rows a withdrawal took: of one that undoes another there are none.
async fn came_in(write: &mut Write, target: &Target, came: i64) -> anyhow::Result<i64> {
    match withdrawals::target(write, came).await?.and_then(|of| of.withdraws) {
        None => Ok(came),
        Some(file) => {
            Err(Fault::conflict(format!("revision {} restored what revision {came} had withdrawn", target.id))
                .hint(format!("to withdraw it once more: hourmatch revoke {file}"))
                .into())
        }
    }
}

/// The parts that are named, or all.
fn chosen(parts: Vec<Part>, target: &Target, request: &Request<'_>) -> Result<Vec<Part>, Fault> {
    if request.series.is_empty() {
        return Ok(parts);
    }
    let known: Vec<&str> = parts.iter().map(|part| part.series.as_str()).collect();
    if let Some(missing) = request.series.iter().find(|name| !known.contains(&name.as_str())) {
        let what = format!("revision {}, {}, has no rows of `{missing}`", target.id, target.file_name);
        let listed = || format!("`hourmatch revisions {}` lists its series", target.id);
        return Err(Fault::new(what).kind(Kind::NotFound).hint(did_you_mean(missing, &known, listed)));
    }
    Ok(parts.into_iter().filter(|part| request.series.contains(&part.series)).collect())
}

/// Of one series: how much was marked, and how many earlier readings hold again. None where nothing was marked.
async fn of_series(write: &mut Write, part: &Part, marking: Marking) -> anyhow::Result<Option<(Extent, usize)>> {
    if marking.span.start >= marking.span.end {
        return Ok(None);
    }
    let mut found = if part.readings > 0 { readings(write, part, marking).await? } else { None };
    if part.forecasts > 0
        && let Some((count, span)) = withdrawn::forecasts_of(write, marking).await?
    {
        withdrawn::forecasts(write, marking).await?;
        let more = Extent { readings: 0, forecasts: usize::try_from(count).unwrap_or(0), span };
        found = Some(found.map_or((more, 0), |(extent, restored)| (extent.and(more), restored)));
    }
    Ok(found)
}

/// The same of its readings alone: those that hold no more are ended.
async fn readings(write: &mut Write, part: &Part, marking: Marking) -> anyhow::Result<Option<(Extent, usize)>> {
    let Marking { series_id, withdrawal, .. } = marking;
    let touched = withdrawn::mark(write, marking).await?;
    let Some(span) = touched.iter().copied().reduce(hull) else { return Ok(None) };
    let mut held = withdrawn::held(write, series_id, span).await?;
    // What a row that reaches out of the span is covered by may lie outside it.
    let wide = held.iter().map(|row| row.point.interval()).fold(span, hull);
    if wide != span {
        held = withdrawn::held(write, series_id, wide).await?;
    }
    let change = standing::change(&held, &touched).map_err(|partly| in_part(&part.series, partly))?;
    for starts in change.end {
        withdrawn::end(write, series_id, starts, withdrawal).await?;
    }
    withdrawn::restore(write, series_id, &change.back, withdrawal).await?;
    Ok(Some((Extent { readings: touched.len(), forecasts: 0, span }, change.back.len())))
}

fn in_part(series: &str, Partly { earlier, later }: Partly) -> Fault {
    let what = format!(
        "{series}: {} of revision {} would hold again, but revision {} states {}, a part of it",
        earlier.interval(),
        earlier.revision,
        later.revision,
        later.interval()
    );
    Fault::conflict(what).hint(format!(
        "withdraw that first (hourmatch revoke {}), or choose --from and --to so that both lie within or outside",
        later.revision
    ))
}

/// Why nothing was found.
async fn nothing_left(
    write: &mut Write,
    target: &Target,
    parts: &[Part],
    request: &Request<'_>,
    withdrawal: i64,
) -> sqlx::Result<Fault> {
    let what = match target.withdraws {
        None => format!("nothing of revision {}, {}, is left to withdraw", target.id, target.file_name),
        Some(came) => format!("nothing that revision {} withdrew of revision {came} is left to put back", target.id),
    };
    let problem = Fault::conflict(what);
    let reach = parts.iter().map(|part| (part.start, part.end)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    if let (Some((from, to)), Some(_)) = (reach, request.span) {
        return Ok(problem.hint(format!("it reaches from {from} to {to}; rows count that lie within --from and --to")));
    }
    // The one being made counts too.
    let before = withdrawals::last_of(write, target.id, withdrawal).await?;
    Ok(match before {
        Some(before) => problem.hint(format!("revision {before} did it already: hourmatch revisions {}", target.id)),
        None => problem.hint(format!("hourmatch revisions {} shows what it holds", target.id)),
    })
}
