//! What things are called, by name and by place in a list, so that a site is never taken for a boundary.
//!
//! An id is the name a portfolio or an owner gave; whoever reads it from outside checks it there. An index is a place in the
//! list of all sites, all boundaries and so on, of one document or one problem.

mod id;
mod index;

pub use id::{AccountId, BoundaryId, ContractId, EventId, InstrumentId, LimitId, PoolId, SiteId, StorageId, WorkId};
pub use index::{
    AccountIndex, BoundaryIndex, ContractIndex, Index, InstrumentIndex, ItemIndex, JobIndex, PoolIndex, RunIndex,
    SiteIndex, StorageIndex, WorkIndex,
};
