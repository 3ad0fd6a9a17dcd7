//! Tables of a report as CSV, one a file, written row by row. Names are those of the JSON document; what is absent is empty.
//!
//! Intervals and allocations are those of packs, ids and integers only. The others hold what people wrote, which is
//! kept from being a formula.

use crate::records::{
    ALLOCATIONS, BOUNDARIES, CONTRACTS, Column, EXCEPTIONS, PURCHASED, SCOPE_1, SITES, TOTALS, Value,
};
use reports::report::{Computed, Report, Totals, intervals, rows};
use reports::text::no_formula;
use std::io::{self, Write};

reports::named! {
    /// A table that can be written by itself.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Table {
        /// One row per boundary and interval.
        #[default]
        Intervals = "intervals",
        Boundaries = "boundaries",
        Sites = "sites",
        Contracts = "contracts",
        Allocations = "allocations",
        Exceptions = "exceptions",
    }
}

/// The names of a table's columns, those that older rulesets do not count included.
pub fn columns(table: Table) -> Vec<&'static str> {
    match table {
        Table::Intervals => intervals::columns().collect(),
        Table::Boundaries => [names(&BOUNDARIES), names(totals(true, true))].concat(),
        Table::Sites => [names(&SITES), names(totals(true, true))].concat(),
        Table::Contracts => names(&CONTRACTS),
        Table::Allocations => ALLOCATIONS.map(|(name, _)| name).to_vec(),
        Table::Exceptions => names(&EXCEPTIONS),
    }
}

/// What an older ruleset does not count has no column under it.
fn totals(purchased: bool, scope_1: bool) -> impl Iterator<Item = &'static Column<Totals>> + Clone {
    let (purchased, scope_1) = (purchased.then_some(&PURCHASED), scope_1.then_some(&SCOPE_1));
    TOTALS.iter().chain(purchased.into_iter().flatten()).chain(scope_1.into_iter().flatten())
}

