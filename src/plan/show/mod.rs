//! Shows a plan as text, CSV and one HTML page: what runs when, and what changed since the previous plan.

mod changes;
mod csv;
pub mod page;
mod pieces;
mod shown;
mod summary;
mod text;
mod words;

pub use changes::{Changes, difference};
pub use csv::{COLUMNS, write as csv};
pub use shown::{Beside, Cap, Shown, before, ended};
pub use summary::{grouped, talk, text as summary};
pub use text::{changed, schedule};
pub use words::{cfe, lost_share, matched, percent, saving};
