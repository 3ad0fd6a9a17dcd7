//! Places in lists, each of one kind of list. Lists and slices take them as they take `usize`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in a list of one kind of thing.
pub trait Index: Copy + Ord {
    fn new(at: usize) -> Self;

    fn get(self) -> usize;

    /// All places of a list, in order.
    fn all<T>(list: &[T]) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone + use<Self, T> {
        (0..list.len()).map(Self::new)
    }

    /// All members of a list with their places, in order.
    fn each<T>(list: &[T]) -> impl DoubleEndedIterator<Item = (Self, &T)> + ExactSizeIterator + Clone {
        list.iter().enumerate().map(|(at, member)| (Self::new(at), member))
    }

    /// Where the first member stands that is as asked.
    fn find<T>(list: &[T], wanted: impl FnMut(&T) -> bool) -> Option<Self> {
        list.iter().position(wanted).map(Self::new)
    }
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(usize);

        impl Index for $name {
            fn new(at: usize) -> Self {
                Self(at)
            }

            fn get(self) -> usize {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl<T> std::ops::Index<$name> for [T] {
            type Output = T;

            fn index(&self, at: $name) -> &T {
                &self[at.0]
            }
        }

        impl<T> std::ops::IndexMut<$name> for [T] {
            fn index_mut(&mut self, at: $name) -> &mut T {
                &mut self[at.0]
            }
        }

        impl<T> std::ops::Index<$name> for Vec<T> {
            type Output = T;

            fn index(&self, at: $name) -> &T {
                &self[at.0]
            }
        }

        impl<T> std::ops::IndexMut<$name> for Vec<T> {
            fn index_mut(&mut self, at: $name) -> &mut T {
                &mut self[at.0]
            }
        }
    )+};
}

index! {
    /// A site among the sites of a portfolio, a problem or a period's books.
    SiteIndex
    /// A boundary among the boundaries.
    BoundaryIndex
    /// A contract among the contracts.
    ContractIndex
    /// An instrument among the instruments of a period's books.
    InstrumentIndex
    /// A storage among the storage.
    StorageIndex
    /// A pool among the pools.
    PoolIndex
    /// An account among the accounts.
    AccountIndex
    /// An item of open work among all that a plan is made for, whatever a problem makes of it.
    ItemIndex
    /// A piece of divisible work among the pieces of a problem.
    WorkIndex
    /// A job, or an array of jobs alike, among the jobs of a problem.
    JobIndex
    /// A training run among the runs of a problem.
    RunIndex
}
