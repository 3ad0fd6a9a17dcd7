//! Time-stamps of a pack's root by RFC 3161: the query an authority answers, and the check of its answer.
//!
//! The root is a SHA-256 value and stands in the query as the imprint itself, so that `openssl ts -verify -digest ROOT`
//! checks the same answer. A stamp says that the root existed at a time; it is no part of what it stamps.

mod element;
mod token;
mod trust;

pub use element::StampError;

use crate::digest::Hash;
use crate::time::Instant;
use element::Element;
use serde::Serialize;
use token::Token;

/// A stamp that holds: when the root existed by an authority's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// When the authority says it saw the root; fractions of seconds are cut.
    pub at: Instant,
    /// Subject of the certificate it is signed with.
    pub authority: String,
    /// Whether that certificate leads to an authority that the reader trusts.
    pub chained: bool,
}

/// Where a stamp lies beside what it stamps; no longer than `LARGEST` bytes.
pub const PATH: &str = "timestamp.tsr";
pub const LARGEST: u64 = 64 << 10;

/// `sha256`, as an object identifier's content.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// The query for a root: SHA-256, no nonce, the authority's certificate wanted. The same root is the same bytes.
pub fn query(root: &Hash) -> Vec<u8> {
    let algorithm = sequence(&[element(0x06, SHA256), element(0x05, &[])]);
    let imprint = sequence(&[algorithm, element(0x04, root)]);
    sequence(&[element(0x02, &[1]), imprint, element(0x01, &[0xff])])
}

/// A short element; everything in a query is shorter than 128 bytes.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag, content.len() as u8];
    bytes.extend_from_slice(content);
    bytes
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// Checks an authority's answer against a root. `authorities` are certificates the reader trusts, PEM or DER; without
/// them the signature is checked, and whose it is remains what its certificate says.
///
/// # Errors
/// An answer that is none, of another root, with a signature or a chain that does not hold.
pub fn check(answer: &[u8], root: &Hash, authorities: Option<&[u8]>) -> Result<Stamp, StampError> {
    let answer = Element::whole(answer)?;
    let parts = answer.children()?;
    let status = parts.first().ok_or(StampError::Malformed("it is empty"))?;
    granted(*status)?;
    let content = parts.get(1).ok_or(StampError::Malformed("it has no token"))?;
    let token = Token::read(*content)?;
    if (token.imprint_algorithm, token.imprint) != (SHA256, root.as_slice()) {
        return Err(StampError::OtherRoot { found: hex::encode(token.imprint) });
    }
    let signer = trust::signer(&token)?;
    let chained = authorities.map(|authorities| trust::chain(&token, signer, authorities)).transpose()?.is_some();
    Ok(Stamp { at: token.at, authority: trust::subject(signer), chained })
}

/// `PKIStatusInfo`: 0 granted, 1 granted with modifications.
fn granted(status: Element<'_>) -> Result<(), StampError> {
    let parts = status.children()?;
    let code = parts.first().and_then(|e| e.small_integer()).ok_or(StampError::Malformed("it has no status"))?;
    if code == 0 || code == 1 {
        return Ok(());
    }
    let texts = parts.iter().filter(|e| e.tag == 0x30).flat_map(|e| e.children().unwrap_or_default());
    let message: String = texts.map(|e| format!(": {}", String::from_utf8_lossy(e.content))).collect();
    Err(StampError::Refused { status: code, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_what_openssl_makes_of_the_root() {
        // openssl ts -query -digest 00..1f -sha256 -no_nonce -cert
        let root: Hash = std::array::from_fn(|i| i as u8);
        let expected = "30390201013031300d060960864801650304020105000420\
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0101ff";
        assert_eq!(hex::encode(query(&root)), expected);
    }

    #[test]
    fn what_is_no_answer_is_refused_without_a_panic() {
        let root: Hash = [0; 32];
        for bytes in [&b""[..], b"\x30", b"\x30\x00", b"\x30\x03\x30\x01\x02", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]] {
            assert!(matches!(check(bytes, &root, None), Err(StampError::Malformed(_))), "{bytes:?}");
        }
        // Status 2, rejection, and why.
        let refused = sequence(&[sequence(&[element(0x02, &[2]), sequence(&[element(0x0c, b"busy")])])]);
        let error = check(&refused, &root, None).expect_err("refused").to_string();
        assert_eq!(error, "the authority gave no time-stamp (status 2: busy)");
    }
}
