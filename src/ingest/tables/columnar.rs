//! Parquet: flat columns of numbers, texts and times.

use super::faults::damaged_parquet;
use super::pages;
use super::text::{Text, number};
use super::unpacked;
use crate::error::Problem;
use ::parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use chrono::DateTime;
use reports::text::clip;
use std::fs::File;
use std::sync::Arc;

/// Rows held at a time.
const BATCH: i64 = 4_096;
const MOST_COLUMNS: usize = 10_000;
const MOST_SCALE: i32 = 38;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// As they are stored: numbers, or bytes that are text.
    Plain,
    Unsigned,
    /// Since 1970, so many to a second; in UTC, or by a clock that nothing names.
    Instant {
        per_second: i64,
        utc: bool,
    },
    /// Days since 1970.
    Date,
    /// Since midnight, so many to a second.
    Time {
        per_second: i64,
    },
    Decimal {
        scale: u32,
    },
}

/// The CSV of a file: names of columns first, times as RFC 3339.
pub(super) fn read(file: File) -> Result<Vec<u8>, Problem> {
    let mut looked_at = file.try_clone().map_err(|_| damaged_parquet())?;
    let reader = SerializedFileReader::new(file).map_err(|_| damaged_parquet())?;
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    if columns.is_empty() || columns.len() > MOST_COLUMNS {
        return Err(Problem::new(format!("has {} columns", columns.len())).hint("write the columns that are needed"));
    }
    let meanings = columns.iter().map(|column| meaning(column)).collect::<Result<Vec<Meaning>, Problem>>()?;
    unpackable(reader.metadata())?;
    let largest = pages::check(&mut looked_at, reader.metadata().row_groups())?;
    let file = Arc::new(looked_at);
    let mut text = Text::default();
    text.row(columns.iter().map(|column| column.name()))?;
    for index in 0..reader.num_row_groups() {
        let group = reader.get_row_group(index).map_err(|_| damaged_parquet())?;
        let most = largest.get(index).filter(|most| most.len() == meanings.len()).ok_or_else(damaged_parquet)?;
        let opened = most.iter().enumerate().map(|(at, most)| unpacked::column(&file, group.as_ref(), at, *most));
        let mut readers = opened.collect::<Result<Vec<ColumnReader>, _>>().map_err(|_| damaged_parquet())?;
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

/// What a column holds; columns within columns make no table.
fn meaning(column: &ColumnDescriptor) -> Result<Meaning, Problem> {
    let refuse = |what: &str| {
        Err(Problem::new(format!("its column `{}` {what}", clip(&column.path().string())))
            .hint("leave the column out, or write the table as CSV UTF-8"))
    };
    if column.max_rep_level() > 0 || column.path().parts().len() != 1 {
        return refuse("holds lists or further columns");
    }
    let decimal = |scale: i32| match scale {
        0..=MOST_SCALE => Ok(Meaning::Decimal { scale: scale.unsigned_abs() }),
        _ => refuse("holds decimals of a scale that is not read"),
    };
    match column.logical_type_ref() {
        Some(LogicalType::Timestamp(kind)) => {
            Ok(Meaning::Instant { per_second: per_second(kind.unit), utc: kind.is_adjusted_to_u_t_c })
        }
        Some(LogicalType::Time(kind)) => Ok(Meaning::Time { per_second: per_second(kind.unit) }),
        Some(LogicalType::Date) => Ok(Meaning::Date),
        Some(LogicalType::Decimal(kind)) => decimal(kind.scale),
        Some(LogicalType::Integer(kind)) if !kind.is_signed => Ok(Meaning::Unsigned),
        Some(
            LogicalType::Integer(_)
            | LogicalType::String
            | LogicalType::Enum
            | LogicalType::Json
            | LogicalType::Unknown,
        ) => Ok(Meaning::Plain),
        Some(_) => refuse("is neither of numbers nor of texts nor of times"),
        None => match column.converted_type() {
            ConvertedType::TIMESTAMP_MILLIS => Ok(Meaning::Instant { per_second: 1_000, utc: true }),
            ConvertedType::TIMESTAMP_MICROS => Ok(Meaning::Instant { per_second: 1_000_000, utc: true }),
            ConvertedType::TIME_MILLIS => Ok(Meaning::Time { per_second: 1_000 }),
            ConvertedType::TIME_MICROS => Ok(Meaning::Time { per_second: 1_000_000 }),
            ConvertedType::DATE => Ok(Meaning::Date),
            ConvertedType::DECIMAL => decimal(column.type_scale()),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
                Ok(Meaning::Unsigned)
            }
            ConvertedType::INTERVAL => refuse("holds spans of time, which are not read"),
            _ => Ok(Meaning::Plain),
        },
    }
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// Whether every column is compressed in a way that is read here.
fn unpackable(metadata: &ParquetMetaData) -> Result<(), Problem> {
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let codec = match column.compression() {
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => continue,
            Compression::BROTLI(_) => "brotli",
            Compression::LZ4 | Compression::LZ4_RAW => "lz4",
            Compression::LZO => "lzo",
        };
        let name = column.column_path().string();
        return Err(Problem::new(format!(
            "its column `{}` is compressed with {codec}, which is not read",
            clip(&name)
        ))
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
        ColumnReader::Int64ColumnReader(reader) => values(reader, most, |value| match meaning {
            Meaning::Unsigned => Some(value.cast_unsigned().to_string()),
            _ => integer(*value, meaning),
        }),
        // A form from before there were others; whether it is of UTC depends on who wrote it.
        ColumnReader::Int96ColumnReader(reader) => {
            values(reader, most, |value| instant(value.to_micros(), 1_000_000, false))
        }
        ColumnReader::FloatColumnReader(reader) => {
            values(reader, most, |value| Some(if *value == 0.0 { "0".into() } else { value.to_string() }))
        }
        ColumnReader::DoubleColumnReader(reader) => values(reader, most, |value| Some(number(*value))),
        ColumnReader::ByteArrayColumnReader(reader) => values(reader, most, |value| bytes(value.data(), meaning)),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            values(reader, most, |value| bytes(value.data(), meaning))
        }
    }
}

fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    most: usize,
    shown: impl Fn(&T::T) -> Option<String>,
) -> Option<Vec<String>> {
    let (mut levels, mut values) = (Vec::<i16>::new(), Vec::<T::T>::new());
    let (records, ..) = reader.read_records(most, Some(&mut levels), None, &mut values).ok()?;
    let mut values = values.iter();
    // A column that always has a value has no levels.
    let texts = (0..records).map(|row| match levels.get(row) {
        Some(0) => Some(String::new()),
        Some(_) | None => shown(values.next()?),
    });
    texts.collect()
}

