//! The planning problem. `Problem` is in `instance`; each of its parts has a file of its own, and `validate` refuses what
//! cannot be planned.

mod draw;
mod instance;
mod maybe_infinite;
mod pool;
mod run;
mod site;
mod supply;
mod target;
mod validate;
mod work;

pub use draw::Draw;
pub use instance::Problem;
pub use pool::{Account, Gpus, Pool};
pub(crate) use run::parts;
pub use run::{Before, Checkpoint, Class, PriorState, Run};
pub use site::{DemandCharge, Event, Limit, Ramp, Site, Start, Storage};
pub use supply::{Boundary, Contract, Settlement};
pub use target::{Allowance, Metric, Policy, Scope, Target, Utilisation};
pub use validate::ProblemError;
pub use work::{After, Job, Later, Piece, Pin, Prior, PriorStart, Work};
