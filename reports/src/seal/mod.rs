//! What a pack is sealed with: its format, its manifest under one Merkle root, and a signature of that root.

pub mod format;
pub mod manifest;
pub mod sign;

pub use manifest::EvidenceError;
