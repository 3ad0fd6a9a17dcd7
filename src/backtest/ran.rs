//! What a strategy has run so far, and where each piece of work stands by it.

use super::stage::{Piece, Stage};
use crate::plan::problem::negligible_mwh;
use crate::plan::snapshot::Held;
use crate::work::history::Planned;
use crate::work::item::Item;
use crate::work::standing::Standing;
use crate::work::state::State;
use crate::work::terms::Terms;
use ids::{Index, SiteIndex, WorkId};
use reports::matching::score::Cell;
use serde::{Deserialize, Serialize};
use solver::{Outcome, Status};
use std::collections::{BTreeSet, VecDeque};

/// One piece of work.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PieceState {
    /// IT MWh still to run; of training, progress still to make in MWh at full power.
    pub left_mwh: f64,
    pub standing: Standing,
    /// The step that ended with its last checkpoint.
    pub saved: Option<usize>,
    /// Where the last plan has a job start that has not: site and step of the period.
    pub planned: Option<(SiteIndex, usize)>,
    /// Progress of the last day's steps, as parts of full speed; newest last.
    pub recent: VecDeque<f64>,
    pub pauses: usize,
}

impl PieceState {
    /// Whether all of it is done, whatever last bits of energy are left.
    pub fn over(&self, terms: &Terms) -> bool {
        self.standing == Standing::Done || self.left_mwh <= negligible_mwh(terms.all_energy_mwh())
    }
}

/// What a storage did, facility MW by step, and what it holds now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stored {
    pub charge_mw: Vec<f64>,
    pub discharge_mw: Vec<f64>,
    pub held: Held,
}

/// How plans came about.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Tally {
    pub decisions: usize,
    /// Of them, ended by their time limit.
    pub cut_short: usize,
    pub largest_gap: f64,
}

