//! Settles a period: matches it, posts every non-zero figure to the ledger, and keeps versions.
//!
//! The same inputs settle to the version there is. Other inputs than those of a published pack make a restatement: only
//! intervals the correction reaches are matched again, their rows are reversed and posted anew. Asked for by record
//! time, only what was settled by then is seen, and nothing is posted: the ledger's head is what is known now.

use super::acts::shown;
use super::assemble::{self, Known};
use super::ledger::{self, Numbers};
use super::overlaps;
use super::since::{Since, rules};
use crate::error::{Fault, Faults};
use crate::portfolio::Portfolio;
use crate::store::certificates::NOT_STATED;
use crate::store::portfolios::{self, Recorded};
use crate::store::settlements::{self, Names, Settlement};
use crate::store::{Store, Write};
use reports::books::Books;
use reports::evidence::format::Format;
use reports::evidence::sound;
use reports::inputs::{Inputs, Previous, Restatement};
use reports::matching::{self, Matched, Reach, Rerun};
use reports::report::{self, Computed};
use reports::series::assemble as series;
use reports::text::visible;
use reports::time::{Grid, Instant, Interval, RecordTime};
use std::ops::Range;

/// Rows of one insert.
const BATCH: usize = 100_000;
/// Intervals of the ledger read at once.
const STRETCH: usize = 48;

/// Who settles and why; both are asked for by auditors, neither is required.
#[derive(Debug, Clone, Default)]
pub struct Why {
    pub actor: Option<String>,
    pub reason: Option<String>,
}

/// A period as it stands, and how it came to.
#[derive(Debug)]
pub struct Settled {
    pub computed: Computed,
    pub settlement: Settlement,
    pub outcome: Outcome,
    /// Intervals matched again, and rows posted; zero where no allocation had changed.
    pub intervals: usize,
    pub rows: usize,
}

/// What a settlement did to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// These inputs equal a version there is.
    Standing,
    /// They made a version of their own.
    Posted,
    /// They are those of an earlier record time and equal no version of then: figures only, the ledger stays as it is.
    FiguresOnly,
}

/// Inputs of a report with the version they are: that of the settlement they equal, or the next one. By record time,
/// among the settlements recorded by that second, itself included: what is packed later changes no report as of then.
async fn versioned(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of: Option<Instant>,
    why: &Why,
) -> anyhow::Result<(Inputs, Version)> {
    let known = Known::at(store, as_of).await?;
    let mut inputs = assemble::inputs(store, portfolio, period, as_of, known).await?;
    let digest = inputs.digest()?;
    let mut history = settlements::of_period(store, period).await?;
    if let Some(as_of) = as_of {
        history.retain(|s| s.recorded <= RecordTime::from(as_of));
    }
    let same = history.iter().rposition(|s| s.inputs_sha256 == digest && s.root.is_some());
    // Once data are withdrawn, inputs may be those of an earlier version again: the one after it stays published.
    let same = same.filter(|place| {
        let own = (&history[*place].portfolio_sha256, &history[*place].ruleset);
        !history[*place + 1..].iter().any(|s| s.root.is_some() && (&s.portfolio_sha256, &s.ruleset) == own)
    });
    let earlier = match same {
        Some(place) => history[..place].last(),
        None => history.iter().rev().find(|s| s.root.is_some()),
    };
    let stated = same.map(|place| &history[place]);
    if let Some(before) = earlier
        && let Some(root) = &before.root
        && let Some(files) = settlements::published(store, before.id).await?
    {
        let since = Since::find(store, &inputs, before, known).await?;
        let reason = shown(stated.and_then(|s| s.reason.as_ref()).or(why.reason.as_ref()));
        let actor = shown(stated.and_then(|s| s.actor.as_ref()).or(why.actor.as_ref()));
        inputs.restatement = Some(Restatement {
            version: u32::try_from(before.version + 1).unwrap_or(u32::MAX),
            replaces: root.clone(),
            // Names of files are whatever somebody called them.
            reason: reason.unwrap_or_else(|| visible(&since.reason).into_owned()),
            actor: actor.or(since.actor).unwrap_or_else(|| NOT_STATED.into()),
            previous: Previous { manifest: files.manifest, intervals: files.intervals, results: files.results },
        });
    }
    inputs.overlaps = overlaps::find(store, period, stated, as_of).await?;
    let version = Version { known, digest, settled: stated.cloned(), before: earlier.cloned() };
    Ok((inputs, version))
}

/// Where a set of inputs stands among the settlements of its period.
#[derive(Debug, Clone)]
pub struct Version {
    known: Known,
    digest: String,
    /// The published settlement with these very inputs.
    settled: Option<Settlement>,
    /// The published one before.
    before: Option<Settlement>,
}

