//! Which work waits for which. What waits for something that this plan does not complete is taken out whole, and what waits
//! for something that is not there is missed.

use super::stated::Stated;
use crate::plan::codes;
use crate::plan::snapshot::Snapshot;
use crate::work::standing::Standing;
use ids::WorkId;
use solver::{After, Piece};
use std::collections::{BTreeMap, BTreeSet};

/// Which waits for which; what waits for something unknown, or that this plan cannot complete, is not planned yet.
pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated) {
    let waiting: Vec<usize> = (0..snapshot.work.len()).filter(|i| !snapshot.work[*i].work.after.is_empty()).collect();
    if waiting.is_empty() {
        return;
    }
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, item) in snapshot.work.iter().enumerate() {
        named.entry(&item.work.id).or_default().push(index);
    }
    let mut planned: BTreeSet<usize> = pieces(stated).into_iter().map(|(index, _)| index).collect();
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
        let blocked: Vec<(usize, &WorkId)> =
            blocked.filter_map(|i| blocked_by(snapshot, &named, &planned, *i).map(|id| (*i, id))).collect();
        if blocked.is_empty() {
            break;
        }
        for (index, id) in blocked {
            let item = &snapshot.work[index];
            let own = &item.work.id;
            let left_mwh = item.left_mwh();
            if named.contains_key(id.as_str()) || snapshot.lost(id) {
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
    let pieces: BTreeMap<usize, Piece> = pieces(stated).into_iter().rev().collect();
    for index in waiting {
        let Some(&then) = pieces.get(&index) else { continue };
        for id in &snapshot.work[index].work.after {
            let firsts = named.get(id.as_str()).into_iter().flatten().filter_map(|first| pieces.get(first));
            stated.problem.after.extend(firsts.map(|&first| After { first, then }));
        }
    }
}

/// Items that are planned, and as what.
fn pieces(stated: &Stated) -> Vec<(usize, Piece)> {
    let work = stated.work.iter().enumerate().map(|(w, index)| (*index, Piece::Work(w)));
    let jobs =
        stated.jobs.iter().enumerate().flat_map(|(j, members)| members.iter().map(move |m| (m.0, Piece::Job(j))));
    let runs = stated.runs.iter().enumerate().map(|(r, index)| (*index, Piece::Run(r)));
    work.chain(jobs).chain(runs).collect()
}

/// Pieces that wait, by way of others, for themselves.
fn in_cycles(snapshot: &Snapshot, waiting: &[usize]) -> Vec<usize> {
    let mut left: Vec<usize> = waiting.to_vec();
    loop {
        // One waits in a cycle only for what waits itself.
        let ids: BTreeSet<&WorkId> = left.iter().map(|i| &snapshot.work[*i].work.id).collect();
        let kept: Vec<usize> =
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
    named: &BTreeMap<&str, Vec<usize>>,
    planned: &BTreeSet<usize>,
    index: usize,
) -> Option<&'a WorkId> {
    // What runs waits for nothing any more.
    if !matches!(snapshot.work[index].standing, Standing::Waiting) {
        return None;
    }
    snapshot.work[index].work.after.iter().find(|id| {
        let all = named.get(id.as_str()).into_iter().flatten();
        let mut open = all.filter(|i| snapshot.work[**i].done < 1.0 - 1e-9).peekable();
        if open.peek().is_none() {
            // It is done, or was never there.
            return !snapshot.finished.contains(*id);
        }
        open.any(|first| !planned.contains(first))
    })
}

fn take_out(stated: &mut Stated, index: usize) {
    match pieces(stated).into_iter().find(|piece| piece.0 == index).map(|piece| piece.1) {
        Some(Piece::Work(w)) => {
            stated.problem.work.remove(w);
            stated.work.remove(w);
        }
        // What waits stands alone, so all of the job is its own.
        Some(Piece::Job(j)) => {
            stated.problem.jobs.remove(j);
            stated.jobs.remove(j);
        }
        Some(Piece::Run(r)) => {
            stated.problem.runs.remove(r);
            stated.runs.remove(r);
            stated.shapes.remove(r);
        }
        None => {}
    }
}
