//! SHA-256 of files, and the Merkle tree over a pack.
//!
//! `leaf = H(0x00 || bytes)`, `node = H(0x01 || left || right)`; an odd node moves up unchanged.

use serde::Serialize;
use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Bytes as packs write them, two lower-case digits each: other spellings of the same are none.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let canonical = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if canonical { hex::decode(text).ok()?.try_into().ok() } else { None }
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(bytes).finalize().into()
}

/// The JSON that digests are made of: no spaces, fields as they are declared, so that equal values have equal bytes.
///
/// # Errors
/// A value that JSON cannot hold, such as a map with keys that are no text.
pub fn canonical_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(value)
}

/// Leaf over parts, as if they were one.
pub fn leaf_of(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new_with_prefix([0]);
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root over the leaves in their order.
pub fn merkle_root(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        let above = |pair: &[Hash]| if let [left, right] = pair { node(left, right) } else { pair[0] };
        level = level.chunks(2).map(above).collect();
    }
    level.first().copied().unwrap_or([0; 32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_one_spelling() {
        assert_eq!(from_hex::<2>("00ff"), Some([0, 255]));
        for other in ["00FF", "00fF", "0ff", "00ff0", "", "0x0f", " 00ff", "\u{ff10}0ff"] {
            assert_eq!(from_hex::<2>(other), None, "{other}");
        }
    }
}