/// The report of a period; nothing is stored.
pub async fn report(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of: Option<Instant>,
) -> anyhow::Result<Computed> {
    let (inputs, _) = versioned(store, portfolio, period, as_of, &Why::default()).await?;
    // A year of many sites is seconds of arithmetic: off the threads that answer others.
    tokio::task::spawn_blocking(move || report::compute(&inputs)).await?.map_err(assemble::explain)
}

/// A period that is matched and not stored yet.
#[derive(Debug)]
pub struct Prepared {
    pub inputs: Inputs,
    pub computed: Computed,
    /// Its id is that of the store once it is posted.
    pub settlement: Settlement,
    pub outcome: Outcome,
    /// The published settlement before.
    before: Option<Settlement>,
    names: Names,
    /// Intervals that are matched again.
    again: Vec<bool>,
}

/// Matches a period; nothing is stored. With a record time asked for, figures are made and none will be posted.
///
/// # Errors
/// What the verifier would refuse, and what figures cannot be made of.
pub async fn prepare(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of: Option<Instant>,
    why: &Why,
    record_time: RecordTime,
) -> anyhow::Result<Prepared> {
    let (inputs, version) = versioned(store, portfolio, period, as_of, why).await?;
    verifiable(&inputs)?;
    // What was known then is older than what stands: as the ledger's head it would reverse corrections.
    let outcome = match (&version.settled, as_of) {
        (Some(_), _) => Outcome::Standing,
        (None, Some(_)) => Outcome::FiguresOnly,
        (None, None) => Outcome::Posted,
    };
    let settlement = match &version.settled {
        Some(settled) => settled.clone(),
        None => next(&inputs, &version, why, record_time)?,
    };
    let before = version.before.clone();
    if outcome != Outcome::Posted {
        let computed = report::compute(&inputs).map_err(assemble::explain)?;
        let (names, again) = (Names::new(), Vec::new());
        return Ok(Prepared { inputs, computed, settlement, outcome, before, names, again });
    }
    let books = series::books(&inputs).map_err(|e| assemble::explain(e.into()))?;
    let earlier = match &before {
        Some(before) => settlements::names(store, before.id).await?,
        None => Names::new(),
    };
    let (matched, again) = match reach(store, portfolio, &inputs, &version, &books).await? {
        Some(reach) => rematch(store, &books, &reach, &earlier).await?,
        None => in_full(&books)?,
    };
    let names = ledger::number(&books, &earlier);
    let computed = report::compute_from(&inputs, books, matched).map_err(assemble::explain)?;
    Ok(Prepared { inputs, computed, settlement, outcome, before, names, again })
}

impl Prepared {
    /// Posts every non-zero figure, in a transaction that the caller commits.
    ///
    /// # Errors
    /// Where another settlement of the period was published meanwhile.
    pub async fn post(mut self, write: &mut Write) -> anyhow::Result<Settled> {
        let (mut intervals, mut rows) = (0, 0);
        if self.outcome == Outcome::Posted {
            still_last(write, self.inputs.period, self.before.as_ref()).await?;
            self.settlement.id = settlements::add(write, &self.settlement).await?;
            settlements::add_names(write, self.settlement.id, &self.names).await?;
            intervals = self.again.iter().filter(|again| **again).count();
            rows = self.post_rows(write).await?;
        }
        let Self { computed, settlement, outcome, .. } = self;
        Ok(Settled { computed, settlement, outcome, intervals, rows })
    }

    /// How many there are.
    async fn post_rows(&self, write: &mut Write) -> anyhow::Result<usize> {
        let (settlement, Computed { books, matched, .. }) = (&self.settlement, &self.computed);
        let numbers = Numbers::new(books, &self.names);
        // Nobody holds all rows.
        let (mut rows, mut posted) = (Vec::new(), 0);
        for stretch in stretches(books.grid) {
            let reverses = settlement.replaces.is_some() && self.again[stretch.clone()].contains(&true);
            let before = match reverses {
                true => settlements::balance_in(write, books.grid.period(), span(books.grid, &stretch)).await?,
                false => Vec::new(),
            };
            for t in stretch.filter(|t| self.again[*t]) {
                numbers.post(books, matched, t, ledger::of_interval(&before, books.grid.start(t)), &mut rows);
                if rows.len() >= BATCH {
                    settlements::post(write, settlement.id, &rows).await?;
                    posted += rows.len();
                    rows.clear();
                }
            }
        }
        settlements::post(write, settlement.id, &rows).await?;
        Ok(posted + rows.len())
    }
}

