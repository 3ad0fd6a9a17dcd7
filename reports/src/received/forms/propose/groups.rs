//! The series that a long table holds one below another: which cells tell its rows of the same time apart.

use super::sample::Sample;
use crate::received::forms::moments::Moment;
use crate::time::Instant;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one series, by the cells that they have alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub cells: Vec<(usize, String)>,
    pub rows: Vec<usize>,
}

/// Different cells of a column that tells series apart, and series, at most.
const MOST_CELLS: usize = 24;
const MOST_GROUPS: usize = 40;

/// The groups of rows in the order in which they come; one of all rows where no time comes more than once, as a rule.
pub fn groups(sample: &Sample, moments: &[Moment], taken: &[usize]) -> Vec<Group> {
    let all = vec![Group { cells: Vec::new(), rows: (0..moments.len()).collect() }];
    let stamp = |moment: &Moment| (matches!(moment, Moment::Wall(_)), moment.as_utc());
    let stamps: Vec<(bool, Instant)> = moments.iter().map(stamp).collect();
    let times: BTreeSet<&(bool, Instant)> = stamps.iter().collect();
    if 2 * stamps.len() <= 3 * times.len() {
        return all;
    }
    let columns: BTreeMap<usize, Vec<String>> = (0..sample.header.len())
        .filter(|at| !taken.contains(at))
        .map(|at| (at, sample.column(at).collect::<Vec<String>>()))
        .filter(|(_, cells)| (2..=MOST_CELLS).contains(&cells.iter().collect::<BTreeSet<_>>().len()))
        .collect();
    let told = |keys: &[usize]| {
        let row = |(row, stamp): (usize, &(bool, Instant))| (*stamp, cells(&columns, keys, row));
        stamps.iter().enumerate().map(row).collect::<BTreeSet<_>>().len()
    };
    let mut keys: Vec<usize> = Vec::new();
    loop {
        let more = |at: &usize| (told(&[keys.clone(), vec![*at]].concat()), Reverse(*at));
        let best = columns.keys().filter(|at| !keys.contains(at)).map(more).max();
        match best {
            Some((most, Reverse(at))) if most > told(&keys) => keys.push(at),
            _ => break,
        }
    }
    keys.sort_unstable();
    if keys.is_empty() {
        return all;
    }
    let mut groups: Vec<Group> = Vec::new();
    for row in 0..stamps.len() {
        let cells = cells(&columns, &keys, row);
        let known = groups.iter().position(|group| group.cells.iter().map(|(_, cell)| cell).eq(cells.iter()));
        match known {
            Some(known) => groups[known].rows.push(row),
            None if groups.len() < MOST_GROUPS => {
                groups.push(Group { cells: keys.iter().copied().zip(cells).collect(), rows: vec![row] });
            }
            None => {}
        }
    }
    groups
}

fn cells(columns: &BTreeMap<usize, Vec<String>>, keys: &[usize], row: usize) -> Vec<String> {
    keys.iter().filter_map(|at| columns.get(at)?.get(row).cloned()).collect()
}
