//! A sparse linear program, some columns integers, whose columns and rows know what they mean.
//!
//! minimise `constant + cost'x` subject to `lower <= A x <= upper` and bounds on x.

use crate::model::keys::Keys;
use ids::{BoundaryIndex, Index, RunIndex, SiteIndex, WorkIndex};
use std::collections::BTreeMap;

/// What a column of a rule stands for; `of`, `site` and `step` of the column say of which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Batch work left where a previous plan had it.
    Keep,
    JobStart,
    JobMiss,
    RunOn,
    RunHeld,
    RunStart,
    RunStop,
    RunSave,
    RunBegin,
    RunFinish,
    RunPower,
    RunProgress,
    RunPick,
    RunArrive,
    RunLeave,
    RunWait,
    RunDone,
    RunLate,
    RunBelowClass,
    BelowUtilisation,
    ChargeClean,
    ChargeGrid,
    DischargeClean,
    DischargeOther,
    TankClean,
    TankOther,
    Charging,
    AfterLoad,
    EndBelow,
    Peak,
    OverCapacity,
    OverConnection,
    OverEvent,
    OverLimit,
    OverPool,
    OverAccount,
    RampUp,
    RampDown,
    Complete,
}

impl Part {
    /// Of one training run.
    fn is_of_run(self) -> bool {
        use Part as P;
        matches!(
            self,
            P::RunOn
                | P::RunHeld
                | P::RunStart
                | P::RunStop
                | P::RunSave
                | P::RunBegin
                | P::RunFinish
                | P::RunPower
                | P::RunProgress
                | P::RunPick
                | P::RunArrive
                | P::RunLeave
                | P::RunWait
                | P::RunDone
                | P::RunLate
                | P::RunBelowClass
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Place { work: WorkIndex, site: SiteIndex, step: usize },
    Miss { work: WorkIndex },
    Later { work: WorkIndex },
    Use { group: usize, step: usize },
    Grid { boundary: BoundaryIndex, step: usize },
    Short { target: usize },
    Part { part: Part, of: usize, site: SiteIndex, step: usize },
}

impl ColumnKind {
    /// Whether it is what a limit is exceeded by, at a price that no plan pays by choice.
    pub fn is_excess(&self) -> bool {
        use Part::{OverAccount, OverCapacity, OverConnection, OverEvent, OverLimit, OverPool};
        let excess = |part: &Part| {
            matches!(part, OverCapacity | OverConnection | OverEvent | OverLimit | OverPool | OverAccount)
        };
        matches!(self, ColumnKind::Part { part, .. } if excess(part))
    }

    /// The training run whose column it is; none of anything else.
    pub fn run(&self) -> Option<RunIndex> {
        match *self {
            ColumnKind::Part { part, of, .. } if part.is_of_run() => Some(RunIndex::new(of)),
            _ => None,
        }
    }
}

/// `Rule` is a row of a rule that adds its own: its name, and of what, where and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Energy { work: WorkIndex },
    Rate { work: WorkIndex, step: usize },
    Capacity { site: SiteIndex, step: usize },
    Balance { boundary: BoundaryIndex, step: usize },
    Nested { node: usize, step: usize },
    Target { target: usize },
    Rule { rule: &'static str, of: usize, site: SiteIndex, step: usize },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub kind: ColumnKind,
    pub lower: f64,
    pub upper: f64,
    pub cost: f64,
    pub integer: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub kind: RowKind,
    pub lower: f64,
    pub upper: f64,
}

/// Half-size indices: the largest models are bounded by memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub row: u32,
    pub column: u32,
    pub value: f64,
}

/// Of what, where and when a further column or row is: a place in a list of the rule's own, site and step.
pub type At = (usize, SiteIndex, usize);

/// The same of what is at no one site.
pub fn anywhere(of: usize, step: usize) -> At {
    (of, SiteIndex::default(), step)
}

/// Of a row that is being stated: (column, value).
pub type Entries = Vec<(usize, f64)>;

/// The rows that power drawn at a site and step enters, declared by the rules that own them: a rule that limits power or GPUs
/// (capacity, connection, event, demand charge, pool, account) adds its row, a rule that draws (work, training, storage) goes
/// through them, and so neither knows the other. What a plan leaves of each limit is read from the same rows (`free`): a
/// limit that adds one binds whoever asks for room afterwards, too. `[site * steps + step]` lists of (row, value per MW).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LimitRows {
    steps: usize,
    /// Per IT MW of work, at its highest in the step.
    pub it: Vec<Vec<(usize, f64)>>,
    /// Per facility MW of work alone: ramps.
    pub work: Vec<Vec<(usize, f64)>>,
    /// Per facility MW of anything.
    pub facility: Vec<Vec<(usize, f64)>>,
    /// Per facility MW that contracts may serve.
    pub nested: Vec<Vec<(usize, f64)>>,
    /// `[pool][step]` and `[account][step]`, per GPU.
    pub pools: Vec<Vec<Vec<(usize, f64)>>>,
    pub accounts: Vec<Vec<Vec<(usize, f64)>>>,
    /// Rows that may be gone past for money: of which demand charge, and its price per MW. Going past any of a peak's rows
    /// costs that once, for the largest excess.
    pub priced: BTreeMap<usize, (usize, f64)>,
}

