//! Open work at the start of a horizon, piece by piece and unit by unit.

use super::gone::gone;
use super::history::{History, Planned};
use super::item::Item;
use super::piece::{Lost, Piece, Pieces, Reported};
use super::standing::Standing;
use super::{Grid, Interval, Portfolio, Work, WorkId, arrays, terms};
use crate::store::work::Rows;
use std::collections::BTreeSet;

/// Open work, what the plan in force has for each piece of it, and ids of what is done by now.
#[derive(Debug, Default)]
pub struct Queue {
    pub items: Vec<Item>,
    /// Parallel to the items.
    pub previous: Vec<Vec<Planned>>,
    pub finished: BTreeSet<WorkId>,
    /// Arrays that are not reported done and have no unit left to plan.
    pub over: Vec<(Work, Interval)>,
    /// Nobody knows what they hold, and the rest is planned.
    pub lost: Vec<Lost>,
    /// Planned as their rows say, without their last reports.
    pub garbled: Vec<Lost>,
}

impl Queue {
    /// `past` is what plans had a piece do, by its id and the change from which on it is this piece.
    pub fn new(rows: &Rows, portfolio: &Portfolio, past: &dyn Fn(&WorkId, i64) -> History, grid: Grid) -> Self {
        let Pieces { readable, lost, garbled } = Pieces::read(rows);
        let mut queue = Self { lost, garbled, ..Self::default() };
        for piece in readable.into_iter().filter(|piece| piece.state.open()) {
            let past = past(&piece.work.id, piece.born_seq);
            queue.add(piece, portfolio, past, grid);
        }
        let open: BTreeSet<&WorkId> = queue.items.iter().filter(|i| i.done < 1.0 - 1e-9).map(|i| &i.work.id).collect();
        let done = queue.items.iter().map(|i| &i.work.id).filter(|id| !open.contains(id));
        queue.finished.extend(done.cloned().collect::<Vec<_>>());
        queue
    }

    fn add(&mut self, piece: Piece, portfolio: &Portfolio, mut past: History, grid: Grid) {
        let mut placed = std::mem::take(&mut past.newest);
        let terms = terms::derive(&piece.work, portfolio);
        let alone = terms.count <= 1 || piece.work.divides() || piece.work.is_training();
        if alone || gone(&piece.work, &piece.state, portfolio).is_some() {
            self.items.push(Item::new(piece, terms, portfolio, past, grid));
            self.previous.push(placed);
            return;
        }
        let items = arrays::items(Reported { piece: &piece, terms: &terms, portfolio }, past, grid);
        if items.is_empty() {
            self.finished.insert(piece.work.id.clone());
            self.over.push((piece.work, piece.span));
        }
        let waiting = items.iter().filter(|item| item.standing == Standing::Waiting);
        arrays::leave_out(&mut placed, waiting.map(|item| item.terms.count).sum());
        for item in items {
            // What runs has no choice: what is left of the plan is for those that wait.
            let waits = matches!(item.standing, Standing::Waiting);
            self.previous.push(if waits { placed.clone() } else { Vec::new() });
            self.items.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::work::WorkRow;
    use reports::time::Instant;

    #[test]
    fn an_array_that_has_no_unit_left_is_over() {
        let text = "[store]\nurl = \"sqlite://x.db\"\n[portfolio]\nname = \"a\"\n[[boundary]]\nid = \"b\"\n\
            [[site]]\nid = \"s\"\nboundary = \"b\"\nit_capacity_mw = 10.0\n";
        let portfolio = crate::portfolio::parse(text, "hourmatch.toml").expect("a portfolio");
        let row = |id: &str, state: &str, done: Option<f64>| {
            let window = ["1970-01-01T00:00:00Z", "1970-01-03T00:00:00Z"].map(String::from);
            let [release, deadline] = window;
            let (gpus, hours, count) = (Some(100.0), Some(3.0), Some(2));
            let work = Work { gpus, hours, count, ..Work::batch(id.into(), release, deadline, None) };
            let begun = (state == "running").then_some(Instant::from_seconds(3_600));
            WorkRow {
                id: id.into(),
                content: serde_json::to_string(&work).expect("JSON"),
                state: state.into(),
                done,
                last_checkpoint: None,
                site: None,
                since: begun,
                reported: begun,
                report: None,
                born_seq: 0,
            }
        };
        let readable = vec![row("over", "running", Some(1.0)), row("said", "done", None), row("waits", "queued", None)];
        let rows = Rows { readable, unreadable: vec![("lost".into(), "no text".into())] };
        let grid = Grid { start: Instant::from_seconds(7_200), step_s: 3_600, len: 24 };
        let queue = Queue::new(&rows, &portfolio, &|_: &WorkId, _: i64| History::default(), grid);
        let ids: Vec<&str> = queue.items.iter().map(|item| item.work.id.as_str()).collect();
        assert_eq!((ids, queue.previous.len(), queue.items[0].terms.count), (vec!["waits"], 1, 2));
        // What is reported done is no open work at all.
        assert_eq!(queue.finished.iter().map(WorkId::as_str).collect::<Vec<_>>(), ["over"]);
        assert_eq!(queue.over.iter().map(|(work, _)| work.id.as_str()).collect::<Vec<_>>(), ["over"]);
        assert_eq!(queue.lost.len(), 1);
    }
}
