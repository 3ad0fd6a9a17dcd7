//! One SQL text on either engine, with the values that stand in it.

use super::from_row::Row;
use ids::{AccountId, ContractId, PoolId, SiteId, WorkId};
use reports::time::{Instant, RecordTime};
use sqlx::{Arguments, Database, PgConnection, Postgres, SqlStr, Sqlite, SqliteConnection};
use std::pin::Pin;

/// A value in a statement.
#[derive(Debug, Clone, Copy)]
pub enum Value<'v> {
    Integer(Option<i64>),
    Real(Option<f64>),
    Text(Option<&'v str>),
    Bytes(&'v [u8]),
}

macro_rules! from {
    ($($kind:ty, $value:ident => $made:expr;)*) => {$(
        impl<'v> From<$kind> for Value<'v> {
            fn from($value: $kind) -> Self {
                $made
            }
        }
    )*};
}
from! {
    i64, value => Self::Integer(Some(value));
    Option<i64>, value => Self::Integer(value);
    Instant, at => Self::Integer(Some(at.seconds()));
    Option<Instant>, at => Self::Integer(at.map(Instant::seconds));
    RecordTime, at => Self::Integer(Some(at.micros()));
    f64, value => Self::Real(Some(value));
    Option<f64>, value => Self::Real(value);
    &'v str, text => Self::Text(Some(text));
    Option<&'v str>, text => Self::Text(text);
    &'v String, text => Self::Text(Some(text));
    &'v Option<String>, text => Self::Text(text.as_deref());
    &'v SiteId, id => Self::Text(Some(id));
    &'v WorkId, id => Self::Text(Some(id));
    &'v Option<SiteId>, id => Self::Text(id.as_deref());
    &'v Option<ContractId>, id => Self::Text(id.as_deref());
    &'v Option<PoolId>, id => Self::Text(id.as_deref());
    &'v Option<AccountId>, id => Self::Text(id.as_deref());
    &'v [u8], bytes => Self::Bytes(bytes);
    &'v Vec<u8>, bytes => Self::Bytes(bytes);
}

/// `values![a, b, ...]`: the values of `$1`, `$2`, ...
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::statement::Value::from($value)),*] };
}
pub(super) use values;

pub type Answer<'c, T> = Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'c>>;

/// An engine: how it answers a statement.
pub trait Engine: Database {
    fn arguments(values: &[Value<'_>]) -> sqlx::Result<Self::Arguments>;

    fn rows<'c, T: Row>(connection: &'c mut Self::Connection, sql: SqlStr, values: &[Value<'_>]) -> Answer<'c, Vec<T>>;

    /// Runs a statement; how many rows it reached.
    fn run<'c>(connection: &'c mut Self::Connection, sql: SqlStr, values: &[Value<'_>]) -> Answer<'c, u64>;
}

macro_rules! engines {
    ($($engine:ident, $connection:ident;)*) => {$(
        impl Engine for $engine {
            fn arguments(values: &[Value<'_>]) -> sqlx::Result<Self::Arguments> {
                let mut arguments = Self::Arguments::default();
                let added = values.iter().try_for_each(|value| match *value {
                    Value::Integer(value) => Arguments::add(&mut arguments, value),
                    Value::Real(value) => Arguments::add(&mut arguments, value),
                    Value::Text(text) => Arguments::add(&mut arguments, text),
                    Value::Bytes(bytes) => Arguments::add(&mut arguments, bytes),
                });
                added.map(|()| arguments).map_err(sqlx::Error::Encode)
            }

            fn rows<'c, T: Row>(connection: &'c mut $connection, sql: SqlStr, values: &[Value<'_>]) -> Answer<'c, Vec<T>> {
                let arguments = Self::arguments(values);
                Box::pin(async move {
                    let query = sqlx::query_with::<Self, _>(sql, arguments?);
                    query.try_map(|row| T::read(&row)).fetch_all(connection).await
                })
            }

            fn run<'c>(connection: &'c mut $connection, sql: SqlStr, values: &[Value<'_>]) -> Answer<'c, u64> {
                let arguments = Self::arguments(values);
                Box::pin(async move {
                    let done = sqlx::query_with::<Self, _>(sql, arguments?).execute(connection).await?;
                    Ok(done.rows_affected())
                })
            }
        }
    )*};
}
engines! {
    Sqlite, SqliteConnection;
    Postgres, PgConnection;
}
