//! The planning problem. `Problem` is in `instance`; each of its parts has a file of its own, and `validate` refuses what
//! cannot be planned.

mod draw;
mod errors;
mod instance;
mod maybe_infinite;
mod pin;
mod pool;
mod run;
mod site;
mod storage;
mod supply;
mod target;
mod validate;
mod work;

pub use draw::Draw;
pub use errors::ProblemError;
pub use instance::Problem;
pub use pin::Pin;
pub use pool::{Account, Gpus, Pool};
pub(crate) use run::parts;
pub use run::{Before, Checkpoint, Class, PriorState, Run};
pub use site::{DemandCharge, Event, Limit, Ramp, Site};
pub use storage::{Start, Storage};
pub use supply::{Boundary, Contract, Settlement};
pub use target::{Allowance, Metric, Policy, Scope, Target, Utilisation};
pub use work::{After, Job, Later, Piece, Prior, PriorStart, Work};
