//! What earlier plans placed before now. Until state comes back, work is taken to have run as planned.
//!
//! Of each plan no more is read than of the time in which it was in force (`parts`), one plan after another; a plan that
//! cannot be read is set aside and said, and the one before it counts on.

use super::common::{Grid, Instant, Interval, Portfolio, Reason, SiteId, StorageId, Store, WorkId, codes};
use super::current::{self, by};
use super::parts::{Drawn, Held, Part, Save};
use crate::store::plans::{self, Head};
use crate::work::history::{self, Planned, Ruled, Stretch};
use std::collections::BTreeSet;

/// A plan and the time in which it was the newest that had begun.
#[derive(Debug)]
pub struct Past {
    pub(super) head: Head,
    ruled: Interval,
    pub(super) content: Part,
}

/// The plans that matter to a horizon.
#[derive(Debug, Default)]
pub struct History {
    /// Those in force before it, oldest first.
    pub past: Vec<Past>,
    /// The newest that reaches into it, where that is not the last of them.
    next: Option<Past>,
    pub reasons: Vec<Reason>,
}

impl History {
    /// The plan in force for a horizon from an instant on.
    pub fn newest(&self, start: Instant) -> Option<&Past> {
        self.next.as_ref().or(self.past.last()).filter(|plan| plan.head.end > start)
    }

    /// What plans had a piece of work do, and have for it on a grid to come; what its id named before is another's.
    pub fn of_work(&self, work: &WorkId, born_seq: i64, portfolio: &Portfolio, grid: Grid) -> history::History {
        let knows = |plan: &Past| plan.head.work_seq >= born_seq;
        let past = &self.past[self.past.partition_point(|plan| !knows(plan))..];
        let newest = self.newest(grid.start).filter(|plan| knows(plan));
        let prior = |plan: &Past| plan.prior(work, portfolio, grid);
        history::History {
            ruled: past.iter().map(|plan| plan.had_done(work)).collect(),
            prior: past.last().map_or_else(Vec::new, prior),
            newest: newest.map_or_else(Vec::new, prior),
        }
    }
}

/// Plans made by now that touch the history or reach into the horizon.
///
/// # Errors
/// A store that does not answer.
pub async fn load(store: &Store, history: Grid, horizon: Grid, now: Instant) -> anyhow::Result<History> {
    let mut heads = plans::heads(store, history.start, horizon.period().end).await?;
    heads.retain(|head| head.made <= by(now));
    let mut found = History::default();
    // Without a plan that cannot be read the one before it was in force for longer: then all is looked at again.
    loop {
        let aside = found.reasons.len();
        found.past.clear();
        for (head, ruled, last) in in_force(&heads, history) {
            let until = if last { Instant::LAST } else { ruled.end };
            match content(store, head, until).await? {
                Ok(content) => found.past.push(Past { head: head.clone(), ruled, content }),
                Err(why) => found.reasons.push(set_aside(head, &why)),
            }
        }
        let lost: BTreeSet<&str> = found.reasons.iter().map(|reason| reason.subject.as_str()).collect();
        heads.retain(|head| !lost.contains(head.id.as_str()));
        if found.reasons.len() == aside {
            break;
        }
    }
    while let Some(head) = heads.pop_if(|head| head.start >= history.period().end) {
        match content(store, &head, Instant::LAST).await? {
            Ok(content) => {
                let ruled = Interval { start: head.start, end: head.end };
                found.next = Some(Past { head, ruled, content });
                break;
            }
            Err(why) => found.reasons.push(set_aside(&head, &why)),
        }
    }
    Ok(found)
}

/// Plans that began in the history, oldest first, each with the time until a newer one began, and whether it is the last.
fn in_force(heads: &[Head], history: Grid) -> Vec<(&Head, Interval, bool)> {
    let mut list: Vec<(&Head, Interval, bool)> = Vec::new();
    for head in heads.iter().filter(|head| head.start < history.period().end) {
        while list.last().is_some_and(|last| last.1.start >= head.start) {
            list.pop();
        }
        if let Some(last) = list.last_mut() {
            last.1.end = last.1.end.min(head.start);
        }
        list.push((head, Interval { start: head.start, end: head.end }, false));
    }
    if let Some(last) = list.last_mut() {
        last.2 = true;
    }
    // One that was replaced before the history touches none of it.
    list.retain(|one| one.1.end > history.start);
    list
}

/// What begins in a plan before an instant, or why it cannot be read: its parts, or its document where it has none.
async fn content(store: &Store, head: &Head, until: Instant) -> anyhow::Result<Result<Part, String>> {
    let parts = plans::parts(store, &head.id, until).await?;
    if !parts.is_empty()
        && let Ok(part) = Part::together(&parts)
    {
        return Ok(Ok(part));
    }
    Ok(current::content(store, &head.id).await?.map(|plan| Part::new(&plan)))
}

