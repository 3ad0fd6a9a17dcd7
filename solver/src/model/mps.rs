//! The model as free MPS, so that any other solver can read what was solved.
//!
//! Names are kind and numbers (`x_3_0_17` work 3, site 0, step 17; `RunOn_0_1_5` run 0, site 1, step 5); the header says
//! which id a number stands for. Numbers are the shortest text that reads back as the same f64. The
//! objective constant is minus the right side of the cost row, as MPS has it.

use crate::model::given::StorageIntegers;
use crate::model::linear::{Column, ColumnKind, Entry, LinearModel, Row, RowKind};
use crate::model::rules;
use crate::model::terms::Terms;
use crate::problem::Problem;
use ids::ContractIndex;
use std::fmt::Debug;
use std::io::{self, Write};

pub fn write_mps(problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    let invalid = |e| io::Error::new(io::ErrorKind::InvalidInput, e);
    problem.check().map_err(invalid)?;
    let terms = Terms::new(problem);
    let model = rules::formulate(problem, &terms, &StorageIntegers::all(problem));
    header(problem, &terms, out)?;
    writeln!(out, "NAME hourmatch")?;
    rows(&model, out)?;
    columns(&model, out)?;
    limits(&model, out)?;
    writeln!(out, "BOUNDS")?;
    model.columns.iter().try_for_each(|column| bound(column, out))?;
    writeln!(out, "ENDATA")
}

fn column_name(kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Place { work, site, step } => format!("x_{work}_{site}_{step}"),
        ColumnKind::Miss { work } => format!("m_{work}"),
        ColumnKind::Later { work } => format!("l_{work}"),
        ColumnKind::Use { group, step } => format!("u_{group}_{step}"),
        ColumnKind::Grid { boundary, step } => format!("g_{boundary}_{step}"),
        ColumnKind::Short { target } => format!("s_{target}"),
        ColumnKind::Part { part, of, site, step } => format!("{part:?}_{of}_{site}_{step}"),
    }
}

/// Rules may have several rows alike: the row's own number tells them apart.
fn row_name(kind: RowKind, row: usize) -> String {
    match kind {
        RowKind::Energy { work } => format!("e_{work}"),
        RowKind::Rate { work, step } => format!("r_{work}_{step}"),
        RowKind::Capacity { site, step } => format!("c_{site}_{step}"),
        RowKind::Balance { boundary, step } => format!("b_{boundary}_{step}"),
        RowKind::Nested { node, step } => format!("n_{node}_{step}"),
        RowKind::Target { target } => format!("t_{target}"),
        RowKind::Rule { rule, of, site, step } => format!("{rule}_{of}_{site}_{step}_{row}"),
    }
}

fn header(problem: &Problem, terms: &Terms, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "* columns: x_work_site_step MW, m_work missed MWh, l_work later MWh,")?;
    writeln!(out, "*   u_group_step contract MW, g_boundary_step grid MW, s_target short MWh")?;
    writeln!(out, "* rows: e_work energy, r_work_step rate, c_site_step capacity,")?;
    writeln!(out, "*   b_boundary_step balance, n_list_step contract site list, t_target target")?;
    writeln!(out, "* further columns and rows: name of the rule, of which, site, step")?;
    numbered(out, "boundary", problem.boundaries.iter().map(|b| &b.id))?;
    numbered(out, "site", problem.sites.iter().map(|s| &s.id))?;
    let contracts = |ids: &[ContractIndex]| ids.iter().map(|&c| &problem.contracts[c].id).collect::<Vec<_>>();
    numbered(out, "group", terms.groups.iter().map(|g| contracts(&g.contracts)))?;
    for (i, node) in terms.nodes.iter().enumerate() {
        writeln!(out, "* list {i} sites {:?}", node.sites)?;
    }
    numbered(out, "work", problem.work.iter().map(|w| &w.id))?;
    numbered(out, "job", problem.jobs.iter().map(|j| &j.id))?;
    numbered(out, "run", problem.runs.iter().map(|r| &r.id))?;
    numbered(out, "storage", problem.storage.iter().map(|k| &k.id))?;
    numbered(out, "pool", problem.pools.iter().map(|p| &p.id))?;
    numbered(out, "account", problem.accounts.iter().map(|a| &a.id))?;
    numbered(out, "event", problem.events.iter().map(|e| &e.id))
}

