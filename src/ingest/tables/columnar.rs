//! Parquet: flat columns of numbers, texts and times.

use super::faults::{answered, damaged_parquet, guarded};
use super::meaning::{Meaning, bytes, instant, integer, meaning};
use super::pages;
use super::text::{Text, number};
use super::unpacked;
use crate::error::Fault;
use ::parquet::basic::Compression;
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use reports::text::clip;
use std::fs::File;
use std::sync::Arc;

/// Rows held at a time.
const BATCH: i64 = 4_096;
const MOST_COLUMNS: usize = 10_000;

/// The CSV of a file: names of columns first, times as RFC 3339.
pub(super) fn read(file: File) -> Result<Vec<u8>, Fault> {
    let mut looked_at = file.try_clone().map_err(|_| damaged_parquet())?;
    let reader = answered(|| SerializedFileReader::new(file))?;
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    if columns.is_empty() || columns.len() > MOST_COLUMNS {
        return Err(Fault::new(format!("has {} columns", columns.len())).hint("write the columns that are needed"));
    }
    let meanings = columns.iter().map(|column| meaning(column)).collect::<Result<Vec<Meaning>, Fault>>()?;
    unpackable(reader.metadata())?;
    let largest = pages::check(&mut looked_at, reader.metadata().row_groups())?;
    let file = Arc::new(looked_at);
    let mut text = Text::default();
    text.row(columns.iter().map(|column| column.name()))?;
    for index in 0..reader.num_row_groups() {
        let group = answered(|| reader.get_row_group(index))?;
        let most = largest.get(index).filter(|most| most.len() == meanings.len()).ok_or_else(damaged_parquet)?;
        let columns = most.iter().enumerate();
        let opened = columns.map(|(at, most)| answered(|| unpacked::column(&file, group.as_ref(), at, *most)));
        let mut readers = opened.collect::<Result<Vec<ColumnReader>, Fault>>()?;
        let mut left = group.metadata().num_rows();
        while left > 0 {
            let most = left.min(BATCH);
            let count = most as usize;
            let cells = readers.iter_mut().zip(&meanings).map(|(reader, meaning)| batch(reader, *meaning, count));
            let cells = cells.collect::<Option<Vec<Vec<String>>>>().ok_or_else(damaged_parquet)?;
            if cells.iter().any(|column| column.len() != count) {
                return Err(damaged_parquet());
            }
            for row in 0..count {
                text.row(cells.iter().map(|column| column[row].as_str()))?;
            }
            left -= most;
        }
    }
    Ok(text.into_bytes())
}

/// Whether every column is compressed in a way that is read here.
fn unpackable(metadata: &ParquetMetaData) -> Result<(), Fault> {
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let codec = match column.compression() {
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => continue,
            Compression::BROTLI(_) => "brotli",
            Compression::LZ4 | Compression::LZ4_RAW => "lz4",
            Compression::LZO => "lzo",
        };
        let name = column.column_path().string();
        return Err(Fault::new(format!("its column `{}` is compressed with {codec}, which is not read", clip(&name)))
            .hint(
                "write it with snappy, gzip, zstd or uncompressed: compression=\"zstd\" in pandas and Polars, \
             (compression zstd) in COPY of DuckDB",
            ));
    }
    Ok(())
}

/// The next values of a column as text, empty where there is none; nothing where they cannot be read.
fn batch(reader: &mut ColumnReader, meaning: Meaning, most: usize) -> Option<Vec<String>> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => values(reader, most, |value| Some(value.to_string())),
        ColumnReader::Int32ColumnReader(reader) => values(reader, most, |value| match meaning {
            Meaning::Unsigned => Some(value.cast_unsigned().to_string()),
            _ => integer(i64::from(*value), meaning),
        }),
        ColumnReader::Int64ColumnReader(reader) => values(reader, most, |value| integer(*value, meaning)),
        // A form from before there were others; whether it is of UTC depends on who wrote it.
        ColumnReader::Int96ColumnReader(reader) => {
            values(reader, most, |value| instant(value.to_micros(), 1_000_000, false))
        }
        ColumnReader::FloatColumnReader(reader) => {
            values(reader, most, |value| Some(if *value == 0.0 { "0".into() } else { value.to_string() }))
        }
        ColumnReader::DoubleColumnReader(reader) => values(reader, most, |value| Some(number(*value))),
        ColumnReader::ByteArrayColumnReader(reader) => {
            values(reader, most, |value| bytes(guarded(|| value.data()).ok()?, meaning))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            values(reader, most, |value| bytes(guarded(|| value.data()).ok()?, meaning))
        }
    }
}

fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    most: usize,
    shown: impl Fn(&T::T) -> Option<String>,
) -> Option<Vec<String>> {
    let (mut levels, mut values) = (Vec::<i16>::new(), Vec::<T::T>::new());
    let (records, ..) = answered(|| reader.read_records(most, Some(&mut levels), None, &mut values)).ok()?;
    let mut values = values.iter();
    // A column that always has a value has no levels.
    let texts = (0..records).map(|row| match levels.get(row) {
        Some(0) => Some(String::new()),
        Some(_) | None => shown(values.next()?),
    });
    texts.collect()
}