impl LimitRows {
    pub fn at(&self, site: SiteIndex, step: usize) -> usize {
        site.get() * self.steps + step
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// By row, then column, once stated.
    pub entries: Vec<Entry>,
    pub constant: f64,
    pub keys: Keys,
    /// Rows that whatever draws power at a site and step must be added to.
    pub limit_rows: LimitRows,
}

impl LinearModel {
    pub fn new(keys: Keys, (sites, steps): (usize, usize), constant: f64) -> LinearModel {
        let kind = ColumnKind::Short { target: usize::MAX };
        let column = Column { kind, lower: 0.0, upper: 0.0, cost: 0.0, integer: false };
        let row = Row { kind: RowKind::Target { target: usize::MAX }, lower: f64::NEG_INFINITY, upper: f64::INFINITY };
        let (columns, rows) = (vec![column; keys.columns], vec![row; keys.rows]);
        let entries = Vec::with_capacity(4 * keys.columns);
        let none = || vec![Vec::new(); sites * steps];
        let (it, work, facility, nested) = (none(), none(), none(), none());
        let limit_rows = LimitRows { steps, it, work, facility, nested, ..LimitRows::default() };
        LinearModel { columns, rows, entries, constant, keys, limit_rows }
    }

    /// Every quantity of the plan is zero or more.
    pub fn column(&mut self, index: usize, kind: ColumnKind, upper: f64, cost: f64) {
        self.columns[index] = Column { kind, lower: 0.0, upper, cost, integer: false };
    }

    pub fn row(&mut self, index: usize, kind: RowKind, lower: f64, upper: f64) {
        self.rows[index] = Row { kind, lower, upper };
    }

    /// A further column, between zero and a finite bound.
    pub fn part(&mut self, part: Part, (of, site, step): At, upper: f64, cost: f64) -> usize {
        debug_assert!(upper.is_finite(), "{part:?}");
        let kind = ColumnKind::Part { part, of, site, step };
        self.columns.push(Column { kind, lower: 0.0, upper, cost, integer: false });
        self.columns.len() - 1
    }

    /// A further integer column.
    pub fn integer(&mut self, part: Part, at: At, upper: f64, cost: f64) -> usize {
        let column = self.part(part, at, upper, cost);
        self.columns[column].integer = true;
        column
    }

    /// A further row with its entries: (column, value).
    pub fn rule(
        &mut self,
        rule: &'static str,
        (of, site, step): At,
        (lower, upper): (f64, f64),
        entries: &[(usize, f64)],
    ) -> usize {
        let kind = RowKind::Rule { rule, of, site, step };
        self.rows.push(Row { kind, lower, upper });
        let row = self.rows.len() - 1;
        for &(column, value) in entries {
            self.entry(row, column, value);
        }
        row
    }

    pub fn entry(&mut self, row: usize, column: usize, value: f64) {
        enter(&mut self.entries, column, &[(row, value)], |value| value);
    }

    /// IT power of work: `mw` on average over the step, `most_mw` at its highest.
    pub fn draw(&mut self, column: usize, (site, step): (SiteIndex, usize), pue: f64, (mw, most_mw): (f64, f64)) {
        let at = self.limit_rows.at(site, step);
        enter(&mut self.entries, column, &self.limit_rows.it[at], |value| value * most_mw);
        enter(&mut self.entries, column, &self.limit_rows.work[at], |value| value * pue * mw);
        self.draw_facility(column, (site, step), pue * mw);
        self.draw_from_contracts(column, (site, step), pue * mw);
    }

    /// Facility power, of storage too; negative where it gives.
    pub fn draw_facility(&mut self, column: usize, (site, step): (SiteIndex, usize), mw: f64) {
        let at = self.limit_rows.at(site, step);
        enter(&mut self.entries, column, &self.limit_rows.facility[at], |value| value * mw);
    }

    /// Facility power that contracts of a site list can serve.
    pub fn draw_from_contracts(&mut self, column: usize, (site, step): (SiteIndex, usize), mw: f64) {
        let at = self.limit_rows.at(site, step);
        enter(&mut self.entries, column, &self.limit_rows.nested[at], |value| value * mw);
    }

    /// Row by row, so that rows can be read as slices and the same problem is the same bytes. What one column adds to
    /// one row in several ways is summed.
    pub fn finish(&mut self) {
        // Stable: sums are made in the order stated.
        self.entries.sort_by_key(|e| (e.row, e.column));
        self.entries.dedup_by(|next, kept| {
            let same = (next.row, next.column) == (kept.row, kept.column);
            if same {
                kept.value += next.value;
            }
            same
        });
        self.entries.retain(|e| e.value != 0.0);
    }

    pub fn has_integers(&self) -> bool {
        self.columns.iter().any(|c| c.integer)
    }

    /// The entries of each row, in row order; rows without entries are empty slices.
    pub fn by_row(&self) -> impl Iterator<Item = (&Row, &[Entry])> {
        let mut rest: &[Entry] = &self.entries;
        self.rows.iter().enumerate().map(move |(r, row)| {
            let count = rest.iter().take_while(|e| e.row as usize == r).count();
            let (mine, others) = rest.split_at(count);
            rest = others;
            (row, mine)
        })
    }

    pub fn objective(&self, x: &[f64]) -> f64 {
        self.constant + self.columns.iter().zip(x).map(|(c, x)| c.cost * x).sum::<f64>()
    }
}

/// A column in rows, by what each row's value comes to; what comes to nothing is no entry.
fn enter(entries: &mut Vec<Entry>, column: usize, rows: &[(usize, f64)], value: impl Fn(f64) -> f64) {
    let rows = rows.iter().map(|&(row, per_mw)| (row, value(per_mw))).filter(|entry| entry.1 != 0.0);
    entries.extend(rows.map(|(row, value)| Entry { row: row as u32, column: column as u32, value }));
}
