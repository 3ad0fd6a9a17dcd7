//! Rows as structs and tuples of the types that the rest of the program has, read from what the engines know.
//!
//! sqlx derives the like, but its macros bring every engine into the build a second time, for the compiler to run.

use ids::{AccountId, ContractId, PoolId, SiteId, WorkId};
use reports::time::{Instant, RecordTime};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

/// A type that a column is read as.
pub trait Column: Sized + Send + Unpin + 'static {
    /// What the engines give.
    type Raw: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>;

    fn from_raw(raw: Self::Raw) -> Self;
}

macro_rules! columns {
    ($($kind:ty as $raw:ty, $read:expr;)*) => {$(
        impl Column for $kind {
            type Raw = $raw;

            fn from_raw(raw: $raw) -> Self {
                $read(raw)
            }
        }
    )*};
}
columns! {
    i64 as i64, std::convert::identity;
    f64 as f64, std::convert::identity;
    String as String, std::convert::identity;
    Vec<u8> as Vec<u8>, std::convert::identity;
    Instant as i64, Instant::from_seconds;
    RecordTime as i64, RecordTime::from_micros;
    SiteId as String, SiteId::from;
    ContractId as String, ContractId::from;
    PoolId as String, PoolId::from;
    AccountId as String, AccountId::from;
    WorkId as String, WorkId::from;
}

impl<C: Column> Column for Option<C> {
    type Raw = Option<C::Raw>;

    fn from_raw(raw: Self::Raw) -> Self {
        raw.map(C::from_raw)
    }
}

/// The columns of a row of either engine.
pub trait Columns {
    fn named<C: Column>(&self, name: &'static str) -> sqlx::Result<C>;

    fn nth<C: Column>(&self, place: usize) -> sqlx::Result<C>;
}

macro_rules! rows_of {
    ($($row:ident),*) => {$(
        impl Columns for $row {
            fn named<C: Column>(&self, name: &'static str) -> sqlx::Result<C> {
                self.try_get(name).map(C::from_raw)
            }

            fn nth<C: Column>(&self, place: usize) -> sqlx::Result<C> {
                self.try_get(place).map(C::from_raw)
            }
        }
    )*};
}
rows_of!(SqliteRow, PgRow);

/// What a row is read as: its only column, a tuple by the places of its columns, or a struct by their names.
pub trait Row: Sized + Send + Unpin + 'static {
    fn read(row: &impl Columns) -> sqlx::Result<Self>;
}

impl<C: Column> Row for C {
    fn read(row: &impl Columns) -> sqlx::Result<Self> {
        row.nth(0)
    }
}

macro_rules! tuples {
    ($($($column:ident $place:literal),+;)*) => {$(
        impl<$($column: Column),+> Row for ($($column),+) {
            fn read(row: &impl Columns) -> sqlx::Result<Self> {
                Ok(($(row.nth::<$column>($place)?),+))
            }
        }
    )*};
}
tuples! {
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
}

/// `from_row!(Name { field, other = "column", ... })`: the struct, its fields, and the column of each where that is not
/// called the same.
macro_rules! from_row {
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident $column:literal) => { $column };
    ($name:ident { $($field:ident $(= $column:literal)?),* $(,)? }) => {
        impl $crate::store::from_row::Row for $name {
            fn read(row: &impl $crate::store::from_row::Columns) -> sqlx::Result<Self> {
                Ok(Self { $($field: row.named(from_row!(@column $field $($column)?))?,)* })
            }
        }
    };
}
pub(super) use from_row;
