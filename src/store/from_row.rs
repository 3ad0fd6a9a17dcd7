//! Rows as structs and tuples of the types that the rest of the program has, read from what the engines know.
//!
//! sqlx derives the like, but its macros bring every engine into the build a second time, for the compiler to run.

use reports::time::{Instant, RecordTime};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// A type that a column, or a tuple of columns, is read as.
pub(super) trait Column: Sized {
    /// What the engines give.
    type Raw;

    fn of(raw: Self::Raw) -> Self;
}

macro_rules! as_they_are {
    ($($kind:ty),*) => {$(
        impl Column for $kind {
            type Raw = Self;

            fn of(raw: Self) -> Self {
                raw
            }
        }
    )*};
}
as_they_are!(i64, f64, String, Vec<u8>);

impl Column for Instant {
    type Raw = i64;

    fn of(seconds: i64) -> Self {
        Self::from_seconds(seconds)
    }
}

impl Column for RecordTime {
    type Raw = i64;

    fn of(micros: i64) -> Self {
        Self::from_micros(micros)
    }
}

impl<C: Column> Column for Option<C> {
    type Raw = Option<C::Raw>;

    fn of(raw: Self::Raw) -> Self {
        raw.map(C::of)
    }
}

/// Tuples of so many columns, and of fewer.
macro_rules! tuples {
    ($first:ident $raw:ident $(, $next:ident $next_raw:ident)*) => {
        impl<$first: Column, $($next: Column),*> Column for ($first, $($next,)*) {
            type Raw = ($first::Raw, $($next::Raw,)*);

            fn of(($raw, $($next_raw,)*): Self::Raw) -> Self {
                ($first::of($raw), $($next::of($next_raw),)*)
            }
        }
        tuples!($($next $next_raw),*);
    };
    () => {};
}
tuples!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j);

/// A row as a tuple, by the places of its columns.
pub(super) struct Typed<T>(pub T);

impl<'r, R: Row, T: Column> FromRow<'r, R> for Typed<T>
where
    T::Raw: FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        T::Raw::from_row(row).map(|raw| Self(T::of(raw)))
    }
}

/// A column of a row by its name.
pub(super) fn column<'r, R, C>(row: &'r R, name: &'static str) -> sqlx::Result<C>
where
    R: Row,
    &'static str: ColumnIndex<R>,
    C: Column,
    C::Raw: Decode<'r, R::Database> + Type<R::Database>,
{
    row.try_get(name).map(C::of)
}

/// `from_row!(Name { field, other = "column", ... })`: the struct, its fields, and the column of each where that is not
/// called the same.
macro_rules! from_row {
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident $column:literal) => { $column };
    ($name:ident { $($field:ident $(= $column:literal)?),* $(,)? }) => {
        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            &'static str: sqlx::ColumnIndex<R>,
            i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
            f64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
            String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
            Vec<u8>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                use $crate::store::from_row::column;
                Ok(Self { $($field: column(row, from_row!(@column $field $($column)?))?,)* })
            }
        }
    };
}
pub(super) use from_row;
