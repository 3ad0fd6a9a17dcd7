//! Training beside jobs. Runs meet jobs in power and GPUs, as jobs meet each other. The relaxation keeps what a run can be in
//! each step, where that leaves it in the next one, and what it makes in all; its other rules are left out there. At the
//! prices found each run's best schedule, by all of its rules, is a small problem of its own (`alone`), and what that costs
//! at least is the run's part of the bound. Jobs are searched around these schedules.

use super::alone::{Alone, Respond, answer, proved_of};
use super::beside::Beside;
use crate::heuristic::as_submitted;
use crate::interior;
use crate::model::read::columns;
use crate::model::rules::training::PRICED;
use crate::model::{ColumnKind, Entry, LinearModel, Part, RowKind, bounds};
use crate::outcome::{Loads, Outcome, RunOutcome};
use crate::problem::{Account, Pool, Problem, Site};
use ids::{Index, RunIndex};
use std::collections::BTreeMap;

/// More than a limit by less than this part of it is rounding.
const ROOM: f64 = 1e-6;

/// A model seen as runs and all else.
pub(super) struct Training {
    /// All but runs, column for column and row for row.
    pub without: LinearModel,
    alone: Vec<Alone>,
    /// By row, whether it is a limit of power or GPUs.
    limits: Vec<bool>,
}

/// What runs do at prices.
pub(super) struct Answer {
    /// What all of them cost at least: by branch and bound, and by duals of their relaxations.
    pub cost: f64,
    pub proved: f64,
    /// The best schedules found; as submitted where there is none.
    pub runs: Vec<RunOutcome>,
}

impl Training {
    /// None where nothing trains. Of what runs enter alone, the model keeps rows of single steps and `PRICED` ones.
    pub fn taken_from(problem: &Problem, beside: &mut Beside) -> Option<Training> {
        if problem.runs.is_empty() {
            return None;
        }
        let own = owners(beside);
        let model = &mut beside.model;
        let mut alone: Vec<Alone> = problem.runs.iter().map(|run| Alone::new(run, problem.step_hours)).collect();
        let mut at = vec![0; model.columns.len()];
        for (c, column) in model.columns.iter().enumerate() {
            column.kind.run().into_iter().for_each(|run| at[c] = alone[run.get()].push(c, *column));
        }
        let mut without = model.clone();
        for (r, (row, entries)) in model.by_row().enumerate() {
            if let Some(run) = own[r] {
                alone[run.get()].keep(*row, entries.iter().map(|e| (at[e.column as usize], e.value)));
                (without.rows[r].lower, without.rows[r].upper) = (f64::NEG_INFINITY, f64::INFINITY);
                continue;
            }
            for e in entries {
                let run = model.columns[e.column as usize].kind.run();
                run.into_iter().for_each(|run| alone[run.get()].meet(at[e.column as usize], r, e.value));
            }
        }
        without.entries.retain(|e| model.columns[e.column as usize].kind.run().is_none());
        let of_runs = without.columns.iter_mut().filter(|column| column.kind.run().is_some());
        of_runs.for_each(|column| (column.cost, column.integer) = (0.0, false));
        relax(model, &own);
        let limits = model.rows.iter().map(|row| is_limit(&row.kind)).collect();
        Some(Training { without, alone, limits })
    }

    /// The best schedules at duals of the model's rows. `objective` is about what all costs: a gap need not be smaller than
    /// its part of that.
    pub fn answer(&self, problem: &Problem, (duals, objective): (&[f64], f64), respond: Respond<'_>) -> Answer {
        let scale = if objective.is_finite() { objective.abs() / self.alone.len() as f64 } else { 0.0 };
        let asked = |run: &Alone| answer(&run.priced(&self.without.rows, (duals, scale)), respond);
        let answers = interior::each(self.alone.iter().collect(), asked);
        let cost = answers.iter().map(|answer| answer.least).sum();
        let proved = answers.iter().map(|answer| answer.proved).sum();
        let mut schedules: Vec<Vec<f64>> = answers.into_iter().map(|answer| answer.schedule).collect();
        self.make_room(&mut schedules, (duals, scale), respond);
        let mut x = vec![0.0; self.without.columns.len()];
        for (run, schedule) in self.alone.iter().zip(&schedules) {
            run.columns.iter().zip(schedule).for_each(|(&c, &value)| x[c] = value);
        }
        let mut runs = columns::read(problem, &self.without, x).runs;
        let submitted = as_submitted(problem).runs;
        let missing = runs.iter_mut().zip(&schedules).zip(submitted).filter(|((_, found), _)| found.is_empty());
        missing.for_each(|((run, _), submitted)| *run = submitted);
        Answer { cost, proved, runs }
    }

