//! A table's form held against a header: names of columns become their places.

use super::marks::Marks;
use super::moments::{Format, Formats};
use super::steps::Steps;
use super::table::{Column, Table};
use super::words::{Words, is_like};
use crate::inputs::Quality;
use crate::received::REJECT_LINE;
use crate::series::name::kind_of;
use crate::text::clip;
use crate::time::Zone;
use crate::units::{Quantity, Unit};
use csv::StringRecord;
use std::collections::BTreeMap;

/// Where a form's columns stand.
#[derive(Debug)]
pub struct Bound {
    pub width: usize,
    pub times: BoundTimes,
    pub series: Vec<BoundColumn>,
    pub same: Vec<usize>,
    pub only: Vec<Filter>,
    pub ignore: Vec<Filter>,
    pub estimated: Vec<Filter>,
    pub issued: Option<usize>,
    pub add_up: Option<usize>,
    /// Whether it holds rows that were rejected and have been corrected: with holes between them.
    pub is_corrected: bool,
}

#[derive(Debug)]
pub struct BoundTimes {
    pub start: Vec<usize>,
    pub end: Vec<usize>,
    pub range: Option<usize>,
    pub period: Option<usize>,
    pub formats: Formats,
    pub zone: Zone,
    pub marks: Marks,
    pub steps: Steps,
    pub inclusive: bool,
    /// Whether the columns of a series are the intervals of a day.
    pub across: bool,
}

#[derive(Debug)]
pub struct BoundColumn {
    pub stated: Column,
    pub at: Vec<usize>,
    pub unit: Unit,
    pub rows: Vec<Filter>,
    pub quality: Quality,
    /// Of fuels or plants, which may be below zero a little.
    pub is_generation: bool,
}

/// Rows by a cell of theirs.
#[derive(Debug)]
pub struct Filter {
    pub at: usize,
    pub column: String,
    words: Words,
}

impl Filter {
    /// `fuel_type `Coal` or `Gas``, for people.
    pub fn text(&self) -> String {
        let words: Vec<String> = self.words.0.iter().map(|word| format!("`{}`", clip(word))).collect();
        format!("{} {}", self.column, words.join(" or "))
    }

    pub fn holds(&self, record: &StringRecord) -> bool {
        self.words.hold(record.get(self.at).unwrap_or(""))
    }
}

/// Why a header is not that of a form.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unbound {
    pub missing: Vec<String>,
    /// A column that two of the header's may be.
    pub doubled: Option<String>,
    /// What the form states that cannot be.
    pub fault: Option<String>,
}

/// Looks columns up, and remembers those that are not there.
struct Lookup<'h> {
    header: &'h StringRecord,
    unbound: Unbound,
}

impl Lookup<'_> {
    fn find(&mut self, column: &str) -> Option<usize> {
        let mut found = self.header.iter().enumerate().filter(|(_, name)| is_like(column, name)).map(|(at, _)| at);
        let first = found.next();
        if found.next().is_some() {
            self.unbound.doubled.get_or_insert_with(|| column.into());
        }
        first
    }

    fn need(&mut self, column: &str) -> usize {
        self.find(column).unwrap_or_else(|| {
            if !self.unbound.missing.iter().any(|known| known == column) {
                self.unbound.missing.push(column.into());
            }
            0
        })
    }

    fn all(&mut self, columns: &Words) -> Vec<usize> {
        columns.0.iter().map(|column| self.need(column)).collect()
    }

    fn filters(&mut self, rows: &BTreeMap<String, Words>) -> Vec<Filter> {
        let filter = |(column, words): (&String, &Words)| Filter {
            at: self.need(column),
            column: column.clone(),
            words: words.clone(),
        };
        rows.iter().map(filter).collect()
    }
}

impl Bound {
    pub fn new(table: &Table, header: &StringRecord) -> Result<Self, Unbound> {
        let mut lookup = Lookup { header, unbound: Unbound::default() };
        let faulty = |fault: String| Unbound { fault: Some(fault), ..Unbound::default() };
        let times = times(table, &mut lookup);
        let mut series = Vec::new();
        for column in &table.series {
            let at = match column.optional {
                true => column.column.0.iter().filter_map(|name| lookup.find(name)).collect(),
                false => lookup.all(&column.column),
            };
            let rows = lookup.filters(&column.rows);
            let units = Unit::parse(&column.unit).ok().zip(Quality::parse(&column.quality));
            let Some((unit, quality)) = units else {
                return Err(faulty(format!("{}: its unit or quality is not known", column.series)));
            };
            if !at.is_empty() {
                let is_generation =
                    kind_of(&column.series).is_ok_and(|kind| kind.quantity == Quantity::Energy && kind.may_be_negative);
                series.push(BoundColumn { stated: column.clone(), at, unit, rows, quality, is_generation });
            }
        }
        let bound = Self {
            width: header.len(),
            is_corrected: header.iter().any(|name| name.trim() == REJECT_LINE),
            series,
            same: lookup.all(&table.same),
            only: lookup.filters(&table.only),
            ignore: lookup.filters(&table.ignore),
            estimated: lookup.filters(&table.estimated),
            issued: table.issued.as_ref().map(|column| lookup.need(column)),
            add_up: table.add_up.as_ref().map(|column| lookup.need(column)),
            times: times.map_err(faulty)?,
        };
        if bound.series.is_empty() {
            lookup.unbound.missing.extend(table.series.iter().flat_map(|column| column.column.0.iter().cloned()));
        }
        match lookup.unbound == Unbound::default() {
            true => Ok(bound),
            false => Err(lookup.unbound),
        }
    }

    /// Whether a row is one to pass over, whatever else stands in it.
    pub fn ignores(&self, record: &StringRecord) -> bool {
        self.ignore.iter().any(|filter| record.get(filter.at).is_some() && filter.holds(record))
    }

    /// Why no series takes a row.
    pub fn untaken(&self, record: &StringRecord) -> Option<String> {
        let mut cells: Vec<(usize, String)> = Vec::new();
        for filter in self.series.iter().flat_map(|column| &column.rows) {
            if !cells.iter().any(|(at, _)| *at == filter.at) {
                let cell = clip(record.get(filter.at).unwrap_or("").trim());
                cells.push((filter.at, format!("{} `{cell}`", filter.column)));
            }
        }
        let said: Vec<&str> = cells.iter().map(|(_, said)| said.as_str()).collect();
        // One of them is not enough to say which series is meant: together they are.
        let (first, rest) = said.split_first()?;
        let rest = if rest.is_empty() { String::new() } else { format!(" with {}", rest.join(" and ")) };
        Some(format!("no series takes {first}{rest}; give it one, or list it under ignore"))
    }
}

fn times(table: &Table, lookup: &mut Lookup<'_>) -> Result<BoundTimes, String> {
    let times = &table.time;
    let formats = times.format.0.iter().map(|pattern| Format::parse(pattern)).collect::<Result<Vec<_>, String>>()?;
    Ok(BoundTimes {
        start: lookup.all(&times.start),
        end: lookup.all(&times.end),
        range: times.range.as_ref().map(|column| lookup.need(column)),
        period: times.period.as_ref().map(|column| lookup.need(column)),
        formats: Formats(formats),
        zone: Zone::parse(&times.zone).map_err(|e| e.to_string())?,
        marks: Marks::parse(&times.marks)?,
        steps: Steps::parse(&times.step)?,
        inclusive: times.inclusive,
        across: times.across,
    })
}
