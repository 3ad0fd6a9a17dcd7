//! Files as other people's programs write them: a form says where time, value and series of a row stand.
//!
//! `reports/forms/` holds the forms that come with the program, `[source.<name>]` of a portfolio those of its own. What a
//! file was read by is kept with its revision and in the pack, so that a reading can be read again from the file alone.

mod area;
mod bound;
mod cells;
#[cfg(test)]
mod described_tests;
mod espi;
mod exports;
mod form;
mod header;
mod lists;
mod marks;
mod moments;
mod nem12;
mod propose;
mod registers;
mod row_time;
mod rows;
mod selected;
pub(super) mod steps;
mod sums;
mod table;
mod wall_clock;
mod words;

pub use area::{is_of, named_area};
pub use espi::GreenButton;
pub use exports::{Answers, EXPORTS, Export, nearest, recognised};
pub use form::Form;
pub use nem12::Nem12;
pub use propose::{Place, Places, Proposal, propose};
pub use steps::seconds as length_of_time;
pub use table::Table;
