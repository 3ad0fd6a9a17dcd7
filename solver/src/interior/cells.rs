//! The cells that work meets in: a site in a step. Where days limit what is left for later (`free_later`), work that enters
//! the same of these limits meets in one cell more, at a site of no other use: energy left for later is then placed like any.

use crate::model::{ColumnKind, LinearModel, Part, RowKind, WorkKeys, bounds};
use ids::{Index, WorkIndex};
use std::collections::BTreeMap;

pub(super) struct Cells {
    /// Those of later energy come last.
    pub sites: usize,
    pub steps: usize,
    pub step_hours: Option<f64>,
    /// By work, the site and step of what it leaves for later; none where nothing limits that but the work itself.
    later: Vec<Option<(usize, usize)>>,
    used: Vec<(usize, usize)>,
    /// Sites of the problem.
    own: usize,
}

impl Cells {
    /// Of so many steps at least.
    pub fn of_model(model: &LinearModel, steps: usize) -> Cells {
        let (own, in_use) = extent(model);
        let mut cells = Cells { step_hours: step_hours(model), ..Cells::plain(own, in_use.max(steps)) };
        let mut limits: BTreeMap<WorkIndex, Vec<usize>> = BTreeMap::new();
        let of_days = model.by_row().enumerate().filter(|(_, (row, _))| is_of_days(&row.kind));
        for (r, (_, entries)) in of_days {
            for e in entries {
                if let ColumnKind::Later { work } = model.columns[e.column as usize].kind {
                    limits.entry(work).or_default().push(r);
                }
            }
        }
        let mut groups: BTreeMap<&[usize], (usize, usize)> = BTreeMap::new();
        cells.later = vec![None; if limits.is_empty() { 0 } else { model.keys.work.len() }];
        for (work, limits) in &limits {
            // From the last step back: pieces whose windows end with the horizon then reach no further.
            let (row, back) = (groups.len() / cells.steps.max(1), groups.len() % cells.steps.max(1));
            let cell = *groups.entry(limits).or_insert((own + row, cells.steps - 1 - back));
            cells.later[work.get()] = Some(cell);
        }
        cells.used = groups.into_values().collect();
        cells.sites += cells.used.len().div_ceil(cells.steps.max(1));
        cells
    }

    /// Cells of sites alone.
    pub fn plain(sites: usize, steps: usize) -> Cells {
        Cells { sites, steps, step_hours: None, later: Vec::new(), used: Vec::new(), own: sites }
    }

    pub fn len(&self) -> usize {
        self.sites * self.steps
    }

    /// Where a piece of work leaves energy for later, as other work does.
    pub fn later(&self, work: WorkIndex) -> Option<(usize, usize)> {
        self.later.get(work.get()).copied().flatten()
    }

    /// The site and step a column of work draws at; none for a column that is not work's, or draws nowhere.
    pub fn drawn(&self, kind: &ColumnKind) -> Option<(usize, usize)> {
        match *kind {
            ColumnKind::Place { site, step, .. } | ColumnKind::Part { part: Part::Keep, site, step, .. } => {
                Some((site.get(), step))
            }
            ColumnKind::Later { work } => self.later(work),
            _ => None,
        }
    }

    /// What a unit of a column of work is in MW over a step: what is left for later is stated in MWh.
    pub fn mw(&self, kind: &ColumnKind) -> f64 {
        let mwh = matches!(kind, ColumnKind::Later { .. });
        if mwh { 1.0 / self.step_hours.unwrap_or(1.0) } else { 1.0 }
    }

    /// The last step in which a piece of work has a cell.
    pub fn end(&self, work: usize, keys: &WorkKeys) -> usize {
        let last = (keys.release + keys.window.max(1)).min(self.steps).saturating_sub(1);
        self.later.get(work).copied().flatten().map_or(last, |(_, step)| last.max(step))
    }

    /// Cells, by number, at sites of no other use in which nothing is left for later.
    pub fn idle(&self) -> impl Iterator<Item = usize> + '_ {
        let of_later = self.own * self.steps..self.len();
        of_later.filter(|cell| !self.used.contains(&(cell / self.steps, cell % self.steps)))
    }
}

/// Whether a row limits what is left for later by a day.
fn is_of_days(kind: &RowKind) -> bool {
    matches!(kind, RowKind::Rule { rule: bounds::FREE_LATER, .. })
}

/// Sites and steps that any column of work names.
fn extent(model: &LinearModel) -> (usize, usize) {
    let (mut sites, mut steps) = (0, 0);
    for column in &model.columns {
        if let ColumnKind::Place { site, step, .. } = column.kind {
            sites = sites.max(site.get() + 1);
            steps = steps.max(step + 1);
        }
    }
    (sites, steps)
}

fn step_hours(model: &LinearModel) -> Option<f64> {
    let entries = model.entries.iter().take_while(|e| (e.row as usize) < model.keys.work.len());
    let mut places = entries.filter(|e| matches!(model.columns[e.column as usize].kind, ColumnKind::Place { .. }));
    places.next().map(|e| e.value)
}
