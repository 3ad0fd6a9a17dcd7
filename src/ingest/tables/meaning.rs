//! What the values of a Parquet column mean, and how they stand as text.

use crate::error::Fault;
use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::schema::types::ColumnDescriptor;
use chrono::DateTime;
use reports::text::clip;

const MOST_SCALE: i32 = 38;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// As they are stored: numbers, or bytes that are text.
    Plain,
    /// Numbers whose highest bit is no sign.
    Unsigned,
    /// Since 1970, so many to a second; in UTC, or by a clock that nothing names.
    Instant { per_second: i64, utc: bool },
    /// Days since 1970.
    Date,
    /// Since midnight, so many to a second.
    Time { per_second: i64 },
    /// So many digits behind the point.
    Decimal { scale: u32 },
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

/// A whole number as its column means it; nothing where it is out of range.
pub(super) fn integer(value: i64, meaning: Meaning) -> Option<String> {
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
        Meaning::Unsigned => Some(value.cast_unsigned().to_string()),
        Meaning::Plain => Some(value.to_string()),
    }
}

/// `2024-01-01T00:15:00Z`, or without a zone as the file has it.
pub(super) fn instant(value: i64, per_second: i64, utc: bool) -> Option<String> {
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
pub(super) fn bytes(value: &[u8], meaning: Meaning) -> Option<String> {
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
