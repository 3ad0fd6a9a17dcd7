//! Storage: what charges clean, what comes out again as clean, and how much is lost between.

mod book;
pub mod fifo;
pub mod windows;

pub use book::{Basis, StorageBook, Window};
pub use fifo::Fifo;
