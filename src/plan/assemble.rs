//! Stored rows to a snapshot: what a planner at `now` may know.

use super::common::{Fault, Index, Phase, Portfolio, Reason, SiteIndex, StorageIndex, Target, WorkId};
use super::request::Request;
use super::snapshot::{Held, Previous, Snapshot};
use super::{codes, flexible, past, todate};
use crate::expected::arrivals::{self, Piece};
use crate::expected::{Span, World, blend};
use crate::store::{Store, reservations, work};
use crate::work::piece::Lost;
use crate::work::queue::Queue;
use crate::work::{Work, piece, terms};
use reports::time::{DAY_S, Grid, HOUR_S, Instant, Interval};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Loads what is visible at `request.now` and turns it into expected series.
pub async fn snapshot(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Snapshot> {
    let portfolio = Arc::new(portfolio.clone());
    let grid = horizon(&portfolio, request)?;
    let now = request.now;
    let mut world = World::load(store, &portfolio, Span::planned(grid.period(), now)).await?;
    let fortnight = blend::behind(grid);
    let history = past::load(store, fortnight, grid, now).await?;
    let past = &history.past;
    world.less_planned(fortnight, &past::drawn_mw(past, &portfolio, fortnight));
    let work_seq = work::last_seq(store).await?;
    let rows = work::open(store).await?;
    let past_of = |work: &WorkId, born_seq: i64| history.of_work(work, born_seq, &portfolio, grid);
    let queue = Queue::new(&rows, &portfolio, &past_of, grid);
    let view = world.view(grid, now)?;
    view.gaps.check()?;
    let mut snapshot = Snapshot::of_view(portfolio.clone(), world.rules().clone(), now, grid, view);
    let open = queue.items.iter().map(|item| (&item.work, item.span));
    snapshot.expected_work = expected_work(&portfolio, open, now, grid);
    snapshot.flexible = flexible::seen(&released(store, &queue, now).await?, &portfolio, now);
    snapshot.finished = queue.finished;
    snapshot.work = queue.items;
    snapshot.work_seq = work_seq;
    awaited(store, &mut snapshot).await?;
    snapshot.previous = history.newest(grid.start).map(|plan| Previous {
        plan: plan.head.id.clone(),
        placed: queue.previous,
        searched_gap: plan.content.searched_gap,
    });
    snapshot.reasons = queue.lost.iter().map(unreadable).chain(queue.garbled.iter().map(garbled)).collect();
    snapshot.stored = stored(&world, past, grid.start);
    let peak = |site: SiteIndex, since| todate::metered_peak(&world, site, since, grid.start);
    snapshot.billing = todate::billing(&portfolio, grid, &peak);
    let mut so_far = |target: &Target, since| todate::metered(&world, grid, target, since);
    snapshot.elsewhere = todate::elsewhere(&portfolio, grid, &mut so_far)?;
    snapshot.work_before_mw = todate::work_before(&snapshot, past);
    snapshot.price_by_hour = past.last().map_or_else(Vec::new, |plan| plan.content.price_by_hour.clone());
    snapshot.reasons.extend(history.reasons);
    snapshot.profile_gaps = world.profile_gaps();
    reserve(store, &mut snapshot).await?;
    Ok(snapshot)
}

/// What is open, and what is done and was released in the weeks that say what a day brings.
async fn released(store: &Store, queue: &Queue, now: Instant) -> anyhow::Result<Vec<(Work, Interval)>> {
    let mut released = queue.over.clone();
    // Units of an array that run stand beside those that wait.
    for item in &queue.items {
        if released.last().is_none_or(|(last, _)| last.id != item.work.id) {
            released.push((item.work.clone(), item.span));
        }
    }
    // Days are told as their owners wrote them, up to half a day off.
    let from = now - (flexible::DAYS + 4) * DAY_S;
    let day = format!("{:.10}", from.max(Instant::FIRST));
    let done = work::done_since(store, &day).await?;
    // What cannot be read says nothing of a day.
    released.extend(done.iter().filter_map(|content| piece::stated(content).ok()));
    Ok(released)
}

/// A row that cannot be read: the rest is planned.
fn unreadable(lost: &Lost) -> Reason {
    let Lost { id, what, remedy } = lost;
    tracing::warn!("{what}: it is not planned");
    let message = format!("{what}: it is not planned; {remedy}");
    Reason::new(codes::WORK_UNREADABLE, id.as_str(), 1.0, "pieces", message)
}

/// A piece whose last report cannot be read: it is planned by the rest of what is stored of it.
fn garbled(lost: &Lost) -> Reason {
    let Lost { id, what, remedy } = lost;
    tracing::warn!("{what}");
    let message = format!("{what}: it is planned by the rest of what is stored of it; {remedy}");
    Reason::new(codes::REPORT_UNREADABLE, id.as_str(), 1.0, "pieces", message)
}

/// What has become of work that is waited for and not open any more.
async fn awaited(store: &Store, snapshot: &mut Snapshot) -> anyhow::Result<()> {
    let open: BTreeSet<&WorkId> = snapshot.work.iter().map(|item| &item.work.id).collect();
    let after = snapshot.work.iter().flat_map(|item| &item.work.after).filter(|id| !open.contains(id));
    let after: Vec<WorkId> = after.collect::<BTreeSet<_>>().into_iter().cloned().collect();
    for (id, phase) in piece::phases(store, &after).await? {
        match phase {
            Phase::Done => snapshot.finished.insert(id),
            Phase::Cancelled => snapshot.cancelled.insert(id),
            _ => false,
        };
    }
    Ok(())
}

/// What each storage holds: as metered, of it clean what the plan in force had as clean; else as that plan had it.
fn stored(world: &World, past: &[past::Past], start: Instant) -> Vec<Held> {
    let definitions = &world.portfolio().definitions;
    let one = |(index, k): (StorageIndex, &reports::definitions::StorageDef)| {
        let planned = past.last().and_then(|p| p.stored(&k.id, start));
        match (world.stored_mwh(index, start), planned) {
            (Some(mwh), planned) => {
                let clean = planned.map_or(0.0, |(clean, all)| if all > 0.0 { mwh * clean / all } else { 0.0 });
                Held { clean_mwh: clean, other_mwh: mwh - clean, known: true }
            }
            (None, Some((clean, all))) => Held { clean_mwh: clean, other_mwh: all - clean, known: true },
            (None, None) => Held::default(),
        }
    };
    StorageIndex::each(&definitions.storage).map(one).collect()
}

/// Reservations are firm load.
async fn reserve(store: &Store, snapshot: &mut Snapshot) -> anyhow::Result<()> {
    // Counted before they are read: what comes in between is looked at again before the plan is stored.
    snapshot.reservation_seq = reservations::last_seq(store).await?;
    let seq = snapshot.reservation_seq;
    // One step earlier: ramps ask what ran before.
    let from = snapshot.grid.start - snapshot.grid.step_s;
    for r in reservations::ending_after(store, from).await?.iter().filter(|r| r.seen_at(seq)) {
        snapshot.reserve(r);
    }
    Ok(())
}

/// Steps of the longest plan.
pub const LONGEST: i64 = 24 * 366;

/// Start of the first step that a plan made now has: one that has begun cannot be planned whole.
pub fn first_step(now: Instant, step_s: i64) -> Instant {
    now.ceil(step_s)
}

fn horizon(portfolio: &Portfolio, request: &Request) -> Result<Grid, Fault> {
    let step_s = portfolio.resolution().seconds();
    let start = request.start.map_or(first_step(request.now, step_s), |at| at.floor(step_s));
    let len = request.horizon_s / step_s;
    if len < 1 {
        return Err(Fault::new("the horizon is shorter than one step").hint("--horizon 168h"));
    }
    if len > LONGEST {
        return Err(Fault::new("the horizon is longer than a year of hours").hint("--horizon 168h"));
    }
    let grid = Grid { start, step_s, len: len as usize };
    let end = grid.period().end;
    end.in_range(&end.to_string())
        .map_err(|error| Fault::new(format!("the plan would end then: {error}")).hint("start it earlier"))?;
    Ok(grid)
}

/// Weeks of releases that say what is still to come.
pub const SEEN_DAYS: i64 = 29;

/// Work that past releases make likely, where the policy wants it reckoned with.
pub fn expected_work<'a>(
    portfolio: &Portfolio,
    work: impl Iterator<Item = (&'a Work, Interval)>,
    now: Instant,
    grid: Grid,
) -> Vec<Piece> {
    if !portfolio.policy.expect_work {
        return Vec::new();
    }
    let recent = work.filter(|(_, span)| span.start >= now - SEEN_DAYS * DAY_S);
    let pieces: Vec<Piece> = recent.filter_map(|(work, span)| arrival(work, span, portfolio)).collect();
    arrivals::expected(&pieces, hour(now), hour(grid.period().end))
}

/// The hour since 1970 that it lies in.
fn hour(at: Instant) -> i64 {
    at.seconds().div_euclid(HOUR_S)
}

/// What a piece says about work to come; training does not come again and again.
fn arrival(work: &Work, span: Interval, portfolio: &Portfolio) -> Option<Piece> {
    let terms = terms::derive(work, portfolio);
    (!work.is_training() && !terms.sites.is_empty()).then(|| Piece {
        release_h: hour(span.start.ceil(HOUR_S)),
        deadline_h: hour(span.end),
        energy_mwh: terms.all_energy_mwh(),
        max_mw: terms.most_mw(),
        sites: terms.sites,
    })
}
