//! Rows in, row groups out: at most [`ROWS_PER_GROUP`] rows are held, however long a table is.

use crate::records::Kind;
use ::parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{ColumnPath, Type};
use reports::time::Instant;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use thiserror::Error;

/// Why there is no file.
#[derive(Debug, Error)]
pub enum ParquetError {
    #[error(transparent)]
    Write(#[from] ::parquet::errors::ParquetError),
    #[error("a row of {found} cells for a table of {wanted} columns")]
    Width { found: usize, wanted: usize },
    #[error("column `{0}` was given a cell of another kind")]
    Kind(&'static str),
}

/// Rows of a row group.
pub const ROWS_PER_GROUP: usize = 100_000;

/// Said of every file: the report schema's version, never the program's, so that a new program changes no byte.
const CREATED_BY: &str = "hourmatch version 2";

/// A column's name, and what it holds: integers as INT64, instants as UTC timestamps in milliseconds, or text as UTF-8,
/// dictionary encoded. Its tables have no other kinds, and no nulls.
pub type Column = (&'static str, Kind);

/// One cell of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    Integer(i64),
    Text(&'a str),
    Instant(Instant),
}

impl Cell<'_> {
    fn kind(self) -> Kind {
        match self {
            Self::Integer(_) => Kind::Integer,
            Self::Text(_) => Kind::Text,
            Self::Instant(_) => Kind::Instant,
        }
    }
}

/// A column's cells of the row group at hand.
enum Buffer {
    Numbers(Vec<i64>),
    /// Each distinct text is held once.
    Texts {
        values: Vec<ByteArray>,
        distinct: BTreeMap<String, ByteArray>,
    },
}

impl Buffer {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Integer | Kind::Instant => Self::Numbers(Vec::new()),
            _ => Self::Texts { values: Vec::new(), distinct: BTreeMap::new() },
        }
    }

    /// A cell of the column's kind.
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Numbers(values), Cell::Integer(value)) => values.push(value),
            (Self::Numbers(values), Cell::Instant(instant)) => values.push(instant.seconds().saturating_mul(1_000)),
            (Self::Texts { values, distinct }, Cell::Text(text)) => {
                let known = distinct.get(text).cloned();
                values.push(known.unwrap_or_else(|| {
                    let value = ByteArray::from(text);
                    distinct.insert(text.to_string(), value.clone());
                    value
                }));
            }
            // Kinds are compared before a row is taken.
            (Self::Numbers(_), Cell::Text(_)) | (Self::Texts { .. }, _) => {}
        }
    }
}

/// A Parquet file of one table, written row by row.
pub struct TableWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Column>,
    buffers: Vec<Buffer>,
    rows: usize,
}

impl<W: Write + Send> TableWriter<W> {
    /// Starts a file; `metadata` is carried as key-value pairs.
    pub fn new(
        sink: W,
        table: &str,
        columns: &[Column],
        metadata: &[(&'static str, String)],
    ) -> Result<Self, ParquetError> {
        let schema = Arc::new(schema(table, columns)?);
        let file = SerializedFileWriter::new(sink, schema, Arc::new(properties(columns, metadata)))?;
        let buffers = columns.iter().map(|(_, kind)| Buffer::new(*kind)).collect();
        Ok(Self { file, columns: columns.to_vec(), buffers, rows: 0 })
    }

    /// One row, its cells in the order of the columns.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ParquetError> {
        if cells.len() != self.columns.len() {
            return Err(ParquetError::Width { found: cells.len(), wanted: self.columns.len() });
        }
        if let Some(((name, _), _)) = self.columns.iter().zip(cells).find(|((_, kind), cell)| *kind != cell.kind()) {
            return Err(ParquetError::Kind(name));
        }
        for (buffer, cell) in self.buffers.iter_mut().zip(cells) {
            buffer.push(*cell);
        }
        self.rows += 1;
        if self.rows >= ROWS_PER_GROUP { self.flush() } else { Ok(()) }
    }

    /// Writes what is left and the footer; gives back where it was written to.
    pub fn finish(mut self) -> Result<W, ParquetError> {
        self.flush()?;
        Ok(self.file.into_inner()?)
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for buffer in &mut self.buffers {
            let Some(mut column) = group.next_column()? else { break };
            match buffer {
                Buffer::Numbers(values) => {
                    column.typed::<Int64Type>().write_batch(values.as_slice(), None, None)?;
                    values.clear();
                }
                Buffer::Texts { values, distinct } => {
                    column.typed::<ByteArrayType>().write_batch(values.as_slice(), None, None)?;
                    values.clear();
                    distinct.clear();
                }
            }
            column.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

fn schema(table: &str, columns: &[Column]) -> Result<Type, ParquetError> {
    let mut fields = Vec::with_capacity(columns.len());
    for (name, kind) in columns {
        let (physical, logical) = match kind {
            Kind::Integer => (Physical::INT64, None),
            Kind::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
            _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    Ok(Type::group_type_builder(table).with_fields(fields).build()?)
}

/// Numbers as differences, which rows in order of time make small; a dictionary would outgrow its page.
fn properties(columns: &[Column], metadata: &[(&'static str, String)]) -> WriterProperties {
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new((*key).to_string(), value.clone())).collect();
    let mut builder = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_string())
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(pairs));
    for (name, _) in columns.iter().filter(|(_, kind)| *kind != Kind::Text) {
        let path = ColumnPath::new(vec![(*name).to_string()]);
        builder = builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}
