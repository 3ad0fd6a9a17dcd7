//! Why there is no file.

use reports::time::TimeError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ParquetError {
    #[error(transparent)]
    Write(#[from] ::parquet::errors::ParquetError),
    #[error(transparent)]
    Time(#[from] TimeError),
    #[error("a row of {found} cells for a table of {wanted} columns")]
    Width { found: usize, wanted: usize },
    #[error("column `{0}` was given a cell of another kind")]
    Kind(&'static str),
}
