//! The result of a solve. `Outcome` is in `plan`; its pieces, costs and reasons have files of their own, `loads` is the
//! power it draws, and `errors` says why there is none.

pub mod codes;
mod costs;
mod errors;
mod loads;
mod pieces;
mod plan;
mod reason;

pub(crate) use codes::Item;
pub use costs::{Cost, Kind};
pub(crate) use costs::{Ledger, Violation, cost};
pub use errors::{CertifyError, SolveError};
pub(crate) use loads::Loads;
pub use pieces::{JobOutcome, Overload, Placement, RunOutcome, RunStep, StorageOutcome};
pub(crate) use pieces::{merged, of_work, overheads};
pub use plan::{Outcome, Searched, Status};
pub use reason::Reason;
pub(crate) use reason::reason;
