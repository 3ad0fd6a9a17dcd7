//! Rows as structs, by the names of their columns. sqlx derives the same, but its macros bring every engine into the
//! build a second time, for the compiler to run.

/// `from_row!(Name { column, ... } of i64, String, ...)`: the struct, its fields, and the types that occur among them.
macro_rules! from_row {
    ($name:ident { $($column:ident),* $(,)? } of $($kind:ty),*) => {
        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            &'static str: sqlx::ColumnIndex<R>,
            $($kind: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,)*
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                Ok(Self { $($column: row.try_get(stringify!($column))?,)* })
            }
        }
    };
}
pub(super) use from_row;