fn set_aside(head: &Head, why: &str) -> Reason {
    let Head { id, made, .. } = head;
    tracing::warn!("the stored plan {id} of {made} cannot be read and is set aside: {why}");
    let message =
        format!("the stored plan {id} of {made} cannot be read and is set aside, as if it had not been made: {why}");
    Reason::new(codes::PLAN_SET_ASIDE, id, 1.0, "plans", message)
}

/// IT megawatts of planned work, `[site][step]` of the history.
pub fn drawn_mw(past: &[Past], portfolio: &Portfolio, history: Grid) -> Vec<Vec<f64>> {
    let mut drawn = vec![vec![0.0; history.len]; portfolio.sites.len()];
    for Past { content, ruled, .. } in past.iter().filter(|p| p.content.step_s == history.step_s) {
        for (id, rows) in &content.drawn {
            let Some(site) = portfolio.site(id) else { continue };
            for &Drawn(start, mw) in rows.iter().filter(|row| row.0 < ruled.end) {
                if let Some(step) = history.index_of(start) {
                    drawn[site][step] = mw;
                }
            }
        }
    }
    drawn
}

impl Past {
    fn stretches(&self, work: &WorkId) -> &[Stretch] {
        self.content.stretches.get(work).map_or(&[][..], Vec::as_slice)
    }

    /// What it had a piece of work do while it was in force.
    fn had_done(&self, work: &WorkId) -> Ruled {
        let within = |s: &&Stretch| s.start < self.ruled.end && s.end > self.ruled.start;
        let in_force = |at: &Instant| *at > self.ruled.start && *at <= self.ruled.end;
        let stretches = self.stretches(work).iter().filter(within).cloned().collect();
        let saves = self.checkpoints(work).filter(in_force).collect();
        Ruled { made: self.head.made, span: self.ruled, stretches, saves }
    }

    /// Instants at which it has a piece of work save.
    fn checkpoints(&self, work: &WorkId) -> impl Iterator<Item = Instant> {
        self.content.saves.get(work).into_iter().flatten().map(|Save(at)| *at)
    }

    /// What it has for a piece of work on a grid that lies in its future.
    fn prior(&self, work: &WorkId, portfolio: &Portfolio, grid: Grid) -> Vec<Planned> {
        if self.content.step_s != grid.step_s {
            return Vec::new();
        }
        let saves: BTreeSet<Instant> = self.checkpoints(work).collect();
        let before = self.stretches(work).iter().filter(|s| s.start < grid.start);
        let begun: BTreeSet<u32> = before.filter_map(|s| s.unit).collect();
        let mut planned = Vec::new();
        for s in self.stretches(work) {
            let Some(site) = portfolio.site(&s.site) else { continue };
            for step in grid.touched(s.span()) {
                let save = saves.contains(&grid.start(step + 1));
                let (unit, begun) = (s.unit.unwrap_or(0), s.unit.is_some_and(|unit| begun.contains(&unit)));
                planned.push(Planned { site, step, mw: s.mw, on: s.on, save, unit, begun });
            }
        }
        planned
    }

    /// Clean energy and all energy a storage was to hold at an instant, by this plan.
    pub fn stored(&self, storage: &StorageId, instant: Instant) -> Option<(f64, f64)> {
        let rows = self.content.held.get(storage)?;
        let Held(_, clean, other) = rows.iter().rfind(|row| row.0 + self.content.step_s == instant)?;
        Some((*clean, clean + other))
    }

    /// IT power of work it had at a site just before an instant.
    pub fn work_before_mw(&self, site: &SiteId, instant: Instant) -> Option<f64> {
        let rows = self.content.drawn.get(site)?;
        rows.iter().find(|row| row.0 + self.content.step_s == instant).map(|row| row.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::HOUR_S;

    fn head(id: &str, start_h: i64, end_h: i64) -> Head {
        let [start, end] = [start_h, end_h].map(|hour| Instant::from_seconds(hour * HOUR_S));
        Head { id: id.into(), made: start, start, end, work_seq: 0 }
    }

    #[test]
    fn a_plan_rules_until_a_newer_one_begins() {
        let history = Grid { start: Instant::FIRST, step_s: HOUR_S, len: 48 };
        let heads = [
            // Replaced before the history; by one that began earlier; in force for a while; for the horizon only.
            head("before", -200, 100),
            head("long", -10, 158),
            head("late", 30, 198),
            head("again", 20, 188),
            head("last", 40, 208),
            head("next", 48, 216),
        ];
        let hour = |at: Instant| at.seconds() / HOUR_S;
        let ruled: Vec<(&str, i64, i64, bool)> = in_force(&heads, history)
            .into_iter()
            .map(|(head, ruled, last)| (head.id.as_str(), hour(ruled.start), hour(ruled.end), last))
            .collect();
        assert_eq!(ruled, [("long", -10, 20, false), ("again", 20, 40, false), ("last", 40, 208, true)]);
    }
}
