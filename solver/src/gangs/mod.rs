//! Jobs that run in one go, by the thousand: a relaxation that bounds every plan and prices every start (`relaxed`), and
//! plans made from it (`search`), of long queues large jobs first (`large`). The mathematics is in the crate's README.

mod accounts;
mod alone;
mod beside;
mod draft;
mod expected;
mod groups;
mod large;
mod multiples;
mod order;
mod parts;
mod queue;
mod random;
mod relaxed;
mod search;
mod several;
mod supply;
mod training;
mod yielding;

pub(crate) use groups::lost_in_parts;
pub(crate) use large::{large, search_large_first};
pub(crate) use parts::{improve, improve_small};
pub(crate) use relaxed::{Relaxed, States, relax, relax_nearer, relax_roughly};
pub(crate) use search::{SHORT, SHORT_BESIDE_RUNS, THOROUGH, WHOLE, search_again, search_beside};
pub(crate) use several::{search_several, searches};
pub(crate) use training::with_runs_fixed;
