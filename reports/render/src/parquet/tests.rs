//! What the files must hold, read back with the crate's own reader.

use super::intervals;
use super::table::{Cell, ParquetError, ROWS_PER_GROUP, TableWriter};
use crate::records::Kind;
use crate::tests::sample::{START, sample_report};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Row, RowAccessor};
use reports::report::Report;
use std::fs::File;
use std::io::Write;

fn open(bytes: &[u8]) -> SerializedFileReader<File> {
    let mut file = tempfile::tempfile().expect("file");
    file.write_all(bytes).expect("written");
    SerializedFileReader::new(file).expect("a Parquet file")
}

fn rows(reader: &SerializedFileReader<File>) -> Vec<Row> {
    reader.get_row_iter(None).expect("rows").map(|row| row.expect("row")).collect()
}

fn pair(reader: &SerializedFileReader<File>, key: &str) -> Option<String> {
    let pairs = reader.metadata().file_metadata().key_value_metadata().expect("metadata");
    pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone())
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let first = intervals(&sample_report()).expect("file");
    assert!(first.starts_with(b"PAR1") && first.ends_with(b"PAR1"));
    assert_eq!(first, intervals(&sample_report()).expect("file"));
}

#[test]
fn every_interval_is_there_as_it_stands_in_the_report() {
    let report = sample_report();
    let reader = open(&intervals(&report).expect("file"));
    let rows = rows(&reader);
    let expected: Vec<_> = report.boundaries.iter().flat_map(|b| b.intervals.iter().map(move |r| (&b.id, r))).collect();
    assert_eq!(rows.len(), expected.len());
    for (row, (boundary, interval)) in rows.iter().zip(expected) {
        assert_eq!(row.get_string(0).expect("boundary"), boundary.as_str());
        let wh: Vec<i64> = (2..9).map(|column| row.get_long(column).expect("Wh")).collect();
        let stated = [
            interval.load_wh,
            interval.contracted_wh,
            interval.matched_wh,
            interval.stored_wh,
            interval.surplus_wh,
            interval.unmatched_wh,
            interval.grid_cfe_wh,
        ];
        assert_eq!(wh, stated);
        assert_eq!(Some(row.get_long(9).expect("backed Wh")), interval.backed_wh);
    }
    assert_eq!(rows[1].get_timestamp_millis(1).expect("start"), (START + 3_600).seconds() * 1_000);
}

#[test]
fn the_file_says_whose_figures_it_holds() {
    let report = sample_report();
    let reader = open(&intervals(&report).expect("file"));
    assert_eq!(reader.metadata().file_metadata().created_by(), Some("hourmatch version 2"));
    assert_eq!(pair(&reader, "hourmatch.schema"), Some(report.schema.clone()));
    assert_eq!(pair(&reader, "hourmatch.ruleset"), Some("hourly-2026".into()));
    assert_eq!(pair(&reader, "hourmatch.portfolio_sha256"), Some(report.portfolio_sha256.clone()));
    assert_eq!(pair(&reader, "hourmatch.synthetic"), Some("true".into()));
    assert_eq!(pair(&reader, "hourmatch.period_end"), Some(report.period.end.to_string()));
}

#[test]
fn a_report_without_intervals_is_a_table_without_rows() {
    let mut untold = sample_report();
    untold.boundaries[0].intervals[1].backed_wh = None;
    let reader = open(&intervals(&untold).expect("file"));
    assert_eq!(rows(&reader)[0].len(), 9, "a column without nulls or none");
    let empty = Report { boundaries: Vec::new(), ..sample_report() };
    let reader = open(&intervals(&empty).expect("file"));
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    assert!(rows(&reader).is_empty());
}

#[test]
fn a_long_table_leaves_in_row_groups() {
    let columns = [("site", Kind::Text), ("wh", Kind::Integer)];
    let mut table = TableWriter::new(Vec::<u8>::new(), "long", &columns, &[]).expect("table");
    let last = ROWS_PER_GROUP as i64 + 1;
    for wh in 0..=last {
        let site = if wh % 2 == 0 { "even" } else { "odd" };
        table.row(&[Cell::Text(site), Cell::Integer(if wh == last { i64::MAX } else { wh })]).expect("row");
    }
    let reader = open(&table.finish().expect("file"));
    assert_eq!(reader.num_row_groups(), 2);
    let rows = rows(&reader);
    assert_eq!(rows.len(), ROWS_PER_GROUP + 2);
    assert_eq!(rows[ROWS_PER_GROUP].get_long(1).expect("Wh"), ROWS_PER_GROUP as i64);
    let end = rows.last().expect("last row");
    assert_eq!((end.get_string(0).expect("site").as_str(), end.get_long(1).expect("Wh")), ("odd", i64::MAX));
}

#[test]
fn a_row_that_does_not_fit_its_table_is_refused() {
    let columns = [("site", Kind::Text), ("start", Kind::Instant)];
    let mut table = TableWriter::new(Vec::<u8>::new(), "table", &columns, &[]).expect("table");
    assert!(matches!(table.row(&[Cell::Text("a")]), Err(ParquetError::Width { found: 1, wanted: 2 })));
    assert!(matches!(table.row(&[Cell::Text("a"), Cell::Integer(1)]), Err(ParquetError::Kind("start"))));
    table.row(&[Cell::Text("a"), Cell::Instant(START)]).expect("row");
}