/// Which id each number stands for. Debug form: an id with a line break must not end its comment.
fn numbered<T: Debug>(out: &mut dyn Write, noun: &str, ids: impl Iterator<Item = T>) -> io::Result<()> {
    ids.enumerate().try_for_each(|(i, id)| writeln!(out, "* {noun} {i} {id:?}"))
}

/// Equality, upper, lower or free; a row with two limits is an upper one with a range.
fn row_type(row: &Row) -> char {
    if row.lower == row.upper {
        'E'
    } else if row.upper.is_finite() {
        'L'
    } else if row.lower.is_finite() {
        'G'
    } else {
        'N'
    }
}

fn rows(model: &LinearModel, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "ROWS\n N COST")?;
    let mut rows = model.rows.iter().enumerate();
    rows.try_for_each(|(r, row)| writeln!(out, " {} {}", row_type(row), row_name(row.kind, r)))
}

fn columns(model: &LinearModel, out: &mut dyn Write) -> io::Result<()> {
    let mut entries: Vec<&Entry> = model.entries.iter().collect();
    entries.sort_by_key(|e| (e.column, e.row));
    let mut rest = &entries[..];
    writeln!(out, "COLUMNS")?;
    let mut integer = false;
    for (j, column) in model.columns.iter().enumerate() {
        if column.integer != integer {
            integer = column.integer;
            let mark = if integer { "INTORG" } else { "INTEND" };
            writeln!(out, " MARK_{j} 'MARKER' '{mark}'")?;
        }
        let name = column_name(column.kind);
        let count = rest.iter().take_while(|e| e.column as usize == j).count();
        let (mine, others) = rest.split_at(count);
        rest = others;
        // A column in no row at all must still be declared.
        if column.cost != 0.0 || mine.is_empty() {
            writeln!(out, " {name} COST {:?}", column.cost)?;
        }
        for e in mine {
            let row = row_name(model.rows[e.row as usize].kind, e.row as usize);
            writeln!(out, " {name} {row} {:?}", e.value)?;
        }
    }
    if integer {
        writeln!(out, " MARK_END 'MARKER' 'INTEND'")?;
    }
    Ok(())
}

fn limits(model: &LinearModel, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "RHS")?;
    if model.constant != 0.0 {
        writeln!(out, " RHS COST {:?}", -model.constant)?;
    }
    for (r, row) in model.rows.iter().enumerate() {
        let limit = match row_type(row) {
            'G' => row.lower,
            'N' => 0.0,
            _ => row.upper,
        };
        if limit != 0.0 {
            writeln!(out, " RHS {} {limit:?}", row_name(row.kind, r))?;
        }
    }
    writeln!(out, "RANGES")?;
    for (r, row) in model.rows.iter().enumerate() {
        if row_type(row) == 'L' && row.lower.is_finite() {
            let range = row.upper - row.lower;
            writeln!(out, " RNG {} {range:?}", row_name(row.kind, r))?;
        }
    }
    Ok(())
}

/// MPS assumes zero to infinity where nothing is said.
fn bound(column: &Column, out: &mut dyn Write) -> io::Result<()> {
    let name = column_name(column.kind);
    let (lower, upper) = (column.lower, column.upper);
    if lower == upper {
        return writeln!(out, " FX BND {name} {lower:?}");
    }
    if lower == f64::NEG_INFINITY && upper == f64::INFINITY {
        return writeln!(out, " FR BND {name}");
    }
    if lower == f64::NEG_INFINITY {
        writeln!(out, " MI BND {name}")?;
    } else if lower != 0.0 {
        writeln!(out, " LO BND {name} {lower:?}")?;
    }
    if upper.is_finite() {
        writeln!(out, " UP BND {name} {upper:?}")?;
    }
    Ok(())
}
