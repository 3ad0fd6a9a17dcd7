//! What the values of a Parquet column mean.

use crate::error::Fault;
use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::schema::types::ColumnDescriptor;
use reports::text::clip;

const MOST_SCALE: i32 = 38;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
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

/// What a column holds; columns within columns make no table.
pub(super) fn meaning(column: &ColumnDescriptor) -> Result<Meaning, Fault> {
    let refuse = |what: &str| {
        Err(Fault::new(format!("its column `{}` {what}", clip(&column.path().string())))
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