    /// What all runs cost at least at duals of the model's rows, by duals of their relaxations.
    pub fn proved(&self, duals: &[f64], respond: Respond<'_>) -> f64 {
        let of = |run: &Alone| proved_of(&run.priced(&self.without.rows, (duals, 0.0)), respond);
        interior::each(self.alone.iter().collect(), of).into_iter().sum()
    }

    /// Leaves runs in `model`, which is all of it, the states they have with these integers: what is left to choose is their power.
    /// A run that cannot have them keeps its choice.
    pub fn hold(&self, integers: &[f64], respond: Respond<'_>, model: &mut LinearModel) {
        let stands = |run: &Alone| respond(&run.with_integers(integers)?).map(|raw| raw.x);
        let stand = interior::each(self.alone.iter().collect(), stands);
        let mut held: Vec<Option<f64>> = vec![None; model.columns.len()];
        for (run, x) in self.alone.iter().zip(stand).filter_map(|(run, x)| Some((run, x?))) {
            let states = run.columns.iter().zip(x).filter(|(c, _)| !follows_power(&model.columns[**c].kind));
            states.for_each(|(&c, value)| held[c] = Some(value));
        }
        // Rows of one run alone are free in `without`.
        let alone = |row: usize| {
            let row = &self.without.rows[row];
            row.lower == f64::NEG_INFINITY && row.upper == f64::INFINITY
        };
        model.hold(&held, &alone);
    }

    /// At one price each run may want the room of another. Those that are too much together are asked again one by one,
    /// the smaller ones first to give way, and held to what the others leave of each limit.
    fn make_room(&self, schedules: &mut [Vec<f64>], at: (&[f64], f64), respond: Respond<'_>) {
        let mut used: BTreeMap<usize, f64> = BTreeMap::new();
        let add = |used: &mut BTreeMap<usize, f64>, run: &Alone, schedule: &[f64], sign: f64| {
            run.takes(schedule).for_each(|(row, more)| *used.entry(row).or_insert(0.0) += sign * more);
        };
        self.alone.iter().zip(schedules.iter()).for_each(|(run, schedule)| add(&mut used, run, schedule, 1.0));
        let limit = |row: usize| Some(self.without.rows[row].upper).filter(|_| self.limits[row]);
        let over = |used: &BTreeMap<usize, f64>, row: usize| {
            limit(row).is_some_and(|most| used.get(&row).is_some_and(|used| *used > most + ROOM * most.abs().max(1.0)))
        };
        let mut order: Vec<usize> = (0..self.alone.len()).collect();
        order.sort_by(|&a, &b| self.alone[a].worth().total_cmp(&self.alone[b].worth()));
        for r in order {
            let (run, schedule) = (&self.alone[r], &schedules[r]);
            if !run.takes(schedule).any(|(row, more)| more > 0.0 && over(&used, row)) {
                continue;
            }
            add(&mut used, run, schedule, -1.0);
            let left = used.iter().filter_map(|(&row, used)| Some((row, limit(row)? - used))).collect();
            let mut priced = run.priced(&self.without.rows, at);
            run.held_to(&mut priced, &left);
            if let Some(raw) = respond(&priced).filter(|raw| !raw.x.is_empty()) {
                schedules[r] = raw.x;
            }
            add(&mut used, run, &schedules[r], 1.0);
        }
    }
}

/// Columns of a run that its power decides on.
fn follows_power(kind: &ColumnKind) -> bool {
    use Part::{RunBelowClass, RunLate, RunPower, RunProgress};
    matches!(kind, ColumnKind::Part { part: RunPower | RunProgress | RunLate | RunBelowClass, .. })
}

