//! Where results go: the one place that makes, replaces and removes files.
//!
//! A command says first what it reads and what it will write ([`Paths`]); what it reads is never written over, by whatever
//! name. Files are written beside their place, made durable and moved there; devices and pipes are written through.

mod destination;
pub mod folders;
pub mod paths;
pub mod staging;
pub mod temporary;
mod write;

pub use paths::Paths;
pub use staging::Staging;
pub use write::{Pending, Pieces, new_secret, to_stdout};
