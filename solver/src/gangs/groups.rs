//! Jobs of a site, or of an account, meet in limits that nothing else enters. At the prices of all other rows each such group is
//! a problem of its own, and small. What it costs in whole jobs bounds every plan better than what it costs in parts.

use super::accounts;
use super::beside::Beside;
use super::multiples;
use super::queue::queue;
use super::relaxed::Relaxed;
use crate::interior::{self, Gang, Queue, Segment};
use crate::model::{Column, ColumnKind, Entry, Keys, LinearModel, Part, RawSolution, Terms, anywhere, proved, usable};
use crate::outcome::JobOutcome;
use crate::problem::Problem;
use ids::Index;
use std::collections::BTreeMap;

/// Solves a group's problem, of which a plan is known; none where it cannot be asked.
pub(crate) type Ask<'a> = &'a (dyn Fn(&LinearModel, &[f64]) -> Option<RawSolution> + Sync);

/// Starts up to which all of a group's are integers; of more, up to another number, only how many of a job are missed is.
const FEW: usize = 8_000;
const MANY: usize = 30_000;

/// A limit binds where it is worth this part of the bound.
const BINDS: f64 = 1e-6;

/// Groups are asked until they hold this part of what a plan costs beyond the relaxation, those that hold most first.
const MOST: f64 = 0.98;

type GroupOf<'a> = &'a dyn Fn(&Gang) -> Option<usize>;

/// By how much less than in whole jobs the relaxation costs at its prices: so much its bound may rise, and never by more than
/// a plan costs beyond it. Jobs are grouped by what they meet in: sites, or accounts, whichever proves more.
pub(crate) fn lost_in_parts(
    (problem, terms, relaxed): (&Problem, &Terms, &Relaxed),
    made: &[JobOutcome],
    ask: Ask<'_>,
) -> f64 {
    let mut beside = Beside::new(problem, terms);
    multiples::round(problem, &mut beside);
    let queue = queue(problem, &beside, &relaxed.starts, (false, &accounts::all(problem)));
    let whole = Whole { model: &beside.model, queue: &queue, relaxed };
    let of_account = |gang: &Gang| Some(problem.jobs[gang.job].gpus?.account?.get());
    let by_site = whole.lost(&|gang| Some(gang.block), (made, 0.0), ask);
    by_site.max(whole.lost(&of_account, (made, by_site), ask))
}

struct Whole<'a> {
    model: &'a LinearModel,
    queue: &'a Queue,
    relaxed: &'a Relaxed,
}

impl Whole<'_> {
    /// What all groups lose, where that may be more than `least`.
    fn lost(&self, of: GroupOf<'_>, (made, least): (&[JobOutcome], f64), ask: Ask<'_>) -> f64 {
        let mut groups: Vec<(f64, Group)> =
            self.groups(of).into_iter().map(|group| (group.excess(made), group)).collect();
        groups.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all: f64 = groups.iter().map(|group| group.0).sum();
        if all <= least {
            return 0.0;
        }
        let mut held = 0.0;
        groups.retain(|(excess, _)| {
            let most = held < MOST * all;
            held += excess;
            most
        });
        interior::each(groups, |(excess, group)| group.lost(made, excess, ask)).into_iter().sum()
    }

    /// Those that a limit of their own binds, and that are not too large.
    fn groups(&self, of: GroupOf<'_>) -> Vec<Group> {
        let own = self.own_rows(of);
        let mut members: BTreeMap<usize, Vec<&Gang>> = BTreeMap::new();
        for gang in &self.queue.gangs {
            of(gang).into_iter().for_each(|group| members.entry(group).or_default().push(gang));
        }
        let mut groups = Vec::new();
        for (group, gangs) in members {
            let rows: Vec<usize> = (0..own.len()).filter(|&row| own[row] == Some(group)).collect();
            let starts = gangs.iter().map(|gang| gang.starts).sum::<usize>();
            if starts <= MANY && rows.iter().any(|&row| self.binds(row)) {
                groups.push(self.group(&rows, &gangs, starts <= FEW));
            }
        }
        groups
    }

    fn group(&self, rows: &[usize], gangs: &[&Gang], few: bool) -> Group {
        let mut at = vec![None; self.model.rows.len()];
        rows.iter().enumerate().for_each(|(k, &row)| at[row] = Some(k));
        let mut model = LinearModel::new(Keys::default(), (0, 0), 0.0);
        model.rows = rows.iter().map(|&row| self.model.rows[row]).collect();
        let duals = rows.iter().map(|&row| self.price(row)).collect();
        let mut stating = Stating { whole: self, at, few, model, duals };
        gangs.iter().for_each(|gang| stating.push(gang));
        stating.push_excess();
        stating.in_units();
        let Stating { mut model, duals, .. } = stating;
        model.finish();
        // All columns have bounds.
        model.constant = -proved(&model, &duals, |_| 0.0);
        Group { model }
    }

    fn binds(&self, row: usize) -> bool {
        (self.price(row) * self.model.rows[row].upper).abs() > BINDS * self.relaxed.bound.abs()
    }

    fn price(&self, row: usize) -> f64 {
        usable(&self.model.rows[row], self.relaxed.duals[row]).0
    }

    /// By row, the group that alone enters it, beside what goes over it.
    fn own_rows(&self, of: GroupOf<'_>) -> Vec<Option<usize>> {
        let queue = self.queue;
        let mut own: Vec<Option<Option<usize>>> = vec![None; self.model.rows.len()];
        for gang in &queue.gangs {
            let group = of(gang);
            for segment in queue.segments_of(gang) {
                for u in queue.uses_of(segment) {
                    let end = (segment.step + segment.len + u.steps - 1).min(queue.steps);
                    for &(row, _) in queue.places[u.place].draws[segment.step..end].iter().flatten() {
                        let own = &mut own[row as usize];
                        *own = Some(if own.is_none_or(|own| own == group) { group } else { None });
                    }
                }
            }
        }
        let over = |e: &Entry| self.model.columns[e.column as usize].kind.is_excess();
        let alone = self.model.by_row().map(|(_, entries)| entries.iter().all(over));
        own.into_iter().zip(alone).map(|(own, alone)| own.flatten().filter(|_| alone)).collect()
    }
}