/// Commits every non-zero figure of a period that was matched, with the portfolio's text where that is to be kept.
pub async fn settle(store: &Store, prepared: Prepared, text: Option<&Recorded>) -> anyhow::Result<Settled> {
    let mut write = store.write().await?;
    let settled = prepared.post(&mut write).await?;
    if let Some(text) = text {
        portfolios::add(&mut write, text).await?;
    }
    write.commit().await?;
    Ok(settled)
}

/// What the verifier would refuse is not settled.
fn verifiable(inputs: &Inputs) -> Result<(), Faults> {
    let hint = "correct it: a pack that its own verifier refuses is not evidence";
    let findings = sound::findings(inputs, Format::NEWEST);
    Faults::refuse(findings.iter().map(|finding| Fault::new(finding.to_string()).hint(hint)))
}

fn next(inputs: &Inputs, version: &Version, why: &Why, record_time: RecordTime) -> anyhow::Result<Settlement> {
    let restatement = inputs.restatement.as_ref();
    Ok(Settlement {
        id: 0,
        start: inputs.period.start,
        end: inputs.period.end,
        version: restatement.map_or(1, |r| i64::from(r.version)),
        ruleset: rules(inputs),
        portfolio_sha256: inputs.definitions.sha256()?,
        revision: version.known.revision,
        certificates: version.known.certificates,
        root: None,
        replaces: restatement.map(|r| r.replaces.clone()),
        reason: restatement.map(|r| r.reason.clone()).or_else(|| why.reason.clone()),
        actor: restatement.map(|r| r.actor.clone()).or_else(|| why.actor.clone()).or(Some(NOT_STATED.into())),
        recorded: record_time,
        inputs_sha256: version.digest.clone(),
    })
}

/// The grid in parts whose rows are held at once.
fn stretches(grid: Grid) -> impl Iterator<Item = Range<usize>> {
    (0..grid.len).step_by(STRETCH).map(move |first| first..(first + STRETCH).min(grid.len))
}

fn span(grid: Grid, stretch: &Range<usize>) -> Interval {
    Interval { start: grid.start(stretch.start), end: grid.start(stretch.end) }
}

/// Nobody published this period while it was being matched: what is reversed is what was read.
async fn still_last(write: &mut Write, period: Interval, before: Option<&Settlement>) -> anyhow::Result<()> {
    if settlements::last_published(write, period).await? == before.map(|s| s.id) {
        return Ok(());
    }
    let what = "another settlement of this period was published meanwhile";
    Err(Fault::conflict(what).hint("settle it again").into())
}

/// What the inputs reach that the settlement before did not know; none where everything is to be matched. Inputs and
/// books of then are gone once they are compared.
async fn reach(
    store: &Store,
    portfolio: &Portfolio,
    inputs: &Inputs,
    version: &Version,
    books: &Books,
) -> anyhow::Result<Option<Reach>> {
    let definitions = inputs.definitions.sha256()?;
    let is_alike = |before: &&Settlement| before.portfolio_sha256 == definitions && before.ruleset == rules(inputs);
    let comparable = version.before.as_ref().filter(is_alike);
    let Some(before) = comparable else { return Ok(None) };
    let known = Known { revision: before.revision, certificates: before.certificates };
    let old = assemble::inputs(store, portfolio, inputs.period, None, known).await?;
    let old_books = series::books(&old).map_err(|e| assemble::explain(e.into()))?;
    Ok(Reach::between(&old_books, books))
}

fn in_full(books: &Books) -> anyhow::Result<(Matched, Vec<bool>)> {
    let matched = matching::run(books).map_err(|e| assemble::explain(e.into()))?;
    Ok((matched, vec![true; books.grid.len]))
}

/// Matches where the correction reaches and takes the rest from the store; all of it where that does not hold up.
async fn rematch(store: &Store, books: &Books, reach: &Reach, names: &Names) -> anyhow::Result<(Matched, Vec<bool>)> {
    let numbers = Numbers::new(books, names);
    let mut rerun = Rerun::new(books, reach).map_err(|e| assemble::explain(e.into()))?;
    for stretch in stretches(books.grid) {
        let rows = settlements::balance(store, books.grid.period(), span(books.grid, &stretch)).await?;
        for t in stretch {
            let standing = numbers.standing(ledger::of_interval(&rows, books.grid.start(t)));
            if !standing.is_some_and(|standing| rerun.interval(t, &standing)) {
                drop(rerun);
                return in_full(books);
            }
        }
    }
    match rerun.finish() {
        Ok(matched) => Ok((matched, (0..books.grid.len).map(|t| reach.again(t)).collect())),
        Err(_) => in_full(books),
    }
}
