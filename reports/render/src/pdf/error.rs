//! Why there is no document.

use reports::time::TimeError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum PdfError {
    #[error(transparent)]
    Time(#[from] TimeError),
    #[error("the embedded font cannot be cut down to the letters of the report: {0}")]
    Font(#[from] subsetter::Error),
}