/// A group as a model of its own, whose objective is what it costs beyond the relaxation.
struct Group {
    model: LinearModel,
}

impl Group {
    /// What a plan costs beyond the relaxation.
    fn excess(&self, made: &[JobOutcome]) -> f64 {
        self.model.objective(&self.given(made))
    }

    /// What it costs in whole jobs beyond the relaxation, as far as that is proved.
    fn lost(&self, made: &[JobOutcome], excess: f64, ask: Ask<'_>) -> f64 {
        // A gap is a part of the objective: the plan's is made twice its excess.
        let asked = LinearModel { constant: self.model.constant + excess, ..self.model.clone() };
        ask(&asked, &self.given(made)).map_or(0.0, |raw| (raw.bound - excess).clamp(0.0, excess.max(0.0)))
    }

    /// A plan as columns have it.
    fn given(&self, made: &[JobOutcome]) -> Vec<f64> {
        let value = |column: &Column| match column.kind {
            ColumnKind::Part { part: Part::JobStart, of, site, step } => {
                let here = made[of].starts.iter().filter(|start| (start.0, start.1) == (site, step));
                here.map(|start| f64::from(start.2)).sum()
            }
            ColumnKind::Part { part: Part::JobMiss, of, .. } => f64::from(made[of].missed),
            _ => 0.0,
        };
        self.model.columns.iter().map(value).collect()
    }
}

/// A group while it is stated: its own rows first, then one for each job.
struct Stating<'a> {
    whole: &'a Whole<'a>,
    /// By row of the whole, where it stands here.
    at: Vec<Option<usize>>,
    /// So few starts that they are integers.
    few: bool,
    model: LinearModel,
    /// What its rows are worth in the relaxation.
    duals: Vec<f64>,
}

impl Stating<'_> {
    /// A job at the prices of all but the group's rows.
    fn push(&mut self, gang: &Gang) {
        let (queue, costs) = (self.whole.queue, &self.whole.relaxed.costs[gang.job]);
        let of = gang.job.get();
        let mut choices = Vec::new();
        for segment in queue.segments_of(gang) {
            for k in 0..segment.len {
                let taken = self.taken(segment, segment.step + k);
                let worth: f64 = taken.iter().map(|(&row, v)| self.duals[row] * v).sum();
                let cost = costs[segment.at + k] + worth;
                let model = &mut self.model;
                let column = model.part(Part::JobStart, (of, segment.site, segment.step + k), gang.count, cost);
                model.columns[column].integer = self.few;
                taken.into_iter().for_each(|(row, v)| model.entry(row, column, v));
                choices.push((column, 1.0));
            }
        }
        let miss = queue.cost[gang.first + gang.starts];
        let Stating { model, duals, .. } = self;
        choices.push((model.integer(Part::JobMiss, anywhere(of, 0), gang.count, miss), 1.0));
        model.rule("job", anywhere(of, 0), (gang.count, gang.count), &choices);
        duals.push(costs.iter().copied().fold(miss, f64::min));
    }

    /// What a start takes of the group's rows.
    fn taken(&self, segment: &Segment, step: usize) -> BTreeMap<usize, f64> {
        let queue = self.whole.queue;
        let mut taken = BTreeMap::new();
        for u in queue.uses_of(segment) {
            let draws = queue.places[u.place].draws.iter().skip(step).take(u.steps);
            for (since, draws) in draws.enumerate() {
                let units = if since + 1 == u.steps { u.units * u.last } else { u.units };
                let own = draws.iter().filter_map(|&(row, v)| Some((self.at[row as usize]?, v)));
                own.for_each(|(row, v)| *taken.entry(row).or_insert(0.0) += units * v);
            }
        }
        taken
    }

    /// Rows in units of the least that a job takes: of that, most take an integer.
    fn in_units(&mut self) {
        let Stating { model, duals, .. } = self;
        let mut units = vec![f64::INFINITY; model.rows.len()];
        for e in model.entries.iter().filter(|e| !model.columns[e.column as usize].kind.is_excess()) {
            units[e.row as usize] = e.value.min(units[e.row as usize]);
        }
        let unit = |row: usize| if units[row].is_finite() && units[row] > 0.0 { units[row] } else { 1.0 };
        for (r, row) in model.rows.iter_mut().enumerate() {
            (row.lower, row.upper) = (row.lower / unit(r), row.upper / unit(r));
            duals[r] *= unit(r);
        }
        model.entries.iter_mut().for_each(|e| e.value /= unit(e.row as usize));
    }

    /// What goes over the group's rows.
    fn push_excess(&mut self) {
        let mut over: BTreeMap<u32, usize> = BTreeMap::new();
        let model = &mut self.model;
        for e in &self.whole.model.entries {
            let Some(row) = self.at[e.row as usize] else { continue };
            let column = *over.entry(e.column).or_insert_with(|| {
                model.columns.push(self.whole.model.columns[e.column as usize]);
                model.columns.len() - 1
            });
            model.entry(row, column, e.value);
        }
    }
}
