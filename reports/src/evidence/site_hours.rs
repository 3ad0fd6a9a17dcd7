//! Site-hours: the row of `site_intervals.csv` of a site and interval, and its rows of `allocations.csv`. Each is one
//! leaf of a Merkle tree, so that one of them can be disclosed without the others.

use crate::books::Books;
use crate::digest::{self, Hash};
use crate::report::{Computed, rows};
use crate::ruleset::InventoryLoad;
use ids::{Index, SiteIndex};
use std::fmt::Write;
use std::io;

/// Under rulesets that weigh the metered load in inventories, and under those that weigh what was purchased.
pub const SITES_HEADERS: [&str; 2] = [
    "site,start,boundary,load_wh,metered_load_wh,matched_wh,grid_cfe_wh,inventory_allocated_wh,quality",
    "site,start,boundary,load_wh,metered_load_wh,purchased_wh,scope_1_wh,matched_wh,grid_cfe_wh,inventory_allocated_wh,\
     quality",
];
pub const ALLOCATIONS_HEADER: &str = "site,contract,start,wh,ledger,rule";

pub fn sites_header(books: &Books) -> &'static str {
    SITES_HEADERS[usize::from(books.rules.inventory_load == InventoryLoad::Purchased)]
}

/// The header of a row, by how many cells it has.
pub fn header_of(row: &str) -> Option<&'static str> {
    let cells = |line: &str| line.split(',').count();
    SITES_HEADERS.into_iter().find(|header| cells(header) == cells(row))
}

/// Hash of a site-hour: its row and its allocations, each line with its end.
pub fn leaf(site: &str, allocations: &str) -> Hash {
    digest::leaf_of(&[site.as_bytes(), allocations.as_bytes()])
}

/// Every site-hour by start, then site: its line and its allocations' lines, each ended by `\n`.
pub fn each(computed: &Computed, take: &mut dyn FnMut(&str, &str) -> io::Result<()>) -> io::Result<()> {
    let Computed { books, matched, .. } = computed;
    let mut failed = Ok(());
    // Of the site-hours left, the first is the one whose allocations are being gathered.
    let of_hour = |t: usize| SiteIndex::all(&books.sites).map(move |site| (t, site));
    let mut left = (0..books.grid.len).flat_map(of_hour).peekable();
    let (mut line, mut given) = (String::new(), String::new());
    let starts: Vec<String> = (0..books.grid.len).map(|t| books.grid.start(t).to_string()).collect();
    let mut emit = |(t, s): (usize, SiteIndex), given: &mut String| {
        let site = &books.sites[s];
        line.clear();
        let boundary = &books.boundaries[site.boundary.at(t)].id;
        let _ = write!(line, "{},{},{boundary},{},{},", site.id, starts[t], site.load_wh[t], site.metered(t));
        if books.rules.inventory_load == InventoryLoad::Purchased {
            let _ = write!(line, "{},{},", site.inventory_load(t), site.scope_1(t));
        }
        let _ = write!(line, "{},{},", matched.matching.site_wh[s][t], matched.site_grid_cfe_wh[s][t]);
        let _ = writeln!(line, "{},{}", matched.inventory.site_wh[s][t], site.quality_of(t).name());
        let done = take(&line, given);
        given.clear();
        done
    };
    rows::allocations(books, matched, &mut |row| {
        if failed.is_err() {
            return;
        }
        let here = (row.interval, row.at.0);
        while let Some(at) = left.next_if(|at| *at < here) {
            failed = emit(at, &mut given);
            if failed.is_err() {
                return;
            }
        }
        let ledger = row.ledger.name();
        let _ = writeln!(given, "{},{},{},{},{ledger},{}", row.site, row.contract, row.start, row.wh, row.rule);
    });
    failed?;
    for at in left {
        emit(at, &mut given)?;
    }
    Ok(())
}
