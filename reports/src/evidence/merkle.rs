//! Merkle trees over many leaves: a root in logarithmic memory, and proofs of one leaf.
//!
//! The same tree as [`merkle_root`](crate::digest::merkle_root): an odd node moves up unchanged.

use crate::digest::{Hash, from_hex, node};
use serde::{Deserialize, Serialize};

/// Takes leaves one by one and gives their root, and the way there from one leaf that is watched.
#[derive(Debug, Clone, Default)]
pub struct Accumulator {
    /// Roots of whole subtrees, largest first.
    peaks: Vec<Peak>,
    /// Siblings met so far on the way up from the watched leaf.
    path: Vec<Sibling>,
}

#[derive(Debug, Clone, Copy)]
struct Peak {
    height: u32,
    hash: Hash,
    /// The watched leaf is below it.
    watched: bool,
}

impl Peak {
    fn join(left: Self, right: Self, path: &mut Vec<Sibling>) -> Self {
        if left.watched {
            path.push(Sibling { left: false, hash: hex::encode(right.hash) });
        } else if right.watched {
            path.push(Sibling { left: true, hash: hex::encode(left.hash) });
        }
        let hash = node(&left.hash, &right.hash);
        Self { height: left.height + 1, hash, watched: left.watched || right.watched }
    }
}

impl Accumulator {
    pub fn push(&mut self, leaf: Hash) {
        self.add(Peak { height: 0, hash: leaf, watched: false });
    }

    /// Takes a leaf whose way to the root is asked for; the last one watched counts.
    pub fn push_watched(&mut self, leaf: Hash) {
        self.path.clear();
        self.peaks.iter_mut().for_each(|peak| peak.watched = false);
        self.add(Peak { height: 0, hash: leaf, watched: true });
    }

    fn add(&mut self, mut top: Peak) {
        while let Some(left) = self.peaks.last().copied().filter(|left| left.height == top.height) {
            self.peaks.pop();
            top = Peak::join(left, top, &mut self.path);
        }
        self.peaks.push(top);
    }

    /// Root over the leaves so far; all zeros without any.
    pub fn root(&self) -> Hash {
        self.root_and_path().0
    }

    /// The root, and the siblings of the watched leaf from the bottom up.
    pub fn root_and_path(&self) -> (Hash, Vec<Sibling>) {
        let mut path = self.path.clone();
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return ([0; 32], path) };
        let top = peaks.fold(last, |right, left| Peak::join(left, right, &mut path));
        (top.hash, path)
    }
}

/// One step on the way from a leaf to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sibling {
    /// The sibling stands to the left.
    pub left: bool,
    pub hash: String,
}

/// Siblings of a leaf, from the bottom up.
pub fn path(leaves: &[Hash], index: usize) -> Vec<Sibling> {
    let mut tree = Accumulator::default();
    let peaks = leaves.iter().enumerate().map(|(at, leaf)| Peak { height: 0, hash: *leaf, watched: at == index });
    peaks.for_each(|leaf| tree.add(leaf));
    tree.root_and_path().1
}

/// The root that a leaf and its siblings lead to; none where a sibling is no hash.
pub fn climb(leaf: Hash, path: &[Sibling]) -> Option<Hash> {
    path.iter().try_fold(leaf, |hash, sibling| {
        let other: Hash = from_hex(&sibling.hash)?;
        Some(if sibling.left { node(&other, &hash) } else { node(&hash, &other) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{leaf, merkle_root};

    #[test]
    fn every_leaf_of_every_small_tree_leads_to_its_root() {
        for n in 1..70_u32 {
            let leaves: Vec<Hash> = (0..n).map(|i| leaf(&i.to_be_bytes())).collect();
            let mut accumulator = Accumulator::default();
            leaves.iter().for_each(|leaf| accumulator.push(*leaf));
            let root = merkle_root(&leaves);
            assert_eq!(accumulator.root_and_path(), (root, Vec::new()), "{n}");
            for (index, leaf) in leaves.iter().enumerate() {
                let path = path(&leaves, index);
                assert_eq!(climb(*leaf, &path), Some(root), "{index} of {n}");
                assert!(path.len() <= 7, "{index} of {n}: {} siblings", path.len());
            }
        }
    }

    #[test]
    fn the_last_leaf_watched_counts() {
        let leaves: Vec<Hash> = (0..11_u32).map(|i| leaf(&i.to_be_bytes())).collect();
        let mut tree = Accumulator::default();
        leaves.iter().for_each(|leaf| tree.push_watched(*leaf));
        let (root, way) = tree.root_and_path();
        assert_eq!((climb(leaves[10], &way), root), (Some(root), merkle_root(&leaves)));
    }
}