impl Tally {
    pub fn count(&mut self, outcome: &Outcome) {
        self.decisions += 1;
        self.cut_short += usize::from(outcome.status == Status::TimeLimit);
        self.largest_gap = self.largest_gap.max(outcome.gap);
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ran {
    /// IT MW of work by site and step.
    pub it_mw: Vec<Vec<f64>>,
    /// Parallel to the stage's work.
    pub pieces: Vec<PieceState>,
    /// Parallel to the portfolio's storage.
    pub storage: Vec<Stored>,
    /// `[boundary]`: matched steps so far, where a target asks for them.
    pub cells: Vec<Vec<Cell>>,
    /// Past its deadline within the period.
    pub missed_mwh: f64,
    /// No limit kept it from more than there is room for.
    pub uncapped: bool,
    pub tally: Tally,
}

impl Ran {
    pub fn new(stage: &Stage) -> Self {
        let portfolio = &stage.portfolio;
        let len = stage.grid.len;
        let piece = |p: &Piece| PieceState { left_mwh: p.terms.all_energy_mwh(), ..PieceState::default() };
        let unused = Stored { charge_mw: vec![0.0; len], discharge_mw: vec![0.0; len], held: Held::default() };
        Self {
            it_mw: vec![vec![0.0; len]; portfolio.sites.len()],
            pieces: stage.work.iter().map(piece).collect(),
            storage: vec![unused; portfolio.storage.len()],
            cells: vec![Vec::new(); portfolio.boundaries.len()],
            ..Self::default()
        }
    }

    /// Whether a piece can still run from a step on.
    pub fn open(&self, stage: &Stage, index: usize, from: usize) -> bool {
        let (piece, piece_state) = (&stage.work[index], &self.pieces[index]);
        // What has begun is seen to its end.
        let begun = piece_state.standing.place().is_some() && !piece.work.divides();
        !piece_state.over(&piece.terms) && (piece.deadline > from || begun && !piece.work.is_training())
    }

    /// A piece as a planner sees it at the start of a step.
    pub fn item(&self, stage: &Stage, index: usize, from: usize) -> Item {
        let (piece, piece_state) = (&stage.work[index], &self.pieces[index]);
        let all = piece.terms.all_energy_mwh().max(1e-12);
        let standing = piece_state.standing;
        let last_checkpoint = piece_state.saved.map(|step| stage.grid.start(step + 1));
        Item {
            work: piece.work.clone(),
            span: piece.span,
            terms: piece.terms.clone(),
            state: State { phase: standing.phase(), last_checkpoint, ..State::QUEUED },
            done: (1.0 - piece_state.left_mwh / all).clamp(0.0, 1.0),
            standing,
            history: piece_state.recent.iter().copied().collect(),
            prior: self.prior(stage, index, from),
        }
    }

    /// What the last plan has for a job that has not begun.
    fn prior(&self, stage: &Stage, index: usize, from: usize) -> Vec<Planned> {
        let (terms, piece_state) = (&stage.work[index].terms, &self.pieces[index]);
        let ahead = piece_state.planned.filter(|p| piece_state.standing == Standing::Waiting && p.1 >= from);
        let Some((site, start)) = ahead else { return Vec::new() };
        let steps = (terms.hours * 3_600.0 / stage.grid.step_s as f64 - 1e-9).ceil().max(1.0) as usize;
        let mw = terms.max_mw;
        let planned = |step: usize| Planned { site, step, mw, on: true, save: false, unit: 0, begun: false };
        (start - from..start - from + steps).map(planned).collect()
    }

    /// Ids of work all of which is done: what waits for it may start.
    pub fn finished(&self, stage: &Stage) -> BTreeSet<WorkId> {
        let pieces = stage.work.iter().zip(&self.pieces);
        let (done, open): (Vec<_>, Vec<_>) = pieces.partition(|(p, piece_state)| piece_state.over(&p.terms));
        let open: BTreeSet<&WorkId> = open.iter().map(|(p, _)| &p.work.id).collect();
        done.iter().map(|(p, _)| &p.work.id).filter(|id| !open.contains(id)).cloned().collect()
    }

    /// Facility MW by site over a part of the period, charging of storage apart.
    pub fn facility_mw(&self, stage: &Stage, from: usize, len: usize) -> Vec<Vec<f64>> {
        let sites = SiteIndex::each(&stage.portfolio.sites).zip(&self.it_mw);
        let actual = &stage.actual;
        let facility = sites.map(|((s, site), row)| {
            let firm = &actual.view.firm_it_mw[s].values;
            (from..from + len).map(|t| site.overhead_mw + actual.view.pue[s][t] * (row[t] + firm[t])).collect()
        });
        facility.collect()
    }

    /// The same with storage behind its meter: what the connection sees.
    pub fn drawn_mw(&self, stage: &Stage, from: usize, len: usize) -> Vec<Vec<f64>> {
        let mut drawn = self.facility_mw(stage, from, len);
        for (definition, k) in stage.portfolio.definitions.storage.iter().zip(&self.storage) {
            let Some(site) = stage.portfolio.site(&definition.site) else { continue };
            for (at, mw) in drawn[site].iter_mut().enumerate() {
                *mw += k.charge_mw[from + at] - k.discharge_mw[from + at];
            }
        }
        drawn
    }

    /// What had run by an earlier end of the period: the state is that of the last step carried out.
    pub fn until(mut self, stage: &Stage) -> Self {
        let storage = self.storage.iter_mut().flat_map(|k| [&mut k.charge_mw, &mut k.discharge_mw]);
        self.it_mw.iter_mut().chain(storage).for_each(|row| row.truncate(stage.grid.len));
        self.pieces.truncate(stage.work.len());
        self
    }

    /// Adds up what is left of pieces whose deadline lies in the period.
    pub fn close(mut self, stage: &Stage) -> Self {
        let due = stage.work.iter().zip(&self.pieces).filter(|(p, _)| p.deadline <= stage.grid.len);
        self.missed_mwh = due.filter(|(p, c)| !c.over(&p.terms)).map(|(_, c)| c.left_mwh).sum();
        self
    }
}
