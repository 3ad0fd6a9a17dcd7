//! Where results go: the only place that creates, replaces and removes files.
//!
//! A command first declares what it reads and what it will write ([`Paths`]); it never overwrites a file that it reads,
//! under any name. Files are written beside their target, made durable and moved into place; devices and pipes are written
//! through.

mod destination;
pub mod folders;
pub mod paths;
pub mod staging;
pub mod temporary;
mod write;

pub use paths::Paths;
pub use staging::Staging;
pub use write::{Pending, Pieces, new_secret, to_stdout};
