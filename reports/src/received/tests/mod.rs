//! Who takes rows in tests of the sources.

pub(crate) mod seen;
pub(crate) mod taken;
pub(crate) mod trial;