fn integer(value: i64, meaning: Meaning) -> Option<String> {
    match meaning {
        Meaning::Instant { per_second, utc } => instant(value, per_second, utc),
        Meaning::Date => {
            let midnight = DateTime::from_timestamp(value.checked_mul(86_400)?, 0)?;
            Some(midnight.format("%Y-%m-%d").to_string())
        }
        Meaning::Time { per_second } => {
            let time = DateTime::from_timestamp(value.div_euclid(per_second), 0)?;
            Some(format!("{}{}", time.format("%H:%M:%S"), fraction(value, per_second)))
        }
        Meaning::Decimal { scale } => Some(decimal(i128::from(value), scale)),
        Meaning::Plain | Meaning::Unsigned => Some(value.to_string()),
    }
}

/// `2024-01-01T00:15:00Z`, or without a zone as the file has it.
fn instant(value: i64, per_second: i64, utc: bool) -> Option<String> {
    let time = DateTime::from_timestamp(value.div_euclid(per_second), 0)?;
    let fraction = fraction(value, per_second);
    Some(match utc {
        true => format!("{}{fraction}Z", time.format("%Y-%m-%dT%H:%M:%S")),
        false => format!("{}{fraction}", time.format("%Y-%m-%d %H:%M:%S")),
    })
}

/// What is left of a second, `.25`; nothing of a whole one.
fn fraction(value: i64, per_second: i64) -> String {
    let digits = per_second.ilog10() as usize;
    match value.rem_euclid(per_second) {
        0 => String::new(),
        rest => format!(".{rest:0digits$}").trim_end_matches('0').to_string(),
    }
}

fn decimal(value: i128, scale: u32) -> String {
    let scale = scale as usize;
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}")
}

/// Text, or a decimal in two's complement, the largest byte first.
fn bytes(value: &[u8], meaning: Meaning) -> Option<String> {
    match meaning {
        Meaning::Decimal { scale } if value.len() <= 16 => {
            let negative = value.first().is_some_and(|byte| *byte >= 0x80);
            let start = if negative { -1_i128 } else { 0 };
            Some(decimal(value.iter().fold(start, |sum, byte| (sum << 8) | i128::from(*byte)), scale))
        }
        Meaning::Decimal { .. } => None,
        _ => String::from_utf8(value.to_vec()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_as_their_column_means_them() {
        let utc = Meaning::Instant { per_second: 1_000, utc: true };
        let local = Meaning::Instant { per_second: 1_000_000_000, utc: false };
        for (value, meaning, wanted) in [
            (1_704_067_200_000, utc, Some("2024-01-01T00:00:00Z")),
            (1_704_067_200_250, utc, Some("2024-01-01T00:00:00.25Z")),
            (-1, utc, Some("1969-12-31T23:59:59.999Z")),
            (1_704_067_200_000_000_000, local, Some("2024-01-01 00:00:00")),
            (i64::MAX, utc, None),
            (19_723, Meaning::Date, Some("2024-01-01")),
            (i64::MAX, Meaning::Date, None),
            (900_000, Meaning::Time { per_second: 1_000 }, Some("00:15:00")),
            (-12_345, Meaning::Decimal { scale: 3 }, Some("-12.345")),
            (5, Meaning::Decimal { scale: 3 }, Some("0.005")),
            (5, Meaning::Decimal { scale: 0 }, Some("5")),
            (-7, Meaning::Plain, Some("-7")),
        ] {
            assert_eq!(integer(value, meaning).as_deref(), wanted, "{value} {meaning:?}");
        }
        let two = Meaning::Decimal { scale: 2 };
        assert_eq!(bytes(&[0xff, 0x85], two).as_deref(), Some("-1.23"));
        assert_eq!(bytes(&[0x7b], two).as_deref(), Some("1.23"));
        assert_eq!(bytes(&[], two).as_deref(), Some("0.00"));
        assert_eq!(bytes(&[0; 17], two), None);
        assert_eq!(bytes(b"wind", Meaning::Plain).as_deref(), Some("wind"));
        assert_eq!(bytes(&[0xff], Meaning::Plain), None);
    }
}
