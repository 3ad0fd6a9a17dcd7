//! Merkle trees over many leaves: a root in logarithmic memory, and proofs of one leaf.
//!
//! The same tree as [`merkle_root`](super::digest::merkle_root): an odd node moves up unchanged.

use super::digest::{Hash, node};
use serde::{Deserialize, Serialize};

/// Takes leaves one by one and gives their root.
#[derive(Debug, Clone, Default)]
pub struct Accumulator {
    /// Roots of whole subtrees, largest first, each with its height.
    peaks: Vec<(u32, Hash)>,
}

impl Accumulator {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, leaf: Hash) {
        let mut top = (0, leaf);
        while let Some((height, left)) = self.peaks.last().copied().filter(|(height, _)| *height == top.0) {
            self.peaks.pop();
            top = (height + 1, node(&left, &top.1));
        }
        self.peaks.push(top);
    }

    /// Root over the leaves so far; all zeros without any.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().map(|(_, hash)| *hash);
        let first = peaks.next().unwrap_or([0; 32]);
        peaks.fold(first, |right, left| node(&left, &right))
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
    let (mut level, mut at, mut path) = (leaves.to_vec(), index, Vec::new());
    while level.len() > 1 {
        if let Some(hash) = level.get(at ^ 1) {
            path.push(Sibling { left: at % 2 == 1, hash: hex::encode(hash) });
        }
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node(left, right),
                odd => odd[0],
            })
            .collect();
        at /= 2;
    }
    path
}

/// The root that a leaf and its siblings lead to; none where a sibling is no hash.
pub fn climb(leaf: Hash, path: &[Sibling]) -> Option<Hash> {
    path.iter().try_fold(leaf, |hash, sibling| {
        let other: Hash = hex::decode(&sibling.hash).ok()?.try_into().ok()?;
        Some(if sibling.left { node(&other, &hash) } else { node(&hash, &other) })
    })
}

#[cfg(test)]
mod tests {
    use super::super::digest::{leaf, merkle_root};
    use super::*;

    #[test]
    fn every_leaf_of_every_small_tree_leads_to_its_root() {
        for n in 1..70_u32 {
            let leaves: Vec<Hash> = (0..n).map(|i| leaf(&i.to_be_bytes())).collect();
            let mut accumulator = Accumulator::new();
            leaves.iter().for_each(|leaf| accumulator.push(*leaf));
            let root = merkle_root(&leaves);
            assert_eq!(accumulator.root(), root, "{n}");
            for (index, leaf) in leaves.iter().enumerate() {
                assert_eq!(climb(*leaf, &path(&leaves, index)), Some(root), "{index} of {n}");
            }
        }
    }
}
