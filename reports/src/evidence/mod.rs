//! Evidence packs: all inputs of a report, its results, and their verification.

pub mod archive;
pub mod compare;
pub mod compared;
mod earlier;
pub mod files;
pub mod folder;
pub mod inputs_files;
pub mod layout;
pub mod merkle;
pub mod pack;
pub mod proof;
pub mod readings;
pub mod site_hours;
pub mod sound;
pub mod stamp;
pub mod tables;
pub mod tally;
pub mod trust;
pub mod verdict;
pub mod verdict_text;
pub mod verify;

pub use crate::digest;
pub use crate::seal::{EvidenceError, format, manifest, sign};