fn names<'c, T: 'c>(columns: impl IntoIterator<Item = &'c Column<T>>) -> Vec<&'static str> {
    columns.into_iter().map(|column| column.name).collect()
}

pub fn write(table: Table, computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    match table {
        Table::Allocations => allocations(computed, out),
        _ => of_report(table, &computed.report, out),
    }
}

/// A table that the report itself holds.
fn of_report(which: Table, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match which {
        Table::Intervals => intervals::write(report, out),
        Table::Boundaries => with_totals(&BOUNDARIES, &report.boundaries, |boundary| &boundary.totals, report, out),
        Table::Sites => with_totals(&SITES, &report.sites, |site| &site.totals, report, out),
        Table::Contracts => table(out, &names(&CONTRACTS), report.contracts.iter().map(|c| fields(&CONTRACTS, c))),
        Table::Exceptions => table(out, &names(&EXCEPTIONS), report.exceptions.iter().map(|e| fields(&EXCEPTIONS, e))),
        Table::Allocations => Ok(()),
    }
}

/// As in a pack.
fn allocations(computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", ALLOCATIONS.map(|(name, _)| name).join(","))?;
    let mut outcome = Ok(());
    rows::allocations(&computed.books, &computed.matched, &mut |row| {
        if outcome.is_ok() {
            let ledger = row.ledger.name();
            outcome = writeln!(out, "{},{},{},{},{ledger},{}", row.site, row.contract, row.start, row.wh, row.rule);
        }
    });
    outcome
}

/// Rows under the names of their columns.
fn table(out: &mut dyn Write, names: &[&'static str], rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(names).map_err(io_error)?;
    for row in rows {
        table.write_record(row.iter().map(|value| no_formula(value).into_owned())).map_err(io_error)?;
    }
    table.flush()
}

/// What a row has in its columns.
fn fields<'c, T: 'c>(columns: impl IntoIterator<Item = &'c Column<T>>, row: &T) -> Vec<String> {
    columns.into_iter().map(|column| written(&(column.value)(row))).collect()
}

fn written(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Instant(instant) => instant.to_string(),
        Value::Share(score) => score.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Absent(_) => String::new(),
    }
}

/// The error beneath, so that a closed pipe is known as one.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Rows with their totals.
fn with_totals<T>(
    head: &[Column<T>],
    rows: &[T],
    totals_of: fn(&T) -> &Totals,
    report: &Report,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Totals { purchased_wh, scope_1_wh, .. } = &report.portfolio;
    let columns = totals(purchased_wh.is_some(), scope_1_wh.is_some());
    let rows = rows.iter().map(|row| [fields(head, row), fields(columns.clone(), totals_of(row))].concat());
    table(out, &[names(head), names(columns.clone())].concat(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meanings::{MEANINGS, meaning};
    use crate::tests::sample::sample_report;

    fn lines(table: Table, report: &Report) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        of_report(table, report, &mut bytes).expect("memory");
        let mut table = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        table.records().map(|line| line.expect("a line").iter().map(String::from).collect()).collect()
    }

    fn column(table: &[Vec<String>], name: &str) -> Vec<String> {
        let place = table[0].iter().position(|head| head == name).expect("a column");
        table[1..].iter().map(|line| line[place].clone()).collect()
    }

    #[test]
    fn totals_stand_as_in_the_document_and_what_is_absent_is_empty() {
        let report = sample_report();
        let sites = lines(Table::Sites, &report);
        assert_eq!(column(&sites, "site"), ["hall-1", "hall-2"]);
        assert_eq!(column(&sites, "matched_wh"), ["220", "146"]);
        assert_eq!(column(&sites, "matched_share"), ["0.550000", "0.730000"]);
        assert_eq!(column(&sites, "market_based_hourly_g"), ["", "11"]);
        assert_eq!(column(&sites, "load_validated_wh"), ["0", "96"]);
        assert_eq!(column(&sites, "backed_matched_wh"), ["0", "130"]);
        assert_eq!(column(&sites, "market_based_hourly_backed_wh"), ["0", "130"]);
        let mut report = report;
        let intervals = lines(Table::Intervals, &report);
        assert_eq!(column(&intervals, "backed_wh"), ["0", "0", "0", "0", "50", "30", "50", "0"]);
        report.portfolio.backed = None;
        assert_eq!(lines(Table::Intervals, &report)[0].last().map(String::as_str), Some("grid_cfe_wh"));
        let boundaries = lines(Table::Boundaries, &report);
        assert_eq!(column(&boundaries, "boundary"), ["DE<b>", "FR"]);
        assert_eq!(column(&boundaries, "reissued_wh"), ["0", "16"]);
        assert_eq!(column(&boundaries, "purchased_wh"), ["380", "196"]);
        assert_eq!(column(&boundaries, "scope_1_g"), ["8", "0"]);
    }

    #[test]
    fn what_an_older_ruleset_does_not_count_has_no_column() {
        let mut report = sample_report();
        (report.portfolio.purchased_wh, report.portfolio.scope_1_wh) = (None, None);
        let names = &lines(Table::Sites, &report)[0];
        assert!(names.iter().all(|name| !name.contains("purchased") && !name.contains("scope_1")), "{names:?}");
    }

    #[test]
    fn free_text_is_quoted_and_no_row_still_has_a_head() {
        let mut report = sample_report();
        report.exceptions[0].message = "a, \"b\"\nc".into();
        assert_eq!(column(&lines(Table::Exceptions, &report), "message"), ["a, \"b\"\nc"]);
        report.exceptions[0].message = "=HYPERLINK(\"http://x\")".into();
        assert_eq!(column(&lines(Table::Exceptions, &report), "message"), ["'=HYPERLINK(\"http://x\")"]);
        let contracts = lines(Table::Contracts, &report);
        assert_eq!(column(&contracts, "allocated_wh"), ["0", "220", "16", "130"]);
        report.contracts.clear();
        report.sites.clear();
        assert_eq!(lines(Table::Contracts, &report), [contracts[0].clone()]);
        assert_eq!(lines(Table::Sites, &report).len(), 1);
    }

    #[test]
    fn every_column_has_a_meaning_and_every_meaning_a_column() {
        let all: Vec<&str> = Table::ALL.into_iter().flat_map(columns).collect();
        for name in &all {
            assert!(meaning(name).is_some(), "{name} of the CSV tables means nothing: add it to meanings.rs");
        }
        for (name, _) in MEANINGS {
            assert!(all.contains(name), "{name} stands in meanings.rs, and no table has it");
        }
        let report = sample_report();
        assert_eq!(lines(Table::Sites, &report)[0], columns(Table::Sites));
        assert_eq!(lines(Table::Intervals, &report)[0], columns(Table::Intervals));
    }

    #[test]
    fn tables_parse_by_their_names() {
        assert!(Table::ALL.into_iter().all(|table| Table::parse(table.name()) == Some(table)));
        assert_eq!(Table::parse("readings"), None);
    }
}
