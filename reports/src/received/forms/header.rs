//! The header of a table: the first of its rows that has every column, behind whatever an export says of itself.

use super::bound::{Bound, Unbound};
use super::table::Table;
use super::words::is_like;
use crate::received::encoding::Decoded;
use crate::received::records::Found;
use crate::received::{REJECT_LINE, REJECT_REASON, Records, Refused};
use crate::text::clip;
use csv::StringRecord;
use std::io::Read;

/// No export has more rows before its header.
const MOST_BEFORE: usize = 40;
/// Columns of a header that a message shows.
const SHOWN: usize = 8;

/// Where the columns of a form stand, the header's names, and its line.
pub type Header = (Bound, StringRecord, u64);

/// A header that is not that of a form.
#[derive(Debug)]
pub struct Missed {
    pub refused: Refused,
    /// Columns that the likeliest row lacks, of those that the form names.
    pub lacks: Vec<String>,
    /// Those that it has.
    pub has: Vec<String>,
}

/// Reads up to the header. Where no row has every column, it fails with what the likeliest one lacks.
pub fn find(records: &mut Records<impl Read>, table: &Table) -> Result<Header, Refused> {
    search(records, table)?.map_err(|missed| missed.refused)
}

/// Why the header in the first bytes of a file is not that of a form; none where it is, or where there is no text.
pub fn missed(table: &Table, first: &[u8]) -> Option<Missed> {
    search(&mut Records::separated(Decoded::new(first, table.encoding), table.delimiter()), table).ok()?.err()
}

/// Whether a header stands in the first bytes of a file.
pub fn find_in(table: &Table, first: &[u8]) -> bool {
    find(&mut Records::separated(Decoded::new(first, table.encoding), table.delimiter()), table).is_ok()
}

fn search(records: &mut Records<impl Read>, table: &Table) -> Result<Result<Header, Missed>, Refused> {
    let mut record = records.header()?.clone();
    let mut line = records.header_line();
    let mut best: Option<(Unbound, StringRecord, u64)> = None;
    let mut seen: Vec<StringRecord> = Vec::new();
    let names = Bound::new(table, &StringRecord::new()).map_or_else(|unbound| unbound.missing, |_| Vec::new());
    let height = usize::from(table.header_rows).max(1);
    for _ in 0..MOST_BEFORE {
        seen.push(record.clone());
        if let Some(above) = seen.len().checked_sub(height) {
            let (above, rows) = seen.split_at(above);
            let header = joined(rows);
            match Bound::new(table, &header) {
                Ok(bound) => {
                    let missed = |refused: Refused| Missed { refused, lacks: Vec::new(), has: names };
                    return Ok(stated(table, above).map(|()| (bound, header, line)).map_err(missed));
                }
                Err(unbound) => {
                    let nearer = best.as_ref().is_none_or(|(before, ..)| unbound.missing.len() < before.missing.len());
                    if nearer {
                        best = Some((unbound, header, line));
                    }
                }
            }
        }
        match records.read(&mut record)? {
            Some(Found::Text(at) | Found::Bytes(at)) => line = at,
            None => break,
        }
    }
    let Some((unbound, header, line)) = best else { return Err(Refused::new("holds no header")) };
    let refused = refusal(&unbound, &header, line);
    let (lacks, has) = names.into_iter().partition(|name| unbound.missing.contains(name));
    Ok(Err(Missed { refused, lacks, has }))
}

/// Rows as one header: what stands above one another is joined with a blank, a name goes on to the right up to the next.
pub fn joined(rows: &[StringRecord]) -> StringRecord {
    let Some((last, upper)) = rows.split_last() else { return StringRecord::new() };
    if upper.is_empty() {
        return last.clone();
    }
    let mut names: Vec<String> = vec![String::new(); last.len()];
    for row in upper {
        let mut name = "";
        for (at, joined) in names.iter_mut().enumerate() {
            name = row.get(at).map(str::trim).filter(|cell| !cell.is_empty()).unwrap_or(name);
            add(joined, name);
        }
    }
    for (joined, cell) in names.iter_mut().zip(last) {
        // Columns of rejected rows stand in the last row of a header alone.
        if matches!(cell, REJECT_LINE | REJECT_REASON) {
            joined.clear();
        }
        add(joined, cell.trim());
    }
    names.iter().collect()
}

fn add(joined: &mut String, name: &str) {
    if !joined.is_empty() && !name.is_empty() {
        joined.push(' ');
    }
    joined.push_str(name);
}

/// Holds what an export says of itself against what the form wants of it.
fn stated(table: &Table, above: &[StringRecord]) -> Result<(), Refused> {
    for (name, words) in &table.stated {
        let places = above.iter().enumerate().flat_map(|(row, record)| {
            let named = record.iter().enumerate().filter(|(_, cell)| is_like(name, cell));
            named.map(move |(at, _)| (row, at)).collect::<Vec<_>>()
        });
        let said: Vec<&str> = places
            .flat_map(|(row, at)| [above[row].get(at + 1), above.get(row + 1).and_then(|below| below.get(at))])
            .flatten()
            .filter(|cell| !cell.trim().is_empty())
            .collect();
        if !said.is_empty() && !said.iter().any(|cell| words.hold(cell)) {
            let (said, wanted) = (clip(said[said.len() - 1].trim()), words.0.join("` or `"));
            let what = format!("its {name} is `{said}`, not `{wanted}`");
            return Err(Refused::new(what).hint("export what is meant, or state this in a [source.<name>] of its own"));
        }
    }
    Ok(())
}

fn refusal(unbound: &Unbound, header: &StringRecord, line: u64) -> Refused {
    if let Some(fault) = &unbound.fault {
        return Refused::new(fault.clone());
    }
    if let (true, Some(column)) = (unbound.missing.is_empty(), &unbound.doubled) {
        return Refused::new(format!("two columns of the header are `{}`", clip(column))).line(line);
    }
    let listed = |names: &mut dyn Iterator<Item = &str>| names.map(clip).take(SHOWN).collect::<Vec<_>>().join("`, `");
    let missing = listed(&mut unbound.missing.iter().map(String::as_str));
    let has = listed(&mut header.iter().map(str::trim));
    Refused::new(format!("the header lacks `{missing}`")).line(line).hint(format!("the row nearest to it has `{has}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stand_above_one_another_are_joined_as_merged_cells_show_them() {
        let rows = [["Interval", "", "Site A", "", ""], ["Start", "End", "kWh", "kvarh", "reject_line"]];
        let rows = rows.map(|row| StringRecord::from(row.to_vec()));
        let wanted = ["Interval Start", "Interval End", "Site A kWh", "Site A kvarh", "reject_line"];
        assert_eq!(joined(&rows), StringRecord::from(wanted.to_vec()));
        assert_eq!(joined(&rows[1..]), rows[1]);
        // A row that ends early goes on to the right, too.
        let short = [StringRecord::from(vec!["", "A"]), StringRecord::from(vec!["Time", "MW", "MWh"])];
        assert_eq!(joined(&short), StringRecord::from(vec!["Time", "A MW", "A MWh"]));
        assert_eq!(joined(&[]), StringRecord::new());
    }
}
