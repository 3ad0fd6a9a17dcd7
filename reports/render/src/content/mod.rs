//! The content of a report, decided once for every format that people read: headings, notes, tables, and chart marks.
//!
//! Forms lay out the same [`Document`]: its front first, then chapters of sections, the method, and where it comes from.

mod along;
pub mod averages;
pub mod blocks;
mod contracts;
mod disclosure;
mod document;
mod doubt;
mod energy;
pub mod headline;
pub mod heat_table;
mod ledgers;
mod method;
mod pages;
mod previous;
mod quality;
pub mod stretches;
mod view;
mod waterfall;

pub use disclosure::disclosed;
pub use document::{Document, Front, Options, document, facts, provenance};
pub use pages::{SiteHours, site_hours};
pub use view::{Scope, View, span};
