//! Ed25519 over a pack's Merkle root.
//!
//! Keys are one line of text: `ed25519:` and 64 hex digits, the secret one `ed25519-secret:` and 64.

use crate::digest::{Hash, from_hex};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// What is signed is never only a hash: a signature made for another purpose cannot be passed off as one of a pack.
const DOMAIN: &[u8] = b"hourmatch pack 2\0";
const PUBLIC: &str = "ed25519:";
const SECRET: &str = "ed25519-secret:";

#[derive(Debug, Error, PartialEq, Eq)]
pub enum SignError {
    #[error("is not a public key: `{PUBLIC}` and 64 hex digits")]
    NotAPublicKey,
    #[error("is not a secret key: `{SECRET}` and 64 hex digits")]
    NotASecretKey,
    #[error("the signature does not hold")]
    DoesNotHold,
}

fn bytes(text: &str, prefix: &str) -> Option<[u8; 32]> {
    hex::decode(text.trim().strip_prefix(prefix)?).ok()?.try_into().ok()
}

fn message(root: &Hash) -> Vec<u8> {
    [DOMAIN, root].concat()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    pub fn parse(text: &str) -> Result<Self, SignError> {
        let bytes = bytes(text, PUBLIC).ok_or(SignError::NotAPublicKey)?;
        VerifyingKey::from_bytes(&bytes).map(Self).map_err(|_| SignError::NotAPublicKey)
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{PUBLIC}{}", hex::encode(self.0.to_bytes()))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let key = Self::parse(&text).map_err(serde::de::Error::custom)?;
        // People may write a key in capitals; packs and proofs have one spelling of it.
        if key.to_string() == text { Ok(key) } else { Err(serde::de::Error::custom(SignError::NotAPublicKey)) }
    }
}

/// Never printed by `Debug`.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey of {}", self.public())
    }
}

impl SecretKey {
    /// From 32 random bytes, which the caller has to come by.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    pub fn parse(text: &str) -> Result<Self, SignError> {
        bytes(text, SECRET).map(Self::from_bytes).ok_or(SignError::NotASecretKey)
    }

    pub fn to_text(&self) -> String {
        format!("{SECRET}{}\n", hex::encode(self.0.to_bytes()))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Deterministic: the same key and root give the same signature.
    pub fn sign(&self, root: &Hash) -> Signature {
        Signature { key: self.public(), signature: hex::encode(self.0.sign(&message(root)).to_bytes()) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub key: PublicKey,
    pub signature: String,
}

impl Signature {
    pub fn check(&self, root: &Hash) -> Result<(), SignError> {
        let bytes: [u8; 64] = from_hex(&self.signature).ok_or(SignError::DoesNotHold)?;
        let signature = ed25519_dalek::Signature::from_bytes(&bytes);
        self.key.0.verify_strict(&message(root), &signature).map_err(|_| SignError::DoesNotHold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_key_and_root_only() {
        let secret = SecretKey::from_bytes([7; 32]);
        let signature = secret.sign(&[1; 32]);
        assert_eq!(signature.check(&[1; 32]), Ok(()));
        assert_eq!(signature.check(&[2; 32]), Err(SignError::DoesNotHold));
        let other = Signature { key: SecretKey::from_bytes([8; 32]).public(), ..signature.clone() };
        assert_eq!(other.check(&[1; 32]), Err(SignError::DoesNotHold));
        let loud = Signature { signature: signature.signature.to_uppercase(), ..signature.clone() };
        assert_eq!(loud.check(&[1; 32]), Err(SignError::DoesNotHold), "one spelling");
        let key = secret.public().to_string();
        let capital = key.to_uppercase().replace("ED25519", "ed25519");
        assert_eq!(PublicKey::parse(&capital), Ok(secret.public()), "as people may type it");
        let read = |text: &str| serde_json::from_value::<PublicKey>(serde_json::Value::from(text)).ok();
        assert_eq!([read(&key), read(&capital), read(&format!("{key} "))], [Some(secret.public()), None, None]);
        assert_eq!(SecretKey::parse(&secret.to_text()).map(|s| s.public()), Ok(secret.public()));
        assert_eq!(PublicKey::parse(&secret.public().to_string()), Ok(secret.public()));
        assert!(!format!("{secret:?}").contains(&hex::encode([7; 32])));
        for bad in ["", "ed25519:00", "ed25519-secret:zz", &secret.to_text()[8..]] {
            assert!(PublicKey::parse(bad).is_err() && SecretKey::parse(bad).is_err(), "{bad}");
        }
    }
}
