//! The tables behind the figures, one part of the document a file.

pub mod boundaries;
pub mod checks;
pub mod closing;
pub mod compare;
pub mod contracts;
pub mod pages;
pub mod sites;
pub mod sources;
pub mod storage;