/// What runs can take too much of; what is charged by the MW they cannot.
fn is_limit(kind: &RowKind) -> bool {
    let limits = [bounds::CONNECTION, bounds::EVENT, bounds::LIMIT, bounds::POOL, bounds::ACCOUNT];
    match kind {
        RowKind::Capacity { .. } => true,
        RowKind::Rule { rule, .. } => limits.contains(rule),
        _ => false,
    }
}

/// By row, the run that alone enters it: no other column, and no job.
fn owners(beside: &Beside) -> Vec<Option<RunIndex>> {
    let model = &beside.model;
    let of = |entries: &[Entry]| {
        let mut runs = entries.iter().map(|e| model.columns[e.column as usize].kind.run());
        let first = runs.next().flatten()?;
        runs.all(|run| run == Some(first)).then_some(first)
    };
    let mut own: Vec<Option<RunIndex>> = model.by_row().map(|(_, entries)| of(entries)).collect();
    let drawn = [&beside.average, &beside.highest, &beside.gpus, &beside.accounts];
    drawn.into_iter().flatten().flatten().flatten().for_each(|&(row, _)| own[row as usize] = None);
    own
}

/// No integers, and of the rows that tie steps of a run together only those that are `PRICED`.
fn relax(model: &mut LinearModel, own: &[Option<RunIndex>]) {
    let step = |e: &Entry| match model.columns[e.column as usize].kind {
        ColumnKind::Part { step, .. } => Some(step),
        _ => None,
    };
    let ties = |entries: &[Entry]| entries.iter().any(|e| step(e) != step(&entries[0]));
    let priced = |kind: &RowKind| matches!(kind, RowKind::Rule { rule, .. } if PRICED.contains(rule));
    let mut left_out: Vec<bool> = model.by_row().map(|(row, entries)| ties(entries) && !priced(&row.kind)).collect();
    left_out.iter_mut().zip(own).for_each(|(out, own)| *out &= own.is_some());
    for (row, _) in model.rows.iter_mut().zip(&left_out).filter(|(_, out)| **out) {
        (row.lower, row.upper) = (f64::NEG_INFINITY, f64::INFINITY);
    }
    model.entries.retain(|e| !left_out[e.row as usize]);
    model.columns.iter_mut().for_each(|column| column.integer = false);
}

/// The problem with its runs where they are, as load and GPUs that nothing can move.
pub(crate) fn with_runs_fixed(problem: &Problem, runs: &[RunOutcome]) -> Problem {
    let training = Problem { jobs: Vec::new(), work: Vec::new(), storage: Vec::new(), ..problem.clone() };
    let loads = Loads::new(&training, &Outcome { runs: runs.to_vec(), ..Outcome::default() });
    let added = |held: &[f64], more: &[f64]| -> Vec<f64> {
        (0..problem.steps).map(|t| held.get(t).copied().unwrap_or(0.0) + more[t]).collect()
    };
    let site = |(site, more): (&Site, &Vec<f64>)| {
        let peak = if site.firm_peak_it_mw.is_empty() { Vec::new() } else { added(&site.firm_peak_it_mw, more) };
        Site {
            firm_it_mw: added(&site.firm_it_mw, more),
            firm_peak_it_mw: peak,
            fixed_it_mw: added(&site.fixed_it_mw, more),
            ..site.clone()
        }
    };
    let pool = |(pool, more): (&Pool, &Vec<f64>)| Pool { held: added(&pool.held, more), ..pool.clone() };
    let account =
        |(account, more): (&Account, &Vec<f64>)| Account { held: added(&account.held, more), ..account.clone() };
    Problem {
        sites: problem.sites.iter().zip(&loads.most_it).map(site).collect(),
        pools: problem.pools.iter().zip(&loads.pools).map(pool).collect(),
        accounts: problem.accounts.iter().zip(&loads.accounts).map(account).collect(),
        runs: Vec::new(),
        utilisation: None,
        ..problem.clone()
    }
}
