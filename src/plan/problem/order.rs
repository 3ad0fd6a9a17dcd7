//! Which work waits for which. What waits for something that this plan does not complete is taken out whole, and what waits
//! for something that is not there is missed.

use super::stated::Stated;
use crate::plan::common::{Index, ItemIndex, JobIndex, RunIndex, Snapshot, Standing, WorkId, WorkIndex, codes};
use solver::{After, Piece};
use std::collections::{BTreeMap, BTreeSet};

/// Which waits for which; what waits for something unknown, or that this plan cannot complete, is not planned yet.
pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated) {
    let waits = |item: &ItemIndex| !snapshot.work[*item].work.after.is_empty();
    let waiting: Vec<ItemIndex> = ItemIndex::all(&snapshot.work).filter(waits).collect();
    if waiting.is_empty() {
        return;
    }
    let mut named: BTreeMap<&WorkId, Vec<ItemIndex>> = BTreeMap::new();
    for (index, item) in ItemIndex::each(&snapshot.work) {
        named.entry(&item.work.id).or_default().push(index);
    }
    let mut planned: BTreeSet<ItemIndex> = pieces(stated).into_iter().map(|(index, _)| index).collect();
    let mut out = Vec::new();
    for index in in_cycles(snapshot, &waiting).into_iter().filter(|i| planned.contains(i)).collect::<Vec<_>>() {
        let item = &snapshot.work[index];
        let first = item.work.after.first().map_or("", WorkId::as_str);
        let message =
            format!("{} waits for {first}, which waits for it: no work in such a cycle can start", item.work.id);
        stated.say_piece(codes::CIRCLE, item, message);
        planned.remove(&index);
        out.push(index);
    }
    // What is taken out may be what others wait for.
    loop {
        let blocked = waiting.iter().filter(|i| planned.contains(i));
        let blocked: Vec<(ItemIndex, &WorkId)> =
            blocked.filter_map(|i| blocked_by(snapshot, &named, &planned, *i).map(|id| (*i, id))).collect();
        if blocked.is_empty() {
            break;
        }
        for (index, id) in blocked {
            let item = &snapshot.work[index];
            let own = &item.work.id;
            let left_mwh = item.left_mwh();
            if named.contains_key(id) || snapshot.lost(id) {
                let message = format!("{own} waits for {id}, which this plan does not complete");
                stated.say_piece(codes::WAITS, item, message);
            } else if snapshot.cancelled.contains(id) {
                let message = format!(
                    "{own} waits for {id}, which was cancelled: submit that again, or {own} without waiting for it"
                );
                stated.miss(item, left_mwh, codes::AFTER_CANCELLED, message);
            } else {
                let message = format!(
                    "{own} waits for {id}, and there is no such work: submit that, or {own} without waiting for it"
                );
                stated.miss(item, left_mwh, codes::NO_AFTER, message);
            }
            planned.remove(&index);
            out.push(index);
        }
    }
    out.into_iter().for_each(|index| take_out(stated, index));
    let pieces: BTreeMap<ItemIndex, Piece> = pieces(stated).into_iter().rev().collect();
    for index in waiting {
        let Some(&then) = pieces.get(&index) else { continue };
        for id in &snapshot.work[index].work.after {
            let firsts = named.get(id).into_iter().flatten().filter_map(|first| pieces.get(first));
            stated.problem.after.extend(firsts.map(|&first| After { first, then }));
        }
    }
}

/// Items that are planned, and as what.
fn pieces(stated: &Stated) -> Vec<(ItemIndex, Piece)> {
    let work = WorkIndex::each(&stated.work).map(|(w, item)| (*item, Piece::Work(w)));
    let jobs = JobIndex::each(&stated.jobs).flat_map(|(j, members)| members.iter().map(move |m| (m.0, Piece::Job(j))));
    let runs = RunIndex::each(&stated.runs).map(|(r, item)| (*item, Piece::Run(r)));
    work.chain(jobs).chain(runs).collect()
}

/// Pieces that wait, by way of others, for themselves.
fn in_cycles(snapshot: &Snapshot, waiting: &[ItemIndex]) -> Vec<ItemIndex> {
    let mut left = waiting.to_vec();
    loop {
        // One waits in a cycle only for what waits itself.
        let ids: BTreeSet<&WorkId> = left.iter().map(|i| &snapshot.work[*i].work.id).collect();
        let kept: Vec<ItemIndex> =
            left.iter().copied().filter(|i| snapshot.work[*i].work.after.iter().any(|id| ids.contains(id))).collect();
        if kept.len() == left.len() {
            return kept;
        }
        left = kept;
    }
}

/// What a piece that is planned waits for and cannot get.
fn blocked_by<'a>(
    snapshot: &'a Snapshot,
    named: &BTreeMap<&WorkId, Vec<ItemIndex>>,
    planned: &BTreeSet<ItemIndex>,
    index: ItemIndex,
) -> Option<&'a WorkId> {
    // What runs waits for nothing any more.
    if !matches!(snapshot.work[index].standing, Standing::Waiting) {
        return None;
    }
    snapshot.work[index].work.after.iter().find(|id| {
        let all = named.get(*id).into_iter().flatten();
        let mut open = all.filter(|i| snapshot.work[**i].done < 1.0 - 1e-9).peekable();
        if open.peek().is_none() {
            // It is done, or was never there.
            return !snapshot.finished.contains(*id);
        }
        open.any(|first| !planned.contains(first))
    })
}

fn take_out(stated: &mut Stated, index: ItemIndex) {
    match pieces(stated).into_iter().find(|piece| piece.0 == index).map(|piece| piece.1) {
        Some(Piece::Work(w)) => {
            stated.problem.work.remove(w.get());
            stated.work.remove(w.get());
        }
        // What waits stands alone, so all of the job is its own.
        Some(Piece::Job(j)) => {
            stated.problem.jobs.remove(j.get());
            stated.jobs.remove(j.get());
        }
        Some(Piece::Run(r)) => {
            stated.problem.runs.remove(r.get());
            stated.runs.remove(r.get());
            stated.shapes.remove(r.get());
        }
        None => {}
    }
}
